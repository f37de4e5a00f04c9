package deid

// dayThenMonth takes 15 March 2024, 15-Mar-2024, 4 mars 1957 and 1er mai.
func (p *page) dayThenMonth(i int) (int, float64) {
	if !p.between(i, 1, 31) {
		return 0, 0
	}
	return p.dateFromDay(i)
}

// dateFromDay goes on after a day of the month at token i.
func (p *page) dateFromDay(i int) (int, float64) {
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, "-./,") && p.near(j) || (p.word(j) == "of" || p.word(j) == "de" || p.word(j) == "day" || p.word(j) == "del") && p.near(j)); n++ {
		j++
	}
	if p.is(i+1, '.') && p.opens(i) && p.at(j).gap == gapSpace && p.cue(j, cueMonth) && p.between(j+1, 1, 31) {
		return 0, 0 // a list: "2. June 9, 2019"
	}
	if !p.cue(j, cueMonth) || !p.near(j) {
		if end := p.rangeThenMonth(j); end > 0 {
			return end, 0.85
		}
		if w := p.word(i - 2); p.word(i-1) == "the" && ordinalDigits(p.word(i)) > 3 && (w == "on" || w == "by" || w == "until" || w == "since" || w == "On") && (p.at(i+1).kind == punct || p.at(i+1).kind == edge) && !p.is(i+1, '-') {
			return i + 1, 0.75
		}
		if p.cue(i-1, cueWeekday) || p.word(i-1) == "the" && p.cue(i-2, cueWeekday) {
			if ordinalDigits(p.word(i)) > 0 {
				return i + 1, 0.85
			}
		}
		return 0, 0
	}
	m := p.at(j)
	// "2 may" and "10 mar" must not be a verb or a typing slip
	if w := p.word(j); (w == "may" || w == "march" || w == "mar" || w == "sat" || w == "mars" && !p.french && p.word(i-1) != "le" && p.word(i-1) != "Le" && p.word(i-1) != "du" && p.word(i-1) != "au") && m.shape == lower1 && !p.year(j+1, false) && !p.french && !p.yearAfter(j+1) {
		return 0, 0
	}
	end := j + 1
	if p.is(end, '.') && p.at(end).gap == gapNone && (p.year(end+1, true) && p.near(end+1) || p.is(end+1, '\'') && p.year(end+2, true)) {
		end++
	}
	if y := p.yearAt(end); y > 0 {
		return p.dateTail(y), 0.95
	}
	if y := p.yearInWords(end); y > end && p.near(end) {
		return y, 0.9
	}
	if t := p.at(end); t.kind == digits && t.size() == 2 && t.gap == gapSpace && m.size() == 3 && (p.isAny(end+1, ".,;:)") && p.at(end+2).gap != gapNone || p.at(end+1).gap >= gapWide || p.word(i)[0] == '0' && !p.cue(end+1, cueMeasure)) {
		return end + 1, 0.9 // 3 OCT 23
	}
	return p.dateTail(end), 0.9
}

// rangeThenMonth takes "7 au 9 juin 2019" and "3 to 5 June".
func (p *page) rangeThenMonth(j int) int {
	switch w := p.word(j); {
	case w == "au" || w == "et" || w == "to" || w == "and" || w == "a" && p.french || p.is(j-1, '-'):
	default:
		return 0
	}
	if !p.is(j-1, '-') {
		j++
	}
	if !p.between(j, 1, 31) && ordinalDigits(p.word(j)) == 0 || !p.near(j) || !p.cue(j+1, cueMonth) || !p.near(j+1) || p.at(j+1).size() < 3 {
		return 0
	}
	if y := p.yearAt(j + 2); y > 0 {
		return y
	}
	return j + 2
}

func (p *page) yearAfter(i int) bool { return p.yearAt(i) > 0 }

