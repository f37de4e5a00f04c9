package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// endless is a text that never ends; what it calls happens at the third piece.
type endless struct {
	pieces int
	then   func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.pieces++; e.pieces == 3 {
		e.then()
	}
	return copy(p, strings.Repeat("Mr. Josef Quuxley came.\n", 1+len(p)/24)), nil
}

// runUntil runs a command with the input and lets the input interrupt it.
func runUntil(t *testing.T, in func(interrupt func()) io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var out, errs bytes.Buffer
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in(interrupt))
	root.SetOut(&out)
	root.SetErr(&errs)
	c, err := root.ExecuteContextC(ctx)
	return report(&errs, c.CommandPath(), err), out.String(), errs.String()
}

// Whoever presses ^C gets the terminal back, and nothing that looks whole.
func TestAnInterruptionEndsWhatReads(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	silent := func(interrupt func()) io.Reader {
		r, w := io.Pipe()
		t.Cleanup(func() { w.Close() })
		interrupt()
		return r
	}
	long := func(interrupt func()) io.Reader { return &endless{then: interrupt} }
	for _, in := range []func(func()) io.Reader{silent, long} {
		for _, args := range [][]string{
			{"deid", "text"},
			{"deid", "file", "-"},
			{"deid", "file", "-", "-o", filepath.Join(dir, "out.txt"), "--format", "text"},
		} {
			code, stdout, stderr := runUntil(t, in, args...)
			if code != exitFailed || stdout != "" || stderr != "chaperone: error: it was interrupted, so nothing was written\n" {
				t.Errorf("%q: exit code %d, %d bytes, %q", args, code, len(stdout), stderr)
			}
		}
	}
	if files := left(t, dir); len(files) > 0 {
		t.Errorf("%v stay behind", files)
	}
}

// A text is held in memory; one that is too long for that is refused.
func TestATextThatIsTooLongIsRefused(t *testing.T) {
	code, stdout, stderr := runUntil(t, func(func()) io.Reader {
		return io.MultiReader(strings.NewReader(strings.Repeat("x\n", 1<<10)), io.LimitReader(&endless{then: func() {}}, 65<<20))
	}, "deid", "text", "--format", "json")
	if code != exitFailed || stdout != "" || !strings.Contains(stderr, "the text is longer than 64 MB") {
		t.Errorf("exit code %d, %d bytes, %q", code, len(stdout), stderr)
	}
	if _, err := os.Stat("-"); err == nil {
		t.Error("a file named - was written")
	}
}
