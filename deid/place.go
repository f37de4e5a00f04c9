package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

const clinicalTraits = reference.Clinical | reference.Drug

// region yields the end of a state, province or country at token i, or i.
func (p *page) region(i int) int {
	e := p.entry(i)
	if !e.Has(reference.Region | reference.RegionHead) {
		return i
	}
	end := i
	if e.Has(reference.Region) {
		end = i + 1
	}
	k := p.at(i).key
	for j := i + 1; j < i+5 && p.at(j).kind == word && p.near(j); j++ {
		k = p.join(k, j)
		if p.lex.Look(k).Has(reference.Region) {
			end = j + 1
		}
	}
	return end
}

// join yields the key of a phrase with the word at token j added.
func (p *page) join(k reference.Key, j int) reference.Key {
	k = k.Add(' ')
	w := p.word(j)
	for i := 0; i < len(w); i++ {
		b := w[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		k = k.Add(b)
	}
	return k
}

// regionBefore yields the number of tokens of the region that ends before
// token i, 0 if none does.
func (p *page) regionBefore(i int) int {
	for n := 1; n <= 3 && i-n >= 0; n++ {
		if p.region(i-n) == i {
			return n
		}
	}
	return 0
}

// phraseAt finds the longest listed phrase with one of the traits that begins
// at token i; head is the trait of its first word. It yields its end and entry.
func (p *page) phraseAt(i int, head reference.Entry, want func(reference.Entry) bool) (int, reference.Entry) {
	e := p.entry(i)
	end, found := i, reference.Entry(0)
	if want(e) {
		end, found = i+1, e
	}
	if !e.Has(head) {
		return end, found
	}
	k := p.at(i).key
	for j, n := i+1, 0; n < 4; j, n = j+1, n+1 {
		for p.isAny(j, "-'.") && p.at(j).gap == gapNone {
			j++
		}
		if p.at(j).kind != word || !p.near(j) || p.at(j).shape == lower1 && p.at(i).shape != lower1 && p.at(j).cue&(cueParticle|cueFunction) == 0 {
			break
		}
		k = p.join(k, j)
		if x := p.lex.Look(k); want(x) {
			end, found = j+1, x
		}
	}
	return end, found
}

func isTown(e reference.Entry) bool { return e.Place() > 0 }

// findPlaces looks for towns, counties and reserves.
func (p *page) findPlaces() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.kind != word || p.taken[i] || p.guard[i] {
			continue
		}
		end := 0
		if r := p.region(i); r > i+1 || r > i && t.entry.Place() == 0 {
			i = r - 1
			continue
		}
		switch {
		case t.capital() || t.shape == camel && t.entry.Place() > 0:
			if end = p.townAndState(i); end == 0 {
				end = p.countyAt(i)
			}
			if end == 0 {
				end = p.townByContext(i)
			}
			if end == 0 {
				end = p.townUnlisted(i)
			}
		case t.shape == lower1 && t.size() > 1 && (t.entry.Place() >= 2 || t.entry.Has(reference.PlaceHead) || p.cue(i-1, cueIn)):
			end = p.lowerTown(i)
		}
		if end > i {
			i = end - 1
		}
	}
}

// townAndState takes "Springfield, IL" and "Red Deer, Alberta": up to four
// capitalised words, a comma and a state or province.
func (p *page) townAndState(i int) int {
	j := i
	for n := 0; n < 5; n++ {
		t := p.at(j)
		if t.kind != word || !t.capital() && t.shape != camel && !(n > 0 && (p.cue(j, cueParticle) || p.word(j) == "sur" || p.word(j) == "of")) || n > 0 && t.gap > gapSpace || t.cue&cueTitle != 0 && p.word(j) != "St" && p.word(j) != "Ste" && p.word(j) != "Mt" {
			return 0
		}
		if t.cue&(cueNever|cueLabel) != 0 && t.entry.Place() == 0 || t.cue&cueMonth != 0 {
			return 0
		}
		j++
		for p.isAny(j, "-'.") && p.at(j).gap == gapNone && p.at(j+1).kind == word && (p.at(j+1).gap == gapNone || p.is(j, '.') && p.at(j-1).size() <= 3) {
			j++
		}
		open := p.is(j, '(')
		if !p.is(j, ',') && !open {
			if p.cue(j, cueState) && p.at(j).shape == upper2 && p.near(j) && p.townSure(i, j) && p.at(j-1).shape != upper2 && (p.at(j+1).kind == digits && p.at(j+1).size() == 5 || p.placeBefore(i) && p.entry(j-1).English() == 0 && !p.entry(j-1).Has(clinicalTraits)) {
				p.put(phi.Place, i, j, 0.85, "town-state")
				return j + 1
			}
			continue
		}
		s := p.at(j + 1)
		st := s.kind == word && s.cue&cueState != 0 && s.shape == upper2 && !p.credentialSeq(j+1, i, j) || open && s.cue&cueState != 0
		end := p.region(j + 1)
		if end > j+1 && p.at(end).capital() && p.near(end) && !p.cue(end, cueLabel) {
			return 0 // New York Heart Association
		}
		if end > j+1 && !open && p.at(j-1).key != p.at(j+1).key && p.region(j-1) == j && p.entry(j-1).Has(reference.Region) {
			return 0 // Oregon, California and Idaho
		}
		if st && p.at(j+2).kind == digits && p.near(j+2) && p.cue(j+3, cueMeasure) || p.entry(i).Has(reference.Eponym) && moreEponyms[p.at(i).key] {
			return 0 // Trendelenburg, NS 200 mL
		}
		if (st || end > j+1 && s.capital()) && p.near(j+1) && (p.townSure(i, j) || !p.nameLike(i, j)) && !p.opensHeading(i, j) {
			p.put(phi.Place, i, j, 0.9, "town-state")
			return j
		}
		return 0
	}
	return 0
}

