package api

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/vault"
	"chaperone/phi"
)

// Kept is a session whose placeholders the vault keeps for files that were
// concealed, so that they can be restored.
type Kept struct {
	Session string    `json:"session"` // its id: random, and no secret
	Until   time.Time `json:"until"`   // when it ends if it is not used again
}

// pair is a phi.Surrogate on the local socket. Nothing else of this package
// holds a value, and nothing keeps one.
type pair struct {
	Placeholder string   `json:"placeholder"`
	Kind        phi.Kind `json:"kind"`
	Value       []byte   `json:"value"`
}

type pairs struct {
	Pairs []pair `json:"pairs"`
}

var (
	keptForm = regexp.MustCompile(`^kept-[a-z2-7]{16}$`)
	keptCode = base32.StdEncoding.WithPadding(base32.NoPadding)
)

// IsKept reports whether text has the form of a kept session's id.
func IsKept(text string) bool { return keptForm.MatchString(text) }

// keepSession begins a session. The record has it before anybody knows its id.
func (s *Server) keepSession(r *http.Request) (any, error) {
	raw := make([]byte, 10)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return nil, fmt.Errorf("api: randomness: %w", err)
	}
	id := "kept-" + strings.ToLower(keptCode.EncodeToString(raw))
	if err := s.Log.Note(r.Context(), audit.Event{Kind: audit.SessionKept, Who: s.operator(), Subject: id}); err != nil {
		return nil, err
	}
	// No daemon may be running to destroy what has expired.
	if _, err := s.Vault.Sweep(r.Context()); err != nil {
		return nil, err
	}
	if err := s.Vault.Seal(r.Context(), s.kept(id), nil); err != nil {
		return nil, err
	}
	return s.until(r.Context(), id)
}

const maxPairs = 32 << 20 // bytes of a request with pairs

// sealPairs adds pairs to a session, durably before it answers.
func (s *Server) sealPairs(r *http.Request) (any, error) {
	id, err := s.known(r)
	if err != nil {
		return nil, err
	}
	var ask pairs
	dec := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxPairs))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&ask); err != nil {
		return nil, chaperone.NewError(chaperone.KindInvalid, "body_malformed", "The request is not a list of pairs", "Use the chaperone of the same version", nil)
	}
	list := make([]phi.Surrogate, len(ask.Pairs))
	for i, p := range ask.Pairs {
		list[i] = phi.Surrogate{Placeholder: p.Placeholder, Kind: p.Kind, Value: phi.Seal(string(p.Value))}
	}
	if err := s.Vault.Seal(r.Context(), s.kept(id), list); err != nil {
		return nil, err
	}
	return s.until(r.Context(), id)
}

func (s *Server) resumeSession(r *http.Request) (any, error) { return s.open(r, audit.SessionResumed) }

func (s *Server) relinkSession(r *http.Request) (any, error) { return s.open(r, audit.SessionRelinked) }

// open reads the pairs of a session. The record has it first: without the record
// nothing is read (DEI-08).
func (s *Server) open(r *http.Request, as audit.EventKind) (any, error) {
	id, err := s.known(r)
	if err != nil {
		return nil, err
	}
	if err := s.Log.Note(r.Context(), audit.Event{Kind: as, Who: s.operator(), Subject: id}); err != nil {
		return nil, err
	}
	list, err := s.Vault.Unseal(r.Context(), s.kept(id))
	if err != nil {
		return nil, err
	}
	var found pairs
	for _, k := range list {
		found.Pairs = append(found.Pairs, pair{k.Placeholder, k.Kind, []byte(k.Value.Expose())})
	}
	return found, nil
}

// known is the session that a request names. Asking for one that is not there is
// recorded as well.
func (s *Server) known(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if !IsKept(id) {
		return "", chaperone.NewError(chaperone.KindInvalid, "kept_malformed", "This is not the id of a kept session", "It is the word that begins with kept-", nil)
	}
	_, ok, err := s.Vault.Until(r.Context(), s.kept(id))
	if err != nil || ok {
		return id, err
	}
	if _, err := s.Vault.Sweep(r.Context()); err != nil {
		return "", err
	}
	gone := errKeptGone()
	if err := s.Log.Note(r.Context(), audit.Event{
		Kind: audit.AccessDenied, Who: s.operator(), Subject: id, Status: statusOf(gone.Kind),
	}); err != nil {
		return "", err
	}
	return "", gone
}

func errKeptGone() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "kept_gone",
		"There is no such kept session here: it has expired, or it belongs to another data directory",
		"Name the data directory with --data; what has expired cannot be restored, so conceal the files again", nil)
}

// kept names a session towards the vault: the sessions of another tenant, or of
// the gateway, are never among them.
func (s *Server) kept(id string) vault.SessionID {
	return vault.SessionID(s.Tenant + "\x00" + s.operator().ID + "\x00kept\x00" + id)
}

func (s *Server) until(ctx context.Context, id string) (Kept, error) {
	until, ok, err := s.Vault.Until(ctx, s.kept(id))
	if err == nil && !ok {
		err = errKeptGone()
	}
	return Kept{Session: id, Until: until}, err
}

// KeepSession begins a session whose pairs are kept. The record says so before
// it returns.
func (c *Client) KeepSession(ctx context.Context) (k Kept, err error) {
	return k, c.call(ctx, http.MethodPost, "/sessions", nil, nil, &k)
}

const (
	mostPairs = 5000    // in one request
	mostBytes = 1 << 20 // of values in one request, about
)

// SealPairs has the vault keep pairs. What holds their placeholders may be
// written once it has returned without an error, and not before. The error is a
// *chaperone.Error; its code is kept_gone when the session has ended.
func (c *Client) SealPairs(ctx context.Context, session string, list []phi.Surrogate) (k Kept, err error) {
	for first := true; first || len(list) > 0; first = false {
		var ask pairs
		for size := 0; len(list) > 0 && len(ask.Pairs) < mostPairs && size < mostBytes; list = list[1:] {
			ask.Pairs = append(ask.Pairs, pair{list[0].Placeholder, list[0].Kind, []byte(list[0].Value.Expose())})
			size += list[0].Value.Len()
		}
		if err := c.call(ctx, http.MethodPost, "/sessions/"+url.PathEscape(session)+"/pairs", nil, ask, &k); err != nil {
			return k, err
		}
	}
	return k, nil
}

// ResumeSession yields the pairs of a session so that more files get the same
// placeholders. The record says so before it returns. The error is a
// *chaperone.Error; its code is kept_gone when there is no such session.
func (c *Client) ResumeSession(ctx context.Context, session string) ([]phi.Surrogate, error) {
	return c.pairs(ctx, session, "resume")
}

// RelinkSession yields the pairs of a session to restore what they stand for.
// The record says so before it returns. The error is a *chaperone.Error; its code
// is kept_gone when there is no such session.
func (c *Client) RelinkSession(ctx context.Context, session string) ([]phi.Surrogate, error) {
	return c.pairs(ctx, session, "relink")
}

func (c *Client) pairs(ctx context.Context, session, as string) ([]phi.Surrogate, error) {
	var found pairs
	if err := c.call(ctx, http.MethodPost, "/sessions/"+url.PathEscape(session)+"/"+as, nil, nil, &found); err != nil {
		return nil, err
	}
	list := make([]phi.Surrogate, len(found.Pairs))
	for i, p := range found.Pairs {
		list[i] = phi.Surrogate{Placeholder: p.Placeholder, Kind: p.Kind, Value: phi.Seal(string(p.Value))}
	}
	return list, nil
}
