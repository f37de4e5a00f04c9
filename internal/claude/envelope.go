package claude

import (
	"encoding/json"
	"net/http"
	"strconv"

	"chaperone"
)

// envelope is the form in which the Messages API reports errors.
type envelope struct {
	Type      string        `json:"type"`
	Error     envelopeError `json:"error"`
	RequestID string        `json:"request_id,omitempty"`
}

type envelopeError struct {
	Type    string           `json:"type"`
	Message string           `json:"message"`
	Details *envelopeDetails `json:"details,omitempty"`
}

type envelopeDetails struct {
	ErrorCode string `json:"error_code"`
}

// statusOf is the one place where a kind of error becomes an HTTP status and an
// error type of the Messages API.
func statusOf(k chaperone.Kind) (status int, errorType string) {
	switch k {
	case chaperone.KindInvalid:
		return http.StatusBadRequest, "invalid_request_error"
	case chaperone.KindUnauthenticated:
		return http.StatusUnauthorized, "authentication_error"
	case chaperone.KindForbidden:
		return http.StatusForbidden, "permission_error"
	case chaperone.KindNotFound:
		return http.StatusNotFound, "not_found_error"
	case chaperone.KindMethod:
		return http.StatusMethodNotAllowed, "invalid_request_error"
	case chaperone.KindConflict:
		return http.StatusConflict, "conflict_error"
	case chaperone.KindTooLarge:
		return http.StatusRequestEntityTooLarge, "request_too_large"
	case chaperone.KindRateLimited:
		return http.StatusTooManyRequests, "rate_limit_error"
	case chaperone.KindUnsupported:
		return http.StatusUnsupportedMediaType, "invalid_request_error"
	case chaperone.KindUnavailable:
		return http.StatusServiceUnavailable, "api_error"
	case chaperone.KindTimeout:
		return http.StatusGatewayTimeout, "timeout_error"
	case chaperone.KindUpstream:
		return http.StatusBadGateway, "api_error"
	case chaperone.KindOverBudget:
		return http.StatusTooManyRequests, "billing_error"
	case chaperone.KindOverloaded:
		return statusOverloaded, "overloaded_error"
	}
	return http.StatusInternalServerError, "api_error"
}

// statusOverloaded is the API's own status for "overloaded".
const statusOverloaded = 529

// WriteError answers with err in the envelope of the Messages API. The words
// are the public ones of the *chaperone.Error in err's chain; an error without
// one becomes "something failed". requestID goes into the header request-id and
// the body. Nothing may have been written to w before.
func WriteError(w http.ResponseWriter, requestID string, err error) {
	e := chaperone.AsError(err)
	status, _ := statusOf(e.Kind)
	if e.Kind == chaperone.KindUnauthenticated || e.Kind == chaperone.KindOverBudget {
		w.Header().Set("X-Should-Retry", "false") // the same key will not do better
	}
	writeEnvelope(w, status, requestID, envelopeOf(requestID, e))
}

func writeEnvelope(w http.ResponseWriter, status int, requestID string, body []byte) {
	h := w.Header()
	if requestID != "" {
		h.Set("Request-Id", requestID)
	}
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A client that is gone cannot be told so.
	_, _ = w.Write(body)
}

// StatusOf is the HTTP status under which WriteError reports err.
func StatusOf(err error) int {
	status, _ := statusOf(chaperone.AsError(err).Kind)
	return status
}

// ErrorEvent is err as a server-sent event, for streams that have begun: the
// last event of such a stream.
func ErrorEvent(requestID string, err error) []byte {
	body := envelopeOf(requestID, chaperone.AsError(err))
	return append(append([]byte("event: error\ndata: "), body...), "\n\n"...)
}

func envelopeOf(requestID string, e *chaperone.Error) []byte {
	_, errorType := statusOf(e.Kind)
	message := e.Public + "."
	if e.Next != "" {
		message += " " + e.Next + "."
	}
	return marshalEnvelope(envelope{
		Type:      "error",
		Error:     envelopeError{errorType, message, &envelopeDetails{e.Code}},
		RequestID: requestID,
	})
}

func marshalEnvelope(e envelope) []byte {
	body, err := json.Marshal(e)
	if err != nil { // strings and structs only: cannot happen
		return []byte(`{"type":"error","error":{"type":"api_error","message":"Something failed inside Chaperone."}}`)
	}
	return body
}
