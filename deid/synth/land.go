package synth

import (
	"fmt"
	"strings"

	"chaperone/reference"
)

// land is a country with its towns and the shape of its addresses and numbers.
type land struct {
	code    string
	towns   []string // "Town|Region|postal pattern", # a digit, A a letter
	streets []string
	kinds   []string // of streets
	mobile  []string // patterns of ranges that are kept free for fiction, see phone
	phone   []string
	units   []string // 9 a digit
	door    string   // how an address is written: %k the kind, %s the street, %n the number; empty: number, street, kind
}

var lands = []land{
	{
		code: "US", towns: strings.Split(townsUS, "\n"),
		streets: strings.Split("Maple,Oak,Elm,Cedar Ridge,Sunset,Martin Luther King Jr,Washington,2nd,5th,42nd,N 12th,Country Club,Old Mill,River,SW Barbur,W Lincoln,Lakeview,Chestnut,Hawthorne,Peachtree,County Line,Pine Hollow,Magnolia,E Broadway,Jefferson Davis,Quail Run,Stonebridge,Willow Creek,Camino Real,El Dorado", ","),
		kinds:   strings.Split("Street,St,Avenue,Ave,Road,Rd,Drive,Dr.,Lane,Ln,Blvd,Court,Way,Place,Circle,Terrace,Pkwy", ","),
		mobile:  []string{"(%A) 555-01%2", "%A-555-01%2", "%A.555.01%2", "+1 %A 555 01%2"},
		phone:   []string{"(%A) 555-01%2", "%A-555-01%2"},
		units:   strings.Split("Apt 9,Apt 99A,Unit 9,#99,Suite 999,Apartment 99", ","),
	},
	{
		code: "CA", towns: strings.Split(townsCA, "\n"),
		streets: strings.Split("Bloor,Yonge,King,Dundas,Granville,Jasper,Portage,Main,Lakeshore,Queen,Barrington,Water,Victoria,Elgin,Rideau,Marine,Whyte,St. Clair,Duckworth,Kingsway", ","),
		kinds:   strings.Split("Street,St W,Avenue,Ave NW,Road,Drive,Crescent,Blvd,Way,Court", ","),
		mobile:  []string{"(%A) 555-01%2", "%A-555-01%2", "%A 555-01%2"},
		phone:   []string{"(%A) 555-01%2", "%A-555-01%2"},
		units:   strings.Split("Apt 9,Unit 99,Suite 999,#999", ","),
	},
	{
		code: "GB", towns: strings.Split(townsGB, "\n"),
		streets: strings.Split("High,Church,Station,Victoria,Green,Mill,Park,London,Albert,Windsor,Kings,Chapel,Manor,Springfield,The Grove,Meadow", ","),
		kinds:   strings.Split("Street,Road,Lane,Close,Avenue,Gardens,Terrace,Crescent,Drive,Mews", ","),
		mobile:  []string{"07700 900%3", "07700900%3", "+44 7700 900%3"},
		phone:   []string{"01632 960%3", "020 7946 0%3", "0161 496 0%3"},
		units:   strings.Split("Flat 9,Flat 9A", ","),
	},
	{
		code: "AU", towns: strings.Split(townsAU, "\n"),
		streets: strings.Split("George,Collins,Bourke,Pitt,Hindley,Murray,Wattle,Banksia,Railway,Beach,Queen,Flinders", ","),
		kinds:   strings.Split("Street,St,Road,Rd,Parade,Avenue,Crescent,Drive,Court", ","),
		mobile:  []string{"0491 570 15%1", "0491 570 737"},
		phone:   []string{"(02) 5550 %4", "(03) 7010 %4", "08 5550 %4"},
		units:   strings.Split("Unit 9,Unit 99", ","),
	},
	{
		code: "NZ", towns: strings.Split(townsNZ, "\n"),
		streets: strings.Split("Queen,Cuba,Colombo,Ponsonby,Great North,Devon,Victoria,Tui,Rimu,Kowhai", ","),
		kinds:   strings.Split("Street,Road,Terrace,Drive,Place,Avenue", ","),
		mobile:  []string{"021 555 0%3", "027 555 0%3"},
		phone:   []string{"09 555 0%3", "(04) 555 0%3"},
		units:   strings.Split("Flat 9,Unit 9", ","),
	},
	{
		code: "FR", towns: strings.Split(townsFR, "\n"),
		streets: strings.Split("de la République,Victor-Hugo,des Lilas,du Moulin,de l'Église,Pasteur,du Général-de-Gaulle,des Écoles,Jean-Jaurès,de la Gare,Gambetta,du Faubourg-Saint-Antoine,Saint-Jacques,des Tilleuls,du 11-Novembre,Émile-Zola", ","),
		kinds:   strings.Split("rue,avenue,boulevard,chemin,impasse,place,allée,quai", ","),
		mobile:  []string{"06 39 98 %2 %2", "0639 98%2%2", "06.39.98.%2.%2"},
		phone:   []string{"01 99 00 %2 %2", "02.61.91.%2.%2", "+33 3 53 01 %2 %2"},
		units:   strings.Split("bât. B,appt 99,Bât 9", ","),
	},
	{
		code: "QC", towns: strings.Split(townsQC, "\n"),
		streets: strings.Split("Principale,Saint-Denis,Sainte-Catherine,des Érables,du Collège,de l'Église,Notre-Dame,Laurier,Cartier,du Lac,des Pins,Papineau,de la Montagne,Saint-Louis,King,Main", ","),
		kinds:   strings.Split("rue,avenue,av.,boulevard,boul.,chemin,ch.,rang,place,montée", ","),
		mobile:  []string{"%A 555-01%2", "%A-555-01%2", "(%A) 555-01%2"},
		phone:   []string{"%A 555-01%2", "%A-555-01%2"},
		units:   strings.Split("app. 9,app. 99,bureau 999", ","),
		door:    "%n, %k %s",
	},
	{
		code: "BE", towns: strings.Split(townsBE, "\n"),
		streets: strings.Split("de la Loi,de la Station,du Bois,Saint-Lambert,des Combattants,Reine-Astrid,de Bruxelles,du Pont,Royale,des Carmes,de Philippeville", ","),
		kinds:   strings.Split("rue,avenue,chaussée,place,boulevard,clos,quai", ","),
		mobile:  []string{"0470 00 %2 %2", "+32 470 00 %2 %2"},
		phone:   []string{"04 000 %2 %2", "081/00.%2.%2"},
		units:   strings.Split("bte 9", ","),
		door:    "%k %s %n",
	},
	{
		code: "CH", towns: strings.Split(townsCH, "\n"),
		streets: strings.Split("du Lac,de la Gare,du Marché,des Alpes,de Lausanne,du Rhône,des Vignes,Saint-Martin,du Simplon,de Montchoisi", ","),
		kinds:   strings.Split("rue,avenue,chemin,route,place,ruelle,quai", ","),
		mobile:  []string{"079 000 %2 %2", "+41 79 000 %2 %2"},
		phone:   []string{"021 000 %2 %2", "022 000 %2 %2"},
		units:   strings.Split("app. 9", ","),
		door:    "%k %s %n",
	},
	{
		code: "ES", towns: strings.Split(townsES, "\n"),
		streets: strings.Split("Mayor,Real,del Carmen,de la Constitución,San Juan,Cervantes,de Andalucía,del Sol,Colón,de la Paz,Gran Vía,Ramón y Cajal,de los Olmos", ","),
		kinds:   strings.Split("calle,C/,avenida,Avda.,plaza,paseo,camino,ronda", ","),
		mobile:  []string{"600 000 %3", "600 00 0%1 %2", "+34 600 000 %3"},
		phone:   []string{"910 000 %3", "930 00 0%1 %2"},
		units:   strings.Split("9º B,bajo A", ","),
		door:    "%k %s, %n",
	},
	{
		code: "MX", towns: strings.Split(townsMX, "\n"),
		streets: strings.Split("Hidalgo,Juárez,Morelos,5 de Mayo,Independencia,Benito Juárez,Zaragoza,Insurgentes,de las Flores,Revolución,16 de Septiembre,Lázaro Cárdenas", ","),
		kinds:   strings.Split("Calle,Av.,Avenida,Calzada,Privada,Blvd.,Cerrada,Andador", ","),
		mobile:  []string{"55 0000 %4", "(33) 0000 %4", "+52 55 0000 %4"},
		phone:   []string{"55 0000 %4", "81 0000 %4"},
		units:   strings.Split("Int. 9,Depto. 99", ","),
		door:    "%k %s %n",
	},
}

