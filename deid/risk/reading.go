package risk

import (
	"cmp"
	"slices"
)

// Reading is a text that was read once, for every question about it. It keeps
// the text; it never changes and is safe for concurrent use.
type Reading struct {
	judge *Judge
	page  page
}

// Read reads a text.
func (j *Judge) Read(text string) Reading {
	words := make([]word, 0, len(text)/6+8)
	return Reading{j, page{text, lowered(text), j.gate.split(words, text, 0, len(text))}}
}

// Left is Judge.Of for the text that was read.
func (r Reading) Left(hidden ...Span) Residual {
	p := portrait{judge: r.judge, page: page{r.page.text, r.page.lower, r.visible(hidden)}}
	p.findAge()
	p.findSex()
	p.findTraits()
	p.findPlaces()
	p.findDates()
	p.findBody()
	return p.residual()
}

// visible yields the words that do not stand in a hidden span, and of those that
// stand in one in part, the rest.
func (r Reading) visible(hidden []Span) []word {
	hidden = union(hidden)
	if len(hidden) == 0 {
		return r.page.words
	}
	words := make([]word, 0, len(r.page.words))
	cut := false
	for _, w := range r.page.words {
		for len(hidden) > 0 && hidden[0].End <= int(w.start) {
			hidden, cut = hidden[1:], true
		}
		if len(hidden) == 0 || hidden[0].Start >= int(w.end) {
			w.cut, cut = cut, false
			words = append(words, w)
			continue
		}
		for at := int(w.start); at < int(w.end); {
			if len(hidden) > 0 && hidden[0].Start <= at {
				at, cut = hidden[0].End, true
				if at <= int(w.end) {
					hidden = hidden[1:]
				}
				continue
			}
			end := int(w.end)
			if len(hidden) > 0 {
				end = min(end, hidden[0].Start)
			}
			n := len(words)
			if words = r.judge.gate.split(words, r.page.text, at, end); len(words) > n {
				words[n].cut, cut = cut, false
			}
			at = end
		}
	}
	return words
}

// union yields the spans in order, those that overlap or touch as one, without
// the empty ones.
func union(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	out := spans[:0]
	for _, s := range spans {
		switch n := len(out); {
		case s.End <= s.Start:
		case n > 0 && s.Start <= out[n-1].End:
			out[n-1].End = max(out[n-1].End, s.End)
		default:
			out = append(out, s)
		}
	}
	return out
}
