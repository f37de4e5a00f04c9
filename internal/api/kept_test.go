package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/klog/v2"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/audit"
	"chaperone/internal/store"
	"chaperone/internal/vault"
	"chaperone/phi"
)

func TestMain(m *testing.M) {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard) // the tree's driver greets every new directory
	os.Exit(m.Run())
}

// desk is the management API over a real data directory and a real socket.
type desk struct {
	log    *audit.Log
	vault  *vault.Vault
	full   atomic.Bool  // the record's disk
	late   atomic.Int64 // how much later it is, in nanoseconds
	socket string
}

// journal is a journal whose disk is full when the desk says so.
type journal struct {
	audit.Journal
	desk *desk
}

func (j journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	if j.desk.full.Load() {
		return 0, errors.New("no space left")
	}
	return j.Journal.Append(ctx, rows...)
}

func (d *desk) now() time.Time {
	return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).Add(time.Duration(d.late.Load()))
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	ctx := context.Background()
	base, err := os.MkdirTemp("", "api") // short enough for a socket
	must(t, err)
	t.Cleanup(func() {
		for try := 0; os.RemoveAll(base) != nil && try < 100; try++ {
			time.Sleep(10 * time.Millisecond) // the tree's library puts its last file in place
		}
	})
	dir := filepath.Join(base, "data")
	kept, err := store.Open(ctx, dir)
	must(t, err)
	must(t, vault.CreateKeys(store.RootKeyFile(dir), rand.Reader))
	root, err := vault.LoadKeys(store.RootKeyFile(dir))
	must(t, err)
	d := &desk{}
	d.vault, err = vault.Open(ctx, vault.Config{Root: root, Sessions: kept.Vault, Keys: kept.Vault, Clock: d.now, Idle: time.Hour})
	must(t, err)
	signer, err := d.vault.Signer(ctx, "record")
	must(t, err)
	d.log, err = audit.Open(ctx, audit.Config{
		Journal: journal{kept.Journal, d}, Sealer: d.vault, Index: d.vault.BlindIndex, Signer: signer,
		Tree: store.TreeDir(dir), Clock: d.now, Wait: 2 * time.Second, Pace: 100 * time.Millisecond,
	})
	must(t, err)
	t.Cleanup(func() {
		d.log.Close(ctx) // some tests break the journal on purpose
		kept.Close()
	})
	d.socket = filepath.Join(base, "s")
	d.serve(t, "clinic", d.socket)
	return d
}

