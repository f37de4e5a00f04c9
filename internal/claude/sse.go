package claude

import (
	"errors"
	"io"
)

// errEventTooLarge: an event does not end within the limit.
var errEventTooLarge = errors.New("claude: sse: an event is larger than the limit")

// splitter cuts a stream of server-sent events (WHATWG HTML, section 9.2) into
// events, each with all its bytes up to and including the blank line that ends
// it. Joined together the events are the stream, and they are the same however
// the stream arrives. Lines end in LF, CRLF or CR.
type splitter struct {
	r      io.Reader
	max    int
	before func() error // called before each read that may wait; may be nil
	buf    []byte
	from   int // where the current event begins
	at     int // the next byte to look at
	empty  bool
	last   ending
	done   error // the reader's error, once it had one
}

// ending is how the line before ended.
type ending uint8

const (
	noLine ending = iota
	byLF
	byCRLF
	byCR
)

func newSplitter(r io.Reader, most int) *splitter {
	return &splitter{r: r, max: most, empty: true}
}

const readSize = 8 << 10

// next yields the next event. Its bytes are valid until the call after. What is
// left without a blank line when the stream ends comes as a last event with
// whole false. Then err is io.EOF, or what the reader said.
func (s *splitter) next() (raw []byte, whole bool, err error) {
	for {
		if s.scan() {
			raw = s.buf[s.from:s.at]
			s.from, s.empty, s.last = s.at, true, noLine
			return raw, true, nil
		}
		if s.done != nil {
			raw = s.buf[s.from:]
			s.from, s.at = len(s.buf), len(s.buf)
			if len(raw) > 0 {
				return raw, false, nil
			}
			return nil, false, s.done
		}
		if len(s.buf)-s.from > s.max {
			return nil, false, errEventTooLarge
		}
		if err := s.read(); err != nil {
			return nil, false, err
		}
	}
}

func (s *splitter) read() error {
	if s.before != nil {
		if err := s.before(); err != nil {
			return err
		}
	}
	if s.from > 0 {
		n := copy(s.buf, s.buf[s.from:])
		s.buf, s.at, s.from = s.buf[:n], s.at-s.from, 0
	}
	if cap(s.buf)-len(s.buf) < readSize {
		grown := make([]byte, len(s.buf), 2*cap(s.buf)+readSize)
		copy(grown, s.buf)
		s.buf = grown
	}
	n, err := s.r.Read(s.buf[len(s.buf) : len(s.buf)+readSize])
	s.buf = s.buf[:len(s.buf)+n]
	s.done = err
	return nil
}

// scan moves on to the end of the event and reports whether it is there.
func (s *splitter) scan() bool {
	for s.at < len(s.buf) {
		switch s.buf[s.at] {
		case '\n':
			s.at++
			if s.endLine(byLF) {
				return true
			}
		case '\r':
			more := s.at+1 < len(s.buf)
			switch {
			case s.empty && s.last == byCR:
				// In a stream of CR lines nothing needs to be waited for.
				s.at++
				return true
			case !more && s.done == nil:
				return false // an LF may follow
			case more && s.buf[s.at+1] == '\n':
				s.at += 2
				if s.endLine(byCRLF) {
					return true
				}
			default:
				s.at++
				if s.endLine(byCR) {
					return true
				}
			}
		default:
			s.empty = false
			s.at++
		}
	}
	return false
}

// endLine reports whether the line that ends here was the blank one.
func (s *splitter) endLine(e ending) bool {
	if s.empty {
		return true
	}
	s.empty, s.last = true, e
	return false
}
