package claude

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"chaperone"
)

// Call is what leaves the house: one HTTP request, complete except for the
// credential, which the door adds itself. Header is what Ask.Header allowed;
// Body is what was concealed, and is only read, never kept or changed.
type Call struct {
	Method string
	Path   string // "/v1/messages", without host and query
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Door is one way to a Claude: the vendor's API, a cloud platform's, or the
// simulator. A door sends a call once and never again: whether to repeat is
// the client's decision, because a message that was sent twice was disclosed
// twice.
type Door interface {
	// Name is what policies and records call the door: "anthropic".
	Name() string
	// Simulated reports whether no model stands behind the door.
	Simulated() bool
	// Send returns as soon as the status and the headers of the answer are
	// known; the caller must close the body. Every status that speaks the
	// vendor's protocol is an answer and not an error, 429 and 529 with their
	// retry-after included. Errors are *chaperone.Error:
	//   - KindUnavailable: the door could not be reached or has no usable key;
	//     not a byte of the call has left
	//   - KindTimeout: a stated limit passed before the answer began, or the
	//     caller gave up; then it wraps context.Cause(ctx)
	//   - KindUpstream: what came back is not an answer (redirect, broken HTTP)
	//   - KindInternal: the call is one that no door sends; nothing has left
	Send(ctx context.Context, c Call) (*Reply, error)
}

// neverForwarded are the headers that speak about one connection or carry a
// credential (RFC 9110 section 7.6.1, RFC 6265). Ask.Header already leaves
// them out; the door does so again because it is the last one that can.
var neverForwarded = []string{
	"Authorization", "Connection", "Content-Encoding", "Content-Length", "Cookie",
	"Expect", "Forwarded", "Host", "Idempotency-Key", "Keep-Alive", "Proxy-Authenticate",
	"Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding",
	"Upgrade", "Via", "X-Api-Key", "X-Forwarded-For", "X-Forwarded-Host",
	"X-Forwarded-Proto", "X-Idempotency-Key", "X-Real-Ip",
}

// outbound returns the header that may leave, in a copy of its own.
func outbound(h http.Header) http.Header {
	out := make(http.Header, len(h)+4)
	for name, values := range h {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), "X-Chaperone-") {
			continue
		}
		out[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
	}
	for _, name := range neverForwarded {
		out.Del(name)
	}
	return out
}

// sendable refuses calls that no door makes, so that a fault elsewhere in the
// house cannot turn a door into a way to the vendor's other endpoints
// (organisations, agents), where nothing is concealed.
func sendable(c Call) error {
	switch {
	case c.Method == http.MethodPost && (c.Path == "/v1/messages" || c.Path == "/v1/messages/count_tokens"):
		return nil
	case c.Method == http.MethodGet && c.Path == "/v1/models" && len(c.Body) == 0:
		return nil
	case c.Method == http.MethodGet && len(c.Body) == 0 && modelPath(c.Path):
		return nil
	case heldCall(c):
		return nil
	}
	return chaperone.NewError(chaperone.KindInternal, "door_call",
		"This request is not one that Chaperone passes on", "", nil)
}

// modelPath reports whether path is /v1/models/ and one plain segment.
func modelPath(path string) bool {
	id, ok := strings.CutPrefix(path, "/v1/models/")
	if !ok || id == "" || len(id) > 128 || strings.Trim(id, ".") == "" {
		return false
	}
	for _, c := range []byte(id) {
		plain := c == '-' || c == '_' || c == '.' || c == ':' || c == '@' ||
			c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !plain {
			return false
		}
	}
	return true
}
