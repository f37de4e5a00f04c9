package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// findNames looks for people by the words around them and by the lists.
func (p *page) findNames() {
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.kind != word || p.taken[i] {
			continue
		}
		end := 0
		switch {
		case t.cue&cueTitle != 0:
			end = p.afterTitle(i)
		case p.is(i-1, '[') && p.is(i+1, ']') || p.opens(i) && p.speaker(i):
			if p.likely(i) && p.at(i).size() > 2 && t.cue&(cueTitle|cueRole|cueKin) == 0 {
				p.put(phi.Name, i, i+1, 0.85, "speaker")
				end = i + 1
			}
		}
		if end == 0 {
			end = p.byCue(i)
		}
		if end == 0 && !p.taken[i] {
			switch {
			case t.capital() || t.shape == camel && t.size() > 3:
				end = p.fromLists(i)
			case t.shape == lower1 && t.entry.Given() >= 3:
				end = p.lowerPair(i)
			}
		}
		if end > i {
			i = end - 1
		}
	}
}

// speaker says whether the word at token i labels a line of talk: "Martha:".
func (p *page) speaker(i int) bool {
	return p.is(i+1, ':') && p.at(i+1).gap == gapNone && p.at(i).gap >= gapLine && p.at(i).shape == title1 && p.at(i+2).gap == gapSpace
}

// afterTitle takes the name after Dr, Mrs, M. and the like. A title alone
// stays.
func (p *page) afterTitle(i int) int {
	j := i + 1
	t := p.at(i)
	dot := p.is(j, '.') && p.at(j).gap == gapNone
	if dot {
		j++
	}
	// "M" and "Sr" are titles only with their full stop or before a capital
	switch w := p.word(i); {
	case t.size() == 1 && (!dot || w != "M" || !p.at(j).capital() || p.at(j).gap != gapSpace || p.at(j).entry.French() == 1 && p.french && p.strength(j) == 0 || p.cue(j, cueFunction)):
		if !(w == "M" && !dot && p.french && p.at(j).capital() && p.at(j).gap == gapSpace && p.ordinary(j) == 0) {
			return 0
		}
	case t.size() == 2 && t.shape == lower1 && !dot && (w == "me" || w == "pr" || w == "hr" || w == "ms" || w == "sr" || w == "mm" || w == "fr" || w == "lt"):
		return 0
	case w == "don" || w == "general" || w == "chief" || w == "major" || w == "elder" || w == "fr" || w == "MS" && !dot || w == "Me" && !dot && !p.french || w == "PR" && !dot || w == "CAPT" || w == "General" || w == "Chief" || w == "FR" || w == "HR" || w == "Col" && !dot || w == "Me":
		if !p.at(j).capital() || !p.likely(j) {
			return 0
		}
	case w == "MS" || w == "Ms" && p.at(j).shape == lower1, w == "mm" || w == "MM" && !p.french:
		if !p.at(j).capital() || p.ordinary(j) > 1 {
			return 0
		}
	}
	for n := 0; n < 2 && p.cue(j, cueTitle) && p.near(j) && p.at(j).size() > 1 && !(p.strength(j) > 4); n++ {
		j++
		if p.is(j, '.') {
			j++
		}
	}
	for n := 0; n < 2 && p.cue(j, cueRole) && p.at(j).shape == lower1; n++ { // nurse practitioner
		return 0
	}
	if p.at(j).gap > gapSpace || p.is(j, ',') {
		return 0
	}
	spoken := t.cue&cueRole == 0 || t.capital()
	n := p.nameAt(j, reach{trust: true, lower: spoken && !p.at(j).capital()})
	if n.end == j || n.words == 0 && n.initials < 2 {
		return 0
	}
	if t.cue&(cueRole|cueKin) != 0 && n.likely == 0 && n.listed == 0 {
		return 0
	}
	if p.at(j).shape == lower1 && (n.likely == 0 || t.size() > 4 && p.at(j).entry.English() > 0) {
		return 0
	}
	if t.shape == lower1 && t.size() > 4 && n.likely == 0 { // "the doctor Prescribed"
		return 0
	}
	if n.words == 1 && p.ordinary(j) == 3 && p.strength(j) < 4 && (p.cue(j, cueFunction|cueNever|cueOrg|cueOrgMid) || p.entry(j).Has(clinicalTraits)) {
		return 0
	}
	end := p.putName(j, n.end, 0.95, "title")
	return p.andName(end)
}

