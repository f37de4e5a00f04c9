package claude

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone"

	"github.com/google/go-cmp/cmp"
)

func form(body, contentType string) *http.Request {
	r := httptest.NewRequest("POST", FilesPath, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

// part is one part of a form whose boundary is b.
func part(name, file, content string) string {
	return fmt.Sprintf("--b\r\nContent-Disposition: form-data; name=%q; filename=%q\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n%s\r\n", name, file, content)
}

const ofB = "multipart/form-data; boundary=b"

func TestAnUploadIsReadAndWritten(t *testing.T) {
	got, err := ReadUpload(form(part("file", `C:\notes/"Marta".csv`, "a,b\r\n--b-not a boundary\r\n1,2")+"--b--\r\n", ofB), 1000)
	if err != nil {
		t.Fatal(err)
	}
	want := &Upload{Name: `"Marta".csv`, Media: "text/csv", Content: []byte("a,b\r\n--b-not a boundary\r\n1,2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got.Expires, want.Expires = "7200", "7200"
	media, body := got.Form("another-boundary")
	again, err := ReadUpload(form(string(body), media), 1000)
	if diff := cmp.Diff(want, again); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestUploadsThatCannotBeTaken(t *testing.T) {
	good := part("file", "Marta.csv", "a,b")
	for name, c := range map[string]struct {
		body, media, code string
		kind              chaperone.Kind
	}{
		"no form":                     {good + "--b--", "application/json", "upload_malformed", chaperone.KindInvalid},
		"no boundary stated":          {good + "--b--", "multipart/form-data", "upload_malformed", chaperone.KindInvalid},
		"a boundary of 71 characters": {good + "--b--", "multipart/form-data; boundary=" + strings.Repeat("b", 71), "upload_malformed", chaperone.KindInvalid},
		"another boundary":            {good + "--b--", "multipart/form-data; boundary=c", "upload_malformed", chaperone.KindInvalid},
		"a header that is none":       {"--b\r\nMarta\r\n\r\n--b--", ofB, "upload_malformed", chaperone.KindInvalid},
		"nothing at all":              {"", ofB, "request_body_empty", chaperone.KindInvalid},
		"no part":                     {"--b--\r\n", ofB, "upload_malformed", chaperone.KindInvalid},
		"an end in the middle":        {good[:len(good)-4], ofB, "upload_truncated", chaperone.KindInvalid},
		"an end before the last line": {good, ofB, "upload_truncated", chaperone.KindInvalid},
		"an end inside the last line": {good + "--b-", ofB, "upload_truncated", chaperone.KindInvalid},
		"two files":                   {good + good + "--b--", ofB, "upload_duplicate", chaperone.KindInvalid},
		"another field":               {good + part("Marta", "", "Example") + "--b--", ofB, "upload_field_unknown", chaperone.KindInvalid},
		"a field without a name":      {part("", "Marta.csv", "a") + "--b--", ofB, "upload_field_unknown", chaperone.KindInvalid},
		"an expiry of words":          {"--b\r\nContent-Disposition: form-data; name=expires_in_seconds\r\n\r\nMarta\r\n" + good + "--b--", ofB, "upload_malformed", chaperone.KindInvalid},
		"an empty file":               {part("file", "Marta.csv", "") + "--b--", ofB, "upload_empty", chaperone.KindInvalid},
		"a file over the limit":       {part("file", "Marta.csv", strings.Repeat("x", 101)) + "--b--", ofB, "file_too_large", chaperone.KindTooLarge},
		"a name of 256 bytes":         {part("file", strings.Repeat("n", 256), "a") + "--b--", ofB, "upload_malformed", chaperone.KindInvalid},
		"a name that is no text":      {"--b\r\nContent-Disposition: form-data; name=file; filename=\"Marta\xff\"\r\n\r\na\r\n--b--", ofB, "upload_malformed", chaperone.KindInvalid},
		"base64 around the file":      {"--b\r\nContent-Disposition: form-data; name=file\r\nContent-Transfer-Encoding: base64\r\n\r\nTWFydGE=\r\n--b--", ofB, "upload_malformed", chaperone.KindInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadUpload(form(c.body, c.media), 100)
			e := chaperone.AsError(err)
			if err == nil || e.Code != c.code || e.Kind != c.kind || strings.Contains(e.Public, "Marta") {
				t.Errorf("%v: %s", err, e.Code)
			}
		})
	}
}

func TestAnUploadIsNotReadFurtherThanItsLimit(t *testing.T) {
	r := form("", ofB)
	read := &uploadBody{r: io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=file\r\n\r\n"), unending{})}
	r.Body, r.ContentLength = io.NopCloser(read), -1
	_, err := ReadUpload(r, 1<<20)
	if e := chaperone.AsError(err); e.Code != "file_too_large" {
		t.Errorf("%v", err)
	}
	if read.n > 2<<20 {
		t.Errorf("%d bytes were read", read.n)
	}
	r = form("", ofB)
	r.ContentLength = 1 << 40
	r.Body = io.NopCloser(broken{})
	if _, err := ReadUpload(r, 1<<20); chaperone.AsError(err).Code != "file_too_large" {
		t.Errorf("an upload that says how large it is: %v", err)
	}
	r.ContentLength = -1
	if _, err := ReadUpload(r, 1<<20); chaperone.AsError(err).Code != "request_body_incomplete" {
		t.Errorf("a connection that breaks: %v", err)
	}
	r.Header.Set("Content-Encoding", "gzip")
	if _, err := ReadUpload(r, 1<<20); chaperone.AsError(err).Kind != chaperone.KindUnsupported {
		t.Errorf("a compressed form: %v", err)
	}
}

type unending struct{}

func (unending) Read(p []byte) (int, error) { return copy(p, strings.Repeat("x", len(p))), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// FuzzReadUpload: what is read fits its bounds, and is read again from what is
// written of it.
func FuzzReadUpload(f *testing.F) {
	f.Add(part("file", "a.csv", "x")+"--b--", "b")
	f.Add("--b\nContent-Disposition: form-data; name=file; filename*=UTF-8''M%C3%A1rta\n\nx\n--b--", "b")
	f.Add(part("file", "a", "x")+part("file", "a", "x"), "b")
	f.Fuzz(func(t *testing.T, body, boundary string) {
		u, err := ReadUpload(form(body, `multipart/form-data; boundary="`+boundary+`"`), 1000)
		if err != nil {
			if e := chaperone.AsError(err); e.Code == "" || e.Kind == chaperone.KindInternal {
				t.Fatalf("%v", err)
			}
			return
		}
		if len(u.Content) == 0 || len(u.Content) > 1000 || len(u.Name) > mostName || !mediaForm(u.Media) {
			t.Fatalf("%q %q %d bytes", u.Name, u.Media, len(u.Content))
		}
		media, out := (&Upload{Name: "file.csv", Media: u.Media, Content: u.Content}).Form("a-boundary-of-our-own-01a1fd55")
		again, err := ReadUpload(form(string(out), media), 1000)
		if err != nil || string(again.Content) != string(u.Content) {
			t.Fatalf("it is not read again: %v", err)
		}
	})
}
