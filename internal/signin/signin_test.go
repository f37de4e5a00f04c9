package signin_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/signin"
	"chaperone/internal/store"
	"chaperone/internal/telemetry"
	"chaperone/internal/vault"

	"github.com/google/go-cmp/cmp"
)

// house is the face over real rooms and a real data directory, with a clock that
// a test turns.
type house struct {
	t        *testing.T
	identity *identity.Identity
	log      *audit.Log
	mux      *http.ServeMux
	mu       sync.Mutex
	now      time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func newHouse(t *testing.T, changes ...func(*signin.Parts)) *house {
	t.Helper()
	t.Parallel()
	ctx := context.Background()
	h := &house{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	dir := filepath.Join(t.TempDir(), "data")
	kept, err := store.Open(ctx, dir)
	must(t, err)
	must(t, vault.CreateKeys(store.RootKeyFile(dir), rand.Reader))
	root, err := vault.LoadKeys(store.RootKeyFile(dir))
	must(t, err)
	keys, err := vault.Open(ctx, vault.Config{Root: root, Sessions: kept.Vault, Keys: kept.Vault, Clock: h.clock})
	must(t, err)
	signer, err := keys.Signer(ctx, "record")
	must(t, err)
	h.log, err = audit.Open(ctx, audit.Config{
		Journal: kept.Journal, Sealer: keys, Index: keys.BlindIndex, Signer: signer,
		Tree: store.TreeDir(dir), Clock: h.clock, Wait: 20 * time.Second, Pace: 100 * time.Millisecond,
	})
	must(t, err)
	t.Cleanup(func() { must(t, h.log.Close(ctx)); must(t, kept.Close()) })
	h.identity = identity.Open(kept.State, keys.MAC, h.clock, rand.Reader)
	parts := signin.Parts{Identity: h.identity, Log: h.log, Tenant: "clinic", Logger: telemetry.NewLogger(&bytes.Buffer{}, nil, nil)}
	for _, change := range changes {
		change(&parts)
	}
	h.mux = http.NewServeMux()
	signin.New(parts).Register(h.mux)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do sends a request as a program on another machine does.
func (h *house) do(method, path, form string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, "http://gw.clinic.test"+path, strings.NewReader(form))
	r.RemoteAddr = "192.0.2.7:40000"
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w
}

func (h *house) answer(w *httptest.ResponseRecorder, status int) map[string]any {
	h.t.Helper()
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != status {
		h.t.Fatalf("%d %s, want %d: %v", w.Code, w.Body, status, err)
	}
	if cc := w.Header().Get("Cache-Control"); cc != "no-store" {
		h.t.Errorf("Cache-Control %q", cc)
	}
	return got
}

// approve lets the program of a code in, as the console does.
func (h *house) approve(code string) {
	h.t.Helper()
	_, err := h.identity.ApproveDevice(context.Background(), code, netip.MustParseAddr("192.0.2.9"), identity.KeySpec{
		Tenant: "clinic", Owner: "dr-roe", Role: chaperone.RoleClinician, Label: "laptop of ward 3",
	})
	must(h.t, err)
}

// events lists what the record says, oldest first.
func (h *house) events() []string {
	h.t.Helper()
	list, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote})
	must(h.t, err)
	var out []string
	for i := len(list) - 1; i >= 0; i-- {
		full, err := h.log.Show(context.Background(), jsonNumber(list[i].Seq))
		must(h.t, err)
		f := full.Note.Facts
		out = append(out, strings.TrimSpace(string(f.Note.Event)+" by "+f.Who.User))
	}
	return out
}

func jsonNumber(n uint64) string { raw, _ := json.Marshal(n); return string(raw) }

const grantType = "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code="

// signIn walks the whole grant and returns the tokens.
func (h *house) signIn() map[string]any {
	h.t.Helper()
	began := h.answer(h.do("POST", "/oauth/device_authorization", "surface=claude_code"), 200)
	h.approve(began["user_code"].(string))
	h.wait(5 * time.Second)
	return h.answer(h.do("POST", "/oauth/token", grantType+began["device_code"].(string)), 200)
}

