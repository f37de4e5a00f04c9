package reference

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

func people(t *testing.T) *People {
	t.Helper()
	p, err := LoadPeople()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheRegionsSumToTheCensus(t *testing.T) {
	p := people(t)
	for country, want := range map[string]struct{ regions, people int }{"US": {51, 331_449_281}, "CA": {13, 36_991_981}} {
		regions, sum := 0, 0
		for code, r := range p.regions {
			if strings.HasPrefix(code, country+"-") {
				regions++
				sum += r.People
			}
		}
		whole, ok := p.Area(country)
		if regions != want.regions || sum != want.people || !ok || whole.People != sum {
			t.Errorf("%s: %d regions of %d people, want %d of %d", country, regions, sum, want.regions, want.people)
		}
	}
}

func TestPlacesAreFoundByTheNamesPeopleGiveThem(t *testing.T) {
	p := people(t)
	for name, want := range map[string]string{
		"montana": "US-MT", "US-MT": "US-MT", "quebec": "CA-QC", "nouvelle ecosse": "CA-NS", "united states": "US", "canada": "CA",
		"district of columbia": "US-DC", "new york": "US-NY", "floride": "US-FL",
	} {
		if r, ok := p.Area(name); !ok || r.Code != want {
			t.Errorf("%s is %+v", name, r)
		}
	}
	if r, ok := p.Area("atlantis"); ok {
		t.Errorf("Atlantis is %+v", r)
	}
	for _, name := range []string{"boston", "kansas city", "new york city", "quebec city", "trois rivieres"} {
		if len(p.Towns(name)) == 0 {
			t.Errorf("no town is called %s", name)
		}
	}
	if p.Towns("ocean") != nil || p.Towns("atlantis on sea") != nil {
		t.Error("Ocean or Atlantis on Sea is a town")
	}
}

func TestEveryoneHasAnAge(t *testing.T) {
	p := people(t)
	if all := p.Aged(0, 115); math.Abs(all-1) > 0.005 {
		t.Errorf("the ages sum to %v", all)
	}
	if p.Aged(47, 47) < 0.011 || p.Aged(47, 47) > 0.013 || p.Aged(47, 46) != 0 || p.Aged(116, 120) != 0 {
		t.Errorf("47: %v", p.Aged(47, 47))
	}
}

func TestEveryTraitHasAShareAndFoldedForms(t *testing.T) {
	kinds, seen := map[string]int{}, map[string]string{}
	for _, trait := range people(t).Traits() {
		kinds[trait.Kind]++
		if trait.Share <= 0 || trait.Share >= 0.5 {
			t.Errorf("%s: share %v", trait.Name, trait.Share)
		}
		for _, form := range trait.Forms {
			if form != Phrase(form) && form != strings.ToUpper(Phrase(form)) || form == "" {
				t.Errorf("%s: the form %q is not folded", trait.Name, form)
			}
			if other, ok := seen[form]; ok && other != trait.Name {
				t.Errorf("%q is %s and %s", form, other, trait.Name)
			}
			seen[form] = trait.Name
		}
	}
	if kinds["condition"] < 60 || len(kinds) != 9 {
		t.Errorf("kinds: %v", kinds)
	}
}

// As for the other lists: towns.txt is made from a package, so its bytes are
// those that SOURCES.md says.
func TestTheTownsHaveTheirSource(t *testing.T) {
	sources, err := os.ReadFile("SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	data, err := files.ReadFile("data/people/towns.txt")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(data)); !strings.Contains(string(sources), sum) {
		t.Errorf("towns.txt with digest %s is not in SOURCES.md", sum)
	}
}
