package deid

import (
	"errors"
	"strings"
	"testing"
	"time"

	"chaperone/phi"
)

// DEI-03: 45 CFR 164.514(b)(2)(i)(B) and (C).
func TestADatasetKeepsYearsThreeDigitsAndNinetyOrOlder_DEI03(t *testing.T) {
	for text, want := range map[string]string{
		"Admitted 03/15/2024.":                    "Admitted 2024.",
		"Admitted on March 15, 2024 at 10:30.":    "Admitted on 2024.",
		"Seen in March 2024.":                     "Seen in 2024.",
		"Seen 03/04/2024.":                        "Seen 2024.",
		"DOB: 04/23/1957":                         "DOB: 1957",
		"DOB: 04/23/1936":                         "DOB: 90 or older",
		"DOB: 04/23/1937":                         "DOB: 1937",
		"She was born in 1931.":                   "She was born in 90 or older.",
		"A 93-year-old man":                       "A 90 or older-year-old man",
		"A 54-year-old man":                       "A 54-year-old man",
		"Springfield, IL 62704":                   "PLACE, IL 627",
		"Springfield, IL 62704-1234":              "PLACE, IL 627",
		"Lincoln, NH 03601":                       "PLACE, NH 000",
		"San Juan, APO AE 09012":                  "",
		"Lives in Ottawa, ON K1A 0B1":             "Lives in PLACE, ON K",
		"Lives in Iqaluit, NU X0A 0H0":            "Lives in PLACE, NU X",
		"seen 2019, HbA1c 7.2, BP 120/80, Oregon": "seen 2019, HbA1c 7.2, BP 120/80, Oregon",
		"Seen 3/15/24, next 2024-04-01T10:00:00Z": "Seen 2024, next 2024",
		"vu le 15 mars 2024, né le 4 mars 1931":   "vu le 2024, né le 90 or older",
		"Stay: 2023-12-30 to 2024-01-02":          "Stay: 2023 to 2024",
	} {
		got := under(t, NewSession(nil, steady(1)), SafeHarborDataset(), text)[0]
		if masked := maskPlaceholders(got); want != "" && masked != want {
			t.Errorf("%q became %q, want %q", text, masked, want)
		}
	}
}

// maskPlaceholders leaves the word of each placeholder.
func maskPlaceholders(text string) string {
	var b strings.Builder
	from := 0
	for _, m := range matches(text) {
		b.WriteString(text[from:m.start] + m.normal[:strings.IndexByte(m.normal, '-')])
		from = m.end
	}
	return b.String() + text[from:]
}

