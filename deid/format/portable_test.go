package format_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-pdf/fpdf"

	"chaperone/deid/format"
)

// page is a PDF of one page with these lines.
func page(t testing.TB, lines ...string) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "Letter", "")
	p.SetCompression(false)
	p.SetAuthor("Dr. Rose Quux", true)
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	for _, l := range lines {
		p.Cell(0, 10, l)
		p.Ln(10)
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// words are all texts of a document.
func (d *desk) words(name format.Name, raw []byte) string {
	d.t.Helper()
	var b strings.Builder
	for l := range d.parse(name, raw).Loci() {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

func TestAPDFIsConcealedAndComesBack(t *testing.T) { // DLP-16
	d := newDesk(t)
	raw := page(t, "Patient: Rose Quux   MRN: 4471902", "Lisinopril 10 mg daily.")
	if name, err := format.Detect("a.txt", raw); name != format.PDF || err != nil {
		t.Fatalf("it is taken for %s, %v", name, err)
	}
	out, err := d.hide.Conceal(d.parse(format.PDF, raw), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"Quux", "4471902"} {
		if bytes.Contains(out, []byte(gone)) || strings.Contains(d.words(format.PDF, out), gone) {
			t.Errorf("%s stays", gone)
		}
	}
	if w := d.words(format.PDF, out); !strings.Contains(w, "Lisinopril 10 mg daily.") {
		t.Errorf("what identifies nobody is gone: %q", w)
	}
	if w := d.words(format.PDF, d.reveal(format.PDF, out)); !strings.Contains(w, "Rose Quux") || !strings.Contains(w, "4471902") {
		t.Errorf("it comes back as %q", w)
	}
}

func TestAPDFWithinADocumentIsRead(t *testing.T) { // DLP-16
	d := newDesk(t)
	raw := page(t, "Patient: Rose Quux   MRN: 4471902")
	data := base64.StdEncoding.EncodeToString(raw)
	resource := `{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"` + data + `"}}]}`
	out := d.conceal(format.JSON, []byte(resource))
	var ref struct {
		Content []struct {
			Attachment struct{ Data []byte }
		}
	}
	if err := json.Unmarshal(out, &ref); err != nil {
		t.Fatal(err)
	}
	held := ref.Content[0].Attachment.Data
	if w := d.words(format.PDF, held); strings.Contains(w, "Quux") || strings.Contains(w, "4471902") || !strings.Contains(w, "NAME-") {
		t.Errorf("the attachment holds %q", w)
	}
}

func TestAPDFThatCannotBeReadIsRefused(t *testing.T) { // DLP-16
	p := fpdf.New("P", "mm", "Letter", "")
	p.SetProtection(0, "", "owner")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Cell(0, 10, "Rose Quux")
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		t.Fatal(err)
	}
	var closed *format.Uninspectable
	if _, err := format.Parse(format.PDF, out.Bytes()); !errors.As(err, &closed) || !strings.Contains(closed.What, "encrypted") || strings.Contains(err.Error(), "Quux") {
		t.Errorf("got %v", err)
	}
	var fault *format.Fault
	if _, err := format.Parse(format.PDF, []byte("%PDF-1.7\nRose Quux")); !errors.As(err, &fault) || strings.Contains(err.Error(), "Quux") {
		t.Errorf("got %v", err)
	}
}
