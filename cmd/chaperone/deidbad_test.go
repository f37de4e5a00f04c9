package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// badFiles are files that cannot be done, and what is said of each.
func badFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 20<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{
		"latin.txt":  "line 2: it is not valid UTF-8",
		"note.txt":   "a binary file is not inspectable",
		"locked.pdf": "pdf: ",
		"half.docx":  "the archive is broken or not whole",
		"old.doc":    "an office document with a password or in a binary format from before 2007 is not inspectable",
		"bomb.docx":  "unpacks to more than 1000 times its size",
		"huge.docx":  "longer than 64 MB",
		"huge.csv":   "longer than 64 MB",
	}
	for name, text := range map[string]string{
		"latin.txt": "fine\nMr. Jos\xe9 Quuxley", "note.txt": "Quuxley\x00\x01", "locked.pdf": "%PDF-1.7\n1 0 obj<</Encrypt 2 0 R>>", "half.docx": bomb.String()[:200],
		"old.doc": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1Quuxley", "bomb.docx": bomb.String(), "huge.docx": "PK\x03\x04Quuxley", "huge.csv": "name,mrn\nQuuxley,4471902\n" + strings.Repeat("a,b\n", 1<<15),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "huge") {
			if err := os.Truncate(path, 2<<30); err != nil {
				t.Fatal(err)
			}
		}
	}
	if os.Getuid() != 0 && runtime.GOOS != "windows" {
		if err := os.WriteFile(filepath.Join(dir, "shut.txt"), nil, 0o000); err != nil {
			t.Fatal(err)
		}
		said["shut.txt"] = "permission denied"
	}
	return said
}

