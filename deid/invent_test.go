package deid

import (
	"regexp"
	"strings"
	"testing"

	"chaperone/phi"
)

func TestShiftedDatesKeepTheirDistanceAndComeBack(t *testing.T) {
	p := mustCustom(t, "treatments:\n  date: shift\n")
	const text = "Admitted 03/15/2024, discharged March 29, 2024, DOB 1957-04-23, seen on 03/04/2024 and on 3/16."
	s := NewSession(nil, steady(1))
	got := under(t, s, p, text)[0]
	for _, secret := range []string{"03/15/2024", "March 29", "1957-04-23", "03/04/2024", " 3/16."} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is left in %q", secret, got)
		}
	}
	m := regexp.MustCompile(`^Admitted (\S+), discharged (.*), DOB (\S+), seen on DATE-\w+ and on DATE-\w+\.$`).FindStringSubmatch(got)
	if m == nil {
		t.Fatalf("got %q", got)
	}
	a, okA := readDate(m[1]).certain(MonthFirst, 2026)
	b, okB := readDate(m[2]).certain(OrderUnknown, 2026)
	if !okA || !okB || b.number()-a.number() != 14 {
		t.Errorf("%q and %q are not 14 days apart", m[1], m[2])
	}
	again := NewSession(s.Unsealed(), steady(9))
	for name, s := range map[string]*Session{"the session": s, "the session after a restart": again} {
		if back := NewRevealer(s).Reveal(got); back != text {
			t.Errorf("%s: came back as %q", name, back)
		}
		if next := under(t, s, p, text)[0]; next != got {
			t.Errorf("%s: the next turn went as %q", name, next)
		}
	}
	if other := under(t, NewSession(nil, steady(2)), p, text)[0]; other == got {
		t.Errorf("another session shifts alike: %q", other)
	}
	if strict := under(t, s, SafeHarbor(), text)[0]; strings.Contains(strict, m[1]) {
		t.Errorf("under Safe Harbor the shifted date is left: %q", strict)
	}
}

// 45 CFR 164.514(c), DEI-08: what stands for a value is drawn, not derived from it.
func TestNothingThatStandsForAValueIsDerivedFromIt_DEI08(t *testing.T) {
	shift := mustCustom(t, "treatments:\n  date: shift\n")
	days := func(seed byte, text string) int {
		s := NewSession(nil, steady(seed))
		under(t, s, shift, text)
		return s.dates.shift
	}
	if a, b := days(1, "Seen 2024-03-15."), days(1, "Seen 2019-11-30."); a != b {
		t.Errorf("two dates are shifted by %d and %d days with the same dice", a, b)
	}
	if a, b := days(1, "Seen 2024-03-15."), days(2, "Seen 2024-03-15."); a == b {
		t.Errorf("one date is shifted by %d days whatever the dice", a)
	}
	for _, p := range []Profile{SafeHarbor(), SafeHarbor().Realistic()} {
		one := under(t, NewSession(nil, steady(1)), p, "Mr. Qoth coughs.")[0]
		if other := under(t, NewSession(nil, steady(1)), p, "Mr. Xurb coughs.")[0]; one != other {
			t.Errorf("%s: two names went as %q and %q with the same dice", p, one, other)
		}
		if again := under(t, NewSession(nil, steady(2)), p, "Mr. Qoth coughs.")[0]; one == again {
			t.Errorf("%s: one name went as %q whatever the dice", p, one)
		}
	}
}

func TestAKeptDateIsNotTakenForAShiftedOne(t *testing.T) {
	s := NewSession(nil, steady(1))
	got := under(t, s, mustCustom(t, "treatments:\n  date: shift\n"), "Seen 2024-03-15.")[0]
	text := "Seen " + strings.TrimSuffix(strings.TrimPrefix(got, "Seen "), ".") + " too."
	sent := under(t, s, Minimum(), text)[0]
	if back := NewRevealer(s).Reveal(sent); back != text {
		t.Errorf("%q went as %q and came back as %q", text, sent, back)
	}
}

