package format_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/deid/format"
)

// cdaFacts collects what identifies in a CDA document with the standard
// library's parser and rules of its own; ok is false if the text is not XML to
// that parser.
func cdaFacts(raw []byte) (facts []string, elements int, ok bool) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict = true
	var path []string
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return facts, elements, true
		}
		if err != nil {
			return nil, 0, false
		}
		switch e := tok.(type) {
		case xml.StartElement:
			elements++
			path = append(path, e.Name.Local)
			facts = append(facts, cdaAttributes(e)...)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			text := strings.TrimSpace(string(e))
			if len(path) < 2 || text == "" {
				continue
			}
			last, parent := path[len(path)-1], path[len(path)-2]
			switch {
			case parent == "name" && (last == "given" || last == "family"),
				parent == "addr" && (last == "streetAddressLine" || last == "city" || last == "postalCode" || last == "county"),
				last == "name" && (parent == "patient" || strings.HasSuffix(parent, "Person")):
				facts = append(facts, text)
			}
		}
	}
}

func cdaAttributes(e xml.StartElement) []string {
	get := func(name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	switch e.Name.Local {
	case "id", "setId":
		return []string{get("extension")}
	case "telecom":
		v := get("value")
		return []string{strings.TrimLeft(v[strings.IndexByte(v, ':')+1:], "/")}
	case "birthTime", "effectiveTime", "time", "low", "high":
		if v := get("value"); get("unit") == "" && len(v) >= 4 && v[:4] < "2200" {
			return []string{v}
		}
	}
	return nil
}

func TestEveryIdentifierOfTheCDASamplesIsConcealed(t *testing.T) {
	for _, folder := range []string{"ccda", "ccda-examples"} {
		t.Run(folder, func(t *testing.T) {
			files, skipped, values, leaks := 0, 0, 0, 0
			eachFile(t, dataDir(t, filepath.Join("structured", folder)), func(path string, raw []byte) {
				ext := filepath.Ext(path)
				if ext != ".xml" && ext != ".ccda" {
					return
				}
				facts, elements, ok := cdaFacts(raw)
				if !ok {
					skipped++
					return
				}
				files++
				d := newDesk(t)
				out := d.conceal(format.XML, raw)
				now, after, ok := cdaFacts(out)
				if !ok || after != elements {
					t.Errorf("%s does not parse as before", path)
				}
				n, l := compare(t, path, facts, now, out)
				values, leaks = values+n, leaks+l
				back, _, _ := cdaFacts(d.reveal(format.XML, out))
				comesBack(t, path, facts, back)
			})
			t.Logf("%s: %d files (%d not XML), %d identifier values, %d leaks", folder, files, skipped, values, leaks)
		})
	}
}
