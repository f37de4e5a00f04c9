package deid

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/phi"
)

// A document says what its field is: one finding. The user's own text there may
// still have the form of a placeholder, which must not be restored as ours.
func TestAFieldIsOneFindingWhateverTheSessionKnows(t *testing.T) {
	e := engine()
	s := NewSession(nil, rand.Reader)
	first := NewVeil(e, s)
	w := first.ReadAs(phi.Name, "Roe")
	shaped := strings.TrimSpace(first.Conceal("Roe", w))

	v := NewVeil(e, s)
	for _, c := range []struct {
		kind phi.Kind
		text string
		want phi.Kind
	}{
		{phi.Name, "Roe", phi.Name},
		{phi.Org, "Roe Clinic", phi.Org},
		{phi.Code, shaped, phi.Literal},
		{phi.Code, "x " + shaped + " y", phi.Literal},
	} {
		w := v.ReadAs(c.kind, c.text)
		found := v.Findings(c.text, w)
		if len(found) != 1 || found[0].Kind != c.want || found[0].Start != 0 || found[0].End != len(c.text) {
			t.Errorf("%q read as %v: %+v", c.text, c.kind, found)
		}
	}
}

// The page that the rules have read is searched for names as a page opened anew.
func TestAPageIsSearchedAgainAsIfItHadNotBeenRead(t *testing.T) {
	e := engine()
	people := e.roster([]string{"Martha Collins", "Alan Pike", "Anna"})
	for _, text := range []string{busyNote, cleanNote, "", "martha.collins@example.org, MARTHA  Colins; annaPike", "M. C. and A.P., Märtha", strings.Repeat("Anna. ", 90)} {
		p := e.open(text)
		p.search(Where{}, 0)
		if diff := cmp.Diff(e.findRoster(text, people), p.anew().findKnown(people)); diff != "" {
			t.Errorf("%.40q: %s", text, diff)
		}
	}
}
