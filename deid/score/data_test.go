package score_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"chaperone/deid/score"
)

// doc is one text with what identifies in it.
type doc struct {
	id, text string
	gold     []score.Span
}

// dataFolder finds the folder of development data, which is not part of the
// repository; "" where there is none.
func dataFolder() string {
	dir := os.Getenv("CHAPERONE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, "deid")); err != nil {
		return ""
	}
	return filepath.Join(dir, "deid")
}

func eachLine(t testing.TB, path string, f func(string)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		f(s.Text())
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
}

var inline = regexp.MustCompile(`\[([^\[\]]*)\]\(([A-Z_]+)\)`)

// eds reads French fragments with inline marks. A year alone stays under Safe
// Harbor, so it is no identifier here; a title marked as a name is none either.
func eds(t testing.TB, dir string) []doc {
	var docs []doc
	eachLine(t, filepath.Join(dir, "eds-pseudo-fr-dev.txt"), func(line string) {
		docs = append(docs, edsLine(line))
	})
	return docs
}

var yearOnly = regexp.MustCompile(`^\d{4}$`)

func edsLine(line string) doc {
	var d doc
	var b strings.Builder
	from := 0
	for _, m := range inline.FindAllStringSubmatchIndex(line, -1) {
		b.WriteString(line[from:m[0]])
		span, kind := line[m[2]:m[3]], line[m[4]:m[5]]
		start := b.Len()
		b.WriteString(span)
		from = m[1]
		if (kind == "DATE" || kind == "DATE_NAISSANCE") && yearOnly.MatchString(span) {
			continue
		}
		switch strings.Trim(span, ". ") {
		case "Dr", "M", "Mme", "Pr", "Mr", "Mlle", "Mademoiselle", "Monsieur", "Madame", "Docteur":
			continue
		}
		d.gold = append(d.gold, score.Span{Start: start, End: b.Len(), Kind: kind})
	}
	b.WriteString(line[from:])
	d.text = b.String()
	return d
}

// bytesAt maps offsets in characters to offsets in bytes.
func bytesAt(text string) []int {
	at := make([]int, 0, len(text)+1)
	for i := range text {
		at = append(at, i)
	}
	return append(at, len(text))
}

func presidio(t testing.TB, dir string) []doc {
	b, err := os.ReadFile(filepath.Join(dir, "presidio-research-synth_dataset_v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Text  string `json:"full_text"`
		Spans []struct {
			Kind  string `json:"entity_type"`
			Start int    `json:"start_position"`
			End   int    `json:"end_position"`
		}
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	var docs []doc
	for _, x := range list {
		d, at := doc{text: x.Text}, bytesAt(x.Text)
		for _, s := range x.Spans {
			d.gold = append(d.gold, score.Span{Start: at[s.Start], End: at[s.End], Kind: s.Kind})
		}
		docs = append(docs, d)
	}
	return docs
}

func openmed(t testing.TB, dir string, languages map[string]bool) []doc {
	var docs []doc
	files, _ := filepath.Glob(filepath.Join(dir, "openmed-golden", "*.jsonl"))
	for _, f := range files {
		eachLine(t, f, func(line string) {
			var x struct {
				ID, Text, Language string
				Gold               []struct {
					Start, End int
					Label      string
				} `json:"gold_spans"`
			}
			if err := json.Unmarshal([]byte(line), &x); err != nil || !languages[x.Language] {
				return
			}
			d, at := doc{id: x.ID, text: x.Text}, bytesAt(x.Text)
			for _, g := range x.Gold {
				if g.End <= utf8.RuneCountInString(x.Text) {
					d.gold = append(d.gold, score.Span{Start: at[g.Start], End: at[g.End], Kind: g.Label})
				}
			}
			docs = append(docs, d)
		})
	}
	return docs
}

func mtsamples(t testing.TB, dir string) []doc {
	var docs []doc
	eachLine(t, filepath.Join(dir, "mtsamples-dev.jsonl"), func(line string) {
		var x struct{ ID, Text string }
		if err := json.Unmarshal([]byte(line), &x); err == nil {
			docs = append(docs, doc{id: x.ID, text: x.Text})
		}
	})
	return docs
}

// aci reads visits whose patient is named in a table beside them: the names
// are looked for in the dialogue, in any case.
func aci(t testing.TB, dir, part string) []doc {
	names := map[string][]string{}
	for _, r := range table(t, filepath.Join(dir, "aci-bench-dev", part+"_metadata.csv")) {
		names[r["encounter_id"]] = []string{r["patient_firstname"], r["patient_familyname"]}
	}
	var docs []doc
	for _, r := range table(t, filepath.Join(dir, "aci-bench-dev", part+".csv")) {
		for _, text := range []string{r["dialogue"], r["note"]} {
			d := doc{id: r["encounter_id"], text: text}
			low := strings.ToLower(text)
			for _, n := range names[r["encounter_id"]] {
				if n = strings.ToLower(n); len(n) < 3 {
					continue
				}
				for _, m := range regexp.MustCompile(`\b`+regexp.QuoteMeta(n)+`\b`).FindAllStringIndex(low, -1) {
					d.gold = append(d.gold, score.Span{Start: m[0], End: m[1], Kind: "PATIENT"})
				}
			}
			docs = append(docs, d)
		}
	}
	return docs
}

// mts reads short dialogues and note sections.
func mts(t testing.TB, dir string) []doc {
	var docs []doc
	for _, r := range table(t, filepath.Join(dir, "mts-dialog", "MTS-Dialog-TrainingSet.csv")) {
		docs = append(docs, doc{text: r["dialogue"]}, doc{text: r["section_text"]})
	}
	return docs
}

// pubmed reads research questions, or the abstracts that answer them: text
// about medicine and about nobody.
func pubmed(t testing.TB, dir string, abstracts bool) []doc {
	b, err := os.ReadFile(filepath.Join(dir, "..", "health", "pubmedqa", "ori_pqal.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Question string   `json:"QUESTION"`
		Contexts []string `json:"CONTEXTS"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	var docs []doc
	for id, x := range all {
		if abstracts {
			docs = append(docs, doc{id: id, text: strings.Join(x.Contexts, "\n")})
		} else {
			docs = append(docs, doc{id: id, text: x.Question})
		}
	}
	return docs
}

func table(t testing.TB, path string) []map[string]string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
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
