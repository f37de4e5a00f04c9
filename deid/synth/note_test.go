package synth_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"chaperone/deid/synth"
	"chaperone/phi"
)

func world(t testing.TB, seed uint64) *synth.World {
	t.Helper()
	w, err := synth.NewWorld(seed)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func note(t testing.TB, w *synth.World, style string) synth.Note {
	t.Helper()
	n, err := w.Note(style)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSameSeedWritesTheSameNotes(t *testing.T) {
	a, b, other := world(t, 3), world(t, 3), world(t, 4)
	differs := false
	for _, s := range synth.Styles() {
		x, y := note(t, a, s), note(t, b, s)
		if d := cmp.Diff(x, y); d != "" {
			t.Errorf("style %s: two worlds of one seed differ:\n%s", s, d)
		}
		differs = differs || note(t, other, s).Text != x.Text
	}
	if !differs {
		t.Error("another seed wrote the same notes")
	}
}

func TestEveryStyleKnowsWhereItsIdentifiersAre(t *testing.T) {
	w := world(t, 1)
	kinds := map[phi.Kind]int{}
	for _, s := range synth.Styles() {
		for range 200 {
			n := note(t, w, s)
			if n.Text == "" || !utf8.ValidString(n.Text) || n.Style != s {
				t.Fatalf("style %s wrote %q", s, n.Text)
			}
			if strings.ContainsAny(n.Text, "{}") && s != "roster" && s != "talk_code" || strings.Contains(n.Text, "%town") {
				t.Fatalf("style %s left a slot in %q", s, n.Text)
			}
			end := 0
			for _, x := range n.Spans {
				if x.Start < end || x.End <= x.Start || x.End > len(n.Text) || !x.Kind.Identifies() {
					t.Fatalf("style %s: span %+v in %q", s, x, n.Text)
				}
				if words := n.Text[x.Start:x.End]; strings.TrimSpace(words) != words {
					t.Errorf("style %s: the span %q has blanks at its ends", s, words)
				}
				end = x.End
				kinds[x.Kind]++
			}
		}
	}
	for _, k := range []phi.Kind{phi.Name, phi.Place, phi.Street, phi.Postal, phi.Org, phi.Date, phi.Age, phi.Phone, phi.Fax, phi.Email, phi.Ident, phi.Record, phi.Member, phi.Account, phi.Licence, phi.Device} {
		if kinds[k] == 0 {
			t.Errorf("no note of any style held %s", k.Plain())
		}
	}
}

func TestNotesSpeakOfMarkedPeopleOnly(t *testing.T) {
	w := world(t, 2)
	for _, s := range synth.Styles() {
		n := note(t, w, s)
		named := false
		for _, x := range n.Spans {
			named = named || x.Kind == phi.Name
		}
		if named && len(n.People) == 0 {
			t.Errorf("style %s names somebody and lists nobody", s)
		}
		for _, p := range n.People {
			if p.Mark != synth.Mark {
				t.Errorf("style %s: %s %s carries the mark %q", s, p.Given, p.Family, p.Mark)
			}
		}
	}
}

func TestSomeStylesIdentifyNobody(t *testing.T) {
	w := world(t, 6)
	for _, s := range identifyNobody() {
		for range 100 {
			if n := note(t, w, s); len(n.Spans) != 0 {
				t.Fatalf("style %s identifies: %q", s, n.Text)
			}
		}
	}
}

// identifyNobody lists the styles without identifiers: those that say so in
// their name, and some older ones.
func identifyNobody() []string {
	list := []string{"clean", "cleangeneral", "propre", "limpio", "bare"}
	for _, s := range synth.Styles() {
		if strings.HasPrefix(s, "clean_") || strings.HasPrefix(s, "fr_propre_") || strings.HasPrefix(s, "es_limpio_") {
			list = append(list, s)
		}
	}
	return list
}

func TestAnUnknownStyleIsAnError(t *testing.T) {
	if _, err := world(t, 1).Note("limerick"); err == nil {
		t.Error("a limerick was written")
	}
}

func TestAWorldCanBeLimitedToOriginsAndLentNames(t *testing.T) {
	w := world(t, 9)
	if err := w.Only("greek"); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if p := w.Person("GB"); p.Origin != "greek" || p.Country != "GB" {
			t.Fatalf("a person of origin %s in %s", p.Origin, p.Country)
		}
	}
	w.AddNames("lent", []string{"Zaphnath"}, []string{"Quillon"}, 100)
	lent := false
	for range 50 {
		lent = lent || strings.HasPrefix(w.Person("").Family, "Quillon")
	}
	if !lent {
		t.Error("fifty people, and none has a lent name")
	}
}

func TestTelephonesComeFromRangesKeptForFiction(t *testing.T) {
	w := world(t, 8)
	for range 200 {
		p := w.Person("US")
		for _, n := range []string{p.Contact.Phone, p.Contact.Mobile} {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, n)
			if ten := digits[len(digits)-10:]; ten[3:8] != "55501" {
				t.Errorf("telephone %s is not of the fictitious range", n)
			}
		}
		if !strings.Contains(p.Contact.Email, "example.") {
			t.Errorf("e-mail %s is not of a domain kept for examples", p.Contact.Email)
		}
	}
}

