package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// alone runs the rest of a test where there is no network but the loopback: the
// test starts itself again in a network namespace of its own (unshare(1)) and
// reports what that run says. It returns true inside. Where namespaces are not
// to be had, the test is skipped, visibly.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv("CHAPERONE_ALONE") != "" {
		interfaces, err := net.Interfaces()
		if err != nil || len(interfaces) != 1 || interfaces[0].Flags&net.FlagLoopback == 0 {
			t.Fatalf("the namespace has more than a loopback: %v %v", interfaces, err)
		}
		return true
	}
	if out, err := exec.Command("unshare", "-rn", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no network namespace of its own is to be had: %v %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$0" "$@"`,
		self, "-test.run", "^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), "CHAPERONE_ALONE=1", "CHAPERONE_BIN="+chaperone(t))
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("in the namespace: %v", err)
	}
	if strings.Contains(string(out), "\n--- SKIP") {
		t.Skip("SKIPPED in the namespace, for the reason above")
	}
	return false
}

// claudeCode is the vendor's command-line program, as setup.sh installs it.
func claudeCode(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("CHAPERONE_CLIENTS")
	if cache == "" {
		t.Skip("SKIPPED: Claude Code is not installed; `make e2e CLIENTS=1` installs it")
	}
	found, err := filepath.Glob(filepath.Join(cache, "node_modules/@anthropic-ai/claude-code-*/claude"))
	if err != nil || len(found) != 1 {
		t.Fatalf("no program in %s: %v %v", cache, found, err)
	}
	return found[0]
}

// coder is Claude Code in an empty environment, with a home and a folder of its
// own and a key that only Chaperone knows.
type coder struct {
	program, dir, home, work string
	env                      []string
}

func newCoder(t *testing.T, url, key string) *coder {
	t.Helper()
	dir := t.TempDir()
	c := &coder{program: claudeCode(t), dir: dir, home: filepath.Join(dir, "home"), work: filepath.Join(dir, "work")}
	for _, d := range []string{c.home, c.work} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c.env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + c.home, "TMPDIR=" + dir,
		"ANTHROPIC_BASE_URL=" + url, "ANTHROPIC_AUTH_TOKEN=" + key,
		"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_AUTOUPDATER=1",
	}
	return c
}

// put writes a file into the folder and returns its path.
func (c *coder) put(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(c.work, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// said is what `claude -p --output-format json` prints.
type said struct {
	Result    string `json:"result"`
	IsError   bool   `json:"is_error"`
	SessionID string `json:"session_id"`
	Turns     int    `json:"num_turns"`
}

// ask runs the program once, headless, and returns what it printed.
func (c *coder) ask(t *testing.T, text string, args ...string) said {
	t.Helper()
	out := c.run(t, "", append([]string{"-p", text, "--output-format", "json"}, args...)...)
	var s said
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if s.IsError {
		t.Fatalf("the program reports an error: %s", out)
	}
	return s
}

// run runs the program with its usual arguments and returns its output.
func (c *coder) run(t *testing.T, stdin string, args ...string) []byte {
	t.Helper()
	ctx := timeout(t, 2*time.Minute)
	cmd := exec.CommandContext(ctx, c.program, append(args, "--model", "claude-sonnet-5", "--permission-mode", "acceptEdits")...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.work, c.env, strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || len(out) == 0 {
		t.Fatalf("claude: %v\n%s%s", err, out, &errs)
	}
	return out
}

// sawNone fails where anything of the people reached the model.
func sawNone(t *testing.T, m *model, people ...patient) {
	t.Helper()
	seen := strings.ToLower(m.seen())
	for _, p := range people {
		for _, secret := range p.secrets() {
			if i := strings.Index(seen, strings.ToLower(secret)); i >= 0 {
				t.Errorf("the model saw %q: …%s…", secret, seen[max(0, i-80):min(len(seen), i+80)])
			}
		}
	}
}

// recorded stops the daemon and checks its record from outside.
func recorded(t *testing.T, d *daemon, dir string, least int) {
	t.Helper()
	if code := d.stop(t); code != 0 {
		t.Errorf("chaperone ended with %d\n%s", code, d.stderr)
	}
	v, code := auditVerify(t, dir)
	if code != 0 || len(v.Faults) > 0 || v.Records < least || v.Verified != v.Records {
		t.Errorf("audit verify: exit %d: %+v", code, v)
	}
	if exchanges, pending := auditCount(t, dir); exchanges < least || pending > 0 {
		t.Errorf("%d exchanges are recorded, %d pending; want at least %d, none pending", exchanges, pending, least)
	}
}

// talk keeps one process of the program running through many messages, each sent
// when the one before was answered, as a long day's session is. It returns what
// the program said to each.
func (c *coder) talk(t *testing.T, messages []string) []said {
	t.Helper()
	cmd := exec.CommandContext(timeout(t, 5*time.Minute), c.program, "-p", "--input-format", "stream-json", "--output-format", "stream-json",
		"--verbose", "--model", "claude-sonnet-5", "--permission-mode", "acceptEdits")
	cmd.Dir, cmd.Env = c.work, c.env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var answers []said
	out := json.NewDecoder(stdout)
	for _, text := range messages {
		line, _ := json.Marshal(map[string]any{"type": "user", "message": map[string]any{"role": "user", "content": text}})
		if _, err := stdin.Write(append(line, '\n')); err != nil {
			t.Fatalf("claude: %v\n%s", err, &errs)
		}
		answers = append(answers, nextResult(t, out))
	}
	stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("claude: %v\n%s", err, &errs)
	}
	return answers
}

func nextResult(t *testing.T, out *json.Decoder) said {
	t.Helper()
	for {
		var line struct {
			Type string `json:"type"`
			said
		}
		if err := out.Decode(&line); err != nil {
			t.Fatalf("the program's output ends: %v", err)
		}
		if line.Type == "result" {
			if line.IsError {
				t.Fatalf("the program reports an error: %+v", line.said)
			}
			return line.said
		}
	}
}
