// Package identitytest holds an identity.Store in memory, for tests and for
// trying things out. It owns nothing that outlives the process.
package identitytest

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"

	"chaperone/internal/identity"
)

// Store keeps credentials in memory. The zero Store is ready to use. Fail, if
// set, is the error that every method returns: a store that is down.
type Store struct {
	mu   sync.Mutex
	held map[ref]identity.Credential
	Fail error
}

type ref struct {
	kind identity.CredentialKind
	id   string
}

var _ identity.Store = (*Store)(nil)

// PutCredential adds c, or returns identity.ErrTaken.
func (s *Store) PutCredential(_ context.Context, c identity.Credential) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return s.Fail
	}
	if _, taken := s.held[ref{c.Kind, c.ID}]; taken {
		return identity.ErrTaken
	}
	if s.held == nil {
		s.held = map[ref]identity.Credential{}
	}
	s.held[ref{c.Kind, c.ID}] = c
	return nil
}

// Credential returns one credential, or identity.ErrUnknown.
func (s *Store) Credential(_ context.Context, kind identity.CredentialKind, id string) (identity.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return identity.Credential{}, s.Fail
	}
	c, ok := s.held[ref{kind, id}]
	if !ok {
		return identity.Credential{}, identity.ErrUnknown
	}
	c.Hash = slices.Clone(c.Hash)
	return c, nil
}

// Credentials lists a tenant's credentials of one kind, oldest first.
func (s *Store) Credentials(_ context.Context, kind identity.CredentialKind, tenant string) ([]identity.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return nil, s.Fail
	}
	var list []identity.Credential
	for r, c := range s.held {
		if r.kind == kind && c.Holder.Tenant == tenant {
			list = append(list, c)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if !list[i].Created.Equal(list[j].Created) {
			return list[i].Created.Before(list[j].Created)
		}
		return list[i].ID < list[j].ID
	})
	return list, nil
}

// TouchCredential sets LastUsed, or returns identity.ErrUnknown.
func (s *Store) TouchCredential(_ context.Context, kind identity.CredentialKind, id string, at time.Time) error {
	_, err := s.change(kind, id, func(c *identity.Credential) bool { c.LastUsed = at; return true })
	return err
}

// EndCredential sets Ended once and reports whether this call did, or returns
// identity.ErrUnknown.
func (s *Store) EndCredential(_ context.Context, kind identity.CredentialKind, id string, at time.Time) (bool, error) {
	return s.change(kind, id, func(c *identity.Credential) bool {
		if !c.Ended.IsZero() {
			return false
		}
		c.Ended = at
		return true
	})
}

func (s *Store) change(kind identity.CredentialKind, id string, edit func(*identity.Credential) bool) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return false, s.Fail
	}
	c, ok := s.held[ref{kind, id}]
	if !ok {
		return false, identity.ErrUnknown
	}
	changed := edit(&c)
	s.held[ref{kind, id}] = c
	return changed, nil
}

// ForgetCredentials removes those of a kind that expired before a moment.
func (s *Store) ForgetCredentials(_ context.Context, kind identity.CredentialKind, before time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		return s.Fail
	}
	for r, c := range s.held {
		if r.kind == kind && !c.Expires.IsZero() && c.Expires.Before(before) {
			delete(s.held, r)
		}
	}
	return nil
}
