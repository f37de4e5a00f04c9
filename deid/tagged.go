package deid

import (
	"strings"

	"chaperone/deid/tagger"
	"chaperone/phi"
	"chaperone/reference"
)

// findTagged adds what the tagger finds where no rule found anything and no
// guard holds: no eponym before its disease or device, no drug, no maker. It
// knows prose; the fields of messages are left to the rules.
func (p *page) findTagged() {
	if p.message {
		return
	}
	read := p.tagger.Read(p.txt)
	spans := read.Spans(tagger.Bias{})
	if len(spans) == 0 {
		return
	}
	holders, alone, drugs := p.holders(), len(p.out) == 0, p.listsDrugs()
	for _, s := range spans {
		a, b := p.tokenAt(s.Start), p.tokenAt(s.End-1)+1
		if s.Kind == phi.Name {
			a = p.pastLabel(a, b)
		}
		b = p.withoutState(s.Kind, a, b)
		if p.defines && (!p.listed(s.Kind, a, b) || !p.at(a).capital()) {
			continue
		}
		margin := read.Margin(s.Start, s.End)
		if s.Kind == phi.Org && p.plainTitle(a, b) {
			continue
		}
		if p.rather(s.Kind, a, b, margin) || margin < p.doubt(s.Kind, a, b, alone) || p.medicine(s.Kind, a, b, drugs) {
			continue
		}
		p.complete(s.Kind, a, b, min(max(s.Score, 0.3), 0.89), holders)
	}
}

// doubt is how sure the tagger must be of tokens a to b, in its own margins.
// Long texts are mostly ordinary words, so there it must be surer; where no
// rule found anything the text most likely identifies nobody, and it must be
// surer still, the more so of words that no list knows for what they are taken
// for; and surest of eponyms, makers and medicines.
func (p *page) doubt(kind phi.Kind, a, b int, alone bool) int32 {
	const longText = 1500 // bytes
	least := int32(0)
	switch {
	case alone && p.listed(kind, a, b):
		least = 400
	case alone:
		least = 600
	case len(p.txt) > longText:
		least = 200
	}
	if p.clinical(a, b) {
		least += 200
	}
	if b == a+1 && (p.ordinary(a) >= 3 && p.strength(a) < 4 || p.at(a).shape == upper2 && !p.caps) {
		least += 300
	}
	if b == a+1 && p.at(a).shape == lower1 && p.strength(a) < 5 {
		least += 200
	}
	if p.is(b, ':') && p.strength(b-1) < 4 { // more likely a label
		least += 400
	}
	return least
}

// medicine reports whether tokens a to b are rather a medicine than somebody:
// by its ending, by what stands beside it, or in a list of medicines by nothing
// that speaks for a name.
func (p *page) medicine(kind phi.Kind, a, b int, list bool) bool {
	return list && !p.listed(kind, a, b) || kind != phi.Org && p.drugBeside(a, b) || b == a+1 && p.drugStem(a)
}

// clinical reports whether tokens a to b are only words that medicine uses:
// eponyms, makers, medicines, terms.
func (p *page) clinical(a, b int) bool {
	for i := a; i < b; i++ {
		if t := p.at(i); t.kind == word && !t.entry.Has(reference.Eponym|reference.Device|reference.Drug|reference.Clinical) {
			return false
		}
	}
	return true
}

// pastLabel yields the first of tokens a to b that is no label or title before
// a name ("Provider Jane Roe", "M. Tremblay").
func (p *page) pastLabel(a, b int) int {
	for {
		next := a + 1
		if p.is(next, '.') {
			next++
		}
		t := p.at(a)
		title := t.cue&cueTitle != 0 && (t.size() > 1 || p.french)
		label := (t.cue&(cueLabel|cueNever) != 0 || t.cue&cueFunction != 0 && !t.capital()) && t.size() > 1 && p.strength(a) < 4
		if next >= b || p.at(next).kind != word || !title && !label {
			return a
		}
		a = next
	}
}

// withoutState yields the end of tokens a to b without the state or province
// that follows a place ("Shediac NB", "water valley mississippi"): states stay.
func (p *page) withoutState(kind phi.Kind, a, b int) int {
	if kind == phi.Name || b-a < 2 {
		return b
	}
	t := p.at(b - 1)
	if kind == phi.Place && t.shape == upper2 && t.cue&cueState != 0 || t.entry.Has(reference.Region) && t.entry.Place() < 7 && t.gap == gapSpace {
		return b - 1
	}
	return b
}