// opensHeading says whether tokens i to j are ordinary words at the beginning
// of a line, as in "Assessment, Plan".
func (p *page) opensHeading(i, j int) bool {
	for k := i; k < j; k++ {
		if t := p.at(k); t.kind == word && (t.entry.English() == 0 || t.entry.Place() > 2) && !t.entry.Has(clinicalTraits) {
			return false
		}
	}
	return p.townUnknown(i)
}

func (p *page) townUnknown(i int) bool {
	_, e := p.phraseAt(i, reference.PlaceHead, isTown)
	return e.Place() < 2
}

// credentialSeq says whether what looks like a state at token s is a degree or
// an office after a name: "John Smith, MD", "Jane Roe, PA".
func (p *page) credentialSeq(s, i, j int) bool {
	switch p.word(s) {
	case "ID":
		if t := p.at(s + 1); p.isAny(s+1, ":#") || (t.kind == mixed || t.kind == digits) && t.size() > 5 {
			return true
		}
	}
	switch p.word(s) {
	case "MD", "PA", "MS", "CT", "OD", "DC", "OR", "MA", "ND", "ID", "IN", "ME", "HI", "OK":
	default:
		return false
	}
	if i > 0 && p.near(i) && p.at(i-1).capital() && p.entry(i-1).Given() > 2 || p.is(s+1, '-') && p.word(s+2) == "C" {
		return true
	}
	return !p.townSure(i, j) || p.word(s) == "MD" || p.word(s) == "PA" && p.nameLike(i, j) && p.at(i).entry.Given() > 0
}

// townSure says whether tokens i to j are a listed town.
func (p *page) townSure(i, j int) bool {
	end, e := p.phraseAt(i, reference.PlaceHead, isTown)
	return end == j && e.Place() > 0
}

func (p *page) nameLike(i, j int) bool {
	n := 0
	for k := i; k < j; k++ {
		if e := p.entry(k); e.Given() > 1 || e.Family() > 2 {
			n++
		}
	}
	return n > 1
}

// countyAt takes "Orange County", "Comté de X", "County of X", "Six Nations
// Reserve" and "X First Nation".
func (p *page) countyAt(i int) int {
	t := p.at(i)
	if t.cue&cueCounty != 0 && (p.word(i+1) == "of" || p.word(i+1) == "de") && p.at(i+2).capital() {
		p.put(phi.Place, i, i+3, 0.85, "county")
		return i + 3
	}
	for j, n := i+1, 0; n < 3; j, n = j+1, n+1 {
		x := p.at(j)
		if x.kind == punct && p.isAny(j, "-'") && x.gap == gapNone {
			continue
		}
		if x.kind != word || !x.capital() || !p.near(j) {
			return 0
		}
		nation := p.word(j) == "First" && (p.word(j+1) == "Nation" || p.word(j+1) == "Nations")
		if nation {
			j++
		}
		if nation || x.cue&cueCounty != 0 {
			if t.cue&(cueFunction|cueNever|cueOrgMid) != 0 || t.entry.Has(clinicalTraits) || p.word(j) == "Village" && t.entry.English() > 0 {
				return 0
			}
			if p.cue(j+1, cueOrg|cueOrgMid) && p.near(j+1) {
				return 0
			}
			p.put(phi.Place, i, j+1, 0.85, "county")
			return j + 1
		}
	}
	return 0
}

