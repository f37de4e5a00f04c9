package policy

import (
	"testing"

	"chaperone/phi"
	"chaperone/regulation"
)

// The regulation package may not know the kinds, so this is where the two are
// held together: each of the eighteen letters has a kind, and each kind stands
// under the letter it claims.
func TestEverySafeHarborLetterIsCoveredByAKind_DLP02(t *testing.T) {
	law, err := regulation.LoadSafeHarbor()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[phi.Kind]string{}
	for _, id := range law.Identifiers {
		for _, name := range id.Kinds {
			k, ok := phi.ParseKind(name)
			if !ok || k.SafeHarbor() != id.Letter {
				t.Errorf("%s: kind %q claims %q", id.Letter, name, k.SafeHarbor())
			}
			listed[k] = id.Letter
		}
	}
	for _, k := range phi.Kinds() {
		if k.Identifies() && listed[k] == "" {
			t.Errorf("kind %s is under no letter", k)
		}
	}
}
