package store_test

import (
	"bytes"
	"context"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store"
	"chaperone/internal/vault"
)

// house is a data directory with vault and record open over it.
type house struct {
	dir   string
	store *store.Store
	vault *vault.Vault
	log   *audit.Log
	clock func() time.Time
	pace  time.Duration
	url   string // of a database; empty: files
}

func openHouse(t testing.TB, h *house) *house {
	t.Helper()
	if err := h.open(t.Context()); err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { h.close(t) })
	return h
}

func (h *house) open(ctx context.Context) error {
	var err error
	if h.url == "" {
		h.store, err = store.Open(ctx, h.dir)
	} else {
		h.store, err = store.OpenDatabase(ctx, h.dir, h.url)
	}
	if err != nil {
		return err
	}
	key := store.RootKeyFile(h.dir)
	if _, err := os.Stat(key); err != nil {
		if err := vault.CreateKeys(key, nil); err != nil {
			return err
		}
	}
	root, err := vault.LoadKeys(key)
	if err != nil {
		return err
	}
	if h.vault, err = vault.Open(ctx, vault.Config{Root: root, Sessions: h.store.Vault, Keys: h.store.Vault, Clock: h.clock}); err != nil {
		return err
	}
	signer, err := h.vault.Signer(ctx, "record")
	if err != nil {
		return err
	}
	if h.pace == 0 {
		h.pace = 100 * time.Millisecond
	}
	h.log, err = audit.Open(ctx, audit.Config{
		Journal: h.store.Journal, Sealer: h.vault, Index: h.vault.BlindIndex, Signer: signer,
		Tree: store.TreeDir(h.dir), Clock: h.clock, Pace: h.pace, Wait: 30 * time.Second,
	})
	return err
}

func (h *house) close(t testing.TB) {
	if h.store == nil {
		return
	}
	if h.log != nil {
		if err := h.log.Close(context.Background()); err != nil {
			t.Errorf("close the record: %v", err)
		}
	}
	if h.vault != nil {
		h.vault.Close()
	}
	if err := h.store.Close(); err != nil {
		t.Errorf("close the store: %v", err)
	}
	h.store, h.log, h.vault = nil, nil, nil
}

func (h *house) verify(t testing.TB, kept [][]byte, receipts ...string) *verify.Report {
	t.Helper()
	rows, done := h.look(t)
	defer done()
	key, err := os.ReadFile(filepath.Join(store.TreeDir(h.dir), audit.PublicKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(t.Context(), verify.Input{
		Rows: rows, Tree: os.DirFS(store.TreeDir(h.dir)), Key: string(key), Kept: kept, Receipts: receipts,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// look reads the journal from outside.
func (h *house) look(t testing.TB) (iter.Seq2[verify.Row, error], func() error) {
	t.Helper()
	if h.url != "" {
		j, err := store.LookDatabase(t.Context(), h.url)
		if err != nil {
			t.Fatal(err)
		}
		return j.All(t.Context()), j.Close
	}
	j, err := store.LookJournal(t.Context(), h.dir)
	if err != nil {
		t.Fatal(err)
	}
	return j.All(t.Context()), j.Close
}

func newHouse(t testing.TB) *house {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	return openHouse(t, &house{dir: dir})
}

func exchange(n int) chaperone.ExchangeID {
	id := audit.ID{0x01, 0x93, 0x50, 0, 0, 0, 0x70, 0, 0x80}
	for i := 15; i > 8 && n > 0; i-- {
		id[i] |= byte(n)
		n >>= 8
	}
	id[8] = 0x80
	return chaperone.ExchangeID(id.String())
}

func intent(n int, text string) audit.Intent {
	patient, _ := chaperone.NewPatientRef("MRN-0048213")
	return audit.Intent{
		Exchange: exchange(n),
		Who:      chaperone.Principal{Tenant: "clinic", ID: "dr.lee", Role: chaperone.RoleClinician, KeyID: "k1"},
		Why:      audit.Why{Patient: patient, Purpose: chaperone.PurposeTreatment, Reason: audit.Content("discharge of Otilia Marchbanks"), Basis: "role"},
		What:     audit.What{Action: "messages.create", Surface: "sdk", Session: "s1"},
		Where:    audit.Where{Door: "simulator", Simulated: true, Model: "claude-test-1"},
		Ruling:   audit.Ruling{Decision: audit.Concealed, Reasons: []string{"conceal-everything"}, PolicyVersion: "abc123", Findings: map[string]int{"name": 2}},
		Received: audit.Content("received " + text),
		Sent:     audit.Content("sent"),
	}
}

func TestAnExchangeIsRecordedProvedAndShown(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	e, err := h.log.Intend(ctx, intent(1, "Otilia Marchbanks, MRN-0048213"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(ctx, audit.Outcome{Result: audit.OK, Status: 200, Answered: audit.Content("a"), Delivered: audit.Content("d")}); err != nil {
		t.Fatal(err)
	}
	proof, err := h.log.Proof(ctx, e.Seq())
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.log.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.Check(key); err != nil {
		t.Error(err)
	}
	full, err := h.log.Show(ctx, string(exchange(1)))
	if err != nil {
		t.Fatal(err)
	}
	if got := full.Intent.Content["received"]; !bytes.Equal(got, []byte("received Otilia Marchbanks, MRN-0048213")) {
		t.Errorf("received = %q", string(got))
	}
	h.close(t)
	r := h.verify(t, nil, e.Receipt().String())
	if !r.OK() || r.Verified != 2 || r.Pending != 0 {
		t.Errorf("report: %+v", r)
	}
}
