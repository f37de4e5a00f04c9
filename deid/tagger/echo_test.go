package tagger

import (
	"slices"
	"strings"
	"testing"

	"chaperone/reference"
)

// FuzzTextsThatGoInCircles reads texts that say the same again and again, with
// something else in between, with and without the memory of what was weighed: every
// margin is the same.
func FuzzTextsThatGoInCircles(f *testing.F) {
	lex, err := reference.Load()
	if err != nil {
		f.Fatal(err)
	}
	m, err := New(lex)
	if err != nil {
		f.Fatal(err)
	}
	for _, unit := range []string{"a.", "John Smith-Jones, ", "O'", "St. Mary's ", "A. B.\n", "Dr. Roe (Ward 3): ", "é. É ", "H0dges ", "van der Meer; "} {
		f.Add(unit, "Seen by Jane Roe of Toronto. ", "john smith ", uint8(40))
	}
	f.Fuzz(func(t *testing.T, unit, before, between string, n uint8) {
		if len(unit)+len(before)+len(between) > 1000 {
			return
		}
		text := before + strings.Repeat(unit, int(n)) + between + strings.Repeat(unit, int(n)) + between
		with := m.Read(text)
		without := &Reading{model: m, page: with.page}
		var x lattice
		for i := 0; i < len(with.page.chain); {
			j := with.page.run(i)
			without.decode(&x, i, j)
			i = j
		}
		if !slices.Equal(with.margins, without.margins) || !slices.Equal(with.labels, without.labels) {
			t.Errorf("what was remembered differs from what is weighed anew in %q", text)
		}
	})
}
