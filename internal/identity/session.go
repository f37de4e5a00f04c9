package identity

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"chaperone"
)

// The limits of a console session (requirement IAM-07) and of a link.
const (
	LinkLife        = 24 * time.Hour
	SessionIdle     = 15 * time.Minute // left alone for so long, it ends
	SessionAbsolute = 12 * time.Hour   // it ends then, used or not

	// touchStep is how exactly use is noted. It makes a session end at most
	// this much early, never late.
	touchStep = 15 * time.Second

	// SessionCookie is the name of the cookie that holds a session's token.
	SessionCookie = "chaperone_session"

	// sessionMark tells a session's id from a key's in Principal.KeyID.
	sessionMark = "session:"
)

// Session is a fresh console session. Token goes into the cookie and nowhere
// else.
type Session struct {
	Token     string
	Expires   time.Time // absolute
	Principal chaperone.Principal
}

// CreateAdminLink makes a one-time token with which an administrator of the
// tenant signs in to the console. It lasts LinkLife. The error is a
// *chaperone.Error: KindInvalid for a tenant without a proper name, or
// KindUnavailable.
func (i *Identity) CreateAdminLink(ctx context.Context, tenant string) (string, error) {
	if !nameForm.MatchString(tenant) {
		return "", chaperone.NewError(chaperone.KindInvalid, "tenant_name", "The tenant's name is not valid", "Use letters, digits and . _ @ + -", nil)
	}
	now := i.clock()
	_, t, err := i.issue(ctx, Credential{
		Kind: KindLink, Created: now, Expires: now.Add(LinkLife),
		Holder: Holder{
			Tenant: tenant, Owner: "administrator", Role: chaperone.RoleAdministrator,
			Environment: chaperone.EnvironmentProduction, Label: "one-time link",
		},
	})
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

// RedeemLink turns a link's token into a session. It works once: of many
// concurrent calls exactly one gets the session. The errors are those of
// Authenticate.
func (i *Identity) RedeemLink(ctx context.Context, linkToken string, from netip.Addr) (Session, error) {
	now := i.clock()
	link, err := i.check(ctx, KindLink, linkToken, from, now)
	if err != nil {
		return Session{}, err
	}
	first, err := i.store.EndCredential(ctx, KindLink, link.ID, now)
	if err != nil {
		return Session{}, unavailable(err)
	}
	if !first {
		return Session{}, i.fail(Attempt{Why: WhyRevoked, Kind: KindLink, ID: link.ID, From: from}, now)
	}
	h := link.Holder
	h.Label = "console"
	c, t, err := i.issue(ctx, Credential{
		Kind: KindSession, Holder: h, Created: now, Expires: now.Add(SessionAbsolute), LastUsed: now,
	})
	if err != nil {
		return Session{}, err
	}
	return Session{t.String(), c.Expires, c.principal(from)}, nil
}

// SessionOf returns the principal of a request's session cookie and notes its
// use. The errors are those of Authenticate; Attempt.Why tells a session that
// idled from one that was ended.
func (i *Identity) SessionOf(r *http.Request) (chaperone.Principal, error) {
	now, from := i.clock(), address(r)
	cookie, err := r.Cookie(SessionCookie)
	if err != nil || cookie.Value == "" {
		// No brake here: every first visit to the console is one of these.
		return chaperone.Principal{}, refused(Attempt{Why: WhyMissing, Kind: KindSession, From: from})
	}
	c, err := i.check(r.Context(), KindSession, cookie.Value, from, now)
	if err != nil {
		return chaperone.Principal{}, err
	}
	idle := now.Sub(c.LastUsed)
	if idle >= SessionIdle {
		if _, err := i.store.EndCredential(r.Context(), KindSession, c.ID, now); err != nil {
			return chaperone.Principal{}, unavailable(err)
		}
		return chaperone.Principal{}, refused(Attempt{Why: WhyIdle, Kind: KindSession, ID: c.ID, From: from})
	}
	if idle >= touchStep {
		if err := i.touch(r.Context(), KindSession, c.ID, now); err != nil {
			return chaperone.Principal{}, unavailable(err)
		}
	}
	return c.principal(from), nil
}

// EndSession signs the request's session out. Without a live session it does
// nothing. The error is a *chaperone.Error of KindUnavailable.
func (i *Identity) EndSession(r *http.Request) error {
	cookie, err := r.Cookie(SessionCookie)
	if err != nil {
		return nil
	}
	c, err := i.check(r.Context(), KindSession, cookie.Value, address(r), i.clock())
	var a *Attempt
	if errors.As(err, &a) {
		return nil
	}
	if err == nil {
		_, err = i.store.EndCredential(r.Context(), KindSession, c.ID, i.clock())
		if err != nil {
			err = unavailable(err)
		}
	}
	return err
}
