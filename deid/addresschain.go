package deid

import (
	"strings"

	"chaperone/phi"
)

// partSides tell which part of a house is meant; partKinds what it is.
var (
	partSides = wordSet(`upper lower main rear front ground first second third fourth fifth top basement bsmt garden left right middle`)
	partKinds = wordSet(`unit flat floor level suite apartment apt half duplex storey`)
	siteWords = wordSet(`Site Comp Compartment Box BOX Stn STN Station RR Con Conc Concession Lot portal Portal bloque Bloque Blk`)
)

// chainOn goes on from an address that ends before token end over the parts of
// it that follow: ", Rear Unit", "(upper)", ", RR#3", ", Site 4, Box 12", ",
// Station A", ", 2nd floor", ", 3º B".
func (p *page) chainOn(end int) int {
	for range 4 {
		j := end
		if p.isAny(j, ",(") && p.same(j) {
			j++
		}
		if !p.near(j) {
			return end
		}
		next := p.addressPart(j, j > end)
		if next == 0 {
			return end
		}
		end = next
		if p.is(end, ')') && p.is(j-1, '(') {
			end++
		}
	}
	return end
}

// addressPart yields the end of one part of an address at token j, 0 if there is
// none; apart says that a comma or a bracket stands before it.
func (p *page) addressPart(j int, apart bool) int {
	t := p.at(j)
	w := lowerOf(p.word(j))
	switch {
	case partSides[w] && partKinds[lowerOf(p.word(j+1))] && p.near(j+1) && (apart || t.capital()):
		if p.word(j+1) == "half" || w == "ground" && lowerOf(p.word(j+2)) == "flat" {
			return j + 3
		}
		return j + 2
	case apart && (w == "upper" || w == "lower" || w == "rear" || w == "basement") && p.isAny(j+1, "),"):
		return j + 1
	case t.kind == mixed && ordinalOf(p.word(j)) && (lowerOf(p.word(j+1)) == "floor" || lowerOf(p.word(j+1)) == "fl") && p.near(j+1):
		return j + 2
	case w == "rr" && (p.is(j+1, '#') || p.near(j+1)):
		k := j + 1
		if p.is(k, '#') {
			k++
		}
		if p.at(k).kind == digits && p.at(k).size() <= 2 {
			return k + 1
		}
	case t.kind == mixed && t.size() <= 4 && strings.HasPrefix(p.word(j), "RR") && allDigits(p.word(j)[2:]):
		return j + 1
	case siteWords[p.word(j)] && p.near(j+1) && p.at(j+1).gap == gapSpace:
		x := p.at(j + 1)
		if x.kind == digits && x.size() <= 5 || x.kind == mixed && x.size() <= 4 || x.shape == initial {
			return j + 2
		}
	case apart && t.kind == mixed && t.size() <= 3 && allDigits(p.word(j)[:t.size()-1]) && p.word(j)[t.size()-1] == 'o' && !p.english: // 3º B
		switch x := p.at(j + 1); {
		case x.shape == initial && p.near(j+1):
			return j + 2
		case p.word(j+1) == "izq" || p.word(j+1) == "dcha" || p.word(j+1) == "der" || p.word(j+1) == "izda":
			return j + 2
		}
		return j + 1
	}
	return 0
}

// chainBack yields the first token of the parts that stand before an address
// which begins at token i: "Rose Court, 12 High Street", "The Cottage, 2 Back
// Lane", "Ground Floor Flat, 9 Hill Street".
func (p *page) chainBack(i int) int {
	if !p.is(i-1, ',') || !p.near(i) || i < 2 {
		return i
	}
	last := i - 2
	if t := p.at(last); t.kind != word || t.shape != title1 || p.taken[last] {
		return i
	}
	a := last
	for a > 0 && a > last-2 && p.near(a) && p.at(a).gap == gapSpace && p.at(a-1).shape == title1 && p.at(a-1).cue&(cueTitle|cueLabel|cueMonth|cueWeekday|cueRole|cueKin) == 0 {
		a--
	}
	opens := p.is(a-1, ',') || p.at(a).gap >= gapLine || p.is(a-1, ':') || p.cue(a-1, cueIn) || p.word(a-1) == "at"
	switch {
	case !opens:
		return i
	case a < last && (estates[p.word(last)] || p.word(last) == "Cottage" || p.word(last) == "Farm" || p.word(last) == "Villa" || p.word(last) == "Barn"):
	case p.word(a) == "The" && a == last-1 && p.at(last).cue&(cueOrg|cueOrgMid) == 0:
	case partKinds[lowerOf(p.word(last))] && a < last && partSides[lowerOf(p.word(a))]:
	default:
		return i
	}
	if p.is(a-1, ',') && p.near(a) { // Flat 3, Rose Court, 12 High Street
		if b := p.frenchUnitBefore(a); b < a {
			return b
		}
	}
	return a
}

