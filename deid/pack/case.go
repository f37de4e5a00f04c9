package pack

import (
	"crypto/rand"
	"fmt"

	"chaperone/deid"
	"chaperone/phi"
)

// Run reads the case with an engine as one exchange and says what is not as it
// is marked; empty if all is. A case without marks is a text in which nothing
// may be found; where there are marks, what lies outside them is not judged. The
// answer repeats none of the text.
func (c Case) Run(e *deid.Engine) []string {
	veil := deid.NewVeil(e, deid.NewSession(nil, rand.Reader))
	var found []deid.Finding
	for _, f := range veil.Findings(c.text, deid.Where{}) {
		if f.Kind.Identifies() {
			found = append(found, f)
		}
	}
	var why []string
	if len(c.marks) == 0 {
		for _, f := range found {
			why = append(why, fmt.Sprintf("nothing is marked, and bytes %d to %d are found as %s (rule %s)", f.Start, f.End, f.Kind, f.Rule))
		}
	}
	for i, m := range c.marks {
		if w := m.judge(c.text, found); w != "" {
			why = append(why, fmt.Sprintf("mark %d %s", i+1, w))
		}
	}
	return why
}

// judge says what is wrong at a mark; "" if nothing is.
func (m mark) judge(text string, found []deid.Finding) string {
	other := deid.Finding{}
	missed, hit := false, false
	for i := m.start; i < m.end; i++ {
		if !wordBytes[text[i]] {
			continue
		}
		in := false
		for _, f := range found {
			if i >= f.Start && i < f.End {
				in = true
				if f.Kind != m.kind {
					other = f
				}
			}
		}
		missed, hit = missed || !in, hit || in
	}
	switch {
	case m.keep && hit:
		return fmt.Sprintf("must stay, and is found as %s (rule %s)", other.Kind, other.Rule)
	case m.keep:
		return ""
	case missed && hit:
		return "is found only in part"
	case missed:
		return "is not found"
	case m.kind != phi.None && other.Kind != phi.None:
		return fmt.Sprintf("is to be found as %s, and is found as %s (rule %s)", m.kind, other.Kind, other.Rule)
	}
	return ""
}
