package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/config"
	"chaperone/internal/store"
)

// VerifyOptions say what to hold the record against besides itself.
type VerifyOptions struct {
	Key      string   // the log's public key; empty: the one kept beside the tree
	Kept     [][]byte // checkpoints that were kept elsewhere
	Receipts []string // receipts that clients kept

	Database config.Postgres // where the journal is, unless it is in the data directory
}

// Export writes the record of a data directory, as far as its signed tree
// reaches, into a directory that is empty or not there: see verify.Export. The
// newest cosigned checkpoint, if there is one, is among those that were kept.
func Export(ctx context.Context, dir, to string, o VerifyOptions) (_ verify.Exported, err error) {
	in, done, err := look(ctx, dir, o)
	if err != nil {
		return verify.Exported{}, err
	}
	defer func() { err = errors.Join(err, done()) }()
	if text, err := os.ReadFile(store.CosignedFile(dir)); err == nil {
		in.Kept = append(in.Kept, text)
	}
	return verify.Export(ctx, in, to)
}

// Verify checks the record of a data directory from outside. It needs neither
// the vault's key nor the lock, and works while a daemon runs.
func Verify(ctx context.Context, dir string, o VerifyOptions) (_ *verify.Report, err error) {
	in, done, err := look(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	return verify.Check(ctx, in)
}

// look opens the record of a data directory for reading.
func look(ctx context.Context, dir string, o VerifyOptions) (in verify.Input, done func() error, err error) {
	if isFresh(dir) {
		return in, nil, errNoData(dir)
	}
	tree := store.TreeDir(dir)
	if o.Key == "" {
		key, err := os.ReadFile(filepath.Join(tree, audit.PublicKeyFile))
		if err != nil {
			return in, nil, err
		}
		o.Key = strings.TrimSpace(string(key))
	}
	j, err := lookJournal(ctx, dir, o.Database)
	if err != nil {
		return in, nil, err
	}
	return verify.Input{
		Rows: j.All(ctx), Tree: os.DirFS(tree), Key: o.Key, Kept: slices.Clone(o.Kept), Receipts: o.Receipts,
	}, j.Close, nil
}
