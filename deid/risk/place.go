package risk

import (
	"slices"
	"strings"

	"chaperone/reference"
)

// How many people live in places that no list counts one by one.
const (
	inZIP        = 10_000  // 331 million people in some 33,000 five-digit areas
	inZIP3       = 370_000 // in some 890 three-digit areas
	inSmallZIP3  = 20_000  // at most, in a restricted one
	inFSA        = 22_000  // 37 million people in some 1,650 forward sortation areas
	inPostalCode = 45      // in some 850,000 full Canadian postal codes
	inCounty     = 26_000  // the median US county of Census 2020
	inVillage    = 1_000   // at most, in a place that the list of towns lacks
	ofHospital   = 55_000  // 331 million people and some 6,100 hospitals
	aroundTown   = 5       // times the people of the town itself, where the text says "area"
)

// place is somewhere that the person lives, or is treated.
type place struct {
	words  string // "in Boston"
	people float64
	fine   bool // smaller than a state or province
}

// findPlaces takes every place in the text. The smallest will count.
func (p *portrait) findPlaces() {
	for i := 0; i < len(p.words); i++ {
		if !p.signed(i, capital|digit|ofRural) {
			continue
		}
		n := p.institution(i)
		if n == 0 {
			n = p.area(i)
		}
		if n == 0 {
			n = p.town(i)
		}
		if n == 0 {
			n = p.postal(i)
		}
		p.rural = p.rural || p.ruralAt(i)
		i += max(n, 1) - 1
	}
}

// title joins the folded words from i on, if each begins with a capital and
// they stand side by side; small words such as "of" may stand inside.
func (p *portrait) title(i, n int) (string, bool) {
	if i+n > len(p.words) {
		return "", false
	}
	if n == 1 {
		return p.folded(i), p.capital(i)
	}
	if !p.capital(i) || !p.capital(i+n-1) {
		return "", false
	}
	var b strings.Builder
	for k := i; k < i+n; k++ {
		if !p.capital(k) && !among(p.folded(k), "of and et du de la le les") {
			return "", false
		}
		if k > i {
			if gap := p.gap(k); !p.glued(k) && gap != ". " && gap != "'" && gap != "’" {
				return "", false
			}
			b.WriteByte(' ')
		}
		b.WriteString(p.folded(k))
	}
	return b.String(), true
}

// area reads a state, a province or a country, and yields how many words it
// takes.
func (p *portrait) area(i int) int {
	if !p.signed(i, ofArea) {
		return 0
	}
	for n := 4; n > 0; n-- {
		name, ok := p.title(i, n)
		if !ok {
			continue
		}
		a, ok := p.judge.people.Area(name)
		if !ok || len(name) < 4 && !p.shouted(i) || p.givenName(i, n, name) {
			continue
		}
		p.addArea(a)
		return n
	}
	return 0
}

// addArea keeps each area once, so that a text of many towns and states is
// still read in time that grows with its length.
func (p *portrait) addArea(a reference.Area) {
	if !slices.Contains(p.areas, a) {
		p.areas = append(p.areas, a)
	}
}

// givenName reports whether the name of a state is that of a person here.
func (p *portrait) givenName(i, n int, name string) bool {
	if !among(name, "virginia georgia washington montana indiana carolina") {
		return false
	}
	return among(p.folded(i-1), "mr mrs ms dr mme miss") ||
		i+n < len(p.words) && p.gap(i+n) == " " && p.capital(i+n) && !p.areaFollows(i+n)
}

func (p *portrait) areaFollows(i int) bool {
	if !p.signed(i, ofArea) {
		return false
	}
	name, ok := p.title(i, 1)
	if !ok {
		return false
	}
	_, ok = p.judge.people.Area(name)
	return ok
}

