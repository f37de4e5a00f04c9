package score_test

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"chaperone/deid/score"
	"chaperone/phi"
)

// validation reads the hand-written texts of deid/testdata in two halves:
// every second text of each style is for tuning, the others are only measured.
// Nobody in them ever lived.
func validation(t testing.TB) (tuning, held []doc) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "validation", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no validation texts: %v", err)
	}
	more, _ := filepath.Glob(filepath.Join("..", "testdata", "tuning", "*.txt"))
	for _, f := range more {
		for _, text := range strings.Split(read(t, f), "\n---\n") {
			d := unmark(t, strings.TrimSuffix(text, "\n"))
			d.id = strings.TrimSuffix(filepath.Base(f), ".txt")
			tuning = append(tuning, d)
		}
	}
	sort.Strings(files)
	for _, f := range files {
		for i, text := range strings.Split(read(t, f), "\n---\n") {
			d := unmark(t, strings.TrimSuffix(text, "\n"))
			d.id = strings.TrimSuffix(filepath.Base(f), ".txt")
			if i%2 == 0 {
				tuning = append(tuning, d)
			} else {
				held = append(held, d)
			}
		}
	}
	return tuning, held
}

// cleanTexts reads the texts that identify nobody, in the same two halves.
func cleanTexts(t testing.TB) (tuning, held []doc) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(read(t, filepath.Join("..", "testdata", "clean.txt"))), "\n") {
		if i%2 == 0 {
			tuning = append(tuning, doc{text: line})
		} else {
			held = append(held, doc{text: line})
		}
	}
	return tuning, held
}

// unseen reads the texts by other hands, whose misses nobody read: a set for each
// folder, its texts and those of them that identify nobody.
func unseen(t testing.TB, name string) (texts, clean []doc) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "unseen", name, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no unseen texts %s: %v", name, err)
	}
	sort.Strings(files)
	for _, f := range files {
		for _, text := range strings.Split(strings.Trim(read(t, f), "\n"), "\n---\n") {
			d := unmark(t, strings.Trim(text, "\n"))
			d.id = "unseen: " + strings.TrimSuffix(filepath.Base(f), ".txt")
			if len(d.gold) == 0 {
				clean = append(clean, d)
			} else {
				texts = append(texts, d)
			}
		}
	}
	return texts, clean
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// unmark takes the marks out of a text: {name|Jane Roe} says that Jane Roe is
// a name. A brace that no kind follows is a brace.
func unmark(t testing.TB, text string) doc {
	t.Helper()
	var d doc
	var b strings.Builder
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		word, after, _ := strings.Cut(text[open+1:], "|")
		kind, ok := phi.ParseKind(word)
		if !ok {
			b.WriteString(text[:open+1])
			text = text[open+1:]
			continue
		}
		surface, rest, ok := strings.Cut(after, "}")
		if !ok || strings.ContainsAny(surface, "{\n") {
			t.Fatalf("a mark is not closed near %q", surface)
		}
		b.WriteString(text[:open])
		d.gold = append(d.gold, score.Span{Start: b.Len(), End: b.Len() + len(surface), Kind: kind.String()})
		b.WriteString(surface)
		text = rest
	}
	b.WriteString(text)
	d.text = b.String()
	return d
}
