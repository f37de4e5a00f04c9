package synth

import (
	"fmt"
	"strings"
)

// Numbers that carry a check digit are drawn so that it is right: a finder that
// trusts the checksum and one that trusts the label are tested alike.

// luhn yields the check digit of a decimal number (ISO/IEC 7812-1, annex B).
func luhn(number string) byte {
	sum := 0
	for i := 0; i < len(number); i++ {
		n := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}

func withLuhn(number string) string { return number + string(luhn(number)) }

// weighted adds up digits times weights.
func weighted(number string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(number[i]-'0') * w
	}
	return sum
}

// ssn is a US social security number: area 001 to 899 without 666, group and
// serial not zero.
func (w *World) ssn() string {
	d := &w.dice
	area := d.between(1, 899)
	if area == 666 {
		area = 665
	}
	return fmt.Sprintf(d.pick([]string{"%03d-%02d-%04d", "%03d-%02d-%04d", "%03d %02d %04d", "%03d%02d%04d"}), area, d.between(1, 99), d.between(1, 9999))
}

// npi is a US National Provider Identifier: Luhn over 80840 and the number.
func (w *World) npi() string {
	n := w.dice.pick([]string{"1", "1", "2"}) + w.dice.digits(8)
	return n + string(luhn("80840"+n))
}

// dea is a US Drug Enforcement Administration registration.
func (w *World) dea(family string) string {
	n := w.dice.digits(6)
	sum := weighted(n, 1, 2, 1, 2, 1, 2)
	return w.dice.pick([]string{"A", "B", "F", "M"}) + initialOf(family) + n + fmt.Sprint(sum%10)
}

// mbi is a US Medicare Beneficiary Identifier, which has no check digit.
func (w *World) mbi() string {
	const letters, digits, any = "ACDEFGHJKMNPQRTUVWXY", "0123456789", "ACDEFGHJKMNPQRTUVWXY0123456789"
	var b strings.Builder
	for i, set := range []string{"123456789", letters, any, digits, letters, any, digits, letters, letters, digits, digits} {
		if w.dice.state&1 == 0 && (i == 4 || i == 7) {
			b.WriteByte('-')
		}
		b.WriteByte(set[w.dice.n(len(set))])
	}
	return b.String()
}

// vin is a North American vehicle identification number (49 CFR 565).
func (w *World) vin() string {
	const letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
	values := map[byte]int{
		'A': 1, 'B': 2, 'C': 3, 'D': 4, 'E': 5, 'F': 6, 'G': 7, 'H': 8, 'J': 1, 'K': 2, 'L': 3, 'M': 4, 'N': 5, 'P': 7, 'R': 9,
		'S': 2, 'T': 3, 'U': 4, 'V': 5, 'W': 6, 'X': 7, 'Y': 8, 'Z': 9,
	}
	b := make([]byte, 17)
	sum := 0
	for i, weight := range []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2} {
		b[i] = letters[w.dice.n(len(letters))]
		if i > 12 {
			b[i] = byte('0' + w.dice.n(10))
		}
		v, ok := values[b[i]]
		if !ok {
			v = int(b[i] - '0')
		}
		sum += v * weight
	}
	b[8] = "0123456789X"[sum%11]
	return string(b)
}

// sin is a Canadian social insurance number.
func (w *World) sin() string {
	n := withLuhn(string(byte('1'+w.dice.n(7))) + w.dice.digits(7))
	if w.dice.in(1, 3) {
		return n
	}
	return n[:3] + w.dice.pick([]string{" ", "-"})[:1] + n[3:6] + " " + n[6:]
}

// ohip is an Ontario health card number with its version code.
func (w *World) ohip() string {
	n := withLuhn(w.dice.digits(9))
	return n[:4] + "-" + n[4:7] + "-" + n[7:] + w.dice.fill(w.dice.pick([]string{"", "-AA", " A", "AA"}), '9')
}

// phn is a British Columbia personal health number.
func (w *World) phn() string {
	for {
		n := "9" + w.dice.digits(8)
		sum := 0
		for i, weight := range []int{2, 4, 8, 5, 10, 9, 7, 3} {
			sum += int(n[i+1]-'0') * weight % 11
		}
		if check := (11 - sum%11) % 11; check < 10 {
			n += fmt.Sprint(check)
			return n[:4] + " " + n[4:7] + " " + n[7:]
		}
	}
}

// nhs is an English National Health Service number.
func (w *World) nhs() string {
	for {
		n := w.dice.digits(9)
		check := 11 - weighted(n, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
		if check == 10 {
			continue
		}
		return n[:3] + " " + n[3:6] + " " + n[6:] + fmt.Sprint(check%11)
	}
}

// medicare is an Australian Medicare card number with its issue digit.
func (w *World) medicare() string {
	n := string(byte('2'+w.dice.n(5))) + w.dice.digits(7)
	n += fmt.Sprint(weighted(n, 1, 3, 7, 9, 1, 3, 7, 9) % 10)
	return n[:4] + " " + n[4:] + " 1"
}

// nhi is a New Zealand National Health Index number of the old form.
func (w *World) nhi() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	for {
		sum, id := 0, ""
		for i := range 3 {
			k := w.dice.n(len(letters))
			id += letters[k : k+1]
			sum += (k + 1) * (7 - i)
		}
		n := w.dice.digits(3)
		sum += weighted(n, 4, 3, 2)
		if sum%11 == 0 || sum%11 == 1 {
			continue
		}
		return id + n + fmt.Sprint(11-sum%11)
	}
}

// nir is a French social security number with its key (97 minus the rest of
// the division by 97).
func (w *World) nir(p Person) string {
	sex := 1
	if p.Female {
		sex = 2
	}
	number := fmt.Sprintf("%d%02d%02d%02d%03d%03d", sex, p.Born.Year()%100, int(p.Born.Month()), w.dice.between(21, 95), w.dice.between(1, 900), w.dice.between(1, 990))
	var n int64
	for _, c := range number {
		n = n*10 + int64(c-'0')
	}
	key := 97 - n%97
	if w.dice.in(1, 3) {
		return fmt.Sprintf("%s%02d", number, key)
	}
	return fmt.Sprintf("%s %s %s %s %s %s %02d", number[:1], number[1:3], number[3:5], number[5:7], number[7:10], number[10:], key)
}
