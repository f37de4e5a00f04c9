package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// These tests drive the vendor's own Claude Code, headless, through Chaperone to
// a scripted model. They ask of a coding client what a clinic would: Claude sees
// no patient, the file on disk ends right, the answer is about the real person.

// house is a Chaperone in front of a model.
func house(t *testing.T, m *model, more ...string) (*daemon, string) {
	t.Helper()
	dir := t.TempDir()
	config := configure(t, &claude{Server: m.Server})
	for _, text := range more {
		f, err := os.OpenFile(config, os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(f, text)
		f.Close()
	}
	return up(t, dir, "--config", config), dir
}

var (
	namesPlaceholder = regexp.MustCompile(`NAME-[0-9A-Z]{6}`)
	filePath         = regexp.MustCompile(`/\S+/work/[a-z]+\.txt`)
)

func TestClaudeCodeChats(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	who := person(3)
	m := newModel(t, func(p prompt) []block {
		return []block{{Type: "thinking", Thinking: "It concerns " + namesPlaceholder.FindString(p.said()) + ".", Signature: "c2lnbmF0dXJlIG9mIHRoZSB0aGlua2luZw=="}, {Type: "text", Text: "You said: " + p.said()}}
	})
	d, dir := house(t, m)
	c := newCoder(t, d.URL, d.APIKey)
	got := c.ask(t, "Summarise this.\n\n"+who.note())
	for _, real := range who.secrets() {
		if !strings.Contains(got.Result, real) {
			t.Errorf("the answer lacks %q: %s", real, got.Result)
		}
	}
	again := c.ask(t, "And who was that?", "--resume", got.SessionID)
	if !strings.Contains(again.Result, "And who was that?") {
		t.Errorf("%q", again.Result)
	}
	turns := m.conversation()
	if len(turns) < 2 {
		t.Fatalf("%d turns reached the model", len(turns))
	}
	thought, back := false, turns[len(turns)-1]
	for _, b := range back.last("assistant") {
		thought = thought || b.Type == "thinking" && b.Thinking == "It concerns "+namesPlaceholder.FindString(turns[0].said())+"." && b.Signature == "c2lnbmF0dXJlIG9mIHRoZSB0aGlua2luZw=="
	}
	if !thought {
		t.Errorf("the thinking did not come back as the model wrote it: %s", back.raw)
	}
	sawNone(t, m, who)
	recorded(t, d, dir, 2)
}

func TestClaudeCodeChatsWithTheSimulator(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	dir := t.TempDir()
	d := up(t, dir)
	c := newCoder(t, d.URL, d.APIKey)
	got := c.ask(t, "[[simulate:echo]] Mr. Smith, MRN 4471902, may go home.")
	if !strings.Contains(got.Result, "Mr. Smith, MRN 4471902, may go home.") {
		t.Errorf("%q", got.Result)
	}
	recorded(t, d, dir, 1)
}

func TestClaudeCodeReadsAndEditsAFileAboutAPatient(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	who := person(5)
	m := newModel(t, func(p prompt) []block {
		read := p.result()
		switch {
		case read == "":
			return []block{{Type: "tool_use", ID: "toolu_read", Name: "Read", Input: map[string]any{"file_path": filePath.FindString(p.said())}}}
		case strings.Contains(read, "DOB:"):
			line := regexp.MustCompile(`Call .* with results\.`).FindString(read)
			name := namesPlaceholder.FindString(line)
			return []block{{Type: "text", Text: "I will correct it."}, {Type: "tool_use", ID: "toolu_edit", Name: "Edit", Input: map[string]any{
				"file_path": filePath.FindString(string(p.raw)), "old_string": line, "new_string": "Do not call. Write to " + name + " \"by post\".",
			}}}
		default:
			return []block{{Type: "text", Text: "Done for " + namesPlaceholder.FindString(string(p.raw)) + "."}}
		}
	})
	d, dir := house(t, m)
	c := newCoder(t, d.URL, d.APIKey)
	path := c.put(t, "note.txt", who.note())
	got := c.ask(t, "Correct the follow-up in "+path+".")
	now, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := "Call " + who.given + " at " + who.phone + " with results."
	want := strings.Replace(who.note(), old, "Do not call. Write to "+who.given+" \"by post\".", 1)
	if string(now) != want {
		t.Errorf("the file is\n%s\nwant\n%s\nthe program said %q", now, want, got.Result)
	}
	if namesPlaceholder.MatchString(got.Result) || !strings.Contains(got.Result, "Done for ") {
		t.Errorf("%q", got.Result)
	}
	sawNone(t, m, who)
	recorded(t, d, dir, 3)
}

// billing is the block that Claude Code puts first; the API must get it as the
// program wrote it.
var billing = regexp.MustCompile(`^x-anthropic-billing-header: cc_version=[0-9a-z.]+; cc_entrypoint=[a-z-]+;`)

func TestClaudeCodeWorksForHoursAndItsPromptCacheHolds(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	const turns = 12
	m := newModel(t, func(p prompt) []block {
		return []block{{Type: "text", Text: "Noted: " + namesPlaceholder.FindString(p.said())}}
	})
	d, dir := house(t, m)
	c := newCoder(t, d.URL, d.APIKey)
	var people []patient
	var messages []string
	for n := range turns {
		people = append(people, person(20+n))
		messages = append(messages, "Note this.\n\n"+people[n].note())
	}
	answers := c.talk(t, messages)
	for n, a := range answers {
		if want := "Noted: " + people[n].given + " " + people[n].family; a.Result != want {
			t.Errorf("answer %d is %q, want %q", n, a.Result, want)
		}
	}
	c.ask(t, "Note this too.\n\n"+person(50).note(), "--resume", answers[0].SessionID)
	people = append(people, person(50))
	sawNone(t, m, people...)
	prefixesHold(t, m.conversation(), turns)
	recorded(t, d, dir, turns+1)
}

// prefixesHold checks what the vendor's prompt cache is keyed by: from request
// to request of one process the tools, the system prompt and all earlier
// messages are the same bytes; only the cache marks move.
func prefixesHold(t *testing.T, list []prompt, turns int) {
	t.Helper()
	if len(list) != turns+1 {
		t.Fatalf("%d requests reached the model, want %d", len(list), turns+1)
	}
	for i, p := range list {
		var system []block
		if err := json.Unmarshal(p.System, &system); err != nil || len(system) == 0 || !billing.MatchString(system[0].Text) {
			t.Errorf("request %d: the first system block is not the program's: %.200s", i, p.System)
		}
		if !bytes.Contains(p.raw, []byte(`"cache_control"`)) {
			t.Errorf("request %d marks nothing for the cache", i)
		}
		if i == 0 || i == len(list)-1 { // the last is of a new process, whose system prompt may differ
			continue
		}
		before := list[i-1]
		if !bytes.Equal(p.Tools, before.Tools) {
			t.Errorf("request %d: the tools differ", i)
		}
		for n := range before.Messages {
			if n >= len(p.Messages) {
				break
			}
			if was, is := unmarked(before.Messages[n].Content), unmarked(p.Messages[n].Content); was != is {
				t.Errorf("request %d: message %d differs:\n%.600s\n%.600s", i, n, was, is)
			}
		}
	}
}

// unmarked is content as blocks, without the marks of the cache: those move on
// with the conversation, and the program writes a lone text as a string.
func unmarked(content json.RawMessage) string {
	var list []map[string]any
	if json.Unmarshal(content, &list) != nil {
		return `[{"text":` + string(content) + `,"type":"text"}]`
	}
	for _, b := range list {
		delete(b, "cache_control")
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.Encode(list)
	return strings.TrimSpace(out.String())
}

func TestClaudeCodeInTheModesOfOtherProviders(t *testing.T) {
	claudeCode(t)
	if !alone(t) {
		return
	}
	for _, c := range []struct {
		name, route string
		env         []string
	}{
		{"Bedrock", "/model/claude-sonnet-5/invoke", []string{"CLAUDE_CODE_USE_BEDROCK=1", "CLAUDE_CODE_SKIP_BEDROCK_AUTH=1", "AWS_REGION=us-east-1", "ANTHROPIC_BEDROCK_BASE_URL=URL"}},
		{"Vertex", "/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-5:rawPredict", []string{"CLAUDE_CODE_USE_VERTEX=1", "CLAUDE_CODE_SKIP_VERTEX_AUTH=1", "CLOUD_ML_REGION=us-east5", "ANTHROPIC_VERTEX_PROJECT_ID=p", "ANTHROPIC_VERTEX_BASE_URL=URL"}},
		{"Foundry", "/anthropic/v1/messages", []string{"CLAUDE_CODE_USE_FOUNDRY=1", "CLAUDE_CODE_SKIP_FOUNDRY_AUTH=1", "ANTHROPIC_FOUNDRY_BASE_URL=URL/anthropic"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			who := person(7)
			m := newModel(t, func(p prompt) []block { return []block{{Type: "text", Text: "You said: " + p.said()}} })
			d, dir := house(t, m)
			if !served(t, d, c.route) {
				t.Skipf("SKIPPED: this Chaperone does not serve %s", c.route)
			}
			coder := newCoder(t, d.URL, d.APIKey)
			for _, e := range c.env {
				coder.env = append(coder.env, strings.ReplaceAll(e, "URL=URL", "URL="+d.URL))
			}
			got := coder.ask(t, "Summarise this.\n\n"+who.note())
			if !strings.Contains(got.Result, who.family) {
				t.Errorf("the answer is %q", got.Result)
			}
			sawNone(t, m, who)
			recorded(t, d, dir, 1)
		})
	}
}

// served reports whether a path is one of Chaperone's.
func served(t *testing.T, d *daemon, path string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(timeout(t, 1e10), http.MethodPost, d.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.APIKey)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode != http.StatusNotFound
}
