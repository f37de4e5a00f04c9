package synth

import (
	"fmt"
	"strings"

	"chaperone/reference"
)

// ramq is a Quebec health insurance number: three letters of the family name,
// one of the given name, year, month (plus 50 for women), day, a counter and a
// check digit.
func (w *World) ramq(p Person) string {
	letters := letterCode(p.Family, 3) + letterCode(p.Given, 1)
	month := int(p.Born.Month())
	if p.Female {
		month += 50
	}
	counter := byte('1' + w.dice.n(9))
	digits := fmt.Sprintf("%02d%02d%02d%c", p.Born.Year()%100, month, p.Born.Day(), counter)
	check := ramqCheck(letters, fmt.Sprint(p.Born.Year()/100), digits)
	full := letters + digits + string(check)
	if w.dice.in(1, 3) {
		return full
	}
	return full[:4] + " " + full[4:8] + " " + full[8:]
}

// letterCode yields the first n letters of a name, without accents, X for what
// is missing.
func letterCode(name string, n int) string {
	var b strings.Builder
	for _, c := range reference.Fold(name) {
		if c >= 'a' && c <= 'z' && b.Len() < n {
			b.WriteByte(byte(c - 'a' + 'A'))
		}
	}
	for b.Len() < n {
		b.WriteByte('X')
	}
	return b.String()
}

// ramqCheck sums the digits of letters, century and number under weights;
// letters count as two-digit codes with a gap after R.
func ramqCheck(letters, century, digits string) byte {
	var code strings.Builder
	for i := 0; i < len(letters); i++ {
		n := int(letters[i]-'A') + 1
		if letters[i] > 'R' {
			n++
		}
		fmt.Fprintf(&code, "%02d", n)
	}
	all := code.String() + century + digits
	sum := 0
	for i, weight := range []int{7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1} {
		if i < len(all) {
			sum += int(all[i]-'0') * weight
		}
	}
	return byte('0' + sum%10)
}

func initialOf(name string) string { return letterCode(name, 1) }
