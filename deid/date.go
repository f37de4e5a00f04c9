package deid

import (
	"strings"

	"chaperone/phi"
)

// findDates looks for every date that is finer than a year.
func (p *page) findDates() {
	for i := 0; i < len(p.tok); i++ {
		if p.taken[i] {
			continue
		}
		if p.is(i+1, '/') {
			if end := p.slashAddress(i); end > 0 {
				i = end - 1
				continue
			}
		}
		if k := p.at(i).kind; (k == digits || k == mixed) && (p.cue(i+1, cueMonth) || p.cue(i+2, cueMonth)) && p.namedDay(i) {
			i += 2
			continue
		}
		end, score := p.dateAt(i, false)
		if t := p.at(i); end == 0 && t.kind != punct && t.size() <= 2 && p.is(i+1, '/') {
			end, score = p.misreadDate(i, false), sure
		}
		if end == 0 {
			end, score = p.dateByContext(i), 0.7
		}
		if end == 0 {
			continue
		}
		end = p.spanEnd(i, end)
		p.put(phi.Date, p.dateStart(i), end, score, "date")
		i = end - 1
	}
	p.findDays()
}

// dateStart goes back from a date at token i over the words that belong to it:
// "mid-", "early", "the" before a day, "the day after" before a holiday, a
// weekday, "yesterday".
func (p *page) dateStart(i int) int {
	t := p.at(i)
	prev := strings.ToLower(p.word(i - 1))
	switch {
	case !p.near(i) || p.taken[max(i-1, 0)]:
		return i
	case p.word(i-1) == "c" && p.is(i-2, '/') && p.word(i-3) == "w" && p.at(i-1).gap == gapNone: // w/c 15 Dec
		return i - 3
	case p.is(i-1, '-') && p.at(i).gap == gapNone && (strings.EqualFold(p.word(i-2), "mid") || strings.EqualFold(p.word(i-2), "mi")):
		return i - 2
	case t.cue&cueMonth != 0 && partOfMonth[prev]:
		return i - 1
	case t.cue&cueWeekday != 0 && (prev == "last" || prev == "next" || prev == "this"):
		return i - 1
	case t.cue&cueHoliday != 0 && t.cue&cueMonth == 0:
		return p.dayBeside(i)
	case prev == "the" && (t.cue&(cueOrdinal|cueNumber) != 0 || t.kind == mixed && ordinalDigits(p.word(i)) > 0), prev == "le" && t.kind == digits && p.french && p.cue(i-2, cueWeekday):
	default:
		return i
	}
	a := i - 1
	for n := 0; n < 3 && p.near(a) && (p.is(a-1, ',') && p.cue(a-2, cueWeekday) || p.cue(a-1, cueWeekday) || relativeDays[p.word(a-1)]) && !p.taken[a-1]; n++ {
		a--
	}
	if w := p.word(a - 1); p.cue(a, cueWeekday) && (w == "last" || w == "next" || w == "this") {
		a--
	}
	return a
}

var (
	partOfMonth  = wordSet(`early late mid middle debut fin courant mi`)
	relativeDays = wordSet(`yesterday today tomorrow tmrw tonight demain hier ayer manana`)
)

// dayBeside goes back over "the day after" and "la veille de" before the
// holiday at token i.
func (p *page) dayBeside(i int) int {
	switch p.word(i - 1) {
	case "after", "before", "of", "de":
	default:
		return i
	}
	switch p.word(i - 2) {
	case "day", "night", "morning", "week", "weekend", "eve", "veille", "lendemain", "soir", "dia", "noche":
	default:
		return i
	}
	a := i - 2
	if w := p.word(a - 1); w == "the" || w == "la" || w == "le" {
		a--
	}
	return a
}

// dateByContext takes a month alone and a day alone where the words around say
// that they date something.
func (p *page) dateByContext(i int) int {
	t := p.at(i)
	switch {
	case t.kind == punct:
		return 0
	case t.cue&cueMonth != 0:
		return p.monthAlone(i)
	case t.kind == digits:
		return p.frenchDay(i)
	}
	return p.dayOfMonth(i)
}

