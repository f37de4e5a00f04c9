package deid

import "chaperone/phi"

// findAddresses looks for street addresses, post office boxes, rooms, beds and
// postal codes.
func (p *page) findAddresses() {
	for i := 0; i < len(p.tok); i++ {
		if p.taken[i] && p.at(i).kind != word {
			continue
		}
		t := &p.tok[i]
		end := 0
		switch {
		case t.kind == digits || t.kind == mixed:
			if end = p.canadianCode(i); end == 0 {
				end = p.streetAt(i)
			}
			if end == 0 {
				end = p.zipAt(i)
			}
			if end == 0 {
				end = p.ruralRoute(i)
			}
			if end == 0 {
				end = p.floorWing(i)
			}
			if end == 0 {
				end = p.blockOf(i)
			}
			if end == 0 {
				end = p.bareStreet(i)
			}
			if end == 0 {
				end = p.corner(i)
			}
			if end == 0 && t.kind == mixed && ordinalOf(p.word(i)) {
				end = p.numberedStreet(i)
			}
			if end == 0 {
				end = p.askedRoom(i)
			}
			if end == 0 {
				end = p.croft(i)
			}
		case t.kind != word:
		case t.cue&cueNumber != 0 && p.cue(i+1, cueNumber):
			end = p.saidStreet(i)
		case t.cue&cueRue != 0 && p.french:
			end = p.rueAt(i, i)
		case t.size() == 2 && (p.word(i) == "PO" || p.word(i) == "RR" || p.word(i) == "CP" || p.word(i) == "BP" || p.word(i) == "HC"), p.is(i+1, '.') && p.word(i) == "P", p.word(i) == "Rural", p.word(i) == "POB":
			end = p.boxAt(i)
		case t.cue&cueUnit != 0 && !wards[p.word(i)]:
			end = p.unitAlone(i)
		case t.cue&cueStreet != 0:
			end = p.cornerAt(i)
		case t.capital() && (p.is(i+1, '&') || p.word(i+1) == "and") && p.at(i).entry.English() != 1:
			end = p.crossing(i)
		}
		if end == 0 && t.kind == word {
			end = p.otherAddress(i)
		}
		if end > i {
			i = end - 1
		}
	}
}

// wards are words for a room that a number follows.
var wards = map[string]bool{"rm": true, "Rm": true, "RM": true, "salle": true}

// otherAddress takes wards and beds, highways, and Spanish streets.
func (p *page) otherAddress(i int) int {
	if p.taken[i] {
		return 0
	}
	if p.at(i).size() == 1 {
		return p.letterAddress(i)
	}
	if p.cue(i, cueLodge) {
		if end := p.lodging(i); end > 0 {
			return end
		}
	}
	if end := p.houseNumber(i); end > 0 {
		return end
	}
	if end := p.occupied(i); end > 0 {
		return end
	}
	if p.cue(i, cueLodge) {
		if end := p.stationAt(i); end > 0 {
			return end
		}
		if end := p.residenceAt(i); end > 0 {
			return end
		}
	}
	if end := p.wardAt(i); end > 0 {
		return end
	}
	if end := p.smallRoad(i); end > 0 {
		return end
	}
	if end := p.unitBed(i); end > 0 {
		return end
	}
	if w := p.word(i); (w == "lieu" || w == "Lieu") && p.is(i+1, '-') && p.word(i+2) == "dit" && p.at(i+3).capital() {
		name := i + 3
		if p.cue(name, cueParticle|cueFunction) && p.at(name+1).capital() && p.near(name+1) {
			name++
		}
		end, _, _ := p.capitals(name)
		p.put(phi.Street, i, end, 0.85, "lieu-dit")
		p.townAfterStreet(end)
		return end
	}
	if end := p.corner(i); end > 0 {
		return end
	}
	if end := p.namedRoad(i); end > 0 {
		return end
	}
	if end := p.esquina(i); end > 0 {
		return end
	}
	if !p.at(i).capital() {
		return p.calleAt(i)
	}
	if end := p.highwayAt(i); end > 0 {
		return end
	}
	return p.calleAt(i)
}