// yearAt yields the end of a year at token i, after a comma, a dash or "of":
// ", 2024", "-24", "'24", "of 2024".
func (p *page) yearAt(i int) int {
	j := i
	if p.isAny(j, ",-/.'") && p.near(j) {
		j++
	}
	if p.word(j) == "of" || p.word(j) == "de" || p.word(j) == "del" || p.word(j) == "in" {
		j++
	}
	if p.is(j, '\'') {
		j++
	}
	if !p.near(j) {
		return 0
	}
	if p.year(j, false) {
		return j + 1
	}
	if p.year(j, true) && p.is(i, ',') && p.is(j-1, '\'') && p.at(j).gap == gapNone {
		return j + 1 // August 4, '73
	}
	if p.year(j, true) && j > i && !p.is(i, ',') && !p.is(i, '.') && p.at(j).gap == gapNone && !p.is(j+1, '/') {
		return j + 1
	}
	return 0
}

// dateFromMonth takes March 15, 2024, March 15-17, March 2024 and a month's
// range; a month alone is too coarse to be taken without a label.
func (p *page) dateFromMonth(i int, labelled bool) (int, float64) {
	t := p.at(i)
	w := p.word(i)
	if t.shape == lower1 && (w == "may" || w == "march" || w == "mar" || w == "mars" || w == "sat" || w == "dec" || w == "mai" || w == "avr" || w == "fev") && !p.french {
		if !p.year(i+1, false) && !(p.between(i+1, 1, 31) && (p.yearAfter(i+2) || p.cue(i-1, cueDateWord) || p.word(i-1) == "is" && p.word(i-2) == "birthday")) && ordinalDigits(p.word(i+1)) == 0 && p.monthThenWords(i, i+1) == 0 {
			return 0, 0
		}
		if p.word(i-1) == "you" || p.word(i-1) == "we" || p.word(i-1) == "it" {
			return 0, 0
		}
	}
	j := i + 1
	if p.is(j, '.') && p.at(j).gap == gapNone {
		j++
	}
	if p.isAny(j, "-/") && p.at(j).gap == gapNone {
		j++
	}
	if p.word(j) == "the" {
		j++
	}
	if !p.near(j) && !(p.is(j-1, '.') && p.near(j)) {
		return 0, 0
	}
	if end := p.monthThenWords(i, j); end > 0 {
		return end, 0.85
	}
	if end := p.monthSpan(i); end > 0 {
		return end, 0.85
	}
	if p.is(j-1, '/') && p.between(j, 1, 31) && p.is(j+1, '/') && p.year(j+2, true) {
		return p.dateTail(j + 3), 0.95
	}
	day := p.between(j, 1, 31) && !p.is(j+1, '/') && !p.is(j+1, '%') || ordinalDigits(p.word(j)) > 0 || p.cue(j, cueOrdinal)
	switch {
	case p.year(j, false):
		if p.guidelineAfter(j+1) || p.publishedBefore(i) {
			return 0, 0
		}
		return j + 1, 0.85
	case day && !p.cue(j+1, cueMeasure|cueYears):
		end := j + 1
		if p.cue(j, cueOrdinal) && p.is(end, '-') && p.cue(end+1, cueOrdinal) {
			end += 2
		}
		end = p.dayRange(end)
		if p.is(end, '.') && p.year(end+1, false) && p.near(end+1) {
			return end + 2, 0.95
		}
		if y := p.yearAt(end); y > 0 {
			return p.dateTail(y), 0.95
		}
		return p.dateTail(end), 0.9
	case p.at(j).kind == digits && p.at(j).size() == 2 && p.number(j) > 31 && j == i+1 && t.size() > 3 && !p.cue(j+1, cueMeasure|cueYears) && !p.isAny(j+1, "/%"):
		return j + 1, 0.8
	case p.is(i+1, '\'') && p.between(i+2, 0, 99):
		return i + 3, 0.8
	case p.is(j, ',') && p.year(j+1, false) && p.near(j+1), p.word(j) == "of" && p.year(j+1, false), p.word(j) == "de" && p.year(j+1, false), p.word(j) == "del" && p.year(j+1, false):
		return j + 2, 0.85
	case labelled && t.size() >= 3:
		return i + 1, 0.9
	}
	return 0, 0
}

// monthSpan takes two months with one year: "March to June 2022", "Jan/Feb
// 2022".
func (p *page) monthSpan(i int) int {
	j := i + 1
	if p.is(j, '.') && p.at(j).gap == gapNone {
		j++
	}
	switch w := p.word(j); {
	case p.isAny(j, "-/&"), w == "to", w == "through", w == "and", w == "or", w == "until", w == "a", w == "au", w == "et":
		j++
	default:
		return 0
	}
	if !p.cue(j, cueMonth) || !p.near(j) {
		return 0
	}
	j++
	if p.is(j, '.') || p.is(j, ',') {
		j++
	}
	if !p.near(j) || !p.year(j, false) {
		return 0
	}
	return j + 1
}