func TestTheShiftIsNeverNoneAndNeverMoreThanAYear(t *testing.T) {
	ahead, back := 0, 0
	for seed := range 200 {
		s := NewSession(nil, steady(byte(seed)))
		n, err := s.days()
		if err != nil || n == 0 || n < -365 || n > 365 {
			t.Fatalf("%d %v", n, err)
		}
		if n > 0 {
			ahead++
		} else {
			back++
		}
	}
	if ahead < 60 || back < 60 {
		t.Errorf("%d ahead, %d back", ahead, back)
	}
}

const people = "Patient: John Smith, MRN: 44719021. Mr. Smith's wife, Mary Smith, called from (541) 555-0146; " +
	"SMITH, JOHN Q was seen by Dr. Amélie St-Jean at Lakeview Memorial Hospital in Greenwich. Mail jsmith1957@clinic.example, SSN 219-09-9999. Ask John."

func TestInventedNamesHideRealOnesAndComeBack(t *testing.T) {
	s := NewSession(nil, steady(1))
	p := SafeHarbor().Realistic()
	got := under(t, s, p, people)[0]
	for _, secret := range []string{"John", "JOHN", "Smith", "SMITH", "Mary", "Amélie", "Jean", "44719021", "555-0146", "Lakeview", "Greenwich", "jsmith", "219-09"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is left in %q", secret, got)
		}
	}
	if strings.Contains(got, "NAME-") || !strings.Contains(got, "Hospital") || !strings.Contains(got, "@example.org") || !strings.Contains(got, "555-01") || !strings.Contains(got, "666-") {
		t.Errorf("got %q", got)
	}
	for name, s := range map[string]*Session{"the session": s, "after a restart": NewSession(s.Unsealed(), steady(9))} {
		if back := NewRevealer(s).Reveal(got); back != people {
			t.Errorf("%s: %q came back as %q", name, got, back)
		}
		for size := 1; size < 17; size++ {
			if back := inPieces(s, got, size); back != people {
				t.Errorf("%s: in pieces of %d it came back as %q", name, size, back)
			}
		}
		if next := under(t, s, p, people)[0]; next != got {
			t.Errorf("%s: the next turn went as %q", name, next)
		}
	}
}

func TestAnInventedPersonKeepsTheirNameInEveryForm(t *testing.T) {
	s := NewSession(nil, steady(1))
	got := under(t, s, SafeHarbor().Realistic(), "Patient: John Smith. Mr. Smith coughs. SMITH, JOHN was seen. Wife: Mary Smith.")[0]
	m := regexp.MustCompile(`^Patient: (\w+) (\w+)\. Mr\. (\w+) coughs\. (\w+), (\w+) was seen\. Wife: (\w+) (\w+)\.$`).FindStringSubmatch(got)
	if m == nil || m[2] != m[3] || strings.ToUpper(m[2]) != m[4] || strings.ToUpper(m[1]) != m[5] || m[7] != m[2] || m[6] == m[1] {
		t.Fatalf("got %q", got)
	}
	given, family := m[1], m[2]
	for form, want := range map[string]string{
		"Mr. " + family + "'s wound":         "Mr. Smith's wound",
		given:                                "John",
		strings.ToUpper(family):              "SMITH",
		strings.ToLower(family) + "_mri.pdf": "smith_mri.pdf",
		"Ms. " + given + " " + family + "?":  "Ms. John Smith?",
		family + "son":                       family + "son",
		"x" + family:                         "x" + family,
		family + "é":                         family + "é",
	} {
		r := NewRevealer(s)
		if back := r.Reveal(form); back != want {
			t.Errorf("%q came back as %q, want %q", form, back, want)
		}
		if altered := strings.HasPrefix(form, family) && form == want; altered != (r.Unknown() == 1) {
			t.Errorf("%q: %d are counted as altered", form, r.Unknown())
		}
		for size := 1; size < 17; size++ {
			if back := inPieces(s, form, size); back != want {
				t.Errorf("%q in pieces of %d came back as %q, want %q", form, size, back, want)
			}
		}
	}
}