// lodging takes the part of a building that somebody has.
func (p *page) lodging(i int) int {
	if end := p.premisesAt(i); end > 0 {
		return end
	}
	if end := p.landAddress(i); end > 0 {
		return end
	}
	if end := p.mailBag(i); end > 0 {
		return end
	}
	return p.betweenRoads(i)
}

// letterAddress takes what begins with one letter: "R.R. 3", "I-95".
func (p *page) letterAddress(i int) int {
	switch p.word(i) {
	case "R":
		return p.ruralRoute(i)
	case "I":
		return p.namedRoad(i)
	case "L":
		return p.stationAt(i)
	case "H":
		return p.numberedHouse(i)
	case "C":
		if p.is(i+1, '/') && p.at(i+2).capital() && p.at(i+1).gap == gapNone && !p.english {
			return p.calleAt(i)
		}
	}
	return 0
}

// streetAt takes a house number with a street in English or French order.
func (p *page) streetAt(i int) int {
	t := p.at(i)
	if t.kind == digits && t.size() > 6 || t.kind == mixed && (t.size() > 6 || !allDigits(p.word(i)[:t.size()-1])) || p.isAny(i-1, ".$/") && t.gap == gapNone {
		return 0
	}
	j := i + 1
	if p.isAny(j, "-/") && p.at(j).gap == gapNone && (p.at(j+1).kind == digits || p.at(j+1).kind == mixed) {
		j += 2
	}
	for n := 0; n < 2 && (p.word(j) == "bis" || p.word(j) == "ter" || p.is(j, ',')); n++ {
		j++
	}
	if p.word(j) == "ch" && p.is(j+1, '.') && p.at(j+2).kind == word {
		if end := p.rueAt(i, j); end > 0 {
			return end
		}
	}
	if p.cue(j, cueRue) && p.same(j) && (p.french || rueFirst[p.word(j)] && p.at(j+1).kind == word && p.at(j+1).capital() && !p.cue(j+1, cueDirection|cueUnit) || p.at(j).entry.English() == 0 || p.at(j+1).kind == word && p.cue(j+1, cueParticle|cueFunction) || !p.cue(j, cueStreet)) {
		if end := p.rueAt(i, j); end > 0 {
			return end
		}
	}
	return p.streetWords(i, j)
}

// streetWords takes one to five words that end in Street and the like.
func (p *page) streetWords(i, j int) int {
	for n := 0; n < 6; n++ {
		t := p.at(j)
		if t.kind == edge || t.gap > gapSpace {
			return 0
		}
		last := t.kind == word && t.cue&cueStreet != 0 && n > 0 && p.streetClose(j, i)
		if last {
			if t.shape == lower1 && !p.lowerStreet(i, j) {
				return 0
			}
			// Park Place, Hill Road: the real end may come later
			if p.cue(j+1, cueStreet) && p.near(j+1) && p.at(j+1).capital() && p.at(j+1).size() > 2 {
				j++
			}
			return p.unitTail(i, j+1, 0.93)
		}
		switch {
		case t.kind == word && t.cue&(cueYears|cueFunction|cueAct) != 0 && t.cue&(cueDirection|cueStreet) == 0 && !(t.cue&(cueFunction|cueAct) == 0 && t.capital() && p.at(j+1).capital()):
			return 0
		case t.kind == word && (t.capital() || t.cue&cueDirection != 0 || t.shape == camel):
		case t.kind == word && t.shape == lower1 && n < 3 && p.cueAhead(j, cueStreet, 2) && t.cue&cueFunction == 0 && t.cue&cueMeasure == 0:
		case t.kind == mixed && ordinalOf(p.word(j)):
		case t.kind == digits && n > 0 && (p.word(j-1) == "Highway" || p.word(j-1) == "Road" || p.word(j-1) == "Route" || p.word(j-1) == "Hwy" || p.word(j-1) == "Line"):
			return p.unitTail(i, j+1, 0.9)
		case p.isAny(j, ".'-") && t.gap == gapNone && n > 0:
		default:
			return 0
		}
		j++
	}
	return 0
}

