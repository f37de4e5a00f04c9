package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const repository = "../.."

// pages are the documents, by their path in the repository.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	read := func(path string) {
		text, err := os.ReadFile(filepath.Join(repository, path))
		if err != nil {
			t.Fatal(err)
		}
		found[path] = string(text)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} {
		read(name)
	}
	err := fs.WalkDir(os.DirFS(repository), "docs", func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			read(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

var markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)

func TestEveryLinkInTheDocumentsLeadsSomewhere(t *testing.T) {
	for page, text := range pages(t) {
		for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(repository, filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

var pathInText = regexp.MustCompile("`((?:internal|cmd|deid|phi|reference|regulation|docs|e2e|tools)/[A-Za-z0-9_./-]+)`")

func TestEveryPathInTheDocumentsIsThere(t *testing.T) {
	for page, text := range pages(t) {
		if page == "docs/architecture.md" || page == "CHANGELOG.md" {
			continue // these also speak of what is to come, and of what has been
		}
		for _, m := range pathInText.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(repository, m[1])); err != nil {
				t.Errorf("%s speaks of %s, which is not there", page, m[1])
			}
		}
	}
}

// shownCommand is a line of a document that is a call of chaperone.
var shownCommand = regexp.MustCompile(`(?m)^(?:    |\$ )(?:bin/)?chaperone ([^\n]*)$`)

func TestEveryCommandInTheDocumentsExists(t *testing.T) {
	for page, text := range pages(t) {
		for _, m := range shownCommand.FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(m[1], "#")
			line, _, _ = strings.Cut(line, " > ")
			line, _, _ = strings.Cut(line, " < ")
			args := words(line)
			c, rest, err := rootCommand().Find(args)
			if err == nil {
				err = accepts(c, rest)
			}
			if err != nil {
				t.Errorf("%s shows %q: %v", page, m[0], err)
			}
		}
	}
}

// accepts reports why a command would not take these arguments.
func accepts(c *cobra.Command, args []string) error {
	if err := c.ParseFlags(args); err != nil {
		return err
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		return err
	}
	return c.ValidateRequiredFlags()
}

// words splits a line as a shell does, as far as these lines need it.
func words(line string) []string {
	var list []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			list = append(list, part)
			continue
		}
		list = append(list, strings.Fields(part)...)
	}
	return list
}

var setting = regexp.MustCompile(`\{"([a-z_]+)", func\(n \*yaml\.Node\)`)

func TestTheGuideListsEverySetting(t *testing.T) {
	guide := pages(t)["docs/guide/configure.md"]
	for _, m := range inSource(t, setting, "internal/config") {
		if !strings.Contains(guide, "`"+m+"`") && !strings.Contains(guide, "."+m+"`") {
			t.Errorf("configure.md does not mention the setting %s", m)
		}
	}
}

var (
	errorCode = regexp.MustCompile(`(?:NewError\(\s*(?:chaperone\.)?(?:Kind\w+|kind),|refusal\(|untimely\(|\.refuse\(|errUpstream\()\s*"([a-z_0-9]+)"`)
	wordCode  = regexp.MustCompile(`\bcode(?:\w*\s*=|, public, next :?=(?:[^\n]*Kind\w+,)?)\s*"([a-z]+_[a-z_]+)"`)
)

// The table of error codes is where an operator looks when something was
// refused at three in the morning. A code that is missing there is a fault.
func TestTheGuideListsEveryErrorCode(t *testing.T) {
	_, table, ok := strings.Cut(pages(t)["docs/guide/operate.md"], "## Error codes")
	if !ok {
		t.Fatal("operate.md has no table of error codes")
	}
	dirs := []string{"internal/claude", "internal/gateway", "internal/identity", "internal/policy", "internal/vault", "internal/audit", "internal/store", "internal/daemon", "internal/api", "internal/register", "internal/signin", "internal/export"}
	for _, form := range []*regexp.Regexp{errorCode, wordCode} {
		codes := inSource(t, form, dirs...)
		if len(codes) < 5 {
			t.Fatalf("only %d codes were found", len(codes))
		}
		for _, code := range codes {
			if !strings.Contains(table, "`"+code+"`") {
				t.Errorf("operate.md does not list the error code %s", code)
			}
		}
	}
}

// inSource lists what a form finds in the source of packages, tests apart.
func inSource(t *testing.T, form *regexp.Regexp, dirs ...string) []string {
	t.Helper()
	var found []string
	for _, dir := range dirs {
		err := fs.WalkDir(os.DirFS(filepath.Join(repository, dir)), ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "simulator/") {
				return err
			}
			text, err := os.ReadFile(filepath.Join(repository, dir, path))
			for _, m := range form.FindAllStringSubmatch(string(text), -1) {
				found = append(found, m[1])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
