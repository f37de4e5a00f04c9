package deid

import (
	"slices"
	"sort"
)

// Rules find what only one house can know: the form of its own numbers, the
// names of its own wards. Package pack makes them of files. They must never
// change, be safe for concurrent use, and take time linear in the text.
//
// Their texts are folded as by Plain, and so are the offsets they return.
type Rules interface {
	// Candidates returns what the rules find in a text that stood under label,
	// which may be empty. From a Score of 0.9 on a candidate stands where codes
	// and measures stand, too; a Score of 1 is beyond what Allowed can clear.
	Candidates(text, label string) []Finding
	// Allowed returns what is not to be concealed, sorted and without overlaps.
	Allowed(text string) []Allowance
	// Digest tells these rules from all others.
	Digest() string
}

// Allowance is a place of a text that is known to identify nobody. A finding is
// dropped if allowances cover all its letters and digits: "Foley" allowed frees
// no patient called Foley Ames. What a label names or a check digit proves (a
// score of 0.9 and more) stays, unless Force is set.
type Allowance struct {
	Start, End int // UTF-8 byte offsets of the folded text; End is exclusive
	Force      bool
}

// With returns an engine that shares the lists of e and asks r as well. It
// replaces rules of an earlier With; nil asks none.
func (e *Engine) With(r Rules) *Engine {
	other := *e
	other.rules = r
	return &other
}

// RulesDigest tells the rules that e asks besides its own; empty if it asks none.
func (e *Engine) RulesDigest() string {
	if e.rules == nil {
		return ""
	}
	return e.rules.Digest()
}

// Plain yields text as rules see it: accents, full-width forms, look-alike and
// invisible characters undone, dashes, quotes and blanks in their ASCII form.
// Capitals stay.
func Plain(text string) string {
	plain, _ := fold(text)
	return plain
}

// findHouse adds what the rules of the house find.
func (p *page) findHouse(label string) {
	if p.rules == nil {
		return
	}
	for _, f := range p.rules.Candidates(p.txt, label) {
		first := sort.Search(len(p.tok), func(i int) bool { return int(p.tok[i].end) > f.Start })
		p.putBytes(f.Kind, first, f.Start, f.End, f.Score, f.Rule)
	}
}

// clearAllowed drops the candidates that the rules of the house allow.
func (p *page) clearAllowed() {
	if p.rules == nil || len(p.out) == 0 {
		return
	}
	allowed := p.rules.Allowed(p.txt)
	if len(allowed) == 0 {
		return
	}
	p.out = slices.DeleteFunc(p.out, func(f Finding) bool { return f.Score < 1 && p.allowed(f, allowed) })
}

// allowed reports whether every letter and digit of f is in an allowance that
// may clear it.
func (p *page) allowed(f Finding, list []Allowance) bool {
	k := sort.Search(len(list), func(i int) bool { return list[i].End > f.Start })
	for i := f.Start; i < f.End; {
		switch {
		case k < len(list) && i >= list[k].End:
			k++
		case k < len(list) && i >= list[k].Start:
			if f.Score >= sure && !list[k].Force {
				return false
			}
			i = list[k].End
		case classOf[p.txt[i]] == isMarkByte || classOf[p.txt[i]] == isSpaceByte || classOf[p.txt[i]] == isLineByte:
			i++
		default:
			return false
		}
	}
	return true
}
