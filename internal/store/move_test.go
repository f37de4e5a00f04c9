package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/store"
	"chaperone/internal/store/postgres"
	"chaperone/internal/store/postgres/postgrestest"
	"chaperone/phi"
)

// databases starts a server and makes prepared databases on it.
func databases(t *testing.T) func() string {
	t.Helper()
	s, err := postgrestest.Start()
	if errors.Is(err, postgrestest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return func() string {
		name := s.Database(t)
		url := s.URL(name, postgrestest.Writer)
		if err := postgres.Prepare(t.Context(), s.URL(name, postgrestest.Owner), url, postgres.Version); err != nil {
			t.Fatal(err)
		}
		return url
	}
}

// furnish puts something of everything into a house, 2,000 records among it, and
// one exchange that a crash left open.
func furnish(t *testing.T, h *house) {
	t.Helper()
	ctx := t.Context()
	if err := h.vault.Seal(ctx, "morning", []phi.Surrogate{{Placeholder: "NAME-7K2QAX", Kind: phi.Name, Value: phi.Seal("Otilia Marchbanks")}}); err != nil {
		t.Fatal(err)
	}
	if err := h.vault.Remember(ctx, "morning", "k", []byte("memory")); err != nil {
		t.Fatal(err)
	}
	err := h.store.State.PutCredential(ctx, identity.Credential{
		Kind: identity.KindKey, ID: "abcdefgh", Hash: []byte{1}, Created: time.UnixMilli(1_790_000_000_000),
		Holder: identity.Holder{Tenant: "clinic", Owner: "dr.lee", Role: chaperone.RoleClinician},
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1000 {
		if _, err := h.log.Refuse(ctx, intent(n+1, "Otilia Marchbanks"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.log.Intend(ctx, intent(5000, "left open")); err != nil {
		t.Fatal(err)
	}
}

func TestAMoveThatWasBrokenOffGoesOnAndEverythingArrives(t *testing.T) {
	url := databases(t)()
	h := newHouse(t)
	furnish(t, h)
	h.close(t)
	ctx, stop := context.WithCancel(t.Context())
	_, err := store.Move(ctx, h.dir, url, func(done, all uint64) {
		if done >= 1000 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("the broken move: %v", err)
	}
	var first uint64
	m, err := store.Move(t.Context(), h.dir, url, func(done, all uint64) {
		if first == 0 {
			first = done
		}
		if all != 2001 {
			t.Errorf("of %d records", all)
		}
	})
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	if first <= 1000 {
		t.Errorf("it began anew: %d after the first batch", first)
	}
	if m.Records != 2001 || m.Verified != 2001 {
		t.Errorf("moved: %+v", m)
	}
	if _, err := store.Open(t.Context(), h.dir); code(err) != "data_moved" {
		t.Errorf("the files afterwards: %v", err)
	}
	h.url = url
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	pairs, err := h.vault.Unseal(t.Context(), "morning")
	if err != nil || len(pairs) != 1 || pairs[0].Value.Expose() != "Otilia Marchbanks" {
		t.Errorf("%d pairs, %v", len(pairs), err)
	}
	if blob, ok, err := h.vault.Recall(t.Context(), "morning", "k"); string(blob) != "memory" || !ok || err != nil {
		t.Errorf("memory: %q, %v", blob, err)
	}
	if _, err := h.store.State.Credential(t.Context(), identity.KindKey, "abcdefgh"); err != nil {
		t.Errorf("credential: %v", err)
	}
	full, err := h.log.Show(t.Context(), string(exchange(7)))
	if err != nil || !strings.Contains(string(full.Intent.Content["received"]), "Otilia Marchbanks") {
		t.Errorf("an exchange: %v", err)
	}
	rows, err := h.store.Journal.Find(t.Context(), audit.Match{Class: string(audit.Abandoned)})
	if err != nil || len(rows) != 1 || rows[0].Seq != 2001 {
		t.Errorf("the open exchange was not closed at the next start: %v, %v", rows, err)
	}
}

func TestAMoveIntoWhatIsNotEmptyIsRefused(t *testing.T) {
	next := databases(t)
	url := next()
	other := openHouse(t, &house{dir: filepath.Join(t.TempDir(), "data"), url: url})
	other.close(t)
	h := newHouse(t)
	h.close(t)
	if _, err := store.Move(t.Context(), h.dir, url, nil); code(err) != "database_not_empty" {
		t.Errorf("Move: %v", err)
	}
	s, err := store.Open(t.Context(), h.dir)
	if err != nil {
		t.Fatalf("the files after the refusal: %v", err)
	}
	s.Close()
}

func TestAMoveOfADamagedRecordIsNotCompleted(t *testing.T) { // CRY-06
	next := databases(t)
	for name, step := range map[string]string{
		"a row changed":   `UPDATE record SET class = 'clean' WHERE seq = 3`,
		"a row removed":   `DELETE FROM record WHERE seq = 3`,
		"the end cut off": `DELETE FROM record WHERE seq > 3`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			for n := range 3 {
				if _, err := h.log.Refuse(t.Context(), intent(n+1, "x"), audit.Outcome{Result: audit.RefusedResult}); err != nil {
					t.Fatal(err)
				}
			}
			h.close(t)
			db, err := sql.Open("sqlite", store.JournalFile(h.dir))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for _, s := range []string{`DROP TRIGGER record_no_update`, `DROP TRIGGER record_no_delete`, step} {
				if _, err := db.ExecContext(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := store.Move(t.Context(), h.dir, next(), func(uint64, uint64) {}); code(err) != "move_differs" {
				t.Errorf("Move: %v", err)
			}
			if _, err := store.OpenDatabase(t.Context(), h.dir, next()); code(err) != "data_not_moved" {
				t.Errorf("the directory counts as moved: %v", err)
			}
		})
	}
}

func TestNothingInTheDatabaseNamesAPatient(t *testing.T) { // CRY-03
	url := databases(t)()
	h := openHouse(t, &house{dir: filepath.Join(t.TempDir(), "data"), url: url})
	furnish(t, h)
	h.close(t)
	d, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	seen := 0
	for table, columns := range map[string][]string{
		"record": {"class", "patient", "person", "session", "key", "leaf", "facts", "content"},
		"item":   {"name", "mark", "sealed"}, "session": {"id", "key"}, "key": {"id", "owner", "sealed"},
	} {
		for row, err := range d.Table(t.Context(), table, columns) {
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range row {
				text, ok := v.(string)
				if b, isBytes := v.([]byte); isBytes {
					text, ok = string(b), true
				}
				for _, words := range canaries {
					if ok && strings.Contains(strings.ToLower(text), strings.ToLower(words)) {
						t.Errorf("table %s holds %q", table, words)
					}
				}
			}
			seen++
		}
	}
	if seen < 2000 {
		t.Errorf("only %d rows were read", seen)
	}
}
