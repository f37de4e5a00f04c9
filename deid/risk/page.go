package risk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/reference"
)

// page is a text and its words. A word is looked at only where its signs say
// that it may matter, so that most words cost no more than their bytes.
type page struct {
	text  string
	lower string // text with small letters for the capitals of ASCII
	words []word
}

// word is a run of letters and digits, in bytes of the text.
type word struct {
	start, end int32
	signs      signs
	cut        bool // something was hidden before it
}

// raw is the word as it stands.
func (p *page) raw(i int) string { return p.text[p.words[i].start:p.words[i].end] }

// folded is the word in small letters without accents, as reference.Fold has it;
// "" outside of the text.
func (p *page) folded(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	if w := &p.words[i]; w.signs&wide == 0 {
		return p.lower[w.start:w.end]
	}
	return reference.Fold(p.raw(i))
}

// gap is what stands between the word and the one before it. Where something
// was hidden it is a full stop, so that nothing is read across it.
func (p *page) gap(i int) string {
	w := &p.words[i]
	switch {
	case w.cut:
		return ". "
	case i == 0:
		return p.text[:w.start]
	}
	return p.text[p.words[i-1].end:w.start]
}

// signed reports whether the word has any of the signs; none outside of the text
// has.
func (p *page) signed(i int, s signs) bool {
	return i >= 0 && i < len(p.words) && p.words[i].signs&s != 0
}

// capital reports whether the word begins with a capital letter.
func (p *page) capital(i int) bool { return p.words[i].signs&capital != 0 }

// shouted reports whether the word is all capitals and digits.
func (p *page) shouted(i int) bool {
	if p.words[i].signs&(wide|capital|digit) == 0 {
		return false
	}
	return p.raw(i) == strings.ToUpper(p.raw(i))
}

// glued reports whether nothing but spaces or a hyphen stands before the word.
func (p *page) glued(i int) bool {
	gap := p.gap(i)
	return gap == " " || gap == "-" || gap == "\u2011" || gap == ""
}

// split cuts a text from a byte on to another into words.
func (g *gate) split(words []word, text string, from, to int) []word {
	for at := from; at < to; {
		w := word{start: int32(at)}
		if at, w.signs = g.scan(text[:to], at); at > int(w.start) {
			w.end = int32(at)
			words = append(words, w)
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:to])
		at += size
	}
	return words
}

// scan reads the word at text[at:] and yields where it ends: at itself where no
// word begins.
func (g *gate) scan(text string, at int) (int, signs) {
	h, from := uint32(hashSeed), at
	for ; at < len(text); at++ {
		b := text[at]
		kind := kinds[b]
		switch kind {
		case wideByte:
			if r, _ := utf8.DecodeRuneInString(text[at:]); isPart(r) {
				return g.scanWide(text, from, at)
			}
			kind = otherByte
		case capitalByte:
			b += 'a' - 'A'
		}
		if kind == otherByte {
			break
		}
		h = (h ^ uint32(b)) * hashPrime
	}
	if at == from {
		return at, 0
	}
	return at, g.look(h) | first(text[from])
}

func isPart(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// scanWide is scan for a word that holds more than ASCII, from at on.
func (g *gate) scanWide(text string, from, at int) (int, signs) {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !isPart(r) {
			break
		}
		at += size
	}
	folded := reference.Fold(text[from:at])
	s := g.look(hash(folded)) | wide
	if r, _ := utf8.DecodeRuneInString(text[from:at]); unicode.IsUpper(r) {
		s |= capital
	}
	if folded != "" && folded[0] >= '0' && folded[0] <= '9' {
		s |= digit
	}
	return at, s
}

// lowered yields a text with small letters for the capitals of ASCII.
func lowered(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	from := 0
	for i := range len(text) {
		if kinds[text[i]] == capitalByte {
			b.WriteString(text[from:i])
			b.WriteByte(text[i] + 'a' - 'A')
			from = i + 1
		}
	}
	b.WriteString(text[from:])
	return b.String()
}

// first yields the signs of a word's first byte.
func first(b byte) signs {
	switch {
	case b <= '9':
		return digit
	case b <= 'Z':
		return capital
	}
	return 0
}

// What a byte is to a word.
const (
	otherByte = iota
	smallByte // a small letter or a digit
	capitalByte
	wideByte // of a rune that is not ASCII
)

var kinds = func() (k [256]uint8) {
	for b := range k {
		switch {
		case b >= 'a' && b <= 'z', b >= '0' && b <= '9':
			k[b] = smallByte
		case b >= 'A' && b <= 'Z':
			k[b] = capitalByte
		case b >= utf8.RuneSelf:
			k[b] = wideByte
		}
	}
	return k
}()

// FNV-1a, 32 bits.
const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

func hash(folded string) uint32 {
	h := uint32(hashSeed)
	for i := range len(folded) {
		h = (h ^ uint32(folded[i])) * hashPrime
	}
	return h
}