// andName goes on over "and Mrs." lists: "Drs. Smith and Jones".
func (p *page) andName(end int) int {
	for n := 0; n < 4; n++ {
		j := end
		if p.is(j, ',') {
			j++
		}
		if w := p.word(j); w == "and" || w == "et" || w == "or" || p.is(j, '&') || p.is(j, '/') {
			j++
		}
		if j == end || !p.near(j) || !p.at(j).capital() || p.cue(j, cueTitle|cueCredential) || !p.likely(j) && p.ordinary(j) > 0 || p.strength(j) < 2 {
			return end
		}
		if p.is(j-1, ',') && p.entry(j).Place() > 5 && p.entry(j).Family() < 5 {
			return end
		}
		x := p.nameAt(j, reach{})
		if x.words == 0 || x.likely == 0 {
			return end
		}
		if next := p.putName(j, x.end, 0.85, "list"); next > 0 {
			end = next
		} else {
			return end
		}
	}
	return end
}

// byCue takes a name that a word before it announces: daughter Anna, nurse
// Kim, thanks Martha, seen by Jane Roe.
func (p *page) byCue(i int) int {
	t := p.at(i)
	if t.cue&(cueKin|cueRole|cueGreet|cueMeet|cueBy) == 0 {
		return 0
	}
	j := i + 1
	kin := t.cue&(cueKin|cueRole) != 0
	if kin && p.is(j, '\'') && p.word(j+1) == "s" { // mother's sister; patient's
		return 0
	}
	named := false
	for n := 0; n < 3; n++ {
		switch w := p.word(j); {
		case p.is(j, ',') && (kin || t.cue&cueGreet != 0), p.is(j, '(') && kin, p.is(j, '"'), p.is(j, '-') && kin && p.at(j).gap == gapSpace:
			j++
		case kin && (w == "named" || w == "name" || w == "called" || w == "is" && named || w == "was" && named || w == "nommee" || w == "nomme"):
			named = true
			j++
		case p.is(j, ':') && kin && p.at(j).gap == gapNone && t.cue&cueTitle == 0:
			j++
		}
	}
	if p.word(i) == "name" {
		named = true
		if p.word(j) == "is" || p.word(j) == "was" || p.is(j, '\'') && p.word(j+1) == "s" {
			if p.is(j, '\'') {
				j++
			}
			j++
		}
	}
	if !p.near(j) || p.at(j).kind != word || p.cue(j, cueTitle) && p.strength(j) < 5 {
		return 0
	}
	x := p.at(j)
	if x.capital() || x.shape == camel {
		return p.cuedCapital(i, j, named)
	}
	return p.cuedLower(i, j, named)
}

// cuedCapital decides on a capitalised word at j that the cue at i announces.
func (p *page) cuedCapital(i, j int, named bool) int {
	t := p.at(i)
	n := p.nameAt(j, reach{trust: named})
	if n.words == 0 {
		return 0
	}
	strong := t.cue&(cueKin|cueRole) != 0
	lists := p.opens(j) && !p.is(j-1, ':') || p.at(j).shape == upper2
	switch {
	case named && p.ordinary(j) < 3:
	case n.words >= 2 && n.likely >= 1 && n.ordinary == 0:
	case strong && n.likely >= 1 && !lists && !p.eponymAt(n.end-1):
	case strong && p.strength(j) >= 6 && p.ordinary(j) <= 2 && p.at(j).shape == title1 && !lists && n.words == 1 && !p.eponymAt(j):
	case t.cue&(cueMeet|cueGreet) != 0 && n.likely >= 1 && p.strength(j) >= 3 && !lists && !p.eponymAt(n.end-1):
	case t.cue&cueGreet != 0 && n.likely >= 1 && p.strength(j) >= 3 && p.is(j-1, ','):
	case t.cue&cueBy != 0 && n.likely >= 1 && p.strength(j) >= 5 && p.ordinary(j) == 0 && !lists && !p.eponymAt(n.end-1) && !p.entry(j).Has(reference.Eponym|reference.Device):
	default:
		return 0
	}
	if p.entry(j).Has(reference.Device) && !named && n.words == 1 {
		return 0
	}
	return p.putName(j, n.end, 0.85, "cue")
}

