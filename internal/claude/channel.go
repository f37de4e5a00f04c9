package claude

import (
	"bytes"
	"strings"
)

// channel is one text that arrives in pieces: the text, thinking or partial JSON
// of one content block. It decides each piece as soon as that is possible and
// keeps only what may be the first half of a placeholder.
type channel struct {
	rv    Revealer
	nest  *nesting
	text  []byte  // not decided yet
	mask  []byte  // the same as it is read; see nesting.feed
	depth []uint8 // strings of JSON around each byte; nil: none
	owner []piece // the events the undecided bytes came in

	thinking bool
	heard    bool            // somebody asks for the whole text as it came
	was, now strings.Builder // the whole text as it came and as it goes on
}

// piece is a run of undecided bytes that came in one event.
type piece struct {
	h *held
	n int
}

// feed takes the next piece.
func (c *channel) feed(h *held, s string) {
	mask, depth := c.nest.feed(s)
	if depth == nil && len(c.depth) > 0 {
		depth = make([]uint8, len(s)) // the text turned out not to be JSON half-way
	}
	c.text = append(c.text, s...)
	c.mask = append(c.mask, mask...)
	c.depth = append(c.depth, depth...)
	c.owner = append(c.owner, piece{h, len(s)})
	h.open += len(s)
	if c.thinking || c.heard {
		c.was.WriteString(s)
	}
	seen, at := squeeze(c.mask)
	hits, hold := c.rv.Scan(seen)
	for i := range hits {
		hits[i].Start, hits[i].End = widen(at, hits[i].Start), widen(at, hits[i].End)
	}
	// Half an escape sequence at the end may begin what is to be restored.
	undecided := len(c.mask) - widen(at, len(seen)-min(max(hold, 0), len(seen)))
	c.resolve(hits)
	c.pass(len(c.text) - min(undecided, len(c.text)))
	// Keep the short rest only, not the array of everything before it.
	c.text, c.mask, c.depth = bytes.Clone(c.text), bytes.Clone(c.mask), bytes.Clone(c.depth)
}

// resolve puts the hits in.
func (c *channel) resolve(hits []Span) {
	gone := 0
	for _, hit := range hits {
		start, end := hit.Start-gone, hit.End-gone
		if start < 0 || end <= start || end > len(c.text) {
			continue
		}
		d := c.depthAt(start)
		if c.nest.forced && d == 0 {
			continue // not inside a string: nothing can be put there
		}
		c.pass(start)
		c.put(end-start, escapeTimes(hit.Value, d))
		gone = hit.End
	}
}

// flush decides what is left: the text has ended, so nothing can complete it.
// A Revealer may have waited for the byte after a complete placeholder, so it is
// asked once more. Of a text that broke off, the rest is left out: it may be
// part of a placeholder, and those are not shown.
func (c *channel) flush(whole bool) {
	if len(c.text) == 0 {
		return
	}
	d := c.depthAt(0)
	seen, _ := squeeze(c.mask)
	if now := c.rv.Reveal(seen); now != seen && (d > 0 || !c.nest.forced) {
		c.put(len(c.text), escapeTimes(now, d))
		return
	}
	if !whole {
		c.put(len(c.text), "")
		return
	}
	c.pass(len(c.text))
}

func (c *channel) depthAt(i int) uint8 {
	if i < len(c.depth) {
		return c.depth[i]
	}
	return 0
}

// pass lets the first n undecided bytes through as they are.
func (c *channel) pass(n int) {
	from := c.text[:n]
	if c.thinking {
		c.now.Write(from)
	}
	for len(from) > 0 {
		p := &c.owner[0]
		k := min(p.n, len(from))
		p.h.out = append(p.h.out, from[:k]...)
		c.decided(k)
		from = from[k:]
	}
	c.drop(n)
}

// put lets value take the place of the first n undecided bytes. It goes out
// whole in the event in which they began.
func (c *channel) put(n int, value string) {
	if c.thinking {
		c.now.WriteString(value)
	}
	for len(c.owner) > 0 && c.owner[0].n == 0 {
		c.owner = c.owner[1:]
	}
	c.owner[0].h.out = append(c.owner[0].h.out, value...)
	for left := n; left > 0; {
		p := &c.owner[0]
		k := min(p.n, left)
		p.h.changed = p.h.changed || k > 0
		c.decided(k)
		left -= k
	}
	c.drop(n)
}

// decided takes k bytes from the first owner.
func (c *channel) decided(k int) {
	p := &c.owner[0]
	p.h.open -= k
	p.n -= k
	if p.n == 0 {
		c.owner = c.owner[1:]
	}
}

func (c *channel) drop(n int) {
	c.text, c.mask = c.text[n:], c.mask[n:]
	c.depth = c.depth[min(n, len(c.depth)):]
}
