package audit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

// eventually waits for what a background goroutine will bring about.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestNoRecordMeansNoEntry(t *testing.T) { // AUD-03
	for name, breakIt := range map[string]func(*desk){
		"the journal refuses": func(d *desk) {
			d.journal.Fault = func(context.Context, []audit.Row) (bool, error) { return false, errors.New("disk full") }
		},
		"the acknowledgement is lost": func(d *desk) {
			d.journal.Fault = func(context.Context, []audit.Row) (bool, error) { return true, errors.New("connection cut") }
		},
		"the key table refuses": func(d *desk) {
			d.sealer.Fault = func(context.Context) error { return errors.New("disk full") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			var broken atomic.Bool
			broken.Store(true)
			breakIt(d)
			journal, sealer := d.journal.Fault, d.sealer.Fault
			d.journal.Fault = func(ctx context.Context, rows []audit.Row) (bool, error) {
				if journal == nil || !broken.Load() {
					return false, nil
				}
				return journal(ctx, rows)
			}
			d.sealer.Fault = func(ctx context.Context) error {
				if sealer == nil || !broken.Load() {
					return nil
				}
				return sealer(ctx)
			}
			e, err := d.log.Intend(t.Context(), anIntent(1))
			if e != nil || code(err) != "record_unavailable" {
				t.Fatalf("Intend = %v, %v", e, err)
			}
			if d.log.Ready() == nil {
				t.Error("the log is ready although it cannot record")
			}
			broken.Store(false)
			eventually(t, "ready again", func() bool { return d.log.Ready() == nil })
			// Whatever reached the journal of the refused exchange has an end.
			eventually(t, "every intent has an outcome", func() bool {
				open, err := d.journal.Find(t.Context(), audit.Match{Open: true})
				return err == nil && len(open) == 0
			})
			if _, err := d.log.Intend(t.Context(), anIntent(2)); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestAnOutcomeThatCannotBeWrittenIsReportedAndRecordedLater(t *testing.T) {
	d := newDesk(t)
	var broken atomic.Bool
	d.journal.Fault = func(context.Context, []audit.Row) (bool, error) {
		if broken.Load() {
			return false, errors.New("disk full")
		}
		return false, nil
	}
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	broken.Store(true)
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK, Status: 200}); code(err) != "record_unavailable" {
		t.Fatalf("Settle: %v", err)
	}
	broken.Store(false)
	eventually(t, "the outcome is recorded as failed", func() bool {
		rows, err := d.journal.Find(t.Context(), audit.Match{Kind: audit.KindOutcome})
		return err == nil && len(rows) == 1 && rows[0].Class == "failed"
	})
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
		t.Errorf("settling again: %v", err)
	}
	if rows, _ := d.journal.Find(t.Context(), audit.Match{Kind: audit.KindOutcome}); len(rows) != 1 {
		t.Errorf("%d outcomes", len(rows))
	}
}

