// Package signin is how programs such as Claude Code sign in and learn their
// settings: authorization server metadata (RFC 8414), the device grant (RFC
// 8628), refreshing and revoking of tokens (RFC 6749, RFC 7009), and the managed
// settings in the form that Claude Code fetches. It owns the wire of these; who
// may sign in, a person says in the console, and package identity keeps it.
//
// It refuses to hand out a token that the record does not know of, to answer
// settings without a credential, and to follow any parameter it does not know:
// those are ignored, as the RFCs ask.
package signin

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
	"chaperone/internal/telemetry"
)

// Parts is what signing in is made of. All fields are needed but PublicURL and
// Settings.
type Parts struct {
	Identity  *identity.Identity
	Log       *audit.Log
	Tenant    string
	PublicURL string   // how clients reach this house, without a path; empty: as each request says
	Settings  Settings // what Claude Code is told; the zero value: safe defaults
	Logger    *slog.Logger
}

// SignIn serves the paths. It is safe for concurrent use.
type SignIn struct{ parts Parts }

// New returns the face over its parts.
func New(p Parts) *SignIn { return &SignIn{p} }

// Register puts every path on a multiplexer.
func (s *SignIn) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", s.metadata)
	mux.HandleFunc("POST /oauth/device_authorization", s.begin)
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("POST /oauth/revoke", s.revoke)
	mux.HandleFunc("GET /device", device)
	mux.HandleFunc("GET /managed/settings", s.settings)
	mux.HandleFunc("GET /protocol", protocol)
}

// The paths that the metadata names.
const (
	beginPath  = "/oauth/device_authorization"
	tokenPath  = "/oauth/token" //nolint:gosec // G101: a path
	revokePath = "/oauth/revoke"
	devicePath = "/device"

	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	refreshGrant = "refresh_token"
)

// base is the address that clients reach this house at.
func (s *SignIn) base(r *http.Request) string {
	if s.parts.PublicURL != "" {
		return s.parts.PublicURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}

// metadata describes this authorization server (RFC 8414, section 2). There is
// no authorization endpoint: only devices sign in here.
func (s *SignIn) metadata(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	respond(w, http.StatusOK, map[string]any{
		"issuer":                                     base,
		"device_authorization_endpoint":              base + beginPath,
		"token_endpoint":                             base + tokenPath,
		"revocation_endpoint":                        base + revokePath,
		"grant_types_supported":                      []string{deviceGrant, refreshGrant},
		"response_types_supported":                   []string{},
		"token_endpoint_auth_methods_supported":      []string{"none"},
		"revocation_endpoint_auth_methods_supported": []string{"none"},
	})
}

// begin opens a grant (RFC 8628, section 3.1).
func (s *SignIn) begin(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		s.refuse(w, r, err)
		return
	}
	if err := s.parts.Log.Ready(); err != nil {
		s.refuse(w, r, err)
		return
	}
	g, err := s.parts.Identity.BeginDevice(surface(r.PostFormValue("surface")), from(r))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	page := s.base(r) + devicePath
	respond(w, http.StatusOK, map[string]any{
		"device_code": g.DeviceCode, "user_code": g.UserCode,
		"verification_uri": page, "verification_uri_complete": page + "?user_code=" + g.UserCode,
		"expires_in": int(identity.GrantLife / time.Second), "interval": int(g.Pace / time.Second),
	})
}

// surface is what a client calls itself, if that is a plain word.
func surface(s string) string {
	if len(s) > 40 || strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) {
		return ""
	}
	return s
}

