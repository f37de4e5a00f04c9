package risk_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/deid/risk"
)

// judged is a text of people who never lived and what was judged of it, as it
// stands and with what identifies hidden. It was recorded before the words that
// do not matter were passed over.
type judged struct {
	Text       string
	Hidden     []risk.Span
	Whole      risk.Residual
	Left       risk.Residual
	Categories []risk.Category
}

// Reading faster must judge the same: which words are looked at is a matter of
// cost and never of the result.
func TestWhatIsPassedOverChangesNoJudgement(t *testing.T) {
	judge, err := risk.NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("testdata/judged.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	n, single := 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); n++ {
		var want judged
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		got := judged{want.Text, want.Hidden, finite(judge.Of(want.Text)), finite(judge.Of(want.Text, want.Hidden...)), judge.Categories(want.Text)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60q is judged otherwise (-recorded +now):\n%s", want.Text, diff)
		}
		if got.Whole.High {
			single++
		}
		r := judge.Read(want.Text)
		if again := (judged{want.Text, want.Hidden, finite(r.Left()), finite(r.Left(want.Hidden...)), r.Categories()}); !cmp.Equal(got, again) {
			t.Errorf("%.60q is judged otherwise when it is read once for all questions", want.Text)
		}
	}
	if n < 50 || single < 5 {
		t.Errorf("%d texts, of which %d single somebody out, are too few to tell", n, single)
	}
}

// finite writes the crowd of nobody as -1, because JSON has no infinity.
func finite(r risk.Residual) risk.Residual {
	if math.IsInf(r.Expected, 1) {
		r.Expected = -1
	}
	r.Reasons = slices.Clip(r.Reasons)
	return r
}