// monthThenWords takes what speech and dictation make of a date after the month
// at token i: "march twelfth", "february third twenty twenty-five", "november
// twenty twenty four". What follows the month begins at token j.
func (p *page) monthThenWords(i, j int) int {
	if !p.cue(j, cueOrdinal|cueNumber) || !p.near(j) {
		return 0
	}
	k := j
	if p.cue(k, cueNumber) && (p.at(k).value == 20 || p.at(k).value == 30) {
		k++
		if p.is(k, '-') {
			k++
		}
	}
	if p.cue(k, cueOrdinal) && p.near(k) {
		if end := p.yearInWords(k + 1); end > 0 {
			return end
		}
		if y := p.yearAt(k + 1); y > 0 {
			return y
		}
		return k + 1
	}
	if p.cue(j, cueNumber) && p.at(j).value >= 19 && p.at(j).value <= 20 {
		if end := p.yearInWords(j); end > j+1 && !p.cue(end, cueMeasure|cueYears) {
			return end
		}
	}
	if v := p.at(j).value; p.cue(j, cueNumber) && v >= 1 && v <= 31 && p.at(i).shape != lower1 {
		if end := p.yearInWords(j + 1); end > 0 {
			return end
		}
	}
	return 0
}

// dayRange goes on over "-17", "to 17", "and 18", "th".
func (p *page) dayRange(end int) int {
	for n := 0; n < 3; n++ {
		j := end
		if p.isAny(j, "-/&,") || p.word(j) == "to" || p.word(j) == "and" || p.word(j) == "through" || p.word(j) == "au" || p.word(j) == "et" {
			j++
		}
		if j == end || !p.near(j) || !(p.between(j, 1, 31) || ordinalDigits(p.word(j)) > 0) || p.is(j-1, ',') && !p.is(j+1, ',') && p.word(j+1) != "and" || p.cue(j+1, cueMeasure|cueYears|cueMonth) || p.isAny(j+1, "/%") {
			return end
		}
		end = j + 1
	}
	return end
}

// guidelineAfter says whether month and year date a publication.
func (p *page) guidelineAfter(i int) bool {
	for j := i; j < i+4 && p.same(j); j++ {
		switch p.word(j) {
		case "guideline", "guidelines", "edition", "version", "recommendations", "statement", "consensus", "protocol", "update", "release":
			return true
		}
	}
	return false
}

// dateFromWeekday takes "Tuesday the 3rd", "Tuesday, March 5" and "Tue 3/5".
// A weekday alone stays.
func (p *page) dateFromWeekday(i int, labelled bool) (int, float64) {
	j := i + 1
	for n := 0; n < 2 && (p.isAny(j, ",.") || p.word(j) == "the" || p.word(j) == "le"); n++ {
		j++
	}
	if p.at(i).shape == lower1 && p.at(i).size() <= 3 && p.at(j).kind == word && p.at(j-1).kind == punct {
		return 0, 0
	}
	if !p.near(j) {
		return 0, 0
	}
	if ordinalDigits(p.word(j)) > 0 {
		if end, score := p.dateFromDay(j); end > 0 {
			return end, score
		}
		return j + 1, 0.85
	}
	if p.cue(j, cueNumber|cueOrdinal) {
		if end, score := p.dateFromWords(j); end > 0 {
			return end, score
		}
		if end := p.ordinalWords(j); end > 0 && p.word(j-1) == "the" {
			return end, 0.8
		}
	}
	if p.between(j, 1, 31) || p.cue(j, cueMonth) && j > i {
		if p.bareDay(i, j) {
			return j + 1, 0.75
		}
		if w := p.word(i); !p.english && (j == i+1 || p.word(j-1) == "le") && len(w) > 4 && w[len(w)-1] != 'y' && p.between(j, 1, 31) && (p.isAny(j+1, ".,;)") && !(p.at(j+2).kind == digits && p.at(j+2).gap == gapNone) || p.at(j+1).gap >= gapLine || p.at(j+1).kind == word && !p.cue(j+1, cueMeasure|cueYears|cueMonth) && p.word(j+1) != "de") {
			return j + 1, 0.8
		}
		if p.is(j+1, '/') && p.between(j+2, 1, 31) && !p.is(j+3, '/') {
			return p.dateTail(j + 3), 0.85
		}
		if end, score := p.dateAt(j, labelled); end > 0 {
			return end, score
		}
	}
	return 0, 0
}

