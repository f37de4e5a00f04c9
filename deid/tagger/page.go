package tagger

import (
	"strings"

	"chaperone/reference"
)

// page is one text while it is read: its tokens, and the chain of those that
// can be part of an identifier at all.
type page struct {
	lex    *reference.Lexicon
	text   string
	tok    []Token
	chain  []int32
	linked []bool // chain[k] goes on from chain[k-1]
	regime uint64 // how the text uses capitals
}

const (
	mixedCase uint64 = iota
	noCapitals
	allCapitals
)

// open finds the regime and the chain.
func (m *Model) open(text string, tok []Token) *page {
	p := &page{lex: m.lex, text: text, tok: tok}
	var upper, lower, title int
	for i := range tok {
		if t := &tok[i]; t.Kind == Word && t.End-t.Start > 1 {
			switch t.Shape {
			case Upper:
				upper++
			case Lower:
				lower++
			default:
				title++
			}
		}
	}
	switch {
	case title+upper == 0 || lower > 40*(title+upper):
		p.regime = noCapitals
	case upper > 3 && upper > 3*(lower+title):
		p.regime = allCapitals
	}
	p.chain = make([]int32, 0, len(tok)/4+4)
	p.linked = make([]bool, 0, len(tok)/4+4)
	for i := range tok {
		if !p.candidate(i) {
			continue
		}
		on := len(p.chain) > 0 && p.joins(int(p.chain[len(p.chain)-1]), i)
		p.chain = append(p.chain, int32(i))
		p.linked = append(p.linked, on)
	}
	return p
}

// run yields where the run of linked words that begins at chain[i] ends.
func (p *page) run(i int) int {
	for i++; i < len(p.chain) && p.linked[i]; i++ {
	}
	return i
}

// candidate reports whether a word can be part of an identifier: by a capital,
// or in small letters by what the lists say or do not say, or as a small word
// between two capitals ("Nuestra Señora de la Luz").
func (p *page) candidate(i int) bool {
	t := &p.tok[i]
	if t.Kind != Word {
		return false
	}
	if t.Shape != Lower {
		return true
	}
	e := t.Entry
	size := t.End - t.Start
	if size <= 4 && p.bridge(i) {
		return true
	}
	if size < 2 || e.Has(reference.Clinical|reference.Drug) && e.Given() < 8 {
		return false
	}
	if p.regime == noCapitals && e.English() > 1 || p.regime == noCapitals && houses[t.Key] {
		return true
	}
	strength := max(e.Given(), e.Family())
	switch en := e.English(); {
	case en == 0 && e.French() == 0:
		return size > 2
	case en == 0 || en > 4:
		return strength >= 3 || e.Place() >= 4
	case en > 2:
		return strength >= 5 || e.Place() >= 6
	}
	return e.Given() >= 7
}

// bridge reports whether token i stands between two capitals on one line.
func (p *page) bridge(i int) bool {
	if i == 0 || i+1 >= len(p.tok) || p.tok[i].Gap > GapSpace || p.tok[i+1].Gap > GapSpace {
		return false
	}
	capital := func(t *Token) bool { return t.Kind == Word && (t.Shape == Title || t.Shape == Upper) }
	small := func(t *Token) bool { return t.Kind == Word && t.End-t.Start < 5 }
	before, next := &p.tok[i-1], &p.tok[i+1]
	opens := capital(before) || i > 1 && small(before) && capital(&p.tok[i-2])
	closes := capital(next) || small(next) && i+2 < len(p.tok) && capital(&p.tok[i+2]) && p.tok[i+2].Gap <= GapSpace
	return opens && closes
}

// joins reports whether the words at a and b belong to one run: a space, or up
// to two marks that names are written with.
func (p *page) joins(a, b int) bool {
	if b-a > 3 {
		return false
	}
	for i := a + 1; i <= b; i++ {
		t := &p.tok[i]
		if t.Gap > GapSpace {
			return false
		}
		if i == b {
			break
		}
		switch t.Mark {
		case '-', '\'', '.', ',', '&':
		default:
			if t.Kind != Mark || t.End-t.Start < 2 || t.Gap != GapNone { // a typographic apostrophe or dash
				return false
			}
		}
	}
	return true
}

// houses are common words that names of hospitals, firms and schools are made
// of; in texts without capitals they are read as possible parts of one. Alone
// they say what kind of house it is and not which.
var houses = func() map[reference.Key]bool {
	set := map[reference.Key]bool{}
	for _, w := range strings.Fields(`hospital clinic center centre medical health community memorial general regional school university college church
		pharmacy care home county veterans affairs children nursing rehabilitation institute associates practice family high district department
		library academy surgery urgent assisted living mill fire auto law group sons hopital clinique maison`) {
		set[reference.KeyOf(w)] = true
	}
	return set
}()
