package tagger

import (
	"bytes"
	"testing"

	"chaperone/deid/synth"
	"chaperone/phi"
	"chaperone/reference"
)

func TestWeightsComeBackAsTheyWereWritten(t *testing.T) {
	m := &Model{}
	if err := m.read(embedded); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.Bytes(), embedded) {
		t.Error("the embedded weights are not those that they are read as")
	}
	if len(embedded) > 4<<20 {
		t.Errorf("the weights are %d bytes, more than 4 MiB", len(embedded))
	}
}

func TestTheSameExamplesGiveTheSameBytes(t *testing.T) {
	lex, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	learn := func() []byte {
		w, err := synth.NewWorld(31)
		if err != nil {
			t.Fatal(err)
		}
		var list []Example
		for range 60 {
			n, err := w.Note("soap")
			if err != nil {
				t.Fatal(err)
			}
			x := Example{Text: n.Text}
			for _, s := range n.Spans {
				if s.Kind == phi.Name || s.Kind == phi.Place || s.Kind == phi.Org {
					x.Spans = append(x.Spans, Span{Start: s.Start, End: s.End, Kind: s.Kind})
				}
			}
			list = append(list, x)
		}
		m := Learn(lex, list, Effort{Rounds: 2, Margin: 10, Miss: 50, Seldom: 2, Blind: 30})
		m.Calibrate(list, Bias{Name: -3})
		return m.Bytes()
	}
	first := learn()
	if !bytes.Equal(first, learn()) {
		t.Error("the same examples gave other weights")
	}
	m := &Model{}
	if err := m.read(first); err != nil || m.bias.Name != -3 {
		t.Errorf("read back: %v, bias %+v", err, m.bias)
	}
}

func TestMalformedWeightsAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":       nil,
		"another file":  []byte("PK\x03\x04"),
		"cut in header": embedded[:len(magic)+9],
		"cut in a row":  embedded[:len(embedded)-1],
	} {
		if err := (&weights{}).read(b); err == nil {
			t.Errorf("%s was taken for weights", name)
		}
	}
}

func FuzzWeights(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(embedded[:300])
	f.Add(embedded[:1<<12])
	f.Fuzz(func(t *testing.T, b []byte) {
		w := &weights{}
		if err := w.read(b); err == nil && len(w.table) != tableSize {
			t.Errorf("%d rows were read without an error", len(w.table))
		}
	})
}
