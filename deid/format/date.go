package format

import (
	"strconv"
	"strings"
)

// Form is what a replacement must look like. The zero Form takes any text.
//
// Fields that must hold a date are reduced to the year, which Safe Harbor lets
// stand (45 CFR 164.514(b)(2)(i)(C)), in the shortest way that the field's type
// allows. A year of birth that makes its bearer older than 89 becomes the year
// of one who is 90 ("90 or older"). What is reduced cannot be restored. A profile
// that shifts or keeps dates, or leaves ten years of an age, does so here too:
// of 55 then 50 is left, since the field holds a number.
type Form uint8

// The forms.
const (
	FormFree      Form = iota
	FormYear           // "1957": FHIR date and dateTime, HL7 v2 DT and DTM, CDA TS
	FormBirthYear      // the same, of a birth
	FormInstant        // "1957-01-01T00:00:00Z": FHIR instant, which knows nothing shorter
	FormDay            // "19570101": X12 D8 and the like; also "5701 01" in six digits, and ranges of them
	FormBirthDay       // the same, of a birth
	FormAge            // a number of years; above 89 it becomes 90
	FormZero           // a number that can only be removed: "0"
)

// oldest is the highest age that may be told apart.
const oldest = 89

// reduce returns what is left of text in the given form; ok is false when text
// is not what the form needs, and has to be treated as free text. now is the
// current year.
func reduce(text string, form Form, now int) (string, bool) {
	switch form {
	case FormYear, FormBirthYear, FormInstant, FormDay, FormBirthDay:
		return reduceDate(text, form, now)
	case FormAge:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", false
		}
		if n > oldest {
			return strconv.Itoa(oldest + 1), true
		}
		return text, true
	case FormZero:
		return "0", true
	default:
		return "", false
	}
}

func reduceDate(text string, form Form, now int) (string, bool) {
	if from, to, ok := strings.Cut(text, "-"); ok && (form == FormDay || form == FormBirthDay) {
		a, okA := reduceDate(from, form, now)
		b, okB := reduceDate(to, form, now)
		return a + "-" + b, okA && okB
	}
	short := (form == FormDay || form == FormBirthDay) && len(text) == 6
	if short {
		if !allDigits(text) {
			return "", false
		}
		return text[:2] + "0101", true
	}
	if len(text) < 4 || !allDigits(text[:4]) {
		return "", false
	}
	year, _ := strconv.Atoi(text[:4]) // four digits
	if (form == FormBirthYear || form == FormBirthDay) && year < now-oldest-1 {
		year = now - oldest - 1
	}
	y := strconv.Itoa(year)
	for len(y) < 4 {
		y = "0" + y
	}
	switch form {
	case FormInstant:
		return y + "-01-01T00:00:00Z", true
	case FormDay, FormBirthDay:
		if len(text) > 8 && allDigits(text) {
			return y + "0101" + strings.Repeat("0", len(text)-8), true
		}
		return y + "0101", true
	default:
		return y, true
	}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// hl7Date reports whether text is a date in HL7's form, to the day at least:
// YYYYMMDD[HH[MM[SS[.S…]]]][+ZZZZ].
func hl7Date(text string) bool {
	if len(text) < 8 || !allDigits(text[:8]) {
		return false
	}
	year, month, day := text[:4], text[4:6], text[6:8]
	if year < "1850" || year > "2199" || month < "01" || month > "12" || day < "01" || day > "31" {
		return false
	}
	rest := text[8:]
	if i := strings.IndexAny(rest, "+-"); i >= 0 {
		if zone := rest[i+1:]; len(zone) != 4 || !allDigits(zone) {
			return false
		}
		rest = rest[:i]
	}
	rest, fraction, dotted := strings.Cut(rest, ".")
	if dotted && !allDigits(fraction) {
		return false
	}
	return rest == "" || allDigits(rest) && len(rest) <= 6 && len(rest)%2 == 0
}

// isoDate reports whether text is a date in FHIR's form that says more than a
// year, and whether it holds a time of day.
func isoDate(text string) (ok, timed bool) {
	if len(text) < 7 || text[4] != '-' || !allDigits(text[:4]) || !allDigits(text[5:7]) {
		return false, false
	}
	if len(text) == 7 {
		return true, false
	}
	if len(text) < 10 || text[7] != '-' || !allDigits(text[8:10]) {
		return false, false
	}
	if len(text) == 10 {
		return true, false
	}
	return len(text) >= 13 && (text[10] == 'T' || text[10] == ' ') && allDigits(text[11:13]) && strings.Trim(text[11:], "0123456789:.+-Z ") == "", true
}
