package conformance

import (
	"strings"
	"testing"
)

// Samples that no detector should take for real measure nothing: whoever skips
// an invalid number looks as if it leaked, and whoever takes anything for one
// looks good.
func TestPain22ThePlantedNumbersHaveTheFormOfRealOnes(t *testing.T) {
	area, group, serial := personSSN[:3], personSSN[4:6], personSSN[7:]
	if area == "000" || area == "666" || area[0] == '9' || group == "00" || serial == "0000" {
		t.Errorf("%s has no area, group or serial that was ever given out", personSSN)
	}
	if personSSN == "078-05-1120" || personSSN == "219-09-9999" || personSSN == "123-45-6789" {
		t.Errorf("%s is a number of advertisements", personSSN)
	}
	if !luhn(strings.ReplaceAll(personCard, " ", "")) {
		t.Errorf("%s does not pass Luhn's check", personCard)
	}
	if luhn("4539148803436468") {
		t.Error("the check passes anything")
	}
	if !strings.Contains(personPhone, " 555-01") {
		t.Errorf("%s is not of the block that is kept for fiction", personPhone)
	}
	if !strings.HasSuffix(personMail, "@example.org") {
		t.Errorf("%s could be somebody's", personMail)
	}
	for _, id := range identifiers() {
		if !strings.Contains(passage, id) {
			t.Errorf("the passage does not hold %s", id)
		}
	}
	for _, tr := range allTraces() {
		if clean("it", []byte(passage), []trace{tr}) == nil {
			t.Errorf("the passage does not hold the trace %s", tr.text)
		}
	}
}

// luhn checks the last digit of a number (ISO/IEC 7812-1).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
