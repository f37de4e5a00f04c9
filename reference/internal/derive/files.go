package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"chaperone/reference"
)

// write puts sorted lines into a file.
func write(path string, lines []string) error {
	sort.Strings(lines)
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

// eachLine calls f with every line of a file.
func eachLine(path string, f func(string)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	s.Buffer(make([]byte, 1<<20), 1<<24)
	for s.Scan() {
		f(s.Text())
	}
	return s.Err()
}

// readJSON decodes a whole file into v.
func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// word yields the folded form of a one-word entry, or "" if it is not made of
// 2 to 24 Latin letters.
func word(s string) string {
	f := reference.Fold(strings.ReplaceAll(strings.ReplaceAll(s, "'", ""), "’", ""))
	if len(f) < 2 || len(f) > 24 {
		return ""
	}
	for i := 0; i < len(f); i++ {
		if f[i] < 'a' || f[i] > 'z' {
			return ""
		}
	}
	return f
}

// parts splits an entry at spaces and hyphens and yields its usable words.
func parts(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '‑' }) {
		if w := word(p); w != "" {
			out = append(out, w)
		}
	}
	return out
}
