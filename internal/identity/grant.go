package identity

import (
	"context"
	"crypto/hmac"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"
	"time"

	"chaperone"
)

// The limits of a device's sign-in (RFC 8628). A grant that nobody answers is
// forgotten, at the latest with the process: the device begins again.
const (
	GrantLife = 10 * time.Minute
	grantPace = 5 * time.Second // between two polls, and what each hasty one adds
	maxGrants = 512             // under way at once

	// codeAlphabet has no vowels, so that a code spells no word (RFC 8628,
	// section 6.1). Eight letters of it are 2^34 codes, guessed at by signed-in
	// people only.
	codeAlphabet = "BCDFGHJKLMNPQRSTVWXZ"
	codeLength   = 8
)

// Grant is what a device gets when it asks to be signed in.
type Grant struct {
	DeviceCode string // the device polls with it; secret
	UserCode   string // the person types it: XXXX-XXXX
	Expires    time.Time
	Pace       time.Duration // the least time between two polls
}

// Request is what a person is shown of a device that wants to sign in.
type Request struct {
	UserCode string
	Surface  string // what program says it is; a claim
	From     netip.Addr
	Began    time.Time
}

// grants are the sign-ins under way. They are kept in memory: none lasts longer
// than GrantLife.
type grants struct {
	mu     sync.Mutex
	byCode map[string]*grant // by the public id of the device code
	byUser map[string]*grant
}

type grant struct {
	Request
	id      string
	hash    []byte // of the device code
	expires time.Time
	pace    time.Duration
	polled  time.Time
	denied  bool
	device  *Credential // approved as this; nil: not answered
}

// BeginDevice opens a grant for a device that says it is surface. The error is a
// *chaperone.Error: KindRateLimited with the code slow_down when too many are
// under way, or KindUnavailable.
func (i *Identity) BeginDevice(surface string, from netip.Addr) (Grant, error) {
	now := i.clock()
	t, err := newToken(kindCode, i.random)
	if err != nil {
		return Grant{}, unavailable(err)
	}
	g := &i.grants
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forget(now)
	if len(g.byCode) >= maxGrants {
		return Grant{}, chaperone.NewError(chaperone.KindRateLimited, "slow_down", "Too many sign-ins are under way", "Try again in some minutes", nil)
	}
	code, err := newUserCode(i.random)
	if err != nil {
		return Grant{}, unavailable(err)
	}
	if g.byUser[code] != nil || g.byCode[t.id] != nil {
		return Grant{}, unavailable(fmt.Errorf("identity: a code was drawn twice: %w", io.ErrNoProgress))
	}
	if g.byCode == nil {
		g.byCode, g.byUser = map[string]*grant{}, map[string]*grant{}
	}
	one := &grant{
		Request: Request{code, surface, from, now}, id: t.id, hash: t.hash(i.mac),
		expires: now.Add(GrantLife), pace: grantPace, polled: now,
	}
	g.byCode[t.id], g.byUser[code] = one, one
	return Grant{t.String(), code, one.expires, one.pace}, nil
}

