package gateway_test

import (
	"context"
	"io"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/vault"
)

// breakage is what tests can break in a house: the journal, the vault's store,
// the random source and the door.
type breakage struct {
	journal  journal
	sessions sessions
	random   random
	door     brittleDoor
}

// newBrittleHouse is a house that works until something is broken in it.
func newBrittleHouse(t *testing.T, p plan) (*house, *breakage) {
	t.Helper()
	b := &breakage{random: random{inner: &lockedRandom{r: mathrand.NewChaCha8([32]byte{1})}}}
	p.journal, p.sessions, p.random = b.journal.wrap, b.sessions.wrap, &b.random
	p.door = func(h *house) claude.Door {
		b.door.Door = claude.NewHandlerDoor("claude", h.upstream, false)
		return &b.door
	}
	return newHouse(t, p), b
}

// journal is the house's journal with faults that tests turn on.
type journal struct {
	audit.Journal
	mu    sync.Mutex
	fault fault
}

// fault is asked before each append; first is the first of its rows. With keep
// the rows are written although the error says nothing of it: the
// acknowledgement is lost.
type fault func(ctx context.Context, first audit.Row) (keep bool, err error)

// wrap is for plan.journal.
func (j *journal) wrap(inner audit.Journal) audit.Journal {
	j.Journal = inner
	return j
}

// breaks sets the fault; nil mends the journal.
func (j *journal) breaks(f fault) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fault = f
}

func (j *journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	j.mu.Lock()
	fault := j.fault
	j.mu.Unlock()
	if fault != nil {
		if keep, err := fault(ctx, rows[0]); err != nil {
			if keep {
				_, _ = j.Journal.Append(ctx, rows...)
			}
			return 0, err
		}
	}
	return j.Journal.Append(ctx, rows...)
}

// sessions is the vault's store of sessions.
type sessions struct {
	vault.Sessions
	fault atomic.Pointer[storeFault]
}

// storeFault is asked before each call of "session" or "put".
type storeFault func(ctx context.Context, call string, items []vault.Item) error

// wrap is for plan.sessions.
func (s *sessions) wrap(inner vault.Sessions) vault.Sessions {
	s.Sessions = inner
	return s
}

// breaks sets the fault; nil mends the store.
func (s *sessions) breaks(f storeFault) { s.fault.Store(&f) }

func (s *sessions) ask(ctx context.Context, call string, items []vault.Item) error {
	if f := s.fault.Load(); f != nil && *f != nil {
		return (*f)(ctx, call, items)
	}
	return nil
}

func (s *sessions) Session(ctx context.Context, id vault.Handle) (vault.SessionRow, bool, error) {
	if err := s.ask(ctx, "session", nil); err != nil {
		return vault.SessionRow{}, false, err
	}
	return s.Sessions.Session(ctx, id)
}

func (s *sessions) Put(ctx context.Context, row vault.SessionRow, items []vault.Item) error {
	if err := s.ask(ctx, "put", items); err != nil {
		return err
	}
	return s.Sessions.Put(ctx, row, items)
}

// random is the random source.
type random struct {
	inner io.Reader
	fault atomic.Pointer[func() error]
}

// breaks sets what happens when a placeholder is drawn, nil mends the source.
func (r *random) breaks(f func() error) { r.fault.Store(&f) }

func (r *random) Read(p []byte) (int, error) {
	if f := r.fault.Load(); f != nil && *f != nil && len(p) == 1 { // placeholders are drawn byte by byte
		if err := (*f)(); err != nil {
			return 0, err
		}
	}
	return r.inner.Read(p)
}

// brittleDoor is the door.
type brittleDoor struct {
	claude.Door
	fault atomic.Pointer[doorFault]
}

// doorFault answers in place of Claude.
type doorFault func(context.Context, claude.Call) (*claude.Reply, error)

// Unwrap is the door that works.
func (d *brittleDoor) Unwrap() claude.Door { return d.Door }

// breaks sets the fault; nil mends the door.
func (d *brittleDoor) breaks(f doorFault) { d.fault.Store(&f) }

func (d *brittleDoor) Send(ctx context.Context, c claude.Call) (*claude.Reply, error) {
	if f := d.fault.Load(); f != nil && *f != nil {
		return (*f)(ctx, c)
	}
	return d.Door.Send(ctx, c)
}
