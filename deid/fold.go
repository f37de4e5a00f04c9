package deid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/reference"
)

// fold yields text in plain letters and plain punctuation, and for each of its
// bytes the place in text that it comes from; the map has one more element,
// for the end. Text that is plain already comes back as it is with a nil map.
//
// Folding undoes what hides an identifier from a reader of bytes: accents and
// full-width forms, invisible characters, dashes and spaces of every kind,
// look-alike letters of other alphabets inside a Latin word, HTML entities,
// \u escapes and percent escapes.
func fold(text string) (string, []int32) {
	if plainText(text) {
		return text, nil
	}
	f := folder{src: text, out: make([]byte, 0, len(text)+8), back: make([]int32, 0, len(text)+9)}
	for i := 0; i < len(text); {
		i += f.step(i)
	}
	f.back = append(f.back, int32(len(text)))
	return string(f.out), f.back
}

// plainText reports whether folding would change nothing.
func plainText(text string) bool {
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= utf8.RuneSelf:
			return false
		case b == '&' || b == '\\' || b == '%' || b == '=':
			if _, n := escape(text[i:]); n > 0 || b == '%' && percentRun(text, i) > 0 {
				return false
			}
		}
	}
	return true
}

type folder struct {
	src  string
	out  []byte
	back []int32
	in   bool // inside a word of Latin letters
}

// step folds what begins at src[i] and yields its length there.
func (f *folder) step(i int) int {
	b := f.src[i]
	if b < utf8.RuneSelf {
		if b == '%' {
			if n := percentRun(f.src, i); n > 0 {
				return f.percents(i, n)
			}
		}
		if b == '&' || b == '\\' || b == '%' || b == '=' {
			if r, n := escape(f.src[i:]); n > 0 {
				f.rune(r, i)
				return n
			}
		}
		f.emit(b, i)
		return 1
	}
	r, n := utf8.DecodeRuneInString(f.src[i:])
	if r == utf8.RuneError && n == 1 {
		f.emit(1, i)
		return 1
	}
	f.rune(r, i)
	return n
}

