package claude

import "net/http"

// amazonsError is the name under which Amazon's programs know an error of the
// vendor's. The status stays as it is.
func amazonsError(doc *document, status int) string {
	switch errorText(doc, "type") {
	case "invalid_request_error", "request_too_large":
		return "ValidationException"
	case "authentication_error":
		return "UnrecognizedClientException"
	case "permission_error", "billing_error":
		return "AccessDeniedException"
	case "not_found_error":
		return "ResourceNotFoundException"
	case "conflict_error":
		return "ConflictException"
	case "rate_limit_error":
		return "ThrottlingException"
	case "timeout_error":
		return "ModelTimeoutException"
	case "overloaded_error":
		return "ServiceUnavailableException"
	}
	if status == http.StatusServiceUnavailable || status == http.StatusBadGateway {
		return "ServiceUnavailableException"
	}
	return "InternalServerException"
}

// amazonsException is the name of an error in the middle of a stream. Amazon's
// model of the stream has no others than these.
func amazonsException(errorType string) string {
	switch errorType {
	case "invalid_request_error", "request_too_large":
		return "validationException"
	case "rate_limit_error":
		return "throttlingException"
	case "timeout_error":
		return "modelTimeoutException"
	case "overloaded_error":
		return "serviceUnavailableException"
	}
	return "internalServerException"
}

// googlesError adds to an envelope what Google's programs read: the status as a
// number and as a word. The vendor's clients go on finding what they look for.
func googlesError(doc *document, status int) []byte {
	e, ok := doc.get(0, "error")
	if !ok || !doc.is(e, object) || doc.nodes[e].next == int32(e+1) {
		return doc.src
	}
	at := doc.nodes[e].start + 1
	out := append([]byte(nil), doc.src[:at]...)
	out = append(out, member("code", status)+","+member("status", googlesStatus(status))+","...)
	return append(out, doc.src[at:]...)
}

// googlesStatus is a status in the words of google.rpc.Code.
func googlesStatus(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusMethodNotAllowed:
		return "UNIMPLEMENTED"
	case http.StatusConflict:
		return "ABORTED"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return "DEADLINE_EXCEEDED"
	case http.StatusBadGateway, http.StatusServiceUnavailable, statusOverloaded:
		return "UNAVAILABLE"
	}
	if status >= 500 {
		return "INTERNAL"
	}
	return "INVALID_ARGUMENT"
}