// landAddress takes addresses of the country and of towns whose houses have no
// street: "Site 12 Comp 4 RR2", "Lot 7, Con 4", "General Delivery", "NE 14-22-3
// W5M", "House no. 14, Street 9", "Blk 14 #05-118".
func (p *page) landAddress(i int) int {
	switch p.word(i) {
	case "Site", "Lot", "Comp":
		end := p.addressPart(i, true)
		if end == 0 {
			return 0
		}
		if next := p.chainOn(end); next > end {
			p.put(phi.Street, i, next, 0.82, "land")
			return next
		}
	case "General":
		if p.word(i+1) == "Delivery" && p.near(i+1) && (p.is(i+2, ',') && p.at(i+3).capital() || p.at(i+2).gap >= gapLine) {
			p.put(phi.Street, i, i+2, 0.8, "general-delivery")
			return i + 2
		}
	case "NE", "NW", "SE", "SW":
		end := p.run(i+1, "-")
		if p.at(i+1).kind != digits || !p.near(i+1) || end < i+6 {
			return 0
		}
		if s := p.word(end - 1); p.at(end-1).kind == mixed && s[0] == 'W' {
			p.put(phi.Street, i, end, 0.82, "land")
			return end
		}
		if s := p.word(end); p.at(end).kind == mixed && p.near(end) && s[0] == 'W' && len(s) <= 3 {
			p.put(phi.Street, i, end+1, 0.82, "land")
			return end + 1
		}
	case "House", "Plot", "Door", "H", "Flat", "Blk", "Block":
		return p.numberedHouse(i)
	}
	return 0
}

// numberedHouse takes "House no. 14, Street 9", "H. No. 12-4-118" and "Blk 14
// #05-118".
func (p *page) numberedHouse(i int) int {
	j := i + 1
	if p.is(j, '.') {
		j++
	}
	numbered := lowerOf(p.word(j)) == "no"
	if numbered {
		j++
		for n := 0; n < 2 && p.isAny(j, ".:#"); n++ {
			j++
		}
	}
	if p.word(i) == "H" && !numbered || p.at(j).kind != digits && p.at(j).kind != mixed || !p.near(j) {
		return 0
	}
	end := p.run(j, "-/")
	if w := p.word(i); w == "Blk" || w == "Block" {
		if !p.is(end, '#') || p.at(end+1).kind != digits || p.at(end+1).gap != gapNone {
			return 0
		}
		end = p.run(end+1, "-")
		numbered = true
	}
	if !numbered || end == j {
		return 0
	}
	for n := 0; n < 2 && p.is(end, ',') && (p.word(end+1) == "Street" || p.word(end+1) == "Road" || p.word(end+1) == "Sector" || p.word(end+1) == "Phase" || p.word(end+1) == "Lane") && (p.at(end+2).kind == digits || p.at(end+2).kind == mixed || p.at(end+2).shape == initial); n++ {
		end = p.run(end+2, "-")
	}
	p.put(phi.Street, i, end, 0.8, "numbered-house")
	return end
}

// namedDay says whether the day at token i is what a street is called after:
// "rue du 4 septembre", "Calle 12 de Octubre 118".
func (p *page) namedDay(i int) bool {
	for j := i - 1; j >= i-3 && j >= 0 && p.near(j+1); j-- {
		switch lowerOf(p.word(j)) {
		case "rue", "avenue", "place", "boulevard", "bd", "calle", "avenida", "plaza", "square", "quai":
			return true
		case "du", "de", "la", "le", "del", "des", "av", "avda":
		default:
			return false
		}
	}
	return false
}
