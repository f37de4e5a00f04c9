package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// bareStreet takes an address without Street or the like: a number and
// capitalised words, with a direction ("118 W Main"), a unit behind them ("900
// Sycamore Ste 3"), a town and its state or code, or a word before them that
// dwelling goes with ("lives at 44 Elm").
func (p *page) bareStreet(i int) int {
	t := p.at(i)
	if t.kind != digits || t.size() > 5 || p.year(i, false) && !p.dwellsAt(i) || p.guard[i] || p.isAny(i-1, ".$/:-#") && t.gap == gapNone {
		return 0
	}
	j := i + 1
	if p.is(j, '-') && p.at(j).gap == gapNone && p.at(j+1).kind == digits && p.at(j+1).gap == gapNone && p.at(j+1).size() <= 5 {
		j += 2
	}
	direction := p.cue(j, cueDirection) && p.at(j).capital() && p.near(j)
	if direction {
		j++
		if p.is(j, '.') && p.at(j).gap == gapNone {
			j++
		}
	}
	end := j
	for n := 0; n < 3 && p.near(end); n++ {
		x := p.at(end)
		if x.kind == mixed && ordinalOf(p.word(end)) && end == j {
			end++
			continue
		}
		if w := p.word(end); p.french && end > j && (w == "O" || w == "E" || w == "N" || w == "S") && !p.at(end+1).capital() {
			end++
			break
		}
		if x.kind != word || x.shape != title1 && x.shape != initial || x.cue&(cueFunction|cueMonth|cueWeekday|cueUnit|cueNever|cueTitle|cueMeasure|cueYears|cueRole|cueOrg) != 0 || x.entry.Has(clinicalTraits|reference.Device|reference.Nationality) || departments[p.word(end)] {
			break
		}
		end++
	}
	if end == j || p.at(j).shape == initial || p.cue(end, cueMeasure) && p.near(end) || p.is(end, ':') {
		return 0
	}
	switch {
	case p.french && p.frenchUnit(end) > end, direction && t.size() >= 2, p.dwellsAt(i) && (t.size() >= 2 || p.at(i+1).kind == punct), p.unitBehind(end) && t.size() >= 2, t.size() >= 2 && p.townBehind(end):
		return p.unitTail(i, end, 0.8)
	}
	return 0
}

// dwellsAt says whether living somewhere, or an address, is spoken of shortly
// before token i.
func (p *page) dwellsAt(i int) bool {
	for j := i - 1; j >= i-5 && j >= 0 && p.same(j+1); j-- {
		switch w := lowerOf(p.word(j)); w {
		case "lives", "lived", "live", "living", "resides", "residing", "address", "addr", "stays", "staying", "moved", "house", "residence", "located", "home":
			return w != "home" && w != "moved" && w != "staying" || p.word(i-1) == "at" || p.word(i-1) == "to"
		}
		if p.isAny(j, ".;") {
			return false
		}
	}
	return false
}

// unitBehind says whether an apartment or a suite with its number stands at
// token i.
func (p *page) unitBehind(i int) bool {
	if p.is(i, ',') {
		i++
	}
	if p.is(i, '#') && p.at(i+1).kind != word {
		return true
	}
	switch lowerOf(p.word(i)) {
	case "apt", "ste", "suite", "unit", "apartment", "lot":
		return p.near(i) && p.near(i+1) && (p.at(i+1).kind == digits || p.at(i+1).kind == mixed || p.at(i+1).shape == initial || p.isAny(i+1, "#."))
	}
	return false
}

// townBehind says whether a comma, a town and its state or code stand at token
// i.
func (p *page) townBehind(i int) bool {
	if !p.is(i, ',') {
		return false
	}
	j := i + 1
	for n := 0; n < 3 && p.at(j).shape == title1 && p.near(j); n++ {
		j++
	}
	if j == i+1 {
		return false
	}
	if p.is(j, ',') {
		j++
	}
	return p.cue(j, cueState) && p.at(j).shape == upper2 && p.near(j) || p.region(j) > j && p.at(j).capital() || p.at(j).kind == digits && p.at(j).size() == 5 || p.at(j).kind == mixed && p.at(j).size() == 3 && p.at(j+1).kind == mixed
}

