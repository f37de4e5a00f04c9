package deid

import "unicode/utf8"

// Fewer percent escapes in a row than shortestPercent may be percentages. Longer
// runs than longestPercent are read in parts, so that reading stays linear.
const (
	shortestPercent = 3
	longestPercent  = 64
)

// percentRun yields how many percent escapes (RFC 3986 section 2.1) at s[i:] are
// text in UTF-8, or 0 where they are none: fewer than three, or percentages of
// which each ends a number ("10%20%30%40").
func percentRun(s string, i int) int {
	n, text := 0, i == 0 || s[i-1] < '0' || s[i-1] > '9'
	for at := i; n < longestPercent && at+2 < len(s) && s[at] == '%' && hexValue(s[at+1]) >= 0 && hexValue(s[at+2]) >= 0; at += 3 {
		text = text || hexValue(s[at+1]) > 9 || hexValue(s[at+2]) > 9
		n++
	}
	if n < shortestPercent || !text {
		return 0
	}
	if n = textual(unpercent(s, i, n)); n < shortestPercent {
		return 0
	}
	return n
}

// textual yields how many bytes at the beginning of b are text in UTF-8.
func textual(b []byte) int {
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			break
		}
		n += size
	}
	return n
}

// unpercent decodes the n escapes at s[i:].
func unpercent(s string, i, n int) []byte {
	b := make([]byte, n)
	for j := range b {
		b[j] = byte(hexValue(s[i+3*j+1])<<4 | hexValue(s[i+3*j+2]))
	}
	return b
}

// percents folds the run of n escapes at i and yields its length.
func (f *folder) percents(i, n int) int {
	b := unpercent(f.src, i, n)
	for j := 0; j < n; {
		r, size := utf8.DecodeRune(b[j:])
		f.rune(r, i+3*j)
		j += size
	}
	return 3 * n
}
