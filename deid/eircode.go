package deid

import "chaperone/phi"

// eircode takes the postal code of Ireland: a routing key of a letter and two
// digits (one of them may be W) and four letters or digits, apart or together:
// "N37 X4T9". The letters are those of the code's own alphabet.
func (p *page) eircode(i int) int {
	s, end := p.word(i), i+1
	if len(s) == 3 {
		if t := p.at(end); t.size() != 4 || t.kind == punct || t.gap != gapSpace {
			return 0
		}
		s += p.word(end)
		end++
	}
	if len(s) != 7 || i > 0 && p.at(i).gap == gapNone && p.at(i-1).kind != punct || p.at(end).gap == gapNone && p.at(end).kind != punct && p.at(end).kind != edge {
		return 0
	}
	if !eircodeLetter(s[0]) || s[1] < '0' || s[1] > '9' || (s[2] < '0' || s[2] > '9') && s[2] != 'W' {
		return 0
	}
	letters, numbers := 0, 0
	for k := 3; k < 7; k++ {
		switch {
		case s[k] >= '0' && s[k] <= '9':
			numbers++
		case eircodeLetter(s[k]):
			letters++
		default:
			return 0
		}
	}
	if letters == 0 || numbers == 0 || p.guard[i] {
		return 0
	}
	p.put(phi.Postal, i, end, 0.85, "eircode")
	p.townBeforeCode(i)
	return end
}

// eircodeLetter says whether b is a letter of the codes of Ireland.
func eircodeLetter(b byte) bool {
	switch b {
	case 'A', 'C', 'D', 'E', 'F', 'H', 'K', 'N', 'P', 'R', 'T', 'V', 'W', 'X', 'Y':
		return true
	}
	return false
}