func TestAnInventedNameIsNobodysInTheExchange(t *testing.T) {
	pool, err := testEngine(t).names()
	if err != nil || len(pool.male) < 50 || len(pool.female) < 50 || len(pool.family) < 200 {
		t.Fatalf("%d %d %d %v", len(pool.male), len(pool.female), len(pool.family), err)
	}
	// A text that names nearly everybody leaves next to nobody to invent.
	all := strings.Join(append(append(append([]string{}, pool.male...), pool.female...), pool.family[1:]...), " ")
	s := NewSession(nil, steady(1))
	got := under(t, s, SafeHarbor().Realistic(), "Mr. Xu Qoth has a cough.", all)[0]
	for _, w := range strings.FieldsFunc(got, func(r rune) bool { return r == ' ' || r == '.' }) {
		if w != pool.family[0] && strings.Contains(" "+all+" ", " "+w+" ") {
			t.Errorf("%q is somebody's in %q", w, got)
		}
	}
}

func TestWhatAUserTypesIsNotTakenForAnInventedName(t *testing.T) {
	s := NewSession(nil, steady(1))
	p := SafeHarbor().Realistic()
	got := under(t, s, p, "Mr. John Smith has a cough.")[0]
	invented := strings.Fields(got)[1]
	for _, text := range []string{"print " + strings.ToLower(invented), "the word " + invented + " and Mr. " + invented} {
		sent := under(t, s, p, text)[0]
		if back := NewRevealer(s).Reveal(sent); back != text {
			t.Errorf("%q went as %q and came back as %q", text, sent, back)
		}
	}
}

func TestInventedNumbersBelongToNobody(t *testing.T) {
	s := NewSession(nil, steady(1))
	for kind, surfaces := range map[phi.Kind][]string{
		phi.Ident: {"219-09-9999", "046 454 286"}, phi.Record: {"44719021", "CC-456789", "00123456"}, phi.Member: {"1EG4-TE5-MK73", "9876543217"}, phi.Licence: {"1234567893", "AB1234563"}, phi.Account: {"12345678901"},
	} {
		for _, surface := range surfaces {
			v := NewVeil(testEngine(t), s)
			text, err := v.inventedFor(kind, surface)
			if err != nil || text == "" || text == surface || issuable(text) || len(text) != len(surface) {
				t.Errorf("%s %q became %q, %v", kind, surface, text, err)
			}
		}
	}
}

// FuzzRoundTrip proves of every profile that restores that what comes back is
// what was sent, cut anywhere.
func FuzzRoundTrip(f *testing.F) {
	f.Add(people, "Seen 03/15/2024 (Day 0), DOB 04/23/1931", 5)
	f.Add("Mr. John Smith", "smith, john — Mr. Smith's", 1)
	f.Add("Admitted 2024-03-15 and 15 March 2024", "2024-03-16", 3)
	custom, err := ParseCustom([]byte("treatments:\n  date: shift\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b string, cut int) {
		for _, p := range []Profile{SafeHarbor(), custom, SafeHarbor().Realistic(), custom.Realistic()} {
			s := NewSession(nil, steady(3))
			for i, concealed := range under(t, s, p, a, b) {
				want := []string{a, b}[i]
				if got := NewRevealer(s).Reveal(concealed); got != want {
					t.Fatalf("%s: %q went as %q and came back as %q", p, want, concealed, got)
				}
				if got := inPieces(s, concealed, cut); got != want {
					t.Fatalf("%s: %q cut every %d bytes came back as %q", p, concealed, cut, got)
				}
			}
		}
	})
}
