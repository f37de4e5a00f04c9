package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"chaperone"
)

// KeySpec is what an administrator decides about a new key.
type KeySpec struct {
	Tenant      string
	Owner       string // the person or service the key is for; every key has exactly one
	Role        chaperone.Role
	Environment chaperone.Environment // empty: production
	Purposes    []chaperone.Purpose   // that may be stated; empty: any
	Expires     time.Time             // zero: no end
	CIDRs       []netip.Prefix        // where it may be used from; empty: anywhere
	Label       string
}

// Key is what may be shown of a key, or of a device that was signed in.
type Key struct {
	ID       string // a device's begins with "device:"
	Holder   Holder
	Created  time.Time
	Expires  time.Time // zero: no end
	LastUsed time.Time // zero: never; to the minute
	Revoked  time.Time // zero: live
}

func keyOf(c Credential) Key {
	id := c.ID
	if c.Kind == KindDevice {
		id = deviceMark + id
	}
	return Key{id, c.Holder, c.Created, c.Expires, c.LastUsed, c.Ended}
}

// CreateKey makes a key and returns it with its secret, which is shown once and
// kept nowhere. The error is a *chaperone.Error: KindInvalid with the code
// key_spec, or KindUnavailable.
func (i *Identity) CreateKey(ctx context.Context, s KeySpec) (Key, string, error) {
	now := i.clock()
	if what := s.fault(now); what != "" {
		return Key{}, "", chaperone.NewError(chaperone.KindInvalid, "key_spec", what, "Change it and try again", nil)
	}
	c, t, err := i.issue(ctx, Credential{Kind: KindKey, Holder: s.holder(), Created: now, Expires: s.Expires})
	if err != nil {
		return Key{}, "", err
	}
	return keyOf(c), t.String(), nil
}

// holder is whom the spec describes.
func (s KeySpec) holder() Holder {
	h := Holder{s.Tenant, s.Owner, s.Role, s.Environment, slices.Clone(s.Purposes), slices.Clone(s.CIDRs), s.Label}
	if h.Environment == "" {
		h.Environment = chaperone.EnvironmentProduction
	}
	return h
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)

// fault says what is wrong with the spec, without repeating what it holds.
func (s KeySpec) fault(now time.Time) string {
	switch {
	case !nameForm.MatchString(s.Tenant):
		return "A key needs a tenant of 1 to 64 letters, digits and . _ @ + -"
	case !nameForm.MatchString(s.Owner):
		return "A key needs an owner of 1 to 64 letters, digits and . _ @ + -"
	case !slices.Contains(chaperone.Roles(), s.Role):
		return "A key needs one of the known roles"
	case s.Environment != "" && s.Environment != chaperone.EnvironmentProduction && s.Environment != chaperone.EnvironmentDevelopment:
		return "The environment is production or development"
	case !s.Expires.IsZero() && !s.Expires.After(now):
		return "The end of the key is in the past"
	case len(s.Label) > 80 || slices.ContainsFunc([]rune(s.Label), unicode.IsControl):
		return "The label has more than 80 bytes or control characters"
	case slices.ContainsFunc(s.CIDRs, func(p netip.Prefix) bool { return !p.IsValid() }):
		return "One of the networks is not valid"
	}
	for _, p := range s.Purposes {
		if !slices.Contains(chaperone.Purposes(), p) {
			return "One of the purposes is not known"
		}
	}
	return ""
}

// issue draws a secret for c and keeps its hash. It draws again if the public
// id is taken, which happens about once in 2^40 times the number of keys.
func (i *Identity) issue(ctx context.Context, c Credential) (Credential, token, error) {
	for range 8 {
		t, err := newToken(c.Kind, i.random)
		if err != nil {
			return c, t, unavailable(err)
		}
		c.ID, c.Hash = t.id, t.hash(i.mac)
		err = i.store.PutCredential(ctx, c)
		if err == nil {
			return c, t, nil
		}
		if !errors.Is(err, ErrTaken) {
			return c, t, unavailable(err)
		}
	}
	return c, token{}, unavailable(fmt.Errorf("identity: no free id: %w", io.ErrNoProgress))
}

// RevokeKey ends a key at once, or a device with all its tokens; revoking it again changes nothing. The error is
// a *chaperone.Error: KindNotFound with the code no_such_key (also for another
// tenant's key), or KindUnavailable.
func (i *Identity) RevokeKey(ctx context.Context, tenant, id string) error {
	kind := KindKey
	if rest, ok := strings.CutPrefix(id, deviceMark); ok {
		kind, id = KindDevice, rest
	}
	c, err := i.store.Credential(ctx, kind, id)
	if errors.Is(err, ErrUnknown) || err == nil && c.Holder.Tenant != tenant {
		return chaperone.NewError(chaperone.KindNotFound, "no_such_key", "There is no key of that id", "List the keys to see their ids", nil)
	}
	if err == nil {
		_, err = i.store.EndCredential(ctx, kind, id, i.clock())
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// ListKeys lists a tenant's keys and then its devices, each oldest first, revoked
// ones included. The error is a *chaperone.Error of KindUnavailable.
func (i *Identity) ListKeys(ctx context.Context, tenant string) ([]Key, error) {
	list, err := i.store.Credentials(ctx, KindKey, tenant)
	if err != nil {
		return nil, unavailable(err)
	}
	devices, err := i.store.Credentials(ctx, KindDevice, tenant)
	if err != nil {
		return nil, unavailable(err)
	}
	list = append(list, devices...)
	keys := make([]Key, len(list))
	for n, c := range list {
		keys[n] = keyOf(c)
	}
	return keys, nil
}
