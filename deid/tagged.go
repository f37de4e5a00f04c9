package deid

import (
	"sort"

	"chaperone/deid/tagger"
	"chaperone/phi"
	"chaperone/reference"
)

// How sure the tagger must be, in its own margins. Long texts are mostly
// ordinary words, so there it must be surer; and where no rule found anything,
// the text most likely identifies nobody, and it must be surer still.
func (p *page) taggerBias() tagger.Bias {
	const longText = 1500 // bytes
	switch {
	case len(p.out) == 0:
		return tagger.Bias{Name: 450, Place: 450, Org: 450}
	case len(p.txt) > longText:
		return tagger.Bias{Name: 100, Place: 100, Org: 100}
	default:
		return tagger.Bias{}
	}
}

// findTagged adds what the tagger finds where no rule found anything and no
// guard holds: no eponym before its disease or device, no drug, no maker. It
// knows prose; the fields of messages are left to the rules.
func (p *page) findTagged() {
	if p.message {
		return
	}
	alone, drugs := len(p.out) == 0, p.listsDrugs()
	for _, s := range p.tagger.Read(p.txt).Spans(p.taggerBias()) {
		a := sort.Search(len(p.tok), func(i int) bool { return int(p.tok[i].end) > s.Start })
		b := a
		for b < len(p.tok) && int(p.tok[b].start) < s.End {
			b++
		}
		if p.is(a-1, '.') && p.at(a).gap == gapNone && p.at(a).shape == lower1 || p.held(a, b) || p.eponymAt(b-1) || p.rather(a, b, s.Score) ||
			s.Kind == phi.Place && p.entry(a).Has(reference.Eponym) && !p.placeBefore(a) ||
			(alone || drugs) && !p.listed(s.Kind, a, b) || p.drugBeside(a, b) || b == a+1 && p.drugStem(a) {
			continue
		}
		p.put(s.Kind, a, b, min(max(s.Score, 0.3), 0.89), "tagger")
	}
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

// rather reports whether tokens a to b are rather words than a name: one
// ordinary word or abbreviation; a label; eponyms, makers and medicines, unless
// the tagger is very sure.
func (p *page) rather(a, b int, score float64) bool {
	t := p.at(a)
	switch {
	case p.joinedEponym(a, b):
		return true
	case b == a+1 && moreEponyms[t.key], b == a+1 && t.cue&(cueRole|cueKin|cueGreet) != 0 && t.entry.Given() < 7:
		return true
	case b == a+1 && p.is(b, ':') && p.strength(a) < 5 && t.kind == word && p.opens(a):
		return true // a heading
	case b == a+1 && t.shape == upper2 && !p.caps && (t.size() < 4 || t.size() < 7 && p.strength(a) < 4):
		return true // an abbreviation
	case b == a+1 && p.ordinary(a) >= 3 && p.strength(a) < 4, p.eponymAt(a), !p.small && p.plainWords(a, b):
		return true
	}
	if t.cue&(cueLabel|cueNever|cueFunction) != 0 && p.strength(a) < 4 {
		return true
	}
	for i := a; i < b; i++ {
		if t := p.at(i); t.kind == word && !t.entry.Has(reference.Eponym|reference.Device|reference.Drug|reference.Clinical) {
			return false
		}
	}
	return score < 0.85
}
