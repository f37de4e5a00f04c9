package e2e

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	anthropic "github.com/anthropics/anthropic-sdk-go/v2"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
)

func clientV2(d *daemon) anthropic.Client {
	return anthropic.NewClient(option.WithBaseURL(d.URL), option.WithAPIKey(d.APIKey))
}

func askV2(text string) anthropic.MessageNewParams {
	return anthropic.MessageNewParams{
		Model:     "claude-sonnet-5",
		MaxTokens: 4096,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(text))},
	}
}

// streamV2 sends text with the SDK and returns the text that came back.
func streamV2(t *testing.T, c anthropic.Client, text string) (string, error) {
	stream := c.Messages.NewStreaming(timeout(t, time.Minute), askV2(text))
	var whole anthropic.Message
	for stream.Next() {
		if err := whole.Accumulate(stream.Current()); err != nil {
			return "", err
		}
	}
	var b strings.Builder
	for _, block := range whole.Content {
		b.WriteString(block.Text)
	}
	return b.String(), stream.Err()
}

func TestThousandExchangesThroughTheSDKComeBackAsTheyWereSent(t *testing.T) {
	fake := newClaude(t)
	dir := t.TempDir()
	d := up(t, dir, "--config", configure(t, fake))
	client := clientV2(d)
	sent := 0
	try := func(n int) {
		note := person(n).note()
		got, err := streamV2(t, client, note)
		if err != nil {
			t.Errorf("exchange %d: %v", n, err)
		} else if got != note {
			t.Errorf("exchange %d came back changed:\n got %q\nwant %q", n, got, note)
		}
	}
	for n := range 1000 {
		try(n)
		sent++
		if t.Failed() {
			t.FailNow()
		}
	}
	var wg sync.WaitGroup
	for n := range 64 {
		wg.Go(func() { try(2000 + n) })
		sent++
	}
	wg.Wait()

	seen := string(fake.seen())
	for _, n := range append(numbers(0, 1000), numbers(2000, 64)...) {
		for _, s := range person(n).secrets() {
			if strings.Contains(seen, s) {
				t.Errorf("the vendor saw %q of person %d", s, n)
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if code := d.stop(t); code != 0 {
		t.Errorf("chaperone up ended with %d\n%s", code, d.stderr)
	}
	v, code := auditVerify(t, dir)
	if code != 0 || len(v.Faults) != 0 || v.Verified != v.Records || v.Records < 2*sent {
		t.Errorf("audit verify: exit %d, %d of %d records verified, want at least %d; faults %v",
			code, v.Verified, v.Records, 2*sent, v.Faults)
	}
}

func numbers(from, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = from + i
	}
	return list
}

func TestSDKCallsAToolWithTheRealValues(t *testing.T) {
	d := up(t, t.TempDir())
	client := clientV2(d)
	p := person(3)
	params := askV2("Schedule a follow-up for " + p.given + " " + p.family + " on 03/04/2027. Record number MRN " + p.record + ".")
	params.Tools = []anthropic.ToolUnionParam{{OfTool: &anthropic.ToolParam{
		Name:        "schedule_follow_up",
		Description: anthropic.String("Schedules a follow-up appointment for a patient"),
		InputSchema: anthropic.ToolInputSchemaParam{
			Properties: map[string]any{
				"patient_name": map[string]any{"type": "string"},
				"date":         map[string]any{"type": "string"},
			},
			Required: []string{"patient_name", "date"},
		},
	}}}
	params.ToolChoice = anthropic.ToolChoiceUnionParam{OfAny: &anthropic.ToolChoiceAnyParam{}}
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
	for _, block := range whole.Content {
		if block.Type != "tool_use" {
			continue
		}
		var input struct {
			PatientName string `json:"patient_name"`
			Date        string `json:"date"`
		}
		if err := json.Unmarshal(block.Input, &input); err != nil {
			t.Fatalf("tool input %s: %v", block.Input, err)
		}
		if input.PatientName != p.given+" "+p.family {
			t.Errorf("the tool was called for %q, want the real name", input.PatientName)
		}
		return
	}
	t.Errorf("no tool was called: %+v", whole.Content)
}

func TestSDKSeesErrorsAsTheVendorWouldSendThem(t *testing.T) {
	d := up(t, t.TempDir())
	for _, c := range []struct {
		name, key, text string
		status          int
		kind            string
	}{
		{"a wrong key", "chk_nobody_0000", "hello", 401, "authentication_error"},
		{"an overloaded upstream", d.APIKey, "[[simulate:error=529 retry_after=0]]", 529, "overloaded_error"},
		{"a rate limit", d.APIKey, "[[simulate:error=429 retry_after=0]]", 429, "rate_limit_error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := anthropic.NewClient(option.WithBaseURL(d.URL), option.WithAPIKey(c.key), option.WithMaxRetries(1))
			_, err := client.Messages.New(timeout(t, time.Minute), askV2(c.text))
			var api *anthropic.Error
			if !errors.As(err, &api) {
				t.Fatalf("the SDK did not recognise the error: %v", err)
			}
			if api.StatusCode != c.status || !strings.Contains(api.RawJSON(), c.kind) || api.RequestID == "" {
				t.Errorf("got %d %s, request id %q; want %d %s", api.StatusCode, api.RawJSON(), api.RequestID, c.status, c.kind)
			}
		})
	}
}

func TestSDKListsModelsAndCountsTokens(t *testing.T) {
	d := up(t, t.TempDir())
	client := clientV2(d)
	models, err := client.Models.List(timeout(t, time.Minute), anthropic.ModelListParams{})
	if err != nil || len(models.Data) == 0 {
		t.Fatalf("models: %v, %d of them", err, len(models.Data))
	}
	if _, err := client.Models.Get(timeout(t, time.Minute), models.Data[0].ID, anthropic.ModelGetParams{}); err != nil {
		t.Errorf("model %s: %v", models.Data[0].ID, err)
	}
	n, err := client.Messages.CountTokens(timeout(t, time.Minute), anthropic.MessageCountTokensParams{
		Model:    "claude-sonnet-5",
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("How many tokens are in this sentence?"))},
	})
	if err != nil || n.InputTokens < 5 {
		t.Errorf("count_tokens: %v, %+v", err, n)
	}
}