// town reads a town, or a small place that stands before the name of a state,
// and yields how many words it takes.
func (p *portrait) town(i int) int {
	if !p.mayBeTown(i) {
		return 0
	}
	for n := 3; n > 0; n-- {
		name, ok := p.title(i, n)
		if !ok || among(name, "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday") {
			continue
		}
		if among(p.folded(i+n), counties) && p.capital(i+n) {
			p.places = append(p.places, place{"in one county", inCounty, true})
			return n + 1
		}
		towns := p.judge.people.Towns(name)
		area, abbreviated, after := p.areaAfter(i + n)
		switch {
		case after > 0 && len(towns) == 0 && !abbreviated && n == 1 && !p.opensSentence(i):
			p.places = append(p.places, place{"in a small place of " + area.Name, inVillage, true})
		case after > 0 && (townIn(towns, area.Code) > 0 || !abbreviated && len(towns) > 0):
			p.addTown(i, n, max(townIn(towns, area.Code), inVillage))
		case len(towns) == 0 && after == 0 && n == 1 && p.homeCue(i) && !p.areaFollows(i):
			p.places = append(p.places, place{"in one small place", inVillage, true})
		case len(towns) > 0 && after == 0 && p.namesTown(i, n, towns):
			p.addTown(i, n, 0)
			p.unsure = append(p.unsure, unsureTown{len(p.places) - 1, towns, p.aroundAt(i + n)})
		default:
			continue
		}
		if after > 0 {
			p.addArea(area)
		}
		return n + after
	}
	return 0
}

// mayBeTown reports whether a town or a county may begin at word i: by its name,
// by what may stand before it, or by what may stand behind it.
func (p *portrait) mayBeTown(i int) bool {
	if !p.signed(i, capital) {
		return false
	}
	if p.signed(i, ofTown) || p.signed(i-1, leadsIn) {
		return true
	}
	for k := i + 1; k <= i+3 && k < len(p.words); k++ {
		if p.signed(k, ofCounty|ofArea) || p.capital(k) && len(p.raw(k)) == 2 {
			return true
		}
	}
	return false
}

// everydayTown is how many people a town has at least whose name, an everyday
// word, is still taken for it behind a mere "in".
const everydayTown = 100_000

// abroad are countries and cities of the world that small towns are named
// after; without its state, the name means the large one.
const abroad = "mexico cuba poland brazil peru lebanon jordan norway holland china panama egypt scotland wales england ireland denmark sweden " +
	"russia italy greece turkey israel palestine paris rome athens london moscow cairo vienna dublin berlin geneva madrid lisbon warsaw delhi " +
	"lima milan florence naples venice amsterdam brussels hamburg frankfurt stockholm oslo havana manila shanghai canton bombay damascus"

// namesTown reports whether n words at i, which are the name of towns, name one
// here. Words in capitals, as headings are, do not.
func (p *portrait) namesTown(i, n int, towns []reference.Town) bool {
	switch {
	case p.shouted(i) || p.nameGoesOn(i+n) || n == 1 && among(p.folded(i), abroad):
		return false
	case p.homeCue(i) || p.aroundAt(i+n):
		return true
	case towns[0].Everyday && townIn(towns, "") < everydayTown:
		return false
	}
	return p.placeCue(i)
}

func (p *portrait) opensSentence(i int) bool { return i == 0 || p.sentence(i) }

func (p *portrait) addTown(i, n int, people float64) {
	raw := make([]string, n)
	for k := range raw {
		raw[k] = p.raw(i + k)
	}
	p.places = append(p.places, place{"in " + strings.Join(raw, " "), people, true})
}

// unsureTown is a place whose state may be said elsewhere in the text.
type unsureTown struct {
	place  int
	towns  []reference.Town
	around bool
}

// settleTowns gives each town that stood without its state the people of the
// one in a state that the text names, else of the largest.
func (p *portrait) settleTowns() {
	for _, u := range p.unsure {
		people := 0.0
		for _, a := range p.areas {
			people = max(people, townIn(u.towns, a.Code))
		}
		if people == 0 {
			people = townIn(u.towns, "")
		}
		if u.around {
			people *= aroundTown
			p.places[u.place].words = "in and around" + strings.TrimPrefix(p.places[u.place].words, "in")
		}
		p.places[u.place].people = people
	}
}

