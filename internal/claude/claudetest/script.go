package claudetest

import (
	"net"
	"net/http"
	"strings"
)

// Script is an answer, step by step. A script that does not begin with Head
// has status 200.
type Script []Step

// Step is one thing the server does; it reports whether to go on.
type Step func(p *performer) bool

type performer struct {
	w       http.ResponseWriter
	r       *http.Request
	closing <-chan struct{}
}

// Head sends the status and header pairs ("retry-after", "7").
func Head(status int, pairs ...string) Step {
	return func(p *performer) bool {
		for i := 0; i+1 < len(pairs); i += 2 {
			p.w.Header().Add(pairs[i], pairs[i+1])
		}
		p.w.WriteHeader(status)
		return flush(p)
	}
}

// Send writes the bytes and flushes them, so that they leave as one piece.
func Send(s string) Step {
	return func(p *performer) bool {
		if _, err := p.w.Write([]byte(s)); err != nil {
			return false
		}
		return flush(p)
	}
}

// Wait holds until the gate is closed or receives, the client is gone, or the
// test ends. In the last two cases the answer breaks off.
func Wait(gate <-chan struct{}) Step {
	return func(p *performer) bool {
		select {
		case <-gate:
			return true
		case <-p.r.Context().Done():
		case <-p.closing:
		}
		return false
	}
}

// Hang falls silent until the client is gone or the test ends.
func Hang() Step { return Wait(nil) }

// Abort hangs up: the client sees the connection close in the middle.
func Abort() Step {
	return func(*performer) bool { panic(http.ErrAbortHandler) }
}

// Raw hangs up after it has put the bytes on the connection as they are,
// without a status line: what is not HTTP at all.
func Raw(s string) Step {
	return func(p *performer) bool {
		c, _, err := http.NewResponseController(p.w).Hijack()
		if err != nil {
			return false
		}
		defer func(c net.Conn) { _ = c.Close() }(c)
		_, _ = c.Write([]byte(s)) // the client may be gone; that is its test's concern
		return false
	}
}

func flush(p *performer) bool { return http.NewResponseController(p.w).Flush() == nil }

// JSON is a whole answer of that status.
func JSON(status int, body string) Script {
	return Script{Head(status, "content-type", "application/json", "request-id", "req_test"), Send(body)}
}

// Stream is an event stream whose pieces leave one by one, each flushed. Cut
// an event where the test wants it cut.
func Stream(pieces ...string) Script {
	s := Script{Head(http.StatusOK, "content-type", "text/event-stream", "request-id", "req_test")}
	for _, piece := range pieces {
		s = append(s, Send(piece))
	}
	return s
}

// Event is one server-sent event in the form the vendor uses.
func Event(name, data string) string {
	return "event: " + name + "\ndata: " + data + "\n\n"
}

// Cut divides s into pieces of n bytes, the last one shorter.
func Cut(s string, n int) []string {
	var pieces []string
	for len(s) > n && n > 0 {
		pieces = append(pieces, strings.Clone(s[:n]))
		s = s[n:]
	}
	return append(pieces, s)
}
