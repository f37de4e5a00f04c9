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

// row holds the weights of one feature, one for each label; the last is unused.
type row [labels + 1]int8

// weights are what was learned.
type weights struct {
	table  []row // one for each feature
	trans  transitions
	bias   Bias
	unit   int32              // width of a bin of scores in units of margin
	scores [kinds][bins]uint8 // percent of words with such a margin that were identifiers
}

// emission adds up the weights of the features of token i.
func (w *weights) emission(p *page, i int, sum *sums) {
	var f [maxFeatures]feature
	*sum = sums{}
	for _, x := range f[:p.features(i, &f)] {
		r := &w.table[x]
		for l := range labels {
			sum[l] += int32(r[l])
		}
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
		if r == (row{}) {
			continue
		}
		b = binary.AppendUvarint(b, uint64(i-last))
		last = i
		mask := len(b)
		b = append(b, 0)
		for l, n := range r[:labels] {
			if n != 0 {
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
	w.table = make([]row, tableSize)
	for at := -1; len(b) > 0; {
		step, size := binary.Uvarint(b)
		if size <= 0 || step == 0 || step > tableSize || at+int(step) >= tableSize || len(b) <= size {
			return errMalformed
		}
		at += int(step)
		mask := b[size]
		b = b[size+1:]
		for l := range labels {
			if mask&(1<<l) == 0 {
				continue
			}
			if len(b) == 0 {
				return errMalformed
			}
			w.table[at][l] = int8(b[0])
			b = b[1:]
		}
	}
	return nil
}
