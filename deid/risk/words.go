package risk

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/reference"
)

// word is a run of letters and digits.
type word struct {
	raw    string // as it stands
	folded string // small, without accents
	gap    string // what stands between the word before and this one
}

// capital reports whether the word begins with a capital letter.
func (w *word) capital() bool {
	r, _ := utf8.DecodeRuneInString(w.raw)
	return unicode.IsUpper(r)
}

// shouted reports whether the word is all capitals and digits.
func (w *word) shouted() bool { return w.raw == strings.ToUpper(w.raw) }

// glued reports whether nothing but spaces or a hyphen stands before the word.
func (w *word) glued() bool { return w.gap == " " || w.gap == "-" || w.gap == "\u2011" || w.gap == "" }

// split yields the words of a text that do not stand in a hidden span. Where
// something is hidden, the next word's gap is a full stop, so that nothing is
// read across it.
func split(text string, hidden []Span) []word {
	hidden = slices.Clone(hidden)
	slices.SortFunc(hidden, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	var words []word
	end, cut := 0, false // of the word before
	for at := 0; at < len(text); {
		for len(hidden) > 0 && hidden[0].End <= at {
			hidden = hidden[1:]
		}
		if len(hidden) > 0 && at >= hidden[0].Start {
			at, cut = min(hidden[0].End, len(text)), true
			end = at
			continue
		}
		n := run(text[at:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		if len(hidden) > 0 && hidden[0].Start > at {
			n = min(n, hidden[0].Start-at)
		}
		gap := text[end:at]
		if cut {
			gap, cut = ". ", false
		}
		raw := text[at : at+n]
		words = append(words, word{raw, folded(raw), gap})
		at += n
		end = at
	}
	return words
}

// folded is reference.Fold; most words are folded already, and cost nothing.
func folded(raw string) string {
	for i := range len(raw) {
		if c := raw[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return reference.Fold(raw)
		}
	}
	return raw
}

// run is the length of the word that the text begins with.
func run(text string) int {
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return i
		}
	}
	return len(text)
}

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

// at yields the longest phrase that begins at words[i], and its length. The
// words must stand together: only spaces, a hyphen, an apostrophe, a stroke or
// an end of line between them.
func (p *phrases[T]) at(words []word, i int) (value T, n int) {
	for _, f := range p.by[words[i].folded] {
		if len(f.words) <= len(words)-i && f.matches(words[i:]) {
			return f.value, len(f.words)
		}
	}
	return value, 0
}

func (f *phrase[T]) matches(words []word) bool {
	for k, w := range f.words {
		if words[k].folded != w || f.caps && !words[k].shouted() || k > 0 && !together(words[k].gap) {
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
