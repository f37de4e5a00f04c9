package deid

import "chaperone/phi"

// spanWords stand between the first and the last day of a time.
var spanWords = map[string]bool{"to": true, "through": true, "thru": true, "until": true, "till": true, "au": true, "al": true}

// spanMark steps over what joins two days to a time: "-", "--", "to", "thru".
// It yields the token after it, or i.
func (p *page) spanMark(i int) int {
	j := i
	for j < i+2 && p.is(j, '-') && p.near(j) {
		j++
	}
	if j == i && spanWords[p.word(i)] && p.near(i) {
		j++
	}
	if !p.near(j) {
		return i
	}
	return j
}

// spanEnd goes on from a date, which ends before token end, to the last day of
// the time it begins: "3/4-3/9", "12/2-5", "Oct 3 - Nov 2", "3/4 to 3/9/24".
func (p *page) spanEnd(from, end int) int {
	j := p.spanMark(end)
	if j == end {
		return end
	}
	if p.is(from+1, '/') && p.is(j-1, '-') && p.at(end).gap == gapNone && p.between(j, 1, 31) && p.at(j).gap == gapNone && !p.isAny(j+1, "/-%") && !p.cue(j+1, cueMeasure|cueYears) && end == from+3 {
		return j + 1
	}
	if next := p.shortDate(j); next > 0 {
		return p.dateTail(next)
	}
	t := p.at(j)
	if t.kind == word && t.cue&cueMonth == 0 || t.kind == punct {
		return end
	}
	if next, _ := p.dateAt(j, false); next > 0 && !(p.inFull(from, end) && p.inFull(j, next)) {
		return next
	}
	return end
}

// inFull says whether tokens from up to end hold a year of four digits. Two
// days with a year each are two dates: each can keep its year or its day.
func (p *page) inFull(from, end int) bool {
	for i := from; i < end; i++ {
		if p.at(i).kind == digits && p.at(i).size() == 4 && p.year(i, false) {
			return true
		}
	}
	return false
}

// shortDate yields the end of a month and a day, or a day and a month, with a
// stroke between them at token i, and of their year if there is one; 0 if
// there is none. Nothing but the form is asked.
func (p *page) shortDate(i int) int {
	if !p.between(i, 1, 31) || !p.is(i+1, '/') || p.at(i+1).gap != gapNone || !p.between(i+2, 1, 31) || p.at(i+2).gap != gapNone || p.number(i) > 12 && p.number(i+2) > 12 {
		return 0
	}
	if !p.is(i+3, '/') || p.at(i+3).gap != gapNone {
		if p.at(i+3).gap == gapNone && (p.at(i+3).kind == word || p.is(i+3, '%')) {
			return 0
		}
		return i + 3
	}
	if p.year(i+4, true) && p.at(i+4).gap == gapNone {
		return i + 5
	}
	return 0
}

// oneOfSeveral says whether the numbers at token i are one of two days or
// more: "3/4 - 3/9", "3/4, 3/5 and 3/6", "3/4 & 3/7". Two fractions or two
// scores of one scale are not.
func (p *page) oneOfSeveral(i int) bool {
	j := p.spanMark(i + 3)
	if j == i+3 {
		if p.is(j, ',') {
			j++
		}
		switch w := p.word(j); {
		case w == "and", w == "et", w == "y", w == "or", p.is(j, '&'):
			j++
		}
		if j == i+3 || !p.near(j) {
			return false
		}
	}
	end := p.shortDate(j)
	if end == 0 || p.measureAround(i, end) {
		return false
	}
	if end > j+3 {
		return !p.scaled(i)
	}
	a, b, c, d := p.number(i), p.number(i+2), p.number(j), p.number(j+2)
	switch {
	case spanWords[p.word(j-1)] && a == c && d > b && tight[p.word(i-1)] && p.word(i-1) != "of":
		return true
	case p.scaled(i):
		return false
	case a == c && d > b: // two days of a month
		return true
	case b == d && a <= 12: // two parts of the same whole
		return false
	}
	return !(fraction(a, b) && fraction(c, d))
}

// daysOfMonth says whether the numbers at token i are a month and two of its
// days: "12/2-5".
func (p *page) daysOfMonth(i int) bool {
	return p.between(i, 1, 12) && p.is(i+3, '-') && p.between(i+4, 2, 31) && p.number(i+4) > p.number(i+2) && !fraction(p.number(i), p.number(i+2)) && !p.isAny(i+5, "/-%") && !p.cue(i+5, cueMeasure|cueYears) && !p.scored(i)
}

// fraction says whether a over b is one that people eat and take.
func fraction(a, b int) bool { return a < b && (b <= 5 || b == 8 || b == 10) }

// findDays goes through the text once more where it dates by month and day: a
// number of the same month or the next, written the same way, is a day too.
func (p *page) findDays() {
	var months [14]bool
	for _, f := range p.out {
		if f.Rule != "date" {
			continue
		}
		i := p.tokenAt(f.Start)
		if p.shortDate(i) > 0 && p.number(i) <= 12 {
			months[p.number(i)] = true
		}
	}
	if months == [14]bool{} {
		return
	}
	for i := 0; i < len(p.tok); i++ {
		if p.taken[i] || p.guard[i] || p.at(i).kind != digits || !p.is(i+1, '/') {
			continue
		}
		end := p.shortDate(i)
		if end != i+3 || p.number(i) > 12 || p.isAny(i-1, "/-.+") && p.at(i).gap == gapNone || p.isAny(end, "/-") && p.at(end).gap == gapNone && p.at(end+1).kind != digits {
			continue
		}
		m, d := p.number(i), p.number(i+2)
		if !months[m] && !months[m-1] && !months[m+1] || fraction(m, d) && !months[m] || p.scaled(i) || p.measureAround(i, end) || m == d && d <= 5 {
			continue
		}
		end = p.dateTail(p.spanEnd(i, end))
		p.put(phi.Date, i, end, 0.65, "date-days")
		i = end - 1
	}
}
