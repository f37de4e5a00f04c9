package claude_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/claude"

	"github.com/google/go-cmp/cmp"
)

// readForm reads a request as a client of that path sends it.
func readForm(t testing.TB, path, body string, header ...string) (*claude.Ask, error) {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.URL = u
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return claude.ReadRequest(r, claude.Limits{})
}

const (
	said        = `"messages": [{"role":"user","content":"hello"}]`
	bedrockBody = `{"anthropic_version":"bedrock-2023-05-31","max_tokens":16, ` + said + `}`
	vertexBody  = `{"anthropic_version":"vertex-2023-10-16","max_tokens":16, ` + said + `}`
)

// TestPathsOfTheCloudsAreRead (RTE-01): each form's path, model and stream become
// the vendor's own.
func TestPathsOfTheCloudsAreRead(t *testing.T) {
	for _, c := range []struct{ path, body, model, want string }{
		{"/model/anthropic.claude-sonnet-5/invoke", bedrockBody, "claude-sonnet-5", `{"model":"claude-sonnet-5","max_tokens":16,` + said + `}`},
		{"/model/eu.anthropic.claude-sonnet-5/invoke-with-response-stream", bedrockBody, "claude-sonnet-5", `{"model":"claude-sonnet-5","stream":true,"max_tokens":16,` + said + `}`},
		{"/model/us-gov.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke", bedrockBody, "claude-sonnet-4-5-20250929", `{"model":"claude-sonnet-4-5-20250929","max_tokens":16,` + said + `}`},
		{"/model/anthropic.claude-opus-4-6-v1/invoke", bedrockBody, "claude-opus-4-6", `{"model":"claude-opus-4-6","max_tokens":16,` + said + `}`},
		{"/model/anthropic.claude-sonnet-5/invoke", `{"model":"x","stream":true,"anthropic_version":"bedrock-2023-05-31",` + said + `}`, "claude-sonnet-5", `{"model":"claude-sonnet-5",` + said + `}`},
		{"/model/arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile%2Fus-gov.anthropic.claude-sonnet-5/invoke", bedrockBody, "claude-sonnet-5", ""},
		{"/model/arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-5/invoke", bedrockBody, "claude-sonnet-5", ""},
		{"/model/claude-sonnet-5/invoke", bedrockBody, "claude-sonnet-5", ""},
		{"/model/ward-model/invoke", bedrockBody, "ward-model", ""},
		{"/v1/projects/p/locations/global/publishers/anthropic/models/claude-sonnet-5:rawPredict", vertexBody, "claude-sonnet-5", `{"model":"claude-sonnet-5","max_tokens":16,` + said + `}`},
		{"/v1/projects/p/locations/l/publishers/anthropic/models/claude-opus-4-5@20251101:streamRawPredict", vertexBody, "claude-opus-4-5-20251101", `{"model":"claude-opus-4-5-20251101","stream":true,"max_tokens":16,` + said + `}`},
		{"/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-5@default:rawPredict", vertexBody, "claude-sonnet-5", ""},
		{"/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-5:rawPredict", `{"stream":true,"anthropic_version":"vertex-2023-10-16",` + said + `}`, "claude-sonnet-5", `{"model":"claude-sonnet-5","stream":true,` + said + `}`},
		{"/anthropic/v1/messages", `{ "model": "anthropic.claude-sonnet-5",  ` + said + `}`, "claude-sonnet-5", `{ "model": "claude-sonnet-5",  ` + said + `}`},
		{"/anthropic/v1/messages", `{ "model": "ward-deployment",  ` + said + `}`, "ward-deployment", `{ "model": "ward-deployment",  ` + said + `}`},
		{"/v1/projects/p/locations/global/workspaces/w/invoke/v1/messages", `{"model":"claude-sonnet-5", ` + said + `}`, "claude-sonnet-5", `{"model":"claude-sonnet-5", ` + said + `}`},
	} {
		t.Run(c.path, func(t *testing.T) {
			header := []string{}
			if strings.HasSuffix(c.path, "/v1/messages") {
				header = []string{"Anthropic-Version", "2023-06-01"}
			}
			a, err := readForm(t, c.path, c.body, header...)
			if err != nil {
				t.Fatal(err)
			}
			if a.Model() != c.model || a.Version() != "2023-06-01" || a.Endpoint() != claude.Messages {
				t.Errorf("model %q, version %q, endpoint %v", a.Model(), a.Version(), a.Endpoint())
			}
			if diff := cmp.Diff(c.want, string(a.Body())); c.want != "" && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPathsThatAreNoCalls(t *testing.T) {
	for _, path := range []string{
		"/model/", "/model/invoke", "/model//invoke", "/model/x/converse", "/model/x/converse-stream", "/model/x/invoke/",
		"/inference-profiles/x", "/v1/projects/p/locations/l/publishers/google/models/gemini:rawPredict",
		"/v1/projects/p/locations/l/publishers/anthropic/models/:rawPredict", "/v1/projects/p/locations/l/publishers/anthropic/models/m:predict",
		"/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:streamRawPredict",
		"/v1/projects//locations/l/publishers/anthropic/models/m:rawPredict", "/v1/projects/p/locations/l/publishers/anthropic/models/a/b:rawPredict",
		"/v1/projects/p/locations/l/workspaces//invoke/v1/messages", "/v1/projects/p/locations/l/workspaces/w/v1/messages",
		"/anthropic/v1/complete", "/anthropic", "/anthropic/v1/messages/", "/anthropicv1/messages",
	} {
		if e, ok := claude.EndpointAt(path); ok {
			t.Errorf("%s is read as %v", path, e)
		}
	}
}

// TestModelsThatAreNotSaid: what does not say its model is refused, and neither an
// account's number nor a text in the path goes on.
func TestModelsThatAreNotSaid(t *testing.T) {
	for _, id := range []string{
		"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile%2Fabcd1234", "arn:aws:bedrock:us-east-1:111122223333:provisioned-model%2Fabc",
		"arn:aws:sagemaker:us-east-1:111122223333:endpoint%2Fclaude", "arn:aws", "arn:aws:bedrock:us-east-1:1:inference-profile%2F",
		"mars.anthropic.claude-sonnet-5", "anthropic.", "anthropic.Claude", "claude-sonnet-5@20251301x", "claude-sonnet-5@", "Jane%20Synthetic",
		strings.Repeat("m", 257),
	} {
		_, err := readForm(t, "/model/"+id+"/invoke", bedrockBody)
		if e := chaperone.AsError(err); err == nil || e.Code != "model_unclear" || e.Kind != chaperone.KindInvalid {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// TestWhatTheBodySaysOfVersionAndFeatures: it counts as the headers of the
// vendor's own clients do, and both together are asked for once.
func TestWhatTheBodySaysOfVersionAndFeatures(t *testing.T) {
	const path = "/model/anthropic.claude-sonnet-5/invoke"
	for _, c := range []struct {
		name, version, more string
		header              []string
		wantVersion, betas  string
		code                string
	}{
		{name: "Amazon's", version: `"bedrock-2023-05-31"`, wantVersion: "2023-06-01"},
		{name: "Google's", version: `"vertex-2023-10-16"`, wantVersion: "2023-06-01"},
		{name: "the new one", version: `"2026-10-21"`, wantVersion: "2026-10-21"},
		{name: "the body's before the header's", version: `"2026-10-21"`, header: []string{"Anthropic-Version", "2023-06-01"}, wantVersion: "2026-10-21"},
		{name: "the header's alone", header: []string{"Anthropic-Version", "2023-06-01"}, wantVersion: "2023-06-01"},
		{name: "none", code: "version_missing"},
		{name: "a later one", version: `"bedrock-2031-01-01"`, code: "version_unknown"},
		{name: "no text", version: `7`, code: "version_unknown"},
		{
			name: "features in both places", version: `"bedrock-2023-05-31"`, more: `,"anthropic_beta":["b-2026-01-02","c-2026-01-03"]`,
			header: []string{"Anthropic-Beta", "a-2026-01-01, b-2026-01-02"}, wantVersion: "2023-06-01", betas: "a-2026-01-01,b-2026-01-02,c-2026-01-03",
		},
		{name: "one feature as a text", version: `"bedrock-2023-05-31"`, more: `,"anthropic_beta":"b-2026-01-02"`, wantVersion: "2023-06-01", betas: "b-2026-01-02"},
		{name: "a text for a feature", version: `"bedrock-2023-05-31"`, more: `,"anthropic_beta":["Jane Synthetic"]`, code: "beta_malformed"},
		{name: "an object for a feature", version: `"bedrock-2023-05-31"`, more: `,"anthropic_beta":[{"a":"Jane"}]`, code: "beta_malformed"},
		{
			name: "a guardrail", version: `"bedrock-2023-05-31"`,
			header: []string{"X-Amzn-Bedrock-GuardrailIdentifier", "gr-1"}, code: "guardrail_not_offered",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := `{` + said + c.more + `}`
			if c.version != "" {
				body = `{"anthropic_version":` + c.version + `,` + said + c.more + `}`
			}
			a, err := readForm(t, path, body, c.header...)
			if c.code != "" {
				if e := chaperone.AsError(err); err == nil || e.Code != c.code || strings.Contains(e.Error(), "Jane") {
					t.Fatalf("%v, want %s", err, c.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if a.Version() != c.wantVersion || a.Header().Get("Anthropic-Beta") != c.betas {
				t.Errorf("version %q, betas %q", a.Version(), a.Header().Get("Anthropic-Beta"))
			}
			if want := `{"model":"claude-sonnet-5",` + said + `}`; string(a.Body()) != want {
				t.Errorf("body %s", a.Body())
			}
		})
	}
}

// TestAmazonsCountIsOpened: what stands in base64 is read like any other body, and
// what Amazon wants there and the vendor does not take is left out.
func TestAmazonsCountIsOpened(t *testing.T) {
	const path = "/model/anthropic.claude-sonnet-5/count-tokens"
	wrapped := func(body string) string {
		return `{"input":{"invokeModel":{"body":"` + base64.StdEncoding.EncodeToString([]byte(body)) + `"}}}`
	}
	a, err := readForm(t, path, wrapped(`{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"temperature":0,`+said+`,"system":"be brief"}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"model":"claude-sonnet-5",` + said + `,"system":"be brief"}`; string(a.Body()) != want || a.Endpoint() != claude.CountTokens {
		t.Errorf("%v %s", a.Endpoint(), a.Body())
	}
	for name, body := range map[string]string{
		"Converse":         `{"input":{"converse":{"messages":[]}}}`,
		"nothing":          `{}`,
		"no base64":        `{"input":{"invokeModel":{"body":"{}"}}}`,
		"no object inside": wrapped(`[1]`),
		"no JSON inside":   wrapped(`{"a`),
	} {
		if _, err := readForm(t, path, body); err == nil || chaperone.AsError(err).Kind != chaperone.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzForm: whatever path and body come, nothing panics, and what is read is a
// call of the vendor's own, with the model that the path or the body names.
func FuzzForm(f *testing.F) {
	f.Add("/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/invoke", bedrockBody)
	f.Add("/model/arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-5/invoke-with-response-stream", bedrockBody)
	f.Add("/model/anthropic.claude-sonnet-5/count-tokens", `{"input":{"invokeModel":{"body":"`+base64.StdEncoding.EncodeToString([]byte(bedrockBody))+`"}}}`)
	f.Add("/v1/projects/p/locations/l/publishers/anthropic/models/claude-opus-4-5@20251101:streamRawPredict", vertexBody)
	f.Add("/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict", `{"model":"claude-opus-4-5@20251101","anthropic_version":"vertex-2023-10-16",`+said+`}`)
	f.Add("/v1/projects/p/locations/l/workspaces/w/invoke/v1/messages", `{"model":"anthropic.claude-sonnet-5",`+said+`}`)
	f.Add("/anthropic/v1/messages", `{"model":"anthropic.claude-sonnet-5","anthropic_version":"2023-06-01",`+said+`}`)
	f.Fuzz(func(t *testing.T, path, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = &url.URL{Path: path}
		if claude.FormOf(path) == claude.FormNative || claude.FormOf(path) == claude.FormHosted {
			r.Header.Set("Anthropic-Version", "2023-06-01")
		}
		a, err := claude.ReadRequest(r, claude.Limits{})
		if err != nil {
			return
		}
		var top map[string]json.RawMessage
		if err := json.Unmarshal(a.Body(), &top); err != nil {
			t.Fatalf("not JSON any more: %v\n%s", err, a.Body())
		}
		switch claude.FormOf(path) {
		case claude.FormBedrock, claude.FormVertex:
			for _, name := range []string{"anthropic_version", "anthropic_beta"} {
				if _, ok := top[name]; ok {
					t.Errorf("%s stayed in the body", name)
				}
			}
			if a.Model() == "" || strings.HasPrefix(a.Model(), "arn:") || strings.Contains(a.Model(), "@") {
				t.Errorf("model %q", a.Model())
			}
		}
		if _, ok := claude.EndpointAt(path); !ok {
			t.Error("read at a path that is none")
		}
	})
}
