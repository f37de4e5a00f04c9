package identity

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"chaperone"
)

// CredentialKind says what a credential opens.
type CredentialKind string

// The kinds of credential.
const (
	KindKey     CredentialKind = "key"     // an API key: opens the exchange
	KindLink    CredentialKind = "link"    // a one-time link: becomes one console session
	KindSession CredentialKind = "session" // a signed-in browser
	KindDevice  CredentialKind = "device"  // a program that a person signed in; its tokens come and go
	KindAccess  CredentialKind = "access"  // a device's token: opens the exchange, for an hour
	KindRefresh CredentialKind = "refresh" // a device's token for its next tokens, good for one use
	kindCode    CredentialKind = "code"    // what a device polls with; never kept
)

// Credential is what the store keeps about a key, a link or a session. It
// holds a keyed hash of the secret and never the secret.
type Credential struct {
	Kind     CredentialKind
	ID       string // public, 8 characters; unique within its kind
	Parent   string // of an access or refresh token: the id of its device
	Holder   Holder
	Hash     []byte // MAC over kind, id and secret
	Created  time.Time
	Expires  time.Time // zero: no end
	LastUsed time.Time // zero: never; to the minute for keys
	Ended    time.Time // revoked, redeemed or signed out; zero: live
}

// Holder is whom a credential stands for and what they may do with it.
type Holder struct {
	Tenant      string
	Owner       string // stable id of the person or service
	Role        chaperone.Role
	Environment chaperone.Environment
	Purposes    []chaperone.Purpose // that may be stated; empty: any
	CIDRs       []netip.Prefix      // where from; empty: anywhere
	Label       string              // for people: "night ward tablet"
}

// Store keeps credentials. Its methods are safe for concurrent use and durable
// when they return.
type Store interface {
	// PutCredential adds c. ErrTaken: the id is already in use for this kind.
	PutCredential(ctx context.Context, c Credential) error
	// Credential returns one credential, ended or not. ErrUnknown: there is none.
	Credential(ctx context.Context, kind CredentialKind, id string) (Credential, error)
	// Credentials lists a tenant's credentials of one kind, oldest first, ended
	// ones included.
	Credentials(ctx context.Context, kind CredentialKind, tenant string) ([]Credential, error)
	// TouchCredential sets LastUsed. ErrUnknown: there is none.
	TouchCredential(ctx context.Context, kind CredentialKind, id string, at time.Time) error
	// EndCredential sets Ended if it is zero and reports whether this call did:
	// of many concurrent calls exactly one returns true. ErrUnknown: there is none.
	EndCredential(ctx context.Context, kind CredentialKind, id string, at time.Time) (bool, error)
}

// The errors of a Store.
var (
	ErrUnknown = errors.New("identity: no such credential")
	ErrTaken   = errors.New("identity: the id is taken")
)

// live reports why the credential does not count at the moment now, or WhyNone.
func (c Credential) live(now time.Time) Why {
	switch {
	case !c.Ended.IsZero():
		return WhyRevoked
	case !c.Expires.IsZero() && !now.Before(c.Expires):
		return WhyExpired
	default:
		return WhyNone
	}
}

// admits reports whether the holder may come from the address.
func (h Holder) admits(from netip.Addr) bool {
	if len(h.CIDRs) == 0 {
		return true
	}
	return slices.ContainsFunc(h.CIDRs, func(p netip.Prefix) bool { return p.Contains(from) })
}
