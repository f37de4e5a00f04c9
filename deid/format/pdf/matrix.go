package pdf

import "math"

// matrix is a transformation [a b c d e f] as the format writes it.
type matrix [6]float64

var unit = matrix{1, 0, 0, 1, 0, 0}

// times is m first and then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// moved is m with its origin moved by (x, y) of its own units.
func (m matrix) moved(x, y float64) matrix {
	m[4], m[5] = m.apply(x, y)
	return m
}

func matrixOf(v []float64) (matrix, bool) {
	if len(v) != 6 {
		return unit, false
	}
	return matrix(v), true
}

// finite says whether a drawing under m has a place at all.
func (m matrix) finite() bool {
	for _, v := range m {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e12 {
			return false
		}
	}
	return true
}

// bounds is the smallest upright box around box under m.
func (m matrix) bounds(box []float64) (x0, y0, x1, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	x1, y1 = math.Inf(-1), math.Inf(-1)
	for i := range 4 {
		x, y := m.apply(box[i&1*2], box[i&2+1])
		x0, x1 = min(x0, x), max(x1, x)
		y0, y1 = min(y0, y), max(y1, y)
	}
	return x0, y0, x1, y1
}