// townByContext takes a listed town that the words around it make a place.
func (p *page) townByContext(i int) int {
	end, e := p.phraseAt(i, reference.PlaceHead, isTown)
	if e == 0 || p.eponymAt(end-1) {
		return 0
	}
	if r := p.region(i); r >= end {
		return 0
	}
	t := p.at(i)
	alone := end == i+1
	if alone && p.word(i-1) == "the" && t.entry.Has(reference.Eponym|reference.Device) && !p.placeAfter(end) {
		return 0
	}
	if alone && (t.cue&(cueMonth|cueNever|cueFunction|cueTitle|cueOrgMid|cueDirection) != 0 || t.size() < 4 && t.shape != title1 || t.entry.Has(reference.Nationality|clinicalTraits)) {
		return 0
	}
	if alone && t.entry.Given() >= 6 && p.at(end).shape == title1 && p.near(end) && p.strength(end) > 0 && !p.comesFrom(i) {
		return 0 // the family of Anna Roe
	}
	cue := p.placeBefore(i) || p.placeAfter(end)
	if x := p.at(end); cue && x.shape == title1 && x.gap == gapSpace && secondOfTown[p.word(end)] {
		p.put(phi.Place, i, end+1, 0.85, "town")
		return end + 1
	}
	word := alone && t.entry.English() > 0 && t.entry.English() < 6
	french := alone && p.french && t.entry.French() == 1
	size := e.Place()
	switch {
	case t.shape == upper2 && (p.caps || size < 7) && !p.placeBefore(i):
		return 0
	case cue && p.comesFrom(i) && p.at(end).shape == title1 && p.near(end) && p.at(end).cue&(cueFunction|cueMonth|cueTitle|cueLabel|cueOrg|cueOrgMid|cueNever|cueCounty) == 0 && p.region(end) == end && !p.at(end).entry.Has(clinicalTraits):
		end++ // Sandy Hollow, where only Sandy is listed
		p.put(phi.Place, i, end, 0.8, "town")
	case cue && !word && !french && (size >= 2 || p.placeVerb(i)):
		p.put(phi.Place, i, end, 0.85, "town")
	case cue && word && size >= 5 && !p.opens(i) && p.placeVerb(i):
		p.put(phi.Place, i, end, 0.7, "town")
	case p.is(i-1, ',') && p.near(i) && (p.isAny(end, ",.)") || p.at(end).gap >= gapLine) && !word && !french && t.shape == title1 && (alone && size >= 5 && p.strength(i) < 5 || !alone && size >= 2) && t.entry.English() == 0 && !t.entry.Has(reference.Eponym|reference.Device) && (alone || !p.is(i-3, ',')) && !p.amongTowns(i):
		p.put(phi.Place, i, end, 0.65, "town-between")
	case size >= 7 && !word && !french && !t.entry.Has(reference.Eponym|reference.Device) && (!alone || t.entry.Given() < 6 && t.entry.Family() < 6):
		p.put(phi.Place, i, end, 0.7, "city")
	default:
		return 0
	}
	return end
}

// amongTowns says whether the words before and after the commas around token i
// are makers or eponyms, so that it is one too.
func (p *page) amongTowns(i int) bool {
	return p.entry(i-2).Has(reference.Eponym|reference.Device) || p.entry(i+2).Has(reference.Eponym|reference.Device)
}

// secondOfTown are words that close the names of towns of two words.
var secondOfTown = wordSet(`Post Point Lake Falls Creek River Bay Beach Hills Hill Springs Valley Rapids Harbour Harbor Island City Town Village Mills Ridge Grove Heights Park Junction Crossing Landing Inlet Cove Flats Prairie Fork Forks Hollow Center Corners Gap Bluff Bend Station Range Vale Common Green Bridge Forest Meadows Shores`)

// placeBefore says whether a word that places stand after is at i-1.
func (p *page) placeBefore(i int) bool {
	j := i - 1
	if p.word(j) == "the" {
		j--
	}
	if p.at(j+1).gap > gapSpace {
		return false
	}
	switch p.word(j) {
	case "downtown", "greater", "Greater", "suburban", "rural", "nearby", "northern", "southern", "eastern", "western", "central", "North", "South", "East", "West":
		return true
	}
	if p.is(j, '(') {
		return p.near(j) && p.at(i).shape == title1 && p.entry(i).Place() >= 3 && p.entry(i).English() == 0 && p.entry(i).French() == 0 && p.at(j-1).kind == word
	}
	if p.at(j).cue&cueIn == 0 {
		return false
	}
	switch p.word(j) {
	case "en", "au", "a", "de", "to", "of", "at", "In", "At", "To", "Of":
		return p.placeVerbAt(j-1) || p.french && (p.word(j) == "a") && (p.at(i).entry.Place() >= 5 || p.at(i).entry.Place() >= 2 && p.at(i).shape == title1 && p.at(i).entry.English() == 0 && p.at(i).entry.French() == 0 && p.strength(i) < 5)
	}
	return true
}