func TestTheMetadataNamesEndpointsOfTheSameOrigin(t *testing.T) {
	h := newHouse(t)
	got := h.answer(h.do("GET", "/.well-known/oauth-authorization-server", ""), 200)
	for name, want := range map[string]string{
		"issuer": "http://gw.clinic.test", "token_endpoint": "http://gw.clinic.test/oauth/token",
		"device_authorization_endpoint": "http://gw.clinic.test/oauth/device_authorization",
		"revocation_endpoint":           "http://gw.clinic.test/oauth/revoke",
	} {
		if got[name] != want {
			t.Errorf("%s is %v", name, got[name])
		}
	}
	if _, there := got["authorization_endpoint"]; there {
		t.Error("there is no authorization endpoint")
	}
	h = &house{t: t, mux: http.NewServeMux()}
	signin.New(signin.Parts{PublicURL: "https://chaperone.clinic.example"}).Register(h.mux)
	if got := h.answer(h.do("GET", "/.well-known/oauth-authorization-server", ""), 200); got["token_endpoint"] != "https://chaperone.clinic.example/oauth/token" {
		t.Errorf("behind a proxy: %v", got["token_endpoint"])
	}
}

func TestAProgramSignsInRefreshesAndSignsOut(t *testing.T) {
	h := newHouse(t)
	began := h.answer(h.do("POST", "/oauth/device_authorization", "surface=claude_code&something=new"), 200)
	code := began["user_code"].(string)
	if began["verification_uri_complete"] != "http://gw.clinic.test/device?user_code="+code || began["interval"] != 5.0 || began["expires_in"] != 600.0 {
		t.Errorf("%v", began)
	}
	poll := grantType + began["device_code"].(string)
	h.wait(5 * time.Second)
	if got := h.answer(h.do("POST", "/oauth/token", poll), 400); got["error"] != "authorization_pending" {
		t.Errorf("%v", got)
	}
	if got := h.answer(h.do("POST", "/oauth/token", poll), 400); got["error"] != "slow_down" {
		t.Errorf("%v", got)
	}
	h.approve(code)
	first := h.answer(h.do("POST", "/oauth/token", poll), 200)
	if first["token_type"] != "Bearer" || first["expires_in"] != 3600.0 {
		t.Errorf("%v", first)
	}
	second := h.answer(h.do("POST", "/oauth/token", "grant_type=refresh_token&refresh_token="+first["refresh_token"].(string)), 200)
	bearer := "Bearer " + second["access_token"].(string)
	if w := h.do("GET", "/managed/settings", "", "Authorization", bearer); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	h.answer(h.do("POST", "/oauth/revoke", "token="+second["access_token"].(string)), 200)
	h.answer(h.do("POST", "/oauth/revoke", "token=nonsense"), 200)
	w := h.do("GET", "/managed/settings", "", "Authorization", bearer)
	if got := h.answer(w, 401); w.Header().Get("X-Should-Retry") != "false" || got["type"] != "error" {
		t.Errorf("a revoked token: %v %s", w.Header(), w.Body)
	}
	if got := h.answer(h.do("POST", "/oauth/token", "grant_type=refresh_token&refresh_token="+second["refresh_token"].(string)), 401); got["error"] != "invalid_grant" {
		t.Errorf("the deprovisioned: %v", got)
	}
	want := []string{
		"device.signed.in by dr-roe", "device.refreshed by dr-roe", "device.signed.out by chaperone",
		"access.denied by chaperone", "access.denied by chaperone",
	}
	if diff := cmp.Diff(want, h.events()); diff != "" {
		t.Error(diff)
	}
}

func TestAStolenRefreshTokenSignsTheDeviceOutAndIsRecorded(t *testing.T) {
	h := newHouse(t)
	first := h.signIn()
	refresh := "grant_type=refresh_token&refresh_token=" + first["refresh_token"].(string)
	h.answer(h.do("POST", "/oauth/token", refresh), 200)
	if got := h.answer(h.do("POST", "/oauth/token", refresh), 401); got["error"] != "invalid_grant" {
		t.Errorf("%v", got)
	}
	if w := h.do("GET", "/managed/settings", "", "x-api-key", first["access_token"].(string)); w.Code != 401 {
		t.Errorf("the device is still signed in: %d", w.Code)
	}
	if e := h.events(); len(e) < 3 || e[2] != "access.denied by chaperone" {
		t.Errorf("%v", e)
	}
}

