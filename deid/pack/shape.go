package pack

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"chaperone/deid"
)

// A shape is how a number looks: CC-###### is CC, a dash and six digits.
//
//	#        a digit
//	@        a letter
//	*        a letter or a digit
//	{6}      six of what stands before; {6,8}: six to eight
//	[ ... ]  may be missing
//	\        the next character stands for itself
//	a blank  one blank or line break
//
// Everything else stands for itself, letters in either case.
//
// It is compiled to an automaton over positions (Glushkov, 1961), one bit each,
// so that matching takes one step a byte whatever the shape.
type shape struct {
	first  uint64                // positions that can begin
	follow [maxPositions]uint64  // positions that can come next
	final  uint64                // positions that can end
	accept [256]uint64           // by byte: the positions that it fits
	class  [maxPositions]classOf // to build accept, and to tell shapes apart
	size   int
}

// maxPositions bounds the length of what a shape matches, in bytes.
const maxPositions = 64

// maxShape bounds a shape as it is written, in bytes.
const maxShape = 200

// classOf is what fits at one position.
type classOf struct {
	digit, letter bool
	literal       byte // in lower case; 0: none
}

func (c classOf) fits(b byte) bool {
	switch {
	case b >= '0' && b <= '9':
		return c.digit || c.literal == b
	case isLetter(b):
		return c.letter || c.literal == lower(b)
	case c.literal == ' ':
		return b == ' ' || b == '\t' || b == '\n'
	}
	return c.literal != 0 && c.literal == b
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func isWord(b byte) bool { return isLetter(b) || b >= '0' && b <= '9' || b >= utf8.RuneSelf }

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// parseShape compiles a shape. The error says what is wrong with it and repeats
// none of it.
func parseShape(src string) (*shape, error) {
	if len(src) > maxShape {
		return nil, fmt.Errorf("a shape has at most %d characters", maxShape)
	}
	p := shapeParser{src: src, out: &shape{}, open: 1}
	if err := p.parse(); err != nil {
		return nil, err
	}
	s := p.out
	s.final = p.open >> 1 // the bit of nothing read is not a position
	s.build()
	if p.open&1 != 0 || s.size == 0 {
		return nil, errors.New("a shape must not match nothing; leave something outside of [ ]")
	}
	if !s.particular() {
		return nil, errors.New("a shape needs a digit (#), or letters (@) and two characters that stand for themselves; plain words belong under deny, and a # after a blank needs quotes around the shape")
	}
	return s, nil
}

// shapeParser reads a shape from left to right. open holds the positions that
// what comes next can follow, one bit up: bit 0 is the beginning.
type shapeParser struct {
	src  string
	at   int
	out  *shape
	open uint64
	// inside brackets: what was open before them
	optional bool
	before   uint64
	inside   int
}

func (p *shapeParser) parse() error {
	for p.at < len(p.src) {
		switch b := p.src[p.at]; b {
		case '[':
			if p.optional {
				return errors.New("brackets do not stand within brackets")
			}
			p.optional, p.before, p.inside = true, p.open, p.out.size
			p.at++
		case ']':
			if !p.optional || p.inside == p.out.size {
				return errors.New("a ] needs a [ and something between them")
			}
			p.optional = false
			p.open |= p.before
			p.at++
		case '{', '}':
			return errors.New("a count like {6} follows what it counts; write \\{ for the character")
		default:
			c, err := p.class()
			if err != nil {
				return err
			}
			if err := p.repeat(c); err != nil {
				return err
			}
		}
	}
	if p.optional {
		return errors.New("a [ is not closed")
	}
	return nil
}

// class reads what fits at one position.
func (p *shapeParser) class() (classOf, error) {
	r, n := utf8.DecodeRuneInString(p.src[p.at:])
	p.at += n
	switch r {
	case '#':
		return classOf{digit: true}, nil
	case '@':
		return classOf{letter: true}, nil
	case '*':
		return classOf{digit: true, letter: true}, nil
	case '\\':
		if p.at == len(p.src) {
			return classOf{}, errors.New("nothing follows the last \\")
		}
		r, n = utf8.DecodeRuneInString(p.src[p.at:])
		p.at += n
	}
	plain := string(r)
	if r >= utf8.RuneSelf {
		plain = deid.Plain(plain)
	}
	if len(plain) != 1 || plain[0] < ' ' && plain[0] != '\t' || plain[0] >= utf8.RuneSelf {
		return classOf{}, errors.New("a shape is made of ASCII characters; accents are undone before it is looked for")
	}
	if plain[0] == '\t' {
		plain = " "
	}
	return classOf{literal: lower(plain[0])}, nil
}

// repeat adds a class as often as a count says that may follow it.
func (p *shapeParser) repeat(c classOf) error {
	low, high := 1, 1
	if p.at < len(p.src) && p.src[p.at] == '{' {
		end := strings.IndexByte(p.src[p.at:], '}')
		if end < 0 {
			return errors.New("a { is not closed")
		}
		var err error
		if low, high, err = counts(p.src[p.at+1 : p.at+end]); err != nil {
			return err
		}
		p.at += end + 1
	}
	for n := 1; n <= high; n++ {
		before := p.open
		if err := p.add(c); err != nil {
			return err
		}
		if n > low {
			p.open |= before
		}
	}
	return nil
}

// counts reads "6" or "6,8".
func counts(s string) (low, high int, err error) {
	a, b, ranged := strings.Cut(s, ",")
	if !ranged {
		b = a
	}
	low, high = count(a), count(b)
	if low < 1 || high < low {
		return 0, 0, fmt.Errorf("a count is a number from 1 to %d, or two like {6,8}", maxPositions)
	}
	return low, high, nil
}

func count(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || len(s) > 2 {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	if n > maxPositions {
		return 0
	}
	return n
}

// add puts a position behind everything that is open.
func (p *shapeParser) add(c classOf) error {
	s := p.out
	// The bits of open are one up, so that one position fewer has room.
	if s.size == maxPositions-1 {
		return fmt.Errorf("a shape matches at most %d characters", maxPositions-1)
	}
	me := uint64(1) << s.size
	if p.open&1 != 0 {
		s.first |= me
	}
	for rest := p.open >> 1; rest != 0; rest &= rest - 1 {
		s.follow[bits.TrailingZeros64(rest)] |= me
	}
	s.class[s.size] = c
	s.size++
	p.open = me << 1
	return nil
}

func (s *shape) build() {
	for b := range s.accept {
		for i, c := range s.class[:s.size] {
			if c.fits(byte(b)) {
				s.accept[b] |= 1 << i
			}
		}
	}
}

// particular reports whether the shape says more than "some word".
func (s *shape) particular() bool {
	literals, open := 0, 0
	for _, c := range s.class[:s.size] {
		switch {
		case c.digit && !c.letter:
			return true
		case c.letter:
			open++
		case c.literal != ' ':
			literals++
		}
	}
	return open > 0 && literals >= 2
}

// match implements pattern: the longest match from at on that ends a word.
func (s *shape) match(text string, at int) int {
	end := -1
	for open := s.first; at < len(text); at++ {
		hit := open & s.accept[text[at]]
		if hit == 0 {
			break
		}
		open = 0
		for rest := hit; rest != 0; rest &= rest - 1 {
			open |= s.follow[bits.TrailingZeros64(rest)]
		}
		if hit&s.final != 0 && !splits(text, at+1) {
			end = at + 1
		}
	}
	return end
}

// splits reports whether text[at:] goes on with the word that ends before it.
func splits(text string, at int) bool {
	return at > 0 && at < len(text) && isWord(text[at-1]) && isWord(text[at])
}

// opening implements pattern.
func (s *shape) opening() [prefix]byteSet {
	var sets [prefix]byteSet
	open, over := s.first, false
	for d := range sets {
		for b := range sets[d] {
			sets[d][b] = over || open&s.accept[b] != 0
		}
		next := uint64(0)
		for rest := open; rest != 0; rest &= rest - 1 {
			next |= s.follow[bits.TrailingZeros64(rest)]
		}
		over = over || open&s.final != 0
		open = next
	}
	return sets
}
