package deid

// dateTail goes on from a date that ends before token i over the time of day
// that belongs to it: "T10:00:00Z", " 10:30 PM", " @ 0930", " at 2 pm", " à 8h30".
func (p *page) dateTail(i int) int {
	j, led := i, false
	if p.is(j, ',') && p.near(j+1) {
		j++
	}
	switch w := p.word(j); {
	case p.is(j, '@'), w == "at", w == "a" && !p.english, w == "as":
		j++
		led = true
	}
	end := p.timeAt(j, led, j == i)
	if end == 0 {
		return i
	}
	for k := i; k < end; k++ {
		p.guard[k] = false // an hour, no measure
	}
	end = p.zoneAt(end)
	if p.year(end, false) && p.near(end) && p.at(end).size() == 4 && !p.cue(end+1, cueMeasure) && p.is(end-2, ':') {
		end++ // Mar 11 08:15:22 2024
	}
	return end
}

// timeAt yields the end of the time of day at token j, 0 if there is none. A
// bare number is one only where a word led to it.
func (p *page) timeAt(j int, led, glued bool) int {
	t := p.at(j)
	s := p.word(j)
	switch {
	case t.gap > gapSpace:
		return 0
	case t.kind == mixed && t.gap == gapNone && (s[0] == 'T' || s[0] == 't'), t.kind == mixed && t.gap == gapNone && glued && len(s) >= 4 && s[2] == 'T':
		return p.clock(j + 1)
	case p.is(j, ':') && t.gap == gapNone && p.between(j+1, 0, 23) && p.is(j+2, ':') && p.between(j+3, 0, 59): // 11/Mar/2024:08:15:22
		return p.clock(j + 2)
	case t.kind == digits && t.size() <= 2 && p.is(j+1, ':') && p.at(j+2).kind == digits:
		return p.clock(j + 1)
	case t.kind == digits && t.size() == 4 && military(s):
		if p.cue(j+1, cueMeasure) && s[0] != '0' || p.isAny(j+1, "/-") && p.at(j+1).gap == gapNone {
			return 0
		}
		if w := p.word(j + 1); p.near(j+1) && (w == "h" || w == "hrs" || w == "hours" || w == "H") {
			return j + 2
		}
		return j + 1
	case t.kind == digits && t.size() <= 2 && p.number(j) <= 24:
		if meridiem[p.word(j+1)] && p.near(j+1) || p.near(j+1) && p.word(j+1) == "h" && (led || p.french) {
			return j + 2
		}
	case t.kind == mixed && clockWord(s):
		return j + 1
	case led && (s == "noon" || s == "midnight"):
		return j + 1
	}
	return 0
}

var meridiem = map[string]bool{"AM": true, "PM": true, "am": true, "pm": true, "Am": true, "Pm": true, "a": false}

// military says whether four digits are an hour and its minutes: 0930.
func military(s string) bool {
	return s < "2400" && s[2] < '6'
}

// clockWord knows 2pm, 10am, 0930h, 9h30 and 15h.
func clockWord(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch rest := s[n:]; {
	case n == 4:
		return (rest == "h" || rest == "H" || rest == "hrs" || rest == "hr") && military(s)
	case n == 0 || n > 2:
		return false
	default:
		return meridiem[rest] || (rest[0] == 'h' || rest[0] == 'H') && (len(rest) == 1 || len(rest) == 3 && allDigits(rest[1:]))
	}
}

// clock goes on over minutes, seconds, parts of them and AM or PM.
func (p *page) clock(j int) int {
	for n := 0; n < 4 && (p.isAny(j, ":.") || p.is(j, ',') && n == 2) && p.at(j).gap == gapNone && p.at(j+1).gap == gapNone && (p.at(j+1).kind == digits || p.at(j+1).kind == mixed); n++ {
		j += 2
	}
	if p.near(j) && meridiem[p.word(j)] {
		j++
	}
	return j
}

// zoneAt goes on over +05:00 and +0000 after a time.
func (p *page) zoneAt(end int) int {
	j := end
	if !p.isAny(j, "+-") || p.at(j+1).kind != digits || p.at(j+1).gap != gapNone || p.at(j).gap != gapNone && !(p.at(j).gap == gapSpace && p.at(j+1).size() == 4) {
		return end
	}
	end = j + 2
	if p.is(end, ':') && p.at(end+1).kind == digits && p.at(end).gap == gapNone {
		end += 2
	}
	return end
}
