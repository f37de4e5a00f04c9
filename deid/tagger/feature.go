package tagger

import "chaperone/reference"

const (
	tableBits = 18
	tableSize = 1 << tableBits
	// maxFeatures bounds the features of one word.
	maxFeatures = 48
)

// feature names a row of the table of weights.
type feature uint32

func hash(template, a, b uint64) feature {
	h := (template+1)*0x9E3779B97F4A7C15 ^ (a+0x7F4A7C15)*0xBF58476D1CE4E5B9
	h ^= h >> 29
	h = (h ^ b*0x94D049BB133111EB) * 0xD6E8FEB86659FD93
	h ^= h >> 32
	return feature(h * 0x9E3779B97F4A7C15 >> (64 - tableBits))
}

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
	return sortOf(&p.tok[j])
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

// features writes the features of token i into dst and yields how many.
func (p *page) features(i int, dst *[maxFeatures]feature) int {
	t := &p.tok[i]
	e := t.Entry
	n := 0
	put := func(template, a, b uint64) {
		dst[n] = hash(template, a, b)
		n++
	}
	shape, size := uint64(t.Shape), uint64(min(t.End-t.Start, 12))
	lists := grade(e.Given())<<16 | grade(e.Family())<<12 | grade(e.Place())<<8 | uint64(e.English())<<4 | uint64(e.French())
	own := sortOf(t)
	p1, n1 := p.around(i, -1), p.around(i, 1)
	p2, n2 := p.around(i, -2), p.around(i, 2)

	put(0, p.regime, shape)
	put(1, lists, shape)
	put(2, uint64(e.Given())<<8|uint64(e.English())<<4, shape)
	put(3, uint64(e.Family())<<8|uint64(e.English())<<4, shape)
	put(4, uint64(e.Place())<<8|uint64(e.English())<<4, shape)
	put(5, uint64(e&traits), shape)
	put(6, own, shape)
	put(7, shape<<8|size, known(e))
	if e.English() > 0 || e.French() > 0 || e&traits != 0 {
		put(8, uint64(t.Key)>>20, 0)
	}
	put(9, p.ending(t, 3), known(e))
	put(10, p.ending(t, 2), shape)
	put(32, p.ending(t, 4), lists)
	put(11, p.beginning(t), known(e))
	put(12, p1, 0)
	put(13, n1, 0)
	put(14, p1, own)
	put(15, n1, own)
	put(16, p2, p1)
	put(17, n1, n2)
	put(18, p1, n1)
	put(19, p2, 0)
	put(20, n2, 0)
	put(21, p1, lists)
	put(22, n1, lists)
	put(23, p.around(i, -3), p2)
	put(24, uint64(t.Gap), lists)
	if l := p.labelBefore(i); l != 0 {
		put(25, l, shape)
		put(26, l, lists)
	}
	put(27, p.regime<<8|shape, lists)
	put(28, p1, p.regime<<8|shape)
	put(29, p.opening(i), lists)
	put(30, p.neighbours(i), lists)
	put(31, p.neighbours(i), shape)
	return n
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

// ending hashes the last n letters in lower case.
func (p *page) ending(t *Token, n int32) uint64 {
	from := max(t.Start, t.End-n)
	return lowerBytes(p.text[from:t.End])
}

// beginning hashes the first three letters in lower case.
func (p *page) beginning(t *Token) uint64 {
	return lowerBytes(p.text[t.Start:min(t.End, t.Start+3)])
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
