package deid

import (
	"strconv"
	"strings"
)

// dateReader reads one written date: its words and numbers, one after another.
type dateReader struct {
	lex    []lexeme
	at     int
	ways   []calendarDay
	parts  []datePart
	spoken bool // it cannot be written another way: it is in words
}

// lexeme is a run of letters or of digits.
type lexeme struct {
	text       string // folded, small
	before     string // what stands between it and the one before
	start, end int    // bytes of the source
	digit      bool
}

func newDateReader(surface string) *dateReader {
	txt, back := fold(surface)
	small := []byte(txt) // ASCII only: the map holds for each byte
	for i, b := range small {
		small[i] = lower(b)
	}
	txt = string(small)
	place := func(i int) int {
		if back == nil {
			return i
		}
		return int(back[i])
	}
	r := &dateReader{}
	last := 0
	for i := 0; i < len(txt); {
		digit := txt[i] >= '0' && txt[i] <= '9'
		if !digit && !(txt[i] >= 'a' && txt[i] <= 'z') {
			i++
			continue
		}
		j := i
		for j < len(txt) && (digit && txt[j] >= '0' && txt[j] <= '9' || !digit && txt[j] >= 'a' && txt[j] <= 'z') {
			j++
		}
		// One character folded to several ("⒒" to "11.") cannot be written in part.
		r.spoken = r.spoken || back != nil && (i > 0 && back[i] == back[i-1] || back[j] == back[j-1])
		r.lex = append(r.lex, lexeme{txt[i:j], txt[last:i], place(i), place(j), digit})
		i, last = j, j
	}
	if last < len(txt) && strings.Trim(txt[last:], " .,") != "" {
		r.lex = append(r.lex, lexeme{text: "", before: txt[last:]}) // nothing reads this
	}
	return r
}

func (r *dateReader) peek(n int) lexeme {
	if r.at+n < len(r.lex) {
		return r.lex[r.at+n]
	}
	return lexeme{}
}

// number reads digits of a length; -1 if there are none.
func (r *dateReader) number(n, shortest, longest int) int {
	l := r.peek(n)
	if !l.digit || len(l.text) < shortest || len(l.text) > longest {
		return -1
	}
	v, _ := strconv.Atoi(l.text) // digits, and few
	return v
}

func (r *dateReader) part(n int, what datePartKind) {
	l := r.peek(n)
	r.parts = append(r.parts, datePart{l.start, l.end, what, l.text})
}

// lead passes over a weekday and an article.
func (r *dateReader) lead() {
	if weekdayWords[r.peek(0).text] > 0 {
		r.part(0, partWeekday)
		r.at++
	}
	switch r.peek(0).text {
	case "the", "le", "el":
		r.at++
	}
}

// year adds the ways to read a year at lexeme n, of two digits or four.
func (r *dateReader) year(n int, d calendarDay) bool {
	y := r.number(n, 2, 4)
	switch len(r.peek(n).text) {
	case 4:
		d.year = y
		r.ways = append(r.ways, d)
	case 2:
		if y < 0 {
			return false
		}
		d.short = true
		for _, century := range []int{1900, 2000} {
			d.year = century + y
			r.ways = append(r.ways, d)
		}
	default:
		return false
	}
	return y >= 0
}

// yearFirst reads 2024-03-15 and 2024-Mar-15.
func (r *dateReader) yearFirst() bool {
	y, day := r.number(0, 4, 4), r.number(2, 1, 2)
	month, named := r.number(1, 1, 2), months[r.peek(1).text]
	if y < 0 || day < 0 || month < 0 && named == 0 || strings.TrimSpace(r.peek(1).before) != strings.TrimSpace(r.peek(2).before) {
		return false
	}
	r.part(0, partYear)
	if named > 0 {
		month = named
		r.part(1, partMonthName)
	} else {
		r.part(1, partMonth)
	}
	r.part(2, partDay)
	r.ways = append(r.ways, calendarDay{year: y, month: month, day: day})
	r.at += 3
	return true
}

// unbroken reads 20240315 and 20240315103000.
func (r *dateReader) unbroken() bool {
	l := r.peek(0)
	if n := len(l.text); !l.digit || n != 8 && n != 12 && n != 14 || l.end-l.start != n {
		return false
	}
	v, _ := strconv.Atoi(l.text[:8]) // digits
	d := calendarDay{year: v / 10000, month: v / 100 % 100, day: v % 100}
	if !d.real() {
		return false
	}
	r.parts = append(r.parts,
		datePart{l.start, l.start + 4, partYear, l.text[:4]}, datePart{l.start + 4, l.start + 6, partMonth, l.text[4:6]}, datePart{l.start + 6, l.start + 8, partDay, l.text[6:8]})
	r.ways = append(r.ways, d)
	r.at++
	return true
}

