package deid

import "chaperone/phi"

// maxAge is the age that Safe Harbor still lets stand.
const maxAge = 89

// oldest bounds what is taken for an age.
const oldest = 125

// findAges looks for ages over 89, in digits and in words, said or derived.
func (p *page) findAges() {
	for i := range p.tok {
		t := &p.tok[i]
		switch {
		case p.taken[i] || p.guard[i]:
		case t.kind == digits && t.size() <= 4:
			p.ageInDigits(i)
		case t.kind == mixed && t.size() <= 6:
			p.ageGluedToSex(i)
		case t.kind == word:
			p.ageInWords(i)
		}
	}
}

func (p *page) number(i int) int {
	n := 0
	for _, b := range []byte(p.word(i)) {
		if b < '0' || b > '9' || n > 1e6 {
			return 0
		}
		n = n*10 + int(b-'0')
	}
	return n
}

func (p *page) ageInDigits(i int) {
	n := p.number(i)
	switch {
	case n > maxAge && n <= oldest && p.agedAfter(i+1):
		p.put(phi.Age, i, i+1, 0.95, "age")
	case n >= 1890 && n < p.year0() && p.bornBefore(i):
		p.put(phi.Age, i, i+1, 0.9, "birth-year")
	case n > maxAge && n <= oldest && (p.agedBefore(i) || p.demographic(i)):
		p.put(phi.Age, i, i+1, 0.92, "age")
	}
}

// year0 is the first year of birth that does not make an age over 89.
func (p *page) year0() int { return p.Engine.year - maxAge }

// demographic says whether the number at token i stands where a person's age
// does: "she is 92 and uses oxygen", "Ms Roe, 91, from", "gran (98)".
func (p *page) demographic(i int) bool {
	if p.isAny(i+1, "%/:-") || p.is(i+1, '.') && p.at(i+2).gap == gapNone && p.at(i+2).kind == digits || p.cue(i+1, cueMeasure) || p.guard[i] {
		return false
	}
	closed := p.isAny(i+1, ",;)") || p.is(i+1, '.') || p.at(i+1).gap >= gapLine
	switch w := p.word(i - 1); {
	case w == "shes" || w == "hes" || w == "Shes" || w == "Hes":
		return true
	case p.is(i-1, ',') && p.is(i+1, '.') && p.at(i-2).shape == title1 && p.at(i-3).shape == title1 && p.near(i-2) && p.strength(i-3) > 0 && p.ordinary(i-2) < 2:
		return true
	case w == "is" || w == "was" || w == "turns" || w == "now" || w == "tiene" || w == "s" && p.is(i-2, '\''):
		if w == "now" {
			return closed && p.word(i-2) == "is"
		}
		subject := p.word(i - 2)
		if p.is(i-2, '\'') {
			subject = p.word(i - 3)
		}
		if !aging[subject] && !(p.at(i-2).shape == title1 && p.strength(i-2) >= 4 && p.ordinary(i-2) < 2) {
			return false
		}
		return closed || p.at(i+1).kind == word && (p.word(i+1) == "and" || p.word(i+1) == "with" || p.word(i+1) == "so" || p.word(i+1) == "now" || p.word(i+1) == "but" || p.word(i+1) == "who")
	case p.isAny(i-1, ",(") && closed:
		t := p.at(i - 2)
		return aging[p.word(i-2)] || t.kind == word && t.shape == title1 && (p.strength(i-2) > 0 || t.entry.English() == 0) && !t.entry.Has(clinicalTraits) && t.cue&(cueNever|cueMonth) == 0 && (p.is(i-1, '(') || p.is(i+1, ','))
	}
	return false
}

// aging are words for somebody who has an age.
var aging = map[string]bool{"she": true, "he": true, "She": true, "He": true, "SHE": true, "HE": true, "patient": true, "Patient": true, "pt": true, "Pt": true, "mom": true, "mother": true, "dad": true, "father": true, "gran": true, "grandma": true, "grandmother": true, "grandfather": true, "grandpa": true, "nana": true, "wife": true, "husband": true, "aunt": true, "uncle": true, "woman": true, "man": true, "lady": true, "gentleman": true, "mum": true, "who": true, "neighbor": true, "sister": true, "brother": true, "resident": true, "client": true, "abuela": true, "abuelo": true, "madre": true, "padre": true, "female": true, "male": true, "I": true}