// townIn yields the people of the town in that state or country; the largest of
// all for the empty code.
func townIn(towns []reference.Town, code string) float64 {
	people := 0
	for _, t := range towns {
		if strings.HasPrefix(t.Region, code) {
			people = max(people, t.People)
		}
	}
	return float64(people)
}

// areaAfter reads ", Montana" or ", MT" at word i.
func (p *portrait) areaAfter(i int) (a reference.Area, abbreviated bool, n int) {
	if i >= len(p.words) || strings.TrimSpace(p.gap(i)) != "," && p.gap(i) != " (" {
		return a, false, 0
	}
	if w := p.raw(i); len(w) == 2 && p.shouted(i) {
		for _, country := range []string{"US-", "CA-"} {
			if a, ok := p.judge.people.Area(country + w); ok {
				return a, true, 1
			}
		}
	}
	for n := 4; n > 0 && p.signed(i, ofArea); n-- {
		if name, ok := p.title(i, n); ok {
			if a, ok := p.judge.people.Area(name); ok {
				return a, false, n
			}
		}
	}
	return a, false, 0
}

// placeCue reports whether the words before i say that a place follows.
func (p *portrait) placeCue(i int) bool {
	before, twice := p.folded(i-1), p.folded(i-2)
	switch {
	case i > 0 && !together(p.gap(i)):
		return false
	case among(before, "in from near outside around at"):
		return true
	case before == "of":
		return among(twice, "mayor sheriff pastor principal city town resident native north south east west outskirts")
	case before == "to":
		return among(twice, "moved lives relocated returned home traveled")
	case before == "a":
		return p.raw(i-1) == "à"
	case before == "de":
		return among(twice, "maire mairesse ville region resident residente originaire pres banlieue")
	}
	return false
}

// homeCue reports whether the words before i say that somebody lives there.
func (p *portrait) homeCue(i int) bool {
	before, twice := p.folded(i-1), p.folded(i-2)
	switch {
	case i > 0 && !together(p.gap(i)):
		return false
	case before == "in":
		return among(twice, "lives living resides residing lived raised")
	case before == "of":
		return among(twice, "resident mayor native")
	case before == "a":
		return among(twice, "habite habitant demeure demeurant reside residant vit")
	case before == "de":
		return among(twice, "originaire residente resident maire mairesse")
	}
	return false
}

func (p *portrait) aroundAt(i int) bool {
	return among(p.folded(i), "area metro region suburb suburbs vicinity") && p.glued(i)
}

// nameGoesOn reports whether word i goes on with the name: "Jackson Memorial".
func (p *portrait) nameGoesOn(i int) bool {
	return i < len(p.words) && p.gap(i) == " " && p.capital(i) && !p.areaFollows(i) && !among(p.folded(i), "with who area metro")
}

// postal reads US ZIP codes behind a label or a state, and full Canadian codes.
func (p *portrait) postal(i int) int {
	w := p.raw(i)
	if c := w[0]; c > 'Z' || len(w) < 3 || len(w) > 6 || c > '9' && (w[1] < '0' || w[1] > '9') {
		return 0
	}
	before := p.folded(i - 1)
	switch form := shape(w); {
	case form == "99999" && (p.stateBefore(i) || among(before, "zip zipcode") || before == "code" && among(p.folded(i-2), "zip postal")):
		people := float64(inZIP)
		p.places = append(p.places, place{"in one ZIP code", people, true})
	case form == "999" && among(before, "zip3 zip prefix"):
		people := float64(inZIP3)
		if reference.ZIP3(w) == "000" {
			people = inSmallZIP3
		}
		p.places = append(p.places, place{"in one three-digit ZIP area", people, true})
	case form == "A9A" && i+1 < len(p.words) && shape(p.raw(i+1)) == "9A9" && p.glued(i+1):
		p.places = append(p.places, place{"in one postal code", inPostalCode, true})
		return 2
	case form == "A9A9A9":
		p.places = append(p.places, place{"in one postal code", inPostalCode, true})
	case form == "A9A" && among(before, "fsa postal code"):
		p.places = append(p.places, place{"in one postal area", inFSA, true})
	default:
		return 0
	}
	return 1
}

