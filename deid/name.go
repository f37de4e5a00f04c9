package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// strength says how strongly the lists speak for token i as part of a name,
// 0 to 9.
func (p *page) strength(i int) int {
	e := p.entry(i)
	n := max(e.Given(), e.Family())
	if n < 2 && p.at(i).capital() && surnameEnding(p.word(i)) {
		return 2
	}
	return n
}

// surnameEnding knows endings that words have as surnames of many languages
// and hardly otherwise.
func surnameEnding(s string) bool {
	if len(s) < 6 {
		return false
	}
	for _, end := range surnameEnds[s[len(s)-1]|0x20] {
		if len(s) > len(end)+2 && lowerHasSuffix(s, end) {
			return true
		}
	}
	return false
}

// surnameEnds are those endings by their last letter.
var surnameEnds = func() (ends [256][]string) {
	for _, end := range []string{"sson", "sdottir", "ovic", "evic", "wicz", "enko", "escu", "poulos", "idis", "akis", "shvili", "adze", "yan", "nen", "ova", "eva", "ski", "ska", "sky", "kov", "nov", "rov", "yev", "iyev", "oglu", "zadeh", "inho", "elli", "etti", "ucci", "ez", "kowski", "cki", "cka", "ckas", "aitis", "quist", "lund", "gaard", "sen", "stra", "sma", "wala", "singh", "deep", "preet", "murthy", "swamy", "moorthy", "nathan"} {
		last := end[len(end)-1]
		ends[last] = append(ends[last], end)
	}
	return ends
}()

func lowerHasSuffix(s, end string) bool {
	s = s[len(s)-len(end):]
	for i := 0; i < len(end); i++ {
		if s[i]|0x20 != end[i] {
			return false
		}
	}
	return true
}

// ordinary says how much token i is a word of its own, 0 not at all to 3: a
// common English word, a word of medicine, in French text a French one.
func (p *page) ordinary(i int) int {
	t := p.at(i)
	e := t.entry
	n := 0
	switch en := e.English(); {
	case en == 0:
	case en <= 2:
		n = 3
	case en <= 4:
		n = 2
	default:
		n = 1
	}
	if e.Has(reference.Region) && e.Given() >= 6 {
		n = max(n, 2)
	} else if e.Has(reference.Region) {
		n = 3
	}
	if e.Has(clinicalTraits|reference.Nationality) || t.cue&(cueFunction|cueNever|cueOrgMid|cueOrg|cueMonth|cueWeekday) != 0 {
		n = 3
	}
	if p.french {
		switch e.French() {
		case 0:
		case 1:
			n = max(n, 2)
		default:
			n = max(n, 1)
		}
	}
	return n
}

// likely says whether token i alone is rather a name than a word.
func (p *page) likely(i int) bool {
	return p.strength(i) >= [4]int{1, 4, 7, 10}[p.ordinary(i)]
}

// person is a run of tokens that may be somebody's name.
type person struct {
	end      int
	words    int // whole words, no initials, particles or titles
	listed   int // of those, in the lists of names
	likely   int // of those, rather names than words
	ordinary int // of those, rather words than names
	initials int
	comma    bool // SURNAME, GIVEN
}

// reach says how far a name may be read.
type reach struct {
	lower bool // small letters count
	trust bool // the first word counts whatever it is
	comma bool // a comma may stand between surname and given name
}

const maxNameParts = 6

// nameAt reads a name that begins at token i.
func (p *page) nameAt(i int, r reach) person {
	n := person{end: i}
	j := i
	for parts := 0; parts < maxNameParts; parts++ {
		if j > i && p.at(j).gap > gapSpace {
			break
		}
		if p.at(i).shape == initial && n.words > 0 && p.at(j).shape == initial && p.is(j+1, '.') && p.at(j+2).capital() {
			break // "B. Vauquelin H. Dorval" are two people
		}
		k := p.namePart(j, &n, r, i)
		if k == j {
			break
		}
		j = k
		n.end = j
		if r.comma && p.is(j, ',') && !n.comma && n.words > 0 && p.at(j+1).gap <= gapSpace && p.commaName(i, j) {
			n.comma = true
			j++
		}
	}
	if n.comma && p.is(n.end, ',') && !p.cue(n.end+1, cueLabel|cueCredential) && p.at(n.end+1).kind != digits {
		n.comma = false
	}
	if n.words+n.initials > 0 {
		n.end = p.suffix(n.end)
	}
	return n
}

