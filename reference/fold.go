package reference

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain holds the letters that Unicode does not decompose but people type
// without their strokes and ligatures.
var plain = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE",
	'ø': "o", 'Ø': "O", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D",
	'ł': "l", 'Ł': "L", 'þ': "th", 'Þ': "Th", 'ı': "i", 'ħ': "h", 'Ħ': "H",
	'ŋ': "n", 'Ŋ': "N", 'ƒ': "f", 'ə': "a", 'Ə': "A",
}

// FoldRune yields r as plain letters: without accents, in the compatibility
// form (NFKD, Unicode Standard Annex 15), strokes and ligatures spelled out.
// A mark that only modifies the letter before it yields nothing.
func FoldRune(r rune) string {
	if r < utf8.RuneSelf {
		return string(r)
	}
	if s, ok := plain[r]; ok {
		return s
	}
	if isMark(r) {
		return ""
	}
	var in [utf8.UTFMax]byte
	n := utf8.EncodeRune(in[:], r)
	d := norm.NFKD.Properties(in[:n]).Decomposition()
	if d == nil {
		return string(r)
	}
	out := make([]byte, 0, len(d))
	for len(d) > 0 {
		c, w := utf8.DecodeRune(d)
		if !isMark(c) {
			if s, ok := plain[c]; ok {
				out = append(out, s...)
			} else {
				out = append(out, d[:w]...)
			}
		}
		d = d[w:]
	}
	return string(out)
}

// isMark knows the combining marks of European and Vietnamese writing. Marks
// of other scripts are vowels there and stay.
func isMark(r rune) bool {
	return r >= 0x300 && r <= 0x36F || r >= 0x1AB0 && r <= 0x1AFF || r >= 0x1DC0 && r <= 0x1DFF || r >= 0x20D0 && r <= 0x20FF
}

// Fold yields a word in the form in which the lists hold it: folded by
// FoldRune and in lower case.
func Fold(word string) string {
	out := make([]byte, 0, len(word))
	for _, r := range word {
		for _, b := range []byte(FoldRune(r)) {
			if b >= 'A' && b <= 'Z' {
				b += 'a' - 'A'
			}
			out = append(out, b)
		}
	}
	return string(out)
}
