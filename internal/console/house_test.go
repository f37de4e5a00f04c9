package console_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/console"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
	"chaperone/internal/store"
	"chaperone/internal/telemetry"
	"chaperone/internal/vault"
)

// house is a console over real rooms and a real data directory.
type house struct {
	t        *testing.T
	log      *audit.Log
	identity *identity.Identity
	journal  *breakable
	roles    *roleStore
	handler  http.Handler
	logs     *bytes.Buffer
	clock    *clock
	text     []byte // what stands at the policy's place
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// breakable is a journal whose disk a test can fill.
type breakable struct {
	audit.Journal
	mu   sync.Mutex
	full error
}

func (b *breakable) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	b.mu.Lock()
	full := b.full
	b.mu.Unlock()
	if full != nil {
		return 0, full
	}
	return b.Journal.Append(ctx, rows...)
}

func (b *breakable) fill(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.full = err
}

var noon = time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)

// newHouse builds a house; each change may alter the console's parts.
func newHouse(t *testing.T, changes ...func(*console.Parts)) *house {
	t.Helper()
	t.Parallel()
	ctx := context.Background()
	h := &house{t: t, logs: &bytes.Buffer{}, clock: &clock{now: noon}}
	dir := filepath.Join(t.TempDir(), "data")
	kept, err := store.Open(ctx, dir)
	must(t, err)
	must(t, vault.CreateKeys(store.RootKeyFile(dir), rand.Reader))
	root, err := vault.LoadKeys(store.RootKeyFile(dir))
	must(t, err)
	keys, err := vault.Open(ctx, vault.Config{Root: root, Sessions: kept.Vault, Keys: kept.Vault, Clock: h.clock.Now})
	must(t, err)
	signer, err := keys.Signer(ctx, "record")
	must(t, err)
	h.journal = &breakable{Journal: kept.Journal}
	h.log, err = audit.Open(ctx, audit.Config{
		Journal: h.journal, Sealer: keys, Index: keys.BlindIndex, Signer: signer,
		Tree: store.TreeDir(dir), Clock: h.clock.Now, Wait: 20 * time.Second, Pace: 100 * time.Millisecond,
	})
	must(t, err)
	t.Cleanup(func() {
		h.log.Close(ctx) // some tests break the journal on purpose
		kept.Close()
	})
	h.roles = &roleStore{Store: kept.State}
	h.identity = identity.Open(h.roles, keys.MAC, h.clock.Now, rand.Reader)
	rules, err := policy.OpenShipped(policy.Default)
	must(t, err)
	h.text, err = policy.ShippedSource(policy.Default)
	must(t, err)
	parts := console.Parts{
		Identity: h.identity, Log: h.log, Tenant: "clinic", Clock: h.clock.Now, SkipReaderSeparation: true,
		Policy:     func() *policy.Policy { return rules },
		PolicyText: func() ([]byte, error) { return h.text, nil },
		Doors:      []policy.DoorFacts{{Name: "simulator", Kind: policy.DoorSimulator, Simulated: true}},
		Logger:     telemetry.NewLogger(h.logs, nil, nil),
	}
	for _, change := range changes {
		change(&parts)
	}
	h.handler, err = console.New(parts)
	must(t, err)
	return h
}

// The exchanges of the tests are about a patient who never lived.
const (
	patient   = "MRN-4471902"
	received  = `{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Mr. John Smith, phone (541) 555-0146 <script>alert(1)</script>"}]}`
	sent      = `{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Mr. NAME-7K2QAX, phone PHONE-1"}]}`
	delivered = `{"content":[{"type":"text","text":"Seen: Mr. John Smith"}]}`
)

