// Package api is the management API: keys, the record and the placeholders that
// are kept for files, for those who hold the data directory. It owns the form of its requests and answers, and a
// client for them. It is served on a local socket that only the owner of the
// data directory can open, never on the gateway's address, and it records what
// is done and looked at through it (AUD-18).
package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/register"
	"chaperone/internal/vault"
)

// Server answers the management API. All fields but Doors, Witness and Exports are needed.
type Server struct {
	Identity *identity.Identity
	Log      *audit.Log
	Vault    *vault.Vault
	Random   io.Reader // a cryptographic source
	Tenant   string
	Doors    func() []DoorState // how the doors are held; nil where no gateway runs
	Register *register.Register
	// Drill tries what happens when a door is down. Its error is a *chaperone.Error.
	Drill   func(ctx context.Context, down string) (register.Drill, error)
	Witness func() WitnessState  // how the record stands with its second party; nil where no gateway runs
	Exports func() []ExportState // how the receivers of the record stand; nil where nothing is passed on
}

// operator is who acts through the local socket: whoever holds the data
// directory. Named administrators come with the console.
func (s *Server) operator() chaperone.Principal {
	return chaperone.Principal{
		Tenant: s.Tenant, ID: "operator", Role: chaperone.RoleAdministrator, KeyID: "local-socket",
		Environment: chaperone.EnvironmentProduction, From: netip.IPv6Loopback(),
	}
}

// Handler serves every path of the API.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /keys", answer(s.listKeys))
	mux.HandleFunc("POST /keys", answer(s.createKey))
	mux.HandleFunc("DELETE /keys/{id}", answer(s.revokeKey))
	mux.HandleFunc("POST /links", answer(s.createLink))
	mux.HandleFunc("GET /record", answer(s.listRecord))
	mux.HandleFunc("GET /record/{which}", answer(s.showRecord))
	mux.HandleFunc("GET /doors", answer(s.doors))
	mux.HandleFunc("GET /witness", answer(s.witness))
	mux.HandleFunc("GET /usage", answer(s.usage))
	mux.HandleFunc("GET /exports", answer(s.exports))
	mux.HandleFunc("GET /export", s.export)
	mux.HandleFunc("GET /proof/{seq}", answer(s.proof))
	mux.HandleFunc("POST /questions", s.ask)
	mux.HandleFunc("POST /aliases", answer(s.link))
	mux.HandleFunc("POST /sessions", answer(s.keepSession))
	mux.HandleFunc("POST /sessions/{id}/pairs", answer(s.sealPairs))
	mux.HandleFunc("POST /sessions/{id}/resume", answer(s.resumeSession))
	mux.HandleFunc("POST /sessions/{id}/relink", answer(s.relinkSession))
	s.register(mux)
	return mux
}

// Problem is the body of an error.
type Problem struct {
	Code   string         `json:"code"`
	Kind   chaperone.Kind `json:"kind"`
	Public string         `json:"message"`
	Next   string         `json:"next,omitempty"`
}

// answer turns a function into a handler: its value becomes JSON, its error a
// Problem, in this one place.
func answer(f func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(v) // a client that left needs no answer
	}
}

// refuse writes an error as a Problem.
func refuse(w http.ResponseWriter, err error) {
	e := chaperone.AsError(err)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(statusOf(e.Kind))
	_ = json.NewEncoder(w).Encode(Problem{e.Code, e.Kind, e.Public, e.Next})
}

func statusOf(k chaperone.Kind) int {
	switch k {
	case chaperone.KindInvalid:
		return http.StatusBadRequest
	case chaperone.KindForbidden:
		return http.StatusForbidden
	case chaperone.KindNotFound:
		return http.StatusNotFound
	case chaperone.KindConflict:
		return http.StatusConflict
	case chaperone.KindUnavailable:
		return http.StatusServiceUnavailable
	case chaperone.KindTimeout:
		return http.StatusGatewayTimeout
	default:
		return http.StatusInternalServerError
	}
}

// Key is an API key as people are shown it; the secret is not in it.
type Key struct {
	ID          string                `json:"id"`
	Owner       string                `json:"owner"`
	Role        chaperone.Role        `json:"role"`
	Environment chaperone.Environment `json:"environment"`
	Purposes    []chaperone.Purpose   `json:"purposes,omitempty"`
	CIDRs       []netip.Prefix        `json:"cidrs,omitempty"`
	Label       string                `json:"label,omitempty"`
	Created     time.Time             `json:"created"`
	Expires     time.Time             `json:"expires,omitzero"`
	LastUsed    time.Time             `json:"last_used,omitzero"`
	Revoked     time.Time             `json:"revoked,omitzero"`
}

// NewKey is a key just made, with its secret, which is shown this once.
type NewKey struct {
	Key
	Secret string `json:"secret"`
}

// KeyRequest asks for a key.
type KeyRequest struct {
	Owner       string                `json:"owner"`
	Role        chaperone.Role        `json:"role"`
	Environment chaperone.Environment `json:"environment,omitempty"`
	Purposes    []chaperone.Purpose   `json:"purposes,omitempty"`
	CIDRs       []netip.Prefix        `json:"cidrs,omitempty"`
	Label       string                `json:"label,omitempty"`
	Expires     time.Time             `json:"expires,omitzero"`
}

func keyOf(k identity.Key) Key {
	return Key{
		ID: k.ID, Owner: k.Holder.Owner, Role: k.Holder.Role, Environment: k.Holder.Environment,
		Purposes: k.Holder.Purposes, CIDRs: k.Holder.CIDRs, Label: k.Holder.Label,
		Created: k.Created, Expires: k.Expires, LastUsed: k.LastUsed, Revoked: k.Revoked,
	}
}

