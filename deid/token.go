package deid

import (
	"slices"

	"chaperone/reference"
)

// token is one word, number or mark of the folded text.
type token struct {
	key        reference.Key // of the word in lower case
	cue        cue
	start, end int32
	entry      reference.Entry
	kind       tokenKind
	shape      shape
	gap        gap
	value      uint8 // month, number word
}

type tokenKind uint8

const (
	edge   tokenKind = iota // outside the text
	word                    // letters
	digits                  // digits
	mixed                   // letters and digits
	punct                   // one mark
)

type shape uint8

const (
	lower1  shape = iota // all small
	title1               // one capital at the beginning
	upper2               // two or more letters, all capitals
	initial              // one capital alone
	camel                // capitals inside
)

// gap is what stands between a token and the one before it.
type gap uint8

const (
	gapNone gap = iota
	gapSpace
	gapWide // a tab, or three spaces and more
	gapLine
	gapPara
)

// Classes of bytes.
const (
	isSpaceByte = iota
	isLetterByte
	isUpperByte
	isDigitByte
	isMarkByte
	isLineByte
)

var classOf = func() (c [256]uint8) {
	for b := range c {
		switch {
		case b >= 'a' && b <= 'z', b >= 0x80:
			c[b] = isLetterByte
		case b >= 'A' && b <= 'Z':
			c[b] = isUpperByte
		case b >= '0' && b <= '9':
			c[b] = isDigitByte
		case b == '\n' || b == '\r' || b == '\f' || b == '\v':
			c[b] = isLineByte
		case b == ' ' || b == '\t':
			c[b] = isSpaceByte
		default:
			c[b] = isMarkByte
		}
	}
	return c
}()

// tokenize cuts the folded text.
func (p *page) tokenize() {
	s := p.txt
	p.tok = make([]token, 0, len(s)/5+8)
	for i := 0; i < len(s); {
		g, j := space(s, i)
		if j == len(s) {
			break
		}
		t := token{start: int32(j), gap: g}
		if classOf[s[j]] == isMarkByte {
			t.kind, t.end = punct, int32(j+1)
			i = j + 1
		} else {
			i = p.scan(&t, j)
			if t.kind == mixed && t.size() <= 14 && t.size() > 2 {
				p.mendLabel(&t, s[t.start:t.end])
			}
			if t.kind == word && s[j] == 'l' && t.size() > 1 && (s[j+1] == 'n' || s[j+1] == 'D') {
				p.mendCapital(&t, s[t.start:t.end])
			}
			if t.kind == word {
				c := p.cues.slot(t.key)
				t.entry = p.lex.Look(t.key) | c.entry
				t.cue, t.value = c.cue, c.value
			}
		}
		if len(p.tok) == cap(p.tok) { // as many again for each byte as so far
			p.tok = slices.Grow(p.tok, int(float64(len(p.tok))/float64(i)*float64(len(s)-i))+8)
		}
		p.tok = append(p.tok, t)
	}
	both := make([]bool, 2*len(p.tok))
	p.guard, p.taken = both[:len(p.tok):len(p.tok)], both[len(p.tok):]
}

// space measures the blank from i on and yields where it ends.
func space(s string, i int) (gap, int) {
	from, lines, tabs := i, 0, false
	for ; i < len(s); i++ {
		switch classOf[s[i]] {
		case isSpaceByte:
			tabs = tabs || s[i] == '\t'
			continue
		case isLineByte:
			if s[i] != '\r' {
				lines++
			}
			continue
		}
		break
	}
	switch {
	case lines > 1:
		return gapPara, i
	case lines == 1 || from == 0:
		return gapLine, i
	case tabs || i-from >= 3:
		return gapWide, i
	case i > from:
		return gapSpace, i
	}
	return gapNone, i
}

// scan reads the run of letters and digits at i and yields where it ends.
func (p *page) scan(t *token, i int) int {
	s := p.txt
	letters, numbers, uppers := 0, 0, 0
	k := reference.NewKey
	from := i
loop:
	for ; i < len(s); i++ {
		b := s[i]
		switch classOf[b] {
		case isLetterByte:
			letters++
		case isUpperByte:
			letters++
			uppers++
			b += 'a' - 'A'
		case isDigitByte:
			numbers++
		default:
			break loop
		}
		k = k.Add(b)
	}
	t.end, t.key = int32(i), k
	switch {
	case numbers == 0:
		t.kind = word
	case letters == 0:
		t.kind = digits
	default:
		t.kind = mixed
	}
	switch {
	case uppers == 0:
		t.shape = lower1
	case uppers == letters && letters == 1:
		t.shape = initial
	case uppers == letters:
		t.shape = upper2
	case uppers == 1 && classOf[s[from]] == isUpperByte:
		t.shape = title1
	case uppers > 2 && misread(s[from:i], letters-uppers):
		t.shape = upper2
	default:
		t.shape = camel
	}
	return i
}

// misread says whether all the small letters of s are an l, as where a scan
// has read a capital I: GRlMSHAW.
func misread(s string, small int) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == 'l' {
			small--
		}
	}
	return small == 0
}

// size is the number of bytes of the folded token.
func (t *token) size() int { return int(t.end - t.start) }

// capital reports whether the token begins with a capital.
func (t *token) capital() bool { return t.kind == word && t.shape != lower1 && t.shape != camel }