// namedRoad takes "on Maple" after living, "on I-95", "FM 1960".
func (p *page) namedRoad(i int) int {
	t := p.at(i)
	if x := p.at(i - 1); x.kind != word || x.size() > 5 {
		return 0
	}
	switch lowerOf(p.word(i - 1)) {
	case "on", "off", "up":
	case "along", "near", "at", "to", "down":
		return p.roadNumber(i)
	default:
		return 0
	}
	if end := p.roadNumber(i); end > 0 {
		return end
	}
	if t.shape != title1 || !p.near(i) || p.opens(i) {
		return 0
	}
	lives := false
	for j := i - 2; j >= i-4 && j >= 0 && p.same(j+1); j-- {
		switch p.word(j) {
		case "lives", "lived", "live", "living", "resides", "stays", "house", "home", "apartment", "trailer", "Lives", "Stays", "lives,":
			lives = true
		}
	}
	if !lives || t.cue&(cueFunction|cueMonth|cueWeekday|cueHoliday|cueNever|cueKin|cueTitle) != 0 || t.entry.Has(clinicalTraits|reference.Nationality) || p.region(i) > i {
		return 0
	}
	end := i
	for end < i+3 && p.at(end).shape == title1 && (end == i || p.at(end).gap == gapSpace) && !p.cue(end, cueMonth|cueWeekday|cueNever) {
		end++
	}
	p.put(phi.Street, i, end, 0.75, "lives-on")
	return end
}

// roadNumber yields the end of I-95, US 41, SR-12, FM 1960, M25 at token i.
func (p *page) roadNumber(i int) int {
	j := i + 1
	switch w := p.word(i); w {
	case "I", "US", "SR", "FM", "CR", "SH", "Hwy", "HWY", "Highway", "Rte", "RTE", "Route", "Interstate", "Road", "Rd", "HIGHWAY", "ROUTE", "ROAD", "BIA", "Autoroute", "RM", "LR", "TR":
		if p.is(j, '-') {
			j++
		}
		if t := p.at(j); t.kind != digits || t.size() > 4 || t.gap > gapSpace || p.guard[j] || w == "I" && !p.is(i+1, '-') {
			return 0
		}
	default:
		return 0
	}
	end := p.milePost(j + 1)
	if w := lowerOf(p.word(end)); (w == "and" || p.is(end, '&')) && p.near(end) && p.at(end+1).capital() && p.near(end+1) && (p.at(end+1).entry.English() != 1 || p.at(end+2).kind == digits) {
		end++
		if x := p.roadNumber(end); x > 0 {
			end = x
		} else {
			for n := 0; n < 2 && p.at(end).capital() && p.near(end); n++ {
				end++
			}
		}
	}
	p.put(phi.Street, i, end, 0.75, "road-number")
	return end
}

// numberedStreet takes "3e Avenue" and "23rd St" without a house number, after
// a word that leads to one.
func (p *page) numberedStreet(i int) int {
	j := i + 1
	if !p.near(j) || p.at(j).kind != word || p.at(j).cue&(cueStreet|cueRue) == 0 || !p.at(j).capital() || p.at(j).size() < 2 {
		return 0
	}
	switch p.word(i - 1) {
	case "on", "at", "near", "off", "habite", "sur", "la", "W", "E", "N", "S":
	default:
		if !p.is(i-1, ',') && p.at(i).gap < gapLine {
			return 0
		}
	}
	a := i
	if p.cue(i-1, cueDirection) && p.near(i) {
		a--
	}
	end := j + 1
	if p.is(end, '&') && p.at(end+1).kind == mixed && ordinalOf(p.word(end+1)) && p.cue(end+2, cueStreet) {
		end += 3
	}
	p.put(phi.Street, a, end, 0.8, "numbered-street")
	return end
}

