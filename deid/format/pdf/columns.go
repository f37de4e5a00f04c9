package pdf

// Columns of prose are read one after the other; the columns of a form, where
// a label stands on the left and its value on the right, are read line by line.
// What tells them apart is how much text there is on both sides.
const (
	leastLines   = 4  // lines with text on both sides
	leastLetters = 24 // on each side of them, on average
	gutterWidth  = 1.0

	maxColumns = 8      // on a page
	maxLines   = 300    // that one gutter parts
	maxGaps    = 8      // of one line that are tried
	maxStrokes = 50_000 // of a page that is looked at for columns at all
)

// columns splits lines into blocks in reading order.
func columns(rows []row, depth int) [][]row {
	if depth >= maxColumns {
		return [][]row{rows}
	}
	var out [][]row
	for len(rows) > 0 {
		n, at := gutter(rows)
		if n == 0 {
			if len(out) == 0 || out[len(out)-1] == nil {
				out = append(out, nil)
			}
			out[len(out)-1] = append(out[len(out)-1], rows[0])
			rows = rows[1:]
			continue
		}
		left, right := split(rows[:n], at)
		out = append(out, left)
		out = append(out, columns(right, depth+1)...)
		if rows = rows[n:]; len(rows) > 0 {
			out = append(out, nil)
		}
	}
	return out
}

// gutter looks for a white space that goes down through the lines at the top of
// rows, and returns how many lines it parts and where it is.
func gutter(rows []row) (n int, at float64) {
	for i, g := range gaps(rows[0]) {
		if i == maxGaps {
			break
		}
		lo, hi := g[0], g[1]
		both, letters := 0, [2]int{}
		last := 0
		for i, r := range rows[:min(len(rows), maxLines)] {
			l, h, left, right := narrowed(r, lo, hi)
			if h-l < gutterWidth*r.height {
				break
			}
			lo, hi = l, h
			if left > 0 && right > 0 {
				both++
				letters[0] += left
				letters[1] += right
			}
			last = i + 1
		}
		if both >= leastLines && letters[0] >= leastLetters*both && letters[1] >= leastLetters*both && last > n {
			n, at = last, (lo+hi)/2
		}
	}
	return n, at
}

// gaps are the white spaces of a line that are wide enough.
func gaps(r row) [][2]float64 {
	var out [][2]float64
	to := 0.0
	for i, s := range r.strokes {
		if i > 0 && s.from-to >= gutterWidth*r.height {
			out = append(out, [2]float64{to, s.from})
		}
		if i == 0 || s.to > to {
			to = s.to
		}
	}
	return out
}

// narrowed is what a line leaves of a gutter, and how many letters it has on
// each side. A line across it leaves nothing.
func narrowed(r row, lo, hi float64) (l, h float64, left, right int) {
	for _, s := range r.strokes {
		switch {
		case s.from <= lo && s.to >= hi:
			return 0, 0, 0, 0
		case s.from <= lo || s.to < hi && s.from-lo < hi-s.to:
			lo = max(lo, s.to)
			left += len(s.letters)
		default:
			hi = min(hi, s.from)
			right += len(s.letters)
		}
	}
	return lo, hi, left, right
}

func split(rows []row, at float64) (left, right []row) {
	for _, r := range rows {
		l, h := row{base: r.base, height: r.height}, row{base: r.base, height: r.height}
		back := make([]int, len(r.strokes))
		for i, s := range r.strokes {
			side := &h
			if s.to <= at {
				side = &l
			}
			back[i] = len(side.strokes)
			if s.order < 0 {
				s.order = -1 - back[-1-s.order] // both stand at almost the same place
			}
			side.strokes = append(side.strokes, s)
		}
		if len(l.strokes) > 0 {
			left = append(left, l)
		}
		if len(h.strokes) > 0 {
			right = append(right, h)
		}
	}
	return left, right
}
