package gateway_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-pdf/fpdf"

	"chaperone/deid/format"
)

// TestAPDFGoesOutWithoutItsIdentifiers_DLP16 sends a PDF in base64: Claude gets
// one that reads the same but for who it is about.
func TestAPDFGoesOutWithoutItsIdentifiers_DLP16(t *testing.T) {
	p := fpdf.New("P", "mm", "Letter", "")
	p.SetAuthor("Dr. Otilia Marchbanks", true)
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Cell(0, 10, "Patient: Otilia Marchbanks, MRN: 4471902.")
	p.Ln(10)
	p.Cell(0, 10, "Lisinopril 10 mg daily.")
	var raw bytes.Buffer
	must(t, p.Output(&raw))

	h := newHouse(t, plan{})
	var sent struct {
		Messages []struct {
			Content []struct {
				Source struct{ Data []byte }
			}
		}
	}
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		must(t, json.NewDecoder(r.Body).Decode(&sent))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Noted."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`)
	}
	body := `{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"` +
		base64.StdEncoding.EncodeToString(raw.Bytes()) + `"}},{"type":"text","text":"Summarize."}]}]}`
	if w := h.send(http.MethodPost, "/v1/messages", body); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	doc, err := format.Parse(format.PDF, sent.Messages[0].Content[0].Source.Data)
	must(t, err)
	var words strings.Builder
	for l := range doc.Loci() {
		words.WriteString(l.Text + "\n")
	}
	for _, gone := range []string{"Marchbanks", "Otilia", "4471902"} {
		if strings.Contains(words.String(), gone) || bytes.Contains(doc.Bytes(), []byte(gone)) {
			t.Errorf("%s left in the PDF", gone)
		}
	}
	if !strings.Contains(words.String(), "Lisinopril 10 mg daily.") || !strings.Contains(words.String(), "NAME-") {
		t.Errorf("Claude was sent %q", words.String())
	}
}
