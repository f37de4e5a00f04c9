package tagger

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/reference"
)

// Token is one word, number or mark of a text.
type Token struct {
	Key        reference.Key // of the folded word in lower case
	Entry      reference.Entry
	Start, End int32 // UTF-8 bytes of the text
	Kind       Kind
	Shape      Shape
	Gap        Gap
	Mark       byte // the mark, for marks
}

// Kind is what a token is made of.
type Kind uint8

// The kinds of tokens.
const (
	Word   Kind = iota // letters
	Number             // digits
	Mixed              // both
	Mark               // one mark
)

// Shape is how a word uses capitals.
type Shape uint8

// The shapes of words.
const (
	Lower   Shape = iota // none
	Title                // the first letter
	Upper                // two letters and more, all of them
	Initial              // one letter, a capital
	Camel                // inside the word
)

// Gap is what stands before a token.
type Gap uint8

// The gaps between tokens.
const (
	GapNone Gap = iota
	GapSpace
	GapWide // a tab, or three spaces and more
	GapLine
)

// Classes of bytes; every byte from 0x80 on is looked at as a rune.
const (
	isBlank = iota + 1
	isLine
	isSmall
	isCapital
	isDigit
	isMark
)

var classes = func() (c [256]uint8) {
	for b := range c {
		switch {
		case b == '\n' || b == '\r' || b == '\f' || b == '\v':
			c[b] = isLine
		case b <= ' ':
			c[b] = isBlank
		case b >= 'a' && b <= 'z', b >= utf8.RuneSelf:
			c[b] = isSmall
		case b >= 'A' && b <= 'Z':
			c[b] = isCapital
		case b >= '0' && b <= '9':
			c[b] = isDigit
		default:
			c[b] = isMark
		}
	}
	return c
}()

// Tokens cuts a text and looks its words up.
func (m *Model) Tokens(text string) []Token {
	tok := make([]Token, 0, len(text)/5+8)
	for i := 0; i < len(text); {
		g, at := blank(text, i)
		if at == len(text) {
			break
		}
		t := Token{Start: int32(at), Gap: g}
		if classes[text[at]] == isMark {
			t.Kind, t.Mark, i = Mark, text[at], at+1
		} else {
			i = t.scan(text, at)
			if t.Kind == Mixed && misread(text[at:i]) {
				t.reread(text[at:i])
			}
			if t.Kind == Word {
				t.Entry = m.lex.Look(t.Key)
			}
		}
		t.End = int32(i)
		if len(tok) == cap(tok) { // as many again for each byte as so far
			tok = slices.Grow(tok, int(float64(len(tok))/float64(i)*float64(len(text)-i))+8)
		}
		tok = append(tok, t)
	}
	return tok
}

// misread reports whether a run of letters and digits looks like a word that a
// scanner misread: "H0dges", "Wi11iam".
func misread(w string) bool {
	letters, wrong := 0, 0
	for i := 0; i < len(w); i++ {
		switch b := w[i]; {
		case b == '0' || b == '1' || b == '5' || b == '8':
			wrong++
		case classes[b] == isDigit:
			return false
		default:
			letters++
		}
	}
	last := classes[w[len(w)-1]]
	return letters > 3 && wrong < 3 && last != isDigit
}

// reread makes the token the word that was meant.
func (t *Token) reread(w string) {
	t.Kind, t.Shape = Word, Lower
	k := reference.NewKey
	for _, b := range []byte(reference.Fold(w)) {
		switch {
		case b >= 'A' && b <= 'Z':
			b += 'a' - 'A'
		case b == '0':
			b = 'o'
		case b == '1':
			b = 'l'
		case b == '5':
			b = 's'
		case b == '8':
			b = 'b'
		}
		k = k.Add(b)
	}
	t.Key = k
	switch {
	case strings.ToUpper(w) == w:
		t.Shape = Upper
	case classes[w[0]] != isSmall:
		t.Shape = Title
	}
}

// blank measures what separates the token to come, and yields where it starts.
func blank(text string, i int) (Gap, int) {
	from, line, wide := i, i == 0, false
	for ; i < len(text); i++ {
		switch classes[text[i]] {
		case isLine:
			line = true
			continue
		case isBlank:
			wide = wide || text[i] == '\t'
			continue
		}
		break
	}
	switch {
	case line:
		return GapLine, i
	case wide || i-from > 2:
		return GapWide, i
	case i > from:
		return GapSpace, i
	}
	return GapNone, i
}

// scan reads the word at i and yields where it ends.
func (t *Token) scan(text string, i int) int {
	from, small, capitals, digits := i, 0, 0, 0
	first := false
	k := reference.NewKey
	for i < len(text) {
		b := text[i]
		switch classes[b] {
		case isSmall:
			if b >= utf8.RuneSelf {
				n, stop := t.rune(text, i, &k, &small, &capitals)
				if stop && i > from {
					return t.finish(i, k, small, capitals, digits, first)
				}
				first = first || i == from && capitals == 1
				i += n
				if stop {
					t.Mark = plainMark(text[i-n:])
					return t.finish(i, k, small, capitals, digits, first)
				}
				continue
			}
			small++
		case isCapital:
			capitals++
			first = first || i == from
			b += 'a' - 'A'
		case isDigit:
			digits++
		default:
			return t.finish(i, k, small, capitals, digits, first)
		}
		k = k.Add(b)
		i++
	}
	return t.finish(i, k, small, capitals, digits, first)
}

// plainMark yields the plain form of a typographic mark, 1 for any other.
func plainMark(s string) byte {
	r, _ := utf8.DecodeRuneInString(s)
	switch r {
	case '\u2018', '\u2019', '\u02BC', '\u2032':
		return '\''
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
		return '-'
	case '\u201C', '\u201D', '\u00AB', '\u00BB':
		return '"'
	}
	return 1
}

// rune reads one character beyond ASCII; stop says that it is no letter.
func (t *Token) rune(text string, i int, k *reference.Key, small, capitals *int) (size int, stop bool) {
	r, n := utf8.DecodeRuneInString(text[i:])
	if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\u00AD' && r != '\u200B' {
		return n, true
	}
	folded := reference.FoldRune(r)
	for j := 0; j < len(folded); j++ {
		b := folded[j]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		*k = k.Add(b)
	}
	if unicode.IsUpper(r) {
		*capitals++
	} else if folded != "" {
		*small++
	}
	return n, false
}

func (t *Token) finish(end int, k reference.Key, small, capitals, digits int, first bool) int {
	t.Key = k
	switch {
	case small+capitals == 0 && digits == 0:
		t.Kind = Mark
	case digits == 0:
		t.Kind = Word
	case small+capitals == 0:
		t.Kind = Number
	default:
		t.Kind = Mixed
	}
	switch {
	case capitals == 0:
		t.Shape = Lower
	case small == 0 && capitals == 1:
		t.Shape = Initial
	case small == 0:
		t.Shape = Upper
	case capitals == 1 && first:
		t.Shape = Title
	default:
		t.Shape = Camel
	}
	return end
}
