package claude_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

func secretConfig(srv *claudetest.Server, store, name, field string) claude.SecretConfig {
	common := loopback(srv)
	common.Now = clock
	return claude.SecretConfig{DoorConfig: common, Store: store, Name: name, Field: field}
}

func TestKeysComeFromSecretStores(t *testing.T) {
	awsEnv(t)
	bank := claudetest.New(t, token("store-token"))
	file, _ := serviceAccount(t, bank)
	encoded := base64.StdEncoding.EncodeToString([]byte(`{"claude":"sk-google"}`))
	for name, c := range map[string]struct {
		answer, store, secret, field string
		spoil                        func(*claude.SecretConfig)
		want, target, header, value  string
	}{
		"Vault, second engine": {
			`{"data":{"data":{"claude":"sk-vault"},"metadata":{}}}`, "vault", "secret/data/claude", "claude",
			func(c *claude.SecretConfig) { c.Key = func() (string, error) { return "hvs.token", nil } },
			"sk-vault", "/v1/secret/data/claude", "X-Vault-Token", "hvs.token",
		},
		"Vault, first engine": {
			`{"data":{"claude":"sk-vault"}}`, "vault", "kv/claude", "claude",
			func(c *claude.SecretConfig) { c.Key = func() (string, error) { return "hvs.token", nil } },
			"sk-vault", "/v1/kv/claude", "X-Vault-Token", "hvs.token",
		},
		"Amazon": {
			`{"SecretString":"sk-aws\n"}`, "aws", "arn:aws:secretsmanager:us-east-1:111122223333:secret:claude-1", "",
			func(c *claude.SecretConfig) { c.Region = "us-east-1" },
			"sk-aws", "/", "X-Amz-Target", "secretsmanager.GetSecretValue",
		},
		"Google, a member": {
			`{"payload":{"data":"` + encoded + `"}}`, "google", "projects/clinic-1/secrets/claude", "claude",
			func(c *claude.SecretConfig) { c.Credentials = file },
			"sk-google", "/v1/projects/clinic-1/secrets/claude/versions/latest:access", "Authorization", "Bearer store-token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := claudetest.New(t, claudetest.JSON(200, c.answer))
			cfg := secretConfig(srv, c.store, c.secret, c.field)
			c.spoil(&cfg)
			source, err := claude.KeyFromSecretStore(cfg)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got, err := source(); got != c.want || err != nil {
					t.Fatalf("%q %v", got, err)
				}
			}
			got := srv.Last(t)
			if got.Target != c.target || got.Header.Get(c.header) != c.value || len(srv.Requests()) != 1 {
				t.Errorf("%d requests, the last to %s with %v", len(srv.Requests()), got.Target, got.Header)
			}
			if c.store == "aws" {
				wantSigned(t, srv, got, "secretsmanager")
			}
		})
	}
}

func TestAKeyOfAzuresVaultIsFetchedAsAnApplication(t *testing.T) {
	bank := claudetest.New(t, token("entra-one"))
	srv := claudetest.New(t, claudetest.JSON(200, `{"value":"sk-azure"}`))
	cfg := secretConfig(srv, "azure", "claude", "")
	cfg.Tenant, cfg.Client, cfg.Authority = "t", "c", bank.URL
	secret := ""
	cfg.Key = func() (string, error) { return secret, nil }
	source, err := claude.KeyFromSecretStore(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source(); err == nil {
		t.Error("a key came without a secret of the application")
	}
	srv.ZeroBytes(t)
	secret = "app-secret"
	if got, err := source(); got != "sk-azure" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got := srv.Last(t); got.Target != "/secrets/claude?api-version=7.4" || got.Header.Get("Authorization") != "Bearer entra-one" {
		t.Errorf("sent to %s with %v", got.Target, got.Header)
	}
}

func TestAKeyIsAskedForAgainAndKeptThroughAShortFault(t *testing.T) {
	now := clock()
	down := claudetest.Script{claudetest.Head(http.StatusServiceUnavailable)}
	srv := claudetest.New(t, claudetest.JSON(200, `{"data":{"k":"one"}}`), claudetest.JSON(200, `{"data":{"k":"two"}}`), down, down)
	cfg := secretConfig(srv, "vault", "kv/claude", "k")
	cfg.Key, cfg.Now = fixedKey, func() time.Time { return now }
	source, err := claude.KeyFromSecretStore(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "one"}, {59 * time.Second, "one"}, {2 * time.Second, "two"}, {2 * time.Minute, "two"}, {14 * time.Minute, ""}} {
		now = now.Add(step.after)
		if got, err := source(); got != step.want || (err == nil) != (step.want != "") {
			t.Errorf("after %v more: %q %v, want %q", step.after, got, err, step.want)
		}
	}
}

func TestAnswersOfAStoreThatHoldNoKeyAreErrors(t *testing.T) {
	for _, answer := range []string{``, `{}`, `[]`, `{"data":null}`, `{"data":{"k":7}}`, `{"data":{"k":""}}`, `{"data":{"data":{"other":"x"}}}`} {
		srv := claudetest.New(t, claudetest.JSON(200, answer))
		cfg := secretConfig(srv, "vault", "kv/claude", "k")
		cfg.Key = fixedKey
		source, err := claude.KeyFromSecretStore(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := source(); err == nil {
			t.Errorf("%s gave %q", answer, got)
		}
	}
	for _, spoil := range []func(*claude.SecretConfig){
		func(c *claude.SecretConfig) { c.Store = "drawer" },
		func(c *claude.SecretConfig) { c.Name = "../sys/seal" },
		func(c *claude.SecretConfig) { c.Name = "a?b" },
		func(c *claude.SecretConfig) { c.Field = "" },
		func(c *claude.SecretConfig) { c.BaseURL = "http://vault.example" },
		func(c *claude.SecretConfig) { c.Key = nil },
		func(c *claude.SecretConfig) { c.Store, c.Region = "aws", "" },
	} {
		cfg := claude.SecretConfig{Store: "vault", Name: "kv/claude", Field: "k"}
		cfg.BaseURL, cfg.Key, cfg.Now = "https://vault.example", fixedKey, clock
		spoil(&cfg)
		if _, err := claude.KeyFromSecretStore(cfg); err == nil {
			t.Errorf("%s %s was accepted", cfg.Store, cfg.Name)
		}
	}
}
