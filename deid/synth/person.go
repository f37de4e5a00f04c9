package synth

import (
	"strings"
	"time"
)

// Person is somebody who never lived. Mark says so and is never empty.
type Person struct {
	Mark    string
	Origin  string
	Country string // US, CA, GB, AU, NZ, FR, BE, CH, ES, MX; QC is where Canada speaks French
	Given   string
	Middle  string // may be empty
	Family  string
	Nick    string // may be empty
	Female  bool
	Born    time.Time // the day, UTC
	Home    Address
	Contact Contact
}

// Address is a place to live or to work at.
type Address struct {
	Street string // house number and street, with a unit at times
	Town   string
	Region string // state or province; empty where addresses have none
	Postal string
}

// Contact is how a person is reached.
type Contact struct {
	Phone  string
	Mobile string
	Email  string
}

// Person makes somebody of any origin of the world's, living in the given
// country; an empty or unknown country is drawn.
func (w *World) Person(country string) Person {
	return w.personOf(w.origins[w.dice.n(len(w.origins))], country)
}

func (w *World) personOf(o *origin, country string) Person {
	d := &w.dice
	land := landOf(country)
	if land == nil {
		land = &lands[[]int{0, 0, 0, 1, 1, 2, 3, 4, 5}[d.n(9)]]
	}
	p := Person{Mark: Mark, Origin: o.name, Country: land.code, Female: d.in(1, 2)}
	given := o.male
	if p.Female {
		given = o.female
	}
	p.Given, p.Family = d.pick(given), d.pick(o.family)
	switch d.n(6) {
	case 0:
		p.Middle = d.pick(given)
	case 1:
		p.Middle = string(rune('A'+d.n(26))) + "."
	}
	if d.in(1, 12) && !strings.ContainsAny(p.Family, " -") {
		p.Family += "-" + d.pick(o.family)
	}
	w.vary(&p, given)
	p.Nick = nicks[p.Given]
	p.Born = time.Date(2024-d.between(0, 97), time.Month(1+d.n(12)), 1+d.n(28), 0, 0, 0, 0, time.UTC)
	p.Home = w.address(land)
	p.Contact = w.contact(land, p)
	return p
}

// vary gives some people two given names, or a particle before the family's.
func (w *World) vary(p *Person, given []string) {
	d := &w.dice
	switch d.n(40) {
	case 0:
		p.Given += "-" + d.pick(given)
	case 1:
		p.Given += " " + d.pick(given)
	case 2:
		p.Family = d.pick(strings.Split("van,van der,von,de,de la,del,da,dos,di,du,le,La,El,Ben,Ibn,Bin,St.,Ter,ten,Mac,Ní,Ó,Te", ",")) + " " + p.Family
	case 3:
		p.Family = d.pick(strings.Split("O',D',Al-,El-,Mc,Mac,Le,De,La,Di,Van,Fitz", ",")) + p.Family
	}
}

// age is how old the person is in 2025.
func (p Person) age() int { return 2025 - p.Born.Year() }

// nicks are the short forms by which people go.
var nicks = map[string]string{
	"James": "Jim", "Robert": "Bob", "William": "Bill", "Richard": "Dick", "Thomas": "Tom", "Charles": "Chuck", "Daniel": "Danny",
	"Matthew": "Matt", "Anthony": "Tony", "Michael": "Mike", "Steven": "Steve", "Andrew": "Andy", "Kenneth": "Ken", "Timothy": "Tim",
	"Jeffrey": "Jeff", "Nicholas": "Nick", "Stephen": "Steve", "Jonathan": "Jon", "Gregory": "Greg", "Samuel": "Sam", "Patrick": "Pat",
	"Walter": "Walt", "Harold": "Hal", "Douglas": "Doug", "Henry": "Hank", "Albert": "Al", "Eugene": "Gene", "Leroy": "Lee",
	"Patricia": "Patty", "Jennifer": "Jen", "Elizabeth": "Betsy", "Barbara": "Barb", "Susan": "Sue", "Margaret": "Peggy",
	"Dorothy": "Dot", "Kimberly": "Kim", "Michelle": "Shelly", "Deborah": "Debbie", "Rebecca": "Becky", "Kathleen": "Kathy",
	"Pamela": "Pam", "Katherine": "Kate", "Catherine": "Cathy", "Christine": "Chris", "Judith": "Judy", "Virginia": "Ginny",
	"Francisco": "Paco", "José": "Pepe", "Jesús": "Chuy", "Guadalupe": "Lupe", "Dolores": "Lola", "Concepción": "Concha",
	"Mohammed": "Mo", "Harpreet": "Harry", "Giuseppe": "Joe", "Krzysztof": "Kris", "Dmitri": "Dima", "Natalia": "Natasha",
}
