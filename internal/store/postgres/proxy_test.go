package postgres_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy stands between a client and the server and cuts the connection when it
// is told to.
type proxy struct {
	listener net.Listener
	server   string
	mu       sync.Mutex
	left     int  // what the client may still send before the cut, in pieces; 0: no cut
	arrives  bool // the last piece reaches the server, and no answer comes back
}

// newProxy yields a proxy and the URL that leads through it.
func newProxy(t *testing.T, to string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: u.Host}
	u.Host = l.Addr().String()
	u.RawQuery = "sslmode=disable"
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return p, u.String()
}

// cut arms the proxy: the connection that sends the nth piece from now on ends.
func (p *proxy) cut(n int, arrives bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.arrives = n, arrives
}

// piece counts one, and says whether it is the last.
func (p *proxy) piece() (last, arrives bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == 0 {
		return false, false
	}
	p.left--
	return p.left == 0, p.arrives
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	var mute sync.Mutex // held from the cut on, so that no answer passes
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil {
				client.Close()
				return
			}
			mute.Lock()
			_, err = client.Write(buf[:n])
			mute.Unlock()
			if err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 1<<20)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		last, arrives := p.piece()
		if last {
			mute.Lock()
			defer mute.Unlock()
			if !arrives {
				return
			}
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if last {
			client.Close()
			// The server finishes what it was told and finds nobody to tell.
			server.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, server)
			return
		}
	}
}
