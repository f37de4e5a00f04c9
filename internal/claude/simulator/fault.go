package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// fault is an answer that is an error, in the vendor's envelope. Its words
// speak of positions and field names and repeat nothing of the request, ids of
// tool calls apart.
type fault struct {
	status     int
	kind       string // "invalid_request_error"
	message    string
	code       string // details.error_code, which clients act on; may be empty
	retryAfter int    // seconds; 0 means no header
}

var faultKinds = map[int]string{
	http.StatusBadRequest:            "invalid_request_error",
	http.StatusUnauthorized:          "authentication_error",
	http.StatusPaymentRequired:       "billing_error",
	http.StatusForbidden:             "permission_error",
	http.StatusNotFound:              "not_found_error",
	http.StatusMethodNotAllowed:      "invalid_request_error",
	http.StatusConflict:              "conflict_error",
	http.StatusRequestEntityTooLarge: "request_too_large",
	http.StatusTooManyRequests:       "rate_limit_error",
	http.StatusGatewayTimeout:        "timeout_error",
	529:                              "overloaded_error",
}

func faultf(status int, format string, args ...any) *fault {
	kind, ok := faultKinds[status]
	if !ok {
		kind = "api_error"
	}
	return &fault{status: status, kind: kind, message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *fault {
	return faultf(http.StatusBadRequest, format, args...)
}

type envelope struct {
	Type      string        `json:"type"`
	Error     envelopeError `json:"error"`
	RequestID string        `json:"request_id,omitempty"`
}

type envelopeError struct {
	Type    string         `json:"type"`
	Message string         `json:"message"`
	Details *envelopeCause `json:"details,omitempty"`
}

type envelopeCause struct {
	ErrorCode string `json:"error_code"`
}

func (f *fault) envelope(id seed) envelope {
	e := envelope{
		Type: "error", Error: envelopeError{Type: f.kind, Message: f.message}, RequestID: id.name("req_sim_"),
	}
	if f.code != "" {
		e.Error.Details = &envelopeCause{f.code}
	}
	return e
}

func writeFault(w http.ResponseWriter, id seed, f *fault) {
	if f.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	switch {
	case f.status == http.StatusTooManyRequests, f.status >= 500:
		w.Header().Set("X-Should-Retry", "true")
	case f.status == http.StatusUnauthorized:
		w.Header().Set("X-Should-Retry", "false")
	}
	writeJSON(w, f.status, f.envelope(id))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body := encode(v)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone reads no error either
}

func writeHTML(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte("<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>\n"))
}

// encode writes JSON as the vendor does, with < > & as they are. Everything
// that is encoded here is made of strings and numbers, which cannot fail.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("simulator: encode: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
