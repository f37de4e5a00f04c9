package risk

import "strconv"

// A record goes back about ten years, so a year narrows an event to a tenth, a
// month to a hundred and twentieth, a day to one in 3,650.
const (
	inYear  = 1.0 / 10
	inMonth = inYear / 12
	inDay   = inYear / 365
)

const months = "january february march april may june july august september october november december " +
	"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"

// findDates takes the finest date in the text. A date of birth narrows the age
// to a day of its year.
func (p *portrait) findDates() {
	for i := range p.words {
		if !p.signed(i, digit|ofMonth) {
			continue
		}
		share := p.dateAt(i)
		if share == 0 {
			continue
		}
		if share == inDay && p.birth(i) {
			p.birthday = true
		} else if p.when == 0 || share < p.when {
			p.when = share
		}
	}
}

// dateAt yields how far a date that begins at word i narrows; 0 if none does.
func (p *portrait) dateAt(i int) float64 {
	w := p.folded(i)
	next, after := p.folded(i+1), p.folded(i+2)
	switch {
	case p.signed(i, ofMonth) && among(w, months) && w != "may" && w != "mars" || (w == "may" || w == "mars") && (p.capital(i) || day(p.folded(i-1))):
		switch {
		case day(next) && p.glued(i+1) || day(p.folded(i-1)) && p.glued(i):
			return inDay
		case year(next):
			return inMonth
		}
	case year(w) && p.part(i+1, 12) && p.part(i+2, 31) && p.gap(i+1) == "-" && p.gap(i+2) == "-":
		return inDay
	case p.part(i, 31) && p.part(i+1, 31) && len(after) >= 2 && number(after) >= 0 && (len(after) == 2 || year(after)) &&
		p.gap(i+1) == p.gap(i+2) && among(p.gap(i+1), "/ - ."):
		return inDay
	case year(w) && among(p.folded(i-1), "in since en depuis annee year during"):
		return inYear
	}
	return 0
}

// part reports whether word i is a number from 1 to most, of one or two digits.
func (p *portrait) part(i, most int) bool {
	w := p.folded(i)
	n := number(w)
	return len(w) <= 2 && n >= 1 && n <= most
}

// number is the number that a word is, -1 if it is none. Most words are none, and
// cost no error.
func number(w string) int {
	if w == "" || w[0] < '0' || w[0] > '9' {
		return -1
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		return -1
	}
	return n
}

func day(w string) bool {
	for _, suffix := range []string{"st", "nd", "rd", "th", "er"} {
		if len(w) > 2 && w[len(w)-2:] == suffix {
			w = w[:len(w)-2]
		}
	}
	n := number(w)
	return len(w) <= 2 && n >= 1 && n <= 31
}

func year(w string) bool { return len(w) == 4 && number(w) >= 1900 && number(w) <= 2099 }

// birth reports whether the words before i say that a date of birth follows.
func (p *portrait) birth(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if among(p.folded(k), "dob born birth birthdate nee ne naissance ddn") {
			return true
		}
	}
	return false
}
