package main

import (
	"fmt"
	"io"

	"chaperone/deid/score"
	"chaperone/deid/synth"
	"chaperone/deid/tagger"
)

// measure writes how the model does on fresh texts: of styles and origins it
// learned from, of styles and origins that were held out, and of both.
func (v *vocabulary) measure(w io.Writer, m *tagger.Model) error {
	for _, set := range []struct {
		name            string
		seed            uint64
		styles, origins []string
	}{
		{"learned styles, learned origins", 11, learned(), knownOrigins()},
		{"learned styles, other origins", 12, learned(), heldOutOrigins},
		{"other styles, learned origins", 13, heldOutStyles, knownOrigins()},
		{"other styles, other origins", 14, heldOutStyles, heldOutOrigins},
		{"unseen styles, learned origins", 15, unseenStyles, knownOrigins()},
		{"unseen styles, other origins", 16, unseenStyles, heldOutOrigins},
	} {
		world, err := synth.NewWorld(set.seed)
		if err != nil {
			return err
		}
		if err := world.Only(set.origins...); err != nil {
			return err
		}
		var all score.Report
		for _, style := range set.styles {
			for range 100 {
				n, err := world.Note(style)
				if err != nil {
					return err
				}
				add(&all, m, example(n))
			}
		}
		fmt.Fprintf(w, "%-34s", set.name)
		for _, k := range []string{"name", "place", "org"} {
			if c := all.Kinds[k]; c != nil {
				fmt.Fprintf(w, "  %s %.1f %% of %d", k, 100*float64(c.Covered)/float64(c.Gold), c.Gold)
			}
		}
		fmt.Fprintf(w, "  other words touched %.2f %%\n", 100*float64(all.Over)/float64(max(1, all.Tokens)))
	}
	return nil
}

func add(r *score.Report, m *tagger.Model, x tagger.Example) {
	var gold, found []score.Span
	for _, s := range x.Spans {
		gold = append(gold, score.Span{Start: s.Start, End: s.End, Kind: s.Kind.String()})
	}
	for _, s := range m.Find(x.Text) {
		found = append(found, score.Span{Start: s.Start, End: s.End, Kind: s.Kind.String()})
	}
	r.Add(x.Text, gold, found)
}
