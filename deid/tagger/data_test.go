package tagger_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/score"
	"chaperone/deid/synth"
)

// text is one text with the names, places and organisations in it.
type text struct {
	words string
	gold  []score.Span
}

// dataDir finds the development data, which is no part of the repository, or
// skips the test for all to see.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CHAPERONE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, "deid")); err != nil {
		t.Skip("SKIPPED: no development data; set CHAPERONE_DATA to measure")
	}
	return filepath.Join(dir, "deid")
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var inline = regexp.MustCompile(`\[([^\[\]]*)\]\(([A-Z_]+)\)`)

// french reads hospital fragments with inline marks.
func french(t testing.TB, dir string) []text {
	kinds := map[string]string{"NOM": "name", "PRENOM": "name", "VILLE": "place", "HOPITAL": "org"}
	titles := regexp.MustCompile(`^(Dr|M|Mme|Pr|Mr|Mlle|Mademoiselle|Monsieur|Madame|Docteur)\.?$`)
	var out []text
	for line := range strings.Lines(read(t, filepath.Join(dir, "eds-pseudo-fr-dev.txt"))) {
		var x text
		from := 0
		for _, m := range inline.FindAllStringSubmatchIndex(line, -1) {
			x.words += line[from:m[0]]
			start, span := len(x.words), line[m[2]:m[3]]
			x.words += span
			from = m[1]
			kind := kinds[line[m[4]:m[5]]]
			if kind == "" {
				kind = "other"
			}
			if !titles.MatchString(span) {
				x.gold = append(x.gold, score.Span{Start: start, End: len(x.words), Kind: kind})
			}
		}
		x.words += line[from:]
		out = append(out, x)
	}
	return out
}

// generic reads sentences of no trade with marks in characters.
func generic(t testing.TB, dir string) []text {
	var list []struct {
		Text  string `json:"full_text"`
		Spans []struct {
			Kind  string `json:"entity_type"`
			Start int    `json:"start_position"`
			End   int    `json:"end_position"`
		}
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "presidio-research-synth_dataset_v2.json"))), &list); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"PERSON": "name", "GPE": "place", "ORGANIZATION": "org"}
	var out []text
	for _, x := range list {
		var at []int
		for i := range x.Text {
			at = append(at, i)
		}
		at = append(at, len(x.Text))
		one := text{words: x.Text}
		for _, s := range x.Spans {
			kind := kinds[s.Kind]
			if kind == "" {
				kind = "other"
			}
			one.gold = append(one.gold, score.Span{Start: at[s.Start], End: at[s.End], Kind: kind})
		}
		out = append(out, one)
	}
	return out
}

// visits reads talk and notes of visits; the patient's names are looked for in
// any case.
func visits(t testing.TB, dir string) []text {
	var out []text
	for _, part := range []string{"train", "valid"} {
		names := map[string][]string{}
		for _, r := range table(t, filepath.Join(dir, "aci-bench-dev", part+"_metadata.csv")) {
			names[r["encounter_id"]] = []string{r["patient_firstname"], r["patient_familyname"]}
		}
		for _, r := range table(t, filepath.Join(dir, "aci-bench-dev", part+".csv")) {
			for _, words := range []string{r["dialogue"], r["note"]} {
				x := text{words: words}
				for _, n := range names[r["encounter_id"]] {
					if len(n) < 3 {
						continue
					}
					for _, m := range regexp.MustCompile(`(?i)\b`+regexp.QuoteMeta(n)+`\b`).FindAllStringIndex(words, -1) {
						x.gold = append(x.gold, score.Span{Start: m[0], End: m[1], Kind: "name"})
					}
				}
				out = append(out, x)
			}
		}
	}
	return out
}

// clean reads dictated notes, of which nearly all identify nobody.
func clean(t testing.TB, dir string) []text {
	var out []text
	for line := range strings.Lines(read(t, filepath.Join(dir, "mtsamples-dev.jsonl"))) {
		var x struct{ Text string }
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, text{words: x.Text})
	}
	return out
}

// talk reads short dialogues, of which nearly all identify nobody.
func talk(t testing.TB, dir string) []text {
	var out []text
	files, _ := filepath.Glob(filepath.Join(dir, "mts-dialog", "*.csv"))
	for _, f := range files {
		if strings.Contains(strings.ToLower(filepath.Base(f)), "translat") {
			continue
		}
		for _, r := range table(t, f) {
			if r["dialogue"] != "" {
				out = append(out, text{words: r["dialogue"]})
			}
		}
	}
	return out
}

func table(t testing.TB, path string) []map[string]string {
	r := csv.NewReader(strings.NewReader(read(t, path)))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, c := range r {
			m[rows[0][i]] = c
		}
		out = append(out, m)
	}
	return out
}

// generated writes notes of held-out styles about people of held-out origins.
func generated(t testing.TB, styles, origins []string) []text {
	t.Helper()
	w, err := synth.NewWorld(4711)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Only(origins...); err != nil {
		t.Fatal(err)
	}
	var out []text
	for _, s := range styles {
		for range 100 {
			n, err := w.Note(s)
			if err != nil {
				t.Fatal(err)
			}
			x := text{words: n.Text}
			for _, s := range n.Spans {
				kind := s.Kind.String()
				if kind != "name" && kind != "place" && kind != "org" {
					kind = "other"
				}
				x.gold = append(x.gold, score.Span{Start: s.Start, End: s.End, Kind: kind})
			}
			out = append(out, x)
		}
	}
	return out
}
