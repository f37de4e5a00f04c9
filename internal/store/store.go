// Package store knows the data directory: which files there are, who may hold
// it, and which driver keeps them. It owns the lock that keeps a second daemon
// out. It refuses a directory that others may read, and it decides nothing
// about what is kept; the drivers below it implement what the rooms declare.
//
//	DIR/lock                held by the running daemon
//	DIR/root.key            the vault's root key, unless it is kept elsewhere
//	DIR/record/journal.db   the record, see sqlite/journal.sql
//	DIR/record/tree/        the transparency log over it (C2SP tlog-tiles)
//	DIR/vault/vault.db      placeholders and wrapped keys, see sqlite/vault.sql
//	DIR/state/state.db      identities, see sqlite/state.sql
//	DIR/register/register.db  agreements and their documents, see sqlite/register.sql
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

	"chaperone"
	"chaperone/internal/store/sqlite"
)

// Store is an open data directory: one field for each thing that is kept.
type Store struct {
	Journal  *sqlite.Journal  // audit.Journal
	Vault    *sqlite.Vault    // vault.Sessions and vault.Keys
	State    *sqlite.State    // identity.Store
	Register *sqlite.Register // register.Store

	dir  string
	lock *lock
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
	if s.Journal, err = sqlite.OpenJournal(ctx, JournalFile(dir)); err == nil {
		if s.Vault, err = sqlite.OpenVault(ctx, VaultFile(dir)); err == nil {
			s.State, err = sqlite.OpenState(ctx, StateFile(dir))
		}
	}
	if err == nil {
		s.Register, err = sqlite.OpenRegister(ctx, RegisterFile(dir))
	}
	if err != nil {
		return nil, errDirectory(errors.Join(fmt.Errorf("store: open: %w", err), s.Close()))
	}
	return s, nil
}

// Close closes the files and lets go of the directory.
func (s *Store) Close() error {
	var err error
	if s.Register != nil {
		err = errors.Join(err, s.Register.Close())
	}
	if s.State != nil {
		err = errors.Join(err, s.State.Close())
	}
	if s.Vault != nil {
		err = errors.Join(err, s.Vault.Close())
	}
	if s.Journal != nil {
		err = errors.Join(err, s.Journal.Close())
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

// TreeDir is the directory of the tree over the journal.
func TreeDir(dir string) string { return filepath.Join(dir, "record", "tree") }

// VaultFile is the vault's file.
func VaultFile(dir string) string { return filepath.Join(dir, "vault", "vault.db") }

// StateFile is the file of identities.
func StateFile(dir string) string { return filepath.Join(dir, "state", "state.db") }

// RegisterFile is the file of the register.
func RegisterFile(dir string) string { return filepath.Join(dir, "register", "register.db") }

// RootKeyFile is where the vault's root key is kept unless it is kept elsewhere.
func RootKeyFile(dir string) string { return filepath.Join(dir, "root.key") }

// makeDirectories makes what is missing, for the owner alone, and refuses a
// directory that was there before and is open to others.
func makeDirectories(dir string) error {
	for _, d := range []string{dir, filepath.Join(dir, "record"), filepath.Join(dir, "vault"), filepath.Join(dir, "state"), filepath.Join(dir, "register")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return errDirectory(fmt.Errorf("store: directory: %w", err))
		}
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
	return chaperone.NewError(chaperone.KindUnavailable, "data_unavailable",
		"The data directory cannot be used",
		"Check that it exists, is yours, can be written to and has space", cause)
}
