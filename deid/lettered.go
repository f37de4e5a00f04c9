package deid

import "chaperone/phi"

// letteredNumber knows numbers that begin with capitals standing apart: IBAN,
// the Quebec card.
func (p *page) letteredNumber(i int) int {
	t := p.at(i)
	if t.size() == 4 && p.at(i+1).kind == digits && p.near(i+1) {
		s := p.word(i)
		end := i + 1
		for end < i+4 && p.at(end).kind == digits && p.near(end) && len(s) < 12 {
			s += p.word(end)
			end++
		}
		if formRAMQ(s) {
			p.put(phi.Member, i, end, ramqScore(s), "ramq")
			return end
		}
	}
	return 0
}

// mixedNumber knows numbers of letters and digits: VIN, MBI, DEA, the Quebec
// card, IBAN, the NHI of New Zealand, the British NI number.
func (p *page) mixedNumber(i int) int {
	s, end := p.word(i), i+1
	if s[0] == 'p' && len(s) >= 5 && len(s) <= 6 && allDigits(s[1:]) && p.at(i).gap != gapNone {
		p.put(phi.Phone, i, end, 0.7, "pager")
		return end
	}
	if (s[0] == 'x' || s[0] == 'X') && len(s) >= 4 && len(s) <= 6 && allDigits(s[1:]) {
		if p.at(i-1).shape == title1 && p.strength(i-1) >= 2 && p.near(i) {
			p.put(phi.Phone, i, end, 0.75, "extension")
			return end
		}
		if len(s) >= 5 && !p.cue(i+1, cueMeasure) && p.at(i-1).kind != digits && p.at(i).gap != gapNone {
			p.put(phi.Phone, i, end, 0.65, "extension")
			return end
		}
		switch p.word(i - 1) {
		case "at", "ext", "call", "phone", "extension", "dial", "pager", "radiology", "lab", "office":
			p.put(phi.Phone, i, end, 0.8, "extension")
			return end
		}
	}
	for end < i+9 && (p.is(end, '-') && p.at(end).gap == gapNone || p.at(end).gap == gapSpace) {
		j := end
		if p.is(j, '-') {
			j++
		}
		t := p.at(j)
		if t.kind != digits && t.kind != mixed && t.shape != upper2 && t.shape != initial || t.gap > gapSpace || t.kind == word && t.size() > 4 || len(s)+t.size() > 34 {
			break
		}
		s += p.word(j)
		end = j + 1
		if k, score, rule := mixedForm(s); k != 0 && len(s) > 8 && !(p.is(end, '-') && p.at(end+1).kind != punct) && rule != "iban" {
			p.put(k, i, end, score, rule)
			return end
		}
	}
	if k, score, rule := mixedForm(s); k != 0 {
		p.put(k, i, end, score, rule)
		return end
	}
	if k, score, rule := mixedForm(p.word(i)); k != 0 {
		p.put(k, i, i+1, score, rule)
		return i + 1
	}
	return 0
}

// mixedForm decides on one number with its marks taken out.
func mixedForm(s string) (phi.Kind, float64, string) {
	switch {
	case len(s) == 17 && validVIN(s):
		return phi.Vehicle, 0.95, "vin"
	case len(s) == 11 && validMBI(s):
		return phi.Member, 0.95, "mbi"
	case formRAMQ(s):
		return phi.Member, ramqScore(s), "ramq"
	case len(s) == 9 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] >= 'A' && s[1] <= 'Z' || s[1] == '9') && allDigits(s[2:]) && validDEA([]byte(s[2:])):
		return phi.Licence, 0.93, "dea"
	case len(s) == 7 && upperLetters(s[:3]) && validNHI(s):
		return phi.Member, 0.9, "nhi"
	case len(s) == 9 && upperLetters(s[:2]) && allDigits(s[2:8]) && s[8] >= 'A' && s[8] <= 'D':
		return phi.Ident, 0.9, "nino"
	case len(s) >= 15 && len(s) <= 34 && upperLetters(s[:2]) && validIBAN(s):
		return phi.Account, 0.95, "iban"
	case len(s) == 9 && allDigits(s[1:8]) && isUpper(s[8]) && validDNI(s):
		return phi.Ident, 0.9, "dni"
	case len(s) == 16 && upperLetters(s[:6]) && allDigits(s[6:8]) && allDigits(s[9:11]):
		return phi.Ident, 0.92, "codice-fiscale"
	}
	return 0, 0, ""
}

// validIBAN checks an international bank account number (ISO 13616, mod 97).
func validIBAN(s string) bool {
	if !allDigits(s[2:4]) {
		return false
	}
	n := 0
	for _, b := range []byte(s[4:] + s[:4]) {
		switch {
		case b >= '0' && b <= '9':
			n = (n*10 + int(b-'0')) % 97
		case b >= 'A' && b <= 'Z':
			n = (n*100 + int(b-'A') + 10) % 97
		default:
			return false
		}
	}
	return n == 1
}

// validDNI checks the letter of a Spanish identity number: the digits modulo 23;
// X, Y and Z of foreigners stand for 0, 1 and 2.
func validDNI(s string) bool {
	n := 0
	switch {
	case s[0] >= 'X' && s[0] <= 'Z':
		n = int(s[0] - 'X')
	case s[0] >= '0' && s[0] <= '9':
		n = int(s[0] - '0')
	default:
		return false
	}
	for _, c := range []byte(s[1:8]) {
		n = n*10 + int(c-'0')
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == s[8]
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func upperLetters(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}

func ramqScore(s string) float64 {
	if validRAMQ(s) {
		return 0.97
	}
	return 0.9
}