func landOf(code string) *land {
	for i := range lands {
		if lands[i].code == code {
			return &lands[i]
		}
	}
	return nil
}

// address draws where somebody lives.
func (w *World) address(l *land) Address {
	d := &w.dice
	part := strings.Split(d.pick(l.towns), "|")
	a := Address{Town: part[0], Region: part[1], Postal: d.fill(part[2], '#')}
	if len(w.towns) > 0 && d.in(1, 2) {
		a.Town = d.pick(w.towns)
	}
	number := d.between(1, 9899)
	if l.code != "US" && l.code != "CA" {
		number = d.between(1, 240)
	}
	if l.door != "" {
		a.Street = strings.NewReplacer("%k", d.pick(l.kinds), "%s", d.pick(l.streets), "%n", fmt.Sprint(number)).Replace(l.door)
		return a
	}
	if l.code == "FR" || l.code == "CA" && a.Region == "QC" {
		fr := landOf("FR")
		a.Street = fmt.Sprintf("%d%s %s %s", number, d.pick([]string{"", "", "", " bis", ","}), d.pick(fr.kinds), d.pick(fr.streets))
		return a
	}
	a.Street = fmt.Sprintf("%d %s %s", number, d.pick(l.streets), d.pick(l.kinds))
	if d.in(1, 4) {
		unit := d.fill(d.pick(l.units), '9')
		if l.code == "GB" || l.code == "AU" {
			a.Street = unit + ", " + a.Street
		} else {
			a.Street += d.pick([]string{", ", " "}) + unit
		}
	}
	return a
}

