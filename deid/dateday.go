package deid

// bareDay says whether the number at token j is the day of the month behind the
// weekday at token i: "SAT 31", "flight wed 25." An hour may stand there, too, so
// that a number to twelve must be alone, and somebody must be spoken of.
func (p *page) bareDay(i, j int) bool {
	t := p.at(j)
	if j != i+1 || t.kind != digits || p.french && !p.english || t.gap != gapSpace || p.guard[j] || !p.someone() {
		return false
	}
	n := p.number(j)
	next := p.at(j + 1)
	switch {
	case n < 1 || n > 31 || p.word(j)[0] == '0':
		return false
	case p.at(i).shape == lower1 && p.at(i).size() <= 3 && (n < 13 || p.word(i) == "sun" || p.word(i) == "sat"):
		return false
	case next.kind == edge || next.gap >= gapWide:
		return true
	case p.isAny(j+1, ".,;)?!"):
		return next.gap == gapNone && p.at(j+2).gap > gapNone
	case n < 13:
		return false
	}
	switch p.word(j + 1) {
	case "and", "or", "at", "for", "with", "is", "was", "he", "she", "then", "if", "so", "because", "but", "in", "via", "from", "after", "before":
		return next.gap == gapSpace
	}
	return false
}

// dotted says whether three numbers with points between them at token i are a
// day of this century rather than a version or a section: a word that days stand
// behind is before them, and no further point follows.
func (p *page) dotted(i int) bool {
	y := p.number(i + 4)
	if y < 5 || y > 39 || p.is(i+5, '.') && p.at(i+5).gap == gapNone && p.at(i+6).kind == digits && p.at(i+6).gap == gapNone {
		return false
	}
	j := i - 1
	for n := 0; n < 2 && p.isAny(j, ":(-"); n++ {
		j--
	}
	switch lowerOf(p.word(j)) {
	case "on", "until", "since", "till", "dated", "by":
		return true
	case "from", "to", "before", "after", "between", "version":
		return false
	}
	return p.cue(j, cueDateWord|cueWeekday) || chartWords[p.word(j)] || p.cue(j, cueLabel) && p.is(j+1, ':')
}

// chartedDay says whether the ordinal at token i, which ends before token end, is
// a day that words of a chart lead to and nothing goes on from: "next depot due
// 11th", "came in the 5th.", "appt the 9th at 2".
func (p *page) chartedDay(i, end int) bool {
	if p.at(i).kind != mixed || !p.near(i) || !p.someone() {
		return false
	}
	j := i - 1
	if p.word(j) == "the" {
		j--
	}
	switch lowerOf(p.word(j)) {
	case "due", "appt", "appointment", "visit", "seen", "back", "return", "returns", "booked", "scheduled", "discharged", "admitted", "surgery", "fell", "began", "started", "left", "died", "born", "rescheduled", "recheck", "review", "clinic":
	case "in":
		switch lowerOf(p.word(j - 1)) {
		case "came", "come", "coming", "admitted", "back", "checked":
		default:
			return false
		}
	default:
		return false
	}
	next := p.at(end)
	return next.kind == edge || next.gap >= gapWide || p.isAny(end, ".,;)?!") && next.gap == gapNone && p.at(end+1).gap > gapNone || p.word(end) == "at" || p.word(end) == "and" || p.word(end) == "with" || p.word(end) == "for"
}

// dashedDay says whether two numbers with a dash between them at token i, which
// no word so far says to be a day, are a month and a day rather than a range:
// ranges go up, and no range begins at a month and ends beyond twelve so close to
// a word that days stand behind.
func (p *page) dashedDay(i int) bool {
	sure := false
	switch lowerOf(p.word(i - 1)) {
	case "admitted", "discharged", "died", "dated":
		sure = true
	case "on", "seen", "since", "until", "fell":
	default:
		return false
	}
	a, b := p.number(i), p.number(i+2)
	if a < 1 || a > 12 || b < 1 || b > 31 || b <= 12 && a <= b && !sure || p.cue(i+3, cueMeasure|cueYears) || p.isAny(i+3, "%/-") || !p.someone() {
		return false
	}
	next := p.at(i + 3)
	return next.kind == edge || next.gap >= gapWide || p.isAny(i+3, ".,;)") && p.at(i+4).gap > gapNone || next.cue&cueFunction != 0
}

// spacedBirth says whether three numbers with blanks between them at token i are a
// day of birth: "born 6 6 1948".
func (p *page) spacedBirth(i int) bool {
	switch lowerOf(p.word(i - 1)) {
	case "born", "dob", "birth", "birthdate":
		return true
	}
	return false
}

// sixDigits says whether s is a day in six digits, month or day first.
func (p *page) sixDigits(s string) bool {
	return p.dateRun("19"+s[4:]+s[:4]) || p.dateRun("19"+s[4:]+s[2:4]+s[:2])
}

// dateBefore says whether the words before token i lead to a date.
func (p *page) dateBefore(i int) bool {
	j := i - 1
	if p.isAny(j, "(:") {
		j--
	}
	switch p.word(j) {
	case "of":
		switch p.word(j - 1) {
		case "week", "wk", "night", "evening", "morning", "day", "weekend":
			return true
		}
		return false
	case "e":
		return p.is(j-1, '/') && p.word(j-2) == "w"
	case "to":
		switch p.word(j - 1) {
		case "moved", "rescheduled", "pushed", "postponed", "brought", "deferred", "extended":
			return p.someone()
		}
		return false
	case "night":
		return p.word(j-1) == "last"
	case "today", "yesterday", "tomorrow", "tmrw", "called", "CALLED", "fell", "died", "born", "on", "since", "dated", "until", "due", "le", "puis", "early", "late", "weekend", "Le", "thru", "through", "till", "On", "admitted", "discharged", "seen", "starting", "DOS", "DOB", "LMP", "du", "au", "before", "after", "from", "by", "visit", "started", "ended":
		return !(p.word(j) == "on" && p.word(j-1) == "based") && p.at(j).kind == word
	}
	return p.cue(j, cueWeekday)
}
