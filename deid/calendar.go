package deid

import (
	"strings"
	"time"
)

// DateOrder says how a date is read that could be either way round: 3/4/2024.
type DateOrder uint8

// The orders. Without one such a date is not read at all.
const (
	OrderUnknown DateOrder = iota
	MonthFirst
	DayFirst
	yearFirst // 24-03-15; nobody can ask for it
)

// calendarDay is a day in one of the ways that a written date can be read.
type calendarDay struct {
	year, month, day int
	short            bool      // the year was written in two digits, and the century is a guess
	order            DateOrder // the order that had to be assumed, or OrderUnknown
}

// number counts days; only differences mean anything.
func (d calendarDay) number() int {
	return int(time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// plus is the day so many days later.
func (d calendarDay) plus(days int) calendarDay {
	t := time.Date(d.year, time.Month(d.month), d.day+days, 0, 0, 0, 0, time.UTC)
	d.year, d.month, d.day = t.Year(), int(t.Month()), t.Day()
	return d
}

func (d calendarDay) real() bool {
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return d.year >= 1850 && d.year <= 2199 && t.Day() == d.day && int(t.Month()) == d.month
}

// writtenDate is a date as it was written: every way to read it, and where its
// parts stand, so that another day can be written the same way.
type writtenDate struct {
	ways   []calendarDay // none: no full date, or more than one
	parts  []datePart    // in order; nil where it was spelled out in words
	year   int           // of less than a full date, where it names one; else 0
	source string
}

// datePart is a part of a written date that another day would change.
type datePart struct {
	start, end int // bytes of the source
	what       datePartKind
	digits     string // of a number, in plain digits
}

type datePartKind uint8

const (
	partYear datePartKind = iota
	partMonth
	partDay
	partDayNamed   // beside the name of a month, where few write 05
	partDayOrMonth // the first of two that can be read both ways round
	partMonthOrDay // the second
	partOrdinal    // st, nd, rd, th, er
	partMonthName
	partWeekday
)

// readDate reads a surface that was found as a date. Whatever is more than one
// day or less than a full date (a month, a range, a holiday) has no ways.
func readDate(surface string) writtenDate {
	w := writtenDate{source: surface}
	if len(surface) > 120 {
		return w
	}
	r := newDateReader(surface)
	r.lead()
	for _, form := range []func() bool{r.yearFirst, r.unbroken, r.threeNumbers, r.dayMonthName, r.monthNameDay, r.spokenDayMonth, r.spokenMonthDay} {
		at, ways, parts := r.at, r.ways, r.parts
		if form() && r.tail() {
			break
		}
		r.at, r.ways, r.parts = at, ways, parts
	}
	for _, d := range r.ways {
		if d.real() {
			w.ways = append(w.ways, d)
		}
	}
	if !r.spoken {
		w.parts = r.parts
	}
	if len(w.ways) == 0 {
		w.year = r.onlyYear()
	}
	return w
}

// within is how many years a day may lie from the present and from Day 0, and so
// how far a year of two digits is looked for: see timeline.
const within = 40

// certain is the one way to read the date in the given order, counted from the
// current year; false where two are left, or none. A year in two digits is that
// of the one century which puts it near the present.
func (w writtenDate) certain(order DateOrder, now int) (calendarDay, bool) {
	var found calendarDay
	n := 0
	for _, d := range w.ways {
		if d.order != order && w.reads(order) {
			continue
		}
		if d.short && (d.year > now+1 || d.year <= now-within) {
			continue
		}
		found = d
		n++
	}
	return found, n == 1
}

// reads reports whether the date can be read in an order that was asked for.
func (w writtenDate) reads(order DateOrder) bool {
	for _, d := range w.ways {
		if order != OrderUnknown && d.order == order {
			return true
		}
	}
	return false
}

// yearWithin is the one year of the date; false where there is none or more than
// one. Of two digits only the centuries count that put the year between first and
// last.
func (w writtenDate) yearWithin(first, last int) (int, bool) {
	year := w.year
	for _, d := range w.ways {
		if d.short && (d.year > last || d.year < first) || d.year == year {
			continue
		}
		if year != 0 {
			return 0, false
		}
		year = d.year
	}
	return year, year != 0
}

// yearOfBirth is the one year of a date of birth: it does not lie ahead, nor
// longer ago than anybody lives.
func (w writtenDate) yearOfBirth(now int) (int, bool) { return w.yearWithin(now-oldest, now) }

// written writes another day the way the date was written; false where that
// cannot be done: in words, or with an abbreviation that has no fixed form.
func (w writtenDate) written(to calendarDay) (string, bool) {
	if len(w.parts) == 0 || to.order == yearFirst && w.parts[0].what != partYear {
		return "", false
	}
	var b strings.Builder
	from := 0
	for _, p := range w.parts {
		text, ok := p.write(w.source[p.start:p.end], to)
		if !ok {
			return "", false
		}
		b.WriteString(w.source[from:p.start])
		b.WriteString(text)
		from = p.end
	}
	b.WriteString(w.source[from:])
	return b.String(), true
}

func (p datePart) write(was string, d calendarDay) (string, bool) {
	switch p.what {
	case partYear:
		if len(p.digits) == 2 {
			return padded(d.year%100, 2), true
		}
		return padded(d.year, 4), true
	case partMonth:
		return padded(d.month, len(p.digits)), true
	case partDay:
		return padded(d.day, len(p.digits)), true
	case partDayNamed:
		if p.digits[0] != '0' {
			return padded(d.day, 1), true
		}
		return padded(d.day, len(p.digits)), true
	case partDayOrMonth:
		if d.order == MonthFirst {
			return padded(d.month, len(p.digits)), true
		}
		return padded(d.day, len(p.digits)), true
	case partMonthOrDay:
		if d.order == MonthFirst {
			return padded(d.day, len(p.digits)), true
		}
		return padded(d.month, len(p.digits)), true
	case partOrdinal:
		return dayEnding(d.day, was), true
	case partMonthName:
		return renamed(monthForms, was, d.month-1)
	default:
		weekday := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Weekday()
		return renamed(weekdayForms, was, (int(weekday)+6)%7)
	}
}

func padded(n, width int) string {
	digits := []byte{byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)}
	from := 0
	for from < 3 && digits[from] == '0' && 4-from > width {
		from++
	}
	return string(digits[from:])
}

// dayEnding is the ending of a day of the month in the writing of another.
func dayEnding(day int, was string) string {
	end := "th"
	switch {
	case strings.EqualFold(was, "er"):
		if end = ""; day == 1 {
			end = "er"
		}
	case day%10 == 1 && day != 11:
		end = "st"
	case day%10 == 2 && day != 12:
		end = "nd"
	case day%10 == 3 && day != 13:
		end = "rd"
	}
	return cased(end, was)
}

// The names of months and weekdays in the forms that have one for each.
var (
	monthForms = [][]string{
		{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
		{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
	weekdayForms = [][]string{
		{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
		{"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
		{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
		{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
	}
)

func renamed(forms [][]string, was string, to int) (string, bool) {
	folded := foldMarks(was)
	for _, form := range forms {
		for _, name := range form {
			if foldMarks(name) == folded {
				return cased(form[to], was), true
			}
		}
	}
	return "", false
}

// cased writes a small word in the case of another.
func cased(word, like string) string {
	switch {
	case like == "" || word == "":
		return word
	case len(like) > 1 && like == strings.ToUpper(like):
		return strings.ToUpper(word)
	case like == strings.ToLower(like):
		return word
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
