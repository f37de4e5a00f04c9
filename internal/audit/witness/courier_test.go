package witness_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/audittest"
	"chaperone/internal/audit/witness"
)

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// house is a record whose checkpoints a courier takes away.
type house struct {
	t       *testing.T
	dir     string
	key     string
	journal *audittest.Journal
	now     atomic.Int64 // seconds after noon, for courier and witness
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return &house{t: t, dir: t.TempDir(), journal: &audittest.Journal{}}
}

func (h *house) clock() time.Time { return noon.Add(time.Duration(h.now.Load()) * time.Second) }

func (h *house) tree() string { return filepath.Join(h.dir, "tree") }

// record adds n events and waits until the tree is signed over all of them.
func (h *house) record(n int, subject string) {
	h.t.Helper()
	log, err := audit.Open(h.t.Context(), audit.Config{
		Journal: h.journal, Sealer: audittest.NewSealer(), Index: audittest.Index,
		Signer: audittest.NewSigner("record"), Tree: h.tree(), Pace: 100 * time.Millisecond,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for range n {
		if err := log.Note(h.t.Context(), audit.Event{Kind: audit.Started, Subject: subject}); err != nil {
			h.t.Fatal(err)
		}
	}
	if h.key, err = log.PublicKey(); err != nil {
		h.t.Fatal(err)
	}
	if err := log.Close(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// keepCopy keeps a copy of everything, which the returned function puts back.
func (h *house) keepCopy(t *testing.T) (back func()) {
	t.Helper()
	kept := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(kept, os.DirFS(h.tree())); err != nil {
		t.Fatal(err)
	}
	rows := len(h.journal.Rows())
	return func() {
		h.journal.Truncate(uint64(rows))
		if err := os.RemoveAll(h.tree()); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(h.tree(), os.DirFS(kept)); err != nil {
			t.Fatal(err)
		}
	}
}

func (h *house) courier(change func(*witness.Route)) *witness.Courier {
	h.t.Helper()
	route := witness.Route{
		Tree: os.DirFS(h.tree()), Key: h.key, File: filepath.Join(h.dir, "cosigned"),
		Client: http.DefaultClient, Clock: h.clock,
	}
	change(&route)
	c, err := witness.NewCourier(route)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// remote is a witness behind a socket, which can be made to fail.
type remote struct {
	peer witness.Peer
	down atomic.Bool
	hits atomic.Int64
}

func (h *house) witness(name string) *remote {
	h.t.Helper()
	w, err := witness.New(witness.Config{Dir: h.t.TempDir(), Name: name, Logs: []string{h.key}, Clock: h.clock, Random: rand.Reader})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { w.Close() })
	r := &remote{}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		r.hits.Add(1)
		if r.down.Load() {
			http.Error(out, "down", http.StatusBadGateway)
			return
		}
		w.ServeHTTP(out, in)
	}))
	h.t.Cleanup(server.Close)
	r.peer = witness.Peer{URL: server.URL, Key: w.Key()}
	return r
}

func TestCheckpointsAreCosignedAsTheRecordGrows(t *testing.T) {
	h := newHouse(t)
	h.record(3, "first")
	a, b := h.witness("a.example"), h.witness("b.example")
	c := h.courier(func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer, b.peer} })
	if c.State().Alarm() == "" {
		t.Error("before the first cosignature there is no alarm")
	}
	for _, n := range []uint64{3, 300, 301} {
		if n > 3 {
			h.record(int(n)-len(h.journal.Rows()), "more")
		}
		s := c.Round(t.Context())
		if s.Size != n || len(s.Faults) > 0 || s.Alarm() != "" || !s.At.Equal(noon) || c.Ready() != nil {
			t.Fatalf("at %d: %+v, %q", n, s, s.Alarm())
		}
	}
	text, err := os.ReadFile(filepath.Join(h.dir, "cosigned"))
	if err != nil {
		t.Fatal(err)
	}
	var all []note.Verifier
	for _, key := range []string{a.peer.Key, b.peer.Key} {
		v, err := fnote.NewVerifierForCosignatureV1(key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if n, err := note.Open(text, note.VerifierList(all...)); err != nil || len(n.Sigs) != 2 {
		t.Errorf("the cosigned checkpoint: %v, %v", n, err)
	}
	// After a restart it is known how the record stood.
	if s := h.courier(func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer} }).State(); s.Size != 301 || s.Alarm() != "" {
		t.Errorf("after a restart: %+v", s)
	}
}

func TestAnIdleRecordIsCosignedAgainOnlyAsItsCosignatureAges(t *testing.T) {
	h := newHouse(t)
	h.record(3, "first")
	a := h.witness("a.example")
	c := h.courier(func(r *witness.Route) { r.Witnesses, r.Limit = []witness.Peer{a.peer}, 4*time.Minute })
	for range 5 {
		c.Round(t.Context())
	}
	if n := a.hits.Load(); n != 1 {
		t.Errorf("asked %d times about one checkpoint", n)
	}
	h.now.Add(61)
	if s := c.Round(t.Context()); a.hits.Load() != 2 || !s.At.Equal(h.clock()) {
		t.Errorf("a quarter of the limit later: asked %d times, cosigned at %v", a.hits.Load(), s.At)
	}
}

