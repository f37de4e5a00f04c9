package deid

import (
	"chaperone/phi"
	"chaperone/reference"
)

// byShape takes a name that the way it is written gives away: SURNAME/GIVEN,
// letters spelled one by one, a speaker of a chat, initials at the end.
func (p *page) byShape(i int) int {
	t := p.at(i)
	if t.size() == 1 {
		if end := p.spelledLetters(i); end > 0 {
			return end
		}
	}
	if t.size() == 1 && !p.is(i+1, '\'') {
		if end := p.hyphenInitials(i); end > 0 {
			return end
		}
		if end := p.initialLower(i); end > 0 {
			return end
		}
		return p.typist(i)
	}
	if t.shape == upper2 && (p.is(i+1, '/') || p.is(i+1, '^')) && p.at(i+1).gap == gapNone {
		if end := p.slashedName(i); end > 0 {
			return end
		}
	}
	if end := p.chatSpeaker(i); end > 0 {
		return end
	}
	if end := p.commaPair(i); end > 0 {
		return end
	}
	if end := p.particleCaps(i); end > 0 {
		return end
	}
	if end := p.camelName(i); end > 0 {
		return end
	}
	if end := p.initialLower(i); end > 0 {
		return end
	}
	if end := p.doesHuman(i); end > 0 {
		return end
	}
	if end := p.nickname(i); end > 0 {
		return end
	}
	return p.typist(i)
}

// spelledLetters takes four and more single letters with blanks between them,
// as speech spells a name: "t u b b s".
func (p *page) spelledLetters(i int) int {
	j := i
	for j < i+30 && p.at(j).kind == word && p.at(j).size() == 1 && (j == i || p.at(j).gap == gapSpace || p.at(j).gap == gapWide) {
		j++
	}
	if j-i < 4 || p.at(i).shape != lower1 || p.is(i-1, '\'') || p.word(i) == p.word(i+1) && p.word(i+1) == p.word(i+2) {
		return 0
	}
	if w := p.word(i - 1); j-i < 5 && !p.cue(i-1, cueAct) && w != "spelled" && w != "spelling" && w != "spell" && w != "name" && p.strength(i-1) < 3 {
		return 0
	}
	p.put(phi.Name, i, j, 0.8, "spelled")
	return j
}

// slashedName takes KELLER/HANS and SMITH^JOHN^Q: a surname and a given name in
// capitals with a mark between them and no blank.
func (p *page) slashedName(i int) int {
	mark := p.txt[p.tok[i+1].start]
	j := i + 2
	if x := p.at(j); x.shape != upper2 || x.gap != gapNone || p.at(i).size() < 3 || x.size() < 3 || p.ordinary(i) > 1 || p.ordinary(j) > 1 || p.entry(i).Family() < 2 && p.entry(j).Given() < 6 || max(p.entry(j).Given(), p.entry(i).Given()) < 3 {
		return 0
	}
	end := j + 1
	for n := 0; n < 2 && p.is(end, mark) && p.at(end).gap == gapNone && p.at(end+1).kind == word && p.at(end+1).gap == gapNone && (p.at(end+1).shape == initial || p.strength(end+1) >= 3); n++ {
		end += 2
	}
	p.put(phi.Name, i, end, 0.85, "slashed")
	return end
}

// chatSpeaker takes who speaks in a chat: "[8:02] keely.rn: …", "Big Mike: …".
func (p *page) chatSpeaker(i int) int {
	stamped := p.is(i-1, ']') && p.near(i) && p.at(i-2).kind == digits
	if !stamped && p.at(i).gap < gapLine {
		return 0
	}
	end, words := i, 0
	for end < i+6 && (end == i || p.at(end).gap <= gapSpace) && !p.is(end, ':') {
		switch t := p.at(end); {
		case t.kind == word:
			words++
			if stamped && t.gap == gapNone && end > i {
				break // keely.rn
			}
			if t.cue&(cueFunction|cueNever|cueLabel|cueTitle|cueOrg|cueOrgMid) != 0 && p.strength(end) < 6 || t.entry.Has(clinicalTraits) || t.cue&cueRole != 0 {
				return 0
			}
		case p.isAny(end, "._-") && t.gap == gapNone:
		default:
			return 0
		}
		end++
	}
	if !p.is(end, ':') || p.at(end).gap != gapNone || words == 0 || words > 3 {
		return 0
	}
	last := end - 1
	switch {
	case stamped && p.at(i).size() > 1:
	case words == 2 && p.at(i).shape == title1 && p.at(last).shape == title1 && p.entry(last).Given() >= 7 && p.ordinary(last) < 3 && p.at(end+1).gap == gapSpace:
	default:
		return 0
	}
	p.put(phi.Name, i, end, 0.8, "speaker")
	return end
}

