package claude_test

import (
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

func made(t *testing.T) func(d *claude.HTTPDoor, err error) *claude.HTTPDoor {
	return func(d *claude.HTTPDoor, err error) *claude.HTTPDoor {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		return d
	}
}

func sent(t *testing.T, door claude.Door, srv *claudetest.Server, c claude.Call) claudetest.Request {
	t.Helper()
	reply, err := door.Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	read(t, reply)
	return srv.Last(t)
}

func TestTheBedrockMessagesEndpointGetsTheVendorsFormSigned(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{"type":"message"}`))
	cfg := awsConfig(srv)
	cfg.Profile = "us"
	door := made(t)(claude.NewBedrockMessages(cfg))
	c := asked("/v1/messages", "2026-10-21", `{"model" : "claude-sonnet-4-5", "max_tokens":1,"stream":false}`)
	c.Header.Set("Anthropic-Beta", "request-tags-2026-08-21,effort-2025-11-24")
	got := sent(t, door, srv, c)
	if got.Target != "/anthropic/v1/messages" || string(got.Body) != `{"model" : "us.anthropic.claude-sonnet-4-5", "max_tokens":1,"stream":false}` {
		t.Errorf("sent %s to %s", got.Body, got.Target)
	}
	if h := got.Header; h.Get("Anthropic-Version") != "2026-10-21" || h.Get("Anthropic-Beta") != "effort-2025-11-24" {
		t.Errorf("headers %v", h)
	}
	wantSigned(t, srv, got, "bedrock-mantle")

	got = sent(t, door, srv, asked("/v1/messages/count_tokens", "2023-06-01", `{"tags":{"a":"b"},"model":"us.anthropic.claude-opus-5","messages":[]}`))
	if got.Target != "/anthropic/v1/messages/count_tokens" || string(got.Body) != `{"model":"us.anthropic.claude-opus-5","messages":[]}` {
		t.Errorf("sent %s to %s", got.Body, got.Target)
	}
	_, err := door.Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"global.anthropic.claude-opus-5"}`))
	wantError(t, err, chaperone.KindForbidden, "door_profile")

	cfg.BaseURL, cfg.Region, cfg.InsecureAllowHTTP = "", "ca-central-1", false
	if _, err := claude.NewBedrockMessages(cfg); err == nil {
		t.Error("a region without the endpoint was accepted (X20)")
	}
}

func TestThePlatformOnAWSGetsTheWorkspaceAndASignature(t *testing.T) {
	awsEnv(t)
	t.Setenv("ANTHROPIC_AWS_API_KEY", "")
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	door := made(t)(claude.NewPlatformAWS(awsConfig(srv), "wrkspc_1"))
	body := `{"model":"claude-opus-5","tags":{"a":"b"}}`
	got := sent(t, door, srv, asked("/v1/messages", "2026-10-21", body))
	if got.Target != "/v1/messages" || string(got.Body) != body || got.Header.Get("Anthropic-Workspace-Id") != "wrkspc_1" {
		t.Errorf("sent %s to %s with %v", got.Body, got.Target, got.Header)
	}
	wantSigned(t, srv, got, "aws-external-anthropic")
	got = sent(t, door, srv, claude.Call{Method: http.MethodGet, Path: "/v1/models", Query: url.Values{"limit": {"5"}}})
	if got.Target != "/v1/models?limit=5" {
		t.Errorf("asked %s", got.Target)
	}
	wantSigned(t, srv, got, "aws-external-anthropic")

	t.Setenv("ANTHROPIC_AWS_API_KEY", "aws-key-1")
	got = sent(t, made(t)(claude.NewPlatformAWS(awsConfig(srv), "wrkspc_1")), srv, asked("/v1/messages", "2026-10-21", body))
	if got.Header.Get("Authorization") != "Bearer aws-key-1" {
		t.Errorf("headers %v", got.Header)
	}
	if _, err := claude.NewPlatformAWS(awsConfig(srv), ""); err == nil {
		t.Error("a door without a workspace was accepted")
	}
}

func TestFoundryGetsTheDeploymentAndTheKey(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	cfg := claude.FoundryConfig{DoorConfig: loopback(srv), ModelIDs: map[string]string{"claude-opus-5": "ward-opus"}}
	cfg.Key = fixedKey
	door := made(t)(claude.NewFoundry(cfg))
	got := sent(t, door, srv, asked("/v1/messages", "2026-10-21", `{"max_tokens":1,"model":"claude-opus-5"}`))
	if got.Target != "/anthropic/v1/messages" || string(got.Body) != `{"max_tokens":1,"model":"ward-opus"}` || got.Header.Get("X-Api-Key") != "sk-test-1" {
		t.Errorf("sent %s to %s with %v", got.Body, got.Target, got.Header)
	}
	got = sent(t, door, srv, asked("/v1/messages", "2026-10-21", `{"model":"claude-sonnet-5"}`))
	if string(got.Body) != `{"model":"claude-sonnet-5"}` {
		t.Errorf("sent %s", got.Body)
	}
}

