package identity

import (
	"context"
	"crypto/hmac"
	"errors"
	"net/netip"
	"time"
)

// The lives of a device and of its tokens.
const (
	DeviceLife  = 90 * 24 * time.Hour // then a person signs it in again
	AccessLife  = time.Hour
	RefreshLife = 30 * 24 * time.Hour // of a device that is not used

	// deviceMark tells a device's id from a key's.
	deviceMark = "device:"
)

// Tokens are what a device holds. Both are opaque and kept nowhere here.
type Tokens struct {
	Access    string
	Refresh   string
	ExpiresIn time.Duration // of Access
	Device    Key
}

// RedeemDevice hands out the first tokens of a device that a person approved,
// once. The error is a *chaperone.Error with a code of RFC 8628, section 3.5 or
// RFC 6749, section 5.2: authorization_pending, slow_down, access_denied,
// expired_token, invalid_grant; or KindUnavailable. For a code that never was
// it is an *Attempt.
func (i *Identity) RedeemDevice(ctx context.Context, deviceCode string, from netip.Addr) (Tokens, error) {
	now := i.clock()
	approved, err := i.poll(deviceCode, from, now)
	if err != nil {
		return Tokens{}, err
	}
	device, err := i.store.Credential(ctx, KindDevice, approved.ID)
	if err != nil {
		return Tokens{}, unavailable(err)
	}
	if why := device.live(now); why != WhyNone { // revoked before it came
		return Tokens{}, i.fail(Attempt{Why: why, Kind: kindCode, From: from}, now)
	}
	return i.tokens(ctx, device, now)
}

// RefreshDevice spends a refresh token and hands out new tokens. A token that
// was spent before has been copied: its device is signed out, whoever came
// first. The error is an *Attempt (code invalid_grant or slow_down) or a
// *chaperone.Error of KindUnavailable.
func (i *Identity) RefreshDevice(ctx context.Context, refresh string, from netip.Addr) (Tokens, error) {
	now := i.clock()
	attempt := Attempt{Kind: KindRefresh, From: from}
	c, device, err := i.tokenOf(ctx, KindRefresh, refresh, &attempt)
	if err != nil {
		return Tokens{}, err
	}
	if attempt.Why == WhyNone {
		attempt.Why = device.live(now)
	}
	if attempt.Why == WhyNone && c.Ended.IsZero() {
		attempt.Why = c.live(now)
	}
	if attempt.Why != WhyNone {
		return Tokens{}, i.fail(attempt, now)
	}
	first, err := i.store.EndCredential(ctx, KindRefresh, c.ID, now)
	if err != nil {
		return Tokens{}, unavailable(err)
	}
	if !first {
		if _, err := i.store.EndCredential(ctx, KindDevice, device.ID, now); err != nil {
			return Tokens{}, unavailable(err)
		}
		attempt.Why = WhySpent
		return Tokens{}, refused(attempt) // always recorded: no brake
	}
	return i.tokens(ctx, device, now)
}

// RevokeToken signs out the device of an access or refresh token (RFC 7009) and
// reports which device this call ended, if any: a token that is not known is no
// error. The error is a *chaperone.Error of KindUnavailable.
func (i *Identity) RevokeToken(ctx context.Context, secret string) (device string, err error) {
	for _, kind := range []CredentialKind{KindAccess, KindRefresh} {
		if _, ok := parseToken(kind, secret); !ok {
			continue
		}
		var attempt Attempt
		_, held, err := i.tokenOf(ctx, kind, secret, &attempt)
		if err != nil || attempt.Why != WhyNone {
			return "", err
		}
		first, err := i.store.EndCredential(ctx, KindDevice, held.ID, i.clock())
		if err != nil {
			return "", unavailable(err)
		}
		if first {
			return deviceMark + held.ID, nil
		}
	}
	return "", nil
}

// tokens issues a device's next tokens.
func (i *Identity) tokens(ctx context.Context, device Credential, now time.Time) (Tokens, error) {
	next := Credential{Kind: KindAccess, Parent: device.ID, Holder: device.Holder, Created: now, Expires: now.Add(AccessLife)}
	if device.Expires.Before(next.Expires) {
		next.Expires = device.Expires
	}
	_, access, err := i.issue(ctx, next)
	if err != nil {
		return Tokens{}, err
	}
	life := next.Expires.Sub(now)
	next.Kind, next.Expires = KindRefresh, now.Add(RefreshLife)
	_, refresh, err := i.issue(ctx, next)
	if err != nil {
		return Tokens{}, err
	}
	return Tokens{access.String(), refresh.String(), life, keyOf(device)}, nil
}

// tokenOf finds a token with its device, ended ones too. What is wrong with the
// secret itself goes into attempt.Why.
func (i *Identity) tokenOf(ctx context.Context, kind CredentialKind, secret string, attempt *Attempt) (c, device Credential, err error) {
	t, ok := parseToken(kind, secret)
	if !ok {
		attempt.Why = WhyForm
		return c, device, nil
	}
	attempt.ID = t.id
	c, err = i.store.Credential(ctx, kind, t.id)
	same := hmac.Equal(t.hash(i.mac), c.Hash)
	switch {
	case errors.Is(err, ErrUnknown):
		attempt.Why = WhyUnknown
		return c, device, nil
	case err != nil:
		return c, device, unavailable(err)
	case !same:
		attempt.Why = WhySecret
		return c, device, nil
	}
	if device, err = i.store.Credential(ctx, KindDevice, c.Parent); err != nil {
		return c, device, unavailable(err)
	}
	return c, device, nil
}

// deviceOf is the device of a good access token, if it too is good: revoking a
// device ends its tokens at the next call.
func (i *Identity) deviceOf(ctx context.Context, access Credential, from netip.Addr, now time.Time) (Credential, error) {
	device, err := i.store.Credential(ctx, KindDevice, access.Parent)
	if err != nil {
		return Credential{}, unavailable(err)
	}
	why := device.live(now)
	if why == WhyNone && !device.Holder.admits(from) {
		why = WhyAddress
	}
	if why != WhyNone {
		return Credential{}, i.fail(Attempt{Why: why, Kind: KindAccess, ID: access.ID, From: from}, now)
	}
	return device, nil
}

// Forgetter drops credentials that no longer count, durably.
type Forgetter interface {
	// ForgetCredentials removes those of a kind that expired before a moment.
	ForgetCredentials(ctx context.Context, kind CredentialKind, before time.Time) error
}

// Sweep drops the expired tokens of devices. A spent refresh token stays until
// its own end, so that its second use is noticed. The error is the store's.
func (i *Identity) Sweep(ctx context.Context, store Forgetter) error {
	now := i.clock()
	return errors.Join(store.ForgetCredentials(ctx, KindAccess, now), store.ForgetCredentials(ctx, KindRefresh, now))
}
