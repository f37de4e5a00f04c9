package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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

// Verify checks the record of a data directory from outside. It needs neither
// the vault's key nor the lock, and works while a daemon runs.
func Verify(ctx context.Context, dir string, o VerifyOptions) (_ *verify.Report, err error) {
	if isFresh(dir) {
		return nil, errNoData(dir)
	}
	j, err := lookJournal(ctx, dir, o.Database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	tree := store.TreeDir(dir)
	if o.Key == "" {
		key, err := os.ReadFile(filepath.Join(tree, audit.PublicKeyFile))
		if err != nil {
			return nil, err
		}
		o.Key = strings.TrimSpace(string(key))
	}
	return verify.Check(ctx, verify.Input{
		Rows: j.All(ctx), Tree: os.DirFS(tree), Key: o.Key, Kept: o.Kept, Receipts: o.Receipts,
	})
}
