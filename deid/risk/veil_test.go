package risk_test

import (
	"testing"

	"chaperone/deid"
	"chaperone/deid/risk"
)

// DEI-07: what is left after concealment is judged, not what was there before.
// A city is concealed and the crowd grows; a state, an age and a rare disorder
// may stand under Safe Harbor and still single somebody out.
func TestWhatSafeHarborLeavesIsJudgedAfterConcealment(t *testing.T) {
	engine, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	judge, err := risk.NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct{ before, after bool }{
		"55-year-old patient with hypertension, lives in Boston, MA":          {true, false},
		"47-year-old patient with a rare genetic disorder from rural Montana": {true, true},
		"55-year-old patient with hypertension from Massachusetts":            {false, false},
	} {
		var hidden []risk.Span
		for _, f := range engine.Find(text, deid.Where{}) {
			hidden = append(hidden, risk.Span{Start: f.Start, End: f.End})
		}
		if before, after := judge.Of(text), judge.Of(text, hidden...); before.Likely != want.before || after.Likely != want.after {
			t.Errorf("%q: %+v, then %+v", text, before, after)
		}
	}
}
