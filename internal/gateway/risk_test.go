package gateway_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"chaperone/deid/risk"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// The policy names categories in words of its own, because rooms do not know
// each other. They are the detector's words, in its order.
func TestThePolicySpeaksOfTheCategoriesThatAreFound_DLP11(t *testing.T) {
	var found, spoken []string
	for _, c := range risk.AllCategories() {
		found = append(found, string(c))
	}
	for _, c := range policy.Categories() {
		spoken = append(spoken, string(c))
	}
	if fmt.Sprint(found) != fmt.Sprint(spoken) || risk.SmallCrowd != policy.SmallCrowd {
		t.Errorf("found are %v, spoken of are %v", found, spoken)
	}
}

// What the caller knows of the patient is looked for and is nowhere else: not
// with Claude, not in a log, not in the record, not at rest.
func TestTheRosterGoesNowhere(t *testing.T) {
	const known = "Quintanarwebb"
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"names":["Marisol ` + known + `"],"identifiers":["77QX120"]}`))
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("fine"))
	w := h.send(http.MethodPost, "/v1/messages", ask("is warfarin safe for marisol?"), "X-Chaperone-Roster", header)
	if w.Code != http.StatusOK || strings.Contains(string(h.upstream.last().body), "marisol") {
		t.Fatalf("%d %s, Claude saw %s", w.Code, w.Body, h.upstream.last().body)
	}
	full := h.shown(w)
	record, err := json.Marshal(full)
	must(t, err)
	places := map[string][]byte{
		"the call": fmt.Append(h.upstream.last().body, h.upstream.last().header), "the log": []byte(h.logs.String()),
		"the facts of the record": record, "what was received": full.Intent.Content["received"], "what was sent": full.Intent.Content["sent"],
	}
	h.shut()
	h.eachFile(func(name string, raw []byte) { places[name] = raw })
	if len(places) < 10 {
		t.Errorf("only %d places were looked into", len(places))
	}
	for place, raw := range places {
		for _, trace := range []string{known, strings.ToLower(known), "77QX120", header} {
			if bytes.Contains(raw, []byte(trace)) {
				t.Errorf("%s holds what the caller knows", place)
			}
		}
	}
}

// A roster is of one request: who is known in one is not known in the next.
func TestARosterIsForOneRequest(t *testing.T) {
	header := base64.StdEncoding.EncodeToString([]byte(`{"names":["Quintanarwebb"]}`))
	h := newHouse(t, plan{policy: "clinic-no-phi"})
	h.upstream.answer = h.answer(wholeAnswer("fine"))
	body := ask("any interactions between warfarin and quintanarwebb?")
	if w := h.send(http.MethodPost, "/v1/messages", body, "X-Chaperone-Roster", header); w.Code != http.StatusForbidden {
		t.Errorf("with the roster: %d", w.Code)
	}
	if w := h.send(http.MethodPost, "/v1/messages", body); w.Code != http.StatusOK {
		t.Errorf("without it: %d %s", w.Code, w.Body)
	}
}

func TestInspectionShowsWhatWouldBeLeft_DEI07(t *testing.T) {
	h := newHouse(t, plan{})
	w := h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":"My patient is 47, lives in rural Montana and has a rare genetic disorder."}`)
	var got gateway.Inspection
	must(t, json.Unmarshal(w.Body.Bytes(), &got))
	if got.Residual == nil || got.Residual.Crowd != 3 || got.Residual.Score < 0.8 || !got.Residual.Likely || got.Residual.Reasons[0].Kind != "crowd" {
		t.Errorf("left is %+v", got.Residual)
	}
	if !got.Identifies || got.Decision != "refused" || !strings.Contains(got.Next, "the age") || fmt.Sprint(got.Categories) != "[genetics]" {
		t.Errorf("got %+v", got)
	}
	w = h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":"Which drugs treat HIV?"}`)
	got = gateway.Inspection{}
	must(t, json.Unmarshal(w.Body.Bytes(), &got))
	if got.Residual != nil || got.Categories != nil || got.Decision != "clean" {
		t.Errorf("a question about a drug: %+v", got)
	}
}

// The preview of a document is what a request would send: by its fields.
func TestInspectionReadsDocumentsByTheirFields(t *testing.T) {
	h := newHouse(t, plan{})
	text, err := json.Marshal("Who is overdue?\n\npatient_name,mrn,a1c\nrue hazel,Q7731,9.1\nmoss fern,Q7732,6.2\n")
	must(t, err)
	w := h.send(http.MethodPost, "/v1/chaperone/inspect", `{"text":`+string(text)+`}`)
	var got gateway.Inspection
	must(t, json.Unmarshal(w.Body.Bytes(), &got))
	if !strings.Contains(got.Preview, "patient_name,mrn,a1c\nNAME-") || strings.Contains(got.Preview, "hazel") || !strings.Contains(got.Preview, ",9.1\n") {
		t.Errorf("the preview is %q", got.Preview)
	}
}

