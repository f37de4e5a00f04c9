package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The name of a file cannot write a line of its own.
func TestANameCannotForgeALine(t *testing.T) {
	in, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	name := "scan\nchaperone: error: all is well\x1b[2J.bin"
	if err := os.WriteFile(filepath.Join(in, name), []byte("\x00\x01\x02"), 0o600); err != nil {
		t.Fatal(err)
	}
	var errors strings.Builder
	if code := run([]string{"deid", "dir", in, out}, strings.NewReader(""), &strings.Builder{}, &errors); code != exitFailed {
		t.Errorf("it ended with %d", code)
	}
	for _, line := range strings.Split(errors.String(), "\n") {
		if strings.HasPrefix(line, "chaperone: error: all is well") || strings.Contains(line, "\x1b[2J") {
			t.Errorf("a line is forged: %q", line)
		}
	}
}
