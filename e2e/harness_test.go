// Package e2e tries the built program as its users do: official SDKs, real
// sockets, kill -9. It is a module of its own, so that the SDKs it needs are no
// dependency of the product.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

var binary struct {
	once sync.Once
	path string
	err  error
}

// chaperone returns the program under test: CHAPERONE_BIN, or one built now.
func chaperone(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		if binary.path = os.Getenv("CHAPERONE_BIN"); binary.path != "" {
			return
		}
		dir, err := os.MkdirTemp("", "chaperone-e2e")
		if err != nil {
			binary.err = err
			return
		}
		binary.path = filepath.Join(dir, "chaperone")
		cmd := exec.Command("go", "build", "-o", binary.path, "./cmd/chaperone")
		cmd.Dir = ".."
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

// daemon is a running `chaperone up`.
type daemon struct {
	URL       string `json:"url"`
	AdminLink string `json:"admin_link"`
	APIKey    string `json:"api_key"`

	cmd    *exec.Cmd
	stderr *bytes.Buffer
	waited chan error
}

// up starts the program on a free port with the data directory dir and waits
// for the line that says it is ready.
func up(t *testing.T, dir string, args ...string) *daemon {
	t.Helper()
	d := &daemon{stderr: &bytes.Buffer{}, waited: make(chan error, 1)}
	d.cmd = exec.Command(chaperone(t), append([]string{"up", "--data", dir, "--listen", "127.0.0.1:0", "--json"}, args...)...)
	d.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	d.cmd.Stderr = d.stderr
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		d.cmd.Wait()
		t.Fatalf("chaperone up ended before it was ready: %v\n%s", err, d.stderr)
	}
	if err := json.Unmarshal([]byte(line), d); err != nil || d.URL == "" {
		t.Fatalf("the ready line is not what it should be: %v: %q", err, line)
	}
	go func() {
		io.Copy(io.Discard, lines)
		d.waited <- d.cmd.Wait()
	}()
	t.Cleanup(d.kill)
	return d
}

func (d *daemon) kill() {
	if d.cmd.ProcessState == nil {
		d.cmd.Process.Kill()
		select {
		case <-d.waited:
		case <-time.After(10 * time.Second):
		}
	}
}

// stop ends the program as an operator would and returns its exit code.
func (d *daemon) stop(t *testing.T) int {
	t.Helper()
	d.cmd.Process.Signal(os.Interrupt)
	select {
	case <-d.waited:
	case <-time.After(20 * time.Second):
		t.Fatalf("chaperone up did not end after an interrupt\n%s", d.stderr)
	}
	return d.cmd.ProcessState.ExitCode()
}

// verified is what `chaperone audit verify --json` says.
type verified struct {
	Records  int   `json:"records"`
	Verified int   `json:"verified"`
	Faults   []any `json:"faults"`
}

func auditVerify(t *testing.T, dir string) (verified, int) {
	t.Helper()
	cmd := exec.Command(chaperone(t), "audit", "verify", "--data", dir, "--json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var v verified
	if jerr := json.Unmarshal(out.Bytes(), &v); jerr != nil {
		t.Fatalf("audit verify: %v: %v\n%s%s", err, jerr, &out, &errs)
	}
	return v, cmd.ProcessState.ExitCode()
}

// claude is a fake of the vendor that shares no code with the product. It
// answers every message with the last text of the user, streamed in pieces of
// a few characters, and keeps every byte it was sent.
type claude struct {
	*httptest.Server
	mu      sync.Mutex
	bodies  [][]byte
	open    int
	reached int
}

func newClaude(t *testing.T) *claude {
	c := &claude{}
	c.Server = httptest.NewServer(http.HandlerFunc(c.serve))
	t.Cleanup(c.Close)
	return c
}

func (c *claude) seen() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Join(c.bodies, []byte("\n"))
}

func (c *claude) calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.bodies)
}

