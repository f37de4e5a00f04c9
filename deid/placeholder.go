package deid

import (
	"io"
	"strings"

	"chaperone/phi"
)

// A placeholder is a kind's word, one hyphen and a code of six characters:
// NAME-7K2QAX. Of the code, four characters name the person or thing (the
// stem), one tells surfaces of the same person apart (the variant), and the
// last is a check character over word and code, so that a placeholder that a
// model made up is told from one of ours. Everything but the check character is
// random: nothing in it is derived from a person (45 CFR 164.514(c)).
const (
	codeLen    = 6
	stemLen    = 4
	variantPos = stemLen
	alphabet   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford: no I, L, O, U
	longest    = len("BIOMETRIC") + len("\u2010") + codeLen
)

// alphabetValue maps a byte to its value in the alphabet, or -1. Lower case
// counts, and so do the letters that people and models put for look-alikes.
func alphabetValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		c -= 'a' - 'A'
	}
	switch c {
	case 'O':
		return 0
	case 'I', 'L':
		return 1
	}
	return strings.IndexByte(alphabet, c)
}

// checkChar is Luhn's algorithm in base 32 over the letters of the word and the
// first five characters of the code: any single wrong character is noticed.
func checkChar(word, code string) byte {
	const n = len(alphabet)
	sum, double := 0, true
	add := func(v int) {
		if double {
			v *= 2
			v = v/n + v%n
		}
		sum += v
		double = !double
	}
	for i := codeLen - 2; i >= 0; i-- {
		add(alphabetValue(code[i]))
	}
	for i := len(word) - 1; i >= 0; i-- {
		add(int(word[i]-'A') % n)
	}
	return alphabet[(n-sum%n)%n]
}

// wellFormed reports whether a normalised placeholder (upper case, plain
// hyphen) has a valid check character and at least one digit in its code; the
// digit keeps ordinary words such as DATE-SEVERE apart.
func wellFormed(placeholder string) bool {
	word, code, ok := strings.Cut(placeholder, "-")
	if !ok || len(code) != codeLen || !strings.ContainsAny(code, "0123456789") {
		return false
	}
	return checkChar(word, code) == code[codeLen-1]
}

// draw reads one random character of the alphabet.
func draw(random io.Reader) (byte, error) {
	var b [1]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0, err
	}
	return alphabet[int(b[0])%len(alphabet)], nil
}

// match is a place in a text that has the shape of a placeholder.
type match struct {
	start, end int    // bytes in the text as it stands
	normal     string // upper case, plain hyphen: what it would be if it were ours
}

// hyphenAt returns the length of the hyphen form at text[i:], 0 if there is
// none. Models write U+2010 to U+2015 and U+2212 for a hyphen, and URLs %2D.
func hyphenAt(text string, i int) int {
	switch text[i] {
	case '-':
		return 1
	case '%':
		if i+2 < len(text) && text[i+1] == '2' && (text[i+2] == 'D' || text[i+2] == 'd') {
			return 3
		}
	case 0xE2:
		if i+2 < len(text) && (text[i+1] == 0x80 && text[i+2] >= 0x90 && text[i+2] <= 0x95 ||
			text[i+1] == 0x88 && text[i+2] == 0x92) {
			return 3
		}
	}
	return 0
}

// matches finds everything in text that has the shape of a placeholder, in
// order, without overlaps, whether or not it is one.
func matches(text string) []match {
	var found []match
	for i := 0; i < len(text); i++ {
		h := hyphenAt(text, i)
		if h == 0 || i+h+codeLen > len(text) {
			continue
		}
		word := wordBefore(text, i)
		if word == "" {
			continue
		}
		code, ok := normalCode(text[i+h : i+h+codeLen])
		if !ok {
			continue
		}
		found = append(found, match{i - len(word), i + h + codeLen, word + "-" + code})
		i += h + codeLen - 1
	}
	return found
}

// wordBefore returns the kind's word that ends at text[:end] in any case, or "".
func wordBefore(text string, end int) string {
	for _, word := range words {
		if end >= len(word) && strings.EqualFold(text[end-len(word):end], word) {
			return word
		}
	}
	return ""
}

// words holds the word of each kind.
var words = kindWords()

func kindWords() []string {
	kinds := phi.Kinds()
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = k.Word()
	}
	return list
}

func normalCode(s string) (string, bool) {
	var code [codeLen]byte
	for i := range code {
		v := alphabetValue(s[i])
		if v < 0 {
			return "", false
		}
		code[i] = alphabet[v]
	}
	return string(code[:]), true
}

// normalPrefix normalises the end of a text as far as it could be the beginning
// of a placeholder: upper case, any hyphen form (or the beginning of one) as a
// plain hyphen. It returns false when it cannot be one.
func normalPrefix(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			b.WriteByte(c - ('a' - 'A'))
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteByte(c)
		default:
			h := hyphenAt(s, i)
			if h == 0 {
				// "%", "%2" and the first bytes of a wide hyphen at the very end.
				cut := i > 0 && len(s)-i < 3 && (c == '%' && (len(s)-i == 1 || s[i+1] == '2') || c == 0xE2)
				return b.String(), cut
			}
			b.WriteByte('-')
			i += h - 1
		}
	}
	return b.String(), true
}

// Placeholders returns the spans of text that are well-formed placeholders, as
// UTF-8 byte offsets, whether or not any session knows them: what a page or a
// terminal sets off.
func Placeholders(text string) [][2]int {
	var spans [][2]int
	for _, m := range matches(text) {
		if wellFormed(m.normal) {
			spans = append(spans, [2]int{m.start, m.end})
		}
	}
	return spans
}