// cuedLower decides on a word in small letters, as in dictated talk.
func (p *page) cuedLower(i, j int, named bool) int {
	t := p.at(i)
	if p.strength(j) < 4 || p.ordinary(j) >= 2 || p.entry(j).Has(reference.Drug|reference.Eponym) && !named || p.cue(j, cueTitle|cueMeasure|cueHead|cueKin|cueRole|cueAct) {
		return 0
	}
	given := p.entry(j).Given()
	n := p.nameAt(j, reach{lower: true})
	if n.words == 0 {
		return 0
	}
	greet := t.cue&cueGreet != 0 && p.entry(i).French() != 1 || t.cue&cueGreet != 0 && p.french
	ends := p.isAny(n.end, ",.!?") || p.at(n.end).gap >= gapLine
	switch {
	case named && given+p.entry(j).Family() > 5:
	case n.words >= 2 && n.likely >= 2 && given >= 5 && t.cue&(cueKin|cueRole|cueMeet|cueBy|cueGreet) != 0:
	case t.cue&(cueKin|cueRole) != 0 && given >= 6 && p.ordinary(j) == 0:
	case greet && given >= 5 && (ends || n.words >= 2 || p.word(i) == "hi" || p.word(i) == "hey" || p.word(i) == "hello"):
	default:
		return 0
	}
	return p.putName(j, n.end, 0.8, "cue-lower")
}

// fromLists takes names that the lists and their own form make likely.
func (p *page) fromLists(i int) int {
	if end := p.surnameFirst(i); end > 0 {
		return end
	}
	n := p.nameAt(i, reach{})
	if n.words+n.initials < 2 && n.words == 0 {
		return 0
	}
	if end := p.withCredential(i, n); end > 0 {
		return end
	}
	if n.words == 1 && n.initials == 0 {
		return p.alone(i, n)
	}
	if n.words == 0 || p.eponymAt(n.end-1) && n.likely < n.words {
		return 0
	}
	return p.pair(i, n)
}

// surnameFirst takes "SMITH, JOHN Q" and "Smith, John".
func (p *page) surnameFirst(i int) int {
	t := p.at(i)
	if t.entry.Family() == 0 && t.shape != upper2 || t.size() < 2 {
		return 0
	}
	n := p.nameAt(i, reach{comma: true})
	if !n.comma || n.words < 2 && n.initials == 0 || n.words > 4 {
		return 0
	}
	comma := i
	for !p.is(comma, ',') {
		comma++
	}
	g := comma + 1
	given := p.entry(g).Given()
	switch {
	case p.at(g).shape == initial:
		if t.entry.Family() < 4 || p.ordinary(i) > 1 || !p.is(g+1, '.') {
			return 0
		}
	case given >= 4 && (p.ordinary(g) <= 1 || given >= 7) && (p.ordinary(i) <= 1 || t.shape == upper2 && !p.caps && p.ordinary(i) < 3) && t.cue&(cueFunction|cueNever|cueLabel) == 0:
	case given >= 1 && p.ordinary(g) == 0 && p.ordinary(i) == 0 && t.entry.Family() >= 3:
	case t.shape == upper2 && !p.caps && p.ordinary(i) == 0 && p.ordinary(g) == 0 && given > 0:
	default:
		return 0
	}
	// a list of people or places: "Anna, Maria and John", "Boston, Charlotte"
	if t.shape == title1 && t.entry.Given() > t.entry.Family()+2 && t.entry.Given() >= 5 {
		return 0
	}
	return p.putName(i, n.end, 0.85, "surname-first")
}