// commaName says whether what stands after the comma at token j goes on with
// the same name, as in "SMITH, JOHN Q": no degree, no town, no word.
func (p *page) commaName(i, j int) bool {
	t := p.at(j + 1)
	if t.shape == upper2 && t.cue&cueCredential != 0 && p.at(i).shape == title1 {
		return false
	}
	if t.kind != word || !t.capital() && t.shape != camel || t.cue&(cueCredential|cueLabel|cueFunction|cueNever|cueKin|cueRole) != 0 && t.entry.Given() < 3 {
		return false
	}
	if t.shape == initial {
		return p.is(j+2, '.') || p.at(j).gap == gapNone
	}
	if p.ordinary(j+1) >= 3 && t.entry.Given() < 5 {
		return false
	}
	if t.shape == upper2 && p.at(i).shape == title1 && t.entry.Given() < 3 {
		return false
	}
	return t.entry.Given() > 0 || p.at(i).shape == upper2 && t.entry.English() == 0 || t.entry.English() == 0 && p.strength(j-1) > 0
}

// suffix goes on over Jr, III and the like.
func (p *page) suffix(i int) int {
	j := i
	if p.is(j, ',') {
		j++
	}
	if p.cue(j, cueSuffix) && p.near(j) && (p.at(j).capital() || p.at(j).kind == mixed || p.word(j) == "jr" || p.word(j) == "sr") {
		j++
		if p.is(j, '.') && p.at(j).gap == gapNone && !p.cue(j-1, cueNumber) && p.at(j-1).size() == 2 && p.at(j-1).shape == title1 {
			j++
		}
		return j
	}
	return i
}

// namePart takes one part of a name at token j: a word with its hyphens and
// apostrophes, an initial, or a particle with the word it leads to. It yields
// the token after it, or j.
func (p *page) namePart(j int, n *person, r reach, from int) int {
	t := p.at(j)
	if t.kind != word {
		return j
	}
	switch {
	case t.size() <= 2 && t.cue&cueFunction == 0 && p.is(j+1, '\'') && p.at(j+2).size() > 2 && r.lower, t.shape == initial && (p.is(j+1, '\'') && p.at(j+1).gap == gapNone && p.at(j+2).gap == gapNone):
		return p.nameWord(j, n, r, from)
	case t.shape == initial, t.shape == upper2 && t.size() == 2 && p.is(j+1, '.') && p.at(j+1).gap == gapNone && (n.initials > 0 || p.at(j+2).capital()) && t.cue&(cueTitle|cueCredential|cueParticle|cueSuffix) == 0:
		return p.initialPart(j, n)
	case t.cue&cueParticle != 0 && t.size() <= 5 && p.leads(j, r) && (n.words > 0 || n.initials > 0 || r.trust || t.capital() || t.size() > 2):
		k := j + 1
		for m := 0; m < 2 && (p.cue(k, cueParticle) && p.leads(k, r) || p.isAny(k, ".'-") && p.at(k).gap == gapNone); m++ {
			k++
		}
		if next := p.nameWord(k, n, r, from); next > k {
			return next
		}
		return j
	}
	return p.nameWord(j, n, r, from)
}

// leads says whether a particle at token j is followed by a word it can join
// to.
func (p *page) leads(j int, r reach) bool {
	k := j + 1
	for m := 0; m < 2 && p.isAny(k, ".'-") && p.at(k).gap == gapNone; m++ {
		k++
	}
	t := p.at(k)
	if t.kind != word || t.gap > gapSpace {
		return false
	}
	if t.capital() || t.shape == camel {
		return p.at(j).shape != title1 || p.word(j) != "A" && p.word(j) != "E" && p.word(j) != "La" || p.strength(k) > 0
	}
	return t.cue&cueParticle != 0 && p.at(j).shape == lower1 && (p.at(k+1).capital() || r.lower && p.strength(k+1) > 2) && p.near(k+1) || r.lower && p.strength(k) >= 4 && p.ordinary(k) < 2
}

// initialPart takes "J." or "J" between the words of a name.
func (p *page) initialPart(j int, n *person) int {
	if p.is(j+1, '-') && p.at(j+1).gap == gapNone && p.at(j+2).capital() && p.at(j+2).gap == gapNone {
		n.initials++
		if p.at(j+2).shape == initial && p.is(j+3, '.') {
			return j + 4 // J-P.
		}
		return j + 2 // then M-Antonin goes on as a word
	}
	if p.is(j+1, '.') && p.at(j+1).gap == gapNone {
		n.initials++
		return j + 2
	}
	if t := p.at(j + 1); n.words > 0 || t.capital() && t.gap == gapSpace || p.is(j+1, '-') {
		if p.word(j) == "I" || p.word(j) == "A" && n.words == 0 && !(p.cue(j-1, cueTitle) && p.at(j+1).shape == initial) {
			return j
		}
		n.initials++
		return j + 1
	}
	return j
}

