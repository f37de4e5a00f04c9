package tagger

import (
	_ "embed" // the weights are data of the program
	"encoding/binary"
	"errors"
)

//go:embed data/weights.bin
var embedded []byte

const (
	magic = "chaperone tagger 2\n"
	bins  = 16 // steps of the table of scores
	kinds = 3  // names, places, organisations
)

// errMalformed says that a file of weights was not written by Bytes.
var errMalformed = errors.New("tagger: the weights are malformed: run the trainer again")

// row holds the weights of one feature, a byte for each label from the lowest on;
// the last is unused. Each is raised by 128, so that rows can be added up without
// a sign.
type row uint64

// level is the row of weights that are all 0.
const level row = 0x8080808080808080

func (r row) weight(l label) int8 { return int8(byte(r>>(8*l)) - 128) }

func (r *row) set(l label, n int8) {
	*r = *r&^(0xFF<<(8*l)) | row(byte(n)+128)<<(8*l)
}

// newTable is a table of weights that are all 0.
func newTable() []row {
	t := make([]row, tableSize)
	for i := range t {
		t[i] = level
	}
	return t
}

// weights are what was learned.
type weights struct {
	table  []row // one for each feature
	trans  transitions
	bias   Bias
	unit   int32              // width of a bin of scores in units of margin
	scores [kinds][bins]uint8 // percent of words with such a margin that were identifiers
}

// emission adds up the weights of the features of token i, eight at a time: the
// even and the odd bytes of a row in lanes of 16 bits, which the weights of
// maxFeatures cannot fill.
func (w *weights) emission(p *page, i int, sum *sums) {
	const lanes = 0x00FF00FF00FF00FF
	var f [maxFeatures]feature
	n := p.features(i, &f)
	var even, odd uint64
	for _, x := range f[:n] {
		r := uint64(w.table[x])
		even += r & lanes
		odd += r >> 8 & lanes
	}
	for l := range labels {
		lane := even
		if l&1 == 1 {
			lane = odd
		}
		sum[l] = int32(uint16(lane>>(16*(l/2)))) - int32(128*n)
	}
}

// score yields how often a margin like this one was right.
func (w *weights) score(l label, margin int32) float64 {
	return float64(w.scores[(l-1)/2][w.bin(margin)]) / 100
}

func (w *weights) bin(margin int32) int {
	b := bins/2 + int(margin/w.unit)
	if margin < 0 {
		b--
	}
	return max(0, min(bins-1, b))
}

// Bytes writes the weights in the form that New reads: the same weights are
// always the same bytes.
func (m *Model) Bytes() []byte {
	w := &m.weights
	b := []byte(magic)
	for a := range labels {
		for l := range labels {
			n := w.trans[a][l]
			if !l.follows(a) {
				n = 0
			}
			b = binary.AppendVarint(b, int64(n))
		}
	}
	for _, n := range []int32{w.bias.Name, w.bias.Place, w.bias.Org, w.unit} {
		b = binary.AppendVarint(b, int64(n))
	}
	for k := range w.scores {
		b = append(b, w.scores[k][:]...)
	}
	last := -1
	for i, r := range w.table {
		if r == level {
			continue
		}
		b = binary.AppendUvarint(b, uint64(i-last))
		last = i
		mask := len(b)
		b = append(b, 0)
		for l := range labels {
			if n := r.weight(l); n != 0 {
				b[mask] |= 1 << l
				b = append(b, byte(n))
			}
		}
	}
	return b
}

func (w *weights) read(b []byte) error {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return errMalformed
	}
	b = b[len(magic):]
	var broken bool
	number := func() int32 {
		n, size := binary.Varint(b)
		if size <= 0 {
			broken, b = true, nil
			return 0
		}
		b = b[size:]
		return int32(n)
	}
	for a := range labels {
		for l := range labels {
			w.trans[a][l] = number()
		}
	}
	w.trans.forbid()
	w.bias = Bias{number(), number(), number()}
	w.unit = number()
	if broken || w.unit <= 0 || len(b) < kinds*bins {
		return errMalformed
	}
	for k := range w.scores {
		b = b[copy(w.scores[k][:], b):]
	}
	return w.readTable(b)
}

func (w *weights) readTable(b []byte) error {
	w.table = newTable()
	for at := -1; len(b) > 0; {
		step, size := binary.Uvarint(b)
		if size <= 0 || step == 0 || step > tableSize || at+int(step) >= tableSize || len(b) <= size {
			return errMalformed
		}
		at += int(step)
		mask := b[size]
		b = b[size+1:]
		r := &w.table[at]
		for l := range labels {
			if mask&(1<<l) == 0 {
				continue
			}
			if len(b) == 0 {
				return errMalformed
			}
			r.set(l, int8(b[0]))
			b = b[1:]
		}
	}
	return nil
}