func TestAHangingJournalIsNotWaitedForLongerThanStated(t *testing.T) { // R7
	synctest.Test(t, func(t *testing.T) {
		journal := &audittest.Journal{}
		// The tree's files are real, its timers are the bubble's.
		log, err := audit.Open(t.Context(), audit.Config{
			Journal: journal, Sealer: audittest.NewSealer(), Index: audittest.Index,
			Signer: audittest.NewSigner("record"), Tree: filepath.Join(t.TempDir(), "tree"), Wait: 2 * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		var hang atomic.Bool
		hang.Store(true)
		journal.Fault = func(ctx context.Context, _ []audit.Row) (bool, error) {
			if !hang.Load() {
				return false, nil
			}
			<-ctx.Done()
			return false, ctx.Err()
		}
		start := time.Now()
		_, err = log.Intend(t.Context(), anIntent(1))
		if took := time.Since(start); code(err) != "record_unavailable" || took != 2*time.Second {
			t.Errorf("Intend gave %v after %v", err, took)
		}
		hang.Store(false)
		if err := log.Close(context.Background()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
}

func TestARestartAbandonsWhatWasOpen(t *testing.T) {
	d := newDesk(t)
	for n := 1; n <= 3; n++ {
		e, err := d.log.Intend(t.Context(), anIntent(n))
		if err != nil {
			t.Fatal(err)
		}
		if n == 2 {
			if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := d.log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second restart finds nothing left to do
		d.open(t)
		rows, err := d.journal.Find(t.Context(), audit.Match{Kind: audit.KindOutcome, Class: "abandoned"})
		if err != nil || len(rows) != 2 {
			t.Errorf("%d abandoned, %v", len(rows), err)
		}
		if err := d.log.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r := d.verify(t); !r.OK() || r.Open != 0 || r.Verified != 6 {
		t.Errorf("report: %+v", r)
	}
}

func TestRecordingStopsWhenTreeAndJournalContradictEachOther(t *testing.T) {
	note := audit.Event{Kind: audit.KeyCreated}
	for name, tamper := range map[string]func(t *testing.T, d *desk){
		"the journal lost its end": func(_ *testing.T, d *desk) { d.journal.Truncate(2) },
		"a leaf was rewritten":     func(_ *testing.T, d *desk) { d.journal.Change(1, func(r *audit.Row) { r.Leaf[40] ^= 1 }) },
		"the last bundle is gone": func(t *testing.T, d *desk) {
			if err := os.RemoveAll(filepath.Join(d.config.Tree, "tile", "entries")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for range 3 {
				if err := d.log.Note(t.Context(), note); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.log.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			tamper(t, d)
			if _, err := audit.Open(t.Context(), d.config); code(err) != "record_tree_mismatch" {
				t.Errorf("Open: %v", err)
			}
		})
	}
}

func TestAnotherSigningKeyIsRefused(t *testing.T) {
	d := newDesk(t)
	if err := d.log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.config.Signer = audittest.NewSigner("somebody else")
	if _, err := audit.Open(t.Context(), d.config); code(err) != "record_key_changed" {
		t.Errorf("Open: %v", err)
	}
}

func TestAProofWaitsForTheSignedTree(t *testing.T) {
	d := newDesk(t)
	key, err := d.log.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	var proofs []*verify.Proof
	for range 5 {
		if err := d.log.Note(t.Context(), audit.Event{Kind: audit.KeyCreated}); err != nil {
			t.Fatal(err)
		}
		p, err := d.log.Proof(t.Context(), d.log.Size()-1)
		if err != nil {
			t.Fatal(err)
		}
		proofs = append(proofs, p)
	}
	for n, p := range proofs {
		if err := p.Check(key); err != nil {
			t.Errorf("proof %d: %v", n, err)
		}
		p.Leaf[50] ^= 1
		if p.Check(key) == nil {
			t.Errorf("proof %d holds for another leaf", n)
		}
	}
	if _, err := d.log.Proof(t.Context(), 99); code(err) != "record_not_found" {
		t.Errorf("a record that is not there: %v", err)
	}
}

func TestAClosedRecordRefuses(t *testing.T) {
	d := newDesk(t)
	if err := d.log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.log.Intend(t.Context(), anIntent(1)); code(err) != "record_unavailable" {
		t.Errorf("Intend: %v", err)
	}
	if err := d.log.Close(t.Context()); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestARecordWhoseContentWasDestroyedSaysSo(t *testing.T) { // AUD-14
	d := newDesk(t)
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
		t.Fatal(err)
	}
	if err := d.sealer.Destroy(d.journal.Rows()[0].KeyID); err != nil {
		t.Fatal(err)
	}
	full, err := d.log.Show(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	if !full.Intent.Gone || full.Intent.Content != nil || full.Intent.Facts.Parts == nil {
		t.Errorf("intent: %+v", full.Intent)
	}
	if _, err := d.log.Proof(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if r := d.verify(t); !r.OK() || r.Verified != 2 {
		t.Errorf("report: %+v", r)
	}
}

func TestATamperedRecordIsNotShown(t *testing.T) {
	d := newDesk(t)
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*audit.Row){
		"content": func(r *audit.Row) { r.Content[5] ^= 1 },
		"facts":   func(r *audit.Row) { r.Facts[5] ^= 1 },
		"class":   func(r *audit.Row) { r.Class = "identified" },
		"patient": func(r *audit.Row) { r.Index.Patient[0] ^= 1 },
		"time":    func(r *audit.Row) { r.At = r.At.Add(time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			before := d.journal.Rows()[0]
			before.Content, before.Facts = append([]byte{}, before.Content...), append([]byte{}, before.Facts...)
			d.journal.Change(0, edit)
			if _, err := d.log.Show(t.Context(), "0"); code(err) != "record_damaged" {
				t.Errorf("Show: %v", err)
			}
			d.journal.Change(0, func(r *audit.Row) { *r = before })
		})
	}
}

func TestRecordingStopsWhenTheTreeMovesByItself(t *testing.T) {
	d := newDesk(t)
	note := audit.Event{Kind: audit.KeyCreated}
	if err := d.log.Note(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	if _, err := d.log.Proof(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(d.config.Tree, ".state", "treeState")
	if err := os.WriteFile(state, []byte(`{"size":9,"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.log.Note(t.Context(), note); err != nil && code(err) != "record_tree_mismatch" {
		t.Fatal(err)
	}
	eventually(t, "recording stops", func() bool { return code(d.log.Ready()) == "record_tree_mismatch" })
	if _, err := d.log.Intend(t.Context(), anIntent(1)); code(err) != "record_tree_mismatch" {
		t.Errorf("Intend: %v", err)
	}
	checkpoint, err := d.log.Checkpoint(t.Context())
	if err != nil || strings.Split(string(checkpoint), "\n")[1] != "1" {
		t.Errorf("a wrong tree was signed: %q, %v", checkpoint, err)
	}
	if err := d.log.Close(t.Context()); err == nil {
		t.Error("closing says nothing of the contradiction")
	}
}
