package tagger_test

import (
	"math"
	"strings"
	"testing"

	"chaperone/deid/synth"
	"chaperone/deid/tagger"
	"chaperone/phi"
	"chaperone/reference"
)

func lists(t testing.TB) *reference.Lexicon {
	t.Helper()
	lex, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func model(t testing.TB) *tagger.Model {
	t.Helper()
	m, err := tagger.New(lists(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNamesAreFoundByTheCompanyTheyKeep(t *testing.T) {
	m := model(t)
	for _, x := range []struct{ text, kind, want string }{
		{"The patient was seen by Jane Roe and sent home.", "name", "Jane Roe"},
		{"He lives in Springfield with his daughter Wanda.", "name", "Wanda"},
		{"He lives in Springfield with his daughter Wanda.", "place", "Springfield"},
		{"She was transferred from Riverside Community Hospital by ambulance.", "org", "Riverside Community Hospital"},
		{"SMITH, JOHN Q\n4471902", "name", "SMITH, JOHN Q"},
		{"Monsieur Jean Dupont a été hospitalisé pour dyspnée.", "name", "Jean Dupont"},
		{"i told dr nguyen that the pain is back", "name", "nguyen"},
		{"Paciente: María José Hernández", "name", "María José Hernández"},
		{"Please call Mrs. Zhrqova about her results.", "name", "Zhrqova"},
		{"Mary-Jo O'Neil-Tremblay will call back.", "name", "Mary-Jo O'Neil-Tremblay"},
		{"Her mother, Jae-won Zhrqova, was called.", "name", "Jae-won Zhrqova"},
		{"The nurse called Maria van der Meer at home.", "name", "Maria van der Meer"},
		{"Dr. H0dges reviewed the film.", "name", "H0dges"},
		{"She was seen at St. Luke's Women's Clinic on Monday.", "org", "St. Luke's Women's Clinic"},
		{"He works at Larkfield River Foods as a driver.", "org", "Larkfield River Foods"},
		{"transférée à la clinique du Vieux-Moulin hier", "org", "clinique du Vieux-Moulin"},
	} {
		found := false
		for _, s := range m.Find(x.text) {
			found = found || x.text[s.Start:s.End] == x.want && s.Kind.String() == x.kind
		}
		if !found {
			t.Errorf("%q: no %s %q in %v", x.text, x.kind, x.want, show(m, x.text))
		}
	}
}

func TestWordsOfTheClinicStay(t *testing.T) {
	m := model(t)
	for _, text := range []string{
		"She has Parkinson's disease and takes Sinemet.",
		"A Foley catheter was placed in the usual fashion.",
		"PAST MEDICAL HISTORY: Hypertension, Crohn's disease.",
		"Chest X-ray: No acute disease. Heart size normal.",
		"She was born in Mexico and moved to Texas.",
		"Seen by Dr. X and Dr. XYZ; C O P D was ruled out.",
		"on va prescrire du paracétamol pendant trois jours",
	} {
		if found := show(m, text); len(found) > 0 {
			t.Errorf("%q: found %q", text, found)
		}
	}
}

func show(m *tagger.Model, text string) []string {
	var out []string
	for _, s := range m.Find(text) {
		out = append(out, s.Kind.String()+" "+text[s.Start:s.End])
	}
	return out
}

func TestMarginSpeaksForAndAgainst(t *testing.T) {
	text := "Mrs. Roe was given 12 tablets of it"
	r := model(t).Read(text)
	name, number := strings.Index(text, "Roe"), strings.Index(text, "12")
	if n := r.Margin(name, name+3); n <= 0 {
		t.Errorf("the margin of a name after a title is %d", n)
	}
	if n := r.Margin(number, number+2); n != math.MinInt32 {
		t.Errorf("the margin of a number is %d", n)
	}
}

func TestSpansAreSortedApartAndOfKnownKinds(t *testing.T) {
	m := model(t)
	w, err := synth.NewWorld(21)
	if err != nil {
		t.Fatal(err)
	}
	for _, style := range synth.Styles() {
		n, err := w.Note(style)
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, n.Text, m.Find(n.Text))
		checkSpans(t, n.Text, m.Read(n.Text).Spans(tagger.Bias{Name: -200, Place: -200, Org: -200}))
	}
}

func checkSpans(t *testing.T, text string, spans []tagger.Span) {
	t.Helper()
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(text) || s.Score < 0 || s.Score > 1 {
			t.Errorf("span %+v of %d bytes, the one before ends at %d", s, len(text), end)
		}
		if s.Kind != phi.Name && s.Kind != phi.Place && s.Kind != phi.Org {
			t.Errorf("a span of kind %s", s.Kind)
		}
		end = s.End
	}
}

func FuzzAnyBytesAreReadWithoutHarm(f *testing.F) {
	m := model(f)
	for _, s := range []string{"", "Jane", "É. d'Étoile—Roe", "\xff\xfe Jane \xc3", "a.b,c-d'e&F", "Dr.\u200b Jane\u00ad Roe\u2019s", "李 Wei", strings.Repeat("O'", 60) + "Neil", "\n\n: Jane:\t|Roe|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkSpans(t, text, m.Find(text))
	})
}