// nameWord takes one word of a name with what is hyphened to it.
func (p *page) nameWord(j int, n *person, r reach, from int) int {
	k, ok := p.plainPart(j, n, r, from)
	if !ok {
		return j
	}
	for m := 0; m < 3 && p.isAny(k, "-'") && p.at(k).gap == gapNone && p.at(k+1).gap == gapNone; m++ {
		t := p.at(k + 1)
		if t.kind != word || p.is(k, '\'') && (p.word(k+1) == "s" || p.word(k+1) == "S" || t.size() < 2) {
			break
		}
		if !t.capital() && t.shape != camel && !(r.lower && p.strength(k+1) > 0) && !(p.strength(k+1) > 3 && p.ordinary(k+1) < 2) {
			break
		}
		if p.is(k, '-') && t.shape == title1 && p.ordinary(k+1) >= 3 && p.strength(k+1) < 5 {
			break
		}
		if p.strength(k+1) > 0 {
			n.listed++
		}
		k += 2
	}
	return k
}

// plainPart decides on one word and counts it.
func (p *page) plainPart(j int, n *person, r reach, from int) (int, bool) {
	t := p.at(j)
	if t.kind != word {
		return j, false
	}
	first := n.words == 0
	if p.is(j+1, '\'') && p.at(j+1).gap == gapNone && t.size() <= 2 && p.at(j+2).kind == word && p.at(j+2).gap == gapNone && p.at(j+2).size() > 2 {
		// O'Neil, D'Angelo, l'Ecuyer
		if t.shape == lower1 && !r.lower && !p.at(j+2).capital() {
			return j, false
		}
		n.words++
		n.likely++
		if p.strength(j+2) > 0 {
			n.listed++
		}
		return j + 3, true
	}
	strength, ordinary := p.strength(j), p.ordinary(j)
	switch {
	case t.shape == lower1:
		if r.lower && r.trust && first && strength >= 6 && t.cue&cueFunction == 0 && p.is(j-1, '.') {
			break
		}
		if !r.lower || t.cue&(cueFunction|cueLabel) != 0 && !(strength >= 7 && ordinary < 3) || ordinary >= 2 && strength < 7 || ordinary == 3 && (first || strength < 8 || t.entry.Has(clinicalTraits)) || strength == 0 && !(r.trust && first && t.entry.English() == 0) {
			return j, false
		}
	case t.cue&cueFunction != 0 && !(strength >= 4 && t.shape == title1 && !p.opens(j)):
		return j, false
	case t.cue&(cueNever|cueWeekday|cueMonth) != 0 && !(r.trust && first && strength >= 3) && !(strength >= 5 && !p.dated(j) && !first):
		return j, false
	case t.cue&cueOrgFr != 0 && t.shape == upper2 && strength < 3 && t.size() <= 5:
		return j, false
	case t.cue&cueOrg != 0 && strength < 5 && !(r.trust && first):
		return j, false
	case t.cue&cueCredential != 0 && !first && (t.shape == upper2 || p.is(j+1, '.') || strength < 3):
		return j, false
	case !first && p.french && t.shape == upper2 && p.at(from).shape == title1 && p.entry(from).Given() >= 4 && ordinary < 3:
	case !first && ordinary >= 2 && strength < 4 && !r.trust, !first && ordinary == 3 && strength < 4:
		return j, false
	case !first && t.shape == upper2 && p.at(from).shape == title1 && strength == 0 && (ordinary > 2 || ordinary > 0 && !p.french || t.size() < 3 || t.size() < 4 && !p.french || p.entry(from).Given() < 3 && !r.trust):
		return j, false
	case !first && t.cue&(cueTitle|cueLabel) != 0 && (p.is(j+1, ':') || p.is(j+1, '.') && strength < 3 || strength < 3):
		return j, false
	case first && !r.trust && ordinary == 3 && strength < 4:
		return j, false
	}
	n.words++
	if strength > 0 {
		n.listed++
	}
	switch {
	case p.likely(j):
		n.likely++
	case ordinary > 0:
		n.ordinary++
	}
	return j + 1, true
}

// dated says whether a month's name at token j belongs to a date.
func (p *page) dated(j int) bool {
	return p.at(j+1).kind == digits && p.near(j+1) || p.at(j-1).kind == digits && p.near(j) || p.is(j+1, ',') && p.year(j+2, false)
}

// putName puts a name without the marks at its end.
func (p *page) putName(a, end int, score float64, rule string) int {
	for end > a && p.at(end-1).kind == punct && !(p.is(end-1, '.') && p.at(end-2).shape == initial && end-a > 2) {
		end--
	}
	if end <= a {
		return 0
	}
	p.put(phi.Name, a, end, score, rule)
	return end
}
