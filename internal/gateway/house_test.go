package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/claude/simulator"
	"chaperone/internal/gateway"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
	"chaperone/internal/store"
	"chaperone/internal/telemetry"
	"chaperone/internal/vault"
)

var engine = sync.OnceValues(deid.NewEngine)

// house is a gateway over real rooms and a real data directory, with a scripted
// Claude behind it.
type house struct {
	t        *testing.T
	dir      string
	store    *store.Store
	vault    *vault.Vault
	log      *audit.Log
	identity *identity.Identity
	gateway  *gateway.Gateway
	handler  http.Handler
	upstream *upstream
	logs     *bytes.Buffer
	metrics  *telemetry.Metrics
	clock    *clock
	key      string
	keyID    string
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// upstream is a scripted Claude that keeps what it was sent.
type upstream struct {
	mu     sync.Mutex
	calls  []call
	answer http.HandlerFunc
}

type call struct {
	method, path string
	header       http.Header
	body         []byte
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	u.mu.Lock()
	u.calls = append(u.calls, call{r.Method, r.URL.RequestURI(), r.Header.Clone(), body})
	answer := u.answer
	u.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer(w, r)
}

func (u *upstream) last() call {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.calls) == 0 {
		return call{}
	}
	return u.calls[len(u.calls)-1]
}

func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.calls)
}

// plan is what a house is built with.
type plan struct {
	policy      string // name of a shipped policy, or Cedar text
	role        chaperone.Role
	environment chaperone.Environment
	agreement   policy.Agreement
	simulated   bool // the door is the built-in simulator
	residency   []string
	country     string
	journal     func(audit.Journal) audit.Journal // wraps the journal, for faults
}

// start is when the tests' clock begins.
var start = time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, p plan) *house {
	t.Helper()
	ctx := context.Background()
	if p.policy == "" {
		p.policy = policy.Default
	}
	if p.role == "" {
		p.role = chaperone.RoleClinician
	}
	h := &house{t: t, dir: filepath.Join(t.TempDir(), "data"), logs: &bytes.Buffer{}, upstream: &upstream{}, clock: &clock{now: start}}
	var err error
	if h.store, err = store.Open(ctx, h.dir); err != nil {
		t.Fatal(err)
	}
	rootFile := store.RootKeyFile(h.dir)
	must(t, vault.CreateKeys(rootFile, rand.Reader))
	root, err := vault.LoadKeys(rootFile)
	must(t, err)
	h.vault, err = vault.Open(ctx, vault.Config{Root: root, Sessions: h.store.Vault, Keys: h.store.Vault, Clock: h.clock.Now})
	must(t, err)
	signer, err := h.vault.Signer(ctx, "record")
	must(t, err)
	var journal audit.Journal = h.store.Journal
	if p.journal != nil {
		journal = p.journal(journal)
	}
	h.log, err = audit.Open(ctx, audit.Config{
		Journal: journal, Sealer: h.vault, Index: h.vault.BlindIndex, Signer: signer,
		Tree: store.TreeDir(h.dir), Clock: h.clock.Now, Wait: 200 * time.Millisecond, Pace: 100 * time.Millisecond,
	})
	must(t, err)
	t.Cleanup(func() {
		h.log.Close(ctx) //nolint:errcheck // some tests break the journal on purpose
		h.store.Close()
	})
	rules := readPolicy(t, p.policy)
	eng, err := engine()
	must(t, err)
	h.metrics = telemetry.NewMetrics([]string{"claude"})
	h.identity = identity.Open(h.store.State, h.vault.MAC, h.clock.Now, rand.Reader)
	h.gateway = gateway.New(gateway.Parts{
		Identity: h.identity, Policy: rules, Engine: eng, Vault: h.vault, Log: h.log,
		Doors:    []gateway.Door{h.door(p)},
		Settings: gateway.Settings{Tenant: "clinic", Residency: p.residency},
		Clock:    h.clock.Now,
		Random:   &lockedRandom{r: mathrand.NewChaCha8([32]byte{1})},
		Logger:   telemetry.NewLogger(h.logs, nil, nil), Metrics: h.metrics,
	})
	h.handler = h.gateway.Handler()
	key, secret, err := h.identity.CreateKey(ctx, identity.KeySpec{Tenant: "clinic", Owner: "test-client", Role: p.role, Environment: p.environment})
	must(t, err)
	h.key, h.keyID = secret, key.ID
	return h
}

func (h *house) door(p plan) gateway.Door {
	facts := policy.DoorFacts{Name: "claude", Kind: policy.DoorAnthropic, Agreement: p.agreement, Country: p.country}
	var behind http.Handler = h.upstream
	if p.simulated {
		facts.Kind, facts.Simulated = policy.DoorSimulator, true
		sim, err := simulator.New(simulator.Options{})
		must(h.t, err)
		h.upstream.answer = sim.ServeHTTP
	}
	return gateway.Door{Door: claude.NewHandlerDoor("claude", behind, p.simulated), Facts: facts}
}

func readPolicy(t *testing.T, nameOrText string) *policy.Policy {
	t.Helper()
	if policy.IsShipped(nameOrText) {
		p, err := policy.OpenShipped(nameOrText)
		must(t, err)
		return p
	}
	p, err := policy.Parse("story.cedar", []byte(nameOrText))
	must(t, err)
	return p
}

// lockedRandom is a seeded source that may be shared: placeholders in tests are
// the same every time.
type lockedRandom struct {
	mu sync.Mutex
	r  *mathrand.ChaCha8
}

func (l *lockedRandom) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

// send sends a request as a client would, with the house's key.
func (h *house) send(method, target, body string, header ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, target, bytes.NewReader([]byte(body)))
	r.RemoteAddr = "192.0.2.7:40000"
	r.Header.Set("X-Api-Key", h.key)
	r.Header.Set("Anthropic-Version", "2023-06-01")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			r.Header.Del(header[i])
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// shown opens the record of an answer.
func (h *house) shown(w *httptest.ResponseRecorder) *audit.Full {
	h.t.Helper()
	full, err := h.log.Show(context.Background(), w.Header().Get("Request-Id"))
	if err != nil {
		h.t.Fatalf("the record of this exchange cannot be opened: %v", err)
	}
	return full
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