// dateValue takes a date after its label: day and month alone count too, and
// so does a second date of a range.
func (p *page) dateValue(i int, strong bool) int {
	from := i
	for p.cue(i, cueWeekday) || p.isAny(i, ",(") || p.is(i, '.') && p.cue(i-1, cueWeekday) {
		i++
	}
	end, score := p.dateAt(i, strong)
	if m := p.misreadDate(i, true); end == 0 && m > 0 {
		end = m
	}
	if w := strings.ToLower(p.word(i - 1)); end == 0 && p.cue(i, cueNumber) && (strong || w == "birth" || w == "dob" || w == "birthday" || w == "birthdate" || w == "born" || w == "naissance") {
		end = p.spelled(i, 3)
	}
	if end == 0 {
		return 0
	}
	end = p.spanEnd(i, end)
	if p.is(from, '(') {
		from = i
	}
	p.put(phi.Date, from, end, max(score, 0.95), "label")
	return end
}

// dateAt yields the end of the date that begins at token i and how sure it is.
// Where a label named it, less is asked of it.
func (p *page) dateAt(i int, labelled bool) (int, float64) {
	t := p.at(i)
	switch {
	case t.kind == digits:
		return p.dateInDigits(i, labelled)
	case t.kind == mixed:
		return p.dateMixed(i, labelled)
	case t.kind == punct:
		if p.is(i, '\'') && p.cue(i-1, cueMonth) {
			return 0, 0
		}
	case t.cue&cueMonth != 0:
		return p.dateFromMonth(i, labelled)
	case t.cue&cueWeekday != 0:
		return p.dateFromWeekday(i, labelled)
	case t.cue&cueHoliday != 0:
		return p.dateFromHoliday(i)
	case t.cue&cueOrdinal != 0 || t.cue&cueNumber != 0 && p.cueAhead(i, cueMonth, 4):
		return p.dateFromWords(i)
	case t.cue&cueSeason != 0:
		return p.dateFromSeason(i)
	}
	return 0, 0
}

func (p *page) cueAhead(i int, c cue, n int) bool {
	for j := i + 1; j <= i+n && p.same(j); j++ {
		if p.cue(j, c) {
			return true
		}
	}
	return false
}

// year reports whether token i is a year of a person's life, in two or four
// digits.
func (p *page) year(i int, short bool) bool {
	t := p.at(i)
	if t.kind != digits {
		return false
	}
	n := p.number(i)
	if t.size() == 4 {
		return n >= 1880 && n <= 2099
	}
	return short && t.size() == 2
}

func (p *page) between(i, low, high int) bool {
	if t := p.at(i); t.kind != digits || t.size() > 2 {
		return false
	}
	n := p.number(i)
	return n >= low && n <= high
}

// dateInDigits takes 3/15/1985, 2024-03-15T10:00:00Z, 15.03.85, 20240315 and
// a day that a month's name follows.
func (p *page) dateInDigits(i int, labelled bool) (int, float64) {
	t := p.at(i)
	if i > 0 && t.gap == gapNone && (p.isAny(i-1, ".") && p.at(i-2).kind == digits && p.at(i-1).gap == gapNone || p.isAny(i-1, "$")) {
		return 0, 0
	}
	switch t.size() {
	case 1, 2:
		if end, score := p.dateThree(i, labelled); end > 0 {
			return end, score
		}
		if end, score := p.dayThenMonth(i); end > 0 {
			return end, score
		}
		if end := p.rangeThenDate(i); end > 0 {
			return end, 0.85
		}
		return p.dateTwo(i, labelled)
	case 4:
		return p.dateYearFirst(i, labelled)
	case 8, 12, 14:
		if p.dateRun(p.word(i)) && (t.size() > 8 || labelled || p.cue(i-1, cueDateWord) || p.isAny(i-1, "|^=/:") || p.at(i-1).kind == edge || p.opens(i)) {
			return p.dateTail(i + 1), 0.9
		}
		if p.dateRun(p.word(i)) && p.word(i)[0] <= '2' {
			return p.dateTail(i + 1), 0.7
		}
		if s := p.word(i); t.size() == 8 && (p.dateRun(s[4:]+s[2:4]+s[:2]) || p.dateRun(s[4:]+s[:4])) && s[4:] > "1915" && s[4:] < "2040" {
			return i + 1, 0.7
		}
	case 6:
		if labelled && (p.dateRun("20"+p.word(i)) || p.sixDigits(p.word(i)) && p.spacedBirth(i)) {
			return i + 1, 0.9
		}
	case 10, 13:
		if n := p.word(i); (labelled || p.word(i-1) == "timestamp" || p.word(i-2) == "timestamp" || p.word(i-2) == "epoch") && n[0] == '1' {
			return i + 1, 0.9
		}
	}
	return 0, 0
}