// serve serves one tenant on a socket.
func (d *desk) serve(t *testing.T, tenant, path string) *api.Client {
	t.Helper()
	l, err := net.Listen("unix", path)
	must(t, err)
	s := &http.Server{Handler: (&api.Server{Log: d.log, Vault: d.vault, Random: rand.Reader, Tenant: tenant}).Handler()}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return api.NewClient(path)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// events lists what the record holds, oldest first.
func (d *desk) events(t *testing.T) []string { t.Helper(); return d.eventsOf(t, "clinic") }

// eventsOf lists those of one tenant.
func (d *desk) eventsOf(t *testing.T, tenant string) []string {
	t.Helper()
	list, err := d.log.Query(t.Context(), audit.Filter{Tenant: tenant})
	must(t, err)
	var events []string
	for _, s := range list {
		events = append(events, s.Ten.Action+" by "+s.Ten.User+" "+s.Ten.Status)
	}
	slices.Reverse(events)
	return events
}

func codeOf(err error) string {
	if e := (*chaperone.Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func exposed(list []phi.Surrogate) map[string]string {
	m := map[string]string{}
	for _, k := range list {
		m[k.Placeholder] = k.Kind.String() + " " + k.Value.Expose()
	}
	return m
}

var ode = []phi.Surrogate{
	{Placeholder: "NAME-7K2QAX", Kind: phi.Name, Value: phi.Seal("Otilia \"O\" Marchbanks\n\xff")},
	{Placeholder: "timeline", Kind: phi.None, Value: phi.Seal("19000")},
}

// DEI-08: what was kept comes back byte for byte, and the record has every
// keeping and every reading, by whom.
func TestPairsComeBackAndEveryReadingIsRecorded(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	if !api.IsKept(kept.Session) || !kept.Until.Equal(d.now().Add(time.Hour)) {
		t.Errorf("kept as %+v", kept)
	}
	_, err = c.SealPairs(t.Context(), kept.Session, ode)
	must(t, err)
	for _, read := range []func(context.Context, string) ([]phi.Surrogate, error){c.ResumeSession, c.RelinkSession} {
		list, err := read(t.Context(), kept.Session)
		must(t, err)
		if got, want := exposed(list), exposed(ode); !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	want := []string{"session.kept by operator none", "session.resumed by operator none", "session.relinked by operator none"}
	if got := d.events(t); !reflect.DeepEqual(got, want) {
		t.Errorf("the record has %q, want %q", got, want)
	}
}

// Without the record nothing is kept and nothing is read.
func TestWithoutTheRecordNothingIsRelinked(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	_, err = c.SealPairs(t.Context(), kept.Session, ode)
	must(t, err)
	d.full.Store(true)
	if list, err := c.ResumeSession(t.Context(), kept.Session); codeOf(err) != "record_unavailable" || len(list) > 0 {
		t.Errorf("got %d pairs and %v", len(list), err)
	}
	if _, err := c.KeepSession(t.Context()); codeOf(err) != "record_unavailable" {
		t.Errorf("a session began: %v", err)
	}
	// Not a word on the wire.
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/sessions/"+kept.Session+"/relink", nil)
	(&api.Server{Log: d.log, Vault: d.vault, Random: rand.Reader, Tenant: "clinic"}).Handler().ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || bytes.Contains(w.Body.Bytes(), []byte("NAME-7K2QAX")) {
		t.Errorf("answer %d: %s", w.Code, w.Body)
	}
}

// A session that has expired, that never was, or that is another tenant's gives
// nothing and takes nothing, and asking is recorded.
func TestASessionThatIsNotHereIsRefused(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	_, err = c.SealPairs(t.Context(), kept.Session, ode)
	must(t, err)
	refused := func(c *api.Client, id, code string) {
		t.Helper()
		if list, err := c.RelinkSession(t.Context(), id); codeOf(err) != code || len(list) > 0 {
			t.Errorf("relink %s: %d pairs and %v", id, len(list), err)
		}
		if _, err := c.ResumeSession(t.Context(), id); codeOf(err) != code {
			t.Errorf("resume %s: %v", id, err)
		}
		if _, err := c.SealPairs(t.Context(), id, ode); codeOf(err) != code {
			t.Errorf("seal %s: %v", id, err)
		}
	}
	refused(c, "kept-aaaaaaaaaaaaaaaa", "kept_gone")
	refused(c, "kept-../../record", "kept_malformed")
	refused(d.serve(t, "another-clinic", d.socket+"2"), kept.Session, "kept_gone")
	d.late.Store(int64(2 * time.Hour))
	refused(c, kept.Session, "kept_gone")
	d.late.Store(0) // what has expired is destroyed, not hidden
	refused(c, kept.Session, "kept_gone")
	denied := 0
	for _, e := range append(d.events(t), d.eventsOf(t, "another-clinic")...) {
		if e == "access.denied by operator 404" {
			denied++
		}
	}
	if denied != 12 {
		t.Errorf("%d refusals are recorded, want 12: %q", denied, d.events(t))
	}
}

// A session lives as long as it is used.
func TestUsingASessionKeepsIt(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	for i := range 4 {
		d.late.Add(int64(50 * time.Minute))
		if i%2 == 0 {
			_, err = c.SealPairs(t.Context(), kept.Session, nil)
		} else {
			_, err = c.RelinkSession(t.Context(), kept.Session)
		}
		must(t, err)
	}
}

// More pairs than one request takes are all kept.
func TestManyPairsAreAllKept(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	var many []phi.Surrogate
	for i := range 11_000 {
		many = append(many, phi.Surrogate{Placeholder: fmt.Sprintf("NAME-%06d", i), Kind: phi.Name, Value: phi.Seal(strings.Repeat("x", 300) + fmt.Sprint(i))})
	}
	_, err = c.SealPairs(t.Context(), kept.Session, many)
	must(t, err)
	list, err := c.RelinkSession(t.Context(), kept.Session)
	must(t, err)
	if !reflect.DeepEqual(exposed(list), exposed(many)) {
		t.Errorf("%d of %d pairs came back", len(list), len(many))
	}
}

// What is not a list of pairs is refused without a word of it.
func TestPairsThatAreNoneAreRefused(t *testing.T) {
	d := newDesk(t)
	c := api.NewClient(d.socket)
	kept, err := c.KeepSession(t.Context())
	must(t, err)
	h := (&api.Server{Log: d.log, Vault: d.vault, Random: rand.Reader, Tenant: "clinic"}).Handler()
	for _, body := range []string{"", "Quuxley", `{"pairs":[{"placeholder":"NAME-7K2QAX","kind":1,"value":"Quuxley"}]}`, `{"Quuxley":1}`} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/sessions/"+kept.Session+"/pairs", strings.NewReader(body)))
		if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "Quuxley") {
			t.Errorf("%q: answer %d: %s", body, w.Code, w.Body)
		}
	}
}
