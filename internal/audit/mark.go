package audit

import (
	"context"
	"sync"
)

// mark is a number that only grows, and that others can wait for.
type mark struct {
	mu    sync.Mutex
	at    uint64
	moved chan struct{}
}

func newMark() *mark { return &mark{moved: make(chan struct{})} }

func (m *mark) get() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *mark) reach(n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n <= m.at {
		return
	}
	m.at = n
	close(m.moved)
	m.moved = make(chan struct{})
}

// wait returns nil once the mark is at n or beyond.
func (m *mark) wait(ctx context.Context, n uint64) error {
	for {
		m.mu.Lock()
		at, moved := m.at, m.moved
		m.mu.Unlock()
		if at >= n {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
