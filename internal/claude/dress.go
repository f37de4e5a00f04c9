package claude

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// Dressed is the ResponseWriter of a client that asked in another Form: an answer
// in the vendor's own goes in, and what the client's cloud would have sent comes
// out. Bytes of an answer that is the same there pass as they are; events of a
// stream pass one by one. Finish must be called when the answer is written. A
// Dressed belongs to one answer and one goroutine at a time.
type Dressed struct {
	under  http.ResponseWriter
	way    way
	list   bool        // what is asked for is Amazon's list of profiles
	header http.Header // in the vendor's own form; whoever writes the answer may look at it
	status int
	whole  *bytes.Buffer // an answer that is changed as a whole; nil: none
	framer *framer       // of a stream that goes out in frames; nil: none
}

// Dress returns the writer for the answer to a request of that path, with its
// escapes undone.
func Dress(w http.ResponseWriter, path string) *Dressed {
	d := &Dressed{under: w, header: http.Header{}, list: path == profilesPath}
	d.way, _ = wayOf(path)
	d.way.form = FormOf(path) // also of a path that is not served
	return d
}

// Header is the header of the answer in the vendor's own form.
func (d *Dressed) Header() http.Header { return d.header }

// Unwrap lets http.ResponseController set deadlines.
func (d *Dressed) Unwrap() http.ResponseWriter { return d.under }

// FlushError sends on what was written, and nothing of an answer that waits to be
// changed as a whole: its status would be gone with it.
func (d *Dressed) FlushError() error {
	if d.whole != nil {
		return nil
	}
	return http.NewResponseController(d.under).Flush()
}

// WriteHeader decides by status and type what has to change.
func (d *Dressed) WriteHeader(status int) {
	if d.status != 0 || status < 200 {
		return
	}
	d.status = status
	amazon := d.way.form == FormBedrock
	switch {
	case status >= 400 && (amazon || d.way.form == FormVertex),
		amazon && (d.list || d.way.endpoint == CountTokens):
		d.whole = &bytes.Buffer{}
		return
	case amazon && strings.HasPrefix(d.header.Get("Content-Type"), "text/event-stream"):
		d.framer = newFramer()
	}
	d.writeHeader()
}

func (d *Dressed) writeHeader() {
	h := d.under.Header()
	for name, values := range d.header {
		h[name] = values
	}
	if d.way.form == FormBedrock {
		if id := d.header.Get("Request-Id"); id != "" {
			h.Set("X-Amzn-Requestid", id)
		}
	}
	if d.framer != nil {
		h.Set("Content-Type", frameMedia)
		h.Set("X-Amzn-Bedrock-Content-Type", "application/json")
		h.Del("Content-Length")
	}
	d.under.WriteHeader(d.status)
}

// Write takes bytes of the answer in the vendor's own form. All are taken unless
// the client is gone.
func (d *Dressed) Write(b []byte) (int, error) {
	if d.status == 0 {
		d.WriteHeader(http.StatusOK)
	}
	switch {
	case d.whole != nil:
		return d.whole.Write(b)
	case d.framer != nil:
		if err := d.frame(d.framer.add(b)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return d.under.Write(b)
}

func (d *Dressed) frame(frames []byte, err error) error {
	if err != nil || len(frames) == 0 {
		return err
	}
	_, err = d.under.Write(frames)
	return err
}

// Finish writes what waited for the end of the answer. A client that is gone
// cannot be told so; the record has been settled by now.
func (d *Dressed) Finish() {
	switch {
	case d.framer != nil:
		_ = d.frame(d.framer.rest())
	case d.whole != nil:
		body := d.inForm(d.whole.Bytes())
		d.header.Set("Content-Length", strconv.Itoa(len(body)))
		d.writeHeader()
		_, _ = d.under.Write(body)
	}
}

// inForm rewrites a whole answer. One that is not what it should be stays as it
// is.
func (d *Dressed) inForm(body []byte) []byte {
	doc, f := parse(body, defaultDepth)
	if f != nil || !doc.is(0, object) {
		return body
	}
	switch {
	case d.status >= 400 && d.way.form == FormVertex:
		return googlesError(doc, d.status)
	case d.status >= 400:
		d.header.Set("X-Amzn-Errortype", amazonsError(doc, d.status))
		return reshape(doc, member("message", errorText(doc, "message")), "message")
	case d.list:
		return profileList(doc)
	}
	if v, ok := doc.get(0, "input_tokens"); ok {
		return []byte(`{"inputTokens":` + doc.text(v) + `}`)
	}
	return body
}

// errorText is a member of an envelope's error.
func errorText(doc *document, name string) string {
	e, ok := doc.get(0, "error")
	if !ok {
		return ""
	}
	return doc.getText(e, name)
}
