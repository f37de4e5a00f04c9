package deid

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
)

// memoRoom bounds what a session remembers of the texts it has read, in bytes.
const memoRoom = 256 << 10

// memo is what a session remembers of the texts it has read, because clients
// send their whole history again with each turn: places and kinds, never a byte
// of a text. It lives and dies with its session, so that no session can learn
// from it what another has read. What was not asked for while half of the room
// was filled anew is forgotten.
//
// It is guarded by the lock of its session.
type memo struct {
	room       int
	young, old map[memoKey]*remembered
	used       int // by young, in bytes
}

// memoKey stands for a text and all that a finding depends on.
type memoKey [sha256.Size]byte

// remembered is what is remembered of one text.
type remembered struct {
	found []Finding // by the engine alone; never changed

	// What complete made of it, and how much the session knew then. What the
	// session has learnt since has to be looked for.
	whole    []Finding
	complete bool
	names    int // Session.names
	surfaces int // Session.surfaces
}

// Costs in memory, in bytes.
const (
	findingSize    = 48
	rememberedSize = 160
)

func (r *remembered) size() int {
	n := len(r.found)
	if r.complete && !shared(r.whole, r.found) {
		n += len(r.whole)
	}
	return rememberedSize + n*findingSize
}

func shared(a, b []Finding) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func newMemo(room int) memo { return memo{room: room, young: map[memoKey]*remembered{}} }

// keyFor is the key of a text that e reads under a label.
func (e *Engine) keyFor(text, label string) (key memoKey) {
	h := sha256.New()
	digest := e.RulesDigest() // rules that were changed must read an old text again
	var head []byte
	for _, n := range [...]int{e.year, len(digest), len(label)} {
		head = binary.AppendVarint(head, int64(n))
	}
	head = append(append(head, digest...), label...)
	h.Write(head)
	h.Write([]byte(text))
	h.Sum(key[:0])
	return key
}

func (m *memo) get(k memoKey) *remembered {
	if r := m.young[k]; r != nil {
		return r
	}
	r := m.old[k]
	if r != nil {
		m.put(k, r)
	}
	return r
}

func (m *memo) put(k memoKey, r *remembered) {
	if m.charge(r.size()) {
		m.young[k] = r
	}
}

// charge makes room for n bytes, and reports whether there is as much at all.
func (m *memo) charge(n int) bool {
	if n > m.room/2 {
		return false
	}
	if m.used+n > m.room/2 {
		m.old, m.young, m.used = m.young, map[memoKey]*remembered{}, 0
	}
	m.used += n
	return true
}

// find is Engine.Find with the session's memory: an unchanged text need not be
// read twice. It yields the page of a text that was read now, as it was opened, for
// whoever searches it again.
func (s *Session) find(e *Engine, text string, w Where) (*remembered, *page) {
	key := e.keyFor(text, w.Label)
	s.mu.Lock()
	r := s.memo.get(key)
	s.mu.Unlock()
	if r != nil {
		return r, nil
	}
	if text == "" {
		return &remembered{}, nil
	}
	p := e.open(text)
	r = &remembered{found: p.search(w, 0)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memo.put(key, r)
	return r, p.anew()
}

// mostLookedFor is how many surfaces are looked for one by one; for more, the
// text is read again.
const mostLookedFor = 16

// recallWhole yields what complete made of a text, if that would be the same
// today: nobody was named since, and nothing that the session has learnt since
// or that the exchange knows (things) stands in the text.
func (s *Session) recallWhole(r *remembered, text string, names int, things *knownIndex) ([]Finding, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !r.complete || r.names != names {
		return nil, false
	}
	since := s.surfaces[r.surfaces:]
	if len(since)+len(things.by) > mostLookedFor {
		return nil, false
	}
	for _, surface := range since {
		if strings.Contains(text, surface) {
			return nil, false
		}
	}
	for _, list := range things.by {
		for _, k := range list {
			if strings.Contains(text, k.text) {
				return nil, false
			}
		}
	}
	r.surfaces = len(s.surfaces)
	return r.whole, true
}

// keepWhole remembers what complete made of a text, which nobody may change from
// then on.
func (s *Session) keepWhole(r *remembered, whole []Finding, names, surfaces int) {
	if slices.Equal(whole, r.found) {
		whole = r.found
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	after := *r
	after.whole, after.complete, after.names, after.surfaces = whole, true, names, surfaces
	if s.memo.charge(max(0, after.size()-r.size())) {
		*r = after
	}
}
