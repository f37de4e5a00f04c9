package claude

import (
	"sync"
	"time"
)

// defaultPing is how long a stream is silent before the client hears of us. The
// vendor's clients give up after minutes of silence, and so do proxies in
// between; some platforms send no pings of their own.
const defaultPing = 15 * time.Second

// vendorsPing is a ping to the letter of the vendor.
const vendorsPing = "event: ping\ndata: {\"type\": \"ping\"}\n\n"

// pulse sends pings to the client while the upstream of a stream is silent.
// They stand between events only: what is half there is not written yet. The
// copier writes nothing while it waits, and the lock keeps the two apart.
type pulse struct {
	c     *copier
	every time.Duration

	mu      sync.Mutex
	timer   *time.Timer
	waiting bool
	gone    error // the client could not be reached
}

func newPulse(c *copier) *pulse {
	p := &pulse{c: c, every: c.opt.Ping}
	if p.every <= 0 {
		p.every = defaultPing
	}
	p.timer = time.AfterFunc(p.every, p.beat)
	p.timer.Stop()
	return p
}

// wait reads, and sends pings as long as that takes.
func (p *pulse) wait(b []byte) (int, error) {
	p.mu.Lock()
	p.waiting = true
	p.timer.Reset(p.every)
	p.mu.Unlock()
	n, err := p.c.body.Read(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = false
	p.timer.Stop()
	if p.gone != nil {
		return 0, p.gone
	}
	return n, err
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.waiting || p.c.begun && p.c.gap() != nil {
		return
	}
	ping := []byte(vendorsPing)
	err := p.c.note(ping)
	if err == nil {
		err = p.c.write(ping)
	}
	if err == nil {
		err = p.c.flush()
	}
	if err != nil {
		p.gone = err
		_ = p.c.body.Close() // so that nobody waits for an answer without a reader
		return
	}
	p.timer.Reset(p.every)
}
