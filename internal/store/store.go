// Package store knows the data directory: which files there are, who may hold
// it, and which driver keeps them. It owns the lock that keeps a second daemon
// out. It refuses a directory that others may read, and it decides nothing
// about what is kept; the drivers below it implement what the rooms declare.
//
//	DIR/lock                held by the running daemon
//	DIR/root.key            the vault's root key, unless it is kept elsewhere
//	DIR/record/journal.db   the record, see sqlite/journal.sql
//	DIR/record/tree/        the transparency log over it (C2SP tlog-tiles)
//	DIR/record/cosigned     the newest checkpoint that a witness has cosigned
//	DIR/vault/vault.db      placeholders and wrapped keys, see sqlite/vault.sql
//	DIR/state/state.db      identities, see sqlite/state.sql
//	DIR/export/             how far each receiver of the record has got
//	DIR/register/register.db  agreements and their documents, see sqlite/register.sql
//	DIR/moved               the three files above were moved into a database
//
// With a database (OpenDatabase), journal, vault and state are there; the rest
// stays in the directory, and DIR/state/writer is the number of its last process.
//
// Record, vault, state and register are files of their own on purpose: they may be given
// different disks, owners and backups, and losing one does not touch another.
package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"chaperone"
	"chaperone/internal/store/sqlite"
)

// Store is an open data directory: one field for each thing that is kept.
type Store struct {
	Journal  Journal
	Vault    Vault
	State    State
	Register *sqlite.Register // register.Store

	dir   string
	lock  *lock
	files *files         // nil with a database
	close []func() error // what is open, in order of opening
}

// Open takes a data directory for this process alone, making it if need be, and
// opens all files in it. The error is a *chaperone.Error: data_locked when
// another process runs on it, data_exposed when other users may read it,
// data_unavailable when it cannot be used (missing, read-only, full, or written
// by a newer version).
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := makeDirectories(dir); err != nil {
		return nil, err
	}
	hold, err := holdLock(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: hold}
	if err = s.notMoved(); err == nil {
		err = s.openFiles(ctx)
	}
	if err == nil {
		err = s.openRegister(ctx)
	}
	if err != nil {
		return nil, errDirectory(errors.Join(err, s.Close()))
	}
	return s, nil
}

// files are the open files of a data directory.
type files struct {
	journal *sqlite.Journal
	vault   *sqlite.Vault
	state   *sqlite.State
}

func (s *Store) openFiles(ctx context.Context) (err error) {
	f := &files{}
	s.files = f
	if f.journal, err = sqlite.OpenJournal(ctx, JournalFile(s.dir)); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	s.Journal, s.close = f.journal, append(s.close, f.journal.Close)
	if f.vault, err = sqlite.OpenVault(ctx, VaultFile(s.dir)); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	s.Vault, s.close = f.vault, append(s.close, f.vault.Close)
	if f.state, err = sqlite.OpenState(ctx, StateFile(s.dir)); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	s.State, s.close = f.state, append(s.close, f.state.Close)
	return nil
}

// openRegister opens the register, which is a file with a database too: it is
// small, and one house keeps one.
func (s *Store) openRegister(ctx context.Context) (err error) {
	if s.Register, err = sqlite.OpenRegister(ctx, RegisterFile(s.dir)); err != nil {
		return fmt.Errorf("store: open: %w", err)
	}
	s.close = append(s.close, s.Register.Close)
	return nil
}

// Close closes the files and lets go of the directory.
func (s *Store) Close() error {
	var err error
	for _, end := range slices.Backward(s.close) {
		err = errors.Join(err, end())
	}
	return errors.Join(err, s.lock.release())
}

// LookJournal opens the journal of a data directory for reading only. It takes
// no lock, so that it works while a daemon runs.
func LookJournal(ctx context.Context, dir string) (*sqlite.Journal, error) {
	j, err := sqlite.LookJournal(ctx, JournalFile(dir))
	if err != nil {
		return nil, errDirectory(fmt.Errorf("store: look: %w", err))
	}
	return j, nil
}

// LookVault opens the vault's file of a data directory for reading only.
func LookVault(ctx context.Context, dir string) (*sqlite.Vault, error) {
	v, err := sqlite.LookVault(ctx, VaultFile(dir))
	if err != nil {
		return nil, errDirectory(fmt.Errorf("store: look: %w", err))
	}
	return v, nil
}

// JournalFile is the journal of the record in a data directory.
func JournalFile(dir string) string { return filepath.Join(dir, "record", "journal.db") }

// CosignedFile is where the newest cosigned checkpoint is kept.
func CosignedFile(dir string) string { return filepath.Join(dir, "record", "cosigned") }

// TreeDir is the directory of the tree over the journal.
func TreeDir(dir string) string { return filepath.Join(dir, "record", "tree") }

// VaultFile is the vault's file.
func VaultFile(dir string) string { return filepath.Join(dir, "vault", "vault.db") }

// StateFile is the file of identities.
func StateFile(dir string) string { return filepath.Join(dir, "state", "state.db") }

// ExportDir is where it is kept how far each receiver of the record has got.
func ExportDir(dir string) string { return filepath.Join(dir, "export") }

// RegisterFile is the file of the register.
func RegisterFile(dir string) string { return filepath.Join(dir, "register", "register.db") }

// RootKeyFile is where the vault's root key is kept unless it is kept elsewhere.
func RootKeyFile(dir string) string { return filepath.Join(dir, "root.key") }

// makeDirectories makes what is missing, for the owner alone, and refuses a
// directory that was there before and is open to others.
func makeDirectories(dir string) error {
	for _, d := range []string{dir, TreeDir(dir), filepath.Join(dir, "vault"), filepath.Join(dir, "state"), filepath.Join(dir, "register")} {
		if err := MakeDirectory(d); err != nil {
			return errDirectory(fmt.Errorf("store: directory: %w", err))
		}
	}
	// A start that ended between making a directory and syncing its name left
	// that to this one.
	if err := errors.Join(syncDirectory(dir), syncDirectory(filepath.Dir(TreeDir(dir)))); err != nil {
		return errDirectory(fmt.Errorf("store: directory: %w", err))
	}
	info, err := os.Stat(dir)
	if err != nil {
		return errDirectory(fmt.Errorf("store: directory: %w", err))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return chaperone.NewError(chaperone.KindUnavailable, "data_exposed",
			"The data directory can be read or changed by other users of this machine",
			"Make it yours alone with chmod 700", nil)
	}
	return nil
}

func errDirectory(cause error) *chaperone.Error {
	if own, ok := errors.AsType[*chaperone.Error](cause); ok {
		return own
	}
	return chaperone.NewError(chaperone.KindUnavailable, "data_unavailable",
		"The data directory cannot be used",
		"Check that it exists, is yours, can be written to and has space", cause)
}
