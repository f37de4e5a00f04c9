package deid

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGrammar holds the rules to the ways people write that are listed in
// testdata/grammar, one file a subject and one fixture a line. A ⏎ is the end
// of a line; what begins with # heads the lines after it.
func TestGrammar(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "grammar", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no grammar: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			if line != "" && !strings.HasPrefix(line, "#") {
				lines = append(lines, strings.ReplaceAll(line, "⏎", "\n"))
			}
		}
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) { check(t, lines) })
	}
}

// TestManyTablesAreReadAsOneIs: every table of many has its own head.
func TestManyTablesAreReadAsOneIs(t *testing.T) {
	text := strings.Repeat("mrn,dob\n4481203,1/2/1990\n\n", 2000)
	if got := engine().Find(text, Where{}); len(got) != 4000 {
		t.Errorf("%d findings in 2000 tables of one row and two columns", len(got))
	}
}
