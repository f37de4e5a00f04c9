package risk

import (
	"strings"
)

// ages is a range of years, both included. known is false for the zero value.
type ages struct {
	first, last int
	known       bool
}

// oldest is the last age that is taken for one.
const oldest = 115

var numberWords = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90,
}

var ageWords = map[string]ages{
	"newborn": {0, 0, true}, "neonate": {0, 0, true}, "infant": {0, 1, true}, "nourrisson": {0, 1, true},
	"toddler": {1, 3, true}, "teenager": {13, 19, true}, "adolescent": {12, 17, true}, "adolescente": {12, 17, true},
	"sexagenarian": {60, 69, true}, "septuagenarian": {70, 79, true}, "octogenarian": {80, 89, true},
	"nonagenarian": {90, 99, true}, "centenarian": {100, oldest, true}, "nonagenaire": {90, 99, true}, "centenaire": {100, oldest, true},
}

// findAge takes the first age in the text that is the person's own; else the
// first word for one, such as "octogenarian".
func (p *portrait) findAge() {
	for i := range p.words {
		if !p.signed(i, digit|ofAge) {
			continue
		}
		a, n := p.ageAt(i)
		if a.known && !p.relative(i+n) {
			p.age, p.subject = a, true
			p.sex = sexGlued(p.folded(i + n - 1))
			return
		}
	}
	for i := range p.words {
		if !p.signed(i, ofAge) {
			continue
		}
		if a, ok := ageWords[p.folded(i)]; ok && (p.folded(i-2) != "as" || !among(p.folded(i-1), "a an")) {
			p.age, p.subject = a, true
			return
		}
	}
}

// ageAt reads an age that begins at word i, and says how many words it takes.
func (p *portrait) ageAt(i int) (ages, int) {
	n, used := p.numberAt(i)
	if used == 0 {
		return p.gluedAge(i)
	}
	next := i + used
	unit := ""
	if next < len(p.words) && together(p.gap(next)) {
		unit = p.folded(next)
	}
	switch {
	case n > oldest:
	case among(unit, "yo yoa yof yom yf ym"), unit == "y" && p.folded(next+1) == "o",
		among(unit, "year years yr yrs") && (p.folded(next+1) == "old" || p.folded(next+1) == "of" || sexOf(p.folded(next+1)) != anySex):
		return ages{n, n, true}, used + 2
	case among(unit, "month months week weeks day days") && p.folded(next+1) == "old":
		return inMonths(n, unit), used + 2
	case among(unit, "an ans mois jours semaines") && p.agedInFrench(i):
		if unit == "an" || unit == "ans" {
			return ages{n, n, true}, used + 1
		}
		return inMonths(n, unit), used + 1
	case p.agedBefore(i), unit == "" && p.saidAlone(i):
		return ages{n, n, true}, used
	}
	return ages{}, 0
}

// saidAlone reads the number of "she is 64, …" and "the patient, 64, …", behind
// which no word of the same clause stands.
func (p *portrait) saidAlone(i int) bool {
	before := p.folded(i - 1)
	if before == "is" {
		return among(p.folded(i-2), "he she patient pt who")
	}
	return i > 0 && i+1 < len(p.words) && p.gap(i) == ", " && p.gap(i+1) == ", " &&
		(among(before, "patient pt resident") || sexOf(before) != anySex)
}

func inMonths(n int, unit string) ages {
	years := 0
	if unit[0] == 'm' {
		years = n / 12
	}
	return ages{years, years, true}
}

// numberAt reads digits or number words up to ninety-nine.
func (p *portrait) numberAt(i int) (n, used int) {
	w := p.folded(i)
	if n := number(w); n >= 0 && len(w) <= 3 {
		if p.folded(i-1) == "1" && p.gap(i) == "/" { // 11 1/2 years old
			n = max(number(p.folded(i-2)), 0)
		}
		return n, 1
	}
	n, ok := numberWords[w]
	if !ok {
		return 0, 0
	}
	if one := numberWords[p.folded(i+1)]; n >= 20 && one > 0 && one < 10 && p.glued(i+1) {
		return n + one, 2
	}
	return n, 1
}

// gluedAge reads 47yo, 47F at a place where a person is introduced, and the
// decade of "in her 50s".
func (p *portrait) gluedAge(i int) (ages, int) {
	if !p.signed(i, digit) {
		return ages{}, 0
	}
	w := p.folded(i)
	unit := strings.TrimLeftFunc(w, isDigit)
	digits := w[:len(w)-len(unit)]
	n := number(digits)
	if n < 0 || len(digits) > 3 || n > oldest {
		return ages{}, 0
	}
	switch unit {
	case "yo", "yoa", "yof", "yom", "yf", "ym", "yr", "yrs":
		return ages{n, n, true}, 1
	case "f", "m":
		introduced := i == 0 || p.sentence(i) || among(p.folded(i-1), "a an pt patient this")
		if p.shouted(i) && introduced && n < 97 && !among(p.folded(i+1), "degrees deg") {
			return ages{n, n, true}, 1
		}
	case "s":
		if n >= 20 && n%10 == 0 && among(p.folded(i-1), "her his their mid early late") {
			return ages{n, n + 9, true}, 1
		}
	case "a", "ans":
		if unit == "ans" && p.agedInFrench(i) {
			return ages{n, n, true}, 1
		}
	}
	return ages{}, 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// sexGlued reads the sex at the end of 47F and 47yom.
func sexGlued(folded string) sex {
	switch strings.TrimLeftFunc(folded, isDigit) {
	case "f", "yof", "yf":
		return female
	case "m", "yom", "ym":
		return male
	}
	return anySex
}

// agedBefore reports whether "aged", "age:" or the like stands before word i.
func (p *portrait) agedBefore(i int) bool {
	if p.folded(i) == "" || p.folded(i)[0] > '9' || among(p.folded(i+1), "days weeks months hours percent mg") {
		return false
	}
	if p.folded(i-1) == "is" {
		i--
	}
	return among(p.folded(i-1), "age aged") && !among(p.folded(i-2), "gestational bone")
}

// agedInFrench reports whether "47 ans" at word i is an age and no duration.
func (p *portrait) agedInFrench(i int) bool {
	before, twice := p.folded(i-1), p.folded(i-2)
	switch {
	case among(before, "depuis pendant apres dans il ya y a en pour") || before == "de" && among(twice, "plus moins pres evolution"):
		return false
	case before == "de":
		return among(twice, "age agee homme femme patient patiente garcon fille fillette enfant monsieur madame bebe nourrisson adolescent adolescente dame")
	}
	return i > 0 && strings.Contains(p.gap(i), ",") || among(before, "age agee")
}

// relative reports whether the age or condition before word i is a relative's:
// "her 12-year-old son".
func (p *portrait) relative(i int) bool {
	return among(p.folded(i), "son daughter brother sister mother father wife husband grandson granddaughter fils mari epouse")
}