// rangeThenDate takes "4 au 17/06/2019" and "4 et 5/06/2019".
func (p *page) rangeThenDate(i int) int {
	switch p.word(i + 1) {
	case "au", "et", "to", "and", "through":
	default:
		return 0
	}
	if !p.between(i, 1, 31) || !p.near(i+2) || p.at(i+2).kind != digits {
		return 0
	}
	end, _ := p.dateThree(i+2, false)
	return end
}

// dateRun reports whether digits are yyyymmdd, perhaps with hours.
func (p *page) dateRun(s string) bool {
	n := func(a, b int) int {
		v := 0
		for _, c := range []byte(s[a:b]) {
			v = v*10 + int(c-'0')
		}
		return v
	}
	if y := n(0, 4); y < 1880 || y > 2099 {
		return false
	}
	if m, d := n(4, 6), n(6, 8); m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	return len(s) < 12 || n(8, 10) < 24 && n(10, 12) < 60
}

// dateThree takes day, month and year in digits with the same mark or blank
// between them.
func (p *page) dateThree(i int, labelled bool) (int, float64) {
	sep := i + 1
	if p.is(sep, '|') && p.is(i+3, '|') && p.at(sep).gap == gapNone && p.at(i+2).gap == gapNone && p.between(i, 1, 31) && p.between(i+2, 1, 31) && p.year(i+4, false) && p.at(i+4).gap == gapNone && p.at(i).size() == 2 {
		return i + 5, 0.9
	}
	if p.at(i).size() == 2 && p.at(i+1).size() == 2 && p.at(i+1).gap == gapSpace && p.at(i+2).gap == gapSpace && p.between(i, 1, 31) && p.between(i+1, 1, 31) && p.year(i+2, false) && (p.number(i) <= 12 || p.number(i+1) <= 12) && p.number(i+2) > 1915 && p.number(i+2) < 2040 && p.at(i-1).kind != digits && p.at(i+3).kind != digits {
		return i + 3, 0.8
	}
	if !p.isAny(sep, "/-.") {
		if (labelled || p.spacedBirth(i)) && p.near(i+1) && p.near(i+2) && p.between(i, 1, 31) && p.between(i+1, 1, 31) && p.year(i+2, false) {
			return p.dateTail(i + 3), 0.9
		}
		return 0, 0
	}
	mark := p.txt[p.tok[sep].start]
	if !p.is(i+3, mark) || p.at(i+2).gap > gapSpace || p.at(i+4).gap > gapSpace {
		return 0, 0
	}
	a, b := p.number(i), p.number(i+2)
	if p.at(i+2).kind != digits || p.at(i+2).size() > 2 || !p.year(i+4, true) {
		return 0, 0
	}
	spaced := p.at(sep).gap != gapNone || p.at(i+2).gap != gapNone
	padded := p.at(i).size() == 2 && p.at(i+2).size() == 2
	if spaced && (mark == '.' && (!padded || p.at(i+4).size() != 4) || p.at(i+4).size() != 4 && !(padded && mark == '/')) && !labelled {
		return 0, 0
	}
	good := a >= 1 && b >= 1 && (a <= 12 && b <= 31 || a <= 31 && b <= 12)
	long := p.at(i+4).size() == 4
	if !good {
		if long && mark == '/' && a <= 99 && b <= 99 {
			return i + 5, 0.6
		}
		if p.at(i+4).size() == 2 && p.at(i).size() == 2 && mark == '-' && b >= 1 && b <= 12 && p.between(i+4, 1, 31) {
			return i + 5, 0.7
		}
		return 0, 0
	}
	if !long {
		// 1.2.34 is a version or a section, 10-20-30 a list of doses
		if mark == '.' && !labelled && !(p.at(i).size() == 2 && p.at(i+2).size() == 2) && !p.dotted(i) {
			return 0, 0
		}
		if p.isAny(i+5, "/-.") && p.at(i+5).gap == gapNone && p.at(i+6).kind == digits && p.at(i+6).gap == gapNone && !(p.is(i+5, '-') && mark != '-' && p.is(i+7, mark) && p.is(i+9, mark)) {
			return 0, 0
		}
		if i > 0 && p.at(i).gap == gapNone && p.is(i-1, mark) {
			return 0, 0
		}
	}
	return p.dateTail(i + 5), 0.95
}

