package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/register"
	"chaperone/internal/store/sqlite"
	"chaperone/internal/store/storetest"
)

// path is one file for each test, so that opening twice opens the same.
func path(t *testing.T, dir map[string]string) string {
	if dir[t.Name()] == "" {
		dir[t.Name()] = filepath.Join(t.TempDir(), "a file; with ? and # in its name.db")
	}
	return dir[t.Name()]
}

func TestJournal(t *testing.T) {
	dirs := map[string]string{}
	storetest.Journal(t, func(t *testing.T) (audit.Journal, func() error) {
		j, err := sqlite.OpenJournal(t.Context(), path(t, dirs))
		if err != nil {
			t.Fatal(err)
		}
		return j, j.Close
	})
}

func TestVault(t *testing.T) {
	dirs := map[string]string{}
	storetest.Vault(t, func(t *testing.T) (storetest.VaultStore, func() error) {
		v, err := sqlite.OpenVault(t.Context(), path(t, dirs))
		if err != nil {
			t.Fatal(err)
		}
		return v, v.Close
	})
}

func TestVaultForgets(t *testing.T) {
	v, err := sqlite.OpenVault(t.Context(), path(t, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	storetest.Forgetter(t, v)
}

func TestIdentity(t *testing.T) {
	dirs := map[string]string{}
	storetest.Identity(t, func(t *testing.T) (identity.Store, func() error) {
		s, err := sqlite.OpenState(t.Context(), path(t, dirs))
		if err != nil {
			t.Fatal(err)
		}
		return s, s.Close
	})
}

func TestRegister(t *testing.T) {
	dirs := map[string]string{}
	storetest.Register(t, func(t *testing.T) (register.Store, func() error) {
		r, err := sqlite.OpenRegister(t.Context(), path(t, dirs))
		if err != nil {
			t.Fatal(err)
		}
		return r, r.Close
	})
}

func TestTheDatabaseItselfRefusesToChangeOrRemoveWhatTheRegisterHolds(t *testing.T) { // BAA-05
	file := filepath.Join(t.TempDir(), "register.db")
	r, err := sqlite.OpenRegister(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.AddEntry(t.Context(), register.Row{Tenant: "clinic", Number: 1, Sealed: []byte("one")}); err != nil {
		t.Fatal(err)
	}
	if err := r.AddDocument(t.Context(), register.Document{Tenant: "clinic", Digest: strings.Repeat("a", 64), Key: "k", Sealed: []byte("paper")}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, attempt := range []string{`UPDATE entry SET sealed = 'x'`, `DELETE FROM entry`, `UPDATE document SET sealed = 'x'`, `DELETE FROM document`} {
		if _, err := db.ExecContext(t.Context(), attempt); err == nil {
			t.Errorf("%s was let through", attempt)
		}
	}
}

func aRow(n byte) audit.Row {
	return audit.Row{ID: audit.ID{n}, Kind: audit.KindNote, Class: "key.created", Facts: []byte{n}, Leaf: audit.Leaf{n}}
}

func TestTheDatabaseItselfRefusesToChangeOrRemoveARecord(t *testing.T) { // AUD-05
	file := filepath.Join(t.TempDir(), "journal.db")
	j, err := sqlite.OpenJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := j.Append(t.Context(), aRow(1)); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, attempt := range []string{
		`UPDATE record SET class = 'clean'`, `DELETE FROM record`,
		`INSERT INTO record SELECT seq + 1, id, about, at, kind, class, patient, person, session, key, leaf, facts, content FROM record`,
		`INSERT OR REPLACE INTO record SELECT seq, id, about, at, kind, 'clean', patient, person, session, key, leaf, facts, content FROM record`,
	} {
		if _, err := db.ExecContext(t.Context(), attempt); err == nil {
			t.Errorf("allowed: %s", attempt)
		}
	}
}

func TestAJournalOfTheFirstVersionIsBroughtUpToDateWithItsRows(t *testing.T) { // AUD-05
	file := filepath.Join(t.TempDir(), "journal.db")
	first, err := os.ReadFile("journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	intent, outcome := audit.ID{7}, audit.OutcomeID(audit.ID{7})
	if _, err := db.ExecContext(t.Context(), string(first)+`PRAGMA user_version = 1;`); err != nil {
		t.Fatal(err)
	}
	for seq, id := range []audit.ID{intent, outcome} {
		if _, err := db.ExecContext(t.Context(), `INSERT INTO record (seq, id, about, at, kind, class, key, leaf, facts) VALUES (?, ?, ?, 1, ?, 'clean', '', ?, x'01')`,
			seq, id[:], intent[:], seq+1, make([]byte, audit.LeafSize)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	j, err := sqlite.OpenJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if seq, err := j.Append(t.Context(), aRow(1)); seq != 2 || err != nil {
		t.Errorf("the next row stands at %d, %v", seq, err)
	}
	rows, err := j.Find(t.Context(), audit.Match{About: intent})
	if err != nil || len(rows) != 2 || rows[0].ID != intent || rows[1].ID != outcome {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	j, err := sqlite.OpenJournal(t.Context(), filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := j.Append(t.Context(), aRow(1)); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestAFileOfANewerVersionIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal.db")
	j, err := sqlite.OpenJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenJournal(t.Context(), file); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("OpenJournal: %v", err)
	}
	if _, err := sqlite.LookJournal(t.Context(), file); err == nil {
		t.Error("LookJournal reads it")
	}
}

func TestAJournalIsReadWhileItIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal.db")
	if _, err := sqlite.LookJournal(t.Context(), file); err == nil {
		t.Error("a journal that is not there can be read")
	}
	j, err := sqlite.OpenJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	look, err := sqlite.LookJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer look.Close()
	for n := range byte(3) {
		if _, err := j.Append(t.Context(), aRow(n)); err != nil {
			t.Fatal(err)
		}
		if leaves, err := look.Leaves(t.Context(), 0, 10); err != nil || len(leaves) != int(n)+1 {
			t.Errorf("%d leaves, %v", len(leaves), err)
		}
	}
	if _, err := look.Append(t.Context(), aRow(9)); err == nil {
		t.Error("a journal opened for reading takes rows")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(context.Background(), aRow(9)); err == nil {
		t.Error("a closed journal takes rows")
	}
	alone, err := sqlite.LookJournal(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if leaves, err := alone.Leaves(t.Context(), 0, 10); err != nil || len(leaves) != 3 {
		t.Errorf("with nobody writing: %d leaves, %v", len(leaves), err)
	}
}

func TestOneBadRowDoesNotFailItsNeighbours(t *testing.T) {
	j, err := sqlite.OpenJournal(t.Context(), filepath.Join(t.TempDir(), "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	errs := make(chan error)
	for n := range byte(40) {
		go func() {
			r := aRow(n)
			if n%8 == 0 {
				r.Facts = nil // the schema refuses it
			}
			_, err := j.Append(context.Background(), r)
			if n%8 == 0 && err == nil {
				err = errors.New("a row without facts was taken")
			} else if n%8 == 0 {
				err = nil
			}
			errs <- err
		}()
	}
	for range 40 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if leaves, err := j.Leaves(t.Context(), 0, 100); err != nil || len(leaves) != 35 {
		t.Errorf("%d leaves, %v", len(leaves), err)
	}
}