// device sends a browser to the console's page.
func device(w http.ResponseWriter, r *http.Request) {
	to := url.URL{Path: "/console/device"}
	if code := r.URL.Query().Get("user_code"); code != "" {
		to.RawQuery = url.Values{"user_code": {code}}.Encode()
	}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// token hands out tokens (RFC 8628, section 3.4; RFC 6749, section 6).
func (s *SignIn) token(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		s.refuse(w, r, err)
		return
	}
	if err := s.parts.Log.Ready(); err != nil { // before a code or a token is spent
		s.refuse(w, r, err)
		return
	}
	var tokens identity.Tokens
	var err error
	event := audit.DeviceSignedIn
	switch r.PostFormValue("grant_type") {
	case deviceGrant:
		tokens, err = s.parts.Identity.RedeemDevice(r.Context(), r.PostFormValue("device_code"), from(r))
	case refreshGrant:
		event = audit.DeviceRefreshed
		tokens, err = s.parts.Identity.RefreshDevice(r.Context(), r.PostFormValue("refresh_token"), from(r))
	default:
		err = chaperone.NewError(chaperone.KindInvalid, "unsupported_grant_type", "This kind of grant is not offered",
			"Use the device grant or the refresh grant", nil)
	}
	if err == nil {
		h := tokens.Device.Holder
		err = s.parts.Log.Note(r.Context(), audit.Event{Kind: event, Subject: tokens.Device.ID, Who: chaperone.Principal{
			Tenant: h.Tenant, ID: h.Owner, Role: h.Role, KeyID: tokens.Device.ID, Environment: h.Environment, From: from(r),
		}})
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	respond(w, http.StatusOK, map[string]any{
		"access_token": tokens.Access, "token_type": "Bearer", "expires_in": int(tokens.ExpiresIn / time.Second),
		"refresh_token": tokens.Refresh,
	})
}

// revoke signs a device out (RFC 7009): whatever is sent, the answer is 200.
func (s *SignIn) revoke(w http.ResponseWriter, r *http.Request) {
	err := readForm(w, r)
	var ended string
	if err == nil {
		ended, err = s.parts.Identity.RevokeToken(r.Context(), r.PostFormValue("token"))
	}
	if err == nil && ended != "" {
		err = s.parts.Log.Note(r.Context(), audit.Event{Kind: audit.DeviceSignedOut, Subject: ended, Who: chaperone.Principal{Tenant: s.parts.Tenant, From: from(r)}})
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	respond(w, http.StatusOK, map[string]any{})
}

// maxForm is the most a form may hold, in bytes.
const maxForm = 16 << 10

func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return chaperone.NewError(chaperone.KindInvalid, "invalid_request", "The form could not be read", "Send it as application/x-www-form-urlencoded", err)
	}
	return nil
}

// refuse answers in the form of RFC 6749, section 5.2, and records a credential
// that did not count.
func (s *SignIn) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if noted := s.noteAttempt(r, err); noted != nil {
		err = noted
	}
	e := chaperone.AsError(err)
	status, code := http.StatusBadRequest, e.Code
	switch {
	case e.Kind == chaperone.KindUnavailable || e.Kind == chaperone.KindInternal || e.Kind == chaperone.KindTimeout:
		status, code = http.StatusServiceUnavailable, "temporarily_unavailable"
		s.parts.Logger.LogAttrs(r.Context(), slog.LevelError, "a program could not sign in", slog.String("code", e.Code), telemetry.Cause(err))
	case code == "invalid_grant" && r.PostFormValue("grant_type") == refreshGrant:
		status = http.StatusUnauthorized // Claude Code signs in again at this, and only at this
	}
	words := e.Public
	if e.Next != "" {
		words += ". " + e.Next
	}
	respond(w, status, map[string]any{"error": code, "error_description": words + "."})
}

// noteAttempt records a failed credential (IAM-09). A request without one is no
// attempt, and what the brake slowed is not recorded one by one.
func (s *SignIn) noteAttempt(r *http.Request, err error) error {
	a, ok := errors.AsType[*identity.Attempt](err)
	if !ok || a.Why == identity.WhyMissing || a.Why == identity.WhyTooOften {
		return nil
	}
	subject := string(a.Kind) + ":" + string(a.Why)
	if a.ID != "" {
		subject += ":" + a.ID
	}
	return s.parts.Log.Note(r.Context(), audit.Event{
		Kind: audit.AccessDenied, Subject: subject, Status: claude.StatusOf(err),
		Who: chaperone.Principal{Tenant: s.parts.Tenant, From: a.From},
	})
}

func respond(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that left needs no answer
}

// from is the address the connection comes from; the zero Addr if it cannot be
// told.
func from(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}
