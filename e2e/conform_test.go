package e2e

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

// The gateway is measured by the suite that anyone can run against any gateway,
// from outside, over real sockets. It has to be whole.
func TestChaperoneConformsAndLeaksNothing(t *testing.T) {
	cmd := exec.Command(chaperone(t), "conform", "--self", "--short", "--json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	var sum struct{ Passed, Failed, Skipped, Restored, Leaked int }
	if jerr := json.Unmarshal(lines[len(lines)-1], &sum); jerr != nil {
		t.Fatalf("the last line is no sum: %v: %v\n%s", err, jerr, &errs)
	}
	if err != nil || sum.Failed > 0 || sum.Leaked > 0 {
		t.Errorf("%v: %+v\n%s", err, sum, &out)
	}
	if sum.Passed < 190 || sum.Restored < 300 {
		t.Errorf("only %d cases passed and %d exchanges came back: the suite was not played whole", sum.Passed, sum.Restored)
	}
}
