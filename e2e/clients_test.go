package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherOfficialSDKs runs the TypeScript and the Python SDK's own test files
// against a running Chaperone in front of the fake. `make e2e` installs them.
func TestOtherOfficialSDKs(t *testing.T) {
	for _, c := range []struct {
		name, needs string
		command     []string
	}{
		{"TypeScript", "ts/node_modules/@anthropic-ai/sdk/package.json", []string{"node", "--test", "ts/sdk.test.mjs"}},
		{"TypeScript on the clouds", "ts/node_modules/@anthropic-ai/bedrock-sdk/package.json", []string{"node", "--test", "ts/platforms.test.mjs"}},
		{"Python", "python/.venv/bin/python", []string{"python/.venv/bin/python", "-m", "unittest", "-v", "python/test_sdk.py"}},
		{"Python on the clouds", "python/.venv/bin/python", []string{"python/.venv/bin/python", "-m", "unittest", "-v", "python/test_platforms.py"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := os.Stat(filepath.FromSlash(c.needs)); err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("%s is not installed: run `make e2e`", c.needs)
				}
				t.Skipf("SKIPPED: %s is not installed; `make e2e` installs it", c.needs)
			}
			fake := newClaude(t)
			d := up(t, t.TempDir(), "--config", configure(t, fake))
			cmd := exec.Command(c.command[0], c.command[1:]...)
			simulated := up(t, t.TempDir())
			cmd.Env = append(os.Environ(), "CHAPERONE_URL="+d.URL, "CHAPERONE_KEY="+d.APIKey,
				"CHAPERONE_SIMULATOR_URL="+simulated.URL, "CHAPERONE_SIMULATOR_KEY="+simulated.APIKey)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			seen := string(fake.seen())
			for _, secret := range []string{"Okafor", "Lindqvist", "4417093", "5520871", "555-01"} {
				if strings.Contains(seen, secret) {
					t.Errorf("the vendor saw %q", secret)
				}
			}
		})
	}
}