func (f *folder) emit(b byte, at int) {
	f.out = append(f.out, b)
	f.back = append(f.back, int32(at))
	f.in = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func (f *folder) rune(r rune, at int) {
	if r < utf8.RuneSelf {
		f.emit(byte(r), at)
		return
	}
	if b, ok := marks[r]; ok {
		if b != 0 {
			f.emit(b, at)
		}
		return
	}
	if b, ok := lookalikes[r]; ok && (f.in || f.latinFollows(at)) {
		f.emit(b, at)
		return
	}
	switch {
	case unicode.Is(unicode.Cf, r):
		return
	case unicode.IsSpace(r):
		f.emit(' ', at)
		return
	case unicode.Is(unicode.Pd, r):
		f.emit('-', at)
		return
	case unicode.Is(unicode.Nd, r):
		f.emit(digitOf(r), at)
		return
	}
	s := reference.FoldRune(r)
	if s != "" && s[0] >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsMark(r) {
		s = "\x01"
	}
	for j := 0; j < len(s); j++ {
		f.emit(s[j], at)
	}
}

// latinFollows reports whether a Latin letter or a digit of a Latin word stands
// after the look-alike at src[at:].
func (f *folder) latinFollows(at int) bool {
	for n, r := range f.src[at:] {
		if r < utf8.RuneSelf {
			return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		}
		if _, ok := lookalikes[r]; !ok || n > 24 {
			return false
		}
	}
	return false
}

// digitOf yields the ASCII digit of a decimal digit of any script: scripts lay
// their ten digits out in order.
func digitOf(r rune) byte {
	if r >= 0xFF10 && r <= 0xFF19 {
		return byte('0' + r - 0xFF10)
	}
	zero := r
	for n := 0; n < 9 && unicode.Is(unicode.Nd, zero-1) && (zero-1)%0x10 != 0xF; n++ {
		zero--
	}
	return byte('0' + min(r-zero, 9))
}

// marks maps punctuation to its plain form; 0 drops it.
var marks = map[rune]byte{
	'‘': '\'', '’': '\'', 'ʼ': '\'', '′': '\'', '`': '\'', '´': '\'', '‛': '\'',
	'“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '″': '"',
	'‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-', '﹣': '-', '－': '-',
	'\u00AD': 0, '\u200B': 0, '\u200C': 0, '\u200D': 0, '\u2060': 0, '\uFEFF': 0, '\u202E': 0, '\u202D': 0, '\u202C': 0, '\u200E': 0, '\u200F': 0,
	'\u034F': 0, '\u2066': 0, '\u2067': 0, '\u2068': 0, '\u2069': 0,
	'\u00A0': ' ', '\u2007': ' ', '\u202F': ' ', '\u2028': '\n', '\u2029': '\n', '\u0085': '\n',
	'•': '*', '·': '*', '‣': '*', '◦': '*', '▪': '*', '…': '.', '＠': '@', '﹫': '@', '．': '.', '。': '.', '：': ':', '／': '/', '∕': '/', '⁄': '/',
	'№': '#', '՚': '\'', 'ˈ': '\'', '，': ',', '、': ',', '（': '(', '）': ')',
}

// lookalikes are Cyrillic and Greek letters that look Latin.
var lookalikes = map[rune]byte{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i', 'ј': 'j', 'ѕ': 's', 'һ': 'h', 'ԁ': 'd', 'ո': 'n', 'к': 'k', 'м': 'm', 'т': 't', 'в': 'b', 'н': 'h', 'г': 'r', 'п': 'n',
	'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'Х': 'X', 'У': 'Y', 'І': 'I', 'Ј': 'J', 'Ѕ': 'S', 'Ԁ': 'D',
	'α': 'a', 'ο': 'o', 'ν': 'v', 'ρ': 'p', 'ι': 'i', 'κ': 'k', 'υ': 'u', 'ε': 'e', 'τ': 't',
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X',
}

// entities are the named HTML entities that stand inside names and addresses;
// numbered ones are read too.
var entities = map[string]rune{
	"nbsp": ' ', "amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "ndash": '-', "mdash": '-', "shy": '\u00AD',
	"rsquo": '\'', "lsquo": '\'', "commat": '@', "period": '.', "hyphen": '-',
	"eacute": 'é', "egrave": 'è', "ecirc": 'ê', "euml": 'ë', "agrave": 'à', "aacute": 'á', "acirc": 'â', "auml": 'ä', "aring": 'å',
	"ccedil": 'ç', "icirc": 'î', "iuml": 'ï', "iacute": 'í', "oacute": 'ó', "ocirc": 'ô', "ouml": 'ö', "uacute": 'ú', "ugrave": 'ù', "ucirc": 'û', "uuml": 'ü',
	"ntilde": 'ñ', "szlig": 'ß', "oslash": 'ø', "oelig": 'œ', "aelig": 'æ', "Eacute": 'É', "Egrave": 'È', "Agrave": 'À', "Ccedil": 'Ç', "Ocirc": 'Ô',
}

// escape reads an escaped character at the beginning of s: &#233; &eacute;
// \u00e9 %40 =40. It yields its length, or 0 if there is none.
func escape(s string) (rune, int) {
	switch s[0] {
	case '&':
		end := strings.IndexByte(s[:min(len(s), 10)], ';')
		if end < 3 {
			return 0, 0
		}
		name := s[1:end]
		if name[0] != '#' {
			r, ok := entities[name]
			if !ok {
				return 0, 0
			}
			return r, end + 1
		}
		base, digits := rune(10), name[1:]
		if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
			base, digits = 16, digits[1:]
		}
		if r, ok := number(digits, base); ok {
			return r, end + 1
		}
	case '\\':
		if len(s) >= 6 && s[1] == 'u' {
			if r, ok := number(s[2:6], 16); ok && (r < 0xD800 || r > 0xDFFF) {
				return r, 6
			}
		}
	case '%', '=':
		if len(s) >= 4 && isAlnum(s[3]) && (s[0] == '%' || s[1:3] == "40" || s[1:3] == "2E") {
			if r, ok := number(s[1:3], 16); ok && strings.IndexByte("@ ._-+:/,'", byte(r)) >= 0 {
				return r, 3
			}
		}
	}
	return 0, 0
}

func number(s string, base rune) (rune, bool) {
	if s == "" || len(s) > 6 {
		return 0, false
	}
	var n rune
	for i := 0; i < len(s); i++ {
		d := hexValue(s[i])
		if d < 0 || d >= base {
			return 0, false
		}
		n = n*base + d
	}
	return n, n > 0 && n <= unicode.MaxRune
}

func hexValue(b byte) rune {
	switch {
	case b >= '0' && b <= '9':
		return rune(b - '0')
	case b >= 'a' && b <= 'f':
		return rune(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return rune(b-'A') + 10
	}
	return -1
}

func isAlnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