// streetClose says whether the word at j closes an address whose number is at
// i: short forms such as St and Dr must not open a name or a sentence.
func (p *page) streetClose(j, i int) bool {
	switch p.word(j) {
	case "point", "view", "run", "place", "way", "close", "path", "line", "space", "hill", "ridge", "bend", "walk", "gate", "court", "circle", "grove", "square", "pass", "cross", "cover":
		return false
	case "dr", "st", "ct", "pl", "pt", "ter", "pike", "row", "loop":
		return !p.at(j+1).capital() || p.isAny(j+1, ",.") || p.at(j+1).gap >= gapLine
	case "DR", "ST", "PT", "Dr", "St", "Pt", "Line", "Place", "Point", "View", "Ridge", "Run", "Close":
		if p.is(j+1, '.') && p.at(j+2).capital() && p.at(j+2).gap == gapSpace && p.at(j+2).cue&(cueDirection|cueUnit|cueState) == 0 && p.at(j+2).entry.Place() == 0 {
			return false // "3/20 and Dr. Roe"
		}
		if t := p.at(j + 1); t.kind == word && t.gap == gapSpace && t.capital() && t.cue&(cueDirection|cueUnit) == 0 && t.entry.Place() == 0 {
			return false
		}
	}
	return j > i+1 || p.at(j-1).kind == word
}

// lowerStreet says whether an address in small letters is one: the number is
// long or the street's name is no ordinary word.
func (p *page) lowerStreet(i, j int) bool {
	if p.cue(i+1, cueMeasure) {
		return false
	}
	switch p.word(j) {
	case "street", "avenue", "ave", "boulevard", "blvd", "lane", "road", "rd", "drive", "st", "crescent", "cres", "parkway", "terrace", "highway", "hwy":
		return p.at(i).size() >= 2 || p.at(j-1).capital()
	}
	return false
}

func ordinalOf(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch s[n:] {
	case "st", "nd", "rd", "th", "e", "er", "ST", "TH", "ND", "RD":
		return n > 0
	}
	return false
}

// unitTail goes on over a direction, a unit, a town, a state and a postal code,
// and puts what it has.
func (p *page) unitTail(i, end int, score float64) int {
	if p.is(end, '.') && p.at(end).gap == gapNone {
		end++
	}
	end = p.frenchUnit(p.roadsNumber(end))
	for n := 0; n < 3; n++ {
		j := end
		for p.isAny(j, ",.-") && p.same(j) || p.is(j, '#') {
			j++
		}
		switch t := p.at(j); {
		case t.kind == word && t.cue&cueDirection != 0 && t.capital() && t.gap <= gapSpace && j == end && t.size() <= 9:
			end = j + 1
		case t.kind == word && t.cue&cueUnit != 0 && t.gap <= gapSpace && (p.at(j+1).kind == digits || p.at(j+1).kind == mixed || p.at(j+1).shape == initial || p.is(j+1, '#') || p.is(j+1, '.')):
			j++
			for p.isAny(j, "#.") {
				j++
			}
			if p.at(j).kind == punct || !p.near(j) {
				n = 3
				continue
			}
			end = p.run(j, "-")
		case p.is(j-1, '#') && (t.kind == digits || t.kind == mixed):
			end = j + 1
		default:
			n = 3
		}
	}
	if p.is(end-1, '.') && p.at(end).capital() {
		end--
	}
	if p.is(i-1, ',') && p.at(i-2).kind == digits && p.near(i) {
		if w := p.word(i - 3); w == "Mile" || w == "Km" || w == "KM" || w == "Milepost" {
			i -= 3 // Mile 6, Old Quarry Road
		}
	}
	if w := p.word(i - 1); (w == "Lot" || w == "lot" || w == "Unit") && p.near(i) && p.at(i).kind == digits {
		i--
	}
	if j := i - 1; p.is(j, ',') && (p.word(j-1) == "floor" || p.word(j-1) == "Floor") && p.at(j-2).kind == mixed {
		i = j - 2 // 2nd floor, 22 Canal St
	}
	if a := p.frenchUnitBefore(i); a < i {
		i = a // app. 3, 217 av. Saint-Jérôme
	}
	if j := i - 1; p.is(j, ',') && j > 1 && p.near(j) && (p.at(j-1).kind == digits || p.at(j-1).kind == mixed || p.at(j-1).shape == initial) && p.cue(j-2, cueUnit) && p.at(j-2).capital() {
		i = j - 2 // Flat 3, 12 High Street
	}
	i = p.chainBack(p.unitBefore(i))
	end = p.chainOn(end)
	p.put(phi.Street, i, end, score, "street")
	p.townAfterStreet(end)
	return end
}

