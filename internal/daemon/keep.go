package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/witness"
	"chaperone/internal/register"
	"chaperone/internal/store"
	"chaperone/internal/vault"
)

// keep is what outlives the process: the data directory with the record, the
// vault and the state in it, opened.
type keep struct {
	store *store.Store
	vault *vault.Vault
	log   *audit.Log
	state store.State
	// papers is the register: what was signed, and what is known about it.
	papers *register.Register

	courier   *witness.Courier // takes checkpoints to the witnesses
	uncourier func()           // stops it; nil where it does not run
}

// openKeep takes the data directory and opens everything in it. A root key is
// made only where there is no data yet: data without its key is a loss to be
// mended from a backup, never papered over with a new key.
func openKeep(ctx context.Context, opts Options) (_ *keep, err error) {
	dir := opts.Config.Data
	syscall.Umask(0o077) // the tree's driver writes with the process's mask
	path := store.RootKeyFile(dir)
	fresh, err := mayMakeKey(ctx, opts.Config)
	if err != nil {
		return nil, err
	}
	if fresh {
		// The key comes first: should this start end half way, there is a key
		// without data, never data without a key.
		if err := makePrivate(dir); err != nil {
			return nil, err
		}
		if err := vault.CreateKeys(path, opts.Random); err != nil {
			return nil, err
		}
	}
	k := &keep{}
	if k.store, err = openStore(ctx, opts.Config); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, k.close(context.WithoutCancel(ctx)))
		}
	}()
	k.state = k.store.State
	root, err := vault.LoadKeys(path)
	if err != nil {
		return nil, err
	}
	defer root.Forget()
	k.vault, err = vault.Open(ctx, vault.Config{
		Root: root, Sessions: k.store.Vault, Keys: k.store.Vault,
		Clock: opts.Clock, Random: opts.Random, Idle: opts.Config.Session.Idle,
	})
	if err != nil {
		return nil, err
	}
	signer, err := k.vault.Signer(ctx, "record")
	if err != nil {
		return nil, err
	}
	if k.courier, err = newCourier(opts, signer); err != nil {
		return nil, err
	}
	k.log, err = audit.Open(ctx, audit.Config{
		Vouched: required(opts.Config, k.courier),
		Journal: k.store.Journal, Sealer: k.vault, Index: k.vault.BlindIndex, Signer: signer,
		Tree: store.TreeDir(dir), Clock: opts.Clock, Random: opts.Random, Pace: opts.Config.Record.Checkpoint,
	})
	if err == nil {
		k.papers, err = openRegister(ctx, k, opts)
	}
	return k, err
}

// isFresh reports whether there is no data yet: neither a journal nor a vault.
func isFresh(dir string) bool {
	for _, path := range []string{store.JournalFile(dir), store.VaultFile(dir), store.RootKeyFile(dir)} {
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			return false
		}
	}
	return true
}

// makePrivate makes the data directory, for its owner alone. An empty one that
// is there already is taken over; one with other things in it is left as it is,
// and store.Open says what is wrong with it.
func makePrivate(dir string) error {
	if err := store.MakeDirectory(dir); err != nil {
		return errDirectory(dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return errDirectory(dir, err)
	}
	if len(entries) == 0 {
		if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory needs its x bit
			return errDirectory(dir, err)
		}
	}
	return nil
}

func errDirectory(dir string, cause error) error {
	return chaperone.NewError(chaperone.KindUnavailable, "data_unavailable",
		"The data directory "+dir+" cannot be made", "Choose another with --data, or check its parent's permissions", cause)
}

// close closes what was opened, the record first.
func (k *keep) close(ctx context.Context) error {
	var err error
	if k.uncourier != nil {
		k.uncourier()
	}
	if k.log != nil {
		err = k.log.Close(ctx)
	}
	if k.uncourier != nil {
		k.bringLast(ctx)
	}
	if k.vault != nil {
		err = errors.Join(err, k.vault.Close())
	}
	if k.store != nil {
		err = errors.Join(err, k.store.Close())
	}
	if err != nil {
		return fmt.Errorf("daemon: close: %w", err)
	}
	return nil
}
