package gateway

import (
	"context"
	"errors"
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
	sealed time.Time // the vault's expiry was moved on, give or take an eighth of the idle time
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
func (s *sessions) take(ctx context.Context, id vault.SessionID) (_ *lease, err error) {
	l := &lease{s, id, s.join(id)}
	taken := false
	defer func() {
		if !taken {
			l.release() // after a crash too
		}
	}()
	l.once.Do(func() { l.load(ctx) })
	if l.err != nil {
		return nil, l.err
	}
	taken = true
	return l, nil
}

// vaultWait is how long the vault may take to open or seal a session.
const vaultWait = 5 * time.Second

var errNotLoaded = errors.New("gateway: session: reading it did not end")

// load reads the session. Others may wait for it, so it does not end because
// the one whose turn it was has left.
func (l *lease) load(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), vaultWait)
	defer cancel()
	l.err = errNotLoaded // what stays should Unseal crash
	known, err := l.from.vault.Unseal(ctx, l.id)
	if err == nil {
		l.session = deid.NewSession(known, l.from.random)
	}
	l.err = err
}

// join finds the session in memory, unless it has been idle for so long that the
// vault may have forgotten it: then the vault is asked, and it begins anew if
// need be. A session in memory alone could not be restored after a restart.
func (s *sessions) join(id vault.SessionID) *openSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	o := s.open[id]
	if o == nil || o.users == 0 && now.Sub(o.sealed) >= s.idle-s.idle/8 {
		if len(s.open) >= mostInMemory {
			s.evict()
		}
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
	ctx, cancel := context.WithTimeout(ctx, vaultWait)
	defer cancel()
	if err := l.from.vault.Seal(ctx, l.id, pairs); err != nil {
		return err
	}
	l.session.Sealed(pairs)
	l.from.mu.Lock()
	l.sealed = now
	l.from.mu.Unlock()
	return nil
}

// seal puts the pairs of a lease into the vault. While the record cannot be
// written the vault is given less time: they mostly share a disk, and an exchange
// that will most likely be refused should be refused soon.
func (x *exchange) seal(l *lease) error {
	if x.g.parts.Log.Ready() == nil {
		return l.seal(x.r.Context())
	}
	ctx, cancel := context.WithTimeout(x.r.Context(), vaultWait/10)
	defer cancel()
	return l.seal(ctx)
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

// mostInMemory bounds the sessions in memory; one that is put out is read from
// the vault when it is needed again.
const mostInMemory = 128

// evict puts out the session that has been unused for longest, if any is.
func (s *sessions) evict() {
	var oldest vault.SessionID
	var found *openSession
	for id, o := range s.open {
		if o.users == 0 && (found == nil || o.used.Before(found.used)) {
			oldest, found = id, o
		}
	}
	if found != nil {
		delete(s.open, oldest)
	}
}

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
