// Package claudetest is a Claude on loopback that does what a test scripts:
// it answers, streams with cuts at any byte, waits at a gate, falls silent,
// hangs up. It keeps every byte it received, so that a test can say what left
// the house and that nothing did. It knows nothing of the Messages API; a
// script says the bytes. It is for tests alone.
package claudetest

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Request is one request as it arrived, transport framing undone.
type Request struct {
	Method string
	Target string // path and query as they were sent
	Header http.Header
	Body   []byte
	Err    error // why the body could not be read to its end, or nil
}

// Server is the scripted Claude. All methods may be called at any time.
type Server struct {
	// URL is where it listens: "http://127.0.0.1:port".
	URL string

	wire    *wire
	closing chan struct{}
	mu      sync.Mutex
	script  []Script
	got     []Request
	calls   int
}

// New starts a server that answers the first request by the first script, the
// second by the second, and every later one by the last. Without a script each
// answer is 500. The server ends with the test; what still waits at a gate or
// hangs then is let go.
func New(t testing.TB, scripts ...Script) *Server {
	t.Helper()
	s := &Server{script: scripts, closing: make(chan struct{}), wire: &wire{}}
	ts := httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	ts.Listener = &listener{Listener: ts.Listener, wire: s.wire}
	// Hanging up is scripted; the server's complaints about it are noise.
	ts.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	ts.Start()
	s.URL = ts.URL
	t.Cleanup(func() {
		close(s.closing)
		ts.CloseClientConnections()
		ts.Close()
	})
	return s
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	s.got = append(s.got, Request{
		Method: r.Method, Target: r.RequestURI, Header: r.Header.Clone(), Body: body, Err: err,
	})
	script := s.next()
	s.mu.Unlock()
	if script == nil {
		http.Error(w, "claudetest: no script", http.StatusInternalServerError)
		return
	}
	p := &performer{w: w, r: r, closing: s.closing}
	for _, step := range script {
		if !step(p) {
			return
		}
	}
}

func (s *Server) next() Script {
	n := s.calls
	s.calls++
	if len(s.script) == 0 {
		return nil
	}
	return s.script[min(n, len(s.script)-1)]
}

// Then puts further scripts behind those there are.
func (s *Server) Then(scripts ...Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, scripts...)
}

// Requests are the requests that arrived so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// Last is the newest request; the test fails at once if there was none.
func (s *Server) Last(t testing.TB) Request {
	t.Helper()
	all := s.Requests()
	if len(all) == 0 {
		t.Fatal("claudetest: no request arrived")
	}
	return all[len(all)-1]
}

// Wire is every byte that arrived, over all connections in the order they came
// in: request lines and headers too, and what was never a request.
func (s *Server) Wire() []byte { return s.wire.bytes() }

// Connections is how many connections were accepted.
func (s *Server) Connections() int { return s.wire.connections() }

// ZeroBytes fails the test if a single byte arrived (requirement AUD-03: no
// log, no call).
func (s *Server) ZeroBytes(t testing.TB) {
	t.Helper()
	if n := len(s.Wire()); n != 0 {
		t.Errorf("claudetest: %d bytes arrived upstream; there must be none", n)
	}
}

// NeverSaw fails the test if any of the words arrived in any byte. It compares
// bytes and so sees no other spelling, escape or encoding of a word. The
// failure names the position of the word in the list and not the word.
func (s *Server) NeverSaw(t testing.TB, words ...string) {
	t.Helper()
	all := s.Wire()
	for i, word := range words {
		if word == "" {
			t.Errorf("claudetest: word %d is empty and proves nothing", i)
		} else if bytes.Contains(all, []byte(word)) {
			t.Errorf("claudetest: word %d of the list arrived upstream", i)
		}
	}
}
