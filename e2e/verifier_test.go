package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A record that the built program has written and exported is verified by the
// program in Python that keeps to docs/compliance/record-format.md alone.
func TestAStrangersVerifierReadsAnExport_CRY07(t *testing.T) {
	const python = "python/.venv/bin/python"
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("%s is not there: run e2e/setup.sh", python)
	}
	dir, out := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "export")
	if code := up(t, dir).stop(t); code != 0 {
		t.Fatalf("chaperone up ended with %d", code)
	}
	if text, err := exec.Command(chaperone(t), "audit", "export", out, "--data", dir).CombinedOutput(); err != nil {
		t.Fatalf("export: %v: %s", err, text)
	}
	key := filepath.Join(dir, "record", "tree", "log.pub")
	check := func(code int, want string) {
		t.Helper()
		cmd := exec.Command(python, "../docs/compliance/verify.py", out, "--key", key)
		cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
		text, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code || !strings.HasPrefix(string(text), want) {
			t.Errorf("verify.py: %v: %s", err, text)
		}
	}
	check(0, "verified\n")
	rows := filepath.Join(out, "rows.jsonl")
	text, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	if err := os.WriteFile(rows, []byte(lines[0]+strings.Join(lines[2:], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	check(4, "1: missing: ")
}
