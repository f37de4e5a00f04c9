package verify

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that a record's leaf stands at a place of the signed tree
// (RFC 6962, section 2.1.1). It is checked with the log's public key alone.
type Proof struct {
	Seq        uint64   `json:"seq"`
	Leaf       []byte   `json:"leaf"`
	Hashes     [][]byte `json:"hashes"`
	Checkpoint string   `json:"checkpoint"` // signed note
}

// ErrNotCovered says that no signed checkpoint covers the place yet: wait a
// moment and ask again.
var ErrNotCovered = errors.New("verify: not yet covered by a signed checkpoint")

// Prove makes the proof for a place out of a tree's directory. What it reads is
// checked against the signed root on the way; a damaged tree yields an error
// and no proof.
func Prove(tree fs.FS, key string, seq uint64) (*Proof, error) {
	k, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	cp, err := readCheckpoint(tree, k)
	if err != nil {
		return nil, fmt.Errorf("verify: prove: checkpoint: %w", err)
	}
	if seq >= cp.size {
		return nil, ErrNotCovered
	}
	t := newTiles(tree)
	leaf, err := t.entry(seq, cp.size)
	if err != nil {
		return nil, fmt.Errorf("verify: prove: entries: %w", err)
	}
	reader := tlog.TileHashReader(tlog.Tree{N: int64(cp.size), Hash: cp.root}, proofTiles{t})
	path, err := tlog.ProveRecord(int64(cp.size), int64(seq), reader)
	if err != nil {
		return nil, fmt.Errorf("verify: prove: %w", err)
	}
	p := &Proof{Seq: seq, Leaf: leaf, Checkpoint: string(cp.text)}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h[:])
	}
	return p, p.Check(key)
}

// Check verifies the proof with the log's public key. The error says in plain
// words why it does not hold.
func (p *Proof) Check(key string) error {
	k, err := parseKey(key)
	if err != nil {
		return err
	}
	cp, err := parseCheckpoint([]byte(p.Checkpoint), k)
	if err != nil {
		return fmt.Errorf("verify: proof: the checkpoint: %w", err)
	}
	if p.Seq >= cp.size {
		return errors.New("verify: proof: the checkpoint does not cover the place")
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		if len(h) != tlog.HashSize {
			return errors.New("verify: proof: a hash has the wrong length")
		}
		path[i] = tlog.Hash(h)
	}
	if err := tlog.CheckRecord(path, int64(cp.size), cp.root, int64(p.Seq), tlog.RecordHash(p.Leaf)); err != nil {
		return errors.New("verify: proof: it does not lead from the leaf to the signed root")
	}
	return nil
}

// proofTiles reads tiles in the order tlog asks for them.
type proofTiles struct{ t *tiles }

func (p proofTiles) Height() int { return tileHeight }

func (p proofTiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, w := range wanted {
		data, err := p.t.load(w.L, uint64(w.N), w.W)
		if err != nil {
			return nil, err
		}
		if len(data) < w.W*tlog.HashSize {
			return nil, errors.New("a tile is too short")
		}
		out[i] = data[:w.W*tlog.HashSize]
	}
	return out, nil
}

func (p proofTiles) SaveTiles([]tlog.Tile, [][]byte) {}
