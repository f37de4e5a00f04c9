package chaperone_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// proven are the areas of requirements of which every row must be named by a test:
// agreements and coverage (BAA), routes and residency (RTE).
var proven = []struct {
	prefix string
	last   int
}{{"BAA", 16}, {"RTE", 11}}

// testFile is a file that proves something: a test, a golden story or a script.
func testFile(path string) bool {
	return strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata/") && (strings.HasSuffix(path, ".txtar") || strings.HasSuffix(path, ".txt"))
}

var (
	rowID = regexp.MustCompile(`\b(BAA|RTE)-?(\d\d)\b`)
	// In a test's name the ids stand behind its words: TestSomething_BAA05_RTE06.
	rowInName = regexp.MustCompile(`_(BAA|RTE)(\d\d)`)
)

func TestEveryRowOfAgreementsAndRoutesHasATestThatNamesIt(t *testing.T) {
	named := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !testFile(filepath.ToSlash(path)) || path == "requirements_test.go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, form := range []*regexp.Regexp{rowID, rowInName} {
			for _, m := range form.FindAllStringSubmatch(string(text), -1) {
				named[m[1]+"-"+m[2]] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, area := range proven {
		for n := 1; n <= area.last; n++ {
			id := fmt.Sprintf("%s-%02d", area.prefix, n)
			if named[id] == "" {
				t.Errorf("no test names %s", id)
			}
		}
	}
	for id, path := range named {
		prefix, number, _ := strings.Cut(id, "-")
		n, err := strconv.Atoi(number)
		for _, area := range proven {
			if area.prefix == prefix && (err != nil || n < 1 || n > area.last) {
				t.Errorf("%s names %s, which is no requirement", path, id)
			}
		}
	}
}
