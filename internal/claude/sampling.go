package claude

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// mostOf is the greatest value of a setting of the whole request that is a number;
// false for any other member.
func mostOf(name string) (most float64, ok bool) {
	switch name {
	case "temperature", "top_p":
		return 1, true
	case "top_k":
		return 1000, true
	case "max_tokens":
		return 1_000_000, true
	}
	return 0, false
}

// amount walks a number of the API's own at the top of the body. One that no call
// could have is refused by name: a number in the wrong place may be somebody's.
func (s *survey) amount(v int, name string) {
	if !s.doc.is(v, number) {
		s.extra(v, name)
		return
	}
	most, _ := mostOf(name)
	n, err := strconv.ParseFloat(s.doc.text(v), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > most {
		s.refuse("setting_out_of_range", "The number "+name+" is out of its range", "Send "+name+" between 0 and "+strconv.FormatFloat(most, 'f', -1, 64))
		return
	}
	s.longNumber(v, name)
}

// longNumber lists a number that has as many digits as somebody's could: six,
// other than round thousands.
func (s *survey) longNumber(i int, label string) {
	if t := s.doc.text(i); manyDigits.MatchString(t) && !strings.HasSuffix(t, "000") {
		s.leaf(i, Extra, label)
	}
}

var manyDigits = regexp.MustCompile(`[0-9]{6}`)
