package deid

import "chaperone/phi"

// Conceals reports whether findings of kind k are replaced under the profile. A
// Literal always is.
func (p Profile) Conceals(k phi.Kind) bool { return p.conceals(k) }

// ReadAs is Read for a text of which a document's format says that it is of
// kind k as a whole: a family name in its field, a record number in its. The
// engine is not asked about it, and what it says is remembered for every other
// text of the exchange. It returns where to find the text again: give that to
// Conceal and Findings.
func (v *Veil) ReadAs(k phi.Kind, text string) Where {
	// No document can have a label that begins with a zero byte.
	w := Where{Label: "\x00" + k.String()}
	l := leaf{text, w.Label}
	if _, seen := v.read[l]; seen || text == "" {
		return w
	}
	v.read[l] = []Finding{{Kind: k, Start: 0, End: len(text), Score: 1, Rule: "field"}}
	v.order = append(v.order, l)
	v.settled = false
	return w
}

// Replacement is one place of a text and the placeholder that takes it.
type Replacement struct {
	Start, End  int // UTF-8 bytes of the text as it was given
	Kind        phi.Kind
	Placeholder string
}

// Replacements is Conceal for documents whose bytes are not their text: it says
// what to replace where and leaves the replacing, with the escapes of the
// format, to the caller. After an error of the random source (see Err) it
// returns nil: nothing may be written.
func (v *Veil) Replacements(text string, w Where) []Replacement {
	found := v.Findings(text, w)
	var list []Replacement
	for _, f := range found {
		if v.err != nil {
			return nil
		}
		if !v.profile.conceals(f.Kind) {
			continue
		}
		p, err := v.session.placeholder(f.Kind, text[f.Start:f.End])
		if err != nil {
			v.err = err
			return nil
		}
		v.concealed++
		list = append(list, Replacement{f.Start, f.End, f.Kind, p})
	}
	return list
}
