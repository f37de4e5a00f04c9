package tagger

import (
	"unicode/utf8"

	"chaperone/reference"
)

const (
	tableBits = 20
	tableSize = 1 << tableBits
	// maxFeatures bounds the features of one word.
	maxFeatures = 64
)

// feature names a row of the table of weights.
type feature uint32

// hash is the row of a feature: a template with two values, of which the second is
// given as a factor.
func hash(template, a, factor uint64) feature {
	h := (template+1)*0x9E3779B97F4A7C15 ^ (a+0x7F4A7C15)*0xBF58476D1CE4E5B9
	h ^= h >> 29
	h = (h ^ factor) * 0xD6E8FEB86659FD93
	h ^= h >> 32
	return feature(h * 0x9E3779B97F4A7C15 >> (64 - tableBits))
}

// factor makes ready the second value for hash: most features of a word share theirs.
func factor(b uint64) uint64 { return b * 0x94D049BB133111EB }

// grade halves a scale of 0 to 9 to five steps.
func grade(n int) uint64 { return uint64((n + 1) / 2) }

const traits = reference.Clinical | reference.Eponym | reference.Drug | reference.Device | reference.PlaceHead |
	reference.Region | reference.Facility | reference.FacilityHead | reference.Nationality

// sort is what the lists and the shape say about a token: words that everybody
// uses stand for themselves, all others for their sort.
func sortOf(t *Token) uint64 {
	switch t.Kind {
	case Mark:
		return 1<<40 | uint64(t.Mark)
	case Number:
		return 2<<40 | uint64(min(t.End-t.Start, 6))
	case Mixed:
		return 3 << 40
	}
	e := t.Entry
	if en := e.English(); en > 0 && en <= 3 || e.French() == 1 || t.End-t.Start <= 3 {
		return 4<<40 | uint64(t.Key)>>26
	}
	return 5<<40 | uint64(t.Shape)<<20 | grade(e.Given())<<16 | grade(e.Family())<<12 | grade(e.Place())<<8 | known(e)
}

// known says in three bits whether the word is a word of English, French,
// medicine.
func known(e reference.Entry) uint64 {
	var n uint64
	if e.English() > 0 {
		n |= 1
	}
	if e.French() > 0 {
		n |= 2
	}
	if e.Has(reference.Clinical | reference.Drug | reference.Device) {
		n |= 4
	}
	return n
}

// edgeSort stands for what is beyond the text or the line.
const edgeSort = 6 << 40

// around yields the sort of the token at distance d from i, and whether a line
// end lies between them.
func (p *page) around(i, d int) uint64 {
	j := i + d
	if j < 0 || j >= len(p.tok) {
		return edgeSort
	}
	a, b := i, j
	if a > b {
		a, b = b, a
	}
	for k := a + 1; k <= b; k++ {
		if p.tok[k].Gap == GapLine {
			return edgeSort
		}
	}
	return p.sorts[j]
}

// labelBefore finds the word before the nearest colon to the left on the line,
// at most eight tokens away, as in "Attending: Jane Roe".
func (p *page) labelBefore(i int) uint64 {
	for j := i; j > 0 && i-j < 8; j-- {
		if p.tok[j].Gap == GapLine {
			return 0
		}
		if p.tok[j-1].Kind == Mark && p.tok[j-1].Mark == ':' && j > 1 {
			return uint64(p.tok[j-2].Key)>>24 | 1
		}
	}
	return 0
}

// description collects the features of one word.
type description struct {
	dst          *[maxFeatures]feature
	n            uint
	shape, lists uint64 // of the word

	byShape, byLists, byKnown uint64 // factors
}

func (x *description) put(template, a, b uint64) { x.with(template, a, factor(b)) }

// with is put for a factor.
func (x *description) with(template, a, factor uint64) {
	x.dst[x.n%maxFeatures] = hash(template, a, factor)
	x.n++
}

// features writes the features of token i into dst and yields how many.
func (p *page) features(i int, dst *[maxFeatures]feature) int {
	t := &p.tok[i]
	e := t.Entry
	x := description{
		dst: dst, shape: uint64(t.Shape),
		lists: grade(e.Given())<<16 | grade(e.Family())<<12 | grade(e.Place())<<8 | uint64(e.English())<<4 | uint64(e.French()),
	}
	x.byShape, x.byLists, x.byKnown = factor(x.shape), factor(x.lists), factor(known(e))
	p.describeWord(i, &x)
	p.describeSides(i, &x)
	p.describePlace(i, &x)
	return int(x.n)
}

