package deid

import (
	"strconv"
	"strings"

	"chaperone/phi"
	"chaperone/reference"
)

// ninety is what is left of an age over 89, also of one that a year tells.
const ninety = "90 or older"

// generalise is what a treatment leaves of a finding; false where it cannot be
// read with certainty, and has to be concealed instead.
func (v *Veil) generalise(f Finding, surface string, born bool) (string, bool) {
	switch t := v.profile.Treats(f.Kind); f.Kind {
	case phi.Date:
		return generalDate(readDate(surface), born, v.engine.year)
	case phi.Age:
		if t == Band {
			return ageBand(surface), true
		}
		return ninety, true // younger ages are no findings
	case phi.Postal:
		if f.Rule == "postal-fr" {
			return "", false // five digits too, and no ZIP code
		}
		return generalPostal(surface, t == Area)
	default:
		return "", false
	}
}

// generalDate leaves the year. A year in which only people over 89 lived says so
// instead where the date is one of birth, and is concealed where it may be.
func generalDate(w writtenDate, born bool, now int) (string, bool) {
	year, ok := w.yearWithin(now-within+1, now+1)
	if born {
		year, ok = w.yearOfBirth(now)
	}
	switch {
	case !ok:
		return "", false
	case year >= now-maxAge:
		return strconv.Itoa(year), true
	case born:
		return ninety, true
	}
	return "", false
}

// generalPostal leaves three digits of a ZIP code (45 CFR 164.514(b)(2)(i)(B)),
// and of a Canadian postal code its first letter, which is a province, a
// territory or a large part of one. With area it leaves the forward sortation
// area of a Canadian code, unless the second character is 0: those are rural,
// and some hold a few hundred people.
func generalPostal(surface string, area bool) (string, bool) {
	folded, _ := fold(surface)
	code := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, folded))
	switch {
	case (len(code) == 5 || len(code) == 9) && allDigits(code):
		return reference.ZIP3(code), true
	case len(code) == 6 && code[0] >= 'A' && code[0] <= 'Z' && allDigits(code[1:2]) && allDigits(code[3:4]) && allDigits(code[5:]):
		if area && code[1] != '0' {
			return code[:3], true
		}
		return code[:1], true
	}
	return "", false
}

// ageBand is the ten years of an age, in digits or in words; an age that cannot
// be read was found because it is over 89.
func ageBand(surface string) string {
	r := newDateReader(surface)
	n, end := r.spokenNumber(0, 125)
	if d := r.number(0, 1, 3); d >= 0 {
		n, end = d, 1
	}
	if end == 0 || n > maxAge || n == 0 && r.number(0, 1, 3) < 0 {
		return ninety
	}
	from := n / 10 * 10
	return strconv.Itoa(from) + "–" + strconv.Itoa(from+9)
}