func TestFoundryTakesATokenOfTheDirectory(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	said := filepath.Join(t.TempDir(), "workload")
	if err := os.WriteFile(said, []byte("eyJ.workload.one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key  claude.KeySource
		want url.Values
	}{
		"by a secret": {fixedKey, url.Values{"client_secret": {"sk-test-1"}}},
		"by a workload's identity": {nil, url.Values{
			"client_assertion": {"eyJ.workload.one"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AZURE_FEDERATED_TOKEN_FILE", said)
			bank := claudetest.New(t, token("entra-one"))
			cfg := claude.FoundryConfig{DoorConfig: loopback(srv), Tenant: "clinic.example", Client: "app-1", Authority: bank.URL}
			cfg.Key = c.key
			door := made(t)(claude.NewFoundry(cfg))
			for range 2 {
				got := sent(t, door, srv, asked("/v1/messages", "2026-10-21", `{"model":"claude-opus-5"}`))
				if got.Header.Get("Authorization") != "Bearer entra-one" || got.Header.Get("X-Api-Key") != "" {
					t.Errorf("headers %v", got.Header)
				}
			}
			form, err := url.ParseQuery(string(bank.Last(t).Body))
			if err != nil {
				t.Fatal(err)
			}
			c.want.Set("grant_type", "client_credentials")
			c.want.Set("client_id", "app-1")
			c.want.Set("scope", "https://ai.azure.com/.default")
			if form.Encode() != c.want.Encode() || bank.Last(t).Target != "/clinic.example/oauth2/v2.0/token" || len(bank.Requests()) != 1 {
				t.Errorf("%d requests, the last %v to %s", len(bank.Requests()), form, bank.Last(t).Target)
			}
		})
	}
	t.Run("that is refused", func(t *testing.T) {
		bank := claudetest.New(t, claudetest.JSON(401, `{"error":"invalid_client","error_description":"AADSTS7000222: expired"}`))
		cfg := claude.FoundryConfig{DoorConfig: loopback(srv), Tenant: "clinic.example", Client: "app-1", Authority: bank.URL}
		cfg.Key = fixedKey
		before := len(srv.Requests())
		_, err := made(t)(claude.NewFoundry(cfg)).Send(t.Context(), asked("/v1/messages", "2026-10-21", `{"model":"claude-opus-5"}`))
		wantError(t, err, chaperone.KindUnavailable, "door_key")
		if len(srv.Requests()) != before {
			t.Error("the call left without a token")
		}
	})
}

func TestACompatibleEndpointGetsTheCallBehindItsPath(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	cfg := loopback(srv)
	cfg.Key, cfg.BaseURL = fixedKey, srv.URL+"/gate%20way/"
	door := made(t)(claude.NewCompatible(cfg, "authorization", nil))
	body := `{ "model":"house-model" , "novel":1 }`
	c := asked("/v1/messages", "2026-10-21", body)
	c.Query = url.Values{"beta": {"true"}}
	got := sent(t, door, srv, c)
	if got.Target != "/gate%20way/v1/messages?beta=true" || string(got.Body) != body || got.Header.Get("Authorization") != "Bearer sk-test-1" {
		t.Errorf("sent %s to %s with %v", got.Body, got.Target, got.Header)
	}
	got = sent(t, door, srv, claude.Call{Method: http.MethodGet, Path: "/v1/models"})
	if got.Target != "/gate%20way/v1/models" {
		t.Errorf("asked %s", got.Target)
	}
	for _, spoil := range []func() error{
		func() error { _, err := claude.NewCompatible(claude.DoorConfig{Key: fixedKey}, "", nil); return err },
		func() error {
			_, err := claude.NewCompatible(claude.DoorConfig{BaseURL: "https://x.example"}, "", nil)
			return err
		},
		func() error { _, err := claude.NewCompatible(cfg, "cookie", nil); return err },
	} {
		if spoil() == nil {
			t.Error("a door that leads nowhere was accepted")
		}
	}
}

// RTE-01: one client API in front of every way to Claude, streams included.
func TestEveryDoorStreamsTheSameAnswer(t *testing.T) {
	awsEnv(t)
	t.Setenv("ANTHROPIC_AWS_API_KEY", "")
	bank := claudetest.New(t, token("ya29.one"))
	file, _ := serviceAccount(t, bank)
	events := asEvents(t, append(append([]string{}, answerEvents...), lastOfVendors)...)
	vendors := claudetest.Stream(claudetest.Cut(events, 11)...)
	keyed := func(srv *claudetest.Server) claude.DoorConfig {
		c := loopback(srv)
		c.Key = fixedKey
		return c
	}
	var want string
	for _, c := range []struct {
		script claudetest.Script
		door   func(srv *claudetest.Server) (*claude.HTTPDoor, error)
	}{
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewAnthropic(keyed(s)) }},
		{framed(claudetest.Cut(string(answerFrames(t)), 11)...), func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewBedrock(awsConfig(s)) }},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewBedrockMessages(awsConfig(s)) }},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewPlatformAWS(awsConfig(s), "w") }},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewVertex(googleConfig(s, file)) }},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) {
			return claude.NewGoogleCloud(googleConfig(s, file))
		}},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) {
			return claude.NewFoundry(claude.FoundryConfig{DoorConfig: keyed(s)})
		}},
		{vendors, func(s *claudetest.Server) (*claude.HTTPDoor, error) { return claude.NewCompatible(keyed(s), "", nil) }},
	} {
		srv := claudetest.New(t, c.script)
		door := made(t)(c.door(srv))
		got, d, err := copied(t, door)
		if want == "" {
			want = got
		}
		if err != nil || !d.Ended || got != want || !strings.Contains(got, "Dear Marta Example") {
			t.Errorf("%s: %v\n%s", door.Name(), err, got)
		}
		if n := len(srv.Requests()); n != 1 {
			t.Errorf("%s sent the call %d times", door.Name(), n)
		}
	}
}
