package conformance

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// mostSeen bounds what one request may bring to the upstream, in bytes.
const mostSeen = 256 << 20

// Seen is one request as it reached the upstream.
type Seen struct {
	Method string
	Path   string // with the query
	Header http.Header
	Wire   []byte // the body as it came
	Body   []byte // the same without its Content-Encoding
}

// script answers what reached the upstream.
type script func(w http.ResponseWriter, r *http.Request, s Seen)

// Upstream plays Claude on loopback. It keeps everything that reaches it, and
// answers as the case at hand says.
type Upstream struct {
	URL string // its address

	mu     sync.Mutex
	seen   []Seen
	script script
	server *http.Server
	served chan error
}

// NewUpstream listens on address (host:port; port 0 takes a free one) and serves
// until Close. It refuses any address but loopback: what it answers is made up.
func NewUpstream(address string) (*Upstream, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(errors.New("the upstream is for this machine only: name a loopback address"), l.Close())
	}
	u := &Upstream{URL: "http://" + l.Addr().String(), served: make(chan error, 1)}
	u.server = &http.Server{Handler: u, ReadHeaderTimeout: 10 * time.Second}
	go func() { u.served <- u.server.Serve(l) }()
	return u, nil
}

// Close stops serving and waits for it to end.
func (u *Upstream) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := u.server.Shutdown(ctx); err != nil {
		_ = u.server.Close() // whoever still hangs on is cut off
	}
	if err := <-u.served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ServeHTTP records the request and answers it.
func (u *Upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wire, err := io.ReadAll(io.LimitReader(r.Body, mostSeen))
	if err != nil {
		return // it never came whole; the gateway sees the connection break
	}
	s := Seen{r.Method, r.URL.RequestURI(), r.Header.Clone(), wire, undo(r.Header.Get("Content-Encoding"), wire)}
	u.mu.Lock()
	u.seen = append(u.seen, s)
	answer := u.script
	u.mu.Unlock()
	if answer == nil {
		answer = plainAnswer
	}
	answer(w, r, s)
}

// answer sets what is answered from now on, and forgets what was seen.
func (u *Upstream) answer(s script) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.script, u.seen = s, nil
}

// all is everything that came since the answer was set.
func (u *Upstream) all() []Seen {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]Seen(nil), u.seen...)
}

// undo takes a content coding off; what cannot be undone stays as it is.
func undo(coding string, wire []byte) []byte {
	codings := strings.Split(coding, ",")
	for i := len(codings) - 1; i >= 0; i-- {
		var r io.Reader
		switch strings.ToLower(strings.TrimSpace(codings[i])) {
		case "gzip", "x-gzip":
			z, err := gzip.NewReader(bytes.NewReader(wire))
			if err != nil {
				return wire
			}
			r = z
		case "deflate":
			z, err := zlib.NewReader(bytes.NewReader(wire))
			if err != nil {
				return wire
			}
			r = z
		case "br":
			r = brotli.NewReader(bytes.NewReader(wire))
		case "zstd":
			z, err := zstd.NewReader(bytes.NewReader(wire), zstd.WithDecoderConcurrency(1))
			if err != nil {
				return wire
			}
			defer z.Close()
			r = z
		default:
			return wire
		}
		plain, err := io.ReadAll(io.LimitReader(r, mostSeen))
		if err != nil {
			return wire
		}
		wire = plain
	}
	return wire
}
