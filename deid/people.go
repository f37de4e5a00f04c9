package deid

import (
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// FindKnown returns where people who were named before are named again in
// text: names are surfaces as Find returned them ("John Smith", "SMITH, JOHN
// Q"). Each is looked for whole and in parts, in any case, in possessives, in
// e-mail addresses, file names and identifiers of code, and one typing error
// away where a part has six letters or more. A part that is a common English
// or clinical word counts only with a capital that is its own. The findings are
// sorted and do not overlap; time is linear in text and in names.
func (e *Engine) FindKnown(text string, names []string) []Finding {
	if len(text) == 0 || len(names) == 0 {
		return nil
	}
	return e.findRoster(text, e.roster(names))
}

// findRoster is FindKnown with a roster that was made before: it costs more
// than reading a text.
func (e *Engine) findRoster(text string, known *roster) []Finding {
	if len(text) == 0 || len(known.parts) == 0 {
		return nil
	}
	return e.open(text).findKnown(known)
}

// findKnown is findRoster for a page on which nothing was found yet.
func (p *page) findKnown(known *roster) []Finding {
	if len(p.tok) == 0 || len(known.parts) == 0 {
		return nil
	}
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.kind != word && t.kind != mixed {
			continue
		}
		end := i
		if t.kind == word {
			end = p.knownRun(known, i)
		}
		if end > i {
			p.out = append(p.out, Finding{phi.Name, int(p.tok[i].start), int(p.tok[end-1].end), 0.9, "known-person"})
			i = end - 1
			continue
		}
		p.knownInside(known, i)
	}
	p.knownInitials(known)
	return p.settle()
}

// roster is what FindKnown looks for.
type roster struct {
	parts    map[reference.Key]partFacts
	typos    map[uint64]bool // parts of six letters and more with one letter left out
	inside   map[string]bool // parts of four letters and more, for names glued into words
	initials map[string]bool // "JS" for John Smith
}

type partFacts struct {
	weak  bool // also an ordinary word: only with a capital of its own
	short bool // one or two letters
}

// roster takes the surfaces apart.
func (e *Engine) roster(names []string) *roster {
	r := &roster{map[reference.Key]partFacts{}, map[uint64]bool{}, map[string]bool{}, map[string]bool{}}
	for _, n := range names {
		p := e.open(n)
		var letters []byte
		for i := range p.tok {
			t := &p.tok[i]
			if t.kind != word || t.cue&(cueTitle|cueSuffix) != 0 && t.entry.Given() < 4 && t.entry.Family() < 4 && t.size() < 5 {
				continue
			}
			w := strings.ToLower(p.word(i))
			if t.cue&cueParticle == 0 || t.size() > 3 {
				letters = append(letters, w[0]&^0x20)
			}
			if t.size() < 2 || t.cue&cueParticle != 0 && t.size() <= 3 && t.shape == lower1 || w == "s" && p.is(i-1, '\'') {
				continue
			}
			if t.cue&cueCredential != 0 && t.shape == upper2 && i > 1 && t.size() < 4 {
				continue
			}
			common := t.entry.English() > 0 && t.entry.English() <= 5 && !(t.entry.English() > 3 && p.strength(i) >= 8) || t.entry.Has(clinicalTraits) || t.cue&(cueFunction|cueNever|cueMonth) != 0 || t.entry.French() == 1
			r.parts[t.key] = partFacts{weak: common, short: t.size() < 3}
			if t.size() >= 4 && !common {
				r.inside[w] = true
			}
			if t.size() >= 6 && !common {
				typos(w, func(k uint64) { r.typos[k] = true })
			}
		}
		if len(letters) == 2 || len(letters) == 3 {
			if i := strings.IndexByte(n, ','); i > 0 {
				letters = append(letters[1:], letters[0])
			}
			r.initials[string(letters)] = true
			r.initials[string([]byte{letters[0], letters[len(letters)-1]})] = true
		}
	}
	return r
}

// typos yields the word's key with each letter left out, and the whole.
func typos(w string, f func(uint64)) {
	for skip := -1; skip < len(w); skip++ {
		k := reference.NewKey
		for i := 0; i < len(w); i++ {
			if i != skip {
				k = k.Add(w[i])
			}
		}
		f(uint64(k))
	}
}

