package deid

import "testing"

func TestDatesAreReadInEveryStyleInWhichTheyAreCertain(t *testing.T) {
	for text, want := range map[string]string{
		"2024-03-15": "2024-03-15", "2024/3/5": "2024-03-05", "2024-03-15T10:00:00Z": "2024-03-15", "2024-03-15T10:00:00.123+05:30": "2024-03-15", "2024-03-15 10:30": "2024-03-15",
		"03/15/2024": "2024-03-15", "15/03/2024": "2024-03-15", "15.03.2024": "2024-03-15", "3/15/24": "2024-03-15", "15/3/52": "", "04/04/2024": "2024-04-04", "03-15-2024 at 2:30 pm": "2024-03-15",
		"March 15, 2024": "2024-03-15", "Mar. 3rd, 2024": "2024-03-03", "MAR 15 2024": "2024-03-15", "15 March 2024": "2024-03-15", "15-Mar-2024": "2024-03-15", "03Mar2024": "2024-03-03", "3rd of May 2024": "2024-05-03",
		"Tuesday, March 5, 2024": "2024-03-05", "4 mars 1957": "1957-03-04", "1er février 2024": "2024-02-01", "lundi 5 août 2024": "2024-08-05", "5 de mayo de 2024": "2024-05-05",
		"20240315": "2024-03-15", "202403151030": "2024-03-15", "20240315103000.123+0200": "2024-03-15", "20240315103000-0500": "2024-03-15", "2024-Mar-15": "2024-03-15",
		"fourth of July 2024": "2024-07-04", "the twenty first of May 2023": "2023-05-21", "march twelfth twenty twenty-five": "2025-03-12", "february third nineteen eighty five": "1985-02-03",
		"vingt-trois mars 2019": "2019-03-23", "dix-sept juin deux mille vingt": "2020-06-17", "quatre mars mille neuf cent quatre-vingt-dix-sept": "1997-03-04", "premier mai 2023": "2023-05-01",
		"tres de mayo de 2024": "2024-05-03", "２０２４-03-15": "2024-03-15", "March\u00a015,\u00a02024": "2024-03-15",
		// Never a day that may be another one.
		"03/04/2024": "", "3/4/24": "", "3/15/57": "", "24-03-15": "", "15/03/24": "", "15-03-99": "1999-03-15", "3/15": "", "March 2024": "", "03/2024": "", "March 15": "", "Christmas 2023": "", "Tuesday the 3rd": "", "2024": "",
		"March 15-17, 2024": "", "03/15/2024-03/17/2024": "", "20240501-20240507": "", "3 au 5 mai 2023": "", "02/30/2024": "", "31/31/2024": "", "20241315": "", "1700000000": "", "": "",
		"March twenty twenty-five": "",
	} {
		got := ""
		if d, ok := readDate(text).certain(OrderUnknown, 2026); ok {
			got = padded(d.year, 4) + "-" + padded(d.month, 2) + "-" + padded(d.day, 2)
		}
		if got != want {
			t.Errorf("%q was read as %q, want %q", text, got, want)
		}
	}
}

func TestAnOrderThatIsKnownMakesADateCertain(t *testing.T) {
	for order, want := range map[DateOrder]calendarDay{MonthFirst: {month: 3, day: 4}, DayFirst: {month: 4, day: 3}} {
		if d, ok := readDate("03/04/2024").certain(order, 2026); !ok || d.month != want.month || d.day != want.day {
			t.Errorf("order %d: %+v %v", order, d, ok)
		}
	}
	if d, ok := readDate("15/03/2024").certain(MonthFirst, 2026); !ok || d.month != 3 || d.day != 15 {
		t.Errorf("a day above twelve is one whatever the order: %+v %v", d, ok)
	}
}

func TestAnotherDayIsWrittenInTheSameWay(t *testing.T) {
	to := calendarDay{year: 2023, month: 8, day: 3, order: MonthFirst}
	for text, want := range map[string]string{
		"2024-03-15T10:00:00Z": "2023-08-03T10:00:00Z", "１５/０３/２０２４": "03/08/2023", "03/15/2024": "08/03/2023", "3/15/24": "8/03/23", "15.03.2024": "03.08.2023", "03/04/2024": "08/03/2023",
		"March 15th, 2024": "August 3rd, 2023", "MAR 15 2024": "AUG 3 2023", "15-mar-2024": "3-aug-2023", "1er février 2024": "3 août 2023", "Tuesday, March 5, 2024": "Thursday, August 3, 2023",
		"20240315103000+0200": "20230803103000+0200", "5 de mayo de 2024": "3 de agosto de 2023", "fourth of July 2024": "", "Sept 5, 2024": "",
	} {
		if got, _ := readDate(text).written(to); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzReadDate(f *testing.F) {
	for _, s := range []string{"2024-03-15T10:00:00Z", "March 15th, 2024", "vingt-trois mars 2019", "3/4/24", "\xff1er février 2024", "20240315103000+0200", "Ⱦ0", "1̋/1/00", "1-1-⒒"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := readDate(s)
		for _, d := range w.ways {
			if !d.real() {
				t.Fatalf("%q was read as a day that is none: %+v", s, d)
			}
			if len(w.parts) == 0 {
				continue
			}
			if got, ok := w.written(d); ok && len(readDate(got).ways) == 0 {
				t.Fatalf("%q was written again as %q, which cannot be read", s, got)
			}
		}
	})
}
