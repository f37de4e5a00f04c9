package deid

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"

	"chaperone/phi"
)

// shiftFact is the name under which the vault keeps the days of the shift.
const shiftFact = "shift"

// sessionDates is what a session keeps about dates.
type sessionDates struct {
	day0  *int                   // the number of the day that is Day 0, once there is one
	shift int                    // days; 0: not drawn yet
	read  map[string]writtenDate // of the surfaces that are dates, as they were read
}

// remember has the vault keep a fact about the session, under a name that no
// placeholder has. The lock must be held.
func (s *Session) remember(name, value string) {
	s.pending[name] = phi.Surrogate{Placeholder: name, Kind: phi.None, Value: phi.Seal(value)}
}

// recall takes a fact back. One that is not known is of a newer release.
func (s *Session) recall(name, value string) {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
	case name == timelineFact:
		s.dates.day0 = &n
	case name == shiftFact && n != 0:
		s.dates.shift = n
	}
}

// mostShift is how far dates are moved at most, in days.
const mostShift = 365

// days draws the number of days by which the session moves dates, the first time
// it is asked for. It is never 0. The lock must be held.
func (s *Session) days() (int, error) {
	if s.dates.shift != 0 {
		return s.dates.shift, nil
	}
	n, err := drawBelow(s.random, 2*mostShift)
	if err != nil {
		return 0, err
	}
	if n -= mostShift; n >= 0 {
		n++
	}
	s.dates.shift = n
	s.remember(shiftFact, strconv.Itoa(n))
	return n, nil
}

// drawBelow draws a number from 0 to below n, each as likely.
func drawBelow(random io.Reader, n int) (int, error) {
	var b [4]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, fmt.Errorf("deid: draw: %w", err)
		}
		v := binary.BigEndian.Uint32(b[:])
		if span := uint32(n); v < ^uint32(0)-^uint32(0)%span {
			return int(v % span), nil
		}
	}
}

// shifted is the date moved by the session's days, written the same way; false
// where the date cannot be read with certainty or not be written again.
func (s *Session) shifted(surface string, order DateOrder, now int) (string, bool, error) {
	w := readDate(surface)
	from, ok := w.certain(order, now)
	if !ok {
		return "", false, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.standIns.of[surface]; ok {
		return text, true, nil
	}
	days, err := s.days()
	if err != nil {
		return "", false, err
	}
	to := from.plus(days)
	text, ok := w.written(to)
	if !ok || text == surface || s.standIns.takes(text) || !beginsWithRun(text) {
		return "", false, nil
	}
	return text, true, s.mint(phi.Date, text, strings.Clone(surface))
}

// standInMark begins the names under which the vault keeps stand-ins. What it
// keeps a pair under is not encrypted at rest, so it is drawn, and the stand-in
// is sealed with what it stands for.
const standInMark = "stand-in-"

// mint makes a text stand for another from now on. The lock must be held.
func (s *Session) mint(kind phi.Kind, text, surface string) error {
	name := []byte(standInMark)
	for range 12 {
		c, err := draw(s.random)
		if err != nil {
			return fmt.Errorf("deid: draw: %w", err)
		}
		name = append(name, c)
	}
	s.pending[string(name)] = phi.Surrogate{
		Placeholder: string(name), Kind: kind, Value: phi.Seal(strconv.Itoa(len(text)) + " " + text + surface),
	}
	s.standFor(kind, text, surface)
	return nil
}

// recallStandIn takes a stand-in back that the vault kept.
func (s *Session) recallStandIn(kind phi.Kind, sealed string) {
	digits, rest, _ := strings.Cut(sealed, " ")
	if n, err := strconv.Atoi(digits); err == nil && n > 0 && n < len(rest) {
		s.standFor(kind, rest[:n], rest[n:])
	}
}

// standFor makes a text stand for another in this session.
func (s *Session) standFor(kind phi.Kind, text, surface string) {
	s.standIns.of[surface] = text
	s.standIns.add(text, surface)
	s.know(kind, surface)
	if kind == phi.Name {
		s.names = append(s.names, surface)
		s.standIns.nameParts(text, surface)
		s.standIns.learnWords(text, surface)
	}
}

// hasStandIns reports whether any text stands for another.
func (s *Session) hasStandIns() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.standIns.of) > 0
}

// findStandIns is standIns.find for readers.
func (s *Session) findStandIns(text string, open bool) (hits []standInHit, hold, altered int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.standIns.of) == 0 {
		return nil, 0, 0
	}
	return s.standIns.find(text, open)
}

// standsIn reports whether a stand-in is in a text.
func (s *Session) standsIn(text string) bool {
	hits, _, _ := s.findStandIns(text, false)
	return len(hits) > 0
}
