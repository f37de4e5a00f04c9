// Package simulator answers like the Messages API, offline, so that every part
// of the house can be tried without an account. No model stands behind it: it
// finds headings, doses, dates and follow-ups by plain patterns, arranges the
// sentences it was given, and says so. Every answer carries the header
// x-chaperone-simulated, and the same request bytes always meet the same
// answer bytes.
//
// A user text may script it, for tests and demonstrations; see Directives.
//
// It refuses to know anything: no drug, no code, no guideline that was not in
// the text. What it cannot find it calls not documented.
package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"chaperone/internal/claude"
)

// HeaderSimulated marks every answer of the simulator with "true".
const HeaderSimulated = "X-Chaperone-Simulated"

// maxBody bounds a request: a file may be larger than a message.
const maxBody = 128 << 20

// maxMessage is the vendor's own limit for a Messages request, 32 MB.
const maxMessage = 32 << 20

// Options describe a simulator; the zero value answers at once and knows the
// models that the build knows.
type Options struct {
	// Delay is the pause between two events of a stream, so that a person can
	// watch an answer being written. Tests leave it 0.
	Delay time.Duration
	// Models that exist; empty means claude.KnownModels.
	Models []claude.Model
}

type simulator struct {
	delay  time.Duration
	models claude.ModelList
	shelf  *shelf
}

// New returns the simulator as a handler, for claude.NewHandlerDoor or a
// server. The error means that the build carries no readable list of models.
func New(opts Options) (http.Handler, error) {
	models := claude.ModelList{Models: opts.Models}
	if len(opts.Models) == 0 {
		known, err := claude.KnownModels()
		if err != nil {
			return nil, err
		}
		models = known
	}
	return &simulator{delay: opts.Delay, models: models, shelf: &shelf{}}, nil
}

// ServeHTTP answers one request.
func (s *simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	most := int64(maxBody)
	if strings.HasPrefix(r.URL.Path, "/v1/messages") {
		most = maxMessage
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	id := newSeed(r.Method, r.URL.RequestURI(), body)
	w.Header().Set(HeaderSimulated, "true")
	w.Header().Set("Request-Id", id.name("req_sim_"))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeFault(w, id, faultf(http.StatusRequestEntityTooLarge, "Request exceeds the maximum size"))
		return
	case err != nil:
		return // the client is gone; nobody would read an answer
	}
	if f := s.route(w, r, body, id); f != nil {
		writeFault(w, id, f)
	}
}

func (s *simulator) route(w http.ResponseWriter, r *http.Request, body []byte, id seed) *fault {
	path := r.URL.Path
	switch {
	case r.Method == http.MethodHead && (path == "/" || path == "/api/hello"):
		w.WriteHeader(http.StatusOK)
		return nil
	case path == "/v1/messages" && r.Method == http.MethodPost:
		return s.messages(w, r, body, id)
	case path == "/v1/messages/count_tokens" && r.Method == http.MethodPost:
		return s.countTokens(w, r, body)
	case path == "/v1/models" && r.Method == http.MethodGet:
		return s.listModels(w, r)
	case strings.HasPrefix(path, "/v1/models/") && r.Method == http.MethodGet:
		return s.showModel(w, strings.TrimPrefix(path, "/v1/models/"))
	case path == "/v1/messages/batches", strings.HasPrefix(path, "/v1/messages/batches/"):
		return s.batches(w, r, body)
	case path == "/v1/files", strings.HasPrefix(path, "/v1/files/"):
		return s.files(w, r, body)
	case path == "/v1/messages", path == "/v1/messages/count_tokens", path == "/v1/models":
		return faultf(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	return faultf(http.StatusNotFound, "Not found")
}

func (s *simulator) messages(w http.ResponseWriter, r *http.Request, body []byte, id seed) *fault {
	req, f := s.readRequest(r, body)
	if f != nil {
		return f
	}
	if req.MaxTokens == nil {
		return invalid("max_tokens: Field required")
	}
	d, f := parseDirectives(req.lastUserText())
	if f != nil {
		return f
	}
	if f := d.beforeAnswer(r.Context(), w); f != nil {
		return f
	}
	if d.html {
		writeHTML(w)
		return nil
	}
	a, f := compose(req, d, id)
	if f != nil {
		return f
	}
	w.Header().Set("X-Chaperone-Simulated-Model", req.Model)
	p := player{w: w, ctx: r.Context(), delay: max(s.delay, d.slow)}
	if !req.Stream {
		return p.whole(req.wireMessage(id, a.tokens), a, d)
	}
	p.play(events(req, a, d, id), d)
	return nil
}

func (s *simulator) countTokens(w http.ResponseWriter, r *http.Request, body []byte) *fault {
	if _, f := s.readRequest(r, body); f != nil {
		return f
	}
	writeJSON(w, http.StatusOK, struct {
		InputTokens int `json:"input_tokens"`
	}{inputTokens(body)})
	return nil
}

// seed is what the ids of an answer are made of: a digest of the request, so
// that the same bytes meet the same ids and nothing has to be remembered.
type seed [sha256.Size]byte

func newSeed(method, uri string, body []byte) seed {
	h := sha256.New()
	_, _ = io.WriteString(h, method+" "+uri+"\n") // a hash takes every write
	_, _ = h.Write(body)
	return seed(h.Sum(nil))
}

// name returns the id of the answer's one thing of a kind: prefix and 24
// characters.
func (s seed) name(prefix string) string {
	sum := sha256.Sum256([]byte(prefix + string(s[:])))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}

// wait pauses for d and reports whether the caller is still there.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
