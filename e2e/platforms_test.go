package e2e

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	anthropic "github.com/anthropics/anthropic-sdk-go/v2"
	anthropicaws "github.com/anthropics/anthropic-sdk-go/v2/aws"
	"github.com/anthropics/anthropic-sdk-go/v2/bedrock"
	"github.com/anthropics/anthropic-sdk-go/v2/foundry"
	"github.com/anthropics/anthropic-sdk-go/v2/googlecloud"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
	"github.com/anthropics/anthropic-sdk-go/v2/vertex"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// platform is a client of the official SDK that believes it talks to a cloud.
type platform struct {
	name, model string
	counts      bool // the SDK counts tokens there
	client      func(t *testing.T, url, key string) *anthropic.MessageService
}

func platforms() []platform {
	return []platform{
		{"Bedrock with a key", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", false, func(_ *testing.T, url, key string) *anthropic.MessageService {
			return bedrockClient(url, aws.Config{Region: "us-east-1", BearerAuthTokenProvider: bedrock.NewStaticBearerTokenProvider(key)})
		}},
		{"Bedrock with a signature and an ARN", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-5", false, func(_ *testing.T, url, key string) *anthropic.MessageService {
			return bedrockClient(url, aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "made-up", key)})
		}},
		{"Amazon's Messages endpoint", "anthropic.claude-sonnet-5", true, func(t *testing.T, url, key string) *anthropic.MessageService {
			c, err := bedrock.NewMantleClient(t.Context(), bedrock.MantleClientConfig{APIKey: key, BaseURL: url + "/anthropic", AWSRegion: "us-east-1"}, option.WithMaxRetries(0))
			must(t, err)
			return &c.Messages
		}},
		{"the Claude Platform on AWS", "claude-sonnet-5", true, func(t *testing.T, url, key string) *anthropic.MessageService {
			c, err := anthropicaws.NewClient(t.Context(), anthropicaws.ClientConfig{APIKey: key, WorkspaceID: "wrkspc_1", BaseURL: url}, option.WithMaxRetries(0))
			must(t, err)
			return &c.Messages
		}},
		{"Vertex", "claude-sonnet-4-5@20250929", true, func(t *testing.T, url, key string) *anthropic.MessageService {
			creds := &google.Credentials{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: key})}
			c := anthropic.NewClient(vertex.WithCredentials(t.Context(), "us-east5", "clinic-1", creds), option.WithBaseURL(url), option.WithMaxRetries(0))
			return &c.Messages
		}},
		{"the Claude that Anthropic runs on Google Cloud", "claude-sonnet-5", true, func(t *testing.T, url, key string) *anthropic.MessageService {
			c, err := googlecloud.NewClient(t.Context(), googlecloud.ClientConfig{
				TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: key}),
				BaseURL:     url + "/v1/projects/clinic-1/locations/global/workspaces/wrkspc_1/invoke",
			})
			must(t, err)
			return &c.Messages
		}},
		{"Foundry", "claude-sonnet-5", true, func(t *testing.T, url, key string) *anthropic.MessageService {
			c, err := foundry.NewClient(foundry.ClientConfig{APIKey: key, BaseURL: url + "/anthropic"}, option.WithMaxRetries(0))
			must(t, err)
			return &c.Messages
		}},
	}
}

