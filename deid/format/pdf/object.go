package pdf

// The eight kinds of object are Go's nil, bool, int and float64, and these.
type (
	name   string
	text   []byte // a string object, decoded from its escapes
	array  []any
	dict   map[name]any
	ref    int // the number of an object; generations do not matter when all is written anew
	stream struct {
		dict dict
		raw  []byte // as it stands in the file, still under its filters
	}
)

// keyword is any other word: an operator, "obj", "R".
type keyword string

// number reads an integer or a real.
func number(o any) (float64, bool) {
	switch v := o.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// integer reads an integer; a real is cut.
func integer(o any) (int, bool) {
	switch v := o.(type) {
	case int:
		return v, true
	case float64:
		if v > -1e9 && v < 1e9 {
			return int(v), true
		}
	}
	return 0, false
}

// numbers reads an array of n numbers, or nil.
func numbers(a array, n int) []float64 {
	if len(a) != n {
		return nil
	}
	out := make([]float64, n)
	for i, o := range a {
		v, ok := number(o)
		if !ok {
			return nil
		}
		out[i] = v
	}
	return out
}
