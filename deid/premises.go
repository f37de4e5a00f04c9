package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// estates are the words that close the name of a building or an estate where
// a unit's number stands before it.
var estates = wordSet(`House Court Park Estate Centre Center Plaza Building Buildings Mall Arcade Chambers Mews Wharf Quay Towers Tower Mansions Gardens Lodge Ho Hse Bldg Heights Village Square Terrace Point Place Apartments Residence Residences Exchange Works Mill Mills Yard Barracks Complex Campus Precinct Flats`)

// unitKinds open the part of a building somebody has to oneself.
var unitKinds = wordSet(`Unit unit UNIT Shop shop SHOP Suite suite Level LEVEL level Flat flat FLAT Apt apt APT Apartment Ste Villa Townhouse Townhome Lot lot Site Floor Bldg Building Block Studio Penthouse Office Maisonette Factory`)

// lodgeWords open what else lodging takes.
var lodgeWords = wordSet(`Site Comp General NE NW SE SW Plot Door Blk Block House Mile Milepost Private Locked GPO CMB PMB between bed rm room residence lotissement cite hameau hlm immeuble clos zone za zi zac rang`)

// unitOfHouse yields the first token of an address whose house number with its
// apartment stands at token i: "3/27 Banksia Parade", "Shop 2/66 Borilla
// Street", "5/19 lurline st". It yields i where there is none.
func (p *page) unitOfHouse(i int) (first, house int) {
	t := p.at(i)
	if t.kind != digits && t.kind != mixed || t.size() > 4 || !p.is(i+1, '/') || p.at(i+1).gap != gapNone || p.at(i+2).kind != digits && p.at(i+2).kind != mixed || p.at(i+2).gap != gapNone || p.at(i+2).size() > 5 || i > 0 && p.at(i).gap == gapNone {
		return i, i
	}
	first = i
	if unitKinds[p.word(i-1)] && p.near(i) {
		first = i - 1
	}
	return first, i + 2
}

// slashAddress takes such an address. It is asked before dates, because three
// over twenty-seven would be one.
func (p *page) slashAddress(i int) int {
	first, house := p.unitOfHouse(i)
	if house == i {
		return 0
	}
	if p.word(i) == "1" && p.word(house) == "2" || p.word(house) == "4" && p.number(i) < 4 { // 408 1/2 Birch St
		if p.at(i-1).kind != digits || !p.near(i) || !p.streetAhead(house+1) {
			return 0
		}
		first = i - 1
	}
	end := p.roadBehind(house + 1)
	if end == 0 {
		return 0
	}
	return p.unitTail(first, end, 0.92)
}

// roadBehind yields the end of one to four words of a street's name with its
// Street, Road and the like from token j on, 0 if they are none.
func (p *page) roadBehind(j int) int {
	for n, k := 0, j; n < 5; n, k = n+1, k+1 {
		t := p.at(k)
		switch {
		case !p.near(k) || t.gap == gapNone && !p.isAny(k, "'-.") && !p.isAny(k-1, "'-"):
			return 0
		case n > 0 && t.kind == word && t.cue&cueStreet != 0 && t.size() > 1 && p.at(k-1).kind == word && (t.capital() || closesSmall[p.word(k)]):
			for p.cue(k+1, cueStreet) && p.near(k+1) && p.at(k+1).capital() && p.at(k+1).size() > 2 {
				k++
			}
			return k + 1
		case p.isAny(k, "'-.") && n > 0:
		case t.kind != word || t.cue&(cueFunction|cueMonth|cueMeasure|cueYears|cueWeekday) != 0 && n == 0 && !(t.shape == title1 && t.cue&cueYears != 0) || t.entry.Has(clinicalTraits) && !t.capital():
			return 0
		case n == 0 && t.shape == lower1 && t.entry.English() > 0 && t.entry.English() < 3:
			return 0
		}
	}
	return 0
}

// closesSmall are the words for a street that close one in small letters, too.
var closesSmall = wordSet(`street st road rd avenue ave drive dr lane ln parade pde court ct crescent cres close terrace tce place boulevard blvd highway hwy grove parkway circuit esplanade quay`)

