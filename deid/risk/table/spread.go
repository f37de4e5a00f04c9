package table

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// spread is how the values of a sensitive column are spread over all records
// (share) and inside each class (within). Values are numbered from 0; those of
// a numeric column in ascending order.
type spread struct {
	share   []float64
	within  [][]count // by class; by value, ascending; values that a class lacks are left out
	sizes   []int     // by class
	numeric bool
	below   []float64 // numeric: below[i] is the share of values 0…i
	sums    []float64 // numeric: sums[i] = below[0] + … + below[i-1]
}

// count is how often a value stands in a class.
type count struct {
	value uint32
	n     int
}

func spreadOf(c *classes, col column) *spread {
	codes, distinct, numeric := ordered(col)
	s := &spread{share: make([]float64, distinct), within: make([][]count, len(c.sizes)), sizes: c.sizes, numeric: numeric}
	for r, code := range codes {
		s.share[code]++
		s.within[c.of[r]] = append(s.within[c.of[r]], count{code, 1})
	}
	for i := range s.share {
		s.share[i] /= float64(len(codes))
	}
	for i, list := range s.within {
		s.within[i] = tally(list)
	}
	if numeric {
		s.below, s.sums = make([]float64, distinct), make([]float64, distinct+1)
		sum := 0.0
		for i, p := range s.share {
			sum += p
			s.below[i] = sum
			s.sums[i+1] = s.sums[i] + sum
		}
	}
	return s
}

func tally(list []count) []count {
	slices.SortFunc(list, func(a, b count) int { return cmp.Compare(a.value, b.value) })
	kept := list[:0]
	for _, v := range list {
		if n := len(kept); n > 0 && kept[n-1].value == v.value {
			kept[n-1].n += v.n
		} else {
			kept = append(kept, v)
		}
	}
	return slices.Clip(kept)
}

// ordered renumbers the values of a column in ascending order if every one of
// them is a finite number ("1" and "1.0" are then the same); other columns stay
// as they are.
func ordered(col column) (codes []uint32, distinct int, numeric bool) {
	numbers := make([]float64, len(col.values))
	for i, v := range col.values {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(v, "xXpP_") {
			return col.codes, len(col.values), false
		}
		numbers[i] = f
	}
	rank := slices.Clone(numbers)
	slices.Sort(rank)
	rank = slices.Compact(rank)
	to := make([]uint32, len(numbers))
	for i, f := range numbers {
		at, _ := slices.BinarySearch(rank, f)
		to[i] = uint32(at)
	}
	codes = make([]uint32, len(col.codes))
	for r, code := range col.codes {
		codes[r] = to[code]
	}
	return codes, len(rank), true
}

// commonest is the largest share that one value has inside a class: alpha.
func (s *spread) commonest() float64 {
	most := 0.0
	for i, list := range s.within {
		for _, v := range list {
			most = max(most, float64(v.n)/float64(s.sizes[i]))
		}
	}
	return most
}

// fewest is the smallest number of values in a class: distinct l.
func (s *spread) fewest() int {
	l := math.MaxInt
	for _, list := range s.within {
		l = min(l, len(list))
	}
	return l
}

// entropy is the smallest entropy of a class, in nats.
func (s *spread) entropy() float64 {
	least := math.Inf(1)
	for i, list := range s.within {
		h := 0.0
		for _, v := range list {
			p := float64(v.n) / float64(s.sizes[i])
			h -= p * math.Log(p)
		}
		least = min(least, h)
	}
	return least
}

// recursive yields the smallest whole c for which every class is recursively
// (c,l)-diverse: r1 < c·(rl + … + rm), the counts of its values from the most
// frequent down. With ascending, the counts are taken from the rarest up.
func (s *spread) recursive(l int, ascending bool) int {
	c := 0
	for _, list := range s.within {
		counts := make([]int, len(list))
		for i, v := range list {
			counts[i] = v.n
		}
		sort.Ints(counts)
		if !ascending {
			slices.Reverse(counts)
		}
		rest := 0
		for _, n := range counts[l-1:] {
			rest += n
		}
		c = max(c, counts[0]/rest+1)
	}
	return c
}

// farthest is the largest earth mover's distance between a class and all
// records: t. Values of a numeric column stand in a row, one step apart; other
// values are all equally far from each other.
func (s *spread) farthest() float64 {
	t := 0.0
	for i, list := range s.within {
		if s.numeric {
			t = max(t, s.moved(list, s.sizes[i]))
			continue
		}
		d := 0.0 // half the sum of all differences is the sum of the positive ones
		for _, v := range list {
			d += max(0, float64(v.n)/float64(s.sizes[i])-s.share[v.value])
		}
		t = max(t, d)
	}
	return t
}

// moved is the ordered distance of one class. Between two values of the class
// its own cumulative share stands still while that of all records grows, so
// each such run is summed at once.
func (s *spread) moved(list []count, size int) float64 {
	m := len(s.share)
	if m < 2 {
		return 0
	}
	d, own, from := 0.0, 0, 0
	for _, v := range append(list[:len(list):len(list)], count{uint32(m), 0}) {
		d += s.gap(from, int(v.value), float64(own)/float64(size))
		own += v.n
		from = int(v.value)
	}
	return d / float64(m-1)
}

// gap sums |q − below[i]| for i in [from, to).
func (s *spread) gap(from, to int, q float64) float64 {
	cut := from + sort.Search(to-from, func(i int) bool { return s.below[from+i] > q })
	low := q*float64(cut-from) - (s.sums[cut] - s.sums[from])
	high := (s.sums[to] - s.sums[cut]) - q*float64(to-cut)
	return low + high
}

// gain is the largest relative rise of a value's share in a class: beta.
func (s *spread) gain() float64 {
	b := math.Inf(-1)
	for i, list := range s.within {
		for _, v := range list {
			p := s.share[v.value]
			b = max(b, (float64(v.n)/float64(s.sizes[i])-p)/p)
		}
	}
	return b
}

// rarest is the smallest share of a value in all records.
func (s *spread) rarest() float64 { return slices.Min(s.share) }

// disclosed is the largest |ln(q/p)| of a value that a class has: delta.
func (s *spread) disclosed() float64 {
	d := 0.0
	for i, list := range s.within {
		for _, v := range list {
			d = max(d, math.Abs(math.Log(float64(v.n)/float64(s.sizes[i])/s.share[v.value])))
		}
	}
	return d
}
