package main

import (
	"slices"
	"testing"
	"unicode/utf8"

	"chaperone/deid/synth"
)

func TestWhatIsHeldOutExistsAndIsNotLearned(t *testing.T) {
	for _, s := range slices.Concat(heldOutStyles, unseenStyles) {
		if !slices.Contains(synth.Styles(), s) || slices.Contains(learned(), s) {
			t.Errorf("style %s: unknown, or learned from", s)
		}
	}
	for _, o := range heldOutOrigins {
		if !slices.Contains(synth.Origins(), o) || slices.Contains(knownOrigins(), o) {
			t.Errorf("origin %s: unknown, or learned from", o)
		}
	}
}

func TestVaryingCapitalsMovesNoSpan(t *testing.T) {
	w, err := synth.NewWorld(77)
	if err != nil {
		t.Fatal(err)
	}
	c := &caser{state: 5}
	for _, style := range synth.Styles() {
		for range 30 {
			n, err := w.Note(style)
			if err != nil {
				t.Fatal(err)
			}
			v := c.vary(n)
			if len(v.Text) != len(n.Text) || !utf8.ValidString(v.Text) {
				t.Fatalf("style %s: %d bytes became %d", style, len(n.Text), len(v.Text))
			}
			for _, s := range v.Spans {
				if !utf8.RuneStart(v.Text[s.Start]) {
					t.Fatalf("style %s: a span begins inside a letter", style)
				}
			}
		}
	}
}
