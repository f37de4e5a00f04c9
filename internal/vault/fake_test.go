package vault_test

import (
	"context"
	"sync"
	"time"

	"chaperone/internal/vault"
)

// memory is a vault.Sessions and vault.Keys that tests can read and change.
type memory struct {
	mu       sync.Mutex
	sessions map[vault.Handle]vault.SessionRow
	items    map[vault.Handle][]vault.Item
	keys     map[string]vault.KeyRow
	fault    error
}

func newMemory() *memory {
	return &memory{sessions: map[vault.Handle]vault.SessionRow{}, items: map[vault.Handle][]vault.Item{}, keys: map[string]vault.KeyRow{}}
}

func (m *memory) Session(_ context.Context, id vault.Handle) (vault.SessionRow, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, ok := m.sessions[id]
	return row, ok, m.fault
}

func (m *memory) Put(_ context.Context, s vault.SessionRow, items []vault.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return m.fault
	}
	old, ok := m.sessions[s.ID]
	if ok && string(old.Key) != string(s.Key) {
		return vault.ErrSessionChanged
	}
	list := append([]vault.Item{}, m.items[s.ID]...)
next:
	for _, item := range items {
		for i, have := range list {
			if have.Space != item.Space || have.Name != item.Name {
				continue
			}
			if item.Space == vault.SpaceSurrogates {
				if have.Check != item.Check {
					return vault.ErrExists
				}
				continue next
			}
			list[i] = item
			continue next
		}
		list = append(list, item)
	}
	if s.Expires.Before(old.Expires) {
		s.Expires = old.Expires
	}
	m.sessions[s.ID], m.items[s.ID] = s, list
	return nil
}

func (m *memory) Items(_ context.Context, id vault.Handle, space vault.Space, name string) ([]vault.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []vault.Item
	for _, item := range m.items[id] {
		if item.Space == space && (name == "" || name == item.Name) {
			out = append(out, item)
		}
	}
	return out, m.fault
}

func (m *memory) Expire(_ context.Context, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for id, s := range m.sessions {
		if !s.Expires.After(before) {
			delete(m.sessions, id)
			delete(m.items, id)
			n++
		}
	}
	return n, m.fault
}

func (m *memory) PutKey(_ context.Context, k vault.KeyRow) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return m.fault
	}
	if _, ok := m.keys[k.ID]; ok {
		return vault.ErrExists
	}
	m.keys[k.ID] = k
	return nil
}

func (m *memory) Key(_ context.Context, id string) (vault.KeyRow, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.keys[id]
	return k, ok, m.fault
}

func (m *memory) DropKey(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.keys, id)
	return m.fault
}

func (m *memory) ReplaceKey(_ context.Context, k vault.KeyRow) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.keys[k.ID]; !ok {
		return vault.ErrNoKey
	}
	if m.fault != nil {
		return m.fault
	}
	m.keys[k.ID] = k
	return nil
}