// complete puts what no candidate holds of tokens a to b. Where a rule holds
// part of the same sort ("Trauma Center" of "Red Plains Trauma Center") the
// whole is put, and settle joins the two; a date or a number stays apart.
func (p *page) complete(kind phi.Kind, a, b int, score float64, holders []phi.Kind) {
	free, from := false, a
	flush := func(to int) {
		if free {
			p.put(kind, from, to, score, "tagger")
		}
		free, from = false, to+1
	}
	for i := a; i < b && i < len(p.tok); i++ {
		switch {
		case p.guard[i]:
			flush(i)
		case !p.taken[i]:
			t := &p.tok[i]
			free = free || t.kind == mixed || t.kind == word && (t.shape != lower1 || t.cue&cueFunction == 0)
		case !who(holders[i]):
			flush(i)
		}
	}
	flush(min(b, len(p.tok)))
}

// held reports whether a candidate holds any token from a up to b.
func (p *page) held(a, b int) bool {
	for i := a; i < b && i < len(p.tok); i++ {
		if p.taken[i] {
			return true
		}
	}
	return false
}

// who reports whether a kind is that of a name, a place or an organisation.
func who(k phi.Kind) bool {
	return k == phi.Name || k == phi.Place || k == phi.Org || k == phi.Street
}

// holders yields for each token the kind of the candidate that holds it.
func (p *page) holders() []phi.Kind {
	kinds := make([]phi.Kind, len(p.tok))
	for _, f := range p.out {
		for i := p.tokenAt(f.Start); i < len(p.tok) && int(p.tok[i].start) < f.End; i++ {
			if int(p.tok[i].start) >= f.Start && int(p.tok[i].end) <= f.End { // not half a word
				kinds[i] = f.Kind
			}
		}
	}
	return kinds
}

// listed reports whether the lists know tokens a to b well for what they are
// taken for. Institutions have no list.
func (p *page) listed(kind phi.Kind, a, b int) bool {
	for i := a; i < b; i++ {
		if kind == phi.Name && p.strength(i) >= 5 && p.ordinary(i) < 2 || kind == phi.Place && p.entry(i).Place() >= 5 && p.ordinary(i) < 1 {
			return true
		}
	}
	return false
}

// joinedEponym reports whether tokens a to b are joined by hyphens and two of
// them name diseases and devices: Wolff-Parkinson-White.
func (p *page) joinedEponym(a, b int) bool {
	for p.is(a-1, '-') && p.at(a).gap == gapNone && a > 1 {
		a -= 2
	}
	for p.is(b, '-') && p.at(b).gap == gapNone && p.at(b+1).kind == word {
		b += 2
	}
	eponyms := 0
	for i := a; i < b; i++ {
		if p.entry(i).Has(reference.Eponym) {
			eponyms++
		}
	}
	return eponyms > 1 && b > a+2
}

// plainWords reports whether tokens a to b are words of a dictionary, all
// written small.
func (p *page) plainWords(a, b int) bool {
	for i := a; i < b; i++ {
		if t := p.at(i); t.kind == word && (t.shape != lower1 && t.size() > 1 || t.entry.English() == 0 && t.entry.French() == 0) {
			return false
		}
	}
	return true
}

// rather reports whether tokens a to b are rather words than a name: an
// abbreviation, a label, one ordinary word, an eponym before its disease.
func (p *page) rather(kind phi.Kind, a, b int, margin int32) bool {
	t := p.at(a)
	if b == a+1 {
		switch {
		case t.shape == upper2 && !p.caps && (t.size() < 4 || t.size() < 7 && p.strength(a) < 4):
			return true // an abbreviation
		case p.ordinary(a) >= 3 && p.strength(a) < 4 && !t.capital(), t.cue&(cueLabel|cueNever|cueFunction) != 0 && p.strength(a) < 4:
			return true
		case t.shape == camel && (strings.HasSuffix(p.word(a), "Error") || strings.HasSuffix(p.word(a), "Exception")):
			return true
		case t.shape == camel && pluralAbbreviation(p.word(a)):
			return true
		case moreEponyms[t.key], t.cue&(cueRole|cueKin|cueGreet) != 0 && t.entry.Given() < 7:
			return true
		case p.is(a-1, '.') && t.gap == gapNone && t.shape == lower1: // the end of a file's or a host's name
			return true
		}
	}
	if p.joinedEponym(a, b) {
		return true
	}
	if t.cue&cueLabel != 0 && p.strength(a) < 4 && p.is(a+1, '-') && b == a+3 {
		return true // a label with a hyphen
	}
	if kind != phi.Org && (p.eponymAt(a) || p.eponymAt(b-1)) && (margin < 700 || !p.listed(kind, a, b)) {
		return true
	}
	return !p.small && p.plainWords(a, b)
}
