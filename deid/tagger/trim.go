package tagger

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// trim takes small words off both ends of a span over tokens a to b, and
// reports whether what is left can be an identifier: single letters without
// full stops ("C O P D"), and what people write where a name was taken out
// ("Dr. XYZ", "Mr. Xxxx"), are none.
func (p *page) trim(kind phi.Kind, a, b int) (from, to int, ok bool) {
	for a <= b && p.linking(a) && !(kind == phi.Name && p.tok[a].Kind == Word && p.particle(a)) {
		a++
	}
	for b >= a && p.linking(b) {
		b--
	}
	words, dotted, letters := 0, 0, ""
	for i := a; i <= b; i++ {
		switch t := &p.tok[i]; {
		case t.Kind != Word:
		case t.End-t.Start > 1 && !p.mask(t):
			words++
		case t.Shape == Initial && i+1 < len(p.tok) && p.tok[i+1].Mark == '.' && p.tok[i+1].Gap == GapNone:
			dotted++
			letters += p.text[t.Start:t.End]
		}
	}
	if words > 0 {
		b = p.whole(b)
	}
	return a, b, (words > 0 || kind == phi.Name && dotted > 1 && !spelled[letters]) && !p.stays(kind, a, b)
}

// whole yields where a word that hyphens make of several ends: the second half
// of "Jae-won" and of "Roe-Tremblay" belongs to the first, that of "Roe-like"
// does not.
func (p *page) whole(b int) int {
	for b+2 < len(p.tok) && p.tok[b+1].Mark == '-' && p.tok[b+1].Gap == GapNone && p.tok[b+2].Gap == GapNone && p.tok[b+2].Kind == Word {
		t := &p.tok[b+2]
		if !capital(t) && (t.End-t.Start > 5 || p.tok[b].Shape != Title || suffixes[t.Key]) {
			break
		}
		b += 2
	}
	return b
}

// suffixes make an ordinary word of a name.
var suffixes = keysOf("like style type based free led run born speaking room class size side sur en de du des la le les sous")

// spelled are letters with full stops that are no initials of anybody.
var spelled = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`US USA UK UN EU NZ PM AM DC NB BC AD PS IV IM PO SC MD RN NP PA OD OS OU DOB DOI DOS DOA SSN MRN HCN PRN NPO BID TID QID QD QHS POD BP HR RR
		ER ED OR ICU MI CVA TIA GI GU SOB MVA HPI ROS PMH EKG ECG RSVP ASAP FYI PTO CEO CV AKA RV IRM TA FC`) {
		set[w] = true
	}
	return set
}()

// stays reports whether tokens a to b identify nobody by rule: a state, province,
// country or people (45 CFR 164.514(b)(2)(i)(B) names what is smaller than a
// state), or a common word that says what kind of house it is and not which.
func (p *page) stays(kind phi.Kind, a, b int) bool {
	peoples, common := true, true
	for i := a; i <= b; i++ {
		if t := &p.tok[i]; t.Kind == Word {
			peoples = peoples && t.Entry.Has(reference.Nationality)
			common = common && (houses[t.Key] || t.Entry.Has(reference.Clinical) && t.Entry.Family() < 3)
		}
	}
	switch first := p.tok[a].Entry; {
	case peoples:
		return true
	case kind == phi.Org:
		return common || a == b && first.English() > 0 && first.English() <= 2
	case kind == phi.Place && first.Has(reference.Region|reference.RegionHead):
		return p.phrase(a, b).Has(reference.Region) && first.Place() < 7
	}
	return false
}

// phrase yields what the lists know about the words from a to b together.
func (p *page) phrase(a, b int) reference.Entry {
	key := reference.NewKey
	for i := a; i <= b; i++ {
		if i > a {
			key = key.Add(' ')
		}
		for _, c := range []byte(reference.Fold(p.text[p.tok[i].Start:p.tok[i].End])) {
			key = key.Add(c)
		}
	}
	return p.lex.Look(key)
}

// linking reports whether token i is a mark, or a small word that links names
// and is none.
func (p *page) linking(i int) bool {
	t := &p.tok[i]
	if t.Kind == Mark {
		return true
	}
	if t.Kind != Word || t.Shape != Lower || t.End-t.Start > 4 || p.regime == noCapitals {
		return false
	}
	return t.Entry.English() == 1 || t.Entry.French() == 1 || t.Entry.English() == 2 && t.End-t.Start < 4
}

// mask reports whether a word is one letter over and over, or letters in the
// order of the alphabet from A or up to Z.
func (p *page) mask(t *Token) bool {
	w := p.text[t.Start:t.End]
	same, order := true, true
	for i := 1; i < len(w); i++ {
		same = same && w[i]|0x20 == w[0]|0x20
		order = order && w[i]|0x20 == w[i-1]|0x20+1
	}
	last := w[len(w)-1] | 0x20
	return same && len(w) > 1 || order && len(w) > 2 && (w[0]|0x20 == 'a' || last == 'z')
}