func newUserCode(random io.Reader) (string, error) {
	code := make([]byte, 0, codeLength+1)
	for len(code) < codeLength {
		var raw [16]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return "", fmt.Errorf("identity: draw a code: %w", err)
		}
		for _, b := range raw {
			if int(b) < 256/len(codeAlphabet)*len(codeAlphabet) && len(code) < codeLength { // no bias
				code = append(code, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return string(code[:4]) + "-" + string(code[4:]), nil
}

// plainCode is a code as people type it in the form it was drawn in.
func plainCode(typed string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		if strings.ContainsRune(codeAlphabet, r) && b.Len() < codeLength+1 {
			if b.Len() == 4 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// forget drops grants whose time has passed by another GrantLife: until then a
// device is told that its code has expired.
func (g *grants) forget(now time.Time) {
	for _, one := range g.byCode {
		if now.After(one.expires.Add(GrantLife)) {
			g.drop(one)
		}
	}
}

func (g *grants) drop(one *grant) {
	delete(g.byCode, one.id)
	delete(g.byUser, one.UserCode)
}

// PendingDevice finds the unanswered grant of a code that a person typed. The
// error is a *chaperone.Error: KindNotFound with the code user_code_unknown, or
// KindRateLimited after too many wrong codes from the address.
func (i *Identity) PendingDevice(typed string, from netip.Addr) (Request, error) {
	i.grants.mu.Lock()
	defer i.grants.mu.Unlock()
	one, err := i.unanswered(typed, from)
	if err != nil {
		return Request{}, err
	}
	return one.Request, nil
}

// unanswered is PendingDevice for those who hold the lock.
func (i *Identity) unanswered(typed string, from netip.Addr) (*grant, error) {
	now := i.clock()
	one := i.grants.byUser[plainCode(typed)]
	if one != nil && one.device == nil && !one.denied && now.Before(one.expires) {
		return one, nil
	}
	if i.brake.slow(from, now) {
		return nil, chaperone.NewError(chaperone.KindRateLimited, "too_many_failures", "Too many wrong codes came from this address", "Wait a minute, then type the code that the program shows", nil)
	}
	return nil, chaperone.NewError(chaperone.KindNotFound, "user_code_unknown", "No program waits with this code",
		"Type the code that the program shows, or start its sign-in again: a code lasts ten minutes and is used once", nil)
}

// ApproveDevice lets the device of a code sign in as a holder, whose Label names
// the device. It returns the device, which lives from now on whether or not it
// fetches its tokens. The errors are those of PendingDevice and of CreateKey.
func (i *Identity) ApproveDevice(ctx context.Context, typed string, from netip.Addr, s KeySpec) (Key, error) {
	now := i.clock()
	if what := s.fault(now); what != "" {
		return Key{}, chaperone.NewError(chaperone.KindInvalid, "key_spec", what, "Change it and try again", nil)
	}
	i.grants.mu.Lock()
	defer i.grants.mu.Unlock()
	one, err := i.unanswered(typed, from)
	if err != nil {
		return Key{}, err
	}
	h := s.holder()
	c, _, err := i.issue(ctx, Credential{Kind: KindDevice, Holder: h, Created: now, Expires: now.Add(DeviceLife)})
	if err != nil {
		return Key{}, err
	}
	one.device = &c
	return keyOf(c), nil
}

// DenyDevice tells the device of a code that it may not sign in. The errors are
// those of PendingDevice.
func (i *Identity) DenyDevice(typed string, from netip.Addr) error {
	i.grants.mu.Lock()
	defer i.grants.mu.Unlock()
	one, err := i.unanswered(typed, from)
	if err == nil {
		one.denied = true
	}
	return err
}

// poll answers a device that asks with its code; an approved grant is handed
// out once.
func (i *Identity) poll(secret string, from netip.Addr, now time.Time) (Credential, error) {
	g := &i.grants
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := parseToken(kindCode, secret)
	one := g.byCode[t.id]
	if !ok || one == nil || !hmac.Equal(one.hash, t.hash(i.mac)) {
		return Credential{}, i.fail(Attempt{Why: WhyUnknown, Kind: kindCode, ID: t.id, From: from}, now)
	}
	hasty := now.Sub(one.polled) < one.pace
	one.polled = now
	switch {
	case one.denied:
		g.drop(one)
		return Credential{}, chaperone.NewError(chaperone.KindForbidden, "access_denied", "The sign-in was denied", "Ask your administrator", nil)
	case one.device != nil:
		g.drop(one)
		return *one.device, nil
	case !now.Before(one.expires):
		g.drop(one)
		return Credential{}, chaperone.NewError(chaperone.KindInvalid, "expired_token", "The code has expired", "Sign in again", nil)
	case hasty:
		one.pace += grantPace
		return Credential{}, chaperone.NewError(chaperone.KindRateLimited, "slow_down", "This is asked too often", "Wait five seconds longer between two requests", nil)
	}
	return Credential{}, chaperone.NewError(chaperone.KindInvalid, "authorization_pending", "Nobody has answered yet", "Ask again after the interval", nil)
}
