package e2e

import (
	"testing"
	"time"

	anthropic "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

func TestOlderSDKSpeaksTheOlderVersionOfTheAPI(t *testing.T) {
	fake := newClaude(t)
	d := up(t, t.TempDir(), "--config", configure(t, fake))
	client := anthropic.NewClient(option.WithBaseURL(d.URL), option.WithAPIKey(d.APIKey))
	note := person(11).note()
	params := anthropic.MessageNewParams{
		Model:     "claude-sonnet-4-5",
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
