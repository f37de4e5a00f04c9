package pdf

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText reads a string that is text: UTF-16 or UTF-8 with a mark, else the
// format's own one-byte table.
func plainText(t text) string {
	switch {
	case len(t) >= 2 && (t[0] == 0xfe && t[1] == 0xff || t[0] == 0xff && t[1] == 0xfe):
		hi, lo := 0, 1
		if t[0] == 0xff {
			hi, lo = 1, 0
		}
		u := make([]uint16, 0, len(t)/2)
		for i := 2; i+1 < len(t); i += 2 {
			u = append(u, uint16(t[i+hi])<<8|uint16(t[i+lo]))
		}
		return string(utf16.Decode(u))
	case len(t) >= 3 && t[0] == 0xef && t[1] == 0xbb && t[2] == 0xbf:
		return strings.ToValidUTF8(string(t[3:]), "\ufffd")
	}
	var b strings.Builder
	for _, c := range t {
		s := glyphText(encodings()["PDFDocEncoding"][c])
		if s == "" {
			s = " "
			if c == '\n' || c == '\r' {
				s = "\n"
			}
		}
		b.WriteString(s)
	}
	return b.String()
}

// asText writes a string for a dictionary.
func asText(s string) text {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf && (s[i] >= ' ' || s[i] == '\n')
	}
	if ascii {
		return text(s)
	}
	out := text{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// maxAround is how many texts may stand around the pages.
const maxAround = 200_000

// addText notes a text that stands around the pages.
func (f *File) addText(path, label string, o any, info name, gone bool) {
	t, ok := f.d.resolve(o).(text)
	s, isStream := f.d.resolve(o).(*stream)
	if isStream {
		t, ok = f.d.decode(s)
	}
	if !ok || len(t) == 0 {
		return
	}
	if len(f.texts) >= maxAround {
		f.d.fail(tooMuch("it has too many fields and notes"))
		return
	}
	said := plainText(t)
	if isStream && utf8.Valid(t) {
		said = string(t)
	}
	if n := len(f.texts); n > 0 && f.texts[n-1].Path == path && f.texts[n-1].Text.Text == said {
		return // as the default value of a field often is
	}
	f.texts = append(f.texts, entryText{Text: Text{Path: path, Label: label, Text: said, Gone: gone}, info: info})
}

// infoKeys are what of the document information goes into the new file.
var infoKeys = []name{"Title", "Subject", "Author", "Keywords"}

// readAround reads what stands around the pages, and notes what will be left
// out.
func (f *File) readAround() {
	info := f.d.dict(f.d.trailer["Info"])
	for _, k := range infoKeys {
		f.addText("document information, "+string(k), string(k), info[k], k, false)
	}
	others := 0
	for _, k := range sortedKeys(info) {
		switch k {
		case "Title", "Subject", "Author", "Keywords", "Producer", "CreationDate", "ModDate", "Trapped":
		default:
			others++
			f.addText(fmt.Sprintf("document information, entry %d", others), string(k), info[k], "", true)
		}
	}
	root := f.d.dict(f.d.trailer["Root"])
	if s := f.d.stream(root["Metadata"]); s != nil {
		f.addText("metadata", "", s, "", true)
		f.leave("the metadata")
	}
	names := f.d.dict(root["Names"])
	if n := f.embedded(names["EmbeddedFiles"], map[int]bool{}, 0); n > 0 {
		f.leave(fmt.Sprintf("%d embedded files, which were not looked into", n))
	}
	if names["JavaScript"] != nil || root["OpenAction"] != nil || root["AA"] != nil {
		f.leave("scripts and actions")
	}
	if n := f.outline(root["Outlines"]); n > 0 {
		f.leave(fmt.Sprintf("%d bookmarks", n))
	}
	if root["StructTreeRoot"] != nil {
		f.leave("the structure for screen readers")
	}
	f.readFields(root)
}

func (f *File) leave(what string) { f.left = append(f.left, what) }

// embedded reads the names of embedded files.
func (f *File) embedded(o any, seen map[int]bool, depth int) int {
	v := f.d.dict(o)
	num, ok := f.d.target(o)
	if v == nil || ok && seen[num] || depth > maxDepth {
		return 0
	}
	seen[num] = ok
	n := 0
	for _, k := range f.d.array(v["Kids"]) {
		n += f.embedded(k, seen, depth+1)
	}
	names := f.d.array(v["Names"])
	for i := 1; i < len(names); i += 2 {
		spec := f.d.dict(names[i])
		n++
		path := fmt.Sprintf("embedded file %d", n)
		f.addText(path, "file name", firstOf(spec, "UF", "F"), "", true)
		f.addText(path, "description", spec["Desc"], "", true)
	}
	return n
}

func firstOf(v dict, keys ...name) any {
	for _, k := range keys {
		if v[k] != nil {
			return v[k]
		}
	}
	return nil
}

// outline reads the titles of bookmarks.
func (f *File) outline(o any) int {
	n := 0
	seen := map[int]bool{}
	todo := []any{f.d.dict(o)["First"]}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		num, ok := f.d.target(at)
		v := f.d.dict(at)
		if v == nil || !ok || seen[num] {
			continue
		}
		seen[num] = true
		n++
		f.addText(fmt.Sprintf("bookmark %d", n), "", v["Title"], "", true)
		todo = append(todo, v["Next"], v["First"])
	}
	return n
}

// readFields reads the values of form fields under their names.
func (f *File) readFields(root dict) {
	form := f.d.dict(root["AcroForm"])
	seen := map[int]bool{}
	fields, signed := 0, false
	var visit func(o any, above string, depth int)
	visit = func(o any, above string, depth int) {
		num, ok := f.d.target(o)
		v := f.d.dict(o)
		if v == nil || ok && seen[num] || depth > maxDepth {
			return
		}
		seen[num] = ok
		label := above
		if t, ok := f.d.resolve(firstOf(v, "TU", "T")).(text); ok {
			label = strings.TrimSpace(plainText(t))
		}
		if f.d.resolve(v["FT"]) == name("Sig") {
			signed = true
		}
		if v["V"] != nil || v["DV"] != nil {
			fields++
			path := fmt.Sprintf("form field %d", fields)
			for _, k := range []name{"V", "DV", "RV"} {
				f.addText(path, label, v[k], "", true)
				for _, o := range f.d.array(v[k]) {
					f.addText(path, label, o, "", true)
				}
			}
		}
		for _, k := range f.d.array(v["Kids"]) {
			visit(k, label, depth+1)
		}
	}
	for _, o := range f.d.array(form["Fields"]) {
		visit(o, "", 0)
	}
	if fields > 0 {
		f.leave("form fields: what they show becomes part of the page")
	}
	if signed {
		f.leave("the signatures")
	}
	if form["XFA"] != nil {
		f.leave("the XFA form")
	}
}