// agedAfter reports whether "year old", "yo", "y/o", "ans" and the like stand
// at token i.
func (p *page) agedAfter(i int) bool {
	if p.is(i, '-') {
		i++
	}
	if !p.near(i) {
		return false
	}
	switch p.word(i) {
	case "yo", "YO", "yoa", "ans", "anos", "yrs", "yr", "YOM", "YOF", "yom", "yof":
		return true
	case "y", "Y":
		return p.isAny(i+1, "/.") && p.near(i+1) || p.word(i+1) == "o"
	case "year", "years", "Year", "Years", "YEAR", "YEARS":
		j := i + 1
		if p.is(j, '-') {
			j++
		}
		switch p.word(j) {
		case "old", "Old", "OLD", "of":
			return true
		}
		if p.is(j, ')') {
			return true
		}
		return p.word(i) == "year" && p.near(j) && p.at(j).kind == word
	case "M", "F":
		return p.at(i).gap == gapSpace && (p.at(i-1).gap >= gapLine || p.opens(i-1) && p.word(i) == "M")
	}
	return false
}

func (p *page) agedBefore(i int) bool {
	j := i - 1
	for n := 0; n < 2 && j > 0 && (p.isAny(j, ":=") || fillers[p.word(j)]); n++ {
		j--
	}
	switch p.word(j) {
	case "age", "Age", "AGE", "aged", "Aged", "turned", "turning":
		return true
	case "de":
		return p.word(j-1) == "agee" || p.word(j-1) == "age"
	}
	return false
}

func (p *page) bornBefore(i int) bool {
	j := i - 1
	if w := p.word(j); w == "in" || w == "en" || w == "year" || p.is(j, ':') {
		j--
	}
	switch p.word(j) {
	case "born", "Born", "nee", "ne", "birth", "YOB", "DOB", "birthyear", "nacido", "nacida":
		return true
	}
	return false
}

// ageGluedToSex takes 93F, 93yo and 93M at the beginning of a line or after a
// word.
func (p *page) ageGluedToSex(i int) {
	s := p.word(i)
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n < 2 || n > 3 {
		return
	}
	age := 0
	for _, b := range []byte(s[:n]) {
		age = age*10 + int(b-'0')
	}
	if age <= maxAge || age > oldest {
		return
	}
	switch s[n:] {
	case "yo", "y", "YO", "yr", "yrs", "yoM", "yoF", "yom", "yof", "F", "M", "yF", "yM", "ans", "a":
		p.putBytes(phi.Age, i, int(p.tok[i].start), int(p.tok[i].start)+n, 0.9, "age")
	}
}

func (p *page) ageInWords(i int) {
	switch p.word(i) {
	case "nonagenarian", "nonagenarians", "centenarian", "centenarians", "supercentenarian", "Nonagenarian", "Centenarian", "nonagenaire", "centenaire":
		p.put(phi.Age, i, i+1, 0.92, "age-word")
		return
	}
	if !p.cue(i, cueNumber) {
		return
	}
	switch v := p.at(i).value; {
	case v == 90:
		j := i + 1
		if p.is(j, '-') {
			j++
		}
		if p.cue(j, cueNumber) && p.at(j).value < 10 {
			j++
		} else {
			j = i + 1
		}
		if p.agedAfter(j) || p.agedBefore(i) {
			p.put(phi.Age, i, j, 0.93, "age-words")
		}
	case v == 1 || p.word(i) == "a":
		p.hundred(i)
	case v == 4 && p.word(i) == "quatre":
		p.quatreVingt(i)
	}
}

// hundred takes "one hundred and two years old".
func (p *page) hundred(i int) {
	if p.word(i+1) != "hundred" {
		return
	}
	j := i + 2
	if p.word(j) == "and" {
		j++
	}
	if p.cue(j, cueNumber) {
		j++
	} else {
		j = i + 2
	}
	if p.agedAfter(j) {
		p.put(phi.Age, i, j, 0.93, "age-words")
	}
}

// quatreVingt takes "quatre-vingt-treize ans": from quatre-vingt-dix on.
func (p *page) quatreVingt(i int) {
	j := i + 1
	if p.is(j, '-') {
		j++
	}
	if w := p.word(j); w != "vingt" && w != "vingts" {
		return
	}
	j++
	if p.is(j, '-') {
		j++
	}
	if v := p.at(j).value; !p.cue(j, cueNumber) || v < 10 || v > 19 {
		return
	}
	if v := p.at(j).value; v == 10 && p.is(j+1, '-') && p.cue(j+2, cueNumber) {
		j += 2
	}
	if p.agedAfter(j + 1) {
		p.put(phi.Age, i, j+1, 0.93, "age-words")
	}
}

// ageValue takes the number after the label Age where it is over 89.
func (p *page) ageValue(i int) int {
	if n := p.number(i); n > maxAge && n <= oldest && !p.is(i+1, '%') {
		p.put(phi.Age, i, i+1, 0.95, "label")
		return i + 1
	}
	return 0
}