// commaPair takes "Osei, Kwabena" where no list has the given name, "Paquette,
// S NP", and in small letters "purdy, arlene - ", at the beginning of a line or
// after a word for a patient or a clinician.
func (p *page) commaPair(i int) int {
	c := p.surnameEnd(i)
	if c == 0 || !p.is(c, ',') || p.at(c).gap != gapNone || p.at(c+1).kind != word || p.at(c+1).gap > gapSpace {
		return 0
	}
	led := p.pointsAtName(i)
	if !led && p.at(i).gap < gapWide && !p.isAny(i-1, "|\"") {
		return 0
	}
	g, s := p.at(c+1), c-1
	t := p.at(s) // the surname itself, behind its particles
	if t.cue&(cueFunction|cueNever|cueLabel|cueMonth|cueWeekday|cueTitle|cueRole|cueKin|cueGreet|cueOrg) != 0 && p.strength(s) < 7 || t.entry.Has(clinicalTraits|reference.Region) || g.cue&(cueFunction|cueNever|cueCredential|cueMonth|cueRole|cueKin|cueState) != 0 && g.shape != initial && g.entry.Given() < 6 || g.entry.Has(clinicalTraits) {
		return 0
	}
	end := c + 2
	if p.is(end, '.') && g.shape == initial && p.at(end).gap == gapNone {
		end++
	}
	if x := p.at(end); x.kind == word && x.size() == 1 && x.gap == gapSpace && (x.shape == initial || t.shape == lower1) {
		end++
		if p.is(end, '.') && p.at(end).gap == gapNone {
			end++
		}
	} else if x.shape == g.shape && x.shape != lower1 && x.gap == gapSpace && x.entry.Given() >= 5 {
		end++
	}
	closed := p.at(end).gap >= gapWide || p.at(end).kind == edge || p.isAny(end, "-|;()\"") || p.cue(end, cueCredential|cueLabel) || p.at(end).kind == digits || p.at(end).kind == mixed || p.is(end, ',') && p.at(end+1).kind == digits || p.word(end) == "dob" || p.word(end) == "DOB"
	switch {
	case t.shape == lower1 && g.shape == lower1:
		if p.ordinary(s) > 1 && p.entry(s).Family() < 7 || !(closed && (p.entry(c+1).Given() >= 6 && p.ordinary(c+1) < 2 || g.size() == 1 && p.entry(s).Family() >= 3) || led && p.entry(c+1).Given() >= 5) {
			return 0
		}
	case !t.capital() && t.shape != camel || !g.capital() || masked(p.word(i)):
		return 0
	case t.shape == upper2 && g.shape == upper2 && t.size() <= 4 && g.size() <= 4 && !led && s == i:
		return 0 // EEG, EOG
	case g.shape == initial:
		if !closed || p.ordinary(s) > 1 || t.shape == upper2 && t.size() < 3 {
			return 0
		}
	default:
		if !closed && !led && !(s > i && p.entry(c+1).Given() >= 5) || p.ordinary(s) > 2 || p.ordinary(c+1) > 1 || p.entry(c+1).Place() >= 6 && p.entry(c+1).Given() < 5 || p.entry(s).Place() >= 5 && p.entry(c+1).Given() < 3 {
			return 0
		}
	}
	return p.putName(i, end, 0.85, "surname-first")
}

// surnameEnd yields the end of a surname of one to three words with its
// particles, hyphens and apostrophes at token i, 0 if there is none.
func (p *page) surnameEnd(i int) int {
	j := i
	for n := 0; n < 3; n++ {
		t := p.at(j)
		if t.kind != word || j > i && t.gap > gapSpace {
			return 0
		}
		j++
		for p.isAny(j, "'-") && p.at(j).gap == gapNone && p.at(j+1).kind == word && p.at(j+1).gap == gapNone {
			j += 2
		}
		if p.is(j, ',') {
			return j
		}
		if t.cue&cueParticle == 0 || t.size() > 3 {
			return 0
		}
	}
	return 0
}

