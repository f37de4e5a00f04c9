package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/risk"
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

var (
	engine   = sync.OnceValues(deid.NewEngine)
	theJudge = sync.OnceValues(risk.NewJudge)
)

// house is a gateway over real rooms and a real data directory, with a scripted
// Claude behind it.
type house struct {
	credential
	t        testing.TB
	plan     plan
	dir      string
	store    *store.Store
	vault    *vault.Vault
	log      *audit.Log
	identity *identity.Identity
	gateway  *gateway.Gateway
	handler  http.Handler
	upstream *upstream
	logs     *logs
	metrics  *telemetry.Metrics
	clock    *clock
	also     []gateway.Door // further doors; furnish puts them in
}

// credential is the key of the one who sends.
type credential struct{ key, keyID string }

// logs keeps what is logged.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
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
	dataUse     policy.Agreement
	tier        string // the plan that was bought
	connection  string // row of the coverage table; that of a HIPAA-ready organisation where there is an agreement
	simulated   bool   // the door is the built-in simulator
	residency   []string
	country     string
	journal     func(audit.Journal) audit.Journal   // wraps the journal, for faults
	sessions    func(vault.Sessions) vault.Sessions // wraps the vault's store, for faults
	random      io.Reader                           // in place of the seeded source
	door        func(*house) claude.Door            // in place of the scripted Claude
	standIn     string                              // the second door of a story
	adjust      func(*gateway.Door)                 // changes the first door
	pause       func(context.Context, time.Duration)
	settings    gateway.Settings
	ended       func(string, time.Time) bool // what the register says has ended
	wait        time.Duration                // for the journal; long enough for a busy machine when zero
}

// start is when the tests' clock begins.
var start = time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)

func newHouse(t testing.TB, p plan) *house {
	t.Helper()
	if p.policy == "" {
		p.policy = policy.Default
	}
	if p.role == "" {
		p.role = chaperone.RoleClinician
	}
	if p.wait == 0 {
		p.wait = 30 * time.Second
	}
	if p.random == nil {
		p.random = &lockedRandom{r: mathrand.NewChaCha8([32]byte{1})}
	}
	h := &house{
		t: t, plan: p, dir: filepath.Join(temporary(t), "data"),
		logs: &logs{}, metrics: telemetry.NewMetrics([]string{"claude"}), upstream: &upstream{}, clock: &clock{now: start},
	}
	h.open()
	t.Cleanup(h.shut)
	h.credential = h.issue(identity.KeySpec{Owner: "test-client", Role: p.role, Environment: p.environment})
	return h
}

// temporary is a directory for one test. The tree's library may still be putting
// its last file in place when its log is closed, so removing is tried again.
func temporary(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "house")
	must(t, err)
	t.Cleanup(func() {
		for try := 0; os.RemoveAll(dir) != nil && try < 100; try++ {
			time.Sleep(10 * time.Millisecond)
		}
	})
	return dir
}

// open opens the house over its data directory, which it makes if need be.
func (h *house) open() {
	h.t.Helper()
	ctx := context.Background()
	var err error
	h.store, err = store.Open(ctx, h.dir)
	must(h.t, err)
	rootFile := store.RootKeyFile(h.dir)
	if _, err := os.Stat(rootFile); err != nil {
		must(h.t, vault.CreateKeys(rootFile, rand.Reader))
	}
	root, err := vault.LoadKeys(rootFile)
	must(h.t, err)
	var sessions vault.Sessions = h.store.Vault
	if h.plan.sessions != nil {
		sessions = h.plan.sessions(sessions)
	}
	h.vault, err = vault.Open(ctx, vault.Config{
		Root: root, Sessions: sessions, Keys: h.store.Vault, Clock: h.clock.Now, Idle: h.plan.settings.Session,
	})
	must(h.t, err)
	signer, err := h.vault.Signer(ctx, "record")
	must(h.t, err)
	var journal audit.Journal = h.store.Journal
	if h.plan.journal != nil {
		journal = h.plan.journal(journal)
	}
	h.log, err = audit.Open(ctx, audit.Config{
		Journal: journal, Sealer: h.vault, Index: h.vault.BlindIndex, Signer: signer,
		Tree: store.TreeDir(h.dir), Clock: h.clock.Now, Wait: h.plan.wait, Pace: 100 * time.Millisecond,
	})
	must(h.t, err)
	h.furnish()
}

// furnish puts a gateway into an open house.
func (h *house) furnish() {
	eng, err := engine()
	must(h.t, err)
	judge, err := theJudge()
	must(h.t, err)
	settings := h.plan.settings
	settings.Tenant, settings.Residency = "clinic", h.plan.residency
	h.identity = identity.Open(h.store.State, h.vault.MAC, h.clock.Now, rand.Reader)
	first := h.door(h.plan)
	if h.plan.adjust != nil {
		h.plan.adjust(&first)
	}
	h.gateway = gateway.New(gateway.Parts{
		Identity: h.identity, Policy: readPolicy(h.t, h.plan.policy), Engine: eng, Judge: judge, Vault: h.vault, Log: h.log,
		Doors: append([]gateway.Door{first}, h.also...), Settings: settings, Pause: h.plan.pause,
		Clock: h.clock.Now, Random: h.plan.random,
		Logger: telemetry.NewLogger(h.logs, nil, nil), Metrics: h.metrics,
		Ended: h.plan.ended,
	})
	h.handler = h.gateway.Handler()
}

// shut closes the house; open opens it again. Shutting twice does nothing.
func (h *house) shut() {
	if h.store == nil {
		return
	}
	h.log.Close(context.Background()) // some tests break the journal on purpose
	h.store.Close()
	h.store = nil
}

// issue makes a key of the clinic.
func (h *house) issue(spec identity.KeySpec) credential {
	h.t.Helper()
	spec.Tenant = "clinic"
	key, secret, err := h.identity.CreateKey(context.Background(), spec)
	must(h.t, err)
	return credential{secret, key.ID}
}

func (h *house) door(p plan) gateway.Door {
	facts := policy.DoorFacts{
		Name: "claude", Kind: policy.DoorAnthropic, Connection: p.connection, Plan: p.tier, Agreement: p.agreement,
		DataUse: p.dataUse, Country: p.country,
	}
	switch {
	case p.simulated:
		facts.Connection = "simulator"
	case p.connection == "" && p.agreement.ID != "":
		facts.Connection = "anthropic-hipaa"
	case p.connection == "":
		facts.Connection = "anthropic-standard"
	}
	var behind http.Handler = h.upstream
	if p.simulated {
		facts.Kind, facts.Simulated = policy.DoorSimulator, true
		sim, err := simulator.New(simulator.Options{})
		must(h.t, err)
		h.upstream.answer = sim.ServeHTTP
	}
	if p.door != nil {
		return gateway.Door{Door: p.door(h), Facts: facts}
	}
	return gateway.Door{Door: claude.NewHandlerDoor("claude", behind, p.simulated), Facts: facts}
}

func readPolicy(t testing.TB, nameOrText string) *policy.Policy {
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
	return h.do(h.request(method, target, body, header...))
}

// request is a request of the test client's. An empty value leaves its header out.
func (h *house) request(method, target, body string, header ...string) *http.Request {
	h.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
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
	return r
}

func (h *house) do(r *http.Request) *httptest.ResponseRecorder {
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

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