// premisesAt takes the part of a named building: "Unit 3, Weir Business Park",
// "Level 4, Merchant Venturers Ho., Welsh Back", "House 41, Cedar Point Loop".
func (p *page) premisesAt(i int) int {
	if w := p.word(i); !unitKinds[w] && w != "House" && w != "Mile" && w != "Milepost" || !p.at(i).capital() || p.caps {
		return 0
	}
	j := i + 1
	if t := p.at(j); !p.near(j) || t.kind != digits && t.kind != mixed && t.shape != initial || t.size() > 4 {
		return 0
	}
	end := p.run(j, "-")
	if !p.is(end, ',') {
		return 0
	}
	name := end + 1
	if road := p.roadBehind(name); road > 0 && p.at(name).capital() {
		return p.unitTail(i, road, 0.88)
	}
	k, own := name, false
	for n := 0; n < 5 && p.near(k) && p.at(k).kind == word && p.at(k).shape == title1 && p.at(k).cue&(cueFunction|cueMonth|cueWeekday|cueTitle|cueNever) == 0 && !p.at(k).entry.Has(clinicalTraits|reference.Nationality); n++ {
		k++
		if n > 0 && estates[p.word(k-1)] {
			own = true
			break
		}
		for p.isAny(k, "'-") && p.at(k).gap == gapNone {
			k++
		}
	}
	if !own {
		return 0
	}
	if p.is(k, '.') && p.at(k).gap == gapNone && p.at(k-1).size() <= 4 {
		k++
	}
	if p.is(k, ',') && p.at(k+1).shape == title1 && p.near(k+1) && p.at(k+2).kind == word && p.near(k+2) && p.is(k+3, ',') && p.at(k+2).shape == title1 { // a street without its number
		k += 3
	}
	p.put(phi.Street, i, k, 0.85, "premises")
	p.townAfterStreet(k)
	return k
}

// residenceAt takes the French home that has a name: "résidence Les Peupliers,
// entrée C", "lotissement des Acacias", "cité Jean-Moulin, bât. B".
func (p *page) residenceAt(i int) int {
	switch lowerOf(p.word(i)) {
	case "residence", "lotissement", "cite", "hameau", "hlm", "immeuble", "clos", "zone", "za", "zi", "zac", "rang":
	default:
		return 0
	}
	if !p.french || !p.isAny(i-1, ",:(") && p.at(i).gap < gapLine && lowerOf(p.word(i-1)) != "a" && !(p.word(i-1) == "la" && lowerOf(p.word(i)) == "residence") {
		return 0
	}
	j := i + 1
	for n := 0; n < 3 && p.near(j) && (p.cue(j, cueParticle) || p.word(j) == "des" || p.word(j) == "aux" || p.is(j, '\'')); n++ {
		j++
	}
	if w := lowerOf(p.word(i)); w == "rang" {
		return p.rangAt(i)
	} else if (p.word(j) == "Les" || p.word(j) == "Le" || p.word(j) == "La") && p.at(j+1).capital() && p.near(j+1) {
		j++
	}
	if !p.at(j).capital() || !p.near(j) {
		return 0
	}
	end, _, _ := p.capitals(j)
	if end == j {
		return 0
	}
	if p.is(end, ',') && p.at(end+1).kind == digits { // the street follows
		if road := p.streetAt(end + 1); road > 0 {
			p.put(phi.Street, i, end, 0.8, "residence")
			return road
		}
	}
	score := 0.78 // a home for the old, too
	if unit := p.frenchUnit(end); unit > end {
		end, score = unit, 0.88
	}
	if !p.isAny(end, ",.;)") && p.at(end).gap < gapLine && p.at(end).kind != edge && p.at(end).kind != digits {
		return 0
	}
	p.put(phi.Street, i, end, score, "residence")
	p.townAfterStreet(end)
	return end
}

// frenchUnit goes on from an address that ends before token end over its door,
// its stairs and its floor: ", entrée C", ", 5e étage", ", porte 12".
func (p *page) frenchUnit(end int) int {
	for range 2 {
		j := end
		if p.is(j, ',') {
			j++
		}
		switch w := lowerOf(p.word(j)); {
		case w == "entree" || w == "int" || w == "depto" || w == "piso" || w == "puerta" || w == "interior" || w == "porte" || w == "escalier" || w == "esc" || w == "bat" || w == "batiment" || w == "appt" || w == "app" || w == "appartement" || w == "etage" || w == "bloc" || w == "interphone":
			if p.is(j+1, '.') {
				j++
			}
			if t := p.at(j + 1); !p.near(j+1) || t.kind != digits && t.kind != mixed && t.shape != initial {
				return end
			}
			end = j + 2
		case p.at(j).kind == mixed && ordinalOf(p.word(j)) && lowerOf(p.word(j+1)) == "etage":
			end = j + 2
		default:
			return end
		}
	}
	return end
}

