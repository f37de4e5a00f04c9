package verify_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"chaperone/internal/audit/verify"
)

func keyPair(name string) (secret, public string, err error) {
	return note.GenerateKey(rand.Reader, name)
}

func TestEveryPlaceHasAProofThatHolds(t *testing.T) {
	x := makeExhibit(t, 150, "seen in clinic")
	for seq := range uint64(300) {
		p, err := verify.Prove(x.tree, x.key, seq)
		if err != nil {
			t.Fatalf("place %d: %v", seq, err)
		}
		if err := p.Check(x.key); err != nil {
			t.Errorf("place %d: %v", seq, err)
		}
		moved := *p
		moved.Seq = (seq + 1) % 300
		if moved.Check(x.key) == nil {
			t.Errorf("the proof of place %d holds for place %d", seq, moved.Seq)
		}
	}
	if _, err := verify.Prove(x.tree, x.key, 300); !errors.Is(err, verify.ErrNotCovered) {
		t.Errorf("beyond the tree: %v", err)
	}
}

func TestADamagedTreeYieldsNoProof(t *testing.T) {
	x := makeExhibit(t, 20, "seen in clinic")
	x.flip(x.used("tile/0/")[0], 7*32, 1)
	if p, err := verify.Prove(x.tree, x.key, 7); err == nil {
		t.Errorf("a proof from a damaged tile: %v", p)
	}
}

func FuzzReceiptText(f *testing.F) {
	_, key, err := keyPair("chaperone/record")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("1.0.0.AAAA.AAAA")
	f.Add("1.18446744073709551615.-1..")
	f.Fuzz(func(t *testing.T, text string) {
		if _, _, err := verify.Receipt(text, key); err == nil {
			t.Error("a receipt that nobody signed passes")
		}
	})
}

func FuzzProofCheck(f *testing.F) {
	_, key, err := keyPair("chaperone/record")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("chaperone/record\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— chaperone/record AAAA\n", []byte("leaf"))
	f.Fuzz(func(t *testing.T, checkpoint string, leaf []byte) {
		p := verify.Proof{Leaf: leaf, Checkpoint: checkpoint, Hashes: [][]byte{leaf}}
		if p.Check(key) == nil {
			t.Error("a proof that nobody signed holds")
		}
	})
}

func FuzzRow(f *testing.F) {
	whole := makeExhibit(f, 2, "seen in clinic")
	f.Add([]byte{}, []byte{}, []byte{}, uint8(1), "clean")
	f.Add(whole.rows[1].Leaf, []byte("facts"), []byte("content"), uint8(2), "ok")
	f.Fuzz(func(t *testing.T, leaf, facts, content []byte, kind uint8, class string) {
		x := whole.copy()
		r := &x.rows[1]
		r.Leaf, r.Facts, r.Content, r.Kind, r.Class = leaf, facts, content, kind, class
		if report := x.check(t); report.OK() || report.Verified > 3 {
			t.Errorf("a row that nobody wrote verifies: %+v", report)
		}
	})
}
