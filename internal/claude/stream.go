package claude

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"
)

// tailWait is how long the end of a stream waits, once message_stop is there,
// for the upstream to close: what else comes still belongs to the answer and to
// its record, but nobody should wait for a connection that is never closed.
const tailWait = 2 * time.Second

// mostChannels bounds the content blocks that are open at once.
const mostChannels = 1024

// stream carries a stream of events. Events wait in a queue, in order, while the
// text of the first one is undecided.
type stream struct {
	*copier
	split    *splitter
	queue    []*held
	queued   int
	channels map[channelKey]*channel
	ended    bool // message_stop or an error was there: what comes is the end
	close    *time.Timer
}

// channelKey: blocks may come interleaved, and one block may have deltas of more
// than one type.
type channelKey struct {
	index int
	delta string
}

func newStream(c *copier) *stream {
	s := &stream{copier: c, channels: map[channelKey]*channel{}}
	s.split = newSplitter(c, c.opt.eventLimit())
	s.split.before = c.flush
	c.pulse = newPulse(c)
	return s
}

func (s *stream) run() error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // buffering proxies would end the streaming
	defer func() {
		if s.close != nil {
			s.close.Stop()
		}
	}()
	for {
		raw, whole, err := s.split.next()
		if err == nil {
			err = s.take(raw, whole)
		}
		if err != nil {
			return s.end(err)
		}
	}
}

// take deals with one event.
func (s *stream) take(raw []byte, whole bool) error {
	if s.ended {
		return s.push(&held{ev: event{raw: raw}, last: true})
	}
	h := &held{ev: parseEvent(raw)}
	if h.ev.lines == 0 && !whole {
		return errTruncated(nil)
	}
	if h.ev.lines == 0 {
		return s.push(h) // blank lines, comments, fields without data
	}
	if !isJSON(h.ev) {
		s.d.Events++
		s.plain(h)
		return s.push(h)
	}
	doc, f := parse(h.ev.data, defaultDepth)
	switch {
	case f != nil && !whole:
		return errTruncated(f)
	case f != nil:
		return errMalformed(f)
	case !doc.is(0, object):
		return errMalformed(nil)
	}
	s.d.Events++
	h.doc = doc
	if err := s.event(h); err != nil {
		return err
	}
	return s.push(h)
}

// isJSON: every event of the Messages API is JSON; of others only those that
// look like it.
func isJSON(e event) bool {
	switch e.name {
	case "message_start", "content_block_start", "content_block_delta", "content_block_stop",
		"message_delta", "message_stop", "ping", "error":
		return true
	}
	trimmed := bytes.TrimLeft(e.data, " \t\n")
	return len(trimmed) > 0 && trimmed[0] == '{'
}

// plain restores an event whose data is a text.
func (s *stream) plain(h *held) {
	was := string(h.ev.data)
	now := s.rv.Reveal(was)
	if now == was {
		return
	}
	now = strings.ReplaceAll(now, "\r", " ")
	h.ev.raw = h.ev.withLines(bytes.Split([]byte(now), []byte("\n")))
}

// push queues an event, and writes what is decided.
func (s *stream) push(h *held) error {
	if len(s.queue) > 0 || h.open > 0 || h.last {
		h.keep()
	}
	s.queue = append(s.queue, h)
	s.queued += len(h.ev.raw)
	if s.queued > s.split.max {
		return errAnswerTooLarge()
	}
	return s.drain()
}

// drain writes the events at the front that wait for nothing.
func (s *stream) drain() error {
	for len(s.queue) > 0 && s.queue[0].open == 0 && !s.queue[0].last {
		h := s.queue[0]
		s.queue[0] = nil
		s.queue = s.queue[1:]
		s.queued -= len(h.ev.raw)
		b := h.bytes()
		if err := s.note(b); err != nil {
			return err
		}
		if err := s.write(b); err != nil {
			return err
		}
	}
	return nil
}

// end releases the end of the stream, or reports why there is none.
func (s *stream) end(err error) error {
	s.flushAll(false) // at a proper end nothing is open any more
	switch {
	case s.lost != nil:
		return s.stop(s.lost)
	case errors.Is(err, ErrClientGone):
		return err
	case s.ended && !errors.Is(err, errEventTooLarge):
		var last []byte
		for _, h := range s.queue {
			last = append(last, h.bytes()...)
		}
		return s.finish(last)
	case errors.Is(err, io.EOF):
		err = errTruncated(nil)
	case errors.Is(err, errEventTooLarge):
		err = errAnswerTooLarge()
	default:
		err = readingFault(err)
	}
	if gone := s.drain(); gone != nil {
		return s.stop(gone)
	}
	return s.stop(err)
}
