package claude

import (
	"bytes"
	"errors"
	"net/http"
)

// refusal carries an error that the upstream reported: its status as it is, its
// words only where a client acts on them (400 and 413: "prompt is too long…"),
// since others can name the organisation's account.
func (c *copier) refusal(media string) error {
	body, err := c.readAll(mostRefusal)
	if errors.Is(err, ErrClientGone) {
		return err
	}
	doc, f := parse(body, defaultDepth)
	if err != nil || f != nil || media != "application/json" || !doc.is(0, object) {
		return c.generic("")
	}
	reported, ok := doc.get(0, "error")
	if !ok || !doc.is(reported, object) {
		return c.generic("")
	}
	if t := doc.getText(reported, "type"); typeForm(t) {
		c.d.ErrorType = t
	}
	if c.d.Status != http.StatusBadRequest && c.d.Status != http.StatusRequestEntityTooLarge {
		return c.generic(c.d.ErrorType)
	}
	x := restorer{doc: doc, rv: c.rv}
	x.value(0, false)
	return c.whole(c.asOurs(doc, splice(body, x.edits)))
}

// asOurs puts the id of our own exchange into an error that is relayed: it is
// what the header says, and what the record is found by. The upstream's own id
// stands in a header.
func (c *copier) asOurs(was *document, now []byte) []byte {
	end := bytes.LastIndexByte(now, '}')
	if c.opt.RequestID == "" || end < 0 {
		return now
	}
	if _, stated := was.get(0, "request_id"); !stated {
		member := append(appendQuoted([]byte(`,"request_id":`), c.opt.RequestID), now[end:]...)
		return append(now[:end:end], member...)
	}
	doc, f := parse(now, defaultDepth)
	if f != nil {
		return now
	}
	id, _ := doc.get(0, "request_id")
	return splice(now, []edit{{node: doc.nodes[id], now: c.opt.RequestID}})
}

// generic reports the upstream's error in words of ours.
func (c *copier) generic(errorType string) error {
	if errorType == "" {
		errorType = typeOfStatus(c.d.Status)
		c.d.ErrorType = errorType
	}
	return c.whole(marshalEnvelope(envelope{
		Type:      "error",
		Error:     envelopeError{errorType, genericWords(errorType), &envelopeDetails{"upstream_error"}},
		RequestID: c.opt.RequestID,
	}))
}

// typeOfStatus names the error type of a status that came without one.
func typeOfStatus(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "invalid_request_error"
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusConflict:
		return "conflict_error"
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return "timeout_error"
	case statusOverloaded:
		return "overloaded_error"
	}
	return "api_error"
}

// genericWords says what an error type of the upstream's means, and nothing of
// whom it concerns.
func genericWords(errorType string) string {
	switch errorType {
	case "authentication_error":
		return "Claude refused the credential of Chaperone's own door; your key is not concerned. Tell your administrator."
	case "permission_error":
		return "Claude does not permit this to the organisation. Tell your administrator."
	case "billing_error":
		return "Claude reports a question of billing with the organisation. Tell your administrator."
	case "not_found_error":
		return "Claude does not know this model or path. Check the name of the model."
	case "rate_limit_error":
		return "Claude asks to wait: too many requests at once. Try again later."
	case "overloaded_error":
		return "Overloaded"
	case "timeout_error":
		return "Claude took too long. Try again, or ask for less at once."
	case "request_too_large":
		return "The request is larger than Claude accepts. Send less in one request."
	}
	return "Claude reported an error. Try again."
}

// relayed: the types of error in a stream whose words a client acts on.
func relayed(errorType string) bool {
	return errorType == "invalid_request_error" || errorType == "request_too_large"
}
