package reference

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
)

// TestEveryListHasItsSource: a list that SOURCES.md does not name, or whose
// bytes differ from what it says, must not ship.
func TestEveryListHasItsSource(t *testing.T) {
	b, err := os.ReadFile("SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := string(b)
	for _, l := range lists {
		data, err := files.ReadFile("data/" + l.file)
		if err != nil {
			t.Fatal(err)
		}
		if path.Dir(l.file) == "own" {
			if !strings.HasPrefix(string(data), "# ") {
				t.Errorf("%s does not say what it is", l.file)
			}
			continue
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); !strings.Contains(sources, "`"+l.file+"`") || !strings.Contains(sources, sum) {
			t.Errorf("%s with digest %s is not in SOURCES.md", l.file, sum)
		}
	}
}
