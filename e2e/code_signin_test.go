package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tokens are what a device gets.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// signedIn signs a device in as a program and its administrator do together,
// and returns its tokens.
func signedIn(t *testing.T, d *daemon) tokens {
	t.Helper()
	var began struct {
		DeviceCode string `json:"device_code"`
		UserCode   string `json:"user_code"`
		Complete   string `json:"verification_uri_complete"`
		Interval   int    `json:"interval"`
	}
	postForm(t, http.DefaultClient, d.URL+"/oauth/device_authorization", &began, "surface", "claude_code")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	link, err := url.Parse(d.AdminLink)
	if err != nil {
		t.Fatal(err)
	}
	postForm(t, browser, d.URL+"/console/link", nil, "token", link.Query().Get("token"))
	resp, err := browser.Get(began.Complete)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !strings.Contains(string(page), began.UserCode) || !strings.Contains(string(page), "claude_code") {
		t.Fatalf("the page shows no program that waits: %s", page)
	}
	postForm(t, browser, d.URL+"/console/device", nil, "user_code", began.UserCode, "answer", "approve", "owner", "dr-roe", "role", "clinician", "label", "laptop")
	time.Sleep(time.Duration(began.Interval) * time.Second) // as a program that keeps to it
	var got tokens
	postForm(t, http.DefaultClient, d.URL+"/oauth/token", &got,
		"grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", began.DeviceCode)
	if got.Access == "" || got.Refresh == "" {
		t.Fatal("no tokens")
	}
	return got
}

func postForm(t *testing.T, c *http.Client, to string, into any, fields ...string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	resp, err := c.PostForm(to, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %d %s", to, resp.StatusCode, body)
	}
	if into != nil {
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatal(err)
		}
	}
}

// signIn leaves in the program's home what its /login leaves there: the tokens,
// here of an access token that has expired, so that it must refresh them first.
// Over plain HTTP, which it takes on this machine only, there is no certificate
// to pin and it keeps a word in its place.
func (c *coder) signIn(t *testing.T, url string, tk tokens) {
	t.Helper()
	stored, _ := json.Marshal(map[string]any{
		"enterpriseGateway": map[string]any{
			"url": url, "jwt": tk.Access, "expiresAt": time.Now().Add(-time.Minute).UnixMilli(),
			"tokenEndpoint": url + "/oauth/token", "idpRefreshToken": tk.Refresh,
		},
		"gatewayTrust": map[string]string{"127.0.0.1": "http-loopback"},
	})
	if err := os.MkdirAll(filepath.Join(c.home, ".claude"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.home, ".claude", ".credentials.json"), stored, 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = slices.DeleteFunc(c.env, func(e string) bool { return strings.HasPrefix(e, "ANTHROPIC_") })
}

// TestClaudeCodeSignedInTakesItsManagedSettings runs the program as Desktop and a
// signed-in terminal do: with a device's token, in gateway mode.
func TestClaudeCodeSignedInTakesItsManagedSettings(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	who := person(9)
	m := newModel(t, func(p prompt) []block { return []block{{Type: "text", Text: "You said: " + p.said()}} })
	d, dir := house(t, m)
	// What the program asks of Chaperone is watched on the way.
	to, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var asked []string
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ModifyResponse = func(r *http.Response) error {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Request.Method+" "+r.Request.URL.Path+" "+r.Status[:3])
		return nil
	}
	watch := httptest.NewServer(forward)
	t.Cleanup(watch.Close)
	c := newCoder(t, watch.URL, "")
	c.signIn(t, watch.URL, signedIn(t, d))
	got := c.ask(t, "Summarise this.\n\n"+who.note(), "--debug-file", filepath.Join(c.dir, "debug"))
	debug, err := os.ReadFile(filepath.Join(c.dir, "debug"))
	if err != nil || !strings.Contains(string(debug), "Remote settings: Fetched successfully") || strings.Contains(string(debug), "invalid entries") ||
		!strings.Contains(string(debug), "deny rule(s) to destination 'policySettings'") {
		t.Errorf("the program did not take all of our settings: %v", err)
	}
	again := c.ask(t, "And that was all?")
	for _, real := range who.secrets() {
		if !strings.Contains(got.Result, real) {
			t.Errorf("the answer lacks %q: %s", real, got.Result)
		}
	}
	mu.Lock()
	if !strings.Contains(again.Result, "And that was all?") {
		t.Errorf("%q", again.Result)
	}
	for _, want := range []string{"POST /oauth/token 200", "GET /managed/settings 200", "POST /v1/messages 200"} {
		if !slices.Contains(asked, want) {
			t.Errorf("the program did not ask %s", want)
		}
	}
	mu.Unlock()
	for _, p := range m.conversation() {
		if strings.Contains(string(p.raw), "WebFetch\n") || strings.Contains(string(p.Tools), `"name":"WebFetch"`) {
			t.Error("the settings forbid WebFetch, and the model was offered it")
		}
	}
	sawNone(t, m, who)
	recorded(t, d, dir, 2)
}