// rueAt takes a French address whose number, if any, stands at i and whose
// "rue" stands at j.
func (p *page) rueAt(i, j int) int {
	if w := lowerOf(p.word(j)); w == "calle" && i == j {
		return p.calleAt(j)
	}
	if !p.french && i == j && p.at(j).shape != title1 || p.word(j) == "via" {
		return 0
	}
	end, names := j+1, 0
	if p.is(end, '.') && p.at(end).gap == gapNone {
		end++
	}
	for n := 0; n < 8; n++ {
		t := p.at(end)
		switch {
		case t.kind == edge || t.gap > gapSpace:
			n = 8
			continue
		case t.kind == word && (t.capital() && t.cue&cueUnit == 0 || t.shape == camel):
			names++
		case t.kind == word && (t.cue&cueParticle != 0 || frenchJoin[p.word(end)]) && t.size() <= 5:
		case t.kind == word && t.shape == lower1 && i != j && names == 0 && t.cue&(cueFunction|cueLabel) == 0:
			names++
		case t.kind == digits && p.cue(end+1, cueMonth) && p.near(end+1):
			names++
			end++
			if p.year(end+1, false) && p.near(end+1) {
				end++ // rue du 8 mai 1945
			}
		case t.kind == mixed && ordinalOf(p.word(end)) && n == 0:
			names++
		case p.isAny(end, "'-") && t.gap == gapNone || p.is(end, '.') && t.gap == gapNone && p.at(end-1).size() <= 3 && p.at(end+1).capital():
		default:
			n = 8
			continue
		}
		end++
	}
	for end > j+1 && (p.at(end-1).kind == punct || p.at(end-1).shape == lower1 && (p.cue(end-1, cueParticle) || frenchJoin[p.word(end-1)])) {
		end--
	}
	if i == j && p.numberBehind(end) {
		end += 2
	} else if p.word(j) == "place" && i == j {
		return 0
	}
	if names == 0 || i == j && !p.at(j+1).capital() && !(p.cue(j+1, cueParticle) && names > 0) {
		return 0
	}
	return p.unitTail(i, end, 0.9)
}

// rueFirst are words that come before the street's name wherever French or
// Spanish is spoken, and after it in English.
var rueFirst = map[string]bool{"rue": true, "Rue": true, "RUE": true, "avenue": true, "Avenue": true, "AVENUE": true, "av": true, "Av": true, "boulevard": true, "Boulevard": true, "BOULEVARD": true, "bd": true, "Bd": true, "chemin": true, "Chemin": true, "CHEMIN": true, "impasse": true, "Impasse": true, "IMPASSE": true, "allee": true, "Allee": true, "ALLEE": true, "quai": true, "Quai": true, "QUAI": true, "calle": true, "Calle": true, "avenida": true, "Avenida": true, "COURS": true, "cours": true, "ROUTE": true, "PLACE": true}

var frenchJoin = map[string]bool{"et": true, "des": true, "aux": true, "sur": true, "sous": true, "au": true, "en": true, "lieu": true, "bis": true}