// left lists the files below a folder, those that begin with a dot too.
func left(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// deidRun runs "chaperone deid" and yields what it printed.
func deidRun(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(append([]string{"deid"}, args...), strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// One bad file after the other: a line says what is wrong, nothing is written,
// and nothing that looks like a part of it stays behind.
func TestABadFileIsRefusedInOneLine(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	for name, want := range badFiles(t, in) {
		code, stdout, stderr := deidRun("file", filepath.Join(in, name), "-o", filepath.Join(out, name))
		first, rest, _ := strings.Cut(stderr, "\n")
		if code != exitFailed || stdout != "" || !strings.HasPrefix(first, "chaperone: error: ") || !strings.Contains(first, want) || rest != "" && !strings.HasPrefix(rest, "chaperone: hint: ") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, stdout, stderr)
		}
		if strings.Contains(stderr, "Quuxley") {
			t.Errorf("%s: the error repeats the file: %s", name, stderr)
		}
	}
	if files := left(t, out); len(files) > 0 {
		t.Errorf("%v stay behind", files)
	}
}

// In a folder they are named one by one, and the rest is done.
func TestBadFilesDoNotStopAFolder(t *testing.T) {
	in, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	said := badFiles(t, in)
	if err := os.Symlink(in, filepath.Join(in, "loop")); err != nil {
		t.Skip("SKIPPED: no links here")
	}
	said["loop"] = "it is a link"
	if err := os.Remove(filepath.Join(in, "huge.csv")); err != nil { // it would be read to know it again
		t.Fatal(err)
	}
	delete(said, "huge.csv")
	if err := os.WriteFile(filepath.Join(in, "fine.txt"), []byte("Mr. Josef Quuxley came."), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := deidRun("dir", in, out)
	if code != exitFailed || !strings.HasPrefix(stdout, fmt.Sprintf("1 file(s) done, 0 unchanged since the last run, %d left out", len(said))) {
		t.Errorf("exit code %d, %s", code, stdout)
	}
	for name, want := range said {
		lines := 0
		for line := range strings.Lines(stderr) {
			if strings.HasPrefix(line, "chaperone: error: "+name+": ") && strings.Contains(line, want) {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("%d lines speak of %s:\n%s", lines, name, stderr)
		}
	}
	if files := left(t, out); !slices.Equal(files, []string{"fine.txt"}) {
		t.Errorf("%v were written", files)
	}
}

// meddler changes a file at the moment the command is about to read it.
type meddler struct{ path string }

func (m meddler) Write(p []byte) (int, error) {
	return len(p), os.WriteFile(m.path, []byte("Mr. Josef Quuxley left."), 0o600)
}

func TestAFileThatChangesUnderwayIsLeftOut(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	path := filepath.Join(in, "a.txt")
	if err := os.WriteFile(path, []byte("fine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var o deidOptions
	hide, names, err := o.concealer(nil)
	if err != nil {
		t.Fatal(err)
	}
	done, err := openManifest(filepath.Join(t.TempDir(), "list"))
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	f := &folder{in: in, out: out, hide: hide, names: names, done: done, found: newTally(nil, ""), errors: &bytes.Buffer{}, progress: &progress{w: meddler{path}}, paths: map[string]string{}}
	if err := f.file(path, "a.txt"); err == nil || !strings.Contains(err.Error(), "it changed while it was read") {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.file(path, "a.txt"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is gone: %v", err)
	}
	if files := left(t, out); len(files) > 0 {
		t.Errorf("%v were written", files)
	}
}

// A table of 500 rows that is said to be free of identifiers and has three rows
// that are not (DLP-17).
func TestAnUncleanDatasetIsCaughtRowByRow(t *testing.T) {
	var b strings.Builder
	b.WriteString("study,age,sex,diagnosis,hemoglobin,note\n")
	for i := 1; i <= 500; i++ {
		note := []string{"stable", "no complaints", "recheck in three months"}[i%3]
		switch i {
		case 77:
			note = "call Mr. Josef Quuxley"
		case 310:
			note = "MRN 4471902 was merged"
		case 499:
			note = `"seen March 4, 2024"`
		}
		fmt.Fprintf(&b, "S%03d,%d,%c,%s,%d.%d,%s\n", i, 30+i%50, "FM"[i%2], []string{"asthma", "gout", "lupus"}[i%3], 11+i%4, i%10, note)
	}
	path := saved(t, "study.csv", b.String())
	code, stdout, stderr := deidRun("file", path, "--check", "--report")
	want := []string{":78: row 78, column 6: a name", ":311: row 311, column 6: a medical record number", ":500: row 500, column 6: a date finer than a year"}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != exitFailed || len(lines) != len(want) || !strings.Contains(stderr, "3 place(s) identify") {
		t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
	}
	for i, line := range lines {
		if !strings.HasSuffix(line, want[i]) {
			t.Errorf("got %s, want %s", line, want[i])
		}
	}
	code, stdout, _ = deidRun("file", path, "--check", "--json")
	var report struct {
		Findings map[string]int
		Places   []struct{ Row, Column int }
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != exitFailed {
		t.Fatalf("exit code %d, %v", code, err)
	}
	if p := report.Places; len(p) != 3 || p[0].Row != 78 || p[0].Column != 6 || report.Findings["NAME"] != 1 {
		t.Errorf("the report is %s", stdout)
	}
	if strings.Contains(stdout, "Quuxley") || strings.Contains(stdout, "4471902") {
		t.Errorf("the report repeats the table: %s", stdout)
	}
	// A name counts as well (DLP-16).
	named := filepath.Join(filepath.Dir(path), "SSN_123-45-6789.txt")
	if err := os.WriteFile(named, []byte("fine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, _ := deidRun("file", named, "--check"); code != exitFailed || !strings.Contains(stdout, "the file's name: a national identity number") {
		t.Errorf("an identifier in the name of a file: exit code %d, %s", code, stdout)
	}
	clean := filepath.Join(filepath.Dir(path), "clean.csv")
	if code, _, stderr := deidRun("file", path, "-o", clean); code != 0 {
		t.Fatal(stderr)
	}
	if code, stdout, stderr := deidRun("file", clean, "--check"); code != 0 || stdout != "" {
		t.Errorf("after concealment: exit code %d, %s%s", code, stdout, stderr)
	}
	if code, _, _ := deidRun("file", path, "--check", "-o", clean); code != exitMisuse {
		t.Errorf("--check with --out: exit code %d", code)
	}
}

// A blank form may leave, the same form with somebody in it may not (DLP-18).
func TestAFilledFormIsToldFromABlankOne(t *testing.T) {
	form := func(answers ...string) string {
		var rows strings.Builder
		for i, label := range []string{"Patient name:", "Date of birth:", "Phone:", "I consent to surgery"} {
			rows.WriteString("<w:tr>")
			for _, cell := range []string{label, answers[i]} {
				rows.WriteString("<w:tc><w:p><w:r><w:t>" + cell + "</w:t></w:r></w:p></w:tc>")
			}
			rows.WriteString("</w:tr>")
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range map[string]string{
			"[Content_Types].xml": `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
			"_rels/.rels":         `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`,
			"word/document.xml":   `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Consent form</w:t></w:r></w:p><w:tbl>` + rows.String() + `</w:tbl></w:body></w:document>`,
		} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return saved(t, "form.docx", b.String())
	}
	if code, stdout, stderr := deidRun("file", form("", "", "", ""), "--check"); code != 0 || stdout != "" {
		t.Errorf("blank: exit code %d, %s%s", code, stdout, stderr)
	}
	code, stdout, _ := deidRun("file", form("Zyx Quux", "1957-04-03", "541-555-0146", "Zyx Quux"), "--check")
	if code != exitFailed || strings.Count(stdout, "\n") != 4 || !strings.Contains(stdout, "document, table 1, row 1, column 2: a name") {
		t.Errorf("filled: exit code %d\n%s", code, stdout)
	}
}

func TestTwoRunsDoNotWriteIntoOneFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	one, err := openManifest(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := one.add(entry{In: "a", Out: "a"}); err != nil {
		t.Fatal(err)
	}
	if _, err := openManifest(path); err == nil || !strings.Contains(err.Error(), "another run is writing") {
		t.Errorf("a second run: %v", err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	two, err := openManifest(path)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	defer two.Close()
	if two.placeOf("a") != "a" {
		t.Error("what the first has done is forgotten")
	}
}