// DLP-16: a word processor document in base64 is opened and packed again: what
// Claude gets opens, and nobody is named in it.
func TestAWordDocumentInARequestIsConcealed_DLP16(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("For {{NAME:1}}: fine."))
	const media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	body := fmt.Sprintf(`{"model": "claude-sonnet-5", "max_tokens": 64, "messages": [{"role": "user", "content": [
	 {"type": "text", "text": "Patient: Mr. Ludo %s. What is new?"},
	 {"type": "document", "source": {"type": "base64", "media_type": "%s", "data": "%s"}}]}]}`,
		family, media, base64.StdEncoding.EncodeToString(wordDocument(t, "Mr. Ludo ", strings.ToLower(family), ", MRN: "+mrn+", has a cough.")))
	w := h.send(http.MethodPost, "/v1/messages", body)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), family) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var sent struct {
		Messages []struct {
			Content []struct{ Source struct{ Data []byte } }
		}
	}
	must(t, json.Unmarshal(h.upstream.last().body, &sent))
	text := openWord(t, sent.Messages[0].Content[1].Source.Data)
	noTrace(t, "the document that Claude got", []byte(text))
	if !strings.Contains(text, "NAME-") || !strings.Contains(text, "has a cough.") {
		t.Errorf("Claude got %q", text)
	}
}

// wordDocument packs one paragraph, each run of its text apart.
func wordDocument(t *testing.T, runs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t xml:space="preserve">` +
			strings.Join(runs, `</w:t></w:r><w:r><w:t xml:space="preserve">`) + `</w:t></w:r></w:p></w:body></w:document>`},
	} {
		p, err := z.Create(f[0])
		must(t, err)
		_, err = p.Write([]byte(f[1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// openWord is all that a packed document holds.
func openWord(t *testing.T, raw []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		all.Write(text)
	}
	return all.String()
}

// Definitions of tools describe tools. They are searched for identifiers, and
// describe no patient.
func TestDefinitionsOfToolsDescribeNobody(t *testing.T) {
	h := newHouse(t, plan{policy: "baa-direct", agreement: policy.Agreement{
		ID: "BAA-7", Signed: start.AddDate(0, -6, 0), Expires: start.AddDate(0, 6, 0), ApprovedBy: "privacy-officer", Gates: closedGates(),
	}})
	h.upstream.answer = h.answer(wholeAnswer("fine"))
	w := h.send(http.MethodPost, "/v1/messages",
		ask(note, `"tools": [{"name": "screen", "description": "Screens the patient, 47, for depression and HIV", "input_schema": {"type": "object"}}]`), inHeaders...)
	if w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if in := h.shown(w).Intent.Facts.Ruling; len(in.Categories) > 0 {
		t.Errorf("the record says that the request speaks of %v", in.Categories)
	}
}

// DLP-19: forty pages of a chart for one question are refused with what to send;
// the medication list alone goes, and so do forty pages about nobody.
func TestAWholeChartIsRefusedWithWhatToSend_DLP19(t *testing.T) {
	h := newHouse(t, plan{policy: "baa-direct", agreement: policy.Agreement{
		ID: "BAA-7", Signed: start.AddDate(0, -6, 0), Expires: start.AddDate(0, 6, 0), ApprovedBy: "privacy-officer", Gates: closedGates(),
	}})
	h.upstream.answer = h.answer(wholeAnswer("fine"))
	page := strings.Repeat("Seen for a cough. Lungs are clear, the blood pressure is 128/82. Continue as before. ", 36)
	for name, c := range map[string]struct {
		text string
		code string
	}{
		"the whole chart":     {"Any interactions? " + note + strings.Repeat(page, 40), "phi_not_allowed"},
		"the medication list": {"Any interactions? " + note + " Warfarin 5 mg, amiodarone 200 mg.", ""},
		"a book":              {"Summarize. " + strings.Repeat(page, 40), ""},
	} {
		w := h.send(http.MethodPost, "/v1/messages", ask(c.text), inHeaders...)
		if c.code == "" {
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
			continue
		}
		if e := wantError(t, w, http.StatusForbidden, c.code); !strings.Contains(e.Error.Message, "medication list") {
			t.Errorf("%s: %s", name, e.Error.Message)
		}
	}
}

// Text that is too long to be judged together is judged in pieces, and the
// worst of them counts.
func TestALongRequestIsJudgedWhole(t *testing.T) {
	h := newHouse(t, plan{})
	filler := strings.Repeat("The usual dose is taken with water in the evening. ", 25_000)
	body, err := json.Marshal(map[string]any{
		"model": "claude-sonnet-5", "max_tokens": 64,
		"messages": []map[string]any{
			{"role": "user", "content": filler},
			{"role": "user", "content": "My patient is 47, lives in rural Montana and has a rare genetic disorder."},
			{"role": "user", "content": filler + "."},
		},
	})
	must(t, err)
	if w := h.send(http.MethodPost, "/v1/messages", string(body)); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "so few people") {
		t.Errorf("%d %.300s", w.Code, w.Body)
	}
}