func (s *Server) listKeys(r *http.Request) (any, error) {
	keys, err := s.Identity.ListKeys(r.Context(), s.Tenant)
	if err != nil {
		return nil, err
	}
	list := []Key{}
	for _, k := range keys {
		list = append(list, keyOf(k))
	}
	return list, nil
}

const maxBody = 64 << 10

func (s *Server) createKey(r *http.Request) (any, error) {
	var ask KeyRequest
	dec := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&ask); err != nil {
		return nil, chaperone.NewError(chaperone.KindInvalid, "body_malformed", "The request is not a key request", "Send owner and role", err)
	}
	key, secret, err := s.Identity.CreateKey(r.Context(), identity.KeySpec{
		Tenant: s.Tenant, Owner: ask.Owner, Role: ask.Role, Environment: ask.Environment,
		Purposes: ask.Purposes, Expires: ask.Expires, CIDRs: ask.CIDRs, Label: ask.Label,
	})
	if err != nil {
		return nil, err
	}
	if err := s.Log.Note(r.Context(), audit.Event{Kind: audit.KeyCreated, Who: s.operator(), Subject: key.ID}); err != nil {
		return nil, err
	}
	return NewKey{keyOf(key), secret}, nil
}

func (s *Server) revokeKey(r *http.Request) (any, error) {
	id := r.PathValue("id")
	if err := s.Identity.RevokeKey(r.Context(), s.Tenant, id); err != nil {
		return nil, err
	}
	return struct{}{}, s.Log.Note(r.Context(), audit.Event{Kind: audit.KeyRevoked, Who: s.operator(), Subject: id})
}

// Link is a one-time link to the console.
type Link struct {
	Token string `json:"token"`
}

func (s *Server) createLink(r *http.Request) (any, error) {
	token, err := s.Identity.CreateAdminLink(r.Context(), s.Tenant)
	if err != nil {
		return nil, err
	}
	return Link{token}, s.Log.Note(r.Context(), audit.Event{Kind: audit.LinkCreated, Who: s.operator()})
}

func (s *Server) listRecord(r *http.Request) (any, error) {
	f, err := filterOf(r, s.Tenant)
	if err != nil {
		return nil, err
	}
	list, err := s.Log.Query(r.Context(), f)
	if err != nil {
		return nil, err
	}
	if f.Before == nil { // the first page; turning pages is the same look
		err = s.Log.Note(r.Context(), audit.Event{Kind: audit.RecordQueried, Who: s.operator(), Patient: f.Patient})
	}
	if list == nil {
		list = []audit.Summary{}
	}
	return list, err
}

func filterOf(r *http.Request, tenant string) (audit.Filter, error) {
	q := r.URL.Query()
	f := audit.Filter{Tenant: tenant, Person: q.Get("person"), Session: q.Get("session")}
	bad := func(what string, err error) (audit.Filter, error) {
		return f, chaperone.NewError(chaperone.KindInvalid, "query_malformed", "The parameter "+what+" does not have its form", "", err)
	}
	var err error
	if f.Patient, err = chaperone.NewPatientRef(q.Get("patient")); err != nil {
		return bad("patient", err)
	}
	for name, into := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		if v := q.Get(name); v != "" {
			if *into, err = time.Parse(time.RFC3339, v); err != nil {
				return bad(name, err)
			}
		}
	}
	if v := q.Get("before"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return bad("before", err)
		}
		f.Before = &n
	}
	if v := q.Get("limit"); v != "" {
		if f.Limit, err = strconv.Atoi(v); err != nil {
			return bad("limit", err)
		}
	}
	return f, nil
}

// Shown is one exchange or event, opened. Content is there only when it was
// asked for.
type Shown struct {
	Fields  audit.Ten         `json:"fields"`
	Intent  *audit.Record     `json:"intent,omitempty"`
	Outcome *audit.Record     `json:"outcome,omitempty"`
	Note    *audit.Record     `json:"note,omitempty"`
	Content map[string][]byte `json:"content,omitempty"`
}

func (s *Server) showRecord(r *http.Request) (any, error) {
	full, err := s.Log.Show(r.Context(), r.PathValue("which"))
	if err != nil {
		return nil, err
	}
	if !full.Concerns(s.Tenant) {
		return nil, chaperone.NewError(chaperone.KindNotFound, "record_not_found", "There is no such record", "Check the number or the request id", nil)
	}
	shown := Shown{Fields: full.Ten, Intent: full.Intent, Outcome: full.Outcome, Note: full.Note}
	if r.URL.Query().Get("content") == "true" {
		shown.Content = map[string][]byte{}
		for _, rec := range []*audit.Record{full.Intent, full.Outcome, full.Note} {
			if rec == nil {
				continue
			}
			for name, c := range rec.Content {
				shown.Content[name] = c
			}
		}
	}
	return shown, s.Log.Note(r.Context(), audit.Event{Kind: audit.RecordRead, Who: s.operator(), Subject: r.PathValue("which")})
}

// proofWait is how long a proof may take: the tree is seconds behind at most.
const proofWait = 15 * time.Second

func (s *Server) proof(r *http.Request) (any, error) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil {
		return nil, chaperone.NewError(chaperone.KindInvalid, "query_malformed", "A place in the record is a number", "", err)
	}
	ctx, cancel := context.WithTimeout(r.Context(), proofWait)
	defer cancel()
	return s.Log.Proof(ctx, seq)
}
