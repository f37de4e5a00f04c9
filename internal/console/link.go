package console

import (
	"errors"
	"net/http"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

// linkPage is where people stand before they are signed in: with a link to
// redeem, or with words about what to do.
type linkPage struct {
	frame
	Token  string // shown as a button that redeems it; empty: there is nothing to redeem
	Public string // what is wrong, if anything
	Next   string
}

func (*linkPage) name() string { return "link" }

const whereLinks = "Open the one-time link that Chaperone showed at its first start, or ask whoever runs it for a new one"

// signInPage says why there is no session.
func signInPage(a *identity.Attempt) *linkPage {
	p := &linkPage{frame: frame{Title: "Sign in", status: statusOf(chaperone.AsError(a).Kind)}, Public: chaperone.AsError(a).Public, Next: whereLinks}
	switch {
	case a.Why == identity.WhyIdle:
		p.Public = "You were signed out because nothing was done for a while"
	case a.Why == identity.WhyTooOften:
		p.Next = chaperone.AsError(a).Next
	case a.Kind == identity.KindLink:
		p.Public = "This link has been used before, has expired, or is not complete"
		p.Next = "Each link works once and for a day. Ask whoever runs Chaperone for a new one"
	}
	return p
}

// link shows a button. Following a link redeems nothing: mail scanners and
// browsers that fetch ahead follow links too.
func (v *visit) link() (page, error) {
	token := v.r.URL.Query().Get("token")
	if token == "" {
		return &linkPage{frame: frame{Title: "Sign in"}, Next: whereLinks}, nil
	}
	return &linkPage{frame: frame{Title: "Sign in"}, Token: token}, nil
}

// redeem turns the link into a session. The record is asked first, so that a
// link is not used up when signing in could not be recorded.
func (v *visit) redeem() (page, error) {
	if err := v.parts.Log.Ready(); err != nil {
		return nil, err
	}
	session, err := v.parts.Identity.RedeemLink(v.r.Context(), v.r.PostFormValue("token"), v.from())
	if err != nil {
		attempt, ok := errors.AsType[*identity.Attempt](err)
		if !ok {
			return nil, err
		}
		if err := v.noteAttempt(attempt); err != nil {
			return nil, err
		}
		return signInPage(attempt), nil
	}
	if err := v.note(audit.Event{Kind: audit.SignedIn, Who: session.Principal, Subject: session.Principal.KeyID}); err != nil {
		return nil, errors.Join(err, v.parts.Identity.EndSession(withSession(v.r, session.Token)))
	}
	giveCookie(v.w, v.r, session, v.parts.Clock())
	http.Redirect(v.w, v.r, "/console/", http.StatusSeeOther)
	return nil, nil
}

// signOut ends the session, whether or not that can be recorded: a person who
// leaves must be able to.
func (v *visit) signOut() (page, error) {
	who, err := v.parts.Identity.SessionOf(asIdentityReads(v.r))
	dropCookie(v.w, v.r)
	if attempt, ok := errors.AsType[*identity.Attempt](err); ok {
		return &linkPage{frame: frame{Title: "You are signed out"}, Next: whereLinks}, v.noteAttempt(attempt)
	}
	if err != nil {
		return nil, err
	}
	if err := v.parts.Identity.EndSession(asIdentityReads(v.r)); err != nil {
		return nil, err
	}
	return &linkPage{frame: frame{Title: "You are signed out"}, Next: whereLinks},
		v.note(audit.Event{Kind: audit.SignedOut, Who: who, Subject: who.KeyID})
}
