package claudetest

import (
	"bytes"
	"net"
	"sync"
)

// wire keeps what was read from every connection.
type wire struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	count int
}

func (w *wire) bytes() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.buf.Bytes())
}

func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

type listener struct {
	net.Listener
	wire *wire
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.wire.mu.Lock()
	l.wire.count++
	l.wire.mu.Unlock()
	return &conn{Conn: c, wire: l.wire}, nil
}

type conn struct {
	net.Conn
	wire *wire
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.wire.mu.Lock()
	c.wire.buf.Write(p[:n])
	c.wire.mu.Unlock()
	return n, err
}
