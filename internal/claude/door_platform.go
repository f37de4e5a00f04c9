package claude

import (
	"net/http"
	"net/url"
)

// platform is what one way to Claude wants otherwise than the vendor's own API.
// It changes the form of calls and answers; the door sends.
type platform interface {
	// shape makes the platform's request of a call. The header is a copy of the
	// call's own that may be changed. An error is a *chaperone.Error; then
	// nothing was sent.
	shape(c Call, h http.Header) (shaped, error)
	// unshape makes an answer look like one of the Messages API, before anybody
	// has read of it. An error takes the answer's place.
	unshape(c Call, reply *Reply) error
}

// shaped is a request in the platform's form.
type shaped struct {
	path  string // escaped; what stands behind the base URL
	query url.Values
	body  []byte
	// reply is the answer to a call that the platform has no endpoint for and
	// the door answers by itself. Then nothing is sent.
	reply *Reply
}

// native is a platform that speaks the Messages API as the vendor does.
type native struct{}

func (native) shape(c Call, _ http.Header) (shaped, error) {
	return shaped{path: c.Path, query: c.Query, body: c.Body}, nil
}

func (native) unshape(Call, *Reply) error { return nil }

// requestIDs are the headers in which platforms name a request, where they do
// not call it as the vendor does.
var requestIDs = []string{"X-Amzn-Requestid", "Apim-Request-Id", "X-Ms-Request-Id", "X-Request-Id"}

// nameRequest puts the platform's name of the request where the vendor's is.
func nameRequest(h http.Header) {
	if idForm(h.Get("Request-Id")) {
		return
	}
	for _, name := range requestIDs {
		if id := h.Get(name); idForm(id) {
			h.Set("Request-Id", id)
			return
		}
	}
}
