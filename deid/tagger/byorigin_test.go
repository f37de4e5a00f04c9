package tagger_test

import (
	"testing"

	"chaperone/deid/score"
	"chaperone/deid/synth"
	"chaperone/deid/tagger"
)

// TestNamesOfEveryOriginAreFound prints how well names are found origin by
// origin in styles that nothing was learned from, and holds each to a floor: a
// detector that serves some people less than others is not safe for anybody.
func TestNamesOfEveryOriginAreFound(t *testing.T) {
	m := model(t)
	for _, origin := range synth.Origins() {
		var r score.Report
		for _, x := range generated(t, unseenStyles, []string{origin}) {
			r.Add(x.words, x.gold, spansOfTagger(m.Read(x.words).Spans(tagger.Bias{})))
		}
		line(t, origin, "tagger", &r)
		if c := r.Kinds["name"]; float64(c.Covered) < 0.85*float64(c.Gold) {
			t.Errorf("%s: %d of %d names are found", origin, c.Covered, c.Gold)
		}
	}
}
