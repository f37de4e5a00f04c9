// Package identity knows who knocks: API keys, one-time links and console
// sessions. It owns their secrets' form, their hashes and their ends, and turns
// a request into a Principal once, at the door. It keeps no secret, decides
// nothing about text, and records nothing itself: a failed attempt is returned
// as a value for the caller to record.
package identity

import (
	"context"
	"crypto/hmac"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"chaperone"
)

// MAC is a keyed hash for one purpose, made by the vault. Parts are separated
// unambiguously by the MAC itself.
type MAC func(purpose string, parts ...[]byte) []byte

// Identity authenticates and keeps credentials. It is safe for concurrent use.
type Identity struct {
	store  Store
	mac    MAC
	clock  func() time.Time
	random io.Reader
	brake  brake
	grants grants
}

// Open returns an Identity over a store. clock tells the time; random is a
// cryptographic source that is safe for concurrent use, such as crypto/rand.
func Open(store Store, mac MAC, clock func() time.Time, random io.Reader) *Identity {
	return &Identity{store: store, mac: mac, clock: clock, random: random}
}

// lastUsedStep is how exactly LastUsed is kept for keys: one write a minute
// keeps authentication cheap and still answers "is this key in use".
const lastUsedStep = time.Minute

// Authenticate turns the API key, or the access token of a device, into a
// Principal. It stands in x-api-key, api-key or Authorization: Bearer, or as the
// session token of a request that is signed as Amazon's are; several may be sent
// if they are equal.
// The address is that of the connection; forwarded headers are not believed.
//
// The error is an *Attempt when the caller is to blame (it wraps a
// *chaperone.Error: KindUnauthenticated, KindForbidden for an address outside
// the key's networks, KindRateLimited after too many failures), and a
// *chaperone.Error of KindUnavailable when the store cannot be asked.
func (i *Identity) Authenticate(r *http.Request) (chaperone.Principal, error) {
	now, from := i.clock(), address(r)
	secret, why := presented(r.Header)
	if why != WhyNone {
		return chaperone.Principal{}, i.fail(Attempt{Why: why, Kind: KindKey, From: from}, now)
	}
	kind := KindKey
	if strings.HasPrefix(secret, KindAccess.prefix()) {
		kind = KindAccess
	}
	c, err := i.check(r.Context(), kind, secret, from, now)
	if err == nil && kind == KindAccess {
		c, err = i.deviceOf(r.Context(), c, from, now)
	}
	if err != nil {
		return chaperone.Principal{}, err
	}
	if now.Sub(c.LastUsed) >= lastUsedStep {
		if err := i.touch(r.Context(), c.Kind, c.ID, now); err != nil {
			return chaperone.Principal{}, unavailable(err)
		}
	}
	return c.principal(from), nil
}

// storeWait is how long the store may take to note that a credential was used: a
// disk that hangs must not hang whoever asks.
const storeWait = 3 * time.Second

// touch notes a use of a credential.
func (i *Identity) touch(ctx context.Context, kind CredentialKind, id string, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	return i.store.TouchCredential(ctx, kind, id, now)
}

// Permits reports whether the credential behind a principal may state the
// purpose. The error is a *chaperone.Error: KindForbidden with the code
// purpose_not_allowed, or KindUnavailable.
func (i *Identity) Permits(ctx context.Context, p chaperone.Principal, purpose chaperone.Purpose) error {
	if purpose == chaperone.PurposeNone {
		return nil
	}
	kind := KindKey
	id := p.KeyID
	if rest, ok := strings.CutPrefix(id, sessionMark); ok {
		kind, id = KindSession, rest
	} else if rest, ok := strings.CutPrefix(id, deviceMark); ok {
		kind, id = KindDevice, rest
	}
	c, err := i.store.Credential(ctx, kind, id)
	if err != nil {
		return unavailable(err)
	}
	if len(c.Holder.Purposes) > 0 && !slices.Contains(c.Holder.Purposes, purpose) {
		return chaperone.NewError(chaperone.KindForbidden, "purpose_not_allowed",
			"Your key may not be used for this purpose", "Use a key that is meant for it", nil)
	}
	return nil
}

// check finds the credential of a secret and judges it.
func (i *Identity) check(ctx context.Context, kind CredentialKind, secret string, from netip.Addr, now time.Time) (Credential, error) {
	attempt := Attempt{Kind: kind, From: from}
	t, ok := parseToken(kind, secret)
	if !ok {
		attempt.Why = WhyForm
		return Credential{}, i.fail(attempt, now)
	}
	attempt.ID = t.id
	c, err := i.store.Credential(ctx, kind, t.id)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Credential{}, unavailable(err)
	}
	// An unknown id takes the same steps as a known one, so that the time it
	// takes does not tell which ids exist.
	same := hmac.Equal(t.hash(i.mac), c.Hash)
	switch {
	case err != nil:
		attempt.Why = WhyUnknown
	case !same:
		attempt.Why = WhySecret
	default:
		if attempt.Why = c.live(now); attempt.Why == WhyNone && !c.Holder.admits(from) {
			attempt.Why = WhyAddress
		}
	}
	if attempt.Why != WhyNone {
		return Credential{}, i.fail(attempt, now)
	}
	return c, nil
}

// fail makes the error of a failed attempt, or the one that asks to wait.
func (i *Identity) fail(a Attempt, now time.Time) error {
	if i.brake.slow(a.From, now) {
		a.Why = WhyTooOften
	}
	return refused(a)
}

// awsScheme is the signature of Amazon's clients (SigV4). It is made with a secret
// that both sides know, and here only keyed hashes are kept: it cannot be checked,
// and counts for nothing. Such a client can carry the key as its session token,
// which Amazon's programs send along and treat as a secret.
const awsScheme = "AWS4-"

// presented finds the one secret that a request carries.
func presented(h http.Header) (string, Why) {
	found := append(values(h, "x-api-key"), values(h, "api-key")...)
	signed := false
	for _, v := range h.Values("Authorization") {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(v), " ")
		switch {
		case strings.EqualFold(scheme, "Bearer"):
			found = append(found, strings.TrimSpace(rest))
		case strings.HasPrefix(scheme, awsScheme):
			signed = true
		default:
			return "", WhyForm
		}
	}
	if signed && len(found) == 0 { // beside a key it is Amazon's own token
		found = values(h, "x-amz-security-token")
	}
	switch {
	case len(found) == 0 && signed:
		return "", WhySigned
	case len(found) == 0:
		return "", WhyMissing
	case slices.ContainsFunc(found, func(s string) bool { return s != found[0] }):
		return "", WhyTwo
	default:
		return found[0], WhyNone
	}
}

// values lists what a header holds, without what is empty.
func values(h http.Header, name string) []string {
	var list []string
	for _, v := range h.Values(name) {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// address is where the connection comes from; the zero Addr if it cannot be
// told, which no CIDR contains.
func address(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func (c Credential) principal(from netip.Addr) chaperone.Principal {
	id := c.ID
	switch c.Kind {
	case KindSession:
		id = sessionMark + id
	case KindDevice:
		id = deviceMark + id
	}
	return chaperone.Principal{
		Tenant: c.Holder.Tenant, ID: c.Holder.Owner, Role: c.Holder.Role,
		KeyID: id, Environment: c.Holder.Environment, From: from,
	}
}