func (w *World) contact(l *land, p Person) Contact {
	d := &w.dice
	return Contact{w.phone(l.phone), w.phone(l.mobile), w.email(d, p)}
}

// phone fills a pattern: %A an area code, %1 to %4 that many digits.
func (w *World) phone(patterns []string) string {
	d := &w.dice
	s := d.pick(patterns)
	s = strings.ReplaceAll(s, "%A", fmt.Sprintf("%d%02d", d.between(2, 9), d.between(1, 89)))
	for n := 1; n <= 4; n++ {
		for strings.Contains(s, fmt.Sprintf("%%%d", n)) {
			s = strings.Replace(s, fmt.Sprintf("%%%d", n), d.fill(strings.Repeat("9", n), '9'), 1)
		}
	}
	return s
}

func (w *World) email(d *dice, p Person) string {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, reference.Fold(s))
	}
	given, family := plain(p.Given), plain(p.Family)
	domain := d.pick([]string{"example.com", "example.org", "example.net", "mail.example.com", "clinic.example.org"})
	if given == "" || family == "" {
		return "contact" + d.digits(3) + "@" + domain
	}
	switch d.n(5) {
	case 0:
		return given + "." + family + "@" + domain
	case 1:
		return given[:1] + family + fmt.Sprint(p.Born.Year()) + "@" + domain
	case 2:
		return family + given[:1] + d.digits(2) + "@" + domain
	case 3:
		return given + "_" + family + "@" + domain
	}
	return given + d.digits(3) + "@" + domain
}
