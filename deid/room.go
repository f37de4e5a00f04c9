package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// houseNumber takes "house 114", "cell 41", "C-block, cell 41" and "cabin 6":
// where somebody lives when the street has no name.
func (p *page) houseNumber(i int) int {
	switch p.word(i) {
	case "house", "House", "HOUSE", "cell", "Cell", "CELL", "cabin", "Cabin", "trailer", "Trailer", "hut", "Hut", "cottage", "Cottage", "bungalow", "dorm", "Dorm", "tent", "maison", "porte":
	default:
		return 0
	}
	j := i + 1
	t := p.at(j)
	if p.is(j, '#') {
		j++
		t = p.at(j)
	}
	lone := p.isAny(i-1, ",.;(") || p.opens(i)
	switch lowerOf(p.word(i - 1)) {
	case "in", "at", "to", "from", "lives", "of", "@", "a", "en":
		lone = true
	}
	if !lone || !p.near(j) || t.gap == gapNone && j == i+1 || t.kind != digits && t.kind != mixed || t.size() > 4 || p.guard[j] || p.cue(j+1, cueMeasure|cueYears|cueHead) || p.isAny(j+1, "/%") || p.is(j+1, '-') && p.at(j+1).gap == gapNone && p.at(j+2).kind == word {
		return 0
	}
	if at := p.at(j + 1); at.kind == word && at.gap == gapSpace && at.shape == lower1 && (at.cue&cueFunction == 0 || p.word(j+1) == "of") {
		return 0 // "cell 3 times"
	}
	a := i
	if p.is(i-1, ',') && (p.word(i-2) == "block" || p.word(i-2) == "Block") {
		for a = i - 2; a > 0 && p.at(a).gap == gapNone; a-- { // C-block
		}
	}
	p.put(phi.Street, a, j+1, 0.8, "house-number")
	return j + 1
}

// occupants are the words for who lies in a room.
var occupants = wordSet(`lady man gentleman guy woman patient pt resident family pts kid mom`)

// occupied takes the room of "Mr. Delgado in 306?" and "the lady in 7".
func (p *page) occupied(i int) int {
	if p.word(i) != "in" {
		return 0
	}
	t, who := p.at(i+1), p.at(i-1)
	if !p.near(i+1) || t.kind != digits && t.kind != mixed || t.size() > 4 || p.guard[i+1] || t.size() == 4 && t.kind == digits || t.kind == mixed && !allDigits(p.word(i + 1)[:t.size()-1]) {
		return 0
	}
	titled := who.shape == title1 && (p.cue(i-2, cueTitle) || p.is(i-2, '.') && p.cue(i-3, cueTitle))
	if !titled && !occupants[p.word(i-1)] {
		return 0
	}
	if x := p.at(i + 2); x.kind != edge && x.gap < gapLine && !p.isAny(i+2, "?.,;)!") || p.is(i+2, '.') && p.at(i+3).gap == gapNone && p.at(i+3).kind == digits {
		switch p.word(i + 2) {
		case "is", "has", "wants", "needs", "who", "with", "and", "keeps", "was", "for", "c":
		default:
			return 0
		}
	}
	p.put(phi.Street, i+1, i+2, 0.75, "occupied")
	return i + 2
}

// roadTypes are the words that close a street's name where no number is.
var roadTypes = wordSet(`Street Avenue Ave Road Rd Boulevard Blvd Lane Ln Crescent Highway Parkway Terrace Trail Turnpike Wynd Brae`)

// roadInAddress takes the street of an address that has no number: "Rose
// Cottage, Chapel Street, Ludlow", or at the head of a letter.
func (p *page) roadInAddress(a, i int) int {
	if p.word(i) == "St" && p.is(i+1, '.') && p.is(i+2, ',') && p.at(i+1).gap == gapNone && a < i && p.at(i+3).shape == title1 && p.near(i+3) && (p.is(a-1, ',') || p.at(a).gap >= gapLine) && !p.at(a).entry.Has(clinicalTraits) {
		p.put(phi.Street, a, i+2, 0.78, "street-name")
		p.townAfterStreet(i + 2)
		return i + 2
	}
	if !roadTypes[p.word(i)] || !p.is(i+1, ',') || !p.at(i+2).capital() || !p.near(i+2) || a == i || p.at(a).entry.Has(clinicalTraits) || p.at(i+2).entry.Has(clinicalTraits) || p.cue(i+2, cueMonth|cueWeekday) {
		return 0
	}
	switch {
	case p.at(a).gap >= gapLine && a > 0:
	case p.is(a-1, ',') && p.near(a):
		b := a - 1
		for b > 0 && b > a-4 && p.at(b-1).capital() && p.at(b).gap <= gapSpace {
			b--
		}
		switch p.word(a - 2) {
		case "Cottage", "House", "Farm", "Lodge", "Villa", "Maltings", "Barn", "Bungalow", "Court", "Cottages", "Mill", "Hall":
			if b < a-2 {
				a = b // the house that has a name
			}
		}
	default:
		return 0
	}
	p.put(phi.Street, a, i+1, 0.8, "street-name")
	p.townAfterStreet(i + 1)
	return i + 1
}

// smallRoad takes "on tamiami trail" in a text without capitals.
func (p *page) smallRoad(i int) int {
	if !p.small || p.at(i).shape != lower1 {
		return 0
	}
	switch p.word(i - 1) {
	case "on", "off", "along", "near", "down":
	default:
		return 0
	}
	for j := i + 1; j < i+3 && p.near(j); j++ {
		if t := p.at(j - 1); t.kind != word || t.cue&(cueFunction|cueMonth|cueWeekday|cueMeasure|cueUnit) != 0 || t.entry.Has(clinicalTraits|reference.Device) || t.size() < 3 {
			return 0
		}
		switch p.word(j) {
		case "street", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "trail", "drive", "highway", "parkway", "turnpike":
			if e := p.entry(i).English(); e > 0 && e < 4 {
				return 0
			}
			p.put(phi.Street, i, j+1, 0.75, "small-road")
			return j + 1
		}
	}
	return 0
}

// unitBefore yields the first token of an apartment's number before the house
// number at token i: "#204 - 3310 Cedar Hill Road", "15 - 880 lawson ave".
func (p *page) unitBefore(i int) int {
	if !p.is(i-1, '-') || !p.near(i) || p.at(i-1).gap > gapSpace || p.at(i).kind != digits {
		return i
	}
	t := p.at(i - 2)
	if t.kind != digits && t.kind != mixed || t.size() > 4 || p.isAny(i-3, "/.-") && t.gap == gapNone {
		return i
	}
	if p.is(i-3, '#') {
		return i - 3
	}
	return i - 2
}

// esquina takes "esquina de Convent y Zaragoza".
func (p *page) esquina(i int) int {
	if w := p.word(i); w != "esquina" && w != "Esquina" || p.word(i+1) != "de" && p.word(i+1) != "con" {
		return 0
	}
	j := i + 2
	if !p.at(j).capital() || p.word(j+1) != "y" && p.word(j+1) != "con" || !p.at(j+2).capital() || !p.near(j+2) {
		return 0
	}
	a := i
	if p.word(i-1) == "la" && p.near(i) {
		a--
	}
	p.put(phi.Street, a, j+3, 0.8, "corner")
	return j + 3
}

// streetAhead says whether a street's name stands at token i, so that the
// digits before it are an apartment and a house: 310-1455 Balaclava Street.
func (p *page) streetAhead(i int) bool {
	for j := i; j < i+4 && p.at(j).capital() && p.near(j); j++ {
		if j > i && p.cue(j, cueStreet) {
			return true
		}
	}
	return false
}
