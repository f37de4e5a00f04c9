package conformance

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
)

// uploadCases are the surfaces beside messages: what is not served is refused,
// and cannot leak.
func uploadCases() []scenario {
	return []scenario{
		{"leaks: uploads", "in the lines of a batch", batchLines},
		{"leaks: uploads", "in an upload: its name and its text", upload},
	}
}

const batchPath = "/v1/messages/batches"

// batchLines creates a batch with the passage in a line, and reads its results.
func batchLines(t *trial) error {
	params := t.conversation(`{"role":"user","content":` + quote(passage) + `}`)
	created, line := "", "line-1" // a gateway may give the line a name of its own
	t.up.answer(func(w http.ResponseWriter, r *http.Request, s Seen) {
		path, _, _ := strings.Cut(s.Path, "?")
		switch {
		case r.Method == http.MethodPost:
			if said, err := pointed(s.Body, "/requests/0/params/messages/0/content"); err == nil {
				created, _ = said.(string)
			}
			if said, err := pointed(s.Body, "/requests/0/custom_id"); err == nil {
				line, _ = said.(string)
			}
			writeJSON(w, http.StatusOK, batchObject("in_progress", t.up.URL))
		case strings.HasSuffix(path, "/results"):
			w.Header().Set("Content-Type", "application/x-jsonl")
			fmt.Fprintf(w, "%s\n", `{"custom_id":`+quote(line)+`,"result":{"type":"succeeded","message":`+textMessage(created)+`}}`)
		default:
			writeJSON(w, http.StatusOK, batchObject("ended", t.up.URL))
		}
	})
	g, err := t.send(ask{path: batchPath, body: []byte(`{"requests":[{"custom_id":"line-1","params":` + string(params) + `}]}`)})
	if err != nil {
		return err
	}
	if done, err := t.kept(g); done || err != nil {
		return err
	}
	results, err := t.send(ask{method: http.MethodGet, path: batchPath + "/msgbatch_01Conform/results"})
	if err != nil {
		return err
	}
	t.tally.Kept++
	if body := string(compact(results.body)); !strings.Contains(body, string(compact([]byte(quote(passage))))) || !strings.Contains(body, `"custom_id":"line-1"`) {
		return fmt.Errorf("kept, but not restored: status %d, %s", results.status, clip(results.body))
	}
	t.tally.Restored++
	return nil
}

func batchObject(status, base string) string {
	results := "null"
	if status == "ended" {
		results = quote(base + batchPath + "/msgbatch_01Conform/results")
	}
	return `{"id":"msgbatch_01Conform","type":"message_batch","processing_status":"` + status + `","request_counts":{"processing":0,"succeeded":1,"errored":0,"canceled":0,"expired":0},"ended_at":null,"created_at":"2026-11-01T00:00:00Z","expires_at":"2026-11-02T00:00:00Z","archived_at":null,"cancel_initiated_at":null,"results_url":` + results + `}`
}

// upload sends a text file whose name and words identify.
func upload(t *trial) error {
	t.up.answer(always(http.StatusOK, `{"id":"file_01Conform","type":"file","filename":"note.txt","mime_type":"text/plain","size_bytes":9,"created_at":"2026-11-01T00:00:00Z","downloadable":false}`))
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "Quintanar-Webb_Marisol_SSN_536-41-7729.txt")
	if err != nil {
		return err
	}
	if _, err := part.Write([]byte(passage)); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	g, err := t.send(ask{path: "/v1/files", body: body.Bytes(), header: http.Header{
		"Content-Type": {form.FormDataContentType()}, "Anthropic-Beta": {"files-api-2025-04-14"},
	}})
	if err != nil {
		return err
	}
	done, err := t.kept(g)
	if err == nil && !done {
		t.tally.Kept++
		t.tally.Restored++
	}
	return err
}

// kept judges what reached the upstream so far. done says that there is no more
// to it: a leak, or a refusal.
func (t *trial) kept(g got) (done bool, err error) {
	all := t.up.all()
	for _, s := range all {
		if err := s.clean(t.target.traces()); err != nil {
			t.tally.Leaked++
			return true, err
		}
	}
	switch {
	case len(all) == 0 && (g.status == http.StatusNotFound || g.status == http.StatusMethodNotAllowed):
		return true, skip("the gateway does not serve this")
	case len(all) == 0 && g.refuses():
		t.tally.Kept++
		t.tally.Refused++
		return true, nil
	case g.status != http.StatusOK:
		return true, fmt.Errorf("status %d: %s", g.status, clip(g.body))
	}
	return false, nil
}