func TestWhatIsNoGrantIsRefusedInTheFormOfTheRFC(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		form, want string
		status     int
	}{
		"no grant type":        {"device_code=x", "unsupported_grant_type", 400},
		"another grant type":   {"grant_type=password&username=a", "unsupported_grant_type", 400},
		"a code of nobody":     {grantType + "chc_00000000_" + strings.Repeat("A", 43), "invalid_grant", 400},
		"no code":              {grantType, "invalid_grant", 400},
		"no refresh token":     {"grant_type=refresh_token", "invalid_grant", 401},
		"a broken form":        {"grant_type=%zz", "invalid_request", 400},
		"a form without end":   {"grant_type=" + strings.Repeat("a", 64<<10), "invalid_request", 400},
		"a key in their place": {"grant_type=refresh_token&refresh_token=chk_00000000_" + strings.Repeat("A", 43), "invalid_grant", 401},
	} {
		got := h.answer(h.do("POST", "/oauth/token", c.form), c.status)
		if got["error"] != c.want || got["error_description"] == "" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestABrowserIsLedToTheConsole(t *testing.T) {
	h := newHouse(t)
	w := h.do("GET", "/device?user_code="+url.QueryEscape("WDJB-MJHT&x=//evil.test"), "")
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/console/device?user_code=WDJB-MJHT%26x%3D%2F%2Fevil.test" {
		t.Errorf("%d %s", w.Code, to)
	}
	if w := h.do("GET", "/protocol", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "/managed/settings") {
		t.Errorf("%d", w.Code)
	}
}

func TestManagedSettingsHaveTheFormThatClaudeCodeReads(t *testing.T) {
	h := newHouse(t)
	if w := h.do("GET", "/managed/settings", ""); w.Code != 401 {
		t.Errorf("without a credential: %d", w.Code)
	}
	token := h.signIn()["access_token"].(string)
	for _, header := range [][]string{{"Authorization", "Bearer " + token}, {"x-api-key", token}} {
		w := h.do("GET", "/managed/settings", "", header...)
		var got struct {
			UUID, Checksum string
			Settings       json.RawMessage
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		sum := sha256.Sum256([]byte(got.Settings)) // our encoder writes keys sorted, without blanks
		if want := "sha256:" + hex.EncodeToString(sum[:]); got.Checksum != want || w.Header().Get("ETag") != `"`+want+`"` || len(got.UUID) != 36 {
			t.Errorf("checksum %s, ETag %s, want %s", got.Checksum, w.Header().Get("ETag"), want)
		}
		var settings struct{ Env map[string]string }
		must(t, json.Unmarshal(got.Settings, &settings))
		if settings.Env["ANTHROPIC_BASE_URL"] != "http://gw.clinic.test" {
			t.Errorf("%v", settings.Env)
		}
		if w := h.do("GET", "/managed/settings", "", append(header, "If-None-Match", `"`+got.Checksum+`"`)...); w.Code != 304 || w.Body.Len() > 0 {
			t.Errorf("the same copy: %d", w.Code)
		}
		for _, other := range []string{`"sha256:00"`, "*", got.Checksum} {
			if w := h.do("GET", "/managed/settings", "", append(header, "If-None-Match", other)...); w.Code != 200 {
				t.Errorf("If-None-Match %s: %d", other, w.Code)
			}
		}
	}
}

func TestAHouseHasItsOwnManagedSettingsOrNone(t *testing.T) {
	own, err := signin.ParseSettings([]byte(`{"cleanupPeriodDays": 1, "b": {"z": "<&>", "a": 1.50}}`))
	must(t, err)
	h := newHouse(t, func(p *signin.Parts) { p.Settings = own })
	token := h.signIn()["access_token"].(string)
	w := h.do("GET", "/managed/settings", "", "x-api-key", token)
	sum := sha256.Sum256([]byte(`{"b":{"a":1.50,"z":"<&>"},"cleanupPeriodDays":1}`))
	if got := h.answer(w, 200); got["checksum"] != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"", "null", "[]", "7", `{"a":1} {}`, `{"a":`} {
		if _, err := signin.ParseSettings([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestAHouseWithoutManagedSettingsSaysSo(t *testing.T) {
	h := newHouse(t, func(p *signin.Parts) { p.Settings = signin.Settings{None: true} })
	if w := h.do("GET", "/managed/settings", "", "x-api-key", h.signIn()["access_token"].(string)); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add([]byte(`{"cleanupPeriodDays": 1, "env": {"A": "<&>"}}`))
	f.Add([]byte(`{"a":1e400}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := signin.ParseSettings(src)
		if (err == nil) != (s.Own != nil) {
			t.Errorf("%q: %v, %v", src, s.Own, err)
		}
		if err == nil && !json.Valid(src) {
			t.Errorf("%q is no JSON and was taken", src)
		}
	})
}
