package gateway

import (
	"context"
	"io"
	"sync"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/vault"
)

// sessions keeps the sessions in use in memory; what they know is in the vault.
// Two exchanges of one session share one deid.Session, so that the same value
// meets the same placeholder even when both arrive at once.
type sessions struct {
	vault  *vault.Vault
	random io.Reader
	clock  func() time.Time
	idle   time.Duration

	mu   sync.Mutex
	open map[vault.SessionID]*openSession
}

// openSession is a session in memory.
type openSession struct {
	once    sync.Once
	session *deid.Session
	err     error

	// Guarded by sessions.mu.
	users  int
	used   time.Time // last taken
	sealed time.Time // the vault's expiry was moved on
}

func newSessions(v *vault.Vault, random io.Reader, clock func() time.Time, idle time.Duration) *sessions {
	return &sessions{vault: v, random: random, clock: clock, idle: idle, open: map[vault.SessionID]*openSession{}}
}

// sessionID names the session of a request. What the client calls it counts
// only together with who they are, so that nobody can step into the session of
// another by its name. Without a name the session is that of the principal and
// key, and ends when it has been idle.
func sessionID(who chaperone.Principal, named string) vault.SessionID {
	if named != "" {
		return vault.SessionID(who.Tenant + "\x00" + who.ID + "\x00named\x00" + named)
	}
	return vault.SessionID(who.Tenant + "\x00" + who.ID + "\x00key\x00" + who.KeyID)
}

// lease is one exchange's hold on a session.
type lease struct {
	from *sessions
	id   vault.SessionID
	*openSession
}

// take joins the session, reading it from the vault if it is not in memory.
// The lease must be released.
func (s *sessions) take(ctx context.Context, id vault.SessionID) (*lease, error) {
	o := s.join(id)
	o.once.Do(func() {
		known, err := s.vault.Unseal(ctx, id)
		if err != nil {
			o.err = err
			return
		}
		o.session = deid.NewSession(known, s.random)
	})
	l := &lease{s, id, o}
	if o.err != nil {
		l.release()
		return nil, o.err
	}
	return l, nil
}

// join finds the session in memory, unless it has been idle for too long: then
// the vault has forgotten it too, and it begins anew.
func (s *sessions) join(id vault.SessionID) *openSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	o := s.open[id]
	if o == nil || o.users == 0 && now.Sub(o.used) >= s.idle {
		o = &openSession{sealed: now}
		s.open[id] = o
	}
	o.users++
	o.used = now
	return o
}

// seal puts every pair of the session that is not in the vault yet there,
// whichever exchange made it. It also moves the session's expiry on now and
// then, so that what is in use does not expire at rest.
func (l *lease) seal(ctx context.Context) error {
	pairs := l.session.Unsealed()
	now := l.from.clock()
	l.from.mu.Lock()
	stale := now.Sub(l.sealed) > l.from.idle/8
	l.from.mu.Unlock()
	if len(pairs) == 0 && (!stale || l.session.Len() == 0) {
		return nil
	}
	if err := l.from.vault.Seal(ctx, l.id, pairs); err != nil {
		return err
	}
	l.session.Sealed(pairs)
	l.from.mu.Lock()
	l.sealed = now
	l.from.mu.Unlock()
	return nil
}

func (l *lease) release() {
	s := l.from
	s.mu.Lock()
	defer s.mu.Unlock()
	l.users--
	if l.err != nil && s.open[l.id] == l.openSession {
		delete(s.open, l.id) // the next exchange asks the vault again
	}
}

// keepInMemory is how long an unused session stays in memory; after that it is
// read from the vault again when it is needed.
const keepInMemory = 30 * time.Minute

func (s *sessions) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for id, o := range s.open {
		if o.users == 0 && now.Sub(o.used) > min(keepInMemory, s.idle) {
			delete(s.open, id)
		}
	}
}
