package format

import (
	"slices"
	"strings"
)

// builder gathers the spans of a document.
type builder struct {
	name  Name
	raw   []byte
	spans []span
}

// token is a piece of a document with its text.
type token struct {
	start, end int // bytes in raw
	text       string
	at         []int32 // see span
	encode     func(string) string
	wrap       func(string) []byte
	gaps       []stretch // bytes within that are no text
}

// add makes a locus of a whole token. Blank texts are none. Blanks around the
// text stay outside.
func (b *builder) add(t token, l Locus) {
	from := len(t.text) - len(strings.TrimLeft(t.text, " \t\r\n"))
	to := len(strings.TrimRight(t.text, " \t\r\n"))
	b.part(t, from, to, l)
}

// part makes a locus of a part of a token.
func (b *builder) part(t token, from, to int, l Locus) {
	if from >= to {
		return
	}
	l.Text = t.text[from:to]
	s := span{locus: l, start: t.start + from, end: t.start + to, encode: t.encode}
	switch {
	case t.wrap != nil:
		// The whole token is written anew, the blanks around the text with it.
		s.start, s.end = t.start, t.end
		before, after := t.text[:from], t.text[to:]
		s.wrap = func(text string) []byte { return t.wrap(before + text + after) }
	case t.at != nil:
		s.start, s.end = t.start+int(t.at[from]), t.start+int(t.at[to])
		s.at = make([]int32, to-from+1)
		for i := range s.at {
			s.at[i] = t.at[from+i] - t.at[from]
		}
		for _, g := range t.gaps {
			if g.start >= s.start && g.end <= s.end {
				s.gaps = append(s.gaps, stretch{g.start - s.start, g.end - s.start})
			}
		}
	}
	b.spans = append(b.spans, s)
}

// nest makes a document of its own of raw[start:end].
func (b *builder) nest(start, end int, l Locus, inner *Document, pack func([]byte) []byte) {
	if inner.held != nil || len(inner.spans) > 0 {
		b.spans = append(b.spans, span{locus: l, start: start, end: end, inner: inner, pack: pack})
	}
}

// document puts the spans in order and says on which line each is. Of spans
// that overlap the first is kept: no byte is written twice.
func (b *builder) document() *Document {
	b.sort()
	kept := b.spans[:0]
	ln, last := newLines(b.raw), 0
	for i := range b.spans {
		s := &b.spans[i]
		if s.start < last {
			continue
		}
		last = s.end
		s.locus.Line = ln.of(s.start)
		if len(kept) < i {
			kept = append(kept, *s)
		} else {
			kept = b.spans[:i+1]
		}
	}
	return &Document{name: b.name, raw: b.raw, spans: kept}
}

// sort puts the spans in the order of their bytes, in which most readers make
// them.
func (b *builder) sort() {
	for i := 1; i < len(b.spans); i++ {
		if b.spans[i].start < b.spans[i-1].start {
			slices.SortStableFunc(b.spans, func(x, y span) int { return x.start - y.start })
			return
		}
	}
}
