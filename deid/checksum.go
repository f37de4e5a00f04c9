package deid

// This file verifies check digits. A right one raises a score; a wrong one
// lowers it and never clears a value that a label names.

// luhn reports whether the last digit is right by ISO/IEC 7812-1 Annex B.
func luhn(d []byte) bool {
	sum, double := 0, false
	for i := len(d) - 1; i >= 0; i-- {
		n := int(d[i] - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
		double = !double
	}
	return len(d) > 1 && sum%10 == 0
}

// weighted yields the sum of digits times weights.
func weighted(d []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	return sum
}

// validSSN says whether nine digits can be a US social security number: the
// areas 000, 666 and 900 up, group 00 and serial 0000 are never issued (SSA).
func validSSN(d []byte) bool {
	if len(d) != 9 {
		return false
	}
	area := string(d[:3])
	return area != "000" && area != "666" && d[0] != '9' && string(d[3:5]) != "00" && string(d[5:]) != "0000"
}

// validITIN knows the groups of US taxpayer numbers for those without an SSN.
func validITIN(d []byte) bool {
	if len(d) != 9 || d[0] != '9' {
		return false
	}
	g := int(d[3]-'0')*10 + int(d[4]-'0')
	return g >= 50 && g <= 65 || g >= 70 && g <= 88 || g >= 90 && g <= 92 || g >= 94 && g <= 99
}

// validSIN says whether nine digits can be a Canadian social insurance number.
func validSIN(d []byte) bool { return len(d) == 9 && d[0] != '8' && luhn(d) }

// validNPI checks a US provider number: Luhn over 80840 and the ten digits (CMS).
func validNPI(d []byte) bool {
	return len(d) == 10 && (d[0] == '1' || d[0] == '2') && luhn(append([]byte("80840"), d...))
}

// validDEA checks the seven digits of a DEA registration.
func validDEA(d []byte) bool {
	if len(d) != 7 {
		return false
	}
	return (weighted(d, 1, 0, 1, 0, 1, 0)+2*weighted(d, 0, 1, 0, 1, 0, 1))%10 == int(d[6]-'0')
}

// validNHS checks a number of the English health service, modulus 11.
func validNHS(d []byte) bool {
	if len(d) != 10 {
		return false
	}
	check := 11 - weighted(d, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == int(d[9]-'0') && check != 10
}

// validBCPHN checks a personal health number of British Columbia.
func validBCPHN(d []byte) bool {
	if len(d) != 10 || d[0] != '9' {
		return false
	}
	sum := 0
	for i, w := range []int{2, 4, 8, 5, 10, 9, 7, 3} {
		sum += int(d[i+1]-'0') * w % 11
	}
	check := (11 - sum%11) % 11
	return check == int(d[9]-'0')
}

// validOHIP checks the ten digits of an Ontario health card.
func validOHIP(d []byte) bool { return len(d) == 10 && d[0] != '0' && luhn(d) }

// validMedicareAU checks the first nine digits of an Australian Medicare card.
func validMedicareAU(d []byte) bool {
	return len(d) >= 10 && len(d) <= 11 && d[0] >= '2' && d[0] <= '6' && weighted(d, 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(d[8]-'0')
}

// validIHI checks an Australian healthcare identifier.
func validIHI(d []byte) bool {
	return len(d) == 16 && string(d[:4]) == "8003" && luhn(d)
}

// validTFN checks an Australian tax file number.
func validTFN(d []byte) bool {
	return len(d) == 9 && weighted(d, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0
}

// validNIR checks a French social security number of 15 digits; Corsica's 2A
// and 2B are not counted.
func validNIR(d []byte) bool {
	if len(d) != 15 || d[0] != '1' && d[0] != '2' {
		return false
	}
	n := 0
	for _, c := range d[:13] {
		n = (n*10 + int(c-'0')) % 97
	}
	return 97-n == int(d[13]-'0')*10+int(d[14]-'0')
}

// validGTIN checks a GS1 trade item number of 14 digits.
func validGTIN(d []byte) bool {
	if len(d) != 14 {
		return false
	}
	sum := 0
	for i, c := range d {
		w := 3
		if i%2 == 1 {
			w = 1
		}
		sum += int(c-'0') * w
	}
	return sum%10 == 0
}

// validVIN checks a vehicle number of North America (49 CFR 565.15).
func validVIN(s string) bool {
	if len(s) != 17 {
		return false
	}
	sum := 0
	for i, w := range []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2} {
		v := vinValue(s[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	check := byte('0' + sum%11)
	if check > '9' {
		check = 'X'
	}
	return s[8] == check || s[8] == check+'a'-'A' && check == 'X'
}

func vinValue(b byte) int {
	if b >= 'a' && b <= 'z' {
		b -= 'a' - 'A'
	}
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b == 'I' || b == 'O' || b == 'Q':
		return -1
	case b >= 'A' && b <= 'H':
		return int(b-'A') + 1
	case b >= 'J' && b <= 'R':
		return int(b-'J') + 1
	case b >= 'S' && b <= 'Z':
		return int(b-'S') + 2
	}
	return -1
}

// validMBI says whether eleven characters have the form of a Medicare
// beneficiary identifier: C A AN N A AN N A A N N, no S L O I B Z (CMS).
func validMBI(s string) bool {
	if len(s) != 11 || s[0] < '1' || s[0] > '9' {
		return false
	}
	for i := 1; i < 11; i++ {
		letter := s[i] >= 'A' && s[i] <= 'Z' && s[i] != 'S' && s[i] != 'L' && s[i] != 'O' && s[i] != 'I' && s[i] != 'B' && s[i] != 'Z'
		digit := s[i] >= '0' && s[i] <= '9'
		switch "NAMNAMNAANN"[i] {
		case 'N':
			letter = false
		case 'A':
			digit = false
		}
		if !letter && !digit {
			return false
		}
	}
	return true
}

// validNHI checks a New Zealand health index number: AAANNNC modulo 11, or
// AAANNAX modulo 24 (HISO 10046).
func validNHI(s string) bool {
	if len(s) != 7 {
		return false
	}
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	value := func(b byte) int {
		for i := range len(alphabet) {
			if alphabet[i] == b {
				return i + 1
			}
		}
		return -1
	}
	sum := 0
	for i := range 6 {
		v := value(s[i])
		if i >= 3 && i < 5 || i == 5 && s[5] <= '9' {
			if s[i] < '0' || s[i] > '9' {
				return false
			}
			v = int(s[i] - '0')
		}
		if v < 0 {
			return false
		}
		sum += v * (7 - i)
	}
	if s[5] <= '9' {
		check := (11 - sum%11) % 11
		return sum%11 != 0 && check%10 == int(s[6]-'0')
	}
	return value(s[6]) == 24-sum%24
}

// formRAMQ says whether twelve characters have the form of a Quebec health
// insurance number: three letters of the surname, one of the given name, year,
// month (50 more for women), day, a serial character and a check digit.
func formRAMQ(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range 12 {
		if i < 4 && (s[i] < 'A' || s[i] > 'Z') || i >= 4 && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	month, day := int(s[6]-'0')*10+int(s[7]-'0'), int(s[8]-'0')*10+int(s[9]-'0')
	if month > 50 {
		month -= 50
	}
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// validRAMQ checks the last digit of a Quebec number over its letters as two
// digits each, the century (both are tried), the date and the serial.
func validRAMQ(s string) bool {
	if !formRAMQ(s) {
		return false
	}
	for _, century := range []string{"19", "20"} {
		var d []byte
		for i := range 4 {
			n := s[i] - 'A' + 1
			if s[i] > 'R' {
				n++
			}
			d = append(d, '0'+n/10, '0'+n%10)
		}
		d = append(append(d, century...), s[4:11]...)
		if weighted(d, 7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1)%10 == int(s[11]-'0') {
			return true
		}
	}
	return false
}

// verhoeff reports whether the last digit is right by Verhoeff's scheme, as in
// SNOMED CT identifiers.
func verhoeff(d []byte) bool {
	c := 0
	for i := range d {
		c = verhoeffD[c][verhoeffP[i%8][d[len(d)-1-i]-'0']]
	}
	return c == 0 && len(d) > 1
}

// validSCTID says whether digits have the form of a SNOMED CT identifier: a
// partition of two digits before a right check digit.
func validSCTID(d []byte) bool {
	if len(d) < 6 || len(d) > 18 || !verhoeff(d) {
		return false
	}
	a, b := d[len(d)-3], d[len(d)-2]
	return (a == '0' || a == '1') && b >= '0' && b <= '2'
}

var verhoeffD = [10][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
	{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
	{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
	{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
	{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
	{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
	{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
}

var verhoeffP = [8][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
	{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
	{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
	{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
	{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
	{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
}
