package tagger

import (
	"math"
	"sort"
)

// Reading is one text as the tagger sees it: for every word that could be part
// of an identifier what it would be, and by how much that beats its being none.
type Reading struct {
	model   *Model
	page    *page
	labels  []label // of each word of the chain
	margins []int32
}

// Spans yields what identifies under a bias, sorted, without overlaps.
func (r *Reading) Spans(b Bias) []Span {
	var out []Span
	for i := 0; i < len(r.labels); {
		j := r.page.run(i)
		out = r.run(i, j, b, out)
		i = j
	}
	return out
}

// slack is by how much less sure the tagger may be of a word that goes on with
// what has begun.
const slack = 200

// run appends what one run of linked words holds.
func (r *Reading) run(from, to int, b Bias, out []Span) []Span {
	for k := from; k < to; {
		l, margin := r.labels[k], r.margins[k]
		first := k
		k++
		if margin < b.of(l) {
			continue
		}
		for k < to && r.goesOn(k, l) && r.margins[k] >= b.of(l)-slack {
			margin = max(margin, r.margins[k])
			k++
		}
		if x, y, ok := r.page.trim(l.kind(), int(r.page.chain[first]), int(r.page.chain[k-1])); ok {
			out = append(out, Span{int(r.page.tok[x].Start), int(r.page.tok[y].End), l.kind(), r.model.score(l, margin)})
			for k < to && int(r.page.chain[k]) <= y {
				k++
			}
		}
	}
	return out
}

// goesOn reports whether word k goes on with a span that l opened: as its
// inside, or as the beginning of another of the same kind with only a blank
// between, which is one in two halves.
func (r *Reading) goesOn(k int, l label) bool {
	return r.labels[k].continues(l) || r.labels[k].kind() == l.kind() && r.page.chain[k] == r.page.chain[k-1]+1
}

// Margin yields the largest margin of any word between two byte offsets: how
// strongly the tagger speaks for a finding of a rule. It is far below zero where
// the tagger speaks against it, and math.MinInt32 where no word there could be
// part of a name, place or organisation.
func (r *Reading) Margin(start, end int) int32 {
	chain := r.page.chain
	k := sort.Search(len(chain), func(k int) bool { return int(r.page.tok[chain[k]].End) > start })
	best := int32(math.MinInt32)
	for ; k < len(chain) && int(r.page.tok[chain[k]].Start) < end; k++ {
		best = max(best, r.margins[k])
	}
	return best
}
