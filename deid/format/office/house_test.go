package office_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/format/office"
)

// entry is one file of an archive.
type entry struct{ name, text string }

// pack makes an archive.
func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpack reads an archive.
func unpack(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[e.Name] = string(text)
	}
	return parts
}

const (
	typesHead = `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>`
	relsHead  = `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	relType   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	wordNS    = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"`
	sheetNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	slideNS   = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// rels makes a list of relationships: "kind target" or "kind target External".
func rels(lines ...string) string {
	var b strings.Builder
	b.WriteString(relsHead)
	for i, l := range lines {
		f := strings.SplitN(l, " ", 3)
		mode := ""
		if len(f) == 3 {
			mode = ` TargetMode="` + f[2] + `"`
		}
		b.WriteString(`<Relationship Id="rId` + string(rune('1'+i)) + `" Type="` + relType + f[0] + `" Target="` + strings.ReplaceAll(f[1], "~", " ") + `"` + mode + `/>`)
	}
	return b.String() + `</Relationships>`
}

// types makes the list of content types: "part type".
func types(lines ...string) string {
	var b strings.Builder
	b.WriteString(typesHead)
	for _, l := range lines {
		name, kind, _ := strings.Cut(l, " ")
		b.WriteString(`<Override PartName="` + name + `" ContentType="application/vnd.` + kind + `+xml"/>`)
	}
	return b.String() + `</Types>`
}

// word makes a word processor document with a body and whatever else is given.
func word(t testing.TB, body string, more ...entry) []byte {
	t.Helper()
	all := append([]entry{
		{"[Content_Types].xml", types("/word/document.xml openxmlformats-officedocument.wordprocessingml.document.main")},
		{"_rels/.rels", rels("officeDocument word/document.xml")},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`},
	}, more...)
	return pack(t, all...)
}

func read(t testing.TB, raw []byte) *office.File {
	t.Helper()
	f, err := office.Read(raw, office.Limits{})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return f
}

// texts are the texts of a document by their paths; those of one path follow
// each other.
func texts(f *office.File) map[string]string {
	m := map[string]string{}
	for _, t := range f.Texts() {
		if m[t.Path] != "" {
			m[t.Path] += "|"
		}
		m[t.Path] += t.Text
	}
	return m
}

// hide replaces words wherever a text has them, and demands that the result can
// be read, is well formed and holds no word any more.
func hide(t testing.TB, raw []byte, words ...string) []byte {
	t.Helper()
	f := read(t, raw)
	re := regexp.MustCompile(`(?i)` + strings.Join(words, "|"))
	out, err := f.Rewrite(func(i int) []office.Edit {
		var edits []office.Edit
		for _, m := range re.FindAllStringIndex(f.Texts()[i].Text, -1) {
			edits = append(edits, office.Edit{Start: m[0], End: m[1], Text: "NAME-7K2QAX"})
		}
		return edits
	})
	if err != nil {
		t.Fatalf("rewrite: %v", err)
	}
	for name, text := range parts(t, out) {
		if at := re.FindStringIndex(name + "\n" + text); at != nil {
			t.Errorf("%s still holds one of the words:\n%s", name, text)
		}
	}
	if _, err := office.Read(out, office.Limits{}); err != nil {
		t.Errorf("what was written cannot be read: %v", err)
	}
	return out
}

// parts unpacks what was written, and demands that every part of XML is well
// formed and that every relationship leads to a part that is there.
func parts(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	if bytes.HasPrefix(raw, []byte(`{\rtf`)) {
		return map[string]string{"document": string(raw)}
	}
	all := unpack(t, raw)
	for name, text := range all {
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
			wellFormed(t, name, text)
		}
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		base := path.Dir(path.Dir(name))
		for _, m := range regexp.MustCompile(`<Relationship [^>]*>`).FindAllString(text, -1) {
			target := regexp.MustCompile(`Target="([^"]*)"`).FindStringSubmatch(m)
			if strings.Contains(m, "External") || target == nil {
				continue
			}
			to := path.Join(base, target[1])
			if strings.HasPrefix(target[1], "/") {
				to = target[1][1:]
			}
			if _, ok := all[to]; !ok {
				t.Errorf("%s leads to %s, which is not there", name, to)
			}
		}
	}
	return all
}

func wellFormed(t testing.TB, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s is not well formed: %v\n%s", name, err, text)
			return
		}
	}
}
