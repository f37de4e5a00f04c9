package deid

import "chaperone/phi"

// boxAt takes a post office box, a rural route and a French BP or CP.
func (p *page) boxAt(i int) int {
	j := i + 1
	for n := 0; n < 3 && p.is(j, '.') || p.word(j) == "O" && p.word(i) == "P"; n++ {
		j++
	}
	switch p.word(i) {
	case "P", "PO":
		if w := p.word(j); w != "Box" && w != "BOX" && w != "box" {
			return 0
		}
		j++
	case "Rural":
		if w := p.word(j); w != "Route" && w != "route" && w != "Road" {
			return 0
		}
		j++
	case "RR":
		if p.vitalsAround(i) {
			return 0
		}
	case "HC":
		if p.is(j, '#') || p.at(j).size() > 3 || p.cue(j+1, cueMeasure) {
			return 0
		}
	case "BP", "CP":
		if !p.french || p.is(i+2, '/') || p.at(j).size() < 2 || p.cue(i+2, cueMeasure) {
			return 0
		}
	}
	if p.is(j, '#') {
		j++
	}
	if t := p.at(j); t.kind != digits && t.kind != mixed || t.gap > gapSpace || p.is(j+1, '.') && p.at(j+2).kind == digits && p.at(j+2).gap == gapNone || p.word(i) == "RR" && p.word(j)[0] == '0' {
		return 0
	}
	end := j + 1
	if p.is(end, ',') && lowerOf(p.word(end+1)) == "box" || lowerOf(p.word(end)) == "box" {
		if p.is(end, ',') {
			end++
		}
		if p.at(end+1).kind == digits || p.at(end+1).kind == mixed {
			end += 2
		}
	}
	end = p.chainOn(end)
	p.put(phi.Street, i, end, 0.93, "box")
	return end
}

// vitalsAround says whether RR at token i is a respiratory rate.
func (p *page) vitalsAround(i int) bool {
	if p.number(i+1) > 9 {
		return true
	}
	for j := max(0, i-8); j < i+9 && j < len(p.tok); j++ {
		switch p.word(j) {
		case "BP", "HR", "T", "SpO2", "Temp", "pulse", "Pulse", "O2", "sats", "P", "vitals", "Vitals", "breathing":
			return true
		}
	}
	return false
}

// mailBag takes the boxes of the posts of Australia and New Zealand: "Private Bag
// 3115", "Locked Bag 12", "GPO Box 2208".
func (p *page) mailBag(i int) int {
	j := i + 1
	switch w := lowerOf(p.word(j)); p.word(i) {
	case "Private", "Locked", "PRIVATE", "LOCKED":
		if w != "bag" && w != "mail" {
			return 0
		}
		if w == "mail" {
			j++ // Private Mail Bag
		}
	case "GPO", "CMB", "PMB":
		if w != "box" && p.at(j).kind != digits {
			return 0
		}
		if p.at(j).kind == digits {
			j--
		}
	default:
		return 0
	}
	j++
	if t := p.at(j); t.kind != digits && t.kind != mixed || !p.near(j) || t.size() > 6 {
		return 0
	}
	p.put(phi.Street, i, j+1, 0.9, "box")
	p.townAfterStreet(j + 1)
	return j + 1
}
