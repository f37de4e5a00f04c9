package tagger

import (
	"slices"
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
	sorts  []uint64
	forms  forms
}

const (
	mixedCase uint64 = iota
	noCapitals
	allCapitals
	careless // sentences begin small, though there are capitals
)

// open finds the regime and the chain.
func (m *Model) open(text string, tok []Token) *page {
	p := &page{lex: m.lex, text: text, tok: tok, sorts: make([]uint64, len(tok))}
	var upper, lower, title, smallStarts, starts int
	for i := range tok {
		p.sorts[i] = sortOf(&tok[i])
		if t := &tok[i]; t.Kind == Word && t.End-t.Start > 1 {
			if p.opening(i)-1 < 2 {
				starts++
				if t.Shape == Lower {
					smallStarts++
				}
			}
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
	case title+upper == 0 || lower > 40*(title+upper) || title == 0 && lower > 5*upper:
		p.regime = noCapitals
	case upper > 3 && upper > 3*(lower+title):
		p.regime = allCapitals
	case 4*smallStarts > 3*starts && smallStarts > 0 && lower > 4*title:
		p.regime = careless
	}
	p.forms = formsOf(p)
	p.chain = make([]int32, 0, len(tok)/4+4)
	p.linked = make([]bool, 0, len(tok)/4+4)
	for i := range tok {
		if !p.candidate(i) {
			continue
		}
		if len(p.chain) == cap(p.chain) { // one time, for a text of names
			p.chain, p.linked = slices.Grow(p.chain, len(tok)-i), slices.Grow(p.linked, len(tok)-i)
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
	if t.Shape == Camel {
		return p.text[t.Start] < 'a' || p.text[t.Start] > 'z' // johnDoeDob, eGFR: code and tests
	}
	if t.Shape != Lower {
		return true
	}
	e := t.Entry
	size := t.End - t.Start
	if size == 1 {
		return p.letter(i)
	}
	if size <= 5 && (p.particle(i) || p.hyphened(i)) {
		return true
	}
	if size <= 4 && p.bridge(i) || p.regime == mixedCase && p.leads(i) && (houses[t.Key] || i > 0 && houses[p.tok[i-1].Key]) {
		return true
	}
	if e.Has(reference.Clinical|reference.Drug) && e.Given() < 8 {
		return false
	}
	if (p.regime == noCapitals || p.regime == careless) && (e.English() > 1 || houses[t.Key] || e.Family() > 6) {
		return true
	}
	if p.regime == noCapitals || p.regime == careless {
		if e.Has(reference.PlaceHead|reference.FacilityHead|reference.RegionHead) && size > 3 || links[t.Key] && p.links(i) {
			return true
		}
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

// letter reports whether the single small letter at i can be part of a name: the
// s of "St. Mary's", the elided word of "Val d'Or", an initial in a text that
// spares capitals.
func (p *page) letter(i int) bool {
	if i+1 < len(p.tok) && p.tok[i+1].Kind == Mark && p.tok[i+1].Gap == GapNone {
		switch p.tok[i+1].Mark {
		case '.':
			return i+2 < len(p.tok) && p.tok[i+2].Kind == Word && p.tok[i+2].Gap <= GapSpace && (p.regime != mixedCase || p.tok[i+2].Shape != Lower)
		case '\'', 1:
			return i+2 < len(p.tok) && capital(&p.tok[i+2]) && p.tok[i+2].Gap == GapNone
		}
	}
	if i < 2 || p.tok[i].Gap != GapNone {
		return p.regime != mixedCase && i > 0 && p.tok[i].Gap == GapSpace && p.tok[i-1].Kind == Word && p.tok[i-1].Entry.English() != 1
	}
	mark := p.tok[i-1].Mark
	return (mark == '\'' || mark == 1) && p.tok[i-1].Gap == GapNone && p.candidate(i-2)
}

// leads reports whether a small word leads to one with a capital: "hôpital
// Saint-Luc", "clinique du Parc".
func (p *page) leads(i int) bool {
	for j := i + 1; j < len(p.tok) && j < i+4 && p.tok[j].Gap <= GapSpace; j++ {
		t := &p.tok[j]
		switch {
		case capital(t):
			return true
		case t.Kind == Mark && t.Mark != '\'' && t.Mark != 1, t.Kind == Word && t.End-t.Start > 4:
			return false
		}
	}
	return false
}

func capital(t *Token) bool { return t.Kind == Word && (t.Shape == Title || t.Shape == Upper) }

// particles open family names in small letters ("van der Meer").
var particles = keysOf("van von der den de del della delle dei dos das da di du la le los las ter ten te bin ibn al el st")

// particle reports whether the small word at i opens or goes on with the
// particles of a family name.
func (p *page) particle(i int) bool {
	if !particles[p.tok[i].Key] {
		return false
	}
	for j := i + 1; j < len(p.tok) && j < i+4 && p.tok[j].Gap == GapSpace; j++ {
		if capital(&p.tok[j]) {
			return true
		}
		if !particles[p.tok[j].Key] {
			return false
		}
	}
	return false
}

// hyphened reports whether the small word at i goes on after a hyphen with one
// that has a capital ("Eun-ha").
func (p *page) hyphened(i int) bool {
	return i > 1 && p.tok[i].Gap == GapNone && p.tok[i-1].Mark == '-' && p.tok[i-1].Gap == GapNone && p.tok[i-2].Shape == Title && p.tok[i-2].Kind == Word
}

// links reports whether the small word at i links two that can be part of a
// name in a text without capitals ("council on aging").
func (p *page) links(i int) bool {
	if i == 0 || i+1 >= len(p.tok) || p.tok[i].Gap > GapSpace || p.tok[i+1].Gap > GapSpace {
		return false
	}
	before, next := &p.tok[i-1], &p.tok[i+1]
	return before.Kind == Word && next.Kind == Word && before.End-before.Start > 3 && next.End-next.Start > 3 &&
		(before.Entry.English() != 1 || houses[before.Key]) && (next.Entry.English() != 1 || houses[next.Key])
}

// links are the small words that stand between the words of a name.
var links = keysOf("of on at de du des la le les del the and")

func keysOf(words string) map[reference.Key]bool {
	set := map[reference.Key]bool{}
	for _, w := range strings.Fields(words) {
		set[reference.KeyOf(w)] = true
	}
	return set
}

// bridge reports whether token i stands between two capitals on one line.
func (p *page) bridge(i int) bool {
	if i == 0 || i+1 >= len(p.tok) || p.tok[i].Gap > GapSpace || p.tok[i+1].Gap > GapSpace {
		return false
	}
	small := func(t *Token) bool { return t.Kind == Word && t.End-t.Start < 5 }
	before, next := &p.tok[i-1], &p.tok[i+1]
	if before.Mark == '-' && next.Mark == '-' && i > 1 && i+2 < len(p.tok) { // Vaulx-en-Velin
		before, next = &p.tok[i-2], &p.tok[i+2]
		return before.Kind == Word && next.Kind == Word && (capital(before) || capital(next))
	}
	opens := capital(before) || houses[before.Key] && before.Kind == Word || i > 1 && small(before) && capital(&p.tok[i-2])
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
		if t.Mark == '-' && t.Gap != GapNone && p.tok[i+1].Gap != GapNone {
			return false // a dash
		}
		switch t.Mark {
		case '-', '\'', '.', ',', '&', '"':
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
var houses = keysOf(`hospital clinic center centre medical health community memorial general regional school university college church
		pharmacy care home county veterans affairs children nursing rehabilitation institute associates practice family high district department
		library academy surgery urgent assisted living mill fire auto law group sons
		hopital clinique maison polyclinique residence pavillon foyer centre ecole college lycee cegep garderie creche pharmacie ehpad chu chsld clsc
		cabinet institut laboratoire arena cooperative escuela colegio clinica farmacia parroquia iglesia universidad instituto residencia hogar
		polyvalente eglise officine accueil maternelle temple communaute home cliniques hopitaux imagerie boulangerie garage restaurant usine societe
		atelier chantier mairie bibliotheque cpe paroisse abogados taller tienda panaderia consultorio sanatorio asilo fonderie ferme salon magasin
		middle elementary high academy diner market grocery bakery cafe gym salon motors freight foods trucking construction logistics roofing`)
