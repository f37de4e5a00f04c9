// Package score measures a finder of identifiers against texts whose
// identifiers are known: how much it finds, how much of every identifier it
// leaves behind, and how much else it touches. It holds no texts of its own and
// repeats no word of those it is given.
package score

import (
	"fmt"
	"io"
	"math"
	"sort"
	"unicode"
	"unicode/utf8"
)

// Span is one identifier in a text, in UTF-8 byte offsets, End exclusive. Kind
// is a name for the table.
type Span struct {
	Start, End int
	Kind       string
}

// Count is what was measured for one kind of identifier.
type Count struct {
	Gold    int // identifiers in the texts
	Strict  int // found with exactly these bounds
	Covered int // every letter and digit covered, whatever the bounds and kind
	Touched int // at least one letter or digit covered
	Chars   int // letters and digits in them
	Leaked  int // of those, not covered
}

// Report adds up texts. The zero Report is ready to use.
type Report struct {
	Kinds      map[string]*Count
	Texts      int // texts with identifiers
	Whole      int // of those, texts that leak nothing
	Tokens     int // words and numbers outside identifiers
	Over       int // of those, touched
	Clean      int // texts without identifiers
	CleanHit   int // of those, texts that were touched
	everything Count
}

// Add compares what was found in a text with what is in it.
func (r *Report) Add(text string, gold, found []Span) {
	if r.Kinds == nil {
		r.Kinds = map[string]*Count{}
	}
	covered := make([]bool, len(text))
	for _, f := range found {
		for i := f.Start; i < f.End; i++ {
			covered[i] = true
		}
	}
	secret := make([]bool, len(text))
	leaked := 0
	for _, g := range gold {
		for i := g.Start; i < g.End; i++ {
			secret[i] = true
		}
		leaked += r.one(text, g, found, covered)
	}
	if len(gold) > 0 {
		r.Texts++
		if leaked == 0 {
			r.Whole++
		}
	} else {
		r.Clean++
		if len(found) > 0 {
			r.CleanHit++
		}
	}
	r.over(text, secret, covered)
}

// one adds one identifier and yields how many of its characters leaked.
func (r *Report) one(text string, g Span, found []Span, covered []bool) int {
	c := r.Kinds[g.Kind]
	if c == nil {
		c = &Count{}
		r.Kinds[g.Kind] = c
	}
	var now Count
	now.Gold = 1
	for i, x := range text[g.Start:g.End] {
		if !unicode.IsLetter(x) && !unicode.IsDigit(x) {
			continue
		}
		now.Chars++
		if !covered[g.Start+i] {
			now.Leaked++
		}
	}
	for _, f := range found {
		if f.Start == g.Start && f.End == g.End {
			now.Strict = 1
		}
	}
	if now.Leaked == 0 {
		now.Covered = 1
	}
	if now.Leaked < now.Chars || now.Chars == 0 {
		now.Touched = 1
	}
	c.add(now)
	r.everything.add(now)
	return now.Leaked
}

func (c *Count) add(o Count) {
	c.Gold += o.Gold
	c.Strict += o.Strict
	c.Covered += o.Covered
	c.Touched += o.Touched
	c.Chars += o.Chars
	c.Leaked += o.Leaked
}

// over counts words and numbers outside identifiers, and those touched.
func (r *Report) over(text string, secret, covered []bool) {
	in, hit, mine := false, false, false
	flush := func() {
		if in && !mine {
			r.Tokens++
			if hit {
				r.Over++
			}
		}
		in, hit, mine = false, false, false
	}
	for i := 0; i < len(text); {
		x, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsLetter(x) || unicode.IsDigit(x) {
			in = true
			hit = hit || covered[i]
			mine = mine || secret[i]
		} else {
			flush()
		}
		i += n
	}
	flush()
}

// All is the count over every kind.
func (r *Report) All() Count { return r.everything }

// Wilson yields the 95 % score interval of k out of n.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / (1 + z*z/m)
	return max(0, mid-half), min(1, mid+half)
}

// Print writes the report as a Markdown table.
func (r *Report) Print(w io.Writer, title string) {
	fmt.Fprintf(w, "\n### %s\n\n", title)
	if r.everything.Gold > 0 {
		fmt.Fprintln(w, "| kind | in text | covered | 95 % interval | exact bounds | touched | characters leaked |")
		fmt.Fprintln(w, "|---|---:|---:|---|---:|---:|---:|")
		kinds := make([]string, 0, len(r.Kinds))
		for k := range r.Kinds {
			kinds = append(kinds, k)
		}
		sort.Strings(kinds)
		for _, k := range kinds {
			r.Kinds[k].print(w, k)
		}
		r.everything.print(w, "all")
		fmt.Fprintf(w, "\nTexts without any leak: %d of %d (%.1f %%). ", r.Whole, r.Texts, percent(r.Whole, r.Texts))
	}
	fmt.Fprintf(w, "Other words touched: %d of %d (%.2f %%).", r.Over, r.Tokens, percent(r.Over, r.Tokens))
	if r.Clean > 0 {
		fmt.Fprintf(w, " Texts without identifiers that were touched: %d of %d (%.1f %%).", r.CleanHit, r.Clean, percent(r.CleanHit, r.Clean))
	}
	fmt.Fprintln(w)
}

func (c *Count) print(w io.Writer, kind string) {
	low, high := Wilson(c.Covered, c.Gold)
	fmt.Fprintf(w, "| %s | %d | %.1f %% | %.1f–%.1f | %.1f %% | %.1f %% | %.2f %% |\n", kind, c.Gold, percent(c.Covered, c.Gold), 100*low, 100*high,
		percent(c.Strict, c.Gold), percent(c.Touched, c.Gold), percent(c.Leaked, c.Chars))
}

func percent(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return 100 * float64(k) / float64(n)
}