// dateFromWords takes "the fourth of July 2024", "quatre mars" and "twenty
// first of May".
func (p *page) dateFromWords(i int) (int, float64) {
	j := i + 1
	if p.word(j) == "quarter" {
		if p.word(j+1) == "of" {
			j++
		}
		if p.year(j+1, false) && p.near(j+1) {
			return j + 2, 0.8
		}
	}
	if p.is(j, '-') {
		j++
	}
	if p.cue(j, cueOrdinal|cueNumber) && p.near(j) {
		j++
	} else if p.is(i+1, '-') {
		if j = i + 1; p.word(i+2) != "sept" && p.word(i+2) != "et" {
			return 0, 0
		}
	}
	for p.is(j, '-') && (p.cue(j+1, cueNumber) || p.word(j+1) == "sept" || p.word(j+1) == "et") { // dix-sept, vingt-et-un
		j += 2
	}
	if p.word(j) == "et" && (p.word(j+1) == "un" || p.word(j+1) == "une") && p.near(j) && j == i+1 {
		j += 2 // trente et un octobre
	}
	if p.word(j) == "of" || p.word(j) == "de" {
		j++
	}
	spoken := p.cue(i, cueOrdinal) || p.cue(j-1, cueOrdinal) || (p.word(j-1) == "of" || p.word(j-1) == "de") && (p.cue(j-2, cueOrdinal) || p.spanish(j))
	if !p.cue(j, cueMonth) || !p.near(j) || !spoken && !p.french && !p.yearAfter(j+1) {
		if p.cue(i, cueOrdinal) && p.cue(i-2, cueWeekday) && p.word(i-1) == "the" {
			return i + 1, 0.8
		}
		return 0, 0
	}
	if w := p.word(j); (w == "may" || w == "march") && !p.yearAfter(j+1) && p.word(j-1) != "of" {
		return 0, 0
	}
	if y := p.yearAt(j + 1); y > 0 {
		return y, 0.93
	}
	if end := p.yearInWords(j + 1); end > 0 {
		return end, 0.93
	}
	return j + 1, 0.88
}

// spanish says whether the month at token j is named in Spanish alone: "tres de
// mayo".
func (p *page) spanish(j int) bool {
	w := p.word(j)
	return p.cue(j, cueMonth) && len(w) > 3 && w[len(w)-1] == 'o' || w == "abril" || w == "septiembre" || w == "octubre" || w == "noviembre" || w == "diciembre"
}

// yearInWords takes "nineteen eighty-five", "two thousand twenty", "mille neuf
// cent soixante".
func (p *page) yearInWords(i int) int {
	j, n := i, 0
	for ; n < 9 && p.near(j); j++ {
		switch w := p.word(j); {
		case p.cue(j, cueNumber) || w == "sept" && n > 0 || w == "milles" || w == "thousand" || w == "hundred" || w == "mil" || w == "mille" || w == "cent" || w == "cents" || w == "and" || w == "et":
			n++
		case p.is(j, '-'), p.is(j, ',') && n == 0:
		default:
			if n < 2 {
				return 0
			}
			return j
		}
	}
	if n < 2 {
		return 0
	}
	return j
}

// dateFromSeason takes a season with its year.
func (p *page) dateFromSeason(i int) (int, float64) {
	j := i + 1
	if p.word(j) == "of" || p.is(j, ',') {
		j++
	}
	if p.year(j, false) && p.near(j) && !p.guidelineAfter(j+1) {
		return j + 1, 0.75
	}
	return 0, 0
}