func (p *portrait) stateBefore(i int) bool {
	if i == 0 || len(p.raw(i-1)) != 2 {
		return false
	}
	_, ok := p.judge.people.Area("US-" + p.raw(i-1))
	return ok
}

// shape writes digits as 9 and capitals as A.
func shape(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '9'
		case r >= 'A' && r <= 'Z':
			return 'A'
		}
		return r
	}, s)
}

// ruralAt reports whether word i says that it is outside of towns. Words that are
// not in ruralWords are not looked at.
func (p *portrait) ruralAt(i int) bool {
	if !p.signed(i, ofRural) {
		return false
	}
	switch p.folded(i) {
	case "rural", "rurale":
		return true
	case "remote":
		return among(p.folded(i+1), "area community village part reserve region town northern")
	case "village", "hamlet", "ranch", "reservation":
		return !among(p.folded(i+1), "medical health clinic dressing")
	case "town":
		return p.folded(i-1) == "small"
	case "reserve":
		return among(p.folded(i-1), "indian nation nations the on") && !among(p.folded(i+1), "capacity")
	}
	return false
}

// institution reads "Mercy General Hospital", "Hôpital Saint-Luc", "CHU de X"
// and yields how many words it takes.
func (p *portrait) institution(i int) int {
	if !p.mayBeHouse(i) || p.shouted(i) && len(p.raw(i)) > 5 {
		return 0
	}
	if among(p.folded(i), houses) && i+1 < len(p.words) {
		k := i + 1
		for k < len(p.words) && among(p.folded(k), "de du la le l des") {
			k++
		}
		if k < len(p.words) && p.capital(k) && p.glued(k) {
			p.institutions++
			return k - i + 1
		}
	}
	for n := 2; n <= mostOfHouse; n++ {
		if _, ok := p.title(i, n); !ok {
			return 0
		}
		last := p.folded(i + n - 1)
		if among(last, "hospital clinic hospice") || n > 2 && among(last, "center centre") && among(p.folded(i+n-2), "medical health cancer") {
			if !p.ownName(i, i+n-1) {
				return 0
			}
			p.institutions++
			return n
		}
	}
	return 0
}

// mostOfHouse is how many words the name of an institution has at most.
const mostOfHouse = 5

// mayBeHouse reports whether the name of an institution may begin at word i.
func (p *portrait) mayBeHouse(i int) bool {
	if !p.signed(i, capital) || p.signed(i, ofHouse) {
		return p.signed(i, capital)
	}
	for k := i + 1; k < i+mostOfHouse && k < len(p.words); k++ {
		if p.signed(k, ofKind) {
			return true
		}
	}
	return false
}

// ownName reports whether the words from i to before end say which institution
// it is: one of them is no department and no small word.
func (p *portrait) ownName(i, end int) bool {
	if p.shouted(i) && p.shouted(end) {
		return false // a heading
	}
	for k := i; k < end; k++ {
		if !among(p.folded(k), departments) {
			return true
		}
	}
	return false
}

const departments = "a an and at for from in of on the this to with our your general community university outpatient inpatient medical health " +
	"history emergency day free primary care family internal medicine neurology neurosurgery transplant rheumatology renal rehabilitation " +
	"pulmonary podiatry pediatric pediatrics pain management hematology oncology wound wheelchair vascular urology surgery surgical spine " +
	"cardiology cardiac heart failure dermatology endocrine endocrinology diabetes gastroenterology gi eye ophthalmology ent orthopedic " +
	"orthopaedic orthopedics dental sleep memory headache movement disorders allergy asthma infectious disease hiv std women s mental " +
	"psychiatric psychiatry behavioral children prenatal obstetrics gynecology ob gyn fertility genetics cancer breast geriatric hospice " +
	"anticoagulation coumadin walk urgent follow up va veterans state county regional city local tertiary acute long term teaching"