// record.md R12: witness loss alarms at the limit, and heals without an operator.
func TestALostWitnessIsAnAlarmAtTheLimitAndHealsByItself(t *testing.T) {
	h := newHouse(t)
	h.record(3, "first")
	a := h.witness("a.example")
	c := h.courier(func(r *witness.Route) { r.Witnesses, r.Limit = []witness.Peer{a.peer}, time.Minute })
	if s := c.Round(t.Context()); s.Alarm() != "" {
		t.Fatal(s.Alarm())
	}
	a.down.Store(true)
	h.record(1, "second")
	h.now.Store(59)
	s := c.Round(t.Context())
	if s.Alarm() != "" || len(s.Faults) != 1 || s.Faults[0].What != witness.Unreachable || s.Faults[0].Who != "a.example" {
		t.Errorf("before the limit: %+v, %q", s, s.Alarm())
	}
	h.now.Store(61)
	if s := c.Round(t.Context()); !strings.Contains(s.Alarm(), "since 2026-11-22T12:00:00Z") {
		t.Errorf("behind the limit: %q", s.Alarm())
	}
	own, ok := errors.AsType[*chaperone.Error](c.Ready())
	if !ok || own.Code != "record_unwitnessed" || own.Kind != chaperone.KindUnavailable || own.Next == "" {
		t.Errorf("ready: %v", own)
	}
	a.down.Store(false)
	if s := c.Round(t.Context()); s.Alarm() != "" || s.Size != 4 || c.Ready() != nil {
		t.Errorf("once it is back: %+v, %q", s, s.Alarm())
	}
}

func TestARolledBackRecordIsRefusedByItsWitnessAndNamed(t *testing.T) {
	h := newHouse(t)
	h.record(10, "first")
	back := h.keepCopy(t)
	h.record(10, "second")
	a := h.witness("a.example")
	use := func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer} }
	if s := h.courier(use).Round(t.Context()); s.Size != 20 || s.Alarm() != "" {
		t.Fatalf("%+v", s)
	}
	back()
	c := h.courier(use) // as after a restart
	s := c.Round(t.Context())
	if len(s.Faults) != 1 || s.Faults[0].What != witness.RolledBack || s.Faults[0].Size != 10 ||
		!strings.Contains(s.Alarm(), "has cosigned 20 records, and there are 10: the record was rolled back") {
		t.Fatalf("rolled back: %+v", s)
	}
	if c.Ready() == nil {
		t.Error("a house that requires a witness goes on")
	}
	// What is recorded on top of it is another history: the same courier and a
	// new one find that the first twenty are not those.
	h.record(15, "another second")
	for _, c := range []*witness.Courier{c, h.courier(use)} {
		for range 2 {
			s := c.Round(t.Context())
			if len(s.Faults) != 1 || s.Faults[0].What != witness.Forked || s.Faults[0].Size != 19 || !strings.Contains(s.Alarm(), "rewritten") {
				t.Fatalf("forked: %+v", s)
			}
		}
	}
}

func TestAForkOfTheSameSizeIsNamed(t *testing.T) {
	h := newHouse(t)
	h.record(10, "first")
	back := h.keepCopy(t)
	h.record(10, "second")
	a := h.witness("a.example")
	use := func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer} }
	h.courier(use).Round(t.Context())
	back()
	h.record(10, "another second")
	if s := h.courier(use).Round(t.Context()); len(s.Faults) != 1 || s.Faults[0].What != witness.Forked || s.Faults[0].Size != 19 {
		t.Fatalf("%+v", s)
	}
}

func TestOneHonestWitnessIsEnoughAndABetrayalIsHeardFromAny(t *testing.T) {
	h := newHouse(t)
	h.record(5, "first")
	a, b := h.witness("a.example"), h.witness("b.example")
	b.down.Store(true)
	c := h.courier(func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer, b.peer} })
	if s := c.Round(t.Context()); s.Alarm() != "" || len(s.Faults) != 1 || s.Faults[0].Who != "b.example" {
		t.Errorf("%+v", s)
	}
}

