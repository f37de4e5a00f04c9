package deid

import (
	"strings"
	"unicode"

	"chaperone/phi"
)

// hint is what somebody knows of the patient before any text is read.
type hint struct {
	kind phi.Kind
	text string
}

// Know tells the veil what is known of the patient at hand: a name, a record
// number, an address. Every text of the exchange is then searched for it as if
// another text had named it: names in parts, in small letters and misspelt,
// all else as it is written here if it is particular enough to be taken for
// itself. What is known and stands in no text is no finding, and leaves no
// trace in the session.
func (v *Veil) Know(k phi.Kind, text string) {
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if text == "" {
		return
	}
	v.told = append(v.told, hint{k, text})
	v.settled = false
}

// Learn is Know for everyone whom a text names that is no text of the exchange
// itself, such as the lines of a report put together.
func (v *Veil) Learn(text string) {
	r, _ := v.session.find(v.engine, text, Where{})
	for _, f := range r.found {
		if f.Kind == phi.Name {
			v.Know(f.Kind, text[f.Start:f.End])
		}
	}
}