// withCredential takes a name that a degree follows: "Jane Roe, MD".
func (p *page) withCredential(i int, n person) int {
	j := n.end
	comma := p.is(j, ',')
	if comma {
		j++
	}
	t := p.at(j)
	if t.kind != word || t.cue&cueCredential == 0 || t.gap > gapSpace || t.shape != upper2 && t.shape != camel && t.shape != title1 {
		if !(p.is(j+1, '.') && t.shape == initial && (p.word(j) == "M" || p.word(j) == "D" || p.word(j) == "R") && comma && p.at(j+2).shape == initial && p.at(j+2).gap == gapNone) {
			return 0
		}
	} else if t.shape == title1 && p.word(j) != "Ph" && p.word(j) != "Pharm" || len(p.word(j)) == 2 && t.cue&cueState != 0 && comma && p.townSure(i, n.end) && n.words == 1 {
		return 0
	}
	if !comma && !(t.shape == upper2) {
		return 0
	}
	a := i
	switch {
	case n.words >= 2 && (n.listed > 0 || n.ordinary == 0):
	case n.words == 1 && n.initials > 0 && n.ordinary == 0:
	case n.words == 1 && n.listed == 1 && p.ordinary(i) <= 1 && !p.eponymAt(i):
	default:
		return 0
	}
	return p.putName(a, n.end, 0.93, "credential")
}

// pair takes two and more words that together are a name.
func (p *page) pair(i int, n person) int {
	first := p.entry(i)
	upper := p.at(i).shape == upper2
	last := n.end - 1
	for last > i && (p.at(last).kind != word || p.cue(last, cueSuffix)) {
		last--
	}
	family := p.entry(last).Family()
	lo := p.ordinary(last)
	switch {
	case p.placePair(i, n.end) || p.eponymAt(last) && first.Given() < 6:
		return 0
	case n.words == 1 && n.initials > 0: // J. Smith, John Q.
		if p.at(i).shape == initial && family >= 4 && lo == 0 && !p.eponymAt(last) || first.Given() >= 5 && p.ordinary(i) == 0 {
			break
		}
		return 0
	case n.likely == n.words && (first.Given() > 0 || n.initials > 0) && !(upper && p.headingLine(i, n.end)):
	case first.Given() >= 5 && p.ordinary(i) <= 1 && (family >= 2 && lo <= 2 || lo == 0) && !upper:
	case first.Given() >= 3 && p.ordinary(i) == 0 && (lo == 0 || family >= 5 && lo <= 2):
	case first.Given() >= 5 && p.ordinary(i) <= 2 && !upper && family >= 6 && lo <= 2 && !p.opens(i):
	case first.Given() >= 7 && family >= 7 && !upper && p.personAround(i, n.end):
	case first.Given() >= 1 && p.ordinary(i) == 0 && n.listed == n.words && lo == 0 && !upper:
	case n.likely >= 1 && n.ordinary == 0 && p.personAround(i, n.end):
	case first.Family() >= 4 && p.ordinary(i) == 0 && p.entry(last).Given() >= 5 && lo == 0:
	default:
		return 0
	}
	if first.Has(reference.Device) && p.entry(last).Has(reference.Device|reference.Drug) {
		return 0
	}
	if p.cue(n.end, cueHead) && p.near(n.end) && first.Has(reference.Eponym) && p.entry(last).Has(reference.Eponym) {
		return 0
	}
	return p.putName(i, n.end, 0.85, "lists")
}

// placePair says whether tokens i to end are rather a place: San Diego, Saint
// Paul.
func (p *page) placePair(i, end int) bool {
	e, x := p.phraseAt(i, reference.PlaceHead, isTown)
	return e >= end && x.Place() >= 5 && p.placeBefore(i) || p.region(i) >= end || p.cue(i, cueDirection) && p.at(i).size() > 2
}