func (c *claude) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	c.bodies = append(c.bodies, body)
	c.mu.Unlock()
	var ask struct {
		Stream   bool
		Model    string
		Messages []struct{ Content json.RawMessage }
	}
	if err := json.Unmarshal(body, &ask); err != nil || len(ask.Messages) == 0 {
		http.Error(w, `{"type":"error","error":{"type":"invalid_request_error","message":"bad"}}`, http.StatusBadRequest)
		return
	}
	text := lastText(ask.Messages[len(ask.Messages)-1].Content)
	w.Header().Set("request-id", "req_fake")
	if !ask.Stream {
		w.Header().Set("content-type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{
			"id": "msg_fake", "type": "message", "role": "assistant", "model": ask.Model,
			"content":     []any{map[string]any{"type": "text", "text": text}},
			"stop_reason": "end_turn", "stop_sequence": nil,
			"usage": map[string]any{"input_tokens": 1, "output_tokens": 1},
		})
		return
	}
	w.Header().Set("content-type", "text/event-stream")
	flush := http.NewResponseController(w)
	event := func(name string, data map[string]any) {
		data["type"] = name
		raw, _ := json.Marshal(data)
		fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, raw)
		flush.Flush()
	}
	event("message_start", map[string]any{"message": map[string]any{
		"id": "msg_fake", "type": "message", "role": "assistant", "model": ask.Model, "content": []any{},
		"stop_reason": nil, "stop_sequence": nil, "usage": map[string]any{"input_tokens": 1, "output_tokens": 1},
	}})
	event("content_block_start", map[string]any{"index": 0, "content_block": map[string]any{"type": "text", "text": ""}})
	for n := 1; text != ""; n = n%7 + 1 {
		cut := 0
		for i := 0; i < n && cut < len(text); i++ {
			_, size := utf8.DecodeRuneInString(text[cut:])
			cut += size
		}
		event("content_block_delta", map[string]any{"index": 0, "delta": map[string]any{"type": "text_delta", "text": text[:cut]}})
		text = text[cut:]
	}
	event("content_block_stop", map[string]any{"index": 0})
	event("message_delta", map[string]any{
		"delta": map[string]any{"stop_reason": "end_turn", "stop_sequence": nil}, "usage": map[string]any{"output_tokens": 1},
	})
	event("message_stop", map[string]any{})
}

func lastText(content json.RawMessage) string {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return text
	}
	var blocks []struct{ Type, Text string }
	json.Unmarshal(content, &blocks)
	for _, b := range blocks {
		if b.Type == "text" {
			text = b.Text
		}
	}
	return text
}

// configure writes a chaperone.yaml whose only door is the fake.
func configure(t *testing.T, c *claude) string {
	t.Helper()
	dir := t.TempDir()
	key := filepath.Join(dir, "door.key")
	if err := os.WriteFile(key, []byte("sk-made-up-for-the-test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "chaperone.yaml")
	yaml := strings.ReplaceAll(doorYAML, "URL", c.URL)
	yaml = strings.ReplaceAll(yaml, "KEYFILE", key)
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const doorYAML = `
policy: conceal-everything
default_door: fake
doors:
  - name: fake
    kind: anthropic
    url: URL
    insecure_http: true
    key_file: KEYFILE
`

func timeout(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// auditCount counts the exchanges of the record, and those that have not ended,
// with `chaperone audit show --json`, which prints one object a line.
func auditCount(t *testing.T, dir string) (exchanges, pending int) {
	t.Helper()
	out, err := exec.Command(chaperone(t), "audit", "show", "--data", dir, "--json", "--limit", "0").Output()
	if err != nil {
		t.Fatalf("audit show: %v", err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var r struct {
			Kind   string `json:"kind"`
			Fields struct {
				Result string `json:"result"`
			} `json:"fields"`
		}
		if err := dec.Decode(&r); err == io.EOF {
			return exchanges, pending
		} else if err != nil {
			t.Fatal(err)
		}
		if r.Kind == "exchange" {
			exchanges++
			if r.Fields.Result == "pending" {
				pending++
			}
		}
	}
}
