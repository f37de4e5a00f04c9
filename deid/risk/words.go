package risk

import (
	"slices"
	"strings"
)

// phrases finds phrases of one or more words.
type phrases[T any] struct{ by map[string][]phrase[T] }

type phrase[T any] struct {
	words []string
	caps  bool // must stand in capitals
	value T
}

// add takes a folded phrase, in capitals if it must stand in capitals. The same
// phrase may stand for several values; the first counts.
func (p *phrases[T]) add(form string, value T) {
	if p.by == nil {
		p.by = map[string][]phrase[T]{}
	}
	small := strings.ToLower(form)
	f := phrase[T]{strings.Fields(small), form != small, value}
	list := append(p.by[f.words[0]], f)
	slices.SortStableFunc(list, func(a, b phrase[T]) int { return len(b.words) - len(a.words) })
	p.by[f.words[0]] = list
}

// at yields the longest phrase that begins at word i of a page, and its length.
// The words must stand together: only spaces, a hyphen, an apostrophe, a stroke
// or an end of line between them.
func (p *phrases[T]) at(page *page, i int) (value T, n int) {
	for _, f := range p.by[page.folded(i)] {
		if len(f.words) <= len(page.words)-i && f.matches(page, i) {
			return f.value, len(f.words)
		}
	}
	return value, 0
}

func (f *phrase[T]) matches(p *page, i int) bool {
	for k, w := range f.words {
		if p.folded(i+k) != w || f.caps && !p.shouted(i+k) || k > 0 && !together(p.gap(i+k)) {
			return false
		}
	}
	return true
}

func together(gap string) bool {
	return len(gap) <= 4 && !strings.ContainsAny(gap, ".,;:()!?")
}

// among reports whether a folded word is one of a list apart by spaces.
func among(folded, list string) bool {
	if folded == "" {
		return false
	}
	for rest := list; ; {
		i := strings.Index(rest, folded)
		if i < 0 {
			return false
		}
		end := i + len(folded)
		if (i == 0 || rest[i-1] == ' ') && (end == len(rest) || rest[end] == ' ') {
			return true
		}
		rest = rest[i+1:]
		if j := strings.IndexByte(rest, ' '); j >= 0 {
			rest = rest[j+1:] // to the next word, so that what stands before i no longer matters
		} else {
			return false
		}
	}
}
