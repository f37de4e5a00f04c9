package deid

import (
	"strings"
	"testing"
	"unicode/utf8"

	"chaperone/phi"
)

// TestFindingsPointIntoTheOriginal: offsets are bytes of the text as it was
// given, whatever folding did to it.
func TestFindingsPointIntoTheOriginal(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Dr. Amélie Lefèbvre.", "Amélie Lefèbvre"},
		{"Dr. Ame\u0301lie.", "Ame\u0301lie"},
		{"— Dr. Strauß —", "Strauß"},
		{"Patient: J\u200bane R\u00adoe", "J\u200bane R\u00adoe"},
		{"tel: ４１６-５５５-０１９９", "４１６-５５５-０１９９"},
		{"\u202eSSN 123‑45‑6789", "123‑45‑6789"},
		{"mail jane＠example.org now", "jane＠example.org"},
		{"Mme Œllet Æby", "Œllet Æby"},
	} {
		t.Run(c.text, func(t *testing.T) {
			found := engine().Find(c.text, Where{})
			if len(found) != 1 {
				t.Fatalf("found %d, want 1: %v", len(found), found)
			}
			if got := c.text[found[0].Start:found[0].End]; got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestFieldsAreFoundByTheirKey: what stands alone under a key is taken for what
// the key says.
func TestFieldsAreFoundByTheirKey(t *testing.T) {
	for _, c := range []struct {
		label, text string
		want        phi.Kind
	}{
		{"ssn", "123456789", phi.Ident},
		{"patient_name", "rose hope", phi.Name},
		{"patientName", "Hope, Rose", phi.Name},
		{"family", "May", phi.Name},
		{"birthDate", "1957-03-04", phi.Date},
		{"dob", "3/4/57", phi.Date},
		{"mrn", "A-1", phi.Record},
		{"city", "Elmtown", phi.Place},
		{"phone", "5550199", phi.Phone},
		{"address.line", "1 Elm", phi.Street},
		{"postalCode", "K1A0B1", phi.Postal},
		{"memberId", "77", phi.Member},
		{"user_name", "jr", phi.Code},
		{"state", "Ontario", phi.None},
		{"dose", "25 mg", phi.None},
		{"diagnosis", "asthma", phi.None},
		{"status", "active", phi.None},
		{"", "rose hope", phi.None},
	} {
		t.Run(c.label+"="+c.text, func(t *testing.T) {
			found := engine().Find(c.text, Where{Label: c.label})
			switch {
			case c.want == phi.None && len(found) > 0:
				t.Errorf("found a %s, want nothing", found[0].Kind)
			case c.want != phi.None && (len(found) != 1 || found[0].Kind != c.want):
				t.Errorf("found %v, want one %s", found, c.want)
			}
		})
	}
}

// TestKnownPeopleAreFoundAgain: a name found once is found everywhere.
func TestKnownPeopleAreFoundAgain(t *testing.T) {
	people := []string{"John Q. Smith", "Rose Young", "Gagnon-Tremblay, Élodie", "Dr. Foley", "Natalia Kowalczyk"}
	for _, fixture := range []string{
		"{name|Smith} and {name|john}", "{name|SMITH}'s chart", "{name|Smith}, J.Q. came", "{name|ELODIE} {name|gagnon}", "with {name|Tremblay}", "seen by {name|Young} today", "she is young", "a rose garden", "the young man rose", "{name|Rose Young}",
		"{name|J.S.} and {name|J.Q.S.}", "{name|Kowalcyzk} and {name|Kowalczk}", "j{name|smith}1957@x.org"[:0] + "file_{name|smith}.pdf", "{name|johnSmith}Dob", "/home/{name|john}.{name|smith}/x", "blacksmith", "the Foley catheter", "{name|Foley} said so", "johnny walked", "nobody else",
	} {
		t.Run(fixture, func(t *testing.T) {
			text, want := marked(t, fixture)
			for _, f := range faults(text, want, engine().FindKnown(text, people)) {
				t.Error(f)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range hardCases {
		f.Add(s, "")
	}
	f.Add("PID|1||123^^^A||ROE^JANE||19570403", "")
	f.Add("\xff\xfeDr. \xc3(\u0301\u200b", "name")
	f.Add("&#x4a;&#0;\\uD800\\u004a%4", "ssn")
	f.Add(strings.Repeat("(01)", 50), "id")
	for _, s := range []string{"name,dob\nRoe,1/2/1990\n", "mrn|dob\n|1|2|\n", "12/2-5, 3/4-3/9 @ 0930", "t u b b s", "R.R. #3, 4418 Concession 7", "KELLER/HANS/19480207", "[8:02] a.b: x", "on the 14th", "n\u00b0 d'usager 31-77420"} {
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, label string) {
		for _, found := range [][]Finding{engine().Find(text, Where{Label: label}), engine().FindKnown(text, []string{"John Smith", label})} {
			last := 0
			for _, x := range found {
				if x.Start < last || x.End <= x.Start || x.End > len(text) {
					t.Fatalf("bounds %d to %d after %d in %d bytes", x.Start, x.End, last, len(text))
				}
				if !boundary(text, x.Start) || !boundary(text, x.End) {
					t.Fatalf("bounds %d to %d cut a character of %q", x.Start, x.End, text)
				}
				if !x.Kind.Identifies() || x.Rule == "" || x.Score <= 0 || x.Score > 1 {
					t.Fatalf("finding is incomplete: %+v", x)
				}
				last = x.End
			}
		}
	})
}

// boundary reports whether no character of valid UTF-8 is cut at i.
func boundary(text string, i int) bool {
	if i == len(text) || utf8.RuneStart(text[i]) {
		return true
	}
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if utf8.RuneStart(text[j]) {
			_, n := utf8.DecodeRuneInString(text[j:])
			return j+n <= i
		}
	}
	return true
}
