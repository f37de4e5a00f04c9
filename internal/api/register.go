package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/register"
)

// Entry is one thing that was put down in the register.
type Entry = register.Entry

// Deed is what is put down.
type Deed = register.Deed

// Change asks to put something down in the register.
type Change struct {
	By   string        `json:"by"`
	Deed register.Deed `json:"deed"`
}

// Kept document: its digest, by which entries speak of it.
type keptFile struct {
	Digest string `json:"digest"`
}

type readFile struct {
	Content []byte `json:"content"`
}

// trial asks for a drill.
type trial struct {
	By   string `json:"by"`
	Down string `json:"down"`
	Flow string `json:"dataflow"`
}

func (s *Server) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /register", answer(s.listRegister))
	mux.HandleFunc("POST /register", answer(s.changeRegister))
	mux.HandleFunc("POST /register/documents", answer(s.keepDocument))
	mux.HandleFunc("GET /register/documents/{digest}", answer(s.readDocument))
	mux.HandleFunc("POST /drills", answer(s.holdDrill))
}

func (s *Server) listRegister(*http.Request) (any, error) {
	list := s.Register.Entries()
	if list == nil {
		list = []Entry{}
	}
	return list, nil
}

const maxChange = 1 << 20 // bytes of a request to put something down

func (s *Server) changeRegister(r *http.Request) (any, error) {
	var ask Change
	if err := strictly(r, &ask); err != nil {
		return nil, err
	}
	return s.Register.Add(r.Context(), ask.By, ask.Deed)
}

func strictly(r *http.Request, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxChange))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return chaperone.NewError(chaperone.KindInvalid, "body_malformed", "The request does not have its form", "Use the chaperone of the same version", err)
	}
	return nil
}

func (s *Server) keepDocument(r *http.Request) (any, error) {
	content, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, register.MaxFile+1))
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, chaperone.NewError(chaperone.KindInvalid, "body_malformed", "The document did not arrive whole", "Send it again", err)
	}
	digest, err := s.Register.Keep(r.Context(), content)
	return keptFile{digest}, err
}

// readDocument opens a document. The record has it first.
func (s *Server) readDocument(r *http.Request) (any, error) {
	digest := r.PathValue("digest")
	if err := s.Log.Note(r.Context(), audit.Event{Kind: audit.RegisterRead, Who: s.operator(), Subject: digest}); err != nil {
		return nil, err
	}
	content, err := s.Register.Read(r.Context(), digest)
	return readFile{content}, err
}

// holdDrill tries the doors and puts down what came of it (RTE-06).
func (s *Server) holdDrill(r *http.Request) (any, error) {
	var ask trial
	if err := strictly(r, &ask); err != nil {
		return nil, err
	}
	d, err := s.Drill(r.Context(), ask.Down)
	if err != nil {
		return nil, err
	}
	d.Flow = ask.Flow
	return s.Register.Add(r.Context(), ask.By, register.Deed{Drill: &d})
}

// Register lists everything that was put down, in order; register.Fold says what
// it comes to.
func (c *Client) Register(ctx context.Context) (list []Entry, err error) {
	return list, c.call(ctx, http.MethodGet, "/register", nil, nil, &list)
}

// PutDown puts something down. The error is a *chaperone.Error with the rule of
// the register that it breaks.
func (c *Client) PutDown(ctx context.Context, by string, d Deed) (e Entry, err error) {
	return e, c.call(ctx, http.MethodPost, "/register", nil, Change{by, d}, &e)
}

// KeepDocument has the register keep a file, sealed, and returns its digest.
func (c *Client) KeepDocument(ctx context.Context, content []byte) (string, error) {
	var kept keptFile
	err := c.send(ctx, http.MethodPost, "/register/documents", nil, content, &kept)
	return kept.Digest, err
}

// Document reads a file of the register. The record says so before it returns.
func (c *Client) Document(ctx context.Context, digest string) ([]byte, error) {
	var read readFile
	err := c.call(ctx, http.MethodGet, "/register/documents/"+url.PathEscape(digest), nil, nil, &read)
	return read.Content, err
}

// Drill tries what happens when a door is down, and puts down what came of it.
// flow is the digest of the data flow on that day.
func (c *Client) Drill(ctx context.Context, by, down, flow string) (e Entry, err error) {
	return e, c.call(ctx, http.MethodPost, "/drills", nil, trial{by, down, flow}, &e)
}