// headingLine says whether tokens i to end stand among capitals, as headings
// do, so that their being capitals says nothing.
func (p *page) headingLine(i, end int) bool {
	a, b := p.at(i-1), p.at(end)
	return i > 0 && p.at(i).gap < gapLine && a.shape == upper2 && a.kind == word && a.size() > 2 && p.ordinary(i-1) > 0 || b.gap < gapLine && b.shape == upper2 && b.kind == word && b.size() > 2 && p.ordinary(end) > 0 && !p.cue(end, cueLabel|cueCredential)
}

// personAround says whether the words beside tokens i to end speak of a
// person.
func (p *page) personAround(i, end int) bool {
	if t := p.at(end); t.kind == word && t.gap == gapSpace && t.cue&cueAct != 0 && t.shape == lower1 {
		return true
	}
	if p.is(end, ',') && (p.at(end+1).kind == digits || p.word(end+1) == "a" || p.word(end+1) == "an" || p.word(end+1) == "who") || p.is(end, '(') && (p.word(end+1) == "DOB" || p.word(end+1) == "MRN") {
		return true
	}
	return p.cue(i-1, cueMeet|cueKin|cueRole) && p.near(i) && !p.opens(i)
}

// alone decides on one capitalised word without title, label or second name.
func (p *page) alone(i int, n person) int {
	t := p.at(i)
	strength, ordinary := p.strength(i), p.ordinary(i)
	if strength < 2 || t.size() < 3 || t.shape == upper2 && (p.caps || t.size() < 4) || t.entry.Has(reference.Device|reference.Nationality|reference.Drug) || p.eponymAt(n.end-1) {
		return 0
	}
	if w := p.word(i - 1); (w == "the" || w == "a" || w == "an" || w == "The" || w == "this") && p.near(i) {
		return 0
	}
	person := p.personAround(i, n.end)
	possessive := p.is(n.end, '\'') && p.word(n.end+1) == "s" && p.at(n.end).gap == gapNone
	clear := strength >= 6 && ordinary == 0
	eponym := t.entry.Has(reference.Eponym)
	switch {
	case t.shape == upper2 && !person:
		return 0
	case person && ordinary == 0 && strength >= 3, person && ordinary <= 1 && strength >= 6, person && ordinary <= 2 && strength >= 7 && !p.opens(i):
	case eponym:
		return 0
	case possessive && clear, possessive && ordinary == 0 && strength >= 4 && !p.opens(i):
	case clear && t.entry.Given() >= 5:
	case clear && !p.opens(i) && strength >= 6:
	default:
		return 0
	}
	if end := p.townAlone(i); end {
		return 0
	}
	return p.putName(i, n.end, 0.75, "alone")
}

// townAlone says whether the word is rather a town than a person.
func (p *page) townAlone(i int) bool {
	e := p.entry(i)
	return e.Place() >= 7 && e.Given() < 6 && e.Family() < 6
}

// lowerPair takes a given name and a surname in small letters: "john smith is
// a 54-year-old".
func (p *page) lowerPair(i int) int {
	if p.ordinary(i) >= 2 || p.entry(i).Given() < 5 || p.entry(i).Has(clinicalTraits) || p.cue(i, cueHead|cueMeasure|cueFunction) {
		return 0
	}
	n := p.nameAt(i, reach{lower: true})
	if n.words < 2 || n.listed < 2 {
		return 0
	}
	last := n.end - 1
	fam := p.entry(last).Family()
	lo := p.ordinary(last)
	if p.cue(last, cueHead|cueMeasure) || p.cue(n.end, cueHead) && p.near(n.end) {
		return 0
	}
	switch {
	case n.likely == n.words && fam >= 3 && lo == 0:
	case fam >= 6 && lo <= 1:
	case fam >= 7 && lo <= 2 && p.entry(i).Given() >= 7 && p.ordinary(i) == 0:
	default:
		return 0
	}
	return p.putName(i, n.end, 0.75, "lists-lower")
}

