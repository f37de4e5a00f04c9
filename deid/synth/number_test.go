package synth

import (
	"strings"
	"testing"
	"time"
)

// onlyDigits drops what numbers are grouped with.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// passesLuhn is written from the right, unlike the code under test.
func passesLuhn(s string) bool {
	sum := 0
	for i := range s {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}

func TestCheckDigitsAgreeWithPublishedVectors(t *testing.T) {
	for _, v := range []struct{ number, what string }{
		{"808401234567893", "NPI 1234567893 with its prefix"}, {"9876543217", "an Ontario number"}, {"046454286", "a Canadian SIN"},
	} {
		if got := withLuhn(v.number[:len(v.number)-1]); got != v.number || !passesLuhn(got) {
			t.Errorf("%s: %s", v.what, got)
		}
	}
	if sum := weighted("123456", 1, 2, 1, 2, 1, 2); sum%10 != 3 {
		t.Errorf("DEA AB1234563: the check digit comes out as %d", sum%10)
	}
	if got := ramqCheck("LASF", "19", "8002141"); got != '1' {
		t.Errorf("RAMQ LASF80021411: the check digit comes out as %c", got)
	}
	if sum := weighted("21234567", 1, 3, 7, 9, 1, 3, 7, 9); sum%10 != 0 {
		t.Errorf("Medicare 2123456701: the check digit comes out as %d", sum%10)
	}
}

func TestGeneratedNumbersPassTheirChecksums(t *testing.T) {
	w, err := NewWorld(12)
	if err != nil {
		t.Fatal(err)
	}
	p := Person{Given: "Élise", Family: "L'Heureux", Female: true, Born: time.Date(1957, 3, 4, 0, 0, 0, 0, time.UTC)}
	for range 500 {
		if n := w.npi(); len(n) != 10 || !passesLuhn("80840"+n) {
			t.Errorf("NPI %s", n)
		}
		if n := onlyDigits(w.sin()); len(n) != 9 || !passesLuhn(n) || n[0] == '0' || n[0] == '8' {
			t.Errorf("SIN %s", n)
		}
		if n := onlyDigits(w.ohip()); len(n) != 10 || !passesLuhn(n) {
			t.Errorf("OHIP %s", n)
		}
		if n := onlyDigits(w.nhs()); weighted(n, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11 != 0 {
			t.Errorf("NHS %s", n)
		}
		if n := onlyDigits(w.phn()); n[0] != '9' || weighted(n[1:], 2, 4, 8, 5, 10, 9, 7, 3, 1)%11 != 0 {
			t.Errorf("PHN %s", n)
		}
		if n := onlyDigits(w.ssn()); len(n) != 9 || n[:3] == "000" || n[:3] == "666" || n[0] == '9' || n[3:5] == "00" || n[5:] == "0000" {
			t.Errorf("SSN %s", n)
		}
		if n := w.vin(); len(n) != 17 || strings.ContainsAny(n, "IOQ") || n[8] != 'X' && (n[8] < '0' || n[8] > '9') {
			t.Errorf("VIN %s", n)
		}
		if n := strings.ReplaceAll(w.ramq(p), " ", ""); len(n) != 12 || n[:10] != "LHEE575304" {
			t.Errorf("RAMQ %s", n)
		}
		n := onlyDigits(w.nir(p))
		var rest int64
		for _, c := range n[:13] {
			rest = rest*10 + int64(c-'0')
		}
		if key := rest%97 + int64(n[13]-'0')*10 + int64(n[14]-'0'); len(n) != 15 || key != 97 {
			t.Errorf("NIR %s", n)
		}
	}
}
