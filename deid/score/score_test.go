package score_test

import (
	"strings"
	"testing"

	"chaperone/deid/score"
)

func TestReportCountsWhatLeaksAndWhatIsTouched(t *testing.T) {
	text := "Roe, Jane has asthma"
	gold := []score.Span{{Start: 0, End: 9, Kind: "name"}}
	for _, c := range []struct {
		name                                   string
		found                                  []score.Span
		strict, covered, touched, leaked, over int
	}{
		{"the exact bounds", []score.Span{{Start: 0, End: 9}}, 1, 1, 1, 0, 0},
		{"two pieces that leave only marks", []score.Span{{Start: 0, End: 3}, {Start: 5, End: 9}}, 0, 1, 1, 0, 0},
		{"a part", []score.Span{{Start: 0, End: 3}}, 0, 0, 1, 4, 0},
		{"nothing", nil, 0, 0, 0, 7, 0},
		{"a word too many", []score.Span{{Start: 0, End: 13}}, 0, 1, 1, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r score.Report
			r.Add(text, gold, c.found)
			all := r.All()
			if all.Gold != 1 || all.Strict != c.strict || all.Covered != c.covered || all.Touched != c.touched || all.Leaked != c.leaked || r.Over != c.over || r.Tokens != 2 {
				t.Errorf("counted %+v, %d of %d other words touched", all, r.Over, r.Tokens)
			}
			if whole := r.Whole == 1; whole != (c.leaked == 0) {
				t.Errorf("text counts as whole: %v", whole)
			}
		})
	}
}

func TestWilsonIntervalHoldsTheShareAndIsNeverEmpty(t *testing.T) {
	for _, c := range []struct{ k, n int }{{0, 10}, {10, 10}, {5, 10}, {990, 1000}, {0, 0}} {
		low, high := score.Wilson(c.k, c.n)
		share := 0.5
		if c.n > 0 {
			share = float64(c.k) / float64(c.n)
		}
		if low > share || high < share || low == high || low < 0 || high > 1 {
			t.Errorf("%d of %d: %f to %f", c.k, c.n, low, high)
		}
	}
	if low, high := score.Wilson(95, 100); low < 0.887 || low > 0.889 || high < 0.977 || high > 0.979 {
		t.Errorf("95 of 100: %f to %f, want 0.888 to 0.978", low, high)
	}
}

func TestPrintRepeatsNoWordOfTheTexts(t *testing.T) {
	var r score.Report
	r.Add("Roe has asthma", []score.Span{{Start: 0, End: 3, Kind: "name"}}, nil)
	var b strings.Builder
	r.Print(&b, "set")
	if strings.Contains(b.String(), "Roe") || !strings.Contains(b.String(), "| name | 1 | 0.0 % |") {
		t.Error(b.String())
	}
}
