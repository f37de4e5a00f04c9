package gateway

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/deid"
	"chaperone/deid/risk"
	"chaperone/internal/claude"
)

// A request is weighed under Safe Harbor, and once more under the profile that
// is then in force. What was read the first time must weigh the same as what is
// read anew, also where it is too long to be kept.
func TestWhatWasReadForOneProfileWeighsTheSameUnderAnother(t *testing.T) {
	e, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	j, err := risk.NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		between string
		kept    bool
	}{
		"short": {"No pain.", true},
		"long":  {strings.Repeat("She reports no pain at all today. ", mostWeighed/30), false},
	} {
		open := func() *texts {
			return readTexts(func(f func(claude.Leaf)) {
				for _, text := range []string{
					"Patient: Maria Hernandez, 47, seen on March 3, 2026.", c.between, "She lives in Kalispell, Montana, and has a rare genetic disorder and HIV.",
				} {
					f(claude.Leaf{Text: text, Role: "user", Class: claude.Prose})
				}
			}, deid.NewVeil(e, deid.NewSession(nil, rand.Reader)), nil)
		}
		again := open()
		harbor := again.weigh(j, deid.SafeHarbor())
		if (again.laid != nil) != c.kept {
			t.Errorf("%s: what was read is kept: %v", name, again.laid != nil)
		}
		least := again.weigh(j, deid.Minimum())
		for profile, pair := range map[string][2]weight{
			"safe harbor": {open().weigh(j, deid.SafeHarbor()), harbor}, "minimum": {open().weigh(j, deid.Minimum()), least},
			"safe harbor again": {harbor, again.weigh(j, deid.SafeHarbor())},
		} {
			if diff := cmp.Diff(pair[0], pair[1], cmp.AllowUnexported(weight{})); diff != "" {
				t.Errorf("%s, %s (-read anew +read before):\n%s", name, profile, diff)
			}
		}
		if cmp.Equal(harbor, least, cmp.AllowUnexported(weight{})) {
			t.Errorf("%s: both profiles weigh the same, so the test shows nothing", name)
		}
	}
}