// crossing takes "Elm & 5th" and "Elm and 5th Street" after near, at, on and
// corner of.
func (p *page) crossing(i int) int {
	switch p.word(i - 1) {
	case "near", "at", "on", "of", "corner", "intersection", "off":
	default:
		return 0
	}
	t := p.at(i + 2)
	end := i + 3
	if t.kind == mixed && ordinalOf(p.word(i+2)) {
		if p.cue(end, cueStreet) && p.near(end) {
			end++
		}
	} else if !t.capital() || !p.cue(end, cueStreet) || !p.at(end).capital() || p.word(i-1) == "of" && p.word(i-2) != "corner" {
		return 0
	}
	if w := p.word(i - 2); p.word(i-1) == "of" && (w == "corner" || w == "Corner" || w == "intersection") {
		i -= 2
	}
	p.put(phi.Street, i, end, 0.8, "crossing")
	return end
}

// cornerAt takes "near Elm & 5th", "Main and 3rd Street" and "corner of King
// and Queen Streets" by the street word at token i.
func (p *page) cornerAt(i int) int {
	t := p.at(i)
	if !t.capital() || p.taken[i] || t.size() < 2 || p.at(i-1).kind == punct || p.at(i).gap != gapSpace {
		return 0
	}
	a := i
	for a > 0 && a > i-3 && p.at(a-1).kind != punct && (p.at(a-1).capital() || p.at(a-1).kind == mixed && ordinalOf(p.word(a-1))) && p.at(a).gap == gapSpace && p.at(a-1).cue&(cueFunction|cueNever|cueTitle) == 0 {
		a--
	}
	if end := p.roadInAddress(a, i); end > 0 {
		return end
	}
	alone := p.is(a-1, ',') && p.near(a) && p.at(i+1).gap >= gapLine
	if w := p.word(a - 1); a < i && (alone || w == "off" || w == "along" || w == "down" || w == "up") {
		switch p.word(i) {
		case "Street", "Avenue", "Ave", "Road", "Rd", "Boulevard", "Blvd", "Lane", "Crescent", "Highway", "Parkway", "Terrace":
			if !p.at(a).entry.Has(clinicalTraits) {
				p.put(phi.Street, a, i+1, 0.78, "street-name")
				return i + 1
			}
		}
	}
	if a == i || !p.cue(a-1, cueIn) && p.word(a-1) != "on" && p.word(a-1) != "and" && p.word(a-1) != "the" || p.word(a-1) == "the" && !p.cue(a-2, cueIn) && p.word(a-2) != "on" {
		return 0
	}
	switch p.word(i) {
	case "Street", "Avenue", "Ave", "Road", "Rd", "Boulevard", "Blvd", "Lane", "Drive", "Crescent", "Highway", "Hwy", "Parkway", "Terrace", "Court", "Trail", "Ln", "Wynd", "Turnpike":
	default:
		return 0
	}
	if p.opens(a) || p.at(a).entry.Has(clinicalTraits) {
		return 0
	}
	p.put(phi.Street, a, i+1, 0.8, "street-name")
	return i + 1
}

// unitAlone takes "Suite 501" and "Apt. 4B" on a line of their own.
func (p *page) unitAlone(i int) int {
	switch p.word(i) {
	case "Suite", "SUITE", "Apt", "APT", "Apartment", "Ste", "Appt", "APPT", "Appartement":
	default:
		return 0
	}
	j := i + 1
	for p.isAny(j, ".#") {
		j++
	}
	if t := p.at(j); t.kind != digits && t.kind != mixed || !p.near(j) || p.isAny(j+1, "/:") {
		return 0
	}
	end := p.run(j, "-")
	if p.is(end, ',') && p.word(end+1) == "The" && p.at(end+2).shape == title1 && p.near(end+2) {
		end += 3 // Apt 9, The Maltings
	}
	p.put(phi.Street, i, end, 0.85, "unit")
	return end
}
