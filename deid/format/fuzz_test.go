package format_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"chaperone/deid/format"
)

// fuzz demands of a format that no bytes stop its reader, that a document
// without edits is the same bytes, that every locus has its place, and that
// each can be replaced and the result still be read.
func fuzz(f *testing.F, name format.Name) {
	for _, s := range stories() {
		if s.format == name {
			f.Add([]byte(s.text))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := format.Parse(name, raw)
		if err != nil {
			return
		}
		loci := 0
		same, _ := d.Rewrite(func(l format.Locus) []format.Edit {
			if l.Line < 1 {
				t.Fatalf("%s has no line", l.Path)
			}
			if l.Form == format.FormFree {
				loci++
			}
			return nil
		})
		if !bytes.Equal(same, raw) {
			t.Fatalf("the document changed although nothing was replaced")
		}
		if name == format.CSV {
			return // its delimiter is a guess by counts, and another text may change it
		}
		// Putting every text in its own place says the same.
		again, _ := d.Rewrite(func(l format.Locus) []format.Edit { return []format.Edit{{Start: 0, End: len(l.Text), Text: l.Text}} })
		if _, err := format.Parse(name, again); err != nil {
			t.Fatalf("%v after each text was put in its own place: %q", err, again)
		}
		out, _ := d.Rewrite(func(l format.Locus) []format.Edit {
			if l.Form != format.FormFree {
				return nil // a placeholder never takes the place of what has a form
			}
			from := len(l.Text) / 2
			for from > 0 && !utf8.RuneStart(l.Text[from]) {
				from--
			}
			return []format.Edit{{Start: from, End: len(l.Text), Text: "NAME-7K2QAX"}}
		})
		_, err = format.Parse(name, out)
		if err != nil {
			t.Fatalf("%v after concealing: %q", err, out)
		}
		if loci > 0 && bytes.Equal(out, raw) && !bytes.Contains(raw, []byte("NAME-7K2QAX")) {
			t.Fatalf("nothing was replaced")
		}
	})
}

func FuzzJSON(f *testing.F)     { fuzz(f, format.JSON) }
func FuzzNDJSON(f *testing.F)   { fuzz(f, format.NDJSON) }
func FuzzXML(f *testing.F)      { fuzz(f, format.XML) }
func FuzzHTML(f *testing.F)     { fuzz(f, format.HTML) }
func FuzzHL7v2(f *testing.F)    { fuzz(f, format.HL7v2) }
func FuzzX12(f *testing.F)      { fuzz(f, format.X12) }
func FuzzCSV(f *testing.F)      { fuzz(f, format.CSV) }
func FuzzTSV(f *testing.F)      { fuzz(f, format.TSV) }
func FuzzYAML(f *testing.F)     { fuzz(f, format.YAML) }
func FuzzMarkdown(f *testing.F) { fuzz(f, format.Markdown) }
func FuzzMail(f *testing.F)     { fuzz(f, format.Mail) }
func FuzzText(f *testing.F)     { fuzz(f, format.Text) }
