package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/klog/v2"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard) // the tree's driver greets every new directory
	os.Exit(m.Run())
}

// desk is a log over memory, with its tree in a temporary directory.
type desk struct {
	journal *audittest.Journal
	sealer  *audittest.Sealer
	config  audit.Config
	log     *audit.Log
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{journal: &audittest.Journal{}, sealer: audittest.NewSealer()}
	d.config = audit.Config{
		Journal: d.journal, Sealer: d.sealer, Index: audittest.Index, Signer: audittest.NewSigner("record"),
		Tree: filepath.Join(t.TempDir(), "tree"), Pace: 100 * time.Millisecond, Wait: 30 * time.Second,
	}
	d.open(t)
	t.Cleanup(func() { d.log.Close(context.Background()) })
	return d
}

func (d *desk) open(t *testing.T) {
	t.Helper()
	log, err := audit.Open(t.Context(), d.config)
	if err != nil {
		t.Fatal(err)
	}
	d.log = log
}

func (d *desk) verify(t *testing.T) *verify.Report {
	t.Helper()
	key, err := d.log.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	rows := d.journal.Rows()
	r, err := verify.Check(t.Context(), verify.Input{
		Tree: os.DirFS(d.config.Tree), Key: key,
		Rows: func(yield func(verify.Row, error) bool) {
			for _, row := range rows {
				if !yield(verifyRow(row), nil) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func verifyRow(r audit.Row) verify.Row {
	return verify.Row{
		Seq: r.Seq, ID: r.ID, About: r.About, At: r.At, Kind: uint8(r.Kind), Class: r.Class,
		Patient: r.Index.Patient, Person: r.Index.Person, Session: r.Index.Session,
		KeyID: r.KeyID, Facts: r.Facts, Content: r.Content, Leaf: r.Leaf[:],
	}
}

func exchangeID(n int) chaperone.ExchangeID {
	return chaperone.ExchangeID(fmt.Sprintf("01935000-0000-7000-8000-%012x", n))
}

func anIntent(n int) audit.Intent {
	return audit.Intent{
		Exchange: exchangeID(n),
		Who: chaperone.Principal{
			Tenant: "clinic", ID: "dr.lee", Role: chaperone.RoleClinician, KeyID: "k1",
			From: netip.MustParseAddr("192.0.2.7"),
		},
		Why:      audit.Why{Purpose: chaperone.PurposeTreatment, Reason: audit.Content("discharge letter"), Basis: "role"},
		What:     audit.What{Action: "messages.create", Surface: "sdk", Session: "s1"},
		Where:    audit.Where{Door: "simulator", Simulated: true, Model: "claude-test-1"},
		Ruling:   audit.Ruling{Decision: audit.Concealed, PolicyVersion: "v1", Findings: map[string]int{"name": 2, "date": 1}},
		Received: audit.Content("Otilia Marchbanks was seen"),
		Sent:     audit.Content("NAME-7K2QAX was seen"),
	}
}

func code(err error) string {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own.Code
	}
	return fmt.Sprint(err)
}

func TestTheTenFieldsAreNeverEmpty(t *testing.T) { // AUD-01
	d := newDesk(t)
	for name, edit := range map[string]func(*audit.Intent){
		"everything stated": func(*audit.Intent) {},
		"nothing stated": func(i *audit.Intent) {
			*i = audit.Intent{Exchange: i.Exchange, Ruling: audit.Ruling{Decision: audit.Refused}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			i := anIntent(len(name))
			edit(&i)
			e, err := d.log.Intend(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
				t.Fatal(err)
			}
			full, err := d.log.Show(t.Context(), string(i.Exchange))
			if err != nil {
				t.Fatal(err)
			}
			ten := reflect.ValueOf(full.Ten)
			for f := range ten.NumField() {
				if ten.Field(f).String() == "" {
					t.Errorf("%s is empty", ten.Type().Field(f).Name)
				}
			}
		})
	}
}

func TestWhatIsShownIsWhatWasRecorded(t *testing.T) { // AUD-02, AUD-10
	d := newDesk(t)
	patient, err := chaperone.NewPatientRef("MRN-0048213")
	if err != nil {
		t.Fatal(err)
	}
	i := anIntent(1)
	i.Why.Patient = patient
	e, err := d.log.Intend(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	o := audit.Outcome{
		Result: audit.OK, Status: 200, Restored: 3, Took: 5 * time.Millisecond,
		Upstream: audit.Upstream{RequestID: "req_1", StopReason: "end_turn", InputTokens: 9},
		Answered: audit.Content("NAME-7K2QAX is well"), Delivered: audit.Content("Otilia Marchbanks is well"),
	}
	if err := e.Settle(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	full, err := d.log.Show(t.Context(), string(i.Exchange))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]audit.Content{"reason": i.Why.Reason, "received": i.Received, "sent": i.Sent} {
		if got := full.Intent.Content[name]; string(got) != string(want) {
			t.Errorf("%s = %q, want %q", name, []byte(got), []byte(want))
		}
	}
	for name, want := range map[string]audit.Content{"answered": o.Answered, "delivered": o.Delivered} {
		if got := full.Outcome.Content[name]; string(got) != string(want) {
			t.Errorf("%s = %q, want %q", name, []byte(got), []byte(want))
		}
	}
	if got := full.Intent.Facts.Deed; got.Patient != "MRN-0048213" || got.Door != "simulator" || !got.Simulated {
		t.Errorf("deed = %+v", got)
	}
	if got := full.Outcome.Facts.Outcome; got.Restored != 3 || got.Upstream.RequestID != "req_1" || got.TookMicros != 5000 {
		t.Errorf("outcome = %+v", got)
	}
	list, err := d.log.Query(t.Context(), audit.Filter{Tenant: "clinic", Patient: patient})
	if err != nil || len(list) != 1 || list[0].Ten.Result != "ok" || list[0].Ten.Status != "200" {
		t.Errorf("by patient: %+v, %v", list, err)
	}
	if list, err := d.log.Query(t.Context(), audit.Filter{Tenant: "other", Patient: patient}); err != nil || len(list) != 0 {
		t.Errorf("another tenant finds %d of them (%v)", len(list), err)
	}
}

func TestWhatIsTheSameIsKeptOnceAndShownTwice(t *testing.T) { // AUD-02
	d := newDesk(t)
	text := audit.Content(strings.Repeat("The weather is mild. ", 200))
	i := anIntent(1)
	i.Received, i.Sent = text, bytes.Clone(text)
	e, err := d.log.Intend(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK, Status: 200, Answered: text, Delivered: text[:40]}); err != nil {
		t.Fatal(err)
	}
	full, err := d.log.Show(t.Context(), string(i.Exchange))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(full.Intent.Content["received"], text) || !bytes.Equal(full.Intent.Content["sent"], text) || string(full.Intent.Content["reason"]) != string(i.Why.Reason) {
		t.Errorf("the intent shows %q", full.Intent.Content)
	}
	if !bytes.Equal(full.Outcome.Content["answered"], text) || !bytes.Equal(full.Outcome.Content["delivered"], text[:40]) {
		t.Errorf("the outcome shows %q", full.Outcome.Content)
	}
	if n := len(d.journal.Rows()[0].Content); n > len(text)*3/2 {
		t.Errorf("%d bytes are kept of %d that are there twice", n, len(text))
	}
}

func TestNoFieldTakesFreeText(t *testing.T) {
	d := newDesk(t)
	const words = "Otilia Marchbanks, born 3 May 1951"
	i := anIntent(1)
	i.Where.Model, i.Where.Door, i.What.Surface, i.Who.ID = words, words, words, words
	i.Ruling.Reasons = []string{words}
	i.Ruling.Findings = map[string]int{words: 1}
	e, err := d.log.Intend(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(t.Context(), audit.Outcome{Result: audit.Result(words), ErrorCode: words, Upstream: audit.Upstream{Model: words, RequestID: words}}); err != nil {
		t.Fatal(err)
	}
	if err := d.log.Note(t.Context(), audit.Event{Kind: audit.KeyCreated, Subject: words}); err != nil {
		t.Fatal(err)
	}
	for _, row := range d.journal.Rows() {
		plain, err := d.sealer.OpenFacts(row.ID.String(), row.Facts)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(plain), "Marchbanks") || strings.Contains(row.Class, "Marchbanks") {
			t.Errorf("record %d holds free text in a field: %s", row.Seq, plain)
		}
	}
	if err := d.log.Note(t.Context(), audit.Event{Kind: words}); code(err) != "record_intent_invalid" {
		t.Errorf("an event of an unknown kind: %v", err)
	}
}

func TestAnIntentHasExactlyOneOutcome(t *testing.T) {
	d := newDesk(t)
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			result := audit.OK
			if n%2 == 1 {
				result = audit.ClientGone
			}
			if err := e.Settle(context.Background(), audit.Outcome{Result: result}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if rows := d.journal.Rows(); len(rows) != 2 {
		t.Errorf("%d rows, want an intent and one outcome", len(rows))
	}
	if _, err := d.log.Intend(t.Context(), anIntent(1)); code(err) != "record_intent_invalid" {
		t.Errorf("the same exchange again: %v", err)
	}
}

func TestSettlingOutlivesTheClient(t *testing.T) {
	d := newDesk(t)
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Settle(gone, audit.Outcome{Result: audit.ClientGone}); err != nil {
		t.Fatal(err)
	}
	if rows := d.journal.Rows(); len(rows) != 2 || rows[1].Class != "client_gone" {
		t.Errorf("rows: %d", len(rows))
	}
}

func TestRefusalsAreRecordedInOneStep(t *testing.T) {
	d := newDesk(t)
	i := anIntent(1)
	i.Ruling.Decision, i.Sent = audit.Refused, nil
	receipt, err := d.log.Refuse(t.Context(), i, audit.Outcome{Result: audit.RefusedResult, Status: 403, ErrorCode: "no_agreement"})
	if err != nil {
		t.Fatal(err)
	}
	rows := d.journal.Rows()
	if len(rows) != 2 || rows[0].Class != "refused" || rows[1].Class != "refused" || rows[1].About != rows[0].ID {
		t.Fatalf("rows: %+v", rows)
	}
	key, _ := d.log.PublicKey()
	if seq, leaf, err := verify.Receipt(receipt.String(), key); err != nil || seq != 0 || leaf != receipt.Leaf {
		t.Errorf("receipt: %d, %v", seq, err)
	}
}

func TestReceiptsProveWhatWasPromised(t *testing.T) {
	d := newDesk(t)
	e, err := d.log.Intend(t.Context(), anIntent(1))
	if err != nil {
		t.Fatal(err)
	}
	text := e.Receipt().String()
	if strings.ContainsAny(text, " \n\r") {
		t.Errorf("a receipt must fit in a header: %q", text)
	}
	key, _ := d.log.PublicKey()
	if _, _, err := verify.Receipt(text, key); err != nil {
		t.Errorf("a good receipt: %v", err)
	}
	forged := strings.Replace(text, "1.0.", "1.1.", 1)
	if _, _, err := verify.Receipt(forged, key); err == nil {
		t.Error("a receipt for another place passes")
	}
}

func TestAClockThatStepsBackIsFlaggedAndOrderStays(t *testing.T) {
	d := newDesk(t)
	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if err := d.log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.config.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	d.open(t)
	for n, step := range []time.Duration{0, time.Second, -30 * time.Second, time.Second} {
		mu.Lock()
		now = now.Add(step)
		mu.Unlock()
		if err := d.log.Note(t.Context(), audit.Event{Kind: audit.KeyCreated}); err != nil {
			t.Fatal(n, err)
		}
	}
	rows := d.journal.Rows()
	for n, want := range []bool{false, false, true, false} {
		if rows[n].Seq != uint64(n) || rows[n].Leaf.ClockBack() != want {
			t.Errorf("record %d: flagged %v, want %v", rows[n].Seq, rows[n].Leaf.ClockBack(), want)
		}
	}
	if _, err := d.log.Proof(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if r := d.verify(t); !r.OK() || r.Verified != 4 {
		t.Errorf("report: %+v", r)
	}
}

func TestAListHasOneTenantsRowsAndTheHousesOwnEvents(t *testing.T) {
	d := newDesk(t)
	for n := range 9 {
		i := anIntent(n)
		i.Who.Tenant = []string{"clinic", "another", ""}[n%3]
		e, err := d.log.Intend(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Settle(t.Context(), audit.Outcome{Result: audit.OK}); err != nil {
			t.Fatal(err)
		}
		if err := d.log.Note(t.Context(), audit.Event{Kind: audit.SignedIn, Who: i.Who}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.log.Note(t.Context(), audit.Event{Kind: audit.Started}); err != nil {
		t.Fatal(err)
	}
	for tenant, want := range map[string]int{"clinic": 6 + 3 + 1, "another": 6 + 3 + 1, "nobody": 3 + 1, "": 6 + 1} {
		// A page at a time, so that other tenants' rows fill whole pages.
		var before *uint64
		got := 0
		for {
			list, err := d.log.Query(t.Context(), audit.Filter{Tenant: tenant, Limit: 2, Before: before})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				full, err := d.log.Show(t.Context(), fmt.Sprint(s.Seq))
				if err != nil {
					t.Fatal(err)
				}
				facts := full.Note
				if facts == nil {
					facts = full.Intent
				}
				if whose := facts.Facts.Who.Tenant; whose != tenant && whose != "" {
					t.Errorf("%q is shown a row of %q", tenant, whose)
				}
				before = &s.Seq
			}
			got += len(list)
			if len(list) < 2 {
				break
			}
		}
		if got != want {
			t.Errorf("%q is shown %d rows, want %d", tenant, got, want)
		}
	}
}
