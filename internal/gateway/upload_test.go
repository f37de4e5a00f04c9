package gateway_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
)

// upload sends a file as the SDKs do.
func (h *house) upload(name, media, content string, header ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf("form-data; name=%q; filename=%q", "file", name)}, "Content-Type": {media},
	})
	must(h.t, err)
	_, err = part.Write([]byte(content))
	must(h.t, err)
	must(h.t, form.Close())
	return h.send("POST", claude.FilesPath, body.String(), append(header, "Content-Type", form.FormDataContentType())...)
}

func withFile(id string) string {
	return fmt.Sprintf(`{"model": "claude-sonnet-5", "max_tokens": 64, "messages": [{"role": "user", "content": [
		{"type": "document", "source": {"type": "file", "file_id": %q}}, {"type": "text", "text": "Who is it?"}]}]}`, id)
}

// TestFilesAreConcealedWhateverTheirFormat_DLP16: in the file, and in its name.
func TestFilesAreConcealedWhateverTheirFormat_DLP16(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, media, content string }{
		"a note":                         {"zyxqvarden_ludo.txt", "text/plain", note},
		"a table":                        {family + ".csv", "text/csv", "name,mrn,phone\nLudo " + family + "," + mrn + "," + phone + "\n"},
		"a table without a type":         {mrn + ".csv", "application/octet-stream", "name,mrn,phone\nLudo " + family + "," + mrn + "," + phone + "\n"},
		"a FHIR patient":                 {"p.json", "application/json", `{"resourceType":"Patient","name":[{"family":"` + family + `","given":["Ludo"]}],"identifier":[{"value":"` + mrn + `"}]}`},
		"a name as the end of the name":  {"visit." + family, "text/plain", note},
		"a name in another text's place": {"Mr. Ludo " + family + ".txt", "text/plain", "Patient " + family + " is well, and Ludo " + family + " goes home."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{})
			h.upstream.answer = (&batchAPI{}).ServeHTTP
			w := h.upload(c.file, c.media, c.content)
			if w.Code != 200 || !strings.Contains(w.Body.String(), `"filename":"`+c.file+`"`) {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			full := h.wantResult(w, audit.OK)
			if !bytes.Contains(full.Intent.Content["received"], []byte(c.content)) || !bytes.Contains(full.Intent.Content["received"], []byte(c.file)) {
				t.Error("the record does not hold what was received")
			}
			sent := h.upstream.last().body
			if !bytes.Equal(full.Intent.Content["sent"], sent) {
				t.Error("the record does not hold what was sent")
			}
			_, concealed, _ := strings.Cut(string(sent), "\r\n\r\n")
			concealed = concealed[:strings.LastIndex(concealed, "\r\n--")]
			h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.media)
				fmt.Fprint(w, concealed)
			}
			if w := h.send("GET", claude.FilesPath+"/file_1/content", ""); w.Code != 200 || w.Body.String() != c.content {
				t.Errorf("it comes back as %d %q", w.Code, w.Body)
			}
			h.keepsItsWord()
		})
	}
}

// TestWhatCannotBeInspectedIsNotUploaded (DLP-16).
func TestWhatCannotBeInspectedIsNotUploaded(t *testing.T) {
	t.Parallel()
	png, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	must(t, err)
	h := newHouse(t, plan{})
	for name, c := range map[string]struct{ file, media, content string }{
		"a picture":                {"a.png", "image/png", string(png)},
		"a picture that says text": {"a.txt", "text/plain", string(png)},
		"an archive":               {"a.zip", "application/zip", "PK\x05\x06" + strings.Repeat("\x00", 18)},
		"a PDF that is none":       {"a.pdf", "application/pdf", "%PDF-1.7\n" + note},
		"bytes of no known kind":   {"a.bin", "application/octet-stream", "\x00\x01\xff\xfe" + note},
		"an old office document":   {"a.doc", "application/msword", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + note},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, h.upload(c.file, c.media, c.content), 403, "opaque_content")
		})
	}
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	h.keepsItsWord()
}

// TestUploadsThatAreNone: each ends in its words, before anything is sent.
func TestUploadsThatAreNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	part := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + family + ".txt\"\r\n\r\n" + note + "\r\n"
	for name, c := range map[string]struct {
		body, media string
		status      int
		code        string
	}{
		"truncated":             {part, "multipart/form-data; boundary=b", 400, "upload_truncated"},
		"with a wrong boundary": {part + "--b--", "multipart/form-data; boundary=c", 400, "upload_malformed"},
		"with two files":        {part + part + "--b--", "multipart/form-data; boundary=b", 400, "upload_duplicate"},
		"with another field":    {part + strings.Replace(part, `"file"`, `"`+family+`"`, 1) + "--b--", "multipart/form-data; boundary=b", 400, "upload_field_unknown"},
		"as JSON":               {ask(note), "application/json", 400, "upload_malformed"},
		"without a body":        {"", "multipart/form-data; boundary=b", 400, "request_body_empty"},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.send("POST", claude.FilesPath, c.body, "Content-Type", c.media)
			wantError(t, w, c.status, c.code)
			h.wantResult(w, audit.RefusedResult)
		})
	}
	r := h.request("POST", claude.FilesPath, "", "Content-Type", "multipart/form-data; boundary=b")
	wantError(t, h.upload("a.csv", "text/csv", strings.Repeat("a,b\n", 2_000_001)), 413, "file_too_large")
	r.ContentLength = 200_000_000
	wantError(t, h.do(r), 413, "file_too_large")
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	h.keepsItsWord()
}

