package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestOtherReadersTakeWhatComesBack lets other people's readers of FHIR, HL7 v2 and
// X12 read what `chaperone deid` makes of files. `make e2e` installs them.
func TestOtherReadersTakeWhatComesBack(t *testing.T) {
	const python = "python/.venv/bin/python"
	if _, err := os.Stat(filepath.FromSlash(python)); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed: run `make e2e`", python)
		}
		t.Skipf("SKIPPED: %s is not installed; `make e2e` installs it", python)
	}
	data := os.Getenv("CHAPERONE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(data); err != nil {
		t.Skip("SKIPPED: the test data is not there; set CHAPERONE_DATA")
	}
	cmd := exec.Command(python, "-m", "unittest", "-v", "python/test_formats.py")
	cmd.Env = append(os.Environ(), "CHAPERONE_BIN="+chaperone(t), "CHAPERONE_DATA="+data)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
