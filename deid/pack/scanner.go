package pack

import "math/bits"

// pattern is a shape or an expression.
type pattern interface {
	// match returns where the longest match that begins at text[at] and does not
	// end inside a word ends, or -1.
	match(text string, at int) int
	// opening says which bytes its matches can begin with, by position. After the
	// end of its shortest match every byte can stand.
	opening() [prefix]byteSet
}

// byteSet says for each byte whether it is in.
type byteSet [256]bool

// prefix is the number of bytes that decide whether a pattern is tried. Eight
// tell "@@######" from a word of six letters.
const prefix = 8

// scanner looks for many patterns in one pass. At every place where a match can
// begin it intersects, 64 patterns at a time, what can still match after each of
// the next bytes; in clean text nothing is left after one or two.
type scanner struct {
	patterns []pattern
	blocks   []block
	starts   byteSet
}

type block [prefix][256]uint64

func newScanner(patterns []pattern) *scanner {
	s := &scanner{patterns: patterns, blocks: make([]block, (len(patterns)+63)/64)}
	for i, p := range patterns {
		for d, set := range p.opening() {
			for b, in := range set {
				if in {
					s.blocks[i/64][d][b] |= 1 << (i % 64)
				}
			}
		}
	}
	for _, b := range s.blocks {
		for c, m := range b[0] {
			s.starts[c] = s.starts[c] || m != 0
		}
	}
	return s
}

// at tells found of every pattern that matches at text[i]. The caller sees to it
// that no word is cut there.
func (s *scanner) at(text string, i int, found func(n, start, end int)) {
	for k := range s.blocks {
		b := &s.blocks[k]
		m := b[0][text[i]]
		for d := 1; d < prefix && m != 0; d++ {
			next := byte('\n') // a text ends like a line
			if i+d < len(text) {
				next = text[i+d]
			}
			m &= b[d][next]
		}
		for ; m != 0; m &= m - 1 {
			n := k*64 + bits.TrailingZeros64(m)
			if end := s.patterns[n].match(text, i); end > i {
				found(n, i, end)
			}
		}
	}
}

// scan tells found of every match in text, in order of their beginnings.
func (s *scanner) scan(text string, found func(n, start, end int)) {
	if len(s.patterns) == 0 {
		return
	}
	inWord := false
	for i := 0; i < len(text); i++ {
		within := inWord
		inWord = wordBytes[text[i]]
		if s.starts[text[i]] && !(within && inWord) {
			s.at(text, i, found)
		}
	}
}

// wordBytes are letters, digits and everything beyond ASCII.
var wordBytes = func() (set byteSet) {
	for b := range set {
		set[b] = isWord(byte(b))
	}
	return set
}()