// nameValue takes a name after a label. Where the label may also open prose
// ("Patient:" in a dialogue), the words must look like a name.
func (p *page) nameValue(i int, sure, below bool) int {
	for n := 0; n < 3 && (p.cue(i, cueTitle) && p.at(i).size() > 1 && p.at(i+1).kind != edge || p.is(i, '.')); n++ {
		i++
	}
	if p.at(i).gap >= gapPara && below {
		return 0
	}
	n := p.nameAt(i, reach{trust: true, lower: true, comma: true})
	if n.end == i || n.words == 0 && n.initials < 2 {
		return 0
	}
	if !p.valueIsName(i, n, sure, below) {
		return 0
	}
	end := p.putName(i, n.end, 0.95, "label")
	return p.moreNames(end)
}

// valueIsName decides whether the words after a label are a name.
func (p *page) valueIsName(i int, n person, sure, below bool) bool {
	t := p.at(i)
	stop := p.valueEnds(n.end)
	small := t.shape == lower1
	first := p.ordinary(i)
	switch {
	case p.cue(i, cueFunction) && !p.likely(i):
		return false
	case p.cue(i, cueNever|cueRole|cueKin|cueTitle) && n.words == 1 && p.strength(i) < 5:
		return false
	case small:
		return n.likely == n.words && n.words > 0 && (n.words > 1 || stop) && p.strength(i) >= 4 && (sure || stop)
	case n.likely > 0 && (n.words > 1 || stop || p.likely(i) && first == 0):
		return true
	case below && n.listed == 0:
		return false
	case n.ordinary == 0 && (n.words > 1 || stop):
		return first < 2
	case sure:
		return stop && (first < 3 || p.strength(i) > 0) && n.words <= 4
	}
	return n.words == 2 && n.listed == 2 && stop && first < 3 && p.ordinary(n.end-1) < 3
}

// valueEnds says whether a field ends before token i.
func (p *page) valueEnds(i int) bool {
	t := p.at(i)
	return t.kind == edge || t.gap >= gapWide || p.isAny(i, ",;|(\"<>)/]}") || p.is(i, '.') && p.at(i+1).gap != gapNone || t.cue&(cueCredential|cueLabel) != 0 || t.kind == digits || p.is(i, '-') && t.gap == gapSpace
}

// moreNames goes on over further names of the same field: "cc: Dr. A. Roe,
// Jane Doe MD; John Poe".
func (p *page) moreNames(end int) int {
	for n := 0; n < 6 && end > 0; n++ {
		j := end
		for m := 0; m < 4 && p.near(j) && (p.isAny(j, ",;&/.") || p.word(j) == "and" || p.word(j) == "et" || p.cue(j, cueCredential) && !p.likely(j)); m++ {
			j++
		}
		for p.cue(j, cueTitle) && p.near(j) || p.is(j, '.') && p.cue(j-1, cueTitle) {
			j++
		}
		if j == end || !p.near(j) || !p.at(j).capital() {
			return end
		}
		x := p.nameAt(j, reach{comma: true})
		if x.words < 1 || x.likely == 0 || x.ordinary > 0 || x.words == 1 && x.initials == 0 && !p.cue(j-1, cueTitle) && !p.is(j-1, '.') && p.strength(j) < 5 {
			return end
		}
		next := p.putName(j, x.end, 0.85, "label-list")
		if next == 0 {
			return end
		}
		end = next
	}
	return end
}

// looksLikeNames says whether a whole field under a name's key can be a name.
func (p *page) looksLikeNames(a, b int) bool {
	words := 0
	for i := a; i < b; i++ {
		t := p.at(i)
		switch {
		case t.kind == digits || t.kind == mixed:
			return false
		case t.kind == word:
			words++
			if t.cue&cueFunction != 0 && p.strength(i) == 0 && t.cue&cueParticle == 0 {
				return false
			}
		}
	}
	if words == 0 || words > 7 {
		return false
	}
	return words > 1 || p.entry(a).English() == 0 || p.strength(a) > 0
}