// A witness that lies, or something that stands in for one, is no second party.
func TestOnlyTheWitnesssOwnCosignatureCounts(t *testing.T) {
	h := newHouse(t)
	h.record(5, "first")
	honest, other := h.witness("a.example"), h.witness("a.example")
	late := h.witness("late.example")
	answer := func(status int, body string) witness.Peer {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		return witness.Peer{URL: server.URL, Key: honest.peer.Key}
	}
	for _, c := range []struct {
		name string
		peer witness.Peer
		what witness.What
		hour int64 // our clock, against the witness's
	}{
		{"another key's cosignature", witness.Peer{URL: other.peer.URL, Key: honest.peer.Key}, witness.Unsigned, 0},
		{"nothing at all", answer(200, ""), witness.Unsigned, 0},
		{"no signature line", answer(200, "fine\n"), witness.Unsigned, 0},
		{"a conflict without a size", answer(409, "no\n"), witness.Unreachable, 0},
		{"a conflict without end", answer(409, "3\n"), witness.Unreachable, 0},
		{"a log it does not know", answer(404, ""), witness.Unknown, 0},
		{"a key it does not know", answer(403, ""), witness.Unknown, 0},
		{"a redirect", answer(302, ""), witness.Unreachable, 0},
		{"a fault of its own", answer(500, ""), witness.Unreachable, 0},
		{"more than an answer may have", answer(200, strings.Repeat("x", 1<<20)), witness.Unsigned, 0},
		{"a time of another day", late.peer, witness.Unsigned, -24},
	} {
		t.Run(c.name, func(t *testing.T) {
			courier := h.courier(func(r *witness.Route) {
				r.Witnesses = []witness.Peer{c.peer}
				r.Clock = func() time.Time { return noon.Add(time.Duration(c.hour) * time.Hour) }
			})
			s := courier.Round(t.Context())
			if len(s.Faults) != 1 || s.Faults[0].What != c.what {
				t.Errorf("%+v", s)
			}
			if !s.At.IsZero() || s.Alarm() == "" || courier.Ready() == nil {
				t.Errorf("it counts as witnessed: %+v", s)
			}
		})
	}
}

func TestCheckpointsGoToAFolderAndAWebhookToo(t *testing.T) {
	h := newHouse(t)
	h.record(3, "first")
	a := h.witness("a.example")
	var mu sync.Mutex
	var posted []string
	status := http.StatusNoContent
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		posted = append(posted, string(text))
		w.WriteHeader(status)
	}))
	t.Cleanup(hook.Close)
	folder := filepath.Join(t.TempDir(), "kept")
	c := h.courier(func(r *witness.Route) {
		r.Witnesses, r.Folder, r.Webhook = []witness.Peer{a.peer}, folder, hook.URL
	})
	c.Round(t.Context())
	h.record(1, "second")
	c.Round(t.Context())
	h.now.Store(3600)
	h.record(1, "third")
	if s := c.Round(t.Context()); len(s.Faults) > 0 {
		t.Fatalf("%+v", s)
	}
	size := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "— a.example ") {
			t.Errorf("%s is not cosigned", name)
		}
		return strings.Split(string(text), "\n")[1]
	}
	if got := []string{size("2026-11-22T12Z"), size("2026-11-22T13Z"), size("newest")}; !slices.Equal(got, []string{"3", "5", "5"}) {
		t.Errorf("the folder holds checkpoints of %v", got)
	}
	if len(posted) != 3 || !strings.Contains(posted[2], "\n5\n") {
		t.Errorf("posted: %q", posted)
	}
	mu.Lock()
	status = http.StatusForbidden
	mu.Unlock()
	h.record(1, "fourth")
	if s := c.Round(t.Context()); len(s.Faults) != 1 || s.Faults[0].Who != "webhook" || s.Faults[0].What != witness.Unkept || s.Alarm() != "" {
		t.Errorf("a webhook that refuses: %+v", s)
	}
}

func TestWithoutAWitnessThereIsAnAlarm(t *testing.T) {
	h := newHouse(t)
	h.record(1, "first")
	folder := t.TempDir()
	c := h.courier(func(r *witness.Route) { r.Folder = folder })
	if s := c.Round(t.Context()); s.Alarm() != "no second party witnesses this record" || len(s.Faults) > 0 {
		t.Errorf("%+v", s)
	}
	if _, err := os.Stat(filepath.Join(folder, "newest")); err != nil {
		t.Error(err)
	}
}

func TestADamagedTreeIsSaidAndNothingIsSent(t *testing.T) {
	h := newHouse(t)
	h.record(3, "first")
	a := h.witness("a.example")
	c := h.courier(func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer} })
	write(t, filepath.Join(h.tree(), "checkpoint"), "chaperone/record\n9\nAAAA\n")
	if s := c.Round(t.Context()); len(s.Faults) != 1 || s.Faults[0].What != witness.Damaged || a.hits.Load() != 0 {
		t.Errorf("%+v", s)
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	h := newHouse(t)
	h.record(1, "first")
	a := h.witness("a.example")
	c := h.courier(func(r *witness.Route) { r.Witnesses = []witness.Peer{a.peer} })
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan witness.State, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Run(ctx, func(s witness.State) { told <- s })
	}()
	if s := <-told; s.Size != 1 {
		t.Errorf("%+v", s)
	}
	cancel()
	<-done
}