// dateYearFirst takes 2024-03-15 with time and zone, 2024/03, and a year that
// nothing makes finer stays.
func (p *page) dateYearFirst(i int, labelled bool) (int, float64) {
	if !p.year(i, false) {
		return 0, 0
	}
	sep := i + 1
	if !p.isAny(sep, "-/.") || p.at(sep).gap != gapNone || p.at(i+2).gap != gapNone || !p.between(i+2, 1, 12) && p.at(i+2).kind != mixed && !p.cue(i+2, cueMonth) {
		if p.cue(i+1, cueMonth) && p.near(i+1) && p.between(i+2, 1, 31) && p.near(i+2) {
			return i + 3, 0.9
		}
		if p.cue(i+1, cueMonth) && p.near(i+1) && p.at(i+1).size() > 3 && p.french && p.isAny(i+2, ").,;") {
			return i + 2, 0.8
		}
		return 0, 0
	}
	mark := p.txt[p.tok[sep].start]
	if p.is(i+3, mark) && p.at(i+3).gap == gapNone {
		if p.between(i+4, 1, 31) {
			return p.dateTail(i + 5), 0.95
		}
		if t := p.at(i + 4); t.kind == mixed && t.size() >= 3 { // 15T10
			return p.dateTail(i + 4), 0.95
		}
		return 0, 0
	}
	if p.at(i+2).size() == 2 && mark == '-' && p.at(i+3).gap != gapNone || labelled {
		return i + 3, 0.8
	}
	return 0, 0
}

// dateMixed takes 15T10:30, 03Mar2024, 3rd of March and 15mar.
func (p *page) dateMixed(i int, labelled bool) (int, float64) {
	s := p.word(i)
	if len(s) == 2 && (s[0] == 'Q' || s[0] == 'T') && s[1] >= '1' && s[1] <= '4' && (p.year(i+1, false) && p.near(i+1) || p.word(i+1) == "of" && p.year(i+2, false)) {
		if p.word(i+1) == "of" {
			i++
		}
		return i + 2, 0.8
	}
	if d := ordinalDigits(s); d > 0 {
		return p.dateFromDay(i)
	}
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if m := monthPrefix(s); n == 0 && m > 0 && len(s) == m+4 && allDigits(s[m:]) && s[m:] > "1915" && s[m:] < "2040" {
		return i + 1, 0.85
	}
	if n >= 1 && n <= 2 && len(s) >= n+3 {
		if m := monthPrefix(s[n:]); m > 0 {
			rest := len(s) - n - m
			if rest == 0 && m == 3 && isUpper(s[n]) && p.someone() && !p.year(i+1, true) {
				return p.dateTail(i + 1), 0.75 // 11Oct
			}
			if rest == 0 && (p.year(i+1, true) || labelled || p.french || p.cue(i-1, cueDateWord)) || (rest == 4 || rest == 2) && allDigits(s[n+m:]) {
				if rest == 0 && p.year(i+1, true) && p.near(i+1) {
					return i + 2, 0.92
				}
				return p.dateTail(i + 1), 0.9
			}
		}
	}
	if n == 8 && len(s) >= 10 && (s[8] == 'T' || s[8] == 't') && p.dateRun(s[:8]) {
		return p.dateTail(i + 1), 0.95
	}
	return 0, 0
}

// monthPrefix yields the length of the month abbreviation at the beginning of
// s, 0 if there is none.
func monthPrefix(s string) int {
	if len(s) < 3 {
		return 0
	}
	var low [3]byte
	for i := range low {
		low[i] = s[i] | 0x20
	}
	switch string(low[:]) {
	case "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "avr", "fev", "mai", "jui", "aou", "ene", "abr", "ago":
		for n := 3; ; n++ {
			if n == len(s) || s[n] >= '0' && s[n] <= '9' {
				return n
			}
		}
	}
	return 0
}

// ordinalDigits yields the day of 3rd, 21st, 1er; 0 for other tokens.
func ordinalDigits(s string) int {
	n, i := 0, 0
	for ; i < len(s) && i < 2 && s[i] >= '0' && s[i] <= '9'; i++ {
		n = n*10 + int(s[i]-'0')
	}
	switch s[i:] {
	case "st", "nd", "rd", "th", "er", "ST", "ND", "RD", "TH", "ER":
		if n >= 1 && n <= 31 {
			return n
		}
	}
	return 0
}
