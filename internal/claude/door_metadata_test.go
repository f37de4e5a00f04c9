package claude_test

import (
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

// The machine's own role is taken only where that was allowed by name.
func TestTheMetadataServiceIsAskedOnlyWhereThatIsAllowed(t *testing.T) {
	awsEnv(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_SESSION_TOKEN", "")
	machine := claudetest.New(t,
		claudetest.Script{claudetest.Head(200, "x-aws-ec2-metadata-token-ttl-seconds", "21600"), claudetest.Send("imds-session")},
		claudetest.Script{claudetest.Head(200), claudetest.Send("gateway-role")},
		claudetest.JSON(200, `{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"`+exampleKey.AccessKeyID+`","SecretAccessKey":"`+exampleKey.SecretAccessKey+
			`","Token":"`+exampleKey.SessionToken+`","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-11-21T00:00:00Z"}`))
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.URL)
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	c := asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`)

	cfg := awsConfig(srv)
	_, err := bedrockDoor(t, cfg).Send(t.Context(), c)
	wantError(t, err, chaperone.KindUnavailable, "door_key")
	machine.ZeroBytes(t)
	srv.ZeroBytes(t)

	cfg.AllowMetadata = true
	got := sent(t, bedrockDoor(t, cfg), srv, c)
	wantSigned(t, srv, got, "bedrock")
	machine.NeverSaw(t, "claude-opus-5")
}

func TestGooglesMetadataServiceIsAskedOnlyWhereThatIsAllowed(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	machine := claudetest.New(t, claudetest.Script{
		claudetest.Head(200, "content-type", "application/json", "metadata-flavor", "Google"),
		claudetest.Send(`{"access_token":"ya29.machine","token_type":"Bearer","expires_in":3600}`),
	})
	t.Setenv("GCE_METADATA_HOST", machine.URL[len("http://"):])
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	cfg := googleConfig(srv, "")
	c := asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`)
	_, err := vertexDoor(t, cfg).Send(t.Context(), c)
	wantError(t, err, chaperone.KindUnavailable, "door_key")
	machine.ZeroBytes(t)
	srv.ZeroBytes(t)

	cfg.AllowMetadata = true
	got := sent(t, vertexDoor(t, cfg), srv, c)
	if got.Header.Get("Authorization") != "Bearer ya29.machine" {
		t.Errorf("headers %v", got.Header)
	}
}

func TestAzuresMetadataServiceIsAskedOnlyWhereThatIsAllowed(t *testing.T) {
	machine := claudetest.New(t, claudetest.JSON(200, `{"access_token":"machine-one","expires_in":"3599","resource":"https://ai.azure.com"}`))
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	cfg := claude.FoundryConfig{DoorConfig: loopback(srv), MetadataURL: machine.URL}
	cfg.Now = time.Now
	if _, err := claude.NewFoundry(cfg); err == nil {
		t.Error("a door without credentials was accepted")
	}
	cfg.AllowMetadata = true
	door := made(t)(claude.NewFoundry(cfg))
	for range 2 {
		got := sent(t, door, srv, asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
		if got.Header.Get("Authorization") != "Bearer machine-one" {
			t.Errorf("headers %v", got.Header)
		}
	}
	got := machine.Last(t)
	if got.Target != "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fai.azure.com" ||
		got.Header.Get("Metadata") != "true" || len(machine.Requests()) != 1 {
		t.Errorf("%d requests, the last to %s with %v", len(machine.Requests()), got.Target, got.Header)
	}
	for _, answer := range []string{`{}`, `x`, `{"access_token":"a","expires_in":"soon"}`, `{"access_token":"a b","expires_in":"9"}`} {
		cfg.MetadataURL = claudetest.New(t, claudetest.JSON(200, answer)).URL
		_, err := made(t)(claude.NewFoundry(cfg)).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
		wantError(t, err, chaperone.KindUnavailable, "door_key")
	}
}
