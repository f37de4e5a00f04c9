package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"chaperone/internal/audit"
)

// The people of these tests never lived.

var testTime = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// record is a Record in memory.
type record struct {
	mu    sync.Mutex
	lines []audit.OpenRow
	notes []audit.Event
	down  error
}

func (r *record) Origin() string { return "clinic/record" }

func (r *record) Size() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return uint64(len(r.lines))
}

func (r *record) OpenRows(_ context.Context, from uint64, limit int) ([]audit.OpenRow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down != nil {
		return nil, r.down
	}
	if from >= uint64(len(r.lines)) {
		return nil, nil
	}
	return append([]audit.OpenRow(nil), r.lines[from:min(from+uint64(limit), uint64(len(r.lines)))]...), nil
}

func (r *record) Note(_ context.Context, e audit.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, e)
	return nil
}

func (r *record) noted() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for _, n := range r.notes {
		list = append(list, string(n.Kind)+" "+n.Subject)
	}
	return list
}

// grow adds n exchanges' rows.
func (r *record) grow(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range n {
		r.lines = append(r.lines, line(uint64(len(r.lines))))
	}
}

func (r *record) rewrite(edit func(lines []audit.OpenRow) []audit.OpenRow) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = edit(r.lines)
}

func line(seq uint64) audit.OpenRow {
	l := audit.OpenRow{Seq: seq, At: testTime.Add(time.Duration(seq) * time.Second), Kind: audit.KindOutcome, Class: "ok", Facts: exchange()}
	l.ID[15] = byte(seq)
	l.Leaf = sha256.Sum256(fmt.Appendf(nil, "leaf %d", seq))
	return l
}

// exchange is an exchange with identifiers that went well.
func exchange() audit.Facts {
	return audit.Facts{
		Version: 1, Time: testTime, Exchange: "01900000-0000-7000-8000-000000000001",
		Who: audit.WhoFacts{Tenant: "clinic", User: "dr.osei", Role: "clinician", Key: "key1", Environment: "production", Address: "10.1.2.3"},
		Deed: audit.DeedFacts{
			Action: "messages.create", Patient: "MRN-4471982", Purpose: "treatment", Reason: "given", Basis: "care-team",
			Surface: "sdk", Session: "s1", Door: "anthropic", Model: "claude-sonnet-5-5", Region: "us", Agreement: "BAA-2026-01",
		},
		Ruling: &audit.RulingFacts{
			Decision: audit.Identified, Reasons: []string{"baa"}, Profile: "baa-direct", Version: "v1", Findings: map[string]int{"name": 2},
		},
		Outcome: &audit.OutcomeFacts{
			Result: audit.OK, Status: 200, TookMicros: 1200,
			Upstream: &audit.UpstreamFacts{RequestID: "req_1", Model: "claude-sonnet-5-5", StopReason: "end_turn", InputTokens: 10, OutputTokens: 20},
		},
	}
}

// masked is a Mask whose names need no vault.
var masked = Mask{Name: func(kind, value string) string {
	sum := sha256.Sum256([]byte("test key " + kind + value))
	return hex.EncodeToString(sum[:10])
}}

func events(seqs ...uint64) []Event {
	var list []Event
	for _, s := range seqs {
		list = append(list, masked.Event("clinic/record", line(s), false))
	}
	return list
}

// sink is a Sink that keeps what it gets, and fails on demand.
type sink struct {
	mu   sync.Mutex
	got  []uint64
	fail func(first uint64) (took bool, err error)
}

func (s *sink) Send(_ context.Context, events []Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.fail != nil {
		took, ferr := s.fail(events[0].Seq)
		if !took && ferr != nil {
			return ferr
		}
		err = ferr
	}
	for _, e := range events {
		s.got = append(s.got, e.Seq)
	}
	return err
}

func (s *sink) Close() error { return nil }

func (s *sink) has() []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]uint64(nil), s.got...)
}

func (s *sink) failWith(f func(first uint64) (bool, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = f
}

var errDown = errUnreachable(errors.New("test: the receiver is down"))

func begin(t *testing.T, r *record, dir string, to ...Receiver) *Exporter {
	t.Helper()
	x, err := Open(t.Context(), Config{
		Record: r, Mask: masked, Dir: dir, Receivers: to, Clock: time.Now,
		Poll: time.Millisecond, Retry: time.Millisecond, Stall: 5 * time.Millisecond, Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// eventually waits until something is so; it fails only after a long time.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}
