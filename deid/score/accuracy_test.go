package score_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/deid/score"
)

var write = flag.Bool("write", false, "write what was measured to docs/accuracy.md")

// TestAccuracy measures the hand-written texts, and the development data where
// they are to be had. It fails where the hand-written texts fall below what was
// reached before; with -write it enters its tables in docs/accuracy.md.
func TestAccuracy(t *testing.T) {
	e, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	var own bytes.Buffer
	ownTexts(t, e, &own)
	t.Log(own.String())
	if *write {
		enter(t, "own texts", own.String())
	}
	dir := dataFolder()
	if dir == "" {
		t.Log("no development data; set CHAPERONE_DATA to measure them too")
		return
	}
	var other bytes.Buffer
	for _, s := range developmentSets(t, dir) {
		r := measure(e, s.name, s.docs)
		r.Print(&other, s.title)
		if s.note != "" {
			fmt.Fprintf(&other, "\n%s\n", s.note)
		}
	}
	t.Log(other.String())
	if *write {
		enter(t, "development data", other.String())
	}
}

// ownTexts measures the texts of deid/testdata and holds them to their floors.
func ownTexts(t *testing.T, e *deid.Engine, w io.Writer) {
	t.Helper()
	tuning, held := validation(t)
	cleanTuning, cleanHeld := cleanTexts(t)
	first, cleanFirst := unseen(t, "first")
	second, cleanSecond := unseen(t, "second")
	for _, s := range []struct {
		name, title string
		docs        []doc
		covered     float64 // at least this share of identifiers
		touched     float64 // at most this share of texts without any
	}{
		{"tuning", "Tuning texts: their misses were read", tuning, 0.955, 0},
		{"held", "Held-out half: only measured", held, 0.935, 0},
		{"clean-tuning", "Texts that identify nobody, tuning half", cleanTuning, 0, 0.025},
		{"held-first", "By another hand, never read: first set", first, 0.92, 0},
		{"held-second", "By another hand, never read: second set", second, 0.955, 0},
		{"clean-held-first", "By another hand, identifying nobody: first set", cleanFirst, 0, 0.12},
		{"clean-held-second", "By another hand, identifying nobody: second set", cleanSecond, 0, 0.07},
		{"clean-held", "Texts that identify nobody, held-out half", cleanHeld, 0, 0.075},
	} {
		r := measure(e, s.name, s.docs)
		r.Print(w, s.title)
		if all := r.All(); all.Gold > 0 && float64(all.Covered) < s.covered*float64(all.Gold) {
			t.Errorf("%s: %d of %d identifiers are covered, fewer than before", s.name, all.Covered, all.Gold)
		}
		if r.Clean > 0 && s.touched > 0 && float64(r.CleanHit) > s.touched*float64(r.Clean) {
			t.Errorf("%s: %d of %d texts are touched, more than before", s.name, r.CleanHit, r.Clean)
		}
	}
	byStyle(e, w, tuning, slices.Concat(held, first, second))
}

// byStyle prints one line for each style of text.
func byStyle(e *deid.Engine, w io.Writer, tuning, held []doc) {
	type pair struct{ tuning, held score.Report }
	styles := map[string]*pair{}
	for half, docs := range [][]doc{tuning, held} {
		for _, d := range docs {
			if styles[d.id] == nil {
				styles[d.id] = &pair{}
			}
			r := &styles[d.id].tuning
			if half == 1 {
				r = &styles[d.id].held
			}
			r.Add(d.text, d.gold, spans(findTwice(e, d.text)))
		}
	}
	names := make([]string, 0, len(styles))
	for n := range styles {
		names = append(names, n)
	}
	sort.Strings(names)
	fmt.Fprint(w, "\n### By style\n\n| style | covered, tuning | covered, held out |\n|---|---:|---:|\n")
	for _, n := range names {
		a, b := styles[n].tuning.All(), styles[n].held.All()
		fmt.Fprintf(w, "| %s | %d of %d | %d of %d |\n", n, a.Covered, a.Gold, b.Covered, b.Gold)
	}
}

func spans(found []deid.Finding) []score.Span {
	list := make([]score.Span, 0, len(found))
	for _, f := range found {
		list = append(list, score.Span{Start: f.Start, End: f.End, Kind: f.Kind.String()})
	}
	return list
}

// enter puts a table between its marks in docs/accuracy.md.
func enter(t *testing.T, mark, table string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "accuracy.md")
	page := read(t, path)
	open, end := "<!-- measured: "+mark+" -->\n", "<!-- end: "+mark+" -->"
	head, rest, ok := strings.Cut(page, open)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("docs/accuracy.md has no marks for %q", mark)
	}
	if err := os.WriteFile(path, []byte(head+open+strings.ReplaceAll(table, "\n\n\n", "\n\n")+"\n"+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