// TestAFileOfNobodysStaysOpaque: what was not uploaded through the house was not
// looked into either.
func TestAFileOfNobodysStaysOpaque(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	wantError(t, h.send("POST", "/v1/messages", withFile("file_elsewhere")), 403, "opaque_content")
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	if w := h.upload("a.txt", "text/plain", note); w.Code != 200 {
		t.Fatal(w.Body)
	}
	h.upstream.answer = h.answer(wholeAnswer("It is {{NAME:1 of 1}}."))
	w := h.send("POST", "/v1/messages", withFile("file_1"))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "It is Ludo "+family+".") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if out := h.wantResult(w, audit.OK).Outcome.Facts.Outcome; out.Restored != 1 || out.Unknown != 0 {
		t.Errorf("restored %d, unknown %d", out.Restored, out.Unknown)
	}
	h.keepsItsWord()
}

// TestACrashBetweenUploadAndRecord: the process ends when the vendor has the file
// and the house does not know it yet. The intent is abandoned, the file nobody's.
func TestACrashBetweenUploadAndRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	reached := make(chan struct{})
	h.upstream.answer = func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := h.request("POST", claude.FilesPath, "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\n"+note+"\r\n--b--", "Content-Type", "multipart/form-data; boundary=b")
		h.do(r.WithContext(ctx))
	}()
	<-reached
	h.log.Close(context.Background()) // as if the process had ended
	h.store.Close()
	h.store = nil
	end()
	<-done
	h.open()
	if n := len(h.rows(audit.KindIntent)); n != 1 {
		t.Fatalf("%d intents", n)
	}
	eventually(t, "the intent has its outcome", func() bool { return h.unsettled() == nil })
	for _, o := range h.rows(audit.KindOutcome) {
		if o.Class != string(audit.Abandoned) {
			t.Errorf("it ended as %s", o.Class)
		}
	}
	h.upstream.answer = (&batchAPI{}).ServeHTTP
	wantError(t, h.send("GET", claude.FilesPath+"/file_1", ""), 404, "file_unknown")
	h.keepsItsWord()
}

// TestAFileThatLeftAsItWas makes every request about it identified: one that may
// not be is refused, because the file can no longer be concealed.
func TestAFileThatLeftAsItWas(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{policy: "baa-direct", simulated: true})
	ground := []string{"X-Chaperone-Purpose", "treatment", "X-Chaperone-Reason", "visit summary for the follow-up", "X-Chaperone-Patient", "P-1"}
	w := h.upload("a.txt", "text/plain", note, ground...)
	if w.Code != 200 || w.Header().Get("X-Chaperone-Decision") != "identified" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	id := regexp.MustCompile(`file_sim_\w+`).FindString(w.Body.String())
	w = h.send("POST", "/v1/messages", withFile(id), ground...)
	if w.Code != 200 || w.Header().Get("X-Chaperone-Decision") != "identified" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	calls := h.upstream.count()
	w = h.send("POST", "/v1/messages", withFile(id))
	if w.Code == 200 || h.upstream.count() != calls {
		t.Errorf("without a purpose: %d, %d calls", w.Code, h.upstream.count()-calls)
	}
	h.credential = h.issue(identity.KeySpec{Owner: "test-client", Role: chaperone.RoleResearcher})
	wantError(t, h.send("POST", "/v1/messages", withFile(id)), 403, "file_identified")
}

// TestFilesTakeTurns: no more of them are in memory at once than there are turns,
// and one whose client left gives its turn back.
func TestFilesTakeTurns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	api := &batchAPI{}
	h.upstream.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	ctx, leave := context.WithCancel(t.Context())
	var left sync.WaitGroup
	body := "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\n" + note + "\r\n--b--"
	for range 6 {
		left.Go(func() {
			r := h.request("POST", claude.FilesPath, body, "Content-Type", "multipart/form-data; boundary=b")
			h.do(r.WithContext(ctx))
		})
	}
	eventually(t, "two files are on their way", func() bool { return h.upstream.count() == 2 })
	leave()
	left.Wait()
	if n := h.upstream.count(); n != 2 {
		t.Errorf("%d files were on their way at once", n)
	}
	h.upstream.answer = api.ServeHTTP
	if w := h.upload("a.txt", "text/plain", note); w.Code != 200 {
		t.Errorf("after that: %d %s", w.Code, w.Body)
	}
	h.keepsItsWord()
}
