package claude_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
)

// The key of AWS's own documentation: it opens nothing.
var exampleKey = aws.Credentials{
	AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SessionToken: "example-session",
}

func clock() time.Time { return time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC) }

// awsEnv leaves nothing to the default chain but the example key.
func awsEnv(t *testing.T) {
	t.Helper()
	empty := t.TempDir()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": exampleKey.AccessKeyID, "AWS_SECRET_ACCESS_KEY": exampleKey.SecretAccessKey,
		"AWS_SESSION_TOKEN": exampleKey.SessionToken, "AWS_BEARER_TOKEN_BEDROCK": "",
		"AWS_CONFIG_FILE": empty + "/config", "AWS_SHARED_CREDENTIALS_FILE": empty + "/credentials", "HOME": empty,
	} {
		t.Setenv(name, value)
	}
}

func awsConfig(srv *claudetest.Server) claude.AWSConfig {
	common := loopback(srv)
	common.Now = clock
	return claude.AWSConfig{DoorConfig: common, Region: "us-east-1"}
}

func bedrockDoor(t *testing.T, cfg claude.AWSConfig) *claude.HTTPDoor {
	t.Helper()
	d, err := claude.NewBedrock(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func asked(path, version, body string) claude.Call {
	return claude.Call{Method: http.MethodPost, Path: path, Header: http.Header{"Anthropic-Version": {version}}, Body: []byte(body)}
}

// wantSigned signs what arrived once more with the vendor's signer: the same
// signature comes out only if every byte that was signed is the one that came.
func wantSigned(t *testing.T, srv *claudetest.Server, got claudetest.Request, service string) {
	t.Helper()
	said := got.Header.Get("Authorization")
	at, err := time.Parse("20060102T150405Z", got.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := http.NewRequest(got.Method, srv.URL+got.Target, bytes.NewReader(got.Body))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(said, "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	for _, name := range strings.Split(list, ";") {
		if name != "host" && name != "content-length" {
			again.Header[http.CanonicalHeaderKey(name)] = got.Header.Values(name)
		}
	}
	for _, name := range []string{"host", "x-amz-date", "x-amz-security-token"} {
		if !strings.Contains(";"+list+";", ";"+name+";") {
			t.Errorf("%s is not signed: %s", name, list)
		}
	}
	if strings.Contains(list, "accept-encoding") || service != "secretsmanager" && got.Header.Get("Accept-Encoding") != "identity" {
		t.Errorf("accept-encoding %q, signed %s", got.Header.Get("Accept-Encoding"), list)
	}
	if err := v4.NewSigner().SignHTTP(t.Context(), exampleKey, again, sha256Hex(got.Body), service, "us-east-1", at); err != nil {
		t.Fatal(err)
	}
	if want := again.Header.Get("Authorization"); said != want {
		t.Errorf("signature %s\nwant      %s", said, want)
	}
}

func TestBedrockGetsTheCallInItsFormAndSigned(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{"type":"message"}`))
	c := asked("/v1/messages", "2023-06-01", `{"model":"claude-sonnet-4-5","max_tokens":5,"stream":false,"tags":{"a":"b"}, "messages" : [{"role":"user","content":"<é>"}]}`)
	c.Header.Set("Anthropic-Beta", "context-1m-2025-08-07, request-tags-2026-08-21,effort-2025-11-24")
	c.Header.Set("Authorization", "Bearer client")
	cfg := awsConfig(srv)
	cfg.Profile = "us"
	reply, err := bedrockDoor(t, cfg).Send(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); got != `{"type":"message"}` || reply.Door != "bedrock" || reply.Stream {
		t.Errorf("got %q %+v", got, reply)
	}
	got := srv.Last(t)
	if want := "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke"; got.Target != want {
		t.Errorf("sent to %s, want %s", got.Target, want)
	}
	want := `{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["context-1m-2025-08-07","effort-2025-11-24"],` +
		`"max_tokens":5,"messages" : [{"role":"user","content":"<é>"}]}`
	if string(got.Body) != want {
		t.Errorf("sent %s\nwant %s", got.Body, want)
	}
	for _, name := range []string{"Anthropic-Version", "Anthropic-Beta", "X-Api-Key"} {
		if got.Header.Get(name) != "" {
			t.Errorf("the header %s left", name)
		}
	}
	wantSigned(t, srv, got, "bedrock")
	if n := len(srv.Requests()); n != 1 {
		t.Errorf("the call was sent %d times", n)
	}
}

func TestBedrockTakesABearerKeyInsteadOfASignature(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	t.Setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-1")
	fromEnv := awsConfig(srv)
	fromFile := awsConfig(srv)
	fromFile.Key = func() (string, error) { return "bedrock-api-key-2", nil }
	for want, cfg := range map[string]claude.AWSConfig{"bedrock-api-key-1": fromEnv, "bedrock-api-key-2": fromFile} {
		reply, err := bedrockDoor(t, cfg).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
		if got := srv.Last(t).Header; got.Get("Authorization") != "Bearer "+want || got.Get("X-Amz-Date") != "" {
			t.Errorf("got %v", got)
		}
	}
}

func TestADoorWithoutCredentialsSendsNothing(t *testing.T) {
	awsEnv(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	_, err := bedrockDoor(t, awsConfig(srv)).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
	wantError(t, err, chaperone.KindUnavailable, "door_key")
	srv.ZeroBytes(t)
}

// RTE-02: an id of a wider profile than the door's is refused before a byte leaves.
func TestBedrockModelIDs(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	own := map[string]string{"claude-ward": "arn:aws:bedrock:ap-southeast-2:111122223333:application-inference-profile/ward1"}
	for _, c := range []struct{ profile, id, want, code string }{
		{"", "claude-opus-5-5", "anthropic.claude-opus-5-5", ""},
		{"au", "claude-opus-5-5", "au.anthropic.claude-opus-5-5", ""},
		{"au", "au.anthropic.claude-opus-5-5", "au.anthropic.claude-opus-5-5", ""},
		{"au", "anthropic.claude-opus-5-5", "anthropic.claude-opus-5-5", ""},
		{"au", "apac.anthropic.claude-opus-5-5", "", "door_profile"},
		{"au", "global.anthropic.claude-opus-5-5", "", "door_profile"},
		{"", "us.anthropic.claude-opus-5-5", "", "door_profile"},
		{"", "claude-haiku-4-5-20251001", "anthropic.claude-haiku-4-5-20251001-v1%3A0", ""},
		{"", "claude-haiku-4-5-20990101", "", "door_model"},
		{"", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/x", "", "door_model"},
		{"", "../files", "", "door_model"},
		{"", "", "", "door_model"},
		{"au", "claude-ward", "arn%3Aaws%3Abedrock%3Aap-southeast-2%3A111122223333%3Aapplication-inference-profile%2Fward1", ""},
	} {
		cfg := awsConfig(srv)
		cfg.Profile, cfg.ModelIDs = c.profile, own
		before := len(srv.Requests())
		reply, err := bedrockDoor(t, cfg).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"`+c.id+`"}`))
		if c.code != "" {
			var e *chaperone.Error
			if e = chaperone.AsError(err); e.Code != c.code || len(srv.Requests()) != before {
				t.Errorf("%s at %q: %v", c.id, c.profile, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s at %q: %v", c.id, c.profile, err)
			continue
		}
		read(t, reply)
		if got := srv.Last(t); got.Target != "/model/"+c.want+"/invoke" {
			t.Errorf("%s at %q: sent to %s", c.id, c.profile, got.Target)
		} else {
			wantSigned(t, srv, got, "bedrock")
		}
	}
	cfg := awsConfig(srv)
	cfg.Profile = "mars"
	if _, err := claude.NewBedrock(cfg); err == nil {
		t.Error("a profile that is none was accepted")
	}
}

// Two API versions at once; the old models take the old one alone.
func TestBedrockVersions(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{}`))
	door := bedrockDoor(t, awsConfig(srv))
	reply, err := door.Send(t.Context(), asked("/v1/messages", "2026-10-21", `{"model":"claude-opus-5"}`))
	if err != nil {
		t.Fatal(err)
	}
	read(t, reply)
	if got := string(srv.Last(t).Body); got != `{"anthropic_version":"2026-10-21"}` {
		t.Errorf("sent %s", got)
	}
	_, err = door.Send(t.Context(), asked("/v1/messages", "2026-10-21", `{"model":"claude-sonnet-4-5"}`))
	wantError(t, err, chaperone.KindInvalid, "door_version")
}

func TestBedrockCountsTokens(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(200, `{"inputTokens":42}`))
	cfg := awsConfig(srv)
	cfg.Profile = "eu"
	reply, err := bedrockDoor(t, cfg).Send(t.Context(), asked("/v1/messages/count_tokens", "2023-06-01", `{"model":"claude-opus-5","messages":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, reply); got != `{"input_tokens":42}` {
		t.Errorf("got %s", got)
	}
	got := srv.Last(t)
	var sent struct {
		Input struct{ InvokeModel struct{ Body []byte } }
	}
	if err := json.Unmarshal(got.Body, &sent); err != nil {
		t.Fatal(err)
	}
	want := `{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[]}`
	if got.Target != "/model/anthropic.claude-opus-5/count-tokens" || string(sent.Input.InvokeModel.Body) != want {
		t.Errorf("sent %s to %s", sent.Input.InvokeModel.Body, got.Target)
	}
	wantSigned(t, srv, got, "bedrock")
}

func TestBedrockListsModelsWithoutACall(t *testing.T) {
	awsEnv(t)
	srv := claudetest.New(t, claudetest.JSON(500, `{}`))
	cfg := awsConfig(srv)
	cfg.Models = []string{"claude-opus-5", "claude-ward"}
	door := bedrockDoor(t, cfg)
	get := func(path string) (*claude.Reply, error) {
		return door.Send(t.Context(), claude.Call{Method: http.MethodGet, Path: path})
	}
	reply, err := get("/v1/models")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"data":[{"type":"model","id":"claude-opus-5","display_name":"Claude Opus 5","created_at":"1970-01-01T00:00:00Z"},` +
		`{"type":"model","id":"claude-ward","display_name":"claude-ward","created_at":"1970-01-01T00:00:00Z"}],` +
		`"has_more":false,"first_id":"claude-opus-5","last_id":"claude-ward"}`
	if diff := cmp.Diff(want, read(t, reply)); diff != "" || reply.Door != "bedrock" {
		t.Error(diff)
	}
	if reply, err = get("/v1/models/claude-ward"); err != nil {
		t.Error(err)
	} else {
		read(t, reply)
	}
	_, err = get("/v1/models/claude-sonnet-5")
	wantError(t, err, chaperone.KindNotFound, "door_model")
	srv.ZeroBytes(t)
}

// Errors keep what a client acts on, and lose what names the account.
func TestBedrockErrorsAreTheVendors(t *testing.T) {
	awsEnv(t)
	for name, c := range map[string]struct {
		status       int
		code, words  string
		want         int
		wantType     string
		wantsWords   string
		credentialed string // then the house's own error
	}{
		"throttling":       {429, "ThrottlingException", "Too many requests for account 111122223333", 429, "rate_limit_error", "", ""},
		"quota":            {400, "ServiceQuotaExceededException", "x", 429, "rate_limit_error", "", ""},
		"unavailable":      {503, "ServiceUnavailableException:http://internal.amazon.com/", "x", 529, "overloaded_error", "", ""},
		"too long":         {400, "ValidationException", "Input is too long for requested model.", 400, "invalid_request_error", "Input is too long for requested model.", ""},
		"no access":        {403, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/x is not authorized", 403, "permission_error", "", ""},
		"no model":         {404, "ResourceNotFoundException", "x", 404, "not_found_error", "", ""},
		"model error":      {424, "ModelErrorException", "x", 500, "api_error", "", ""},
		"of no name":       {500, "", "x", 500, "api_error", "", ""},
		"expired":          {403, "ExpiredTokenException", "x", 0, "", "", "door_expired"},
		"clock":            {403, "InvalidSignatureException", "Signature expired: 20261121T093000Z is now earlier than 20261121T103000Z", 0, "", "", "door_clock"},
		"clock ahead":      {403, "InvalidSignatureException", "Signature not yet current: x", 0, "", "", "door_clock"},
		"region":           {403, "InvalidSignatureException", "Credential should be scoped to a valid region.", 0, "", "", "door_region"},
		"signature":        {403, "InvalidSignatureException", "The request signature we calculated does not match", 0, "", "", "door_credential"},
		"unknown key":      {403, "UnrecognizedClientException", "The security token included in the request is invalid", 0, "", "", "door_credential"},
		"type in the body": {400, "", `","__type":"com.amazon.coral.service#ThrottlingException`, 429, "rate_limit_error", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			srv := claudetest.New(t, claudetest.Script{
				claudetest.Head(c.status, "content-type", "application/json", "x-amzn-errortype", c.code, "x-amzn-requestid", "9d1f-aws", "retry-after", "7"),
				claudetest.Send(`{"message":"` + c.words + `"}`),
			})
			reply, err := bedrockDoor(t, awsConfig(srv)).Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5"}`))
			if n := len(srv.Requests()); n != 1 {
				t.Errorf("the call was sent %d times", n)
			}
			if c.credentialed != "" {
				wantError(t, err, chaperone.KindUpstream, c.credentialed)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if reply.Header.Get("Retry-After") != "7" || reply.Header.Get("Request-Id") != "9d1f-aws" {
				t.Errorf("headers %v", reply.Header)
			}
			var got struct {
				Type  string
				Error struct{ Type, Message string }
			}
			if err := json.Unmarshal([]byte(read(t, reply)), &got); err != nil {
				t.Fatal(err)
			}
			if reply.Status != c.want || got.Type != "error" || got.Error.Type != c.wantType || strings.Contains(got.Error.Message, "111122223333") {
				t.Errorf("got %d %+v", reply.Status, got)
			}
			if c.wantsWords != "" && got.Error.Message != c.wantsWords {
				t.Errorf("words %q", got.Error.Message)
			}
		})
	}
}
