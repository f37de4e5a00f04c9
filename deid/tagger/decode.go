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
	back           [][labels]label
}

// resize makes room for n words.
func (x *lattice) resize(n int) {
	if cap(x.emit) < n {
		c := n + min(n, 64) + 8
		x.emit, x.to, x.from, x.back = make([]sums, c), make([]sums, c), make([]sums, c), make([][labels]label, c)
	}
	x.emit, x.to, x.from, x.back = x.emit[:n], x.to[:n], x.from[:n], x.back[:n]
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

// forward computes the best path to each word and label from the emissions.
func (x *lattice) forward(t *transitions) {
	for l := range labels {
		x.to[0][l] = x.emit[0][l] + t[outside][l]
	}
	for k := 1; k < len(x.emit); k++ {
		before := &x.to[k-1]
		for l := range labels {
			best, from := before[0]+t[0][l], outside
			for a := outside + 1; a < labels; a++ {
				if sum := before[a] + t[a][l]; sum > best {
					best, from = sum, a
				}
			}
			x.to[k][l], x.back[k][l] = max(best, lowest)+x.emit[k][l], from
		}
	}
}

// backward computes the best path on from each word and label.
func (x *lattice) backward(t *transitions) {
	n := len(x.emit)
	x.from[n-1] = sums{}
	for k := n - 2; k >= 0; k-- {
		next, emit := &x.from[k+1], &x.emit[k+1]
		for a := range labels {
			best := int32(lowest)
			for l := range labels {
				if sum := next[l] + t[a][l] + emit[l]; sum > best {
					best = sum
				}
			}
			x.from[k][a] = best
		}
	}
}

// best yields the labels of the best path.
func (x *lattice) best() []label {
	n := len(x.to)
	out := make([]label, n)
	for l := range labels {
		if x.to[n-1][l] > x.to[n-1][out[n-1]] {
			out[n-1] = l
		}
	}
	for k := n - 1; k > 0; k-- {
		out[k-1] = x.back[k][out[k]]
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
		m.emission(p, int(p.chain[k]), &x.emit[k-from])
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
