package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store"
	"chaperone/internal/vault"
	"chaperone/phi"
)

func TestASecondProcessIsRefused(t *testing.T) {
	h := newHouse(t)
	if _, err := store.Open(t.Context(), h.dir); code(err) != "data_locked" {
		t.Errorf("Open: %v", err)
	}
	h.close(t)
	s, err := store.Open(t.Context(), h.dir)
	if err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestADirectoryThatOthersMayReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), dir); code(err) != "data_exposed" {
		t.Errorf("Open: %v", err)
	}
}

func TestAPathThatIsNoDirectoryIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), filepath.Join(file, "data")); code(err) != "data_unavailable" {
		t.Errorf("Open: %v", err)
	}
}

func TestAnotherRootKeyIsRefused(t *testing.T) {
	h := newHouse(t)
	h.close(t)
	key := store.RootKeyFile(h.dir)
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if err := vault.CreateKeys(key, nil); err != nil {
		t.Fatal(err)
	}
	err := h.open(t.Context())
	if code(err) != "vault_key_wrong" {
		t.Errorf("open: %v", err)
	}
	h.log = nil
	h.vault = nil
}

func TestACorruptJournalIsAFaultAndNotASurprise(t *testing.T) {
	h := newHouse(t)
	for n := range 200 {
		if _, err := h.log.Refuse(t.Context(), intent(n+1, strings.Repeat("x", 500)), audit.Outcome{Result: audit.RefusedResult}); err != nil {
			t.Fatal(err)
		}
	}
	h.close(t)
	file := store.JournalFile(h.dir)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(11, 13))
	found := 0
	for round := range 60 {
		data := bytes.Clone(whole)
		at := 100 + rnd.IntN(len(data)-100)
		for i := range min(16, len(data)-at) {
			data[at+i] ^= 0x55
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := store.LookJournal(t.Context(), h.dir)
		if err != nil {
			found++ // it does not even open
			continue
		}
		key, err := os.ReadFile(filepath.Join(store.TreeDir(h.dir), audit.PublicKeyFile))
		if err != nil {
			t.Fatal(err)
		}
		r, err := verify.Check(t.Context(), verify.Input{Rows: j.All(t.Context()), Tree: os.DirFS(store.TreeDir(h.dir)), Key: string(key)})
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK() {
			found++
		} else if r.Verified != 400 {
			t.Errorf("round %d: no fault, but only %d verified", round, r.Verified)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	// What is not found was in an index or in free space, where no record is.
	if found < 30 {
		t.Errorf("%d of 60 corruptions found", found)
	}
	t.Logf("%d of 60 corruptions touched a record and were found; in the others all 400 records verify", found)
}

func TestARowEditedByTheDatabasesOwnerIsNamed(t *testing.T) { // CRY-06
	h := newHouse(t)
	for n := range 5 {
		if _, err := h.log.Refuse(t.Context(), intent(n+1, "x"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
			t.Fatal(err)
		}
	}
	h.close(t)
	db, err := sql.Open("sqlite", store.JournalFile(h.dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{
		`DROP TRIGGER record_no_update`, `DROP TRIGGER record_no_delete`,
		`UPDATE record SET class = 'clean' WHERE seq = 4`, `DELETE FROM record WHERE seq = 7`,
	} {
		if _, err := db.ExecContext(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	r := h.verify(t, nil)
	var places []uint64
	for _, f := range r.Faults {
		places = append(places, f.Seq)
	}
	if !slices.Equal(places, []uint64{4, 7}) || r.Verified != 8 {
		t.Errorf("report: %+v", r)
	}
}

func TestARecordIsVerifiedWhileItIsWritten(t *testing.T) {
	h := newHouse(t)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := 0; n == 0 || ctx.Err() == nil && n < 2000; n++ {
				if _, err := h.log.Refuse(context.Background(), intent(1+w*2000+n, "x"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 20 {
		if r := h.verify(t, nil); !r.OK() || r.Verified != r.TreeSize || r.Verified+r.Pending != r.Records {
			t.Errorf("report: %+v", r)
		}
	}
	stop()
	wg.Wait()
	if _, err := h.log.Proof(t.Context(), h.log.Size()-1); err != nil {
		t.Fatal(err)
	}
	if r := h.verify(t, nil); !r.OK() || r.Pending != 0 {
		t.Errorf("at rest: %+v", r)
	}
}

func TestTheTreeIsRebuiltFromTheJournal(t *testing.T) {
	h := newHouse(t)
	for n := range 3 {
		if _, err := h.log.Refuse(t.Context(), intent(n+1, "x"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
			t.Fatal(err)
		}
	}
	h.close(t)
	kept, err := os.ReadFile(filepath.Join(store.TreeDir(h.dir), "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(store.TreeDir(h.dir)); err != nil {
		t.Fatal(err)
	}
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.log.Proof(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	h.close(t)
	if r := h.verify(t, [][]byte{kept}); !r.OK() || r.Verified != 6 || r.Kept != 1 {
		t.Errorf("report: %+v", r)
	}
}

func TestACheckpointFromTheFutureDoesNotStopTheTree(t *testing.T) { // R11
	h := newHouse(t)
	if err := h.log.Note(t.Context(), audit.Event{Kind: audit.KeyCreated}); err != nil {
		t.Fatal(err)
	}
	h.close(t)
	ahead := time.Now().Add(24 * time.Hour) // the clock was a day ahead, and was set right
	if err := os.Chtimes(filepath.Join(store.TreeDir(h.dir), "checkpoint"), ahead, ahead); err != nil {
		t.Fatal(err)
	}
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.log.Note(t.Context(), audit.Event{Kind: audit.KeyCreated}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.log.Proof(t.Context(), 1); err != nil {
		t.Error(err)
	}
}

// canaries are the words of a patient who never lived.
var canaries = []string{"Otilia", "Marchbanks", "MRN-0048213", "0048213", "discharge of", "dr-lee-session"}

func TestNothingInTheDataDirectoryNamesAPatient(t *testing.T) { // CRY-03
	h := newHouse(t)
	ctx := t.Context()
	for n := range 20 {
		if err := h.vault.Seal(ctx, "dr-lee-session", []phi.Surrogate{{Placeholder: "NAME-7K2QAX", Kind: phi.Name, Value: phi.Seal("Otilia Marchbanks")}}); err != nil {
			t.Fatal(err)
		}
		if err := h.vault.Remember(ctx, "dr-lee-session", "Otilia", []byte("Marchbanks")); err != nil {
			t.Fatal(err)
		}
		e, err := h.log.Intend(ctx, intent(n+1, "Otilia Marchbanks, MRN-0048213"))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Settle(ctx, audit.Outcome{Result: audit.OK, Delivered: audit.Content("Otilia Marchbanks")}); err != nil {
			t.Fatal(err)
		}
	}
	grep := func(when string) {
		t.Helper()
		read := 0
		err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if os.IsNotExist(err) {
				return nil // the tree's files come and go
			}
			read++
			for _, words := range canaries {
				if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(words))) {
					t.Errorf("%s: %s holds %q", when, path, words)
				}
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) || read < 8 {
			t.Fatalf("%d files read, %v", read, err)
		}
	}
	grep("while it runs")
	h.close(t)
	grep("at rest")
}

func TestDirectoriesAreTheOwnersAlone(t *testing.T) {
	h := newHouse(t)
	for _, dir := range []string{h.dir, filepath.Dir(store.JournalFile(h.dir)), store.TreeDir(h.dir), filepath.Dir(store.VaultFile(h.dir)), filepath.Dir(store.StateFile(h.dir))} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
}
