package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Exhibit is one record in a pack: sealed, as it stands in the journal, with the
// way from its leaf to the root of the pack's checkpoint (RFC 6962, 2.1.1). In
// JSON, bytes are base64.
type Exhibit struct {
	Seq     uint64   `json:"seq"`
	ID      []byte   `json:"id"`
	About   []byte   `json:"about"`
	Micros  int64    `json:"at"` // microseconds since 1970 UTC
	Kind    uint8    `json:"kind"`
	Class   string   `json:"class"`
	Patient []byte   `json:"patient"`
	Person  []byte   `json:"person"`
	Session []byte   `json:"session"`
	KeyID   string   `json:"key"`
	Facts   []byte   `json:"facts"`
	Leaf    []byte   `json:"leaf"`
	Hashes  [][]byte `json:"hashes"`
}

// row is the record as the verifier sees it; false if a field has not its length.
func (e Exhibit) row() (Row, bool) {
	r := Row{Seq: e.Seq, At: time.UnixMicro(e.Micros).UTC(), Kind: e.Kind, Class: e.Class, KeyID: e.KeyID, Facts: e.Facts, Leaf: e.Leaf}
	from := [][]byte{e.ID, e.About, e.Patient, e.Person, e.Session}
	for i, into := range []*[16]byte{&r.ID, &r.About, &r.Patient, &r.Person, &r.Session} {
		if len(from[i]) != len(into) {
			return r, false
		}
		*into = [16]byte(from[i])
	}
	return r, len(e.Class) <= 128 && len(e.KeyID) <= 256
}

// check says in plain words what is wrong with a record of a pack; empty if it is
// the one that the checkpoint covers.
func (e Exhibit) check(cp *checkpoint) string {
	r, ok := e.row()
	if !ok || len(e.Leaf) != leafSize {
		return "a field does not have its length"
	}
	// The content is not in a pack's records: the leaf's word for it stands.
	if what := differ(r); what != "" && what != "the content" && what != "the commitment" {
		return what + " differs from what was recorded"
	}
	if e.Seq >= cp.size {
		return "the checkpoint does not cover its place"
	}
	path := make(tlog.RecordProof, len(e.Hashes))
	for i, h := range e.Hashes {
		if len(h) != tlog.HashSize {
			return "a hash of its proof has the wrong length"
		}
		path[i] = tlog.Hash(h)
	}
	if tlog.CheckRecord(path, int64(cp.size), cp.root, int64(e.Seq), tlog.RecordHash(e.Leaf)) != nil {
		return "its proof does not lead to the signed root"
	}
	return ""
}

// ProveAll makes the proofs of many places, in ascending order, against one
// checkpoint, which it yields. ErrNotCovered: a place is beyond it. An error of
// each ends it and is returned as it is.
func ProveAll(tree fs.FS, key string, places []uint64, each func(Proof) error) (checkpoint string, err error) {
	k, err := parseKey(key)
	if err != nil {
		return "", err
	}
	cp, err := readCheckpoint(tree, k)
	if err != nil {
		return "", fmt.Errorf("verify: prove: checkpoint: %w", err)
	}
	t := newTiles(tree)
	reader := tlog.TileHashReader(tlog.Tree{N: int64(cp.size), Hash: cp.root}, &keptTiles{t: t})
	for i, seq := range places {
		if seq >= cp.size {
			return "", ErrNotCovered
		}
		if i > 0 && seq <= places[i-1] {
			return "", errors.New("verify: prove: the places are not in order")
		}
		leaf, err := t.entry(seq, cp.size)
		if err != nil {
			return "", fmt.Errorf("verify: prove: entries: %w", err)
		}
		path, err := tlog.ProveRecord(int64(cp.size), int64(seq), reader)
		if err != nil {
			return "", fmt.Errorf("verify: prove: %w", err)
		}
		p := Proof{Seq: seq, Leaf: leaf, Checkpoint: string(cp.text)}
		for _, h := range path {
			p.Hashes = append(p.Hashes, h[:])
		}
		if tlog.CheckRecord(path, int64(cp.size), cp.root, int64(seq), tlog.RecordHash(leaf)) != nil {
			return "", errors.New("verify: prove: an entry is not the one that was signed")
		}
		if err := each(p); err != nil {
			return "", err
		}
	}
	return string(cp.text), nil
}

// keptTiles reads tiles as proofTiles does and keeps those that were read last:
// places come in order, and neighbours share theirs.
type keptTiles struct {
	t    *tiles
	kept map[tlog.Tile][]byte
}

const mostKept = 64 // tiles of 8 KiB

func (k *keptTiles) Height() int { return tileHeight }

func (k *keptTiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, w := range wanted {
		data, ok := k.kept[w]
		if !ok {
			read, err := proofTiles{k.t}.ReadTiles(wanted[i : i+1])
			if err != nil {
				return nil, err
			}
			if len(k.kept) >= mostKept || k.kept == nil {
				k.kept = map[tlog.Tile][]byte{}
			}
			data = read[0]
			k.kept[w] = data
		}
		out[i] = data
	}
	return out, nil
}

func (k *keptTiles) SaveTiles([]tlog.Tile, [][]byte) {}
