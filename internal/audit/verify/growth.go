package verify

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is what a signed checkpoint states (C2SP tlog-checkpoint).
type Checkpoint struct {
	Size uint64
	Root [32]byte
}

// ReadCheckpoint reads a checkpoint that the log of that key signed; signatures
// by others may stand beside. The error is ErrKey or plain words.
func ReadCheckpoint(text []byte, key string) (Checkpoint, error) {
	k, err := parseKey(key)
	if err != nil {
		return Checkpoint{}, err
	}
	cp, err := parseCheckpoint(text, k)
	if err != nil {
		return Checkpoint{}, err
	}
	return Checkpoint{cp.size, cp.root}, nil
}

// ProveGrowth makes the proof that a tree of the size and root of a checkpoint
// continues the one it was when it had from leaves (RFC 6962, section 2.1.2):
// no hash where from is zero or the size itself. What it reads is checked
// against the root on the way. The error is plain words.
func ProveGrowth(tree fs.FS, cp Checkpoint, from uint64) ([][]byte, error) {
	if from > cp.Size {
		return nil, errors.New("verify: growth: a tree does not shrink")
	}
	if from == 0 || from == cp.Size {
		return nil, nil
	}
	reader := tlog.TileHashReader(tlog.Tree{N: int64(cp.Size), Hash: cp.Root}, proofTiles{newTiles(tree)})
	path, err := tlog.ProveTree(int64(cp.Size), int64(from), reader)
	if err != nil {
		return nil, fmt.Errorf("verify: growth: %w", err)
	}
	out := make([][]byte, len(path))
	for i := range path {
		out[i] = path[i][:]
	}
	return out, nil
}

// CheckGrowth verifies such a proof. From nothing everything grows; of one size
// there is one root. The error says in plain words why it does not hold.
func CheckGrowth(old, grown Checkpoint, proof [][]byte) error {
	if empty, _ := tlog.TreeHash(0, nil); grown.Size == 0 && grown.Root != empty {
		return errors.New("verify: growth: the empty tree has another root")
	}
	if old.Size == 0 || old.Size == grown.Size {
		if len(proof) > 0 || old.Size != 0 && old.Root != grown.Root {
			return errors.New("verify: growth: two trees of one size differ")
		}
		return nil
	}
	path := make(tlog.TreeProof, len(proof))
	for i, h := range proof {
		if len(h) != tlog.HashSize {
			return errors.New("verify: growth: a hash has the wrong length")
		}
		path[i] = tlog.Hash(h)
	}
	if old.Size > grown.Size || tlog.CheckTree(path, int64(grown.Size), grown.Root, int64(old.Size), old.Root) != nil {
		return errors.New("verify: growth: the later tree does not continue the earlier one")
	}
	return nil
}
