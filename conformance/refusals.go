package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

var errorTypes = []string{
	"invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error",
	"conflict_error", "request_too_large", "rate_limit_error", "timeout_error", "api_error", "overloaded_error",
}

// envelope is a fault unless the answer is an error as the Messages API writes
// them: type, error.type, error.message and the request id, which is also in the
// header. Empty: any type.
func (g got) envelope(want string) error {
	if media := g.header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		return fmt.Errorf("an error of type %q, not application/json: %s", media, clip(g.body))
	}
	id := g.header.Get("Request-Id")
	if err := envelope(g.body, want, id); err != nil {
		return err
	}
	if id == "" {
		return fmt.Errorf("there is no header request-id")
	}
	return nil
}

func envelope(body []byte, want, id string) error {
	var e struct {
		Type  string `json:"type"`
		Error struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"error"`
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return fmt.Errorf("the error is no JSON of the API: %s", clip(body))
	}
	switch {
	case e.Type != "error":
		return fmt.Errorf(`the error has no "type":"error": %s`, clip(body))
	case !slices.Contains(errorTypes, e.Error.Type), want != "" && e.Error.Type != want:
		return fmt.Errorf("error.type is %q, want %q: %s", e.Error.Type, want, clip(body))
	case e.Error.Message == "":
		return fmt.Errorf("the error says nothing: %s", clip(body))
	case e.RequestID == "":
		return fmt.Errorf("the error has no request_id: %s", clip(body))
	case id != "" && e.RequestID != id:
		return fmt.Errorf("request_id is %q and the header says %q", e.RequestID, id)
	}
	return nil
}

// upstreamError is an error as the vendor writes it.
func upstreamError(kind, words string) string {
	return `{"type":"error","error":{"type":` + quote(kind) + `,"message":` + quote(words) + `},"request_id":"req_011Conform"}`
}

// relays wants an upstream's error at the client with its status and type, and
// these headers.
func relays(status int, kind, words string, header ...string) scenario {
	name := fmt.Sprintf("%d %s is told as such", status, kind)
	if len(header) > 0 {
		name += ", with " + header[0]
	}
	return scenario{"upstream errors", name, func(t *trial) error {
		t.up.answer(always(status, upstreamError(kind, words), header...))
		g, err := t.send(ask{body: t.message(anyQuestion)})
		if err != nil {
			return err
		}
		if g.status != status {
			return fmt.Errorf("status %d, want %d: %s", g.status, status, clip(g.body))
		}
		for i := 0; i+1 < len(header); i += 2 {
			if v := g.header.Get(header[i]); v != header[i+1] {
				return fmt.Errorf("%s is %q, want %q", header[i], v, header[i+1])
			}
		}
		return g.envelope(kind)
	}}
}

const (
	tooLong    = "prompt is too long: 215000 tokens > 200000 maximum"
	accountBit = "organization 0b5a1c11-6d2f-4a53-8b1e-3d0c7a7c9f10 has run out"
)

// refusalCases are errors of the upstream.
func refusalCases() []scenario {
	return []scenario{
		relays(400, "invalid_request_error", tooLong),
		relays(404, "not_found_error", "model: claude-none"),
		relays(413, "request_too_large", "Request exceeds the maximum size"),
		relays(429, "rate_limit_error", "Too many", "Retry-After", "7"),
		relays(429, "rate_limit_error", "Too many", "Retry-After-Ms", "1500"),
		relays(429, "rate_limit_error", "Too many", "X-Should-Retry", "false"),
		relays(500, "api_error", "Internal"),
		relays(529, "overloaded_error", "Overloaded", "Retry-After", "3"),
		{"upstream errors", "the words that clients act on are kept", func(t *trial) error {
			t.up.answer(always(400, upstreamError("invalid_request_error", tooLong)))
			g, err := t.send(ask{body: t.message(anyQuestion)})
			if err != nil {
				return err
			}
			return holds("the error", g.body, quote(tooLong))
		}},
		{"upstream errors", "529 before a stream is told as such", func(t *trial) error {
			t.up.answer(always(529, upstreamError("overloaded_error", "Overloaded"), "Retry-After", "3"))
			g, err := t.send(ask{body: t.message(anyQuestion, streaming)})
			if err != nil {
				return err
			}
			if g.status != 529 {
				return fmt.Errorf("status %d, want 529: %s", g.status, clip(g.body))
			}
			return g.envelope("overloaded_error")
		}},
		{"upstream errors", "a page of HTML becomes an error in the envelope", func(t *trial) error {
			t.up.answer(func(w http.ResponseWriter, _ *http.Request, _ Seen) {
				w.Header().Set("Content-Type", "text/html")
				w.WriteHeader(http.StatusBadGateway)
				_, _ = w.Write([]byte("<html>bad gateway</html>")) // a gateway that left needs no answer
			})
			g, err := t.send(ask{body: t.message(anyQuestion)})
			if err != nil {
				return err
			}
			if g.status < 500 {
				return fmt.Errorf("status %d, want 5xx", g.status)
			}
			return g.envelope("")
		}},
		{"upstream errors", "a connection that breaks becomes an error in the envelope", func(t *trial) error {
			t.up.answer(func(http.ResponseWriter, *http.Request, Seen) { panic(http.ErrAbortHandler) })
			g, err := t.send(ask{body: t.message(anyQuestion)})
			if err != nil {
				return err
			}
			if g.status < 500 {
				return fmt.Errorf("status %d, want 5xx", g.status)
			}
			return g.envelope("")
		}},
	}
}

// privacyCases: what the vendor says of the whole organisation is not for every
// user of the gateway.
func privacyCases() []scenario {
	hidden := func(name, header, value string) scenario {
		return scenario{"privacy", name, func(t *trial) error {
			t.up.answer(always(200, anyMessage, header, value))
			_, g, err := t.sent(ask{body: t.message(anyQuestion)})
			if err == nil && g.header.Get(header) != "" {
				err = fmt.Errorf("the client is told %s", header)
			}
			return err
		}}
	}
	return []scenario{
		hidden("hides organisation-wide limits", "Anthropic-Ratelimit-Tokens-Remaining", "39000"),
		hidden("hides the organisation's id", "Anthropic-Organization-Id", "0b5a1c11-6d2f-4a53-8b1e-3d0c7a7c9f10"),
		hidden("hides the upstream's cookies", "Set-Cookie", "lb=1"),
		{"privacy", "words that name the account stay behind", func(t *trial) error {
			t.up.answer(always(403, upstreamError("permission_error", accountBit)))
			g, err := t.send(ask{body: t.message(anyQuestion)})
			if err == nil && strings.Contains(string(g.body), "0b5a1c11") {
				err = fmt.Errorf("the client is told %s", clip(g.body))
			}
			return err
		}},
		{"privacy", "an error does not repeat the request", func(t *trial) error {
			t.up.answer(always(500, upstreamError("api_error", passage)))
			g, err := t.send(ask{body: t.message(passage)})
			if err != nil {
				return err
			}
			return clean("the error", g.body, t.target.traces())
		}},
	}
}