// threeNumbers reads 3/15/2024, 15.03.24 and 03 15 2024. Which of the first two
// is the month shows where the other is above twelve; else both ways are kept.
// Where all three have two digits the first may be the year: 24-03-15.
func (r *dateReader) threeNumbers() bool {
	a, b := r.number(0, 1, 2), r.number(1, 1, 2)
	mark := strings.TrimSpace(r.peek(1).before)
	if a < 1 || b < 1 || mark != strings.TrimSpace(r.peek(2).before) || len(mark) > 1 || !strings.Contains("/-.|", mark) {
		return false
	}
	switch {
	case a > 12, a == b:
		r.part(0, partDay)
		r.part(1, partMonth)
	case b > 12:
		r.part(0, partMonth)
		r.part(1, partDay)
	default:
		r.part(0, partDayOrMonth)
		r.part(1, partMonthOrDay)
	}
	r.part(2, partYear)
	ok := false
	if day := r.number(2, 2, 2); day > 0 && len(r.peek(0).text) == 2 && b <= 12 {
		ok = r.year(0, calendarDay{month: b, day: day, order: yearFirst})
	}
	if a <= 12 && !(a == b) {
		ok = r.year(2, calendarDay{month: a, day: b, order: MonthFirst})
	}
	if b <= 12 {
		ok = r.year(2, calendarDay{month: b, day: a, order: DayFirst})
	}
	r.at += 3
	return ok
}

// ordinal passes over the ending of a day at lexeme n: 3rd, 1er.
func (r *dateReader) ordinal(n int) int {
	switch l := r.peek(n); l.text {
	case "st", "nd", "rd", "th", "er":
		if l.before == "" {
			r.part(n, partOrdinal)
			return n + 1
		}
	}
	return n
}

func (r *dateReader) joint(n int) int {
	switch r.peek(n).text {
	case "of", "de", "del", "day":
		return n + 1
	}
	return n
}

// dayMonthName reads 15 March 2024, 3rd of May 2024, 03Mar2024, 4 mars 1957.
func (r *dateReader) dayMonthName() bool {
	day := r.number(0, 1, 2)
	if day < 1 {
		return false
	}
	r.part(0, partDayNamed)
	n := r.joint(r.ordinal(1))
	month := months[r.peek(n).text]
	if month == 0 {
		return false
	}
	r.part(n, partMonthName)
	return r.closeWithYear(n+1, calendarDay{month: month, day: day})
}

// monthNameDay reads March 15, 2024 and Mar. 3rd '24.
func (r *dateReader) monthNameDay() bool {
	month := months[r.peek(0).text]
	n := 1
	if r.peek(n).text == "the" {
		n++
	}
	day := r.number(n, 1, 2)
	if month == 0 || day < 1 {
		return false
	}
	r.part(0, partMonthName)
	r.part(n, partDayNamed)
	return r.closeWithYear(r.ordinal(n+1), calendarDay{month: month, day: day})
}

func (r *dateReader) closeWithYear(n int, d calendarDay) bool {
	n = r.joint(n)
	if !r.year(n, d) {
		return false
	}
	r.part(n, partYear)
	r.at += n + 1
	return true
}

// spokenDayMonth reads "fourth of July 2024" and "quatre mars deux mille vingt".
func (r *dateReader) spokenDayMonth() bool {
	day, n := r.spokenNumber(0, 31)
	n = r.joint(n)
	month := months[r.peek(n).text]
	return day > 0 && month > 0 && r.spokenYear(n+1, calendarDay{month: month, day: day})
}

// spokenMonthDay reads "march twelfth twenty twenty-five".
func (r *dateReader) spokenMonthDay() bool {
	month := months[r.peek(0).text]
	n := 1
	if r.peek(n).text == "the" {
		n++
	}
	day, n := r.spokenNumber(n, 31)
	if day < 1 { // "March 3 twenty twenty-five"
		if day, n = r.number(1, 1, 2), 2; day < 1 {
			return false
		}
		n = r.ordinal(n)
	}
	return month > 0 && r.spokenYear(n, calendarDay{month: month, day: day})
}

func (r *dateReader) spokenYear(n int, d calendarDay) bool {
	n = r.joint(n)
	if y := r.number(n, 4, 4); y > 0 {
		d.year = y
		n++
	} else if d.year, n = r.spokenNumber(n, 2099); d.year < 1880 {
		return false
	}
	r.spoken = true
	r.ways = append(r.ways, d)
	r.at += n
	return true
}

// tail reads what may follow a date: a time of day, a zone, or nothing.
func (r *dateReader) tail() bool {
	first, clock := r.at, false
	for ; r.at < len(r.lex); r.at++ {
		l := r.lex[r.at]
		switch {
		case !l.digit && clockWords[l.text]:
			clock = clock || l.text == "t"
		case !l.digit || len(l.text) > 9 || strings.Contains(l.before, "/"):
			return false
		case strings.HasPrefix(l.before, "+"), l.before == "-" && len(l.text) <= 4 && (clock || len(r.lex[first-1].text) == 14):
			clock = true
		case len(l.text) > 2 && l.before != "." && !(r.at > 0 && r.lex[r.at-1].text == "t"):
			return false
		case r.peek(1).digit && r.peek(1).before == ":":
			clock = true
		case !clock && !(l.before == "." && len(r.lex[first-1].text) == 14):
			return false
		}
		if r.at-first > 10 {
			return false
		}
	}
	return true
}

// onlyYear is the year that a month, a holiday or a range names in four digits;
// 0 where there are two, or none.
func (r *dateReader) onlyYear() int {
	year := 0
	for _, l := range r.lex {
		if !l.digit || len(l.text) != 4 || l.before == ":" || l.before == "+" {
			continue
		}
		y, _ := strconv.Atoi(l.text) // digits
		if y < 1850 || y > 2199 || year != 0 && year != y {
			return 0
		}
		year = y
	}
	return year
}

// clockWords stand in a time of day.
var clockWords = map[string]bool{"at": true, "a": true, "t": true, "z": true, "am": true, "pm": true, "h": true, "hrs": true, "utc": true, "gmt": true}