// corner takes two roads that meet: "corner of King and Queen", "on Gravois
// and Meramec", "Seven Sisters Road and Holloway Road", "fifth and main".
func (p *page) corner(i int) int {
	sure := p.word(i-1) == "of" && (p.word(i-2) == "corner" || p.word(i-2) == "Corner" || p.word(i-2) == "intersection")
	switch p.word(i - 1) {
	case "at", "on", "off", "near", "outside", "by":
	default:
		if !sure {
			return 0
		}
	}
	a, typed := p.roadPart(i)
	w := p.word(a)
	if a == i || w != "and" && w != "at" && !p.is(a, '&') || !p.near(a) {
		return 0
	}
	b, typed2 := p.roadPart(a + 1)
	if b == a+1 || !p.near(a+1) {
		return 0
	}
	if !sure && !typed && !typed2 {
		if p.word(i-1) == "by" || p.word(i-1) == "outside" || p.word(i-2) == "based" || p.listedName(i, a) || p.listedName(a+1, b) {
			return 0
		}
		for k := i; k < b; k++ {
			if t := p.at(k); t.kind == word && k != a && (t.entry.Has(clinicalTraits|reference.Device) || t.cue&(cueNever|cueMonth|cueWeekday|cueHoliday|cueOrg|cueOrgMid) != 0 || t.entry.English() > 0 && t.entry.English() < 4 || p.strength(k) >= 6) {
				return 0
			}
		}
		if p.caps || p.titled {
			return 0
		}
	}
	if sure {
		i -= 2
	}
	p.put(phi.Street, i, b, 0.75, "corner")
	return b
}

// listedName says whether tokens a to b are usual as given names.
func (p *page) listedName(a, b int) bool {
	for i := a; i < b; i++ {
		if p.entry(i).Given() >= 5 {
			return true
		}
	}
	return false
}

// roadPart yields the end of one road of a corner at token i, and whether a
// word for a road or a number makes it one.
func (p *page) roadPart(i int) (int, bool) {
	if t := p.at(i); t.kind == mixed && ordinalOf(p.word(i)) || p.small && t.cue&cueOrdinal != 0 {
		end := i + 1
		if p.cue(end, cueStreet) && p.near(end) && (p.at(end).capital() || p.small) {
			end++
		}
		return end, true
	}
	end, typed := i, false
	for n := 0; n < 4 && (end == i || p.near(end)); n++ {
		t := p.at(end)
		low := p.small && t.shape == lower1 && n == 0 && t.cue&cueFunction == 0
		if t.kind != word || !t.capital() && !low || t.cue&(cueFunction|cueMonth|cueWeekday) != 0 || t.entry.Has(clinicalTraits) {
			break
		}
		typed = typed || n > 0 && t.cue&cueStreet != 0 && t.size() > 1
		end++
		if p.is(end, '.') && p.at(end).gap == gapNone && t.size() <= 4 && typed {
			end++
		}
		if typed || low {
			break
		}
	}
	return end, typed
}

// ruralRoute takes "R.R. #3" and "4418 Concession 7".
func (p *page) ruralRoute(i int) int {
	if p.word(i) == "R" && p.is(i+1, '.') && p.word(i+2) == "R" {
		j := i + 3
		for n := 0; n < 3 && p.isAny(j, ".#"); n++ {
			j++
		}
		if p.at(j).kind != digits || p.at(j).size() > 3 || !p.near(j) {
			return 0
		}
		end := j + 1
		if p.is(end, ',') && p.at(end+1).kind == digits {
			if next := p.concession(end + 1); next > 0 {
				end = next
			}
		}
		p.put(phi.Street, i, end, 0.9, "rural-route")
		p.townAfterStreet(end)
		return end
	}
	if end := p.concession(i); end > 0 {
		p.put(phi.Street, i, end, 0.85, "concession")
		p.townAfterStreet(end)
		return end
	}
	return 0
}