// dateTwo takes 3/15 and 03/2024 where the words around say that it is a date
// and not a dose, a grade or a fraction.
func (p *page) dateTwo(i int, labelled bool) (int, float64) {
	if !p.isAny(i+1, "/-.") || p.at(i+1).gap != gapNone || p.at(i+2).kind != digits || p.at(i+2).gap != gapNone {
		return 0, 0
	}
	slash := p.is(i+1, '/')
	if p.isAny(i+3, "/-.") && p.at(i+3).gap == gapNone && p.at(i+4).gap == gapNone && p.at(i+4).kind != punct && p.at(i+4).kind != edge && !(slash && p.is(i+3, '-') && (p.oneOfSeveral(i) || p.daysOfMonth(i))) {
		return 0, 0
	}
	if i > 0 && p.at(i).gap == gapNone && p.isAny(i-1, "/-.+") && p.at(i-1).gap == gapNone {
		return 0, 0
	}
	if p.year(i+2, false) && p.between(i, 1, 12) && (slash || p.is(i+1, '-') && p.at(i).size() == 2 || labelled) {
		return i + 3, 0.85
	}
	a, b := p.number(i), p.number(i+2)
	if a < 1 || b < 1 || p.at(i+2).size() > 2 || !(a <= 12 && b <= 31 || a <= 31 && b <= 12) {
		return 0, 0
	}
	if labelled && !p.is(i+1, '.') {
		return p.dateTail(i + 3), 0.9
	}
	if p.is(i+1, '-') && p.dashedDay(i) {
		return i + 3, 0.75
	}
	if !slash && !p.led(i) {
		return 0, 0
	}
	if p.measureAround(i, i+3) {
		return 0, 0
	}
	switch {
	case p.dateBefore(i), !slash:
		return p.dateTail(i + 3), 0.8
	case p.dayAlone(i):
		return p.dateTail(i + 3), 0.7
	case slash && p.oneOfSeveral(i):
		return i + 3, 0.7
	case slash && p.timeFollows(i+3) && !p.scored(i):
		return p.dateTail(i + 3), 0.75
	}
	return 0, 0
}

// timeFollows says whether a time of day is written after token i: "2/11 @
// 0930", "9/20 2:30 PM".
func (p *page) timeFollows(i int) bool {
	return p.dateTail(i) > i && (p.at(i).kind != digits || p.at(i).size() == 4 || p.is(i+1, ':') || meridiem[p.word(i+1)])
}

// led says whether two numbers with a dash or a point between them are a day
// and a month: a word before them leads to one.
func (p *page) led(i int) bool {
	if p.cue(i-1, cueDateWord) && p.is(i+1, '-') && p.at(i).size() == 2 && p.at(i+2).size() == 2 {
		return true
	}
	switch p.word(i - 1) {
	case "on", "On", "since", "until", "dated", "le", "Le", "seen", "Seen", "vu", "vue":
	default:
		return false
	}
	a, b := p.number(i), p.number(i+2)
	return p.word(i-2) != "based" && (a > 12 || b > 12 || p.at(i).size() == 2 && p.at(i+2).size() == 2) && !p.cue(i+3, cueMeasure|cueYears)
}

// measureAround says whether the words around tokens a to b measure something.
func (p *page) measureAround(a, b int) bool {
	if p.cue(b, cueMeasure) && !(p.at(b).size() == 1 && p.is(b+1, '/')) || p.is(b, '%') {
		return true
	}
	if w := p.word(b); (w == "in" || w == "of") && !fraction(p.number(a), p.number(a+2)) {
		return false
	}
	switch p.word(b) {
	case "strength", "vision", "murmur", "tablet", "tablets", "tab", "pain", "systolic", "pulses", "reflexes", "lpf", "hpf", "of", "in", "ppd", "pack", "nodes", "positive", "motor", "power", "scale", "bilaterally", "throughout", "Strength", "SEM", "left", "right", "cores", "criteria", "score", "PO", "po", "split":
		return true
	}
	for j := a - 1; j >= a-3 && j >= 0 && p.same(j+1); j-- {
		switch p.word(j) {
		case "BP", "bp", "strength", "pain", "grade", "Grade", "score", "vision", "reflexes", "murmur", "pulses", "motor", "pressure", "Strength", "ratio", "acuity", "power", "scale", "rated", "sensation", "about", "approximately":
			return true
		}
	}
	return false
}
