package sqlite

import (
	"bytes"
	"slices"
	"sync"

	"chaperone/internal/identity"
)

// mostKnown bounds the credentials that are remembered.
const mostKnown = 4096

// known remembers credentials that were read, because one is asked for with
// every request. Nobody else writes the file (see store), so what was read
// stands until it is changed here. Every change forgets the credential before
// and after its commit, and what was read meanwhile is not remembered: from the
// moment a change is acknowledged, nobody is shown what stood before.
type known struct {
	mu    sync.Mutex
	turn  uint64 // counts changes
	known map[knownKey]identity.Credential
}

type knownKey struct {
	kind identity.CredentialKind
	id   string
}

// get yields a copy of what is remembered, and the turn to give to keep.
func (k *known) get(kind identity.CredentialKind, id string) (c identity.Credential, turn uint64, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok = k.known[knownKey{kind, id}]
	return clone(c), k.turn, ok
}

// keep remembers what was read since the turn, unless something was changed.
func (k *known) keep(c identity.Credential, turn uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if turn != k.turn {
		return
	}
	if k.known == nil || len(k.known) >= mostKnown {
		k.known = map[knownKey]identity.Credential{}
	}
	k.known[knownKey{c.Kind, c.ID}] = clone(c)
}

// forget drops a credential and everything that is being read.
func (k *known) forget(kind identity.CredentialKind, id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn++
	delete(k.known, knownKey{kind, id})
}

// forgetAll drops every credential and everything that is being read.
func (k *known) forgetAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn++
	clear(k.known)
}

// clone shares nothing that a caller could change.
func clone(c identity.Credential) identity.Credential {
	c.Hash = bytes.Clone(c.Hash)
	c.Holder.Purposes = slices.Clone(c.Holder.Purposes)
	c.Holder.CIDRs = slices.Clone(c.Holder.CIDRs)
	return c
}
