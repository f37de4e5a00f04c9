package deid

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"chaperone/phi"
)

// engine is loaded once for all tests of the package; it never changes.
var engine = sync.OnceValue(func() *Engine {
	e, err := NewEngine()
	if err != nil {
		panic(err)
	}
	return e
})

// marked is a fixture: "Patient {name|Jane Roe} was seen." says that Jane Roe is
// to be found, as a name, and nothing else. {any|…} leaves the kind open. All
// people in fixtures are made up.
func marked(t testing.TB, fixture string) (text string, want []Finding) {
	t.Helper()
	var b strings.Builder
	for rest := fixture; rest != ""; {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:open])
		kind, after, _ := strings.Cut(rest[open+1:], "|")
		surface, tail, ok := strings.Cut(after, "}")
		k, known := phi.ParseKind(kind)
		if !ok || !known && kind != "any" {
			t.Fatalf("fixture is malformed: %q", fixture)
		}
		want = append(want, Finding{Kind: k, Start: b.Len(), End: b.Len() + len(surface)})
		b.WriteString(surface)
		rest = tail
	}
	return b.String(), want
}

// faults compares what was found with what was marked. Bounds may differ by
// marks and blanks; letters and digits may not.
func faults(text string, want, got []Finding) []string {
	var out []string
	for _, w := range want {
		covered := true
		kind := w.Kind
		for i := w.Start; i < w.End; i++ {
			hit := false
			for _, g := range got {
				if i >= g.Start && i < g.End {
					hit = true
					if w.Kind != phi.None && g.Kind != w.Kind {
						kind = g.Kind
					}
				}
			}
			covered = covered && (hit || !isAlnum(text[i]) && text[i] < 0x80)
		}
		if !covered {
			out = append(out, fmt.Sprintf("missed %s %q", w.Kind, text[w.Start:w.End]))
		} else if kind != w.Kind {
			out = append(out, fmt.Sprintf("%q is a %s, found as %s", text[w.Start:w.End], w.Kind, kind))
		}
	}
	for _, g := range got {
		for i := g.Start; i < g.End; i++ {
			inside := false
			for _, w := range want {
				inside = inside || i >= w.Start && i < w.End
			}
			if !inside && (isAlnum(text[i]) || text[i] >= 0x80) {
				out = append(out, fmt.Sprintf("touched %s %q by %s", g.Kind, text[g.Start:g.End], g.Rule))
				break
			}
		}
	}
	return out
}

// check runs fixtures as subtests. What is known of the people in a text is
// used as an exchange uses it.
func check(t *testing.T, fixtures []string) {
	t.Helper()
	for _, f := range fixtures {
		t.Run(f, func(t *testing.T) {
			text, want := marked(t, f)
			for _, fault := range faults(text, want, findAll(text)) {
				t.Error(fault)
			}
		})
	}
}

// findAll finds, then looks for the people found everywhere in the text.
func findAll(text string) []Finding {
	e := engine()
	found := e.Find(text, Where{})
	var names []string
	for _, f := range found {
		if f.Kind == phi.Name {
			names = append(names, text[f.Start:f.End])
		}
	}
	if len(names) == 0 {
		return found
	}
	return merge(append(append([]Finding(nil), found...), e.FindKnown(text, names)...))
}
