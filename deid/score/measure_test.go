package score_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/deid/score"
)

// TestMeasure prints the tables of docs/accuracy.md. With CHAPERONE_MISSES set
// to a name of a set it also prints what was missed there, and with
// CHAPERONE_TOUCHED what was touched beside identifiers.
func TestMeasure(t *testing.T) {
	dir := dataDir(t)
	e, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	latin := map[string]bool{"en": true, "fr": true, "es": true}
	all := map[string]bool{}
	for _, l := range strings.Fields("en fr es de it nl pt af am ar as bg bn cs da el et fi he hi hr hu id ig ja ko lv mr ms no or pl ro ru sk sr sv sw ta te th tl tr uk ur vi xh yo zu") {
		all[l] = true
	}
	for _, set := range []struct {
		name string
		docs []doc
	}{
		{"french", eds(t, dir)},
		{"generic", presidio(t, dir)},
		{"traps", openmed(t, dir, latin)},
		{"traps-all", openmed(t, dir, all)},
		{"visits", append(aci(t, dir, "train"), aci(t, dir, "valid")...)},
		{"dictated", mtsamples(t, dir)},
		{"short-visits", mts(t, dir)},
		{"questions", pubmed(t, dir, false)},
		{"abstracts", pubmed(t, dir, true)},
	} {
		report := measure(e, set.name, set.docs)
		report.Print(os.Stdout, set.name)
	}
}

func measure(e *deid.Engine, name string, docs []doc) *score.Report {
	var r score.Report
	for _, d := range docs {
		var found []score.Span
		for _, f := range findTwice(e, d.text) {
			found = append(found, score.Span{Start: f.Start, End: f.End, Kind: f.Kind.String()})
			if os.Getenv("CHAPERONE_TOUCHED") == name && !overlaps(f, d.gold) {
				fmt.Printf("TOUCHED %s %s %q in %q\n", f.Kind, f.Rule, d.text[f.Start:f.End], around(d.text, f.Start, f.End))
			}
		}
		if os.Getenv("CHAPERONE_MISSES") == name {
			for _, g := range d.gold {
				if !inside(g, found) {
					fmt.Printf("MISSED %s %q in %q\n", g.Kind, d.text[g.Start:g.End], around(d.text, g.Start, g.End))
				}
			}
		}
		r.Add(d.text, d.gold, found)
	}
	return &r
}

// findTwice finds as an exchange does: names that were found are looked for
// again everywhere in the text.
func findTwice(e *deid.Engine, text string) []deid.Finding {
	found := e.Find(text, deid.Where{})
	var names []string
	for _, f := range found {
		if f.Kind.String() == "name" {
			names = append(names, text[f.Start:f.End])
		}
	}
	return append(found, e.FindKnown(text, names)...)
}

func overlaps(f deid.Finding, gold []score.Span) bool {
	for _, g := range gold {
		if f.Start < g.End && g.Start < f.End {
			return true
		}
	}
	return false
}

func inside(g score.Span, found []score.Span) bool {
	for i := g.Start; i < g.End; i++ {
		ok := false
		for _, f := range found {
			ok = ok || i >= f.Start && i < f.End
		}
		if !ok {
			return false
		}
	}
	return true
}

func around(text string, a, b int) string {
	a, b = max(0, a-40), min(len(text), b+30)
	return strings.ToValidUTF8(text[a:b], "")
}
