package pdf_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/go-pdf/fpdf"
	peer "github.com/ledongthuc/pdf"

	"chaperone/deid/format/pdf"
)

// letter is a letter to a patient, as a library of somebody else's writes it.
func letter(t *testing.T) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "Letter", "")
	p.SetTitle("Letter to Jane Quimby", true)
	p.SetAuthor("Dr. Quimby", false)
	p.SetSubject("Visit", false)
	p.SetHeaderFunc(func() {
		p.SetFont("Courier", "", 8)
		p.CellFormat(0, 5, "Quimby, Jane   MRN 44556677", "", 1, "R", false, 0, "")
	})
	p.AddPage()
	p.SetFont("Helvetica", "B", 16)
	p.Cell(40, 10, "Jane Quimby")
	p.Ln(12)
	p.SetFont("Times", "", 12)
	p.MultiCell(60, 5, "Dear Mrs. Quimby, your visit on 3 March went well. Please call (555) 010-4477 and ask for the nurse; "+
		"give your number 44556677, or say that you are Jane Quimby.", "", "J", false)
	p.SetFont("Helvetica", "I", 10)
	for _, row := range [][2]string{{"Patient", "Jane Quimby"}, {"Result", "normal"}} {
		p.CellFormat(40, 7, row[0], "1", 0, "L", false, 0, "")
		p.CellFormat(60, 7, row[1], "1", 1, "L", false, 0, "https://x.example/quimby")
	}
	p.TransformBegin()
	p.TransformRotate(90, 150, 200)
	p.Text(150, 200, "Turned: Quimby")
	p.TransformEnd()
	p.AddPage()
	p.SetFont("ZapfDingbats", "", 12)
	p.Cell(10, 10, "4")
	p.Bookmark("Quimby", 0, 0)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// DLP-16, over a writer and a reader that share nothing with the package.
func TestALetterOfAnotherWriterIsCleanToAnotherReader(t *testing.T) {
	f := read(t, letter(t), pdf.Options{})
	if got := pageTexts(f); !strings.Contains(got, "Patient   Jane Quimby") ||
		!strings.Contains(strings.Join(strings.Fields(got), " "), "or say that you are Jane Quimby.") {
		t.Errorf("read as %q", got)
	}
	out := redact(t, f, quimby, "NAME-7K2QAX")
	mustNotHold(t, out, "Quimby", "quimby", "uimb")
	r, err := peer.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatalf("another reader: %v", err)
	}
	plain, err := r.GetPlainText()
	if err != nil {
		t.Fatalf("another reader: %v", err)
	}
	said, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	text := string(said)
	if quimby.MatchString(text) || strings.Count(text, "NAME-7K2QAX") < 6 || !strings.Contains(text, "normal") {
		t.Errorf("another reader reads %q", text)
	}
	if seen := others(t, out); seen != "" && (quimby.MatchString(seen) || strings.Count(seen, "NAME-7K2QAX") < 6) {
		t.Errorf("another program reads %q", seen)
	}
}