// concession yields the end of "4418 Concession 7", "12 Sideroad 10", "77 Range
// Road 201" at token i.
func (p *page) concession(i int) int {
	if t := p.at(i); t.kind != digits || t.size() > 6 {
		return 0
	}
	j := i + 1
	switch p.word(j) {
	case "Concession", "Sideroad", "Line", "Conc":
		j++
		if p.word(j) == "Road" || p.word(j) == "Rd" {
			j++
		}
	case "Range", "Township", "County", "Twp", "Rge":
		j++
		if w := p.word(j); w != "Road" && w != "Rd" {
			return 0
		}
		j++
	default:
		return 0
	}
	if p.at(j).kind != digits || !p.near(j) || p.cue(j+1, cueMeasure) {
		return 0
	}
	return j + 1
}

// townBeforeCode takes the town that stands before a postal code of Canada or
// Britain at token i, with or without its province.
func (p *page) townBeforeCode(i int) {
	j := i - 1
	for n := 0; n < 3 && j > 0 && (p.isAny(j, ",.()") || p.cue(j, cueState) && p.at(j).shape == upper2); n++ {
		j--
	}
	end := j + 1
	for n := 0; n < 5 && j >= 0 && !p.taken[j] && (p.at(j).capital() && p.at(j).cue&(cueFunction|cueUnit|cueMonth|cueLabel) == 0 || p.isAny(j, "'-") && p.at(j+1).gap == gapNone || n > 0 && p.cue(j, cueParticle) && p.at(j).shape == lower1); n++ {
		j--
		if p.at(j+1).gap >= gapWide {
			break
		}
	}
	if j+1 >= end || p.at(end-1).gap >= gapPara || !(p.isAny(j, ",)") || p.at(j+1).gap >= gapWide || j >= 0 && p.taken[j]) || p.at(j+1).kind == punct || p.region(j+1) >= end {
		return
	}
	p.put(phi.Place, j+1, end, 0.8, "town-before-code")
}

// floorWing takes "3 South", "4W 4118-02" and "4 North" after in, on and to.
func (p *page) floorWing(i int) int {
	switch p.word(i - 1) {
	case "in", "on", "to", "from", "In", "Loc", "unit", "SFMC":
	default:
		if !p.wingThenRoom(i) && (!p.is(i-1, ':') || p.word(i-2) != "Loc" && p.word(i-2) != "Location" && p.word(i-2) != "Unit") {
			return 0
		}
	}
	t, s := p.at(i), p.word(i)
	end := 0
	switch {
	case t.kind == digits && t.size() <= 2 && p.cue(i+1, cueDirection) && p.at(i+1).shape == title1 && p.near(i+1) && !p.at(i+2).capital():
		end = i + 2
		if p.wingThenRoom(i) {
			end = p.run(i+3, "-")
		}
	case t.kind == mixed && t.size() <= 3 && allDigits(s[:1]) && (s[len(s)-1] == 'W' || s[len(s)-1] == 'E' || s[len(s)-1] == 'N' || s[len(s)-1] == 'S') && p.at(i+1).kind == digits && p.at(i+1).size() >= 3 && p.near(i+1) && p.at(i+1).gap == gapSpace && !p.cue(i+2, cueMeasure):
		end = p.run(i+1, "-")
	default:
		return 0
	}
	for n := 0; n < 2; n++ {
		switch p.word(end) {
		case "bed", "Bed", "room", "Room", "rm", "bay":
			if k := p.at(end + 1).kind; (k == digits || k == mixed || p.at(end+1).shape == initial) && p.near(end+1) {
				end += 2
			}
		}
	}
	p.put(phi.Street, i, end, 0.75, "wing")
	return end
}

// wingThenRoom says whether a wing and its room stand at token i: "4 North,
// 412-A".
func (p *page) wingThenRoom(i int) bool {
	return p.at(i).kind == digits && p.cue(i+1, cueDirection) && p.at(i+1).shape == title1 && p.near(i+1) && p.is(i+2, ',') && p.at(i+3).kind == digits && p.at(i+3).size() == 3 && p.near(i+3) && (p.at(i+4).gap >= gapLine || p.is(i+4, '-') && p.at(i+4).gap == gapNone)
}