// pointsAtName says whether the word before token i is one that a name in
// order of the file follows.
func (p *page) pointsAtName(i int) bool {
	j := i - 1
	if p.is(j, ':') || p.is(j, '#') {
		j--
	}
	if !p.near(i) && p.at(i).gap != gapWide {
		return false
	}
	switch lowerOf(p.word(j)) {
	case "pt", "patient", "name", "ordering", "re", "for", "member", "client", "resident", "cc", "provider", "attending", "physician", "pcp", "attg", "insured", "guarantor", "employee", "student", "subscriber", "spouse", "contact":
		return true
	}
	return false
}

// particleCaps takes LE GOFF Yann and "DE LA CRUZ, MARIA": a surname in capitals
// with its particle, and a given name.
func (p *page) particleCaps(i int) int {
	if p.caps || p.at(i).shape != upper2 || !p.cue(i, cueParticle) || !p.near(i+1) {
		return 0
	}
	j := i + 1
	for n := 0; n < 2 && p.cue(j, cueParticle) && p.at(j).shape == upper2 && p.near(j); n++ {
		j++
	}
	if p.at(j).shape != upper2 || p.at(j).size() < 3 || p.ordinary(j) > 1 {
		return 0
	}
	g := j + 1
	if p.is(g, ',') {
		g++
	}
	if p.at(g).kind != word || !p.near(g) || p.entry(g).Given() < 5 || p.at(g).shape == lower1 || p.ordinary(g) > 1 {
		return 0
	}
	return p.putName(i, g+1, 0.85, "surname-first")
}

// camelName takes AnaRuiz: a given name and a surname that the lists know,
// written as one word, and ruiz_ana in the name of a file.
func (p *page) camelName(i int) int {
	t := p.at(i)
	if t.shape == lower1 && p.is(i+1, '_') && p.at(i+1).gap == gapNone && p.at(i+2).shape == lower1 && p.at(i+2).gap == gapNone && !p.is(i-1, '_') {
		a, b := p.entry(i), p.entry(i+2)
		if p.ordinary(i) == 0 && p.ordinary(i+2) == 0 && (a.Given() >= 6 && b.Family() >= 5 || b.Given() >= 6 && a.Family() >= 5) {
			p.put(phi.Name, i, i+3, 0.75, "file-name")
			return i + 3
		}
	}
	if t.shape != camel || t.size() < 6 || t.size() > 24 {
		return 0
	}
	w := p.word(i)
	cut := 0
	for k := 1; k < len(w); k++ {
		if isUpper(w[k]) {
			if cut > 0 {
				return 0
			}
			cut = k
		}
	}
	if cut < 3 || len(w)-cut < 3 || !isUpper(w[0]) {
		return 0
	}
	a, b := p.lex.Look(reference.KeyOf(lowerOf(w[:cut]))), p.lex.Look(reference.KeyOf(lowerOf(w[cut:])))
	if a.English() > 0 && a.English() < 6 || b.English() > 0 && b.English() < 6 || a.Has(clinicalTraits) || b.Has(clinicalTraits) || !(a.Given() >= 5 && b.Family() >= 4 || b.Given() >= 5 && a.Family() >= 4) {
		return 0
	}
	p.put(phi.Name, i, i+1, 0.75, "camel")
	return i + 1
}

// initialLower takes "d. hartzell" in small letters after by, from and a
// calling, and at the beginning of a line; and "gerry" there before an age.
func (p *page) initialLower(i int) int {
	t := p.at(i)
	if t.shape != lower1 {
		return 0
	}
	starts := p.at(i).gap >= gapLine || p.is(i-1, ':')
	if starts && t.entry.Given() >= 6 && p.ordinary(i) == 0 && p.at(i+1).kind == digits && p.near(i+1) && p.at(i+1).size() <= 3 && p.cue(i+2, cueYears) {
		return p.putName(i, i+1, 0.8, "age-beside")
	}
	if t.size() != 1 || !p.is(i+1, '.') || p.at(i+1).gap != gapNone {
		return 0
	}
	x := p.at(i + 2)
	if x.shape != lower1 || x.kind != word || x.size() < 4 || !p.near(i+2) || p.ordinary(i+2) > 0 || x.entry.Has(clinicalTraits|reference.Eponym) || x.cue != 0 {
		return 0
	}
	switch p.word(i - 1) {
	case "by", "from", "with", "w", "dr", "nurse", "per", "and", "to", "pa", "np":
	default:
		if !starts || x.entry.Family() < 3 && x.entry.English()+x.entry.French() > 0 {
			return 0
		}
	}
	return p.putName(i, i+3, 0.75, "initial-lower")
}