func bedrockClient(url string, cfg aws.Config) *anthropic.MessageService {
	c := anthropic.NewClient(bedrock.WithConfig(cfg), option.WithBaseURL(url), option.WithMaxRetries(0))
	return &c.Messages
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestClientsOfTheCloudsAreServed: whole answers and streams come back with the
// real values, and the vendor behind the door saw none of them.
func TestClientsOfTheCloudsAreServed(t *testing.T) {
	fake := newClaude(t)
	d := up(t, t.TempDir(), "--config", configure(t, fake))
	for n, p := range platforms() {
		t.Run(p.name, func(t *testing.T) {
			messages := p.client(t, d.URL, d.APIKey)
			params := askV2(person(n).note())
			params.Model = p.model
			whole, err := messages.New(timeout(t, time.Minute), params)
			must(t, err)
			if got := whole.Content[0].Text; got != person(n).note() {
				t.Errorf("came back changed: %q", got)
			}
			streamed, err := gather(messages.NewStreaming(timeout(t, time.Minute), params))
			must(t, err)
			if len(streamed.Content) != 1 || streamed.Content[0].Text != person(n).note() {
				t.Errorf("streamed back changed: %+v", streamed.Content)
			}
		})
	}
	seen := string(fake.seen())
	for n := range platforms() {
		for _, s := range person(n).secrets() {
			if strings.Contains(seen, s) {
				t.Errorf("the vendor saw %q", s)
			}
		}
	}
	if strings.Contains(seen, "arn:") || strings.Contains(seen, "anthropic.") {
		t.Error("the vendor was sent a cloud's name of a model")
	}
}

// gather reads a stream of the SDK to its end.
func gather(stream interface {
	Next() bool
	Current() anthropic.MessageStreamEventUnion
	Err() error
},
) (anthropic.Message, error) {
	var whole anthropic.Message
	for stream.Next() {
		if err := whole.Accumulate(stream.Current()); err != nil {
			return whole, err
		}
	}
	return whole, stream.Err()
}

// TestClientsOfTheCloudsCallToolsCountAndFail: tools are called with the real
// values, tokens are counted where the SDK can ask, and errors are the SDK's own
// with type, words and request id, before a stream and in its middle.
func TestClientsOfTheCloudsCallToolsCountAndFail(t *testing.T) {
	d := up(t, t.TempDir())
	for n, p := range platforms() {
		t.Run(p.name, func(t *testing.T) {
			messages := p.client(t, d.URL, d.APIKey)
			callsATool(t, messages, p.model, person(n))
			if p.counts {
				count, err := messages.CountTokens(timeout(t, time.Minute), anthropic.MessageCountTokensParams{
					Model:    p.model,
					Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("How many tokens are in this sentence?"))},
				})
				if err != nil || count.InputTokens < 5 {
					t.Errorf("count_tokens: %v, %+v", err, count)
				}
			}
			for _, c := range []struct {
				text   string
				status int
				kind   string
			}{
				{"[[simulate:error=529]]", 529, "overloaded_error"},
				{"[[simulate:error=429 retry_after=0]]", 429, "rate_limit_error"},
			} {
				params := askV2(c.text)
				params.Model = p.model
				_, err := messages.New(timeout(t, time.Minute), params, option.WithMaxRetries(0))
				wantAPIError(t, err, c.status, c.kind)
			}
			_, err := p.client(t, d.URL, "chk_nobody_0000").New(timeout(t, time.Minute), withModel(p.model, "hello"))
			wantAPIError(t, err, 401, "authentication_error")
			_, err = gather(messages.NewStreaming(timeout(t, time.Minute), withModel(p.model, "[[simulate:mid-stream-error after=2]] a story")))
			if err == nil || !strings.Contains(strings.ToLower(err.Error()), "overloaded") {
				t.Errorf("an error in mid-stream came as %v", err)
			}
		})
	}
}

func withModel(model, text string) anthropic.MessageNewParams {
	params := askV2(text)
	params.Model = model
	return params
}

func callsATool(t *testing.T, messages *anthropic.MessageService, model string, p patient) {
	t.Helper()
	params := withModel(model, "Schedule a follow-up for "+p.given+" "+p.family+" on 03/04/2027. Record number MRN "+p.record+".")
	params.Tools = []anthropic.ToolUnionParam{{OfTool: &anthropic.ToolParam{
		Name: "schedule_follow_up",
		InputSchema: anthropic.ToolInputSchemaParam{
			Properties: map[string]any{"patient_name": map[string]any{"type": "string"}}, Required: []string{"patient_name"},
		},
	}}}
	params.ToolChoice = anthropic.ToolChoiceUnionParam{OfAny: &anthropic.ToolChoiceAnyParam{}}
	whole, err := gather(messages.NewStreaming(timeout(t, time.Minute), params))
	must(t, err)
	for _, block := range whole.Content {
		var input struct {
			PatientName string `json:"patient_name"`
		}
		if block.Type == "tool_use" {
			must(t, json.Unmarshal(block.Input, &input))
			if input.PatientName != p.given+" "+p.family {
				t.Errorf("the tool was called for %q, want the real name", input.PatientName)
			}
			return
		}
	}
	t.Errorf("no tool was called: %+v", whole.Content)
}

func wantAPIError(t *testing.T, err error, status int, kind string) {
	t.Helper()
	var api *anthropic.Error
	if !errors.As(err, &api) {
		t.Errorf("the SDK did not recognise the error: %v", err)
		return
	}
	if api.StatusCode != status || !strings.Contains(api.RawJSON(), kind) || api.RequestID == "" {
		t.Errorf("got %d %s, request id %q; want %d %s", api.StatusCode, api.RawJSON(), api.RequestID, status, kind)
	}
}
