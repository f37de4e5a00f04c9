package claude_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

// serviceAccount writes a file of credentials whose tokens come from srv.
func serviceAccount(t *testing.T, srv *claudetest.Server) (string, *rsa.PublicKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "clinic-1", "private_key_id": "k1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "gateway@clinic-1.iam.gserviceaccount.com", "token_uri": srv.URL + "/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "google.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, &key.PublicKey
}

func token(value string) claudetest.Script {
	return claudetest.JSON(200, `{"access_token":"`+value+`","token_type":"Bearer","expires_in":3600}`)
}

func googleConfig(srv *claudetest.Server, file string) claude.GoogleConfig {
	return claude.GoogleConfig{DoorConfig: loopback(srv), Project: "clinic-1", Location: "us-east5", Credentials: file, Workspace: "wrkspc_1"}
}

func vertexDoor(t *testing.T, cfg claude.GoogleConfig) *claude.HTTPDoor {
	t.Helper()
	d, err := claude.NewVertex(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// wantAssertion checks the signed request for a token with the account's public key.
func wantAssertion(t *testing.T, got claudetest.Request, public *rsa.PublicKey) {
	t.Helper()
	form, err := url.ParseQuery(string(got.Body))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(form.Get("assertion"), ".")
	if len(parts) != 3 {
		t.Fatalf("no assertion in %s", got.Body)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature); err != nil {
		t.Error(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !strings.Contains(string(claims), "https://www.googleapis.com/auth/cloud-platform") {
		t.Errorf("claims %s %v", claims, err)
	}
}

func TestVertexGetsTheCallInItsFormWithATokenThatIsKept(t *testing.T) {
	bank := claudetest.New(t, token("ya29.one"))
	srv := claudetest.New(t, claudetest.JSON(200, `{"type":"message"}`))
	file, public := serviceAccount(t, bank)
	door := vertexDoor(t, googleConfig(srv, file))
	base := "/v1/projects/clinic-1/locations/us-east5/publishers/anthropic/models/"
	for _, c := range []struct{ path, body, target, sent string }{
		{
			"/v1/messages", `{"model":"claude-sonnet-4-5","max_tokens":3,"tags":{}, "messages":[]}`,
			"claude-sonnet-4-5@20250929:rawPredict", `{"anthropic_version":"vertex-2023-10-16","max_tokens":3,"messages":[]}`,
		},
		{
			"/v1/messages", `{"model":"claude-opus-5","stream":true}`,
			"claude-opus-5:streamRawPredict", `{"anthropic_version":"vertex-2023-10-16","stream":true}`,
		},
		{
			"/v1/messages/count_tokens", `{"model":"claude-opus-4-1-20250805","messages":[]}`,
			"count-tokens:rawPredict", `{"anthropic_version":"vertex-2023-10-16","model":"claude-opus-4-1@20250805","messages":[]}`,
		},
	} {
		call := asked(c.path, "2023-06-01", c.body)
		call.Header.Set("Anthropic-Beta", "effort-2025-11-24,request-tags-2026-08-21")
		reply, err := door.Send(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
		got := srv.Last(t)
		if got.Target != base+c.target || string(got.Body) != c.sent {
			t.Errorf("sent %s to %s", got.Body, got.Target)
		}
		if h := got.Header; h.Get("Authorization") != "Bearer ya29.one" || h.Get("Anthropic-Version") != "" || h.Get("Anthropic-Beta") != "effort-2025-11-24" {
			t.Errorf("headers %v", h)
		}
	}
	if n := len(bank.Requests()); n != 1 {
		t.Errorf("%d tokens were bought for three calls", n)
	}
	wantAssertion(t, bank.Last(t), public)
}

func TestAChangedFileOfCredentialsIsUsedAtOnce(t *testing.T) {
	bank := claudetest.New(t, token("ya29.one"), token("ya29.two"))
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	file, _ := serviceAccount(t, bank)
	door := vertexDoor(t, googleConfig(srv, file))
	for _, want := range []string{"Bearer ya29.one", "Bearer ya29.two"} {
		reply, err := door.Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
		if got := srv.Last(t).Header.Get("Authorization"); got != want {
			t.Errorf("sent %q", got)
		}
		other, _ := serviceAccount(t, bank)
		data, err := os.ReadFile(other)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWithoutAGoogleTokenNothingIsSent(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "c.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	refused := func(body string) string {
		file, _ := serviceAccount(t, claudetest.New(t, claudetest.JSON(400, body)))
		return file
	}
	for name, c := range map[string]struct {
		file string
		kind chaperone.Kind
		code string
	}{
		"no file":            {"", chaperone.KindUnavailable, "door_key"},
		"a file that is not": {"/nonexistent/x.json", chaperone.KindUnavailable, "door_key"},
		"no JSON":            {write("x"), chaperone.KindUnavailable, "door_key"},
		"a type of its own":  {write(`{"type":"magic"}`), chaperone.KindUnavailable, "door_key"},
		"a refusal":          {refused(`{"error":"invalid_grant","error_description":"account not found"}`), chaperone.KindUnavailable, "door_key"},
		"a wrong clock": {
			refused(`{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe"}`),
			chaperone.KindUpstream, "door_clock",
		},
		"an empty token": {func() string { f, _ := serviceAccount(t, claudetest.New(t, token("a b"))); return f }(), chaperone.KindUnavailable, "door_key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := vertexDoor(t, googleConfig(srv, c.file)).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
			wantError(t, err, c.kind, c.code)
			srv.ZeroBytes(t)
		})
	}
}

func TestVertexErrorsAreTheVendors(t *testing.T) {
	bank := claudetest.New(t, token("ya29.one"))
	file, _ := serviceAccount(t, bank)
	const own = `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`
	for name, c := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"the vendor's envelope": {529, own, own},
		"a quota":               {429, `{"error":{"code":429,"message":"Quota exceeded for projects/clinic-1","status":"RESOURCE_EXHAUSTED"}}`, `"type":"rate_limit_error","message":"Claude asks to wait`},
		"a wrong request":       {400, `{"error":{"code":400,"message":"prompt is too long: 300000 tokens","status":"INVALID_ARGUMENT"}}`, `"message":"prompt is too long: 300000 tokens"`},
		"a wrong request that names the project": {
			400, `{"error":{"message":"projects/clinic-1 is wrong"}}`, `"type":"invalid_request_error","message":"Claude reported an error`,
		},
		"a permission": {403, `{"error":{"message":"Permission denied on projects/clinic-1"}}`, `"type":"permission_error"`},
		"no JSON":      {404, "<html>", `"type":"not_found_error"`},
	} {
		t.Run(name, func(t *testing.T) {
			srv := claudetest.New(t, claudetest.Script{
				claudetest.Head(c.status, "content-type", "application/json", "retry-after", "3", "x-request-id", "vrtx-1"), claudetest.Send(c.body),
			})
			reply, err := vertexDoor(t, googleConfig(srv, file)).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, reply)
			if reply.Status != c.status || !strings.Contains(got, c.want) || strings.Contains(got, "clinic-1") {
				t.Errorf("got %d %s", reply.Status, got)
			}
			if reply.Header.Get("Retry-After") != "3" || reply.Header.Get("Request-Id") != "vrtx-1" {
				t.Errorf("headers %v", reply.Header)
			}
		})
	}
}

func TestVertexStreamsAreTheVendors(t *testing.T) {
	bank := claudetest.New(t, token("ya29.one"))
	file, _ := serviceAccount(t, bank)
	whole := asEvents(t, append(append([]string{}, answerEvents...), lastOfVendors)...)
	srv := claudetest.New(t, claudetest.Stream(claudetest.Cut(whole, 17)...))
	got, d, err := copied(t, vertexDoor(t, googleConfig(srv, file)))
	if err != nil || !d.Ended || !strings.Contains(got, "Dear Marta Example") {
		t.Errorf("%v %s", err, got)
	}
}

func TestGoogleCloudGetsTheVendorsFormBehindItsPath(t *testing.T) {
	bank := claudetest.New(t, token("ya29.one"))
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	file, _ := serviceAccount(t, bank)
	door, err := claude.NewGoogleCloud(googleConfig(srv, file))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"model" : "claude-opus-5"}`
	reply, err := door.Send(t.Context(), asked("/v1/messages", "2026-10-21", body))
	if err != nil {
		t.Fatal(err)
	}
	read(t, reply)
	got := srv.Last(t)
	if got.Target != "/v1/projects/clinic-1/locations/us-east5/workspaces/wrkspc_1/invoke/v1/messages" || string(got.Body) != body || reply.Door != "google-cloud" {
		t.Errorf("sent %s to %s", got.Body, got.Target)
	}
	if h := got.Header; h.Get("Anthropic-Version") != "2026-10-21" || h.Get("Authorization") != "Bearer ya29.one" {
		t.Errorf("headers %v", h)
	}
	if reply, err = door.Send(t.Context(), claude.Call{Method: http.MethodGet, Path: "/v1/models"}); err != nil {
		t.Fatal(err)
	}
	read(t, reply)
	if got := srv.Last(t).Target; !strings.HasSuffix(got, "/invoke/v1/models") {
		t.Errorf("asked %s", got)
	}
}

func TestGoogleDoorsThatLeadNowhereAreRefused(t *testing.T) {
	for _, spoil := range []func(*claude.GoogleConfig){
		func(c *claude.GoogleConfig) { c.Project = "" },
		func(c *claude.GoogleConfig) { c.Project = "a/b" },
		func(c *claude.GoogleConfig) { c.Location = "us-east5.evil.example" },
		func(c *claude.GoogleConfig) { c.Location = "" },
		func(c *claude.GoogleConfig) { c.Workspace = "../x" },
	} {
		cfg := claude.GoogleConfig{Project: "clinic-1", Location: "global", Workspace: "wrkspc_1"}
		spoil(&cfg)
		_, errVertex := claude.NewVertex(cfg)
		_, errCloud := claude.NewGoogleCloud(cfg)
		if errCloud == nil || errVertex == nil && cfg.Workspace != "../x" {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}
