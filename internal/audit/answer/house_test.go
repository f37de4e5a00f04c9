package answer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/klog/v2"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/answer"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/verify"
)

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard) // the tree's driver greets every new directory
	os.Exit(m.Run())
}

// house is a record over memory, with people who never lived in it.
type house struct {
	testing.TB
	journal *audittest.Journal
	sealer  *audittest.Sealer
	log     *audit.Log
	n       int
	clock   time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{TB: t, journal: &audittest.Journal{}, sealer: audittest.NewSealer(), clock: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	h.log, err = audit.Open(t.Context(), audit.Config{
		Journal: h.journal, Sealer: h.sealer, Index: audittest.Index, Signer: audittest.NewSigner("record"),
		Tree: filepath.Join(t.TempDir(), "tree"), Pace: 100 * time.Millisecond, Wait: 30 * time.Second,
		Clock: func() time.Time { h.clock = h.clock.Add(time.Minute); return h.clock },
	})
	h.must(err)
	t.Cleanup(func() { h.log.Close(context.Background()) })
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func ref(s string) chaperone.PatientRef {
	p, err := chaperone.NewPatientRef(s)
	if err != nil {
		panic(err)
	}
	return p
}

// happen records one exchange.
func (h *house) happen(patient string, edit func(*audit.Intent, *audit.Outcome)) string {
	h.Helper()
	h.n++
	i := audit.Intent{
		Exchange: chaperone.ExchangeID(fmt.Sprintf("01935000-0000-7000-8000-%012x", h.n)),
		Who: chaperone.Principal{
			Tenant: "clinic", ID: "dr.lee", Role: chaperone.RoleClinician, KeyID: "k1", From: netip.MustParseAddr("192.0.2.7"),
		},
		Why:      audit.Why{Patient: ref(patient), Purpose: chaperone.PurposeTreatment, Reason: audit.Content("discharge letter"), Basis: "care-team"},
		What:     audit.What{Action: "messages.create", Surface: "sdk", Session: "s1"},
		Where:    audit.Where{Door: "anthropic", Model: "claude-test-1", Agreement: "baa-1"},
		Ruling:   audit.Ruling{Decision: audit.Identified, PolicyVersion: "v1", Findings: map[string]int{"name": 2, "date": 1}},
		Received: audit.Content("Otilia Marchbanks was seen"), Sent: audit.Content("NAME-7K2QAX was seen"),
	}
	o := audit.Outcome{Result: audit.OK, Status: 200, Answered: audit.Content("NAME-7K2QAX is well"), Delivered: audit.Content("Otilia Marchbanks is well")}
	if edit != nil {
		edit(&i, &o)
	}
	e, err := h.log.Intend(h.Context(), i)
	h.must(err)
	if o.Result != "" {
		h.must(e.Settle(h.Context(), o))
	}
	return string(i.Exchange)
}

var officer = chaperone.Principal{Tenant: "clinic", ID: "p.officer", Role: chaperone.RolePrivacyOfficer}

func (h *house) ask(q audit.Question) *audit.Answer {
	h.Helper()
	q.Tenant = "clinic"
	a, err := h.log.Ask(h.Context(), officer, audit.Content("request 17 of the patient"), q)
	h.must(err)
	return a
}

func (h *house) pack(a *audit.Answer) []byte {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 30*time.Second)
	defer cancel()
	var b bytes.Buffer
	h.must(answer.Pack(ctx, &b, a, h.log))
	return b.Bytes()
}

func (h *house) key() string {
	h.Helper()
	key, err := h.log.PublicKey()
	h.must(err)
	return key
}

func check(t testing.TB, pack []byte, key string) *verify.PackReport {
	t.Helper()
	r, err := verify.CheckPack(bytes.NewReader(pack), int64(len(pack)), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func aPatient(s string) audit.Alias { return audit.Alias{Kind: audit.AliasReference, Value: s} }