// numberBehind says whether the house number stands behind a French street that
// ends before token end: "place du Marché, 5".
func (p *page) numberBehind(end int) bool {
	t := p.at(end + 1)
	if !p.is(end, ',') || t.kind != digits && t.kind != mixed || t.size() > 4 || t.gap != gapSpace || p.guard[min(end+1, len(p.tok)-1)] {
		return false
	}
	next := p.at(end + 2)
	return next.kind == edge || next.gap >= gapLine || p.isAny(end+2, ",;.)-") && !(p.is(end+2, '-') && next.gap == gapNone) || next.kind == digits && (next.size() == 4 || next.size() == 5)
}

// frenchUnitBefore yields the first token of the apartment before the house
// number at token i: "app. 3, 217 av. Saint-Jérôme".
func (p *page) frenchUnitBefore(i int) int {
	j := i - 1
	if !p.is(j, ',') || !p.near(i) || p.at(j-1).kind != digits && p.at(j-1).kind != mixed && p.at(j-1).shape != initial {
		return i
	}
	j -= 2
	if p.is(j, '.') {
		j--
	}
	switch lowerOf(p.word(j)) {
	case "app", "appt", "apt", "appartement", "porte", "bat", "bureau", "suite", "local", "unite", "level", "shop", "villa", "flat", "unit", "apartment":
		return j
	}
	return i
}

// rangAt takes a road of rural Quebec: "rang 4 ouest", "Rang Saint-Louis".
func (p *page) rangAt(i int) int {
	j := i + 1
	if t := p.at(j); t.kind != digits && t.kind != mixed || t.size() > 3 || !p.near(j) || p.cue(j+1, cueMeasure) {
		return 0
	}
	j++
	if p.cue(j, cueDirection) && p.near(j) {
		j++
	}
	if !p.isAny(j, ",.;)") && p.at(j).gap < gapLine && p.at(j).kind != edge {
		return 0
	}
	p.put(phi.Street, i, j, 0.78, "rang")
	return j
}

// croft takes a house number and a name that no list has where an address goes
// on, in lands where streets have no Street: "Ty Gwyn, 4 Heol Fawr, Aberaeron",
// "12/04/2019, 5 Balmeanach, Staffin".
func (p *page) croft(i int) int {
	t := p.at(i)
	if t.kind != digits || t.size() > 3 || !p.is(i-1, ',') || t.gap != gapSpace || p.guard[i] {
		return 0
	}
	end := i + 1
	for n := 0; n < 3 && p.near(end) && p.at(end).shape == title1 && p.at(end).entry.English() == 0 && p.at(end).cue == 0 && !p.at(end).entry.Has(clinicalTraits|reference.Drug|reference.Device); n++ {
		end++
	}
	if end == i+1 || !p.is(end, ',') || p.at(end+1).shape != title1 || !p.near(end+1) || p.cue(end+1, cueMonth|cueWeekday|cueNever|cueTitle) || p.at(end+1).entry.Has(clinicalTraits) {
		return 0
	}
	if next := p.at(end + 2); next.kind != edge && next.gap < gapLine && !p.isAny(end+2, ",.;") && next.kind != mixed && next.kind != digits {
		return 0
	}
	a := i
	for n := 0; n < 3 && p.at(a-2).shape == title1 && p.at(a-2).entry.English() == 0 && p.at(a-2).entry.Given() < 3 && p.at(a-1).kind == punct && n == 0; n++ {
		if b := a - 2; p.at(b-1).shape == title1 && p.near(b) && p.is(b-2, ',') {
			a = b - 1 // the house that has a name
		} else {
			break
		}
	}
	p.put(phi.Street, a, end, 0.75, "croft")
	p.townAfterStreet(end)
	return end
}
