package tagger

// lowest is below every sum of weights.
const lowest = -1 << 28

// sums holds a number for each label of one word.
type sums [labels]int32

// lattice holds the sums of weights of a run: for each word and label the
// emission, the best path that leads there and the best that leads on. Its
// memory is used again for the next run of the same text.
type lattice struct {
	emit, to, from []sums
	echoes         *echoes
}

// resize makes room for n words.
func (x *lattice) resize(n int) {
	if cap(x.emit) < n {
		c := n + min(n, 64) + 8
		all := make([]sums, 3*c)
		x.emit, x.to, x.from = all[:c:c], all[c:2*c:2*c], all[2*c:]
	}
	x.emit, x.to, x.from = x.emit[:n], x.to[:n], x.from[:n]
}

// transitions are the sums of going from one label to the next; what cannot
// follow is lowest.
type transitions [labels]sums

// forbid sets what cannot follow to lowest.
func (t *transitions) forbid() {
	for a := range labels {
		for l := range labels {
			if !l.follows(a) {
				t[a][l] = lowest
			}
		}
	}
}

// openings are the labels that may follow every other; of an inside only what it
// goes on with leads to it.
var openings = [...]label{outside, beginName, beginPlace, beginOrg}

// forward computes the best path to each word and label from the emissions.
func (x *lattice) forward(t *transitions) {
	for l := range labels {
		x.to[0][l] = x.emit[0][l] + t[outside][l]
	}
	for k := 1; k < len(x.emit); k++ {
		before, emit, to := &x.to[k-1], &x.emit[k], &x.to[k]
		for _, l := range openings {
			best := int32(lowest)
			for a := range labels {
				best = max(best, before[a]+t[a][l])
			}
			to[l] = best + emit[l]
		}
		for l := insideName; l < labels; l += 2 {
			to[l] = max(lowest, before[l-1]+t[l-1][l], before[l]+t[l][l]) + emit[l]
		}
	}
}

// backward computes the best path on from each word and label.
func (x *lattice) backward(t *transitions) {
	n := len(x.emit)
	x.from[n-1] = sums{}
	for k := n - 2; k >= 0; k-- {
		next, emit, from := &x.from[k+1], &x.emit[k+1], &x.from[k]
		var on sums
		for l := range labels {
			on[l] = next[l] + emit[l]
		}
		for a := range labels {
			best := int32(lowest)
			for _, l := range openings {
				best = max(best, on[l]+t[a][l])
			}
			if a != outside {
				inside := (a + 1) &^ 1
				best = max(best, on[inside]+t[a][inside])
			}
			from[a] = best
		}
	}
}

// best yields the labels of the best path; of two that are as good, the lower.
func (x *lattice) best(t *transitions) []label {
	n := len(x.to)
	out := make([]label, n)
	for l := range labels {
		if x.to[n-1][l] > x.to[n-1][out[n-1]] {
			out[n-1] = l
		}
	}
	for k := n - 1; k > 0; k-- {
		l, before := out[k], &x.to[k-1]
		for a := range labels {
			if before[a]+t[a][l] > before[out[k-1]]+t[out[k-1]][l] {
				out[k-1] = a
			}
		}
	}
	return out
}

// decode appends for each word of chain[from:to] the best label other than
// outside, and by how much the best path through it beats the best path that
// leaves the word outside.
func (r *Reading) decode(x *lattice, from, to int) {
	m, p := r.model, r.page
	x.resize(to - from)
	for k := from; k < to; k++ {
		i, sum := int(p.chain[k]), &x.emit[k-from]
		if !x.echoes.find(i, sum) {
			m.emission(p, i, sum)
		}
		x.echoes.keep(i, sum)
	}
	x.forward(&m.trans)
	x.backward(&m.trans)
	for k := range x.emit {
		top, name := int32(2*lowest), beginName
		for l := beginName; l < labels; l++ {
			if sum := x.to[k][l] + x.from[k][l]; sum > top {
				top, name = sum, l
			}
		}
		r.labels = append(r.labels, name)
		r.margins = append(r.margins, top-x.to[k][outside]-x.from[k][outside])
	}
}