// placeVerb says whether living, coming or going stands before the place.
func (p *page) placeVerb(i int) bool {
	for j := i - 1; j >= i-3 && j >= 0 && p.same(j+1); j-- {
		if p.placeVerbAt(j) || p.word(j) == "from" || p.word(j) == "near" {
			return true
		}
	}
	return false
}

func (p *page) placeVerbAt(j int) bool {
	switch p.word(j) {
	case "new", "from", "near", "lives", "lived", "live", "living", "resides", "residing", "resident", "moved", "moving", "born", "raised", "grew", "native", "based", "located", "travel", "traveled", "travelled", "traveling", "trip", "went", "flew", "drove", "returned", "visiting", "back", "home", "up", "house", "apartment", "family", "working", "works", "worked", "city", "City", "town", "Town", "village", "flight", "drive", "relocated", "transferred", "going", "ne", "nee", "habite", "vit", "habitant", "demeurant", "domicilie", "domiciliee", "originaire", "reside", "vive", "ville", "vol", "voyage":
		return true
	}
	return false
}

// placeAfter says whether a word after the place makes it one.
func (p *page) placeAfter(i int) bool {
	switch p.word(i) {
	case "area", "suburb", "suburbs", "metro", "region", "resident", "residents", "neighborhood", "native", "office", "campus", "branch", "Metro", "Area":
		return p.near(i)
	}
	return false
}

// saintLower takes "st-hyacinthe" after de, à, from and in.
func (p *page) saintLower(i int) int {
	switch p.word(i) {
	case "st", "ste", "saint", "sainte":
	default:
		return 0
	}
	if !p.is(i+1, '-') || p.at(i+1).gap != gapNone || p.at(i+2).kind != word || p.at(i+2).gap != gapNone || !p.cue(i-1, cueIn) && p.word(i-1) != "de" {
		return 0
	}
	end := p.compound(i)
	p.put(phi.Place, i, end, 0.75, "town-lower")
	return end
}

// beforeRegion takes one or two words in small letters between from or in and a
// state: "from water valley mississippi".
func (p *page) beforeRegion(i int) int {
	switch p.word(i - 1) {
	case "from", "in", "near":
	default:
		return 0
	}
	end := i
	for n := 0; n < 3 && p.at(end).kind == word && p.at(end).shape == lower1 && p.near(end) && p.region(end) == end && (p.at(end).cue&(cueFunction|cueMonth|cueDirection|cueKin|cueRole) == 0); n++ {
		end++
	}
	if end == i || end > i+2 || p.region(end) == end || !p.near(end) || p.at(end).shape != lower1 {
		return 0
	}
	rare := false
	for k := i; k < end; k++ {
		if p.entry(k).Has(clinicalTraits) {
			return 0
		}
		rare = rare || p.entry(k).English() != 1
	}
	if !rare {
		return 0
	}
	p.put(phi.Place, i, end, 0.7, "town-before-state")
	return end
}

// lowerTown takes a town in small letters after living in, from or near.
func (p *page) lowerTown(i int) int {
	end, e := p.phraseAt(i, reference.PlaceHead, isTown)
	if end := p.saintLower(i); end > 0 {
		return end
	}
	if end := p.beforeRegion(i); end > 0 {
		return end
	}
	if e.Place() < 2 || e.Place() < 6 && (p.word(i-1) != "in" || e.Given() > 3) || end == i+1 && (p.entry(i).English() > 0 || p.entry(i).French() > 0 && p.french) {
		return 0
	}
	if p.entry(i).Has(clinicalTraits|reference.Region|reference.Nationality) && end == i+1 || p.region(i) >= end || p.eponymAt(end-1) {
		return 0
	}
	switch p.word(i - 1) {
	case "from", "near", "de":
	case "in":
		if e.Place() < 6 && !p.placeVerb(i) {
			return 0
		}
	case "to", "at", "of":
		if !p.placeVerbAt(i - 2) {
			return 0
		}
	default:
		if !p.placeAfter(end) {
			return 0
		}
	}
	p.put(phi.Place, i, end, 0.75, "town-lower")
	return end
}
