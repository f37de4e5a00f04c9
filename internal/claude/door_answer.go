package claude

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// readWhole reads a short JSON answer of a platform: a count or an error.
func readWhole(reply *Reply) (*document, error) {
	body, err := io.ReadAll(io.LimitReader(reply.Body, mostRefusal+1))
	if err != nil {
		return nil, err
	}
	if len(body) > mostRefusal {
		return nil, errAnswerTooLarge()
	}
	doc, f := parse(body, defaultDepth)
	switch {
	case f != nil:
		return nil, errMalformed(f)
	case !doc.is(0, object):
		return nil, errMalformed(nil)
	}
	return doc, nil
}

// replace puts a JSON body in the place of the one that was read.
func (reply *Reply) replace(body []byte) {
	reply.Body = &replaced{bytes.NewReader(body), reply.Body}
	reply.Header.Set("Content-Type", "application/json")
	reply.Header.Del("Content-Length")
}

// replaced reads from one and closes another.
type replaced struct {
	io.Reader
	io.Closer
}

func mediaOf(h http.Header) string {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// refuse puts an error of the platform's into the vendor's envelope. The words
// of requests that were wrong are kept, since clients act on them, unless they
// name an account.
func (reply *Reply) refuse(status int, errorType, words string) {
	reply.Status = status
	if words == "" || namesAccount(words) || !relayed(errorType) {
		words = genericWords(errorType)
	}
	reply.replace(marshalEnvelope(envelope{Type: "error", Error: envelopeError{Type: errorType, Message: words}}))
}

// namesAccount reports whether words hold a resource name or an account number.
func namesAccount(words string) bool {
	digits := 0
	for _, c := range words {
		if c < '0' || c > '9' {
			digits = 0
			continue
		}
		if digits++; digits >= 12 {
			return true
		}
	}
	return strings.Contains(words, "arn:") || strings.Contains(words, "projects/") || strings.Contains(words, "subscriptions/")
}