// Organisations speak the language of the text: a French note has no
// "Elementary", a Spanish one no "Memorial Hospital".
func TestOrganisationsSpeakTheLanguageOfTheText(t *testing.T) {
	w := world(t, 11)
	foreign := map[string][]string{
		"fr": {"Elementary", "Hospital", " & Sons", "Church", "Farmacia"},
		"es": {"Elementary", "Memorial", " & Sons", "Church", "Pharmacie"},
	}
	orgs := 0
	for _, s := range synth.Styles() {
		lang, _, cut := strings.Cut(s, "_")
		if !cut || foreign[lang] == nil {
			continue
		}
		for range 60 {
			n := note(t, w, s)
			for _, x := range n.Spans {
				if x.Kind != phi.Org {
					continue
				}
				orgs++
				for _, word := range foreign[lang] {
					if name := n.Text[x.Start:x.End]; strings.Contains(name, word) {
						t.Errorf("style %s: the organisation %q", s, name)
					}
				}
			}
		}
	}
	if orgs < 100 {
		t.Errorf("only %d organisations in all notes", orgs)
	}
}

func TestPeopleLiveWhereFrenchAndSpanishAreSpoken(t *testing.T) {
	w := world(t, 12)
	for _, country := range []string{"QC", "BE", "CH", "ES", "MX"} {
		p := w.Person(country)
		if p.Country != country || p.Home.Town == "" || p.Contact.Mobile == "" {
			t.Errorf("asked for %s: %+v", country, p)
		}
		if !strings.ContainsAny(p.Home.Street, "0123456789") || strings.Contains(p.Home.Street, "%") {
			t.Errorf("%s: the street %q", country, p.Home.Street)
		}
	}
}

// Frames write "de {p.first}"; the text must read d'Anne and de Paul.
func TestFrenchNamesAreElidedAfterTheirPreposition(t *testing.T) {
	w := world(t, 13)
	elided := 0
	for range 400 {
		n := note(t, w, "fr_vie")
		for _, x := range n.Spans {
			vowel := strings.ContainsAny(n.Text[x.Start:x.Start+1], "AEIOU")
			before := n.Text[:x.Start]
			if x.Kind == phi.Name && vowel && strings.HasSuffix(before, " de ") {
				t.Errorf("not elided: %q", n.Text[x.Start-4:x.End])
			}
			if strings.HasSuffix(before, " d'") {
				elided++
			}
		}
	}
	if elided == 0 {
		t.Error("four hundred notes, and nothing is elided")
	}
}
