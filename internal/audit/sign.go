package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// PublicKeyFile stands in the tree's directory and holds the log's public key
// in the form of signed notes: name+hash+key.
const PublicKeyFile = "log.pub"

// gate signs checkpoints, but only of sizes that the integrator has compared
// with the journal: a tree that went wrong on its way to the disk is never
// signed.
type gate struct {
	signer Signer
	name   string
	hash   uint32
	sizes  *mark
}

const gatePatience = 5 * time.Second

func (g *gate) Name() string    { return g.name }
func (g *gate) KeyHash() uint32 { return g.hash }

func (g *gate) Sign(msg []byte) ([]byte, error) {
	lines := strings.SplitN(string(msg), "\n", 3)
	if len(lines) < 3 || lines[0] != g.name {
		return nil, errors.New("audit: not a checkpoint of this log")
	}
	size, err := strconv.ParseUint(lines[1], 10, 64)
	if err != nil {
		return nil, errors.New("audit: a checkpoint without a size")
	}
	ctx, cancel := context.WithTimeout(context.Background(), gatePatience)
	defer cancel()
	if err := g.sizes.wait(ctx, size); err != nil {
		return nil, errors.New("audit: this size has not been compared with the journal")
	}
	return g.signer.Sign(msg)
}

func newGate(s Signer, origin string, sizes *mark) (*gate, string, error) {
	text, err := note.NewEd25519VerifierKey(origin, s.Public())
	if err != nil {
		return nil, "", fmt.Errorf("audit: the origin or key is not usable: %w", err)
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, "", fmt.Errorf("audit: the origin or key is not usable: %w", err)
	}
	return &gate{signer: s, name: v.Name(), hash: v.KeyHash(), sizes: sizes}, text, nil
}

// keepPublicKey writes the public key beside a new tree, and compares it with
// the one beside an old tree. An empty file is what a loss of power may have
// left of one; it holds no key.
func keepPublicKey(dir, text string) error {
	path := filepath.Join(dir, PublicKeyFile)
	kept, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(kept) == 0 {
		return placeFile(path, []byte(text+"\n"))
	}
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(kept)) != text {
		return errKeyChanged(fmt.Errorf("audit: %s holds another key", PublicKeyFile))
	}
	return nil
}

// placeFile puts a file in its place whole and durable, or not at all.
func placeFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".new-*") // CreateTemp makes it 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
