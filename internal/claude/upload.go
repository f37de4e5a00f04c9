package claude

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone"
)

// Upload is the one file of a call of POST /v1/files.
type Upload struct {
	Name    string // as the client calls it, without folders; it may identify someone
	Media   string // type/subtype; application/octet-stream where none of that form is stated
	Content []byte
	Expires string // seconds until the API forgets it, in digits; empty: never
}

const (
	mostName     = 255 // bytes of a file's name
	mostHeading  = 16  // headers of a part
	anyMedia     = "application/octet-stream"
	fileField    = "file"
	expiresField = "expires_in_seconds"
)

// ReadUpload reads the body of POST /v1/files (multipart/form-data, RFC 7578): one
// part named file, of at most most bytes, and perhaps one named expires_in_seconds. Errors are *chaperone.Error and repeat
// nothing of the request: upload_malformed, upload_truncated, upload_duplicate,
// upload_field_unknown, upload_empty, file_too_large, and those of a body that
// does not arrive.
func ReadUpload(r *http.Request, most int64) (*Upload, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || params["boundary"] == "" || len(params["boundary"]) > 70 {
		return nil, errUpload("A file is sent as multipart/form-data with a boundary", err)
	}
	if codings, err := contentCodings(r.Header); err != nil || len(codings) > 0 {
		return nil, errCoding
	}
	if r.Body == nil {
		return nil, errEmpty
	}
	const around = 64 << 10 // for what stands around the file
	if r.ContentLength > most+around {
		return nil, errFileTooLarge(most)
	}
	body := &uploadBody{r: io.LimitReader(r.Body, most+around)}
	form := multipart.NewReader(body, params["boundary"])
	var read reading
	for n := 0; ; n++ {
		part, err := form.NextRawPart()
		if err == io.EOF { // bare: the closing boundary; wrapped it is a body that broke off
			break
		}
		if err != nil {
			return nil, body.fault(err, n)
		}
		if err := read.part(part, most); err != nil {
			return nil, body.fault(err, n)
		}
	}
	switch {
	case read.file == nil:
		return nil, errUpload("The form has no part named file", nil)
	case len(read.file.Content) == 0:
		return nil, chaperone.NewError(chaperone.KindInvalid, "upload_empty", "The file is empty", "Send a file that holds something", nil)
	}
	read.file.Expires = read.expires
	return read.file, nil
}

// reading is what was read of a form so far.
type reading struct {
	file    *Upload
	expires string
}

func (f *reading) part(part *multipart.Part, most int64) (err error) {
	name := part.FormName()
	switch {
	case name != fileField && name != expiresField:
		return chaperone.NewError(chaperone.KindInvalid, "upload_field_unknown",
			"The form has a part besides file and expires_in_seconds, and what nobody looks into is not passed on", "Send one part named file", nil)
	case name == fileField && f.file != nil, name == expiresField && f.expires != "":
		return chaperone.NewError(chaperone.KindInvalid, "upload_duplicate",
			"The form has the same part twice", "Send one file in one call", nil)
	case len(part.Header) > mostHeading || !plainTransfer(part.Header):
		return errUpload("The part is in a transfer encoding, or has too many headers", nil)
	case name == expiresField:
		f.expires, err = readExpires(part)
	default:
		f.file, err = readFile(part, most)
	}
	return err
}

func readExpires(part io.Reader) (string, error) {
	const most = 8
	raw, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return "", err
	}
	if n, err := strconv.ParseUint(string(raw), 10, 32); err != nil || n == 0 || len(raw) > most {
		return "", errUpload("The part expires_in_seconds is not a number of seconds", nil)
	}
	return string(raw), nil
}

func readFile(part *multipart.Part, most int64) (*Upload, error) {
	u := &Upload{Name: part.FileName(), Media: anyMedia}
	if len(u.Name) > mostName || !utf8.ValidString(u.Name) || strings.ContainsFunc(u.Name, unicode.IsControl) {
		return nil, errUpload("The name of the file is longer than 255 bytes or is no plain text", nil)
	}
	if stated, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err == nil && mediaForm(stated) {
		u.Media = stated
	}
	var content bytes.Buffer
	if _, err := io.Copy(&content, io.LimitReader(part, most+1)); err != nil {
		return nil, err
	}
	if int64(content.Len()) > most {
		return nil, errFileTooLarge(most)
	}
	u.Content = content.Bytes()
	return u, nil
}

func plainTransfer(h textproto.MIMEHeader) bool {
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
		return true
	}
	return false
}

// uploadBody remembers why reading ended, which the form's reader hides.
type uploadBody struct {
	r   io.Reader
	n   int64
	err error
}

func (b *uploadBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// fault sorts the reasons why a form could not be read, after n whole parts.
func (b *uploadBody) fault(err error, n int) error {
	var mine *chaperone.Error
	switch {
	case errors.As(err, &mine):
		return mine
	case b.err != nil:
		return readFault(b.err)
	case b.n == 0:
		return errEmpty
	case errors.Is(err, io.EOF) && n == 0:
		return errUpload("The form's boundary does not stand in the body, or the body broke off before it", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return chaperone.NewError(chaperone.KindInvalid, "upload_truncated",
			"The form broke off before its closing boundary", "Send the file again, whole", err)
	}
	return errUpload("The form is not of the form of multipart/form-data", err)
}

func errUpload(public string, cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "upload_malformed", public,
		"Send multipart/form-data with one part named file", cause)
}

func errFileTooLarge(most int64) *chaperone.Error {
	return chaperone.NewError(chaperone.KindTooLarge, "file_too_large",
		fmt.Sprintf("The file is larger than %d MB", most/1_000_000), "Send it in parts", nil)
}

// Form writes a file as multipart/form-data, with the header that goes with it.
// The boundary must not stand in the content; a random one does not.
func (u *Upload) Form(boundary string) (contentType string, body []byte) {
	var b bytes.Buffer
	if u.Expires != "" {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary, expiresField, u.Expires)
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
		boundary, fileField, quote(u.Name), u.Media)
	b.Write(u.Content)
	fmt.Fprintf(&b, "\r\n--%s--\r\n", boundary)
	return "multipart/form-data; boundary=" + boundary, b.Bytes()
}
