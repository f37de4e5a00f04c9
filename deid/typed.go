package deid

import (
	"unicode/utf8"

	"chaperone/phi"
)

// ReadAs is Read for a text of which a document's format says that it is of
// kind k as a whole: a family name in its field, a record number in its. The
// engine is not asked about it, and what it says is remembered for every other
// text of the exchange. It returns where to find the text again: give that to
// Conceal and Findings.
func (v *Veil) ReadAs(k phi.Kind, text string) Where { return v.ReadField(k, text, Where{}) }

// fieldMark begins the labels of fields; no document can have one that begins
// with a zero byte.
const fieldMark = "\x00"

// ReadField is ReadAs for a field whose label says more than its kind: a date of
// birth is one.
func (v *Veil) ReadField(k phi.Kind, text string, w Where) Where {
	w.Label = fieldLabel(k, w.Label)
	l := leaf{text, w.Label}
	if _, seen := v.read[l]; seen || text == "" {
		return w
	}
	v.read[l] = []Finding{{Kind: k, Start: 0, End: len(text), Score: 1, Rule: fieldRule}}
	v.order = append(v.order, l)
	v.settled = false
	return w
}

// isField reports whether all of a text is one finding, as certain as the document
// that says so.
func isField(text string, found []Finding) bool {
	return len(found) == 1 && found[0].Rule == fieldRule && found[0].Score == 1 && found[0].Start == 0 && found[0].End == len(text)
}

// completeField is Veil.complete for the text of a field: nothing that the session
// knows adds to what covers it all, but the user's own text may have the form of a
// placeholder there too.
func (v *Veil) completeField(text string, found []Finding) []Finding {
	if all := placeholderShaped(text, found[:1:1]); len(all) > 1 {
		return merge(all)
	}
	return found
}

// fieldRule is the rule of findings that a document's format makes.
const fieldRule = "field"

// fieldLabel marks the label of a field of kind k.
func fieldLabel(k phi.Kind, label string) string {
	if label == "" && int(k) < len(fieldLabels) && fieldLabels[k] != "" {
		return fieldLabels[k]
	}
	return fieldMark + k.String() + fieldMark + label
}

// fieldLabels are those of fields that have none of their own, by kind: most.
var fieldLabels = func() []string {
	var list []string
	for _, k := range phi.Kinds() {
		for len(list) <= int(k) {
			list = append(list, "")
		}
		list[k] = fieldMark + k.String() + fieldMark
	}
	return list
}()

// Replacement is one place of a text and what takes it.
type Replacement struct {
	Start, End int // UTF-8 bytes of the text as it was given
	Kind       phi.Kind
	Text       string // a placeholder with what is told beside it, a stand-in, or what is left of a value
}

// Replacements is Conceal for documents whose bytes are not their text: it says
// what to replace where and leaves the replacing, with the escapes of the
// format, to the caller. After an error of the random source (see Err) it
// returns nil: nothing may be written.
func (v *Veil) Replacements(text string, w Where) []Replacement {
	var list []Replacement
	since := 0 // the end of the date before
	for _, f := range v.treated(text, w) {
		if v.err != nil {
			return nil
		}
		born := f.Kind == phi.Date && isBirth(text, f.Start, f.End, since, w.Label)
		if f.Kind == phi.Date {
			since = f.End
		}
		if !v.profile.Conceals(f.Kind) {
			if !v.session.standsIn(text[f.Start:f.End]) {
				continue
			}
			f.Kind = phi.Literal // kept as it is, the answer would restore it
		}
		now, err := v.replace(f, text, born)
		if err != nil {
			v.err = err
			return nil
		}
		v.concealed++
		list = append(list, Replacement{f.Start, f.End, f.Kind, now})
	}
	return list
}

// treated are the findings of a text, and ages that are none but under a profile
// that leaves ten years of each.
func (v *Veil) treated(text string, w Where) []Finding {
	found := v.Findings(text, w)
	if v.profile.Treats(phi.Age) != Band {
		return found
	}
	var ages []Finding
	n := 0
	for _, age := range v.engine.statedAges(text) {
		for n < len(found) && found[n].End <= age.Start {
			n++
		}
		if n == len(found) || found[n].Start >= age.End {
			ages = append(ages, age)
		}
	}
	if len(ages) == 0 {
		return found
	}
	return merge(append(append([]Finding(nil), found...), ages...))
}

// replace is what the profile puts in the place of a finding.
func (v *Veil) replace(f Finding, text string, born bool) (string, error) {
	surface := text[f.Start:f.End]
	treat := v.profile.Treats(f.Kind)
	if treat == Generalise || treat == Area || treat == Band {
		if left, ok := v.generalise(f, surface, born); ok {
			return left, nil
		}
	}
	if standsApart(text, f.Start, f.End) { // else nothing would find a stand-in again
		if treat == Shift {
			if moved, ok, err := v.session.shifted(surface, v.profile.order, v.engine.year); ok || err != nil {
				return moved, err
			}
		}
		if v.profile.invent {
			if stand, err := v.inventedFor(f.Kind, surface); stand != "" || err != nil {
				return stand, err
			}
		}
	}
	p, err := v.session.placeholder(f.Kind, surface)
	if err != nil || f.Kind != phi.Date || treat != Conceal {
		return p, err
	}
	return v.noted(p, surface, text[f.End:], born), nil
}

// standsApart reports whether no letter or digit touches text[start:end].
func standsApart(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	behind, _ := utf8.DecodeRuneInString(text[end:])
	return !isRun(before) && !isRun(behind)
}

// ShiftDate is what a profile that shifts dates writes for a text that is a date
// as a whole; false under every other profile and where the date cannot be read
// with certainty. It is for fields that must hold a date. After an error of the
// random source (see Err) it returns false, and nothing may be written.
func (v *Veil) ShiftDate(text string) (string, bool) {
	if v.profile.Treats(phi.Date) != Shift || v.err != nil {
		return "", false
	}
	moved, ok, err := v.session.shifted(text, v.profile.order, v.engine.year)
	if err != nil {
		v.err = err
		return "", false
	}
	if ok {
		v.concealed++
	}
	return moved, ok
}