// exchange records one exchange as the gateway would and returns its id.
func (h *house) exchange(decision audit.Decision, change ...func(*audit.Intent)) string {
	h.t.Helper()
	ref, err := chaperone.NewPatientRef(patient)
	must(h.t, err)
	id := newID(h.t)
	intent := audit.Intent{
		Exchange: chaperone.ExchangeID(id),
		Who:      chaperone.Principal{Tenant: "clinic", ID: "ward-3", Role: chaperone.RoleClinician, KeyID: "k1234567", From: netip.MustParseAddr("192.0.2.7")},
		Why:      audit.Why{Patient: ref, Purpose: chaperone.PurposeTreatment, Reason: audit.Content("follow-up of John Smith"), Basis: "role"},
		What:     audit.What{Action: "messages.create", Surface: "sdk"},
		Where:    audit.Where{Door: "simulator", Simulated: true, Model: "claude-sonnet-5"},
		Ruling: audit.Ruling{
			Decision: decision, Reasons: []string{"conceal-for-staff"}, PolicyVersion: "0123456789ab", PolicyProfile: "conceal-everything",
			Findings: map[string]int{"name": 2, "phone": 1},
		},
		Received: audit.Content(received), Sent: audit.Content(sent),
	}
	for _, c := range change {
		c(&intent)
	}
	entry, err := h.log.Intend(context.Background(), intent)
	must(h.t, err)
	must(h.t, entry.Settle(context.Background(), audit.Outcome{
		Result: audit.OK, Status: 200, Restored: 1, Took: 31 * time.Millisecond,
		Upstream:  audit.Upstream{Model: "claude-sonnet-5", Status: 200, StopReason: "end_turn", InputTokens: 20, OutputTokens: 9},
		Delivered: audit.Content(delivered),
	}))
	return id
}

// newID draws a UUIDv7 (RFC 9562).
func newID(t *testing.T) string {
	t.Helper()
	var b [16]byte
	_, err := rand.Read(b[:])
	must(t, err)
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	const hexdigits = "0123456789abcdef"
	var s strings.Builder
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			s.WriteByte('-')
		}
		s.WriteByte(hexdigits[c>>4])
		s.WriteByte(hexdigits[c&15])
	}
	return s.String()
}

// browser is a person's browser, or another program.
type browser struct {
	h      *house
	cookie *http.Cookie
	site   string // Sec-Fetch-Site of its POSTs
}

// signIn redeems a fresh link.
func (h *house) signIn() *browser {
	h.t.Helper()
	token, err := h.identity.CreateAdminLink(context.Background(), "clinic")
	must(h.t, err)
	b := &browser{h: h, site: "same-origin"}
	w := b.post("/console/link", "token", token)
	if w.Code != http.StatusSeeOther || b.cookie == nil {
		h.t.Fatalf("signing in answered %d", w.Code)
	}
	return b
}

func (b *browser) get(target string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, target, nil))
}

// ask is get or post.
func (b *browser) ask(method, target string, fields ...string) *httptest.ResponseRecorder {
	if method == http.MethodGet {
		return b.get(target)
	}
	return b.post(target, fields...)
}

func (b *browser) post(target string, fields ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", b.site)
	return b.do(r)
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr = "192.0.2.9:40000"
	if b.cookie != nil {
		r.AddCookie(&http.Cookie{Name: b.cookie.Name, Value: b.cookie.Value})
	}
	w := httptest.NewRecorder()
	b.h.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookie = c; c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return w
}

// events lists what people did, newest first, as "kind subject by whom about
// whom". That the record works again is noted at a moment of its own.
func (h *house) events() []string {
	h.t.Helper()
	list, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote})
	must(h.t, err)
	var out []string
	for _, s := range list {
		full, err := h.log.Show(context.Background(), number(s.Seq))
		must(h.t, err)
		f := full.Note.Facts
		if f.Note.Event == audit.RecordResumed {
			continue
		}
		out = append(out, string(f.Note.Event)+" "+f.Note.Subject+" by "+f.Who.User+" about "+f.Deed.Patient)
	}
	return out
}

// placeholder is a well-formed placeholder of a fresh session.
func placeholder(t *testing.T) string {
	t.Helper()
	engine, err := deid.NewEngine()
	must(t, err)
	veil := deid.NewVeil(engine, deid.NewSession(nil, rand.Reader))
	const text = "MRN: 4471902"
	veil.Read(text, deid.Where{})
	concealed := veil.Conceal(text, deid.Where{})
	spans := deid.Placeholders(concealed)
	if len(spans) != 1 {
		t.Fatalf("%d placeholders", len(spans))
	}
	return concealed[spans[0][0]:spans[0][1]]
}

func number(n uint64) string { return strconv.FormatUint(n, 10) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
