package vault

import (
	"context"
	"time"
)

// SessionID names a session towards the vault. It is opaque, made by the caller
// and unique over all tenants of a data directory; the vault keeps a keyed hash
// of it only.
type SessionID string

// Handle is the keyed hash under which a session is kept.
type Handle [16]byte

// SessionRow is a session at rest.
type SessionRow struct {
	ID      Handle
	Key     []byte    // the session's key, wrapped
	Expires time.Time // when Expire may remove it; UTC
}

// Space keeps the kinds of items of a session apart.
type Space byte

// The spaces.
const (
	SpaceSurrogates Space = 's' // placeholder to value
	SpaceMemory     Space = 'm' // what was sealed by Remember
)

// Item is something sealed under its session's key.
type Item struct {
	Space  Space
	Name   string   // unique in session and space: a placeholder, or a keyed hash in hexadecimal
	Check  [16]byte // keyed hash of the contents: tells "the same again" from "something else"
	Sealed []byte
}

// Sessions keeps sessions and their items. Everything a method changed is
// durable when it returns nil, and nothing was changed when it returns an
// error.
type Sessions interface {
	// Session reads a session, expired or not; false if there is none.
	Session(ctx context.Context, id Handle) (SessionRow, bool, error)

	// Put makes the session if it is new, moves its expiry on (never back), and
	// adds the items. The error is ErrSessionChanged if the session is kept with
	// another Key. An item of SpaceSurrogates that is there with the same Check
	// stays as it is, with another Check the error is ErrExists; an item of
	// SpaceMemory is replaced.
	Put(ctx context.Context, s SessionRow, items []Item) error

	// Items reads the session's items in a space: all of them if name is empty,
	// else the one of that name, if there is one.
	Items(ctx context.Context, id Handle, space Space, name string) ([]Item, error)

	// Expire removes every session whose time came before the given one, with
	// its key and items, and says how many there were.
	Expire(ctx context.Context, before time.Time) (int, error)
}

// KeyRow is a wrapped key at rest, or another small thing sealed by the root.
type KeyRow struct {
	ID     string // unique
	Owner  string // what it belongs to: a record's id, or empty
	Sealed []byte
	Made   time.Time // UTC
}

// Keys is the mutable table of wrapped keys. It stands apart from the record on
// purpose: destroying a key here destroys content there, while the record and
// its proofs stay.
type Keys interface {
	// PutKey keeps a key durably. The error is ErrExists if there is one of that
	// id, and nothing was changed.
	PutKey(ctx context.Context, k KeyRow) error

	// Key reads a key; false if there is none.
	Key(ctx context.Context, id string) (KeyRow, bool, error)

	// ReplaceKey puts a row in place of the one of the same id, durably and so
	// that nothing of the old one is left. The error is ErrNoKey if there is none.
	ReplaceKey(ctx context.Context, k KeyRow) error

	// DropKey destroys a key. It is no error if there is none.
	DropKey(ctx context.Context, id string) error
}
