package tagger

// company is the stretch of words with capitals that a word stands in.
type company struct {
	head, tail uint64 // its first and last word
	place      uint64 // where the word stands in it, and how long it is
	line       uint64 // whether the line goes on in small letters
}

// company looks up to five words to both sides: what a house is ("Center",
// "Foods") is often said far from where its name begins.
func (p *page) company(i int) company {
	a, b, before, after := i, i, uint64(0), uint64(0)
	for a > 0 && before < 5 && p.tok[a].Gap <= GapSpace && p.stands(a-1) {
		a--
		before++
	}
	for b+1 < len(p.tok) && after < 5 && p.tok[b+1].Gap <= GapSpace && p.stands(b+1) {
		b++
		after++
	}
	x := company{place: before<<4 | after, head: p.sorts[a], tail: p.sorts[b]}
	if w := p.wordAt(b, 0); w != 0 {
		x.tail = w
	}
	if w := p.wordAt(a, 0); w != 0 {
		x.head = w
	}
	if b+1 < len(p.tok) && p.tok[b+1].Gap <= GapSpace {
		x.line = 1 + uint64(p.tok[b+1].Kind)
	}
	return x
}

// stands reports whether token j can go on with a name: a mark that names are
// written with; a word by its capital, as a small link between two, and in
// texts without capitals by not being a word of grammar.
func (p *page) stands(j int) bool {
	t := &p.tok[j]
	if t.Kind != Word {
		return t.Mark == '&' || t.Mark == '-' || t.Mark == '\''
	}
	if t.Shape != Lower {
		return true
	}
	if p.regime == mixedCase {
		return t.End-t.Start <= 4 && p.bridge(j)
	}
	return t.Entry.English() != 1 || houses[t.Key]
}
