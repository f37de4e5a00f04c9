package deid

import "chaperone/phi"

// statedAges returns where a text states somebody's age, whatever it is: what a
// profile that leaves ten years of every age needs. Up to 89 an age is no
// identifier, so Find does not look for it. Durations are left alone: nothing
// counts but "year old" and its short forms, "aged" and "age" before the number,
// and a number glued to a sex.
func (e *Engine) statedAges(text string) []Finding {
	if len(text) == 0 {
		return nil
	}
	p := e.open(text)
	for i := range p.tok {
		switch t := p.at(i); {
		case t.kind == digits && t.size() <= 3:
			if p.number(i) <= oldest && (p.yearsOld(i+1) || p.ageStatedBefore(i)) {
				p.put(phi.Age, i, i+1, 0.9, "age-stated")
			}
		case t.kind == mixed && t.size() <= 6:
			p.ageGlued(i)
		case t.kind == word && p.cue(i, cueNumber):
			j := i + 1
			if p.is(j, '-') && p.cue(j+1, cueNumber) {
				j++
			}
			if p.cue(j, cueNumber) && p.near(j) && p.at(j).value < 10 {
				j++
			} else {
				j = i + 1
			}
			if p.yearsOld(j) && !p.cue(i-1, cueNumber) && !p.is(i-1, '-') {
				p.put(phi.Age, i, j, 0.9, "age-stated")
			}
		}
	}
	return p.settle()
}

// yearsOld reports whether "year old" or a short form of it stands at token i.
func (p *page) yearsOld(i int) bool {
	if p.is(i, '-') {
		i++
	}
	if !p.near(i) {
		return false
	}
	switch p.word(i) {
	case "yo", "YO", "yoa", "YOM", "YOF", "yom", "yof":
		return true
	case "y", "Y":
		return p.isAny(i+1, "/.") && (p.word(i+2) == "o" || p.word(i+2) == "O")
	case "year", "years", "yr", "yrs", "Year", "Years", "YEAR", "YEARS":
		j := i + 1
		if p.is(j, '-') {
			j++
		}
		w := p.word(j)
		return w == "old" || w == "Old" || w == "OLD" || w == "of" && p.word(j+1) == "age"
	}
	return false
}

// ageStatedBefore reports whether "aged", "age:" or "âgée de" leads to token i,
// and no other unit than years follows.
func (p *page) ageStatedBefore(i int) bool {
	if !p.agedBefore(i) || p.isAny(i+1, "%/") || p.is(i+1, '.') && p.at(i+2).kind == digits && p.at(i+2).gap == gapNone {
		return false
	}
	return !p.cue(i+1, cueMeasure) || p.cue(i+1, cueYears)
}

// ageGlued takes 55F, 55yo and 55yoM.
func (p *page) ageGlued(i int) {
	s := p.word(i)
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch s[n:] {
	case "yo", "YO", "yoM", "yoF", "yom", "yof":
	case "F", "M":
		if n < 2 || !p.opens(i) {
			return
		}
	default:
		return
	}
	if n > 0 && n <= 3 {
		start := int(p.tok[i].start)
		p.putBytes(phi.Age, i, start, start+n, 0.9, "age-stated")
	}
}