// describeWord says what the word at i is.
func (p *page) describeWord(i int, x *description) {
	t := &p.tok[i]
	e := t.Entry
	x.with(0, p.regime, x.byShape)
	x.with(1, x.lists, x.byShape)
	x.with(2, uint64(e.Given())<<8|uint64(e.English())<<4, x.byShape)
	x.with(3, uint64(e.Family())<<8|uint64(e.English())<<4, x.byShape)
	x.with(4, uint64(e.Place())<<8|uint64(e.English())<<4, x.byShape)
	x.with(5, uint64(e&traits), x.byShape)
	x.with(6, p.sorts[i], x.byShape)
	x.with(7, x.shape<<8|uint64(min(t.End-t.Start, 12)), x.byKnown)
	if e.English() > 0 || e.French() > 0 || e&traits != 0 {
		x.with(8, uint64(t.Key)>>20, 0)
	}
	x.with(9, p.ending(t, 3), x.byKnown)
	x.with(10, p.ending(t, 2), x.byShape)
	x.with(32, p.ending(t, 4), x.byLists)
	x.with(11, p.beginning(t), x.byKnown)
	x.with(24, uint64(t.Gap), x.byLists)
	x.with(27, p.regime<<8|x.shape, x.byLists)
	seen := p.seen(i)
	x.put(49, seen, x.shape<<8|p.opening(i))
	x.with(50, seen, x.byLists)
}

// describeSides says what stands before and after the word at i.
func (p *page) describeSides(i int, x *description) {
	own := p.sorts[i]
	p1, n1 := p.around(i, -1), p.around(i, 1)
	p2, n2 := p.around(i, -2), p.around(i, 2)
	x.with(12, p1, 0)
	x.with(13, n1, 0)
	x.put(14, p1, own)
	x.put(15, n1, own)
	x.put(16, p2, p1)
	x.put(17, n1, n2)
	x.put(18, p1, n1)
	x.with(19, p2, 0)
	x.with(20, n2, 0)
	x.with(21, p1, x.byLists)
	x.with(22, n1, x.byLists)
	x.put(23, p.around(i, -3), p2)
	x.put(28, p1, p.regime<<8|x.shape)
	for k, d := range [...]int{-3, -2, -1, 1, 2, 3} {
		w := p.wordAt(i, d)
		if w == 0 {
			continue
		}
		x.with(uint64(33+k), w, 0)
		if d == -1 || d == 1 {
			x.with(uint64(43+k), w, x.byLists)
		}
	}
}

// describePlace says where on its line and in its stretch the word at i stands.
func (p *page) describePlace(i int, x *description) {
	if l := p.labelBefore(i); l != 0 {
		x.with(25, l, x.byShape)
		x.with(26, l, x.byLists)
	}
	x.with(29, p.opening(i), x.byLists)
	x.with(30, p.neighbours(i), x.byLists)
	x.with(31, p.neighbours(i), x.byShape)
	c := p.company(i)
	x.put(39, c.head, c.place)
	x.put(40, c.tail, c.place)
	x.with(41, c.tail, x.byShape)
	x.put(42, c.place, c.line<<8|x.shape)
}

// wordAt yields the key of a word at distance d that some list holds as a word,
// however seldom it is.
func (p *page) wordAt(i, d int) uint64 {
	j := i + d
	if j < 0 || j >= len(p.tok) {
		return 0
	}
	t := &p.tok[j]
	if t.Kind != Word || t.Entry.English() == 0 && t.Entry.French() == 0 && t.Entry&traits == 0 {
		return 0
	}
	return uint64(t.Key)>>22 | 1
}

// opening says whether a sentence or line begins at token i.
func (p *page) opening(i int) uint64 {
	t := &p.tok[i]
	if i == 0 || t.Gap == GapLine {
		return 1
	}
	switch p.tok[i-1].Mark {
	case '.', '!', '?', ';':
		return 2
	case ':', '|', '"', '(', '[', '*':
		return 3
	case ',':
		return 4
	}
	return 0
}

// neighbours says how the words on both sides use capitals and numbers.
func (p *page) neighbours(i int) uint64 {
	n := uint64(0)
	for _, d := range [...]int{-2, -1, 1, 2} {
		n <<= 4
		j := i + d
		if j < 0 || j >= len(p.tok) {
			n |= 15
			continue
		}
		n |= uint64(p.tok[j].Kind)
		if p.tok[j].Kind == Word && p.tok[j].Shape != Lower {
			n |= 4
		}
	}
	return n
}

// ending hashes the last n letters in lower case, without accents.
func (p *page) ending(t *Token, n int) uint64 {
	w := p.plain(t)
	return lowerBytes(w[max(0, len(w)-n):])
}

// beginning hashes the first three letters in lower case, without accents.
func (p *page) beginning(t *Token) uint64 {
	w := p.plain(t)
	return lowerBytes(w[:min(len(w), 3)])
}

// plain yields a word without accents, so that a text that was folded before
// reads like any other.
func (p *page) plain(t *Token) string {
	w := p.text[t.Start:t.End]
	for i := 0; i < len(w); i++ {
		if w[i] >= utf8.RuneSelf {
			return reference.Fold(w)
		}
	}
	return w
}

func lowerBytes(s string) uint64 {
	var h uint64
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		h = h<<8 | uint64(b)
	}
	return h
}