// humanActs are done by people alone: no drug, test or institution does them.
var humanActs = wordSet(`refused refuses slept ate cried verbalized verbalizes wants wanted said says thinks feels smokes drinks told woke fell complains complained vomited ambulated snores lives laughed agreed insists requested texted forgot hates loves walks sleeps eats`)

// doesHuman takes a word of no list and no language that does what only people
// do: "Bergie refused her bath", "also kohyn needs his shots".
func (p *page) doesHuman(i int) int {
	t := p.at(i)
	if t.size() < 3 || t.entry.English() > 0 || t.entry.French() > 0 || t.cue != 0 || t.entry.Has(clinicalTraits|reference.Device|reference.Eponym|reference.Nationality|reference.Region) || !p.near(i+1) || p.at(i+1).shape != lower1 || p.at(i+1).kind != word {
		return 0
	}
	w := p.word(i + 1)
	switch {
	case t.shape == title1 && humanActs[w] && t.size() > 3:
	case t.shape == lower1 && p.small && (w == "needs" || w == "wants" || w == "has" || w == "lost" || w == "took" || w == "got" || w == "is" || w == "was") && p.hisNear(i+2):
	default:
		return 0
	}
	if p.drugStem(i) {
		return 0
	}
	return p.putName(i, i+1, 0.7, "does-human")
}

// hisNear says whether his, her, he or she stands within three tokens from
// token i on.
func (p *page) hisNear(i int) bool {
	for j := i; j < i+3 && p.same(j); j++ {
		switch p.word(j) {
		case "his", "her", "he", "she":
			return true
		}
	}
	return false
}

// typist takes the initials of who wrote or typed: "AR/jkl" on a line of its
// own, "- KR" and "-J" at the end, "by jfk at 0918".
func (p *page) typist(i int) int {
	t := p.at(i)
	last := p.at(i+1).kind == edge || p.at(i+1).gap >= gapLine
	if t.size() > 3 || t.cue&(cueFunction|cueCredential|cueNever) != 0 || t.shape == lower1 && t.cue&cueMeasure != 0 || t.entry.Has(clinicalTraits) {
		return 0
	}
	switch {
	case t.shape == lower1 && t.size() >= 2 && last && p.is(i-1, '/') && p.at(i).gap == gapNone && p.at(i-2).shape == upper2 && p.at(i-2).size() <= 3 && p.at(i-2).gap >= gapLine:
		p.put(phi.Name, i-2, i+1, 0.8, "typist")
		return i + 1
	case (t.shape == upper2 || t.shape == initial) && p.is(i-1, '-') && p.at(i-1).gap >= gapSpace && p.at(i+1).kind == edge && i > 4 && t.entry.English() == 0 && (p.isAny(i-2, ".!?") || p.at(i-1).gap >= gapLine || t.shape == initial):
		return p.putName(i, i+1, 0.75, "signature")
	case t.shape == lower1 && t.size() == 3 && t.entry.English() == 0 && t.entry.French() == 0 && t.entry.Given() == 0 && p.word(i-1) == "by" && p.near(i) && !vowelled(p.word(i)) && (p.word(i+1) == "at" || p.at(i+1).kind == digits || last || p.isAny(i+1, ".,")):
		return p.putName(i, i+1, 0.7, "typist")
	case t.shape == lower1 && t.size() >= 2 && t.entry.English() == 0 && p.at(i+1).kind == edge && p.is(i-1, '.') && p.at(i).gap == gapSpace && !vowelled(p.word(i)) && p.someone():
		return p.putName(i, i+1, 0.65, "typist")
	}
	return 0
}

// vowelled says whether s has a vowel: words and abbreviations that are said
// mostly have.
func vowelled(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] | 0x20 {
		case 'a', 'e', 'i', 'o', 'u':
			return true
		}
	}
	return false
}