// knownRun takes the known parts from token i on as one name.
func (p *page) knownRun(r *roster, i int) int {
	end, strong, weak := i, 0, 0
	for j := i; j < i+10; {
		t := p.at(j)
		if j > i && t.gap > gapSpace {
			break
		}
		if t.kind == punct {
			if !p.isAny(j, "-'.,") || j == i || p.is(j, ',') && p.at(j+1).shape == lower1 {
				break
			}
			j++
			continue
		}
		if t.kind != word {
			break
		}
		switch how := p.knownWord(r, j); {
		case how == 2:
			strong++
			end = j + 1
		case how == 1:
			weak++
			end = j + 1
		case t.shape == initial && j > i || t.cue&cueParticle != 0 && t.size() < 5 && t.shape == lower1 && j > i && !p.is(j-1, '\''):
		default:
			j = i + 10
			continue
		}
		j++
	}
	if end == i {
		return i
	}
	if strong > 0 || weak > 1 {
		return end
	}
	// one part that is an ordinary word too: its capital must be its own
	t := p.at(i)
	if t.shape != title1 || p.opens(i) || p.cue(i, cueMonth) && p.dated(i) || p.cueNear(i) && p.entry(i).Has(reference.Eponym) {
		return i
	}
	if p.at(i+1).capital() && p.at(i+1).gap == gapSpace && p.ordinary(i+1) > 0 && p.strength(i+1) == 0 {
		return i
	}
	return end
}

// knownWord says whether token j is a known part: 2 for sure, 1 where the part
// is an ordinary word too.
func (p *page) knownWord(r *roster, j int) int {
	t := p.at(j)
	if f, ok := r.parts[t.key]; ok {
		switch {
		case f.short && !t.capital(), f.weak && t.shape == lower1:
			return 0
		case f.weak || f.short:
			return 1
		case p.entry(j).Has(reference.Eponym) && (p.thing(j) || t.shape == lower1 && !p.small && !p.glued(j)):
			return 0
		}
		return 2
	}
	if t.size() < 5 || len(r.typos) == 0 || t.entry.English() > 0 || t.entry.Has(clinicalTraits|reference.Eponym) || t.cue != 0 || p.french && t.entry.French() > 0 || p.strength(j) > 3 {
		return 0
	}
	found := false
	typos(strings.ToLower(p.word(j)), func(k uint64) { found = found || r.typos[k] })
	if found {
		return 2
	}
	return 0
}

// thing says whether an eponym at token j names a disease or a device here and
// not the person of that name: "the Foley", "has Parkinson's", "Wilson's
// disease".
func (p *page) thing(j int) bool {
	if p.cueNear(j) {
		return true
	}
	switch p.word(j - 1) {
	case "the", "The", "a", "an", "has", "with", "had":
		if p.word(j-1) != "with" || p.is(j+1, '\'') {
			return !p.is(j+1, '\'') || p.at(j+3).kind != word || !p.near(j+3)
		}
	}
	return false
}

// knownInside takes known parts that are glued into a word: jsmith1957@,
// johnSmithDob, SmithJohn.
func (p *page) knownInside(r *roster, i int) {
	t := p.at(i)
	if t.size() < 5 || t.size() > 40 || t.kind == word && t.shape != camel && t.entry.English() > 0 {
		return
	}
	w := strings.ToLower(p.word(i))
	glued := t.shape == camel || t.kind == mixed || p.glued(i)
	for a := 0; a+4 <= len(w); a++ {
		for b := min(len(w), a+14); b >= a+4; b-- {
			if !r.inside[w[a:b]] {
				continue
			}
			if !glued || t.shape == camel && a > 1 && !isUpper(p.word(i)[a]) {
				break
			}
			start, end := int(t.start)+a, int(t.start)+b
			if a == 1 {
				start--
			}
			p.out = append(p.out, Finding{phi.Name, start, end, 0.85, "known-inside"})
			a = b - 1
			break
		}
	}
}

func isUpper(b byte) bool { return b >= 'A' && b <= 'Z' }

// glued says whether token i is part of an address, a path or an identifier.
func (p *page) glued(i int) bool {
	return p.isAny(i-1, "/\\_@.#-") && p.at(i).gap == gapNone || p.isAny(i+1, "/\\_@") && p.at(i+1).gap == gapNone || p.isAny(i+1, ".-") && p.at(i+1).gap == gapNone && p.at(i+2).gap == gapNone && p.at(i+2).kind != punct
}

// knownInitials takes "J.S." and "JS" of a known person; two capitals without
// full stops only beside a word for a patient.
func (p *page) knownInitials(r *roster) {
	if len(r.initials) == 0 {
		return
	}
	for i := 0; i < len(p.tok); i++ {
		t := &p.tok[i]
		if t.shape != initial || t.kind != word || !p.is(i+1, '.') || p.at(i+1).gap != gapNone {
			continue
		}
		s, j := "", i
		for n := 0; n < 3 && p.at(j).shape == initial && p.at(j).kind == word && p.is(j+1, '.') && p.at(j+1).gap == gapNone && (j == i || p.near(j)); n++ {
			s += p.word(j)
			j += 2
		}
		if len(s) > 1 && r.initials[s] {
			p.out = append(p.out, Finding{phi.Name, int(t.start), int(p.tok[j-1].end), 0.85, "known-initials"})
			i = j - 1
		}
	}
}
