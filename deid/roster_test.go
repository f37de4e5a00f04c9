package deid

import (
	"crypto/rand"
	"testing"

	"chaperone/phi"
)

func known(t *testing.T) *Veil {
	t.Helper()
	v := NewVeil(testEngine(t), NewSession(nil, rand.Reader))
	v.Know(phi.Name, "Marisol Quintanar-Webb")
	v.Know(phi.Record, "(77QX120)")
	v.Know(phi.Name, " - ")
	return v
}

func TestWhatIsKnownIsFoundHoweverItIsWritten_DLP03(t *testing.T) {
	for text, want := range map[string]int{
		"quintanar came back": 1, "MARISOL, inr 3.1": 1, "webb's inr": 1, "m.quintanar_webb.txt": 1, "quintanr called": 1,
		"see 77QX120 again": 1, "see 77qx121": 0, "warfarin for an inr of 3.1?": 0, "web page": 0,
	} {
		n := 0
		for _, f := range known(t).Findings(text, Where{}) {
			if f.Kind.Identifies() {
				n++
			}
		}
		if (n > 0) != (want > 0) {
			t.Errorf("%q: %d findings, want %d", text, n, want)
		}
	}
}

func TestWhatIsKnownAndNotSaidLeavesNoTrace(t *testing.T) {
	v := known(t)
	v.Read("warfarin for an inr of 3.1?", Where{})
	if n := v.Summary().Total(); n != 0 {
		t.Errorf("%d findings", n)
	}
	if v.Conceal("warfarin for an inr of 3.1?", Where{}) != "warfarin for an inr of 3.1?" || v.session.Len() != 0 {
		t.Errorf("the session holds %d placeholders", v.session.Len())
	}
}

func TestWhoATextNamesCanBeLearned(t *testing.T) {
	v := NewVeil(testEngine(t), NewSession(nil, rand.Reader))
	v.Learn("Patient: Mr. Ludo Zyxqvarden, MRN: 4471902, has a cough.")
	if got := v.Findings("zyxqvarden coughs", Where{}); len(got) != 1 || got[0].Kind != phi.Name {
		t.Errorf("found %v", got)
	}
	if n := v.Summary().Total(); n != 1 {
		t.Errorf("%d findings: what was learned from is counted", n)
	}
}
