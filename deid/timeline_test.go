package deid

import (
	"regexp"
	"strings"
	"testing"
)

// under conceals texts in one exchange of a session under a profile.
func under(t testing.TB, s *Session, p Profile, texts ...string) []string {
	t.Helper()
	v := NewVeil(testEngine(t).In(2026), s)
	v.Under(p)
	for _, text := range texts {
		v.Read(text, Where{})
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = v.Conceal(text, Where{})
	}
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

var anyDate = regexp.MustCompile(`DATE-[0-9A-Z]{6}`)

func TestDatesKeepTheirDayOnTheSessionsTimeline(t *testing.T) {
	for text, want := range map[string]string{
		"Admitted 03/15/2024, discharged March 29, 2024.":                    "Admitted DATE (Day 0), discharged DATE (Day 14).",
		"Seen 2024-03-15T10:00:00Z; stroke on 14 February 2024.":             "Seen DATE (Day 0); stroke on DATE (Day -30).",
		"DOB: 04/23/1957. Admitted 03/15/2024.":                              "DOB: DATE (1957). Admitted DATE (Day 0).",
		"Né le 4 mars 1957, vu le 15 mars 2024.":                             "Né le DATE (1957), vu le DATE (Day 0).",
		"DOB 02/23/1931, seen 03/15/2024":                                    "DOB DATE (90 or older), seen DATE (Day 0)",
		"Admitted 03/15/2024, again on 03/04/2024 and in March 2024.":        "Admitted DATE (Day 0), again on DATE and in DATE.",
		"Stroke on 04/23/1957, admitted 03/15/2024.":                         "Stroke on DATE, admitted DATE (Day 0).",
		"PID|1||4471902^^^A^MR||DOE^JANE||19570423|F\nPV1|1|I||||||20240315": "",
		"The guideline says Day 21.":                                         "The guideline says Day 21.",
	} {
		s := NewSession(nil, steady(1))
		got := under(t, s, SafeHarbor(), text)[0]
		if masked := anyDate.ReplaceAllString(got, "DATE"); want != "" && masked != want {
			t.Errorf("%q went as %q, want %q", text, masked, want)
		}
		if strings.Contains(got, "1957)") == strings.Contains(got, "Day -2") && want == "" {
			t.Errorf("%q: the birth date in %q", text, got)
		}
		if back := NewRevealer(s).Reveal(got); back != text {
			t.Errorf("%q came back as %q", text, back)
		}
	}
}

func TestTheTimelineStaysFromTurnToTurnAndOverARestart(t *testing.T) {
	s := NewSession(nil, steady(1))
	const first, second = "Admitted 03/15/2024.", "Admitted 03/15/2024. Fell on 03/13/2024."
	one := through(t, s, first)[0]
	two := through(t, s, first, second)
	again := NewSession(s.Unsealed(), steady(7))
	three := through(t, again, second)[0]
	if two[0] != one || !strings.HasPrefix(two[1], one) || three != two[1] {
		t.Errorf("the same text went as %q, %q and, after a restart, %q", one, two, three)
	}
	if !strings.Contains(three, "(Day -2)") || NewRevealer(again).Reveal(three) != second {
		t.Errorf("after the restart %q came back as %q", three, NewRevealer(again).Reveal(three))
	}
}

func TestADateComesBackWithItsDayHoweverTheModelWritesIt(t *testing.T) {
	s := NewSession(nil, steady(1))
	through(t, s, "Admitted 03/13/2024.")
	p := placeholderOf(t, through(t, s, "Seen 03/27/2024.")[0], "DATE")
	for form, want := range map[string]string{
		p: "03/27/2024", p + " (Day 14)": "03/27/2024", "**" + p + "** (Day 14)!": "**03/27/2024**!", "**" + p + " (Day 14)**": "**03/27/2024**",
		strings.ToLower(p) + " (day 14)": "03/27/2024", p + "(Day 14)": "03/27/2024", p + "\u00a0(Day\u00a014)": "03/27/2024", "`" + p + "` (Day 14)": "`03/27/2024`",
		p + " (Day 15)": "03/27/2024 (Day 15)", p + " (Day 14": "03/27/2024 (Day 14", p + " (2024)": "03/27/2024", p + " (2023)": "03/27/2024 (2023)", p + "\n(Day 14)": "03/27/2024\n(Day 14)",
		"until Day 21": "until Day 21", p + p + " (Day 14)": "03/27/202403/27/2024", p + " (Day 14) (Day 14)": "03/27/2024 (Day 14)",
	} {
		if got := NewRevealer(s).Reveal(form); got != want {
			t.Errorf("%q came back as %q, want %q", form, got, want)
		}
		for size := 1; size < 17; size++ {
			if got := inPieces(s, form, size); got != want {
				t.Errorf("%q in pieces of %d came back as %q, want %q", form, size, got, want)
			}
		}
	}
}

func TestWhatAUserWritesBesideADateStays(t *testing.T) {
	for _, text := range []string{
		"Seen 03/15/2024 (Day 0), 03/16/2024 (Day 1).", "Seen 03/04/2024 (2024).", "on March 2024 (2024)", "DOB 02/23/1931 (90 or older)", "Seen 03/15/2024 ** (2024)", "03/04/2024*(2024)*",
	} {
		s := NewSession(nil, steady(1))
		sent := through(t, s, text)[0]
		if got := NewRevealer(s).Reveal(sent); got != text {
			t.Errorf("%q went as %q and came back as %q", text, sent, got)
		}
	}
}

func TestNoTwoDaysOfATimelineTellAnAgeOver89(t *testing.T) {
	s := NewSession(nil, steady(1))
	got := through(t, s, "Seen 03/15/2024.", "Events: 1984-05-01, 1983-01-01, 1931-02-13, 2064-01-01, 2066-01-01.")[1]
	var days []string
	for _, m := range regexp.MustCompile(`\(Day (-?\d+)\)`).FindAllStringSubmatch(got, -1) {
		days = append(days, m[1])
	}
	if len(days) != 2 || days[0] != "-14563" || days[1] != "14536" {
		t.Errorf("days %v in %q", days, got)
	}
}

func TestTheTimelineOfOneSessionTellsNothingOfAnother(t *testing.T) {
	a, b := NewSession(nil, steady(1)), NewSession(nil, steady(2))
	one, two := through(t, a, "Seen 03/15/2024.")[0], through(t, b, "Seen 11/30/2019.")[0]
	if one == two || anyDate.ReplaceAllString(one, "") != anyDate.ReplaceAllString(two, "") {
		t.Errorf("%q and %q", one, two)
	}
}
