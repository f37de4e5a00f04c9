package format_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"chaperone/deid/format"
	"chaperone/phi"

	"github.com/google/go-cmp/cmp"
)

func TestDetectLooksAtTheContentFirst(t *testing.T) {
	for name, c := range map[string]struct {
		file, head string
		want       format.Name
	}{
		"HL7 v2 in a text file":              {"a.txt", "MSH|^~\\&|A|B", format.HL7v2},
		"HL7 v2 after its mark":              {"", "\x0bMSH|^~\\&|A|B", format.HL7v2},
		"C-CDA":                              {"a", "<?xml version=\"1.0\"?><ClinicalDocument/>", format.XML},
		"JSON without a name":                {"", " {\"a\": 1}", format.JSON},
		"JSON lines without a name":          {"", "{\"a\": 1}\n{\"a\": 2}\n", format.NDJSON},
		"Markdown that begins with brackets": {"a.md", "[x](y)", format.Markdown},
		"HTML":                               {"", "<!DOCTYPE html><p>", format.HTML},
		"a message":                          {"", "From: a@b\nTo: c@d\nSubject: x\n\nhi", format.Mail},
		"a table by its tabs":                {"", "a\tb\tc\n1\t2\t3\n4\t5\t6\n", format.TSV},
		"a table by its name":                {"A.CSV", "a,b\n", format.CSV},
		"YAML by its name":                   {"a.yml", "a: b", format.YAML},
		"a letter":                           {"letter", "Dear Dr. Jones,\nI saw her.\n", format.Text},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := format.Detect(c.file, []byte(c.head))
			if err != nil || got != c.want {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestWhatCannotBeInspectedIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, head string }{
		"an archive":                   {"a.txt", "PK\x03\x04"},
		"an old office document":       {"a.docx", "\xD0\xCF\x11\xE0"},
		"a picture with a text's name": {"note.txt", "\x89PNG\r\n"},
		"a binary with a text's name":  {"note.txt", "abc\x00def"},
		"a spreadsheet by its name":    {"a.xlsb", "abc"},
	} {
		t.Run(name, func(t *testing.T) {
			var closed *format.Uninspectable
			if _, err := format.Detect(c.file, []byte(c.head)); !errors.As(err, &closed) {
				t.Errorf("got %v", err)
			}
			if _, err := format.NewReader(strings.NewReader(c.head), c.file, ""); !errors.As(err, &closed) {
				t.Errorf("the reader says %v", err)
			}
		})
	}
}

// Faults name a line and never the text.
func TestFaultsNameTheirPlaceAndRepeatNothing(t *testing.T) {
	for name, c := range map[string]struct {
		format format.Name
		text   string
		want   string
	}{
		"JSON":              {format.JSON, "{\"a\": \"Quux\",\n \"b\": Quux}", "json: line 2: byte 20: a value is missing"},
		"JSON lines":        {format.NDJSON, "{}\n{\"a\" \"Quux\"}\n", "ndjson: line 2: byte 5: a colon is missing"},
		"XML":               {format.XML, "<a>\n<b>Quux</c></a>", "xml: line 2: byte 11: a closing tag does not match"},
		"entities":          {format.XML, "<!DOCTYPE a [<!ENTITY q \"Quux\">]><a>&q;</a>", "xml: line 1: byte 0: it defines entities of its own, which are not read: save it without its document type"},
		"HL7 v2":            {format.HL7v2, "PID|||Quux", "hl7v2: line 1: segment 1: it stands before any header"},
		"X12":               {format.X12, "ISA*Quux~", "x12: line 1: it does not begin with a whole ISA segment"},
		"a table":           {format.CSV, "a,b\n1,\"Quux\n", "csv: line 2: row 2, column 2: a quote is not closed"},
		"an unknown format": {"abc", "Quux", "abc: there is no such format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := format.Parse(c.format, []byte(c.text))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A long document is read in pieces that together are the document, and rows,
// lines and headers go on from piece to piece.
func TestLongDocumentsAreReadInPieces(t *testing.T) {
	var csv, ndjson, hl7, text strings.Builder
	csv.WriteString("mrn,weight,note\n")
	for i := range 20000 {
		fmt.Fprintf(&csv, "%07d,%d.5,\"a \"\"note\"\"\nin two lines\"\n", 4000000+i, i%90)
		fmt.Fprintf(&ndjson, "{\"mrn\": \"%07d\", \"weight\": %d.5}\n", 4000000+i, i%90)
		fmt.Fprintf(&hl7, "MSH|^~\\&|A|B\rPID|||%07d\rNTE|1||fine\r", 4000000+i)
		fmt.Fprintf(&text, "Line %d of a long letter about nothing in particular.\n", i)
	}
	for name, whole := range map[format.Name]string{
		format.CSV: csv.String(), format.NDJSON: ndjson.String(), format.HL7v2: hl7.String(), format.Text: text.String(),
	} {
		t.Run(string(name), func(t *testing.T) {
			r, err := format.NewReader(iotest.HalfReader(strings.NewReader(whole)), "", name)
			if err != nil {
				t.Fatal(err)
			}
			pieces, err := readAll(r)
			if err != nil {
				t.Fatal(err)
			}
			var again bytes.Buffer
			records := 0
			for _, p := range pieces {
				again.Write(p.Bytes())
				for l := range p.Loci() {
					if l.Kind == phi.Record || l.Label == "mrn" {
						records++
					}
				}
			}
			if len(pieces) < 3 || again.String() != whole {
				t.Errorf("%d pieces of %d bytes, of %d", len(pieces), again.Len(), len(whole))
			}
			if name != format.Text && records < 20000 {
				t.Errorf("%d records were found", records)
			}
		})
	}
}

// The report of a table says row and column (DLP-17).
func TestATableIsReportedByRowAndColumn(t *testing.T) {
	d := newDesk(t)
	raw := "id,mrn,note\n1,4471902,fine\n2,,\"see\nMr. John Smith\"\n"
	r, err := format.NewReader(strings.NewReader(raw), "a.csv", "")
	if err != nil {
		t.Fatal(err)
	}
	var got []format.Place
	if err := d.hide.Copy(io.Discard, r, func(p format.Place) { got = append(got, p) }); err != nil {
		t.Fatal(err)
	}
	want := []format.Place{
		{Path: "row 2, column 2", Line: 2, Row: 2, Column: 2, Kind: phi.Record},
		{Path: "row 3, column 3", Line: 3, Row: 3, Column: 3, Kind: phi.Name},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Paths are made of the format's words and numbers, never of the document's.
func TestPathsHoldNoWordOfTheDocument(t *testing.T) {
	for name, s := range stories() {
		for l := range newDesk(t).parse(s.format, []byte(s.text)).Loci() {
			for _, w := range s.gone {
				if len(w) > 3 && strings.Contains(l.Path, w) {
					t.Errorf("%s: a path holds %q", name, w)
				}
			}
			if l.Line < 1 || l.Line > strings.Count(s.text, "\n")+1 {
				t.Errorf("%s: %s is on line %d", name, l.Path, l.Line)
			}
		}
	}
}

type noRandomness struct{}

func (noRandomness) Read([]byte) (int, error) { return 0, errors.New("there is none") }

func TestWithoutRandomnessNothingIsWritten(t *testing.T) {
	e, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	hide := newConcealer(e, noRandomness{})
	out, err := hide.Conceal(newDesk(t).parse(format.Text, []byte("Mr. John Smith")), nil)
	if err == nil || out != nil {
		t.Errorf("got %q, %v", out, err)
	}
}
