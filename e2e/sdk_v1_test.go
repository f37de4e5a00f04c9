package e2e

import (
	"testing"
	"time"

	anthropic "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/bedrock"
	"github.com/anthropics/anthropic-sdk-go/option"
	"github.com/anthropics/anthropic-sdk-go/vertex"
	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

func TestOlderSDKSpeaksTheOlderVersionOfTheAPI(t *testing.T) {
	fake := newClaude(t)
	d := up(t, t.TempDir(), "--config", configure(t, fake))
	creds := &google.Credentials{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: d.APIKey})}
	bearer := aws.Config{Region: "us-east-1", BearerAuthTokenProvider: bedrock.NewStaticBearerTokenProvider(d.APIKey)}
	for name, c := range map[string]struct {
		model   anthropic.Model
		options []option.RequestOption
	}{
		"the vendor's own form": {"claude-sonnet-4-5", []option.RequestOption{option.WithAPIKey(d.APIKey)}},
		"Bedrock":               {"us.anthropic.claude-sonnet-4-5-20250929-v1:0", []option.RequestOption{bedrock.WithConfig(bearer)}},
		"Vertex":                {"claude-sonnet-4-5@20250929", []option.RequestOption{vertex.WithCredentials(t.Context(), "us-east5", "clinic-1", creds)}},
	} {
		t.Run(name, func(t *testing.T) {
			speaksTheOlderVersion(t, anthropic.NewClient(append(c.options, option.WithBaseURL(d.URL), option.WithMaxRetries(0))...), c.model)
		})
	}
}

func speaksTheOlderVersion(t *testing.T, client anthropic.Client, model anthropic.Model) {
	note := person(11).note()
	params := anthropic.MessageNewParams{
		Model:     model,
		MaxTokens: 1024,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(note))},
	}
	answer, err := client.Messages.New(timeout(t, time.Minute), params)
	if err != nil {
		t.Fatal(err)
	}
	if got := answer.Content[0].Text; got != note {
		t.Errorf("the note came back changed:\n got %q\nwant %q", got, note)
	}
	stream := client.Messages.NewStreaming(timeout(t, time.Minute), params)
	var whole anthropic.Message
	for stream.Next() {
		if err := whole.Accumulate(stream.Current()); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	if got := whole.Content[0].Text; got != note {
		t.Errorf("the streamed note came back changed:\n got %q\nwant %q", got, note)
	}
}
