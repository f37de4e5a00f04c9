package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/identity"
	"chaperone/internal/store/postgres"
	"chaperone/internal/vault"
)

// Journal is what every driver's journal does: it keeps rows, and reads them
// back whole for the verifier.
type Journal interface {
	audit.Journal
	All(ctx context.Context) iter.Seq2[verify.Row, error]
}

// Vault is what every driver keeps for the vault.
type Vault interface {
	vault.Sessions
	vault.Keys
	vault.Forgetter
}

// State is what every driver keeps of identities.
type State interface {
	identity.Store
	identity.Forgetter
}

// OpenDatabase takes a data directory for this process alone, and opens the
// PostgreSQL database at url for journal, vault and state; the root key, the
// tree and the register stay in the directory. The error is a *chaperone.Error: those of Open and
// of postgres.Open, and data_not_moved where the directory holds records of its
// own.
func OpenDatabase(ctx context.Context, dir, url string) (*Store, error) {
	if err := makeDirectories(dir); err != nil {
		return nil, err
	}
	hold, err := holdLock(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: hold}
	if _, err := os.Stat(JournalFile(dir)); err == nil && s.notMoved() == nil {
		return nil, errors.Join(chaperone.NewError(chaperone.KindConflict, "data_not_moved",
			"The data directory holds records in files, and the configuration names a database",
			"Take them there with 'chaperone store move', or take store out of the configuration", nil), s.Close())
	}
	d, err := postgres.Open(ctx, url)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Journal, s.Vault, s.State, s.close = d.Journal, d.Vault, d.State, append(s.close, d.Close)
	if err := s.takeTurn(ctx, d); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.openRegister(ctx); err != nil {
		return nil, errDirectory(errors.Join(err, s.Close()))
	}
	return s, nil
}

// takeTurn waits until the database has noticed that the last process of this
// directory is gone, and notes the number of this one for the next.
func (s *Store) takeTurn(ctx context.Context, d *postgres.Database) error {
	path := filepath.Join(s.dir, "state", "writer")
	text, err := os.ReadFile(path)
	if err == nil {
		last, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 32)
		if err != nil {
			return errDirectory(fmt.Errorf("store: writer: %w", err))
		}
		if err := d.AwaitGone(ctx, int32(last)); err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return errDirectory(fmt.Errorf("store: writer: %w", err))
	}
	if err := writeWhole(path, strconv.Itoa(int(d.Writer()))+"\n"); err != nil {
		return errDirectory(fmt.Errorf("store: writer: %w", err))
	}
	return nil
}

// writeWhole puts a small file in place, whole and durable or not at all.
func writeWhole(path, text string) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Look is a journal that is open for reading only.
type Look struct {
	Journal
	Close func() error
}

// LookDatabase opens the journal of a database for reading only, also while
// others write.
func LookDatabase(ctx context.Context, url string) (*Look, error) {
	d, err := postgres.Look(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Look{d.Journal, d.Close}, nil
}

// PrepareDatabase brings the schema of the database to a version as its owner,
// and gives the role of the writer's URL its rights; see postgres.Prepare. A
// negative version is the newest.
func PrepareDatabase(ctx context.Context, owner, writer string, version int) error {
	if version < 0 {
		version = postgres.Version
	}
	return postgres.Prepare(ctx, owner, writer, version)
}

// CheckDatabaseURL reports what is wrong with a database's URL, without
// connecting.
func CheckDatabaseURL(url string) error { return postgres.CheckURL(url) }

// movedFile marks a directory whose files were moved into a database.
func movedFile(dir string) string { return filepath.Join(dir, "moved") }

// notMoved refuses to go on with files whose contents went elsewhere: there would
// be two records.
func (s *Store) notMoved() error {
	_, err := os.Stat(movedFile(s.dir))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("store: moved: %w", err)
	}
	return chaperone.NewError(chaperone.KindConflict, "data_moved",
		"The data of this directory was moved into a database",
		"Name the database under store in the configuration; the file named moved says which record it is", nil)
}

// ExamineDatabase proves that a database is fit, and changes nothing.
func ExamineDatabase(ctx context.Context, url string) error { return postgres.Examine(ctx, url) }