func TestWhatCannotBeReadForSureIsConcealedAndNotGuessed_DEI03(t *testing.T) {
	for _, text := range []string{"seen on 3/4", "Seen Tuesday the 3rd", "Seen 04/23/1931 by us", "Lives in Leeds, LS9 7TF"} {
		got := under(t, NewSession(nil, steady(1)), SafeHarborDataset(), text)[0]
		if len(Placeholders(got)) == 0 {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// DEI-04: 55 becomes its ten years.
func TestAgesBecomeTheirTenYears_DEI04(t *testing.T) {
	p := mustCustom(t, "treatments:\n  age: band\n")
	for text, want := range map[string]string{
		"A 55-year-old woman": "A 50–59-year-old woman", "55 yo M with cough": "50–59 yo M with cough", "Age: 7": "Age: 0–9", "aged 89": "aged 80–89",
		"fifty-five year old": "50–59 year old", "55yoM with cough": "50–59yoM with cough", "a 93-year-old": "a 90 or older-year-old", "twenty years old": "20–29 years old",
		"smoked for 20 years": "smoked for 20 years", "5 year survival": "5 year survival", "the old 12 mg dose": "the old 12 mg dose", "10 years ago": "10 years ago", "a five year old": "a 0–9 year old",
	} {
		if got := under(t, NewSession(nil, steady(1)), p, text)[0]; got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func mustCustom(t testing.TB, src string) Profile {
	t.Helper()
	p, err := ParseCustom([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// DEI-05: 45 CFR 164.514(e)(2) and (4).
func TestALimitedDataSetNeedsAnAgreement_DEI05(t *testing.T) {
	for _, none := range []string{"", "  \n"} {
		if p, err := LimitedDataSet(none); !errors.Is(err, ErrNoAgreement) || p != (Profile{}) {
			t.Errorf("%q: %v %v", none, p, err)
		}
	}
	if _, ok := ParseProfile("limited-data-set"); ok {
		t.Error("its name alone unlocks it")
	}
	p, err := LimitedDataSet("DUA-7")
	if err != nil || !strings.Contains(p.Basis(), "DUA-7") {
		t.Fatalf("%v %q", err, p.Basis())
	}
	const text = "John Smith, 93-year-old, DOB 04/23/1931, 12 Elm Street, Springfield, IL 62704, MRN: 4471902, phone (541) 555-0146, seen 03/15/2024"
	got := under(t, NewSession(nil, steady(1)), p, text)[0]
	if want := "NAME, 93-year-old, DOB 04/23/1931, STREET, Springfield, IL 62704, MRN: RECORD, phone PHONE, seen 03/15/2024"; maskPlaceholders(got) != want {
		t.Errorf("%q became %q", text, maskPlaceholders(got))
	}
	for _, k := range phi.Kinds() {
		kept := k == phi.Date || k == phi.Age || k == phi.Place || k == phi.Postal
		if p.Conceals(k) == kept {
			t.Errorf("%s: conceals is %v", k, !kept)
		}
	}
}

const determined = "expert: Ada Example, statistician\nmethod: k-anonymity of 11 on the linkage attack\nscope: registry extract for site B\ndetermined: 2026-01-15\nexpires: 2027-01-15\ntreatments:\n  date: shift\n  postal: area\n  age: band\n"

// DEI-06: no determination, none that holds: locked.
func TestADeterminationUnlocksItsProfileWhileItHolds_DEI06(t *testing.T) {
	d, err := ParseDetermination([]byte(determined))
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for at, want := range map[string]bool{"2026-01-14 23:00:00": false, "2026-01-15 00:00:00": true, "2027-01-15 23:59:59": true, "2027-01-16 00:00:00": false} {
		p, err := d.Profile(day(at))
		if (err == nil) != want || !want && (!errors.Is(err, ErrNoDetermination) || p != (Profile{})) {
			t.Errorf("%s: %v %v", at, p, err)
		}
		if want && (p.Treats(phi.Date) != Shift || p.Treats(phi.Name) != Conceal || !strings.Contains(p.Basis(), "Ada Example")) {
			t.Errorf("%s: %s on %q", at, p, p.Basis())
		}
	}
	if _, err := (Determination{}).Profile(day("2026-06-01 00:00:00")); !errors.Is(err, ErrNoDetermination) {
		t.Errorf("none unlocks: %v", err)
	}
	for _, line := range strings.SplitAfter(determined, "\n")[:5] {
		if _, err := ParseDetermination([]byte(strings.Replace(determined, line, "", 1))); err == nil {
			t.Errorf("it is read without %q", line)
		}
	}
}

func TestAProfileOfOnesOwnIsReadStrictly(t *testing.T) {
	p := mustCustom(t, "name: registry\ndate_order: day-first\ntreatments:\n  date: generalise\n  org: keep\n")
	if p.Treats(phi.Date) != Generalise || p.Treats(phi.Org) != Keep || p.Treats(phi.Name) != Conceal || !strings.HasPrefix(p.String(), "custom:registry@") {
		t.Errorf("%s: %+v", p, p)
	}
	for src, want := range map[string]string{
		"treatments:\n  date: shuffle\n":               "line 2: the treatments are conceal",
		"treatments:\n  name: shift\n":                 "line 2: a name cannot be treated so",
		"treatments:\n  nmae: keep\n":                  "line 2: this setting is unknown",
		"treatments:\n  literal: keep\n":               "line 2: this setting is unknown",
		"colour: red\n":                                "line 1: this setting is unknown",
		"treatments:\n  date: keep\n  date: shift\n":   "set twice",
		"date_order: backwards\n":                      "line 1: the orders are",
		"name: Has Blanks\n":                           "line 1: a name is made of",
		"- a\n":                                        "line 1: here belong settings",
		"":                                             "line 1: this is not YAML",
		"name: [a\n":                                   "this is not YAML",
		"name: a\n---\nname: b\n":                      "more than one document",
		"treatments: keep\n":                           "line 1: here belong settings",
		strings.Repeat("#", 1<<17):                     "larger than 64 KiB",
		"treatments:\n  date: [keep]\n":                "line 2: the treatments are",
		"treatments:\n  date: shuffle\n  age: older\n": "line 3: the treatments are",
	} {
		if _, err := ParseCustom([]byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", src, err, want)
		}
	}
}

func TestTheZeroProfileIsTheStrictest_DEI09(t *testing.T) {
	for _, k := range phi.Kinds() {
		if !(Profile{}).Conceals(k) || (Profile{}).Treats(k) != Conceal {
			t.Errorf("%s is not concealed", k)
		}
	}
	for _, name := range []string{"safe-harbor", "safe-harbor-dataset", "minimum"} {
		if p, ok := ParseProfile(name); !ok || p.String() != name {
			t.Errorf("%s: %s %v", name, p, ok)
		}
	}
	if p, ok := ParseProfile("keep-everything"); ok || p != SafeHarbor() {
		t.Errorf("%s %v", p, ok)
	}
}

func FuzzProfileFiles(f *testing.F) {
	f.Add([]byte(determined))
	f.Add([]byte("name: a\ntreatments: &x\n  date: *x\n"))
	f.Fuzz(func(_ *testing.T, src []byte) {
		if p, err := ParseCustom(src); err != nil && p != (Profile{}) {
			panic("an error unlocks something")
		}
		if d, err := ParseDetermination(src); err != nil && d != (Determination{}) {
			panic("an error unlocks something")
		}
	})
}
