package e2e

import (
	"os/exec"
	"testing"
)

// The program as it is built and shipped streams, and not only the code in its
// tests.
func TestPain17TheBuiltProgramStreams(t *testing.T) {
	cmd := exec.Command(chaperone(t), "conform", "--self", "--short", "--only", "^(streams|sealed: .* stream|leaks: splits)")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
