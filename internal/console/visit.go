package console

import (
	"errors"
	"net/http"
	"net/netip"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

// visit is one request and who makes it. It belongs to one goroutine.
type visit struct {
	*Console
	w   http.ResponseWriter
	r   *http.Request
	who chaperone.Principal // zero for pages that need no session
}

// maxForm is the most a form of the console may hold, in bytes.
const maxForm = 64 << 10

// open serves a page that needs no session.
func (c *Console) open(answer func(*visit) (page, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { c.answer(&visit{Console: c, w: w, r: r}, answer) }
}

// guarded serves a page to those who have signed in and have the right.
func (c *Console) guarded(needed right, answer func(*visit) (page, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Console: c, w: w, r: r}
		var err error
		if v.who, err = c.parts.Identity.SessionOf(asIdentityReads(r)); err != nil {
			c.refuse(v, err)
			return
		}
		if v.who.Tenant != c.parts.Tenant || !c.may(v.who.Role, needed) {
			c.answer(v, (*visit).denied)
			return
		}
		c.answer(v, answer)
	}
}

// answer asks for the page and writes it, or the page of its error. A nil page
// without an error has been answered already.
func (c *Console) answer(v *visit, ask func(*visit) (page, error)) {
	if v.r.Method == http.MethodPost {
		v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
		if err := v.r.ParseForm(); err != nil {
			c.write(v, faultOf(chaperone.NewError(chaperone.KindInvalid, "form_malformed", "The form could not be read", "Go back and try again", err)))
			return
		}
	}
	p, err := ask(v)
	switch {
	case err != nil:
		c.report(v.r, err)
		c.write(v, faultOf(err))
	case p != nil:
		c.write(v, p)
	}
}

// refuse answers a request without a session that counts (IAM-09).
func (c *Console) refuse(v *visit, err error) {
	attempt, ok := errors.AsType[*identity.Attempt](err)
	if !ok {
		c.fail(v.w, v.r, err)
		return
	}
	dropCookie(v.w, v.r)
	if err := v.noteAttempt(attempt); err != nil {
		c.fail(v.w, v.r, err)
		return
	}
	c.write(v, signInPage(attempt))
}

// noteAttempt records a credential that did not count. A visit without one is
// no attempt, and what the brake slowed is not recorded one by one: the brake is
// there so that nobody can flood the record.
func (v *visit) noteAttempt(a *identity.Attempt) error {
	if a.Why == identity.WhyMissing || a.Why == identity.WhyTooOften {
		return nil
	}
	subject := string(a.Kind) + ":" + string(a.Why)
	if a.ID != "" {
		subject += ":" + a.ID
	}
	return v.note(audit.Event{
		Kind: audit.AccessDenied, Subject: subject, Status: statusOf(chaperone.AsError(a).Kind),
		Who: chaperone.Principal{Tenant: v.parts.Tenant, From: a.From},
	})
}

// denied records that a right is not there and says so.
func (v *visit) denied() (page, error) {
	if err := v.note(audit.Event{Kind: audit.AccessDenied, Subject: "right:" + string(v.who.Role), Status: http.StatusForbidden, Who: v.who}); err != nil {
		return nil, err
	}
	return nil, chaperone.NewError(chaperone.KindForbidden, "no_right", "Your role may not see or do this",
		"Ask your privacy officer or an administrator", nil)
}

func (v *visit) nowhere() (page, error) {
	return nil, chaperone.NewError(chaperone.KindNotFound, "no_page", "There is no such page", "Begin at the overview", nil)
}

// note records an event of this visit.
func (v *visit) note(e audit.Event) error {
	if e.Who.ID == "" && v.who.ID != "" {
		e.Who = v.who
	}
	return v.parts.Log.Note(v.r.Context(), e)
}

// from is the address the connection comes from; the zero Addr if it cannot be
// told.
func (v *visit) from() netip.Addr {
	ap, err := netip.ParseAddrPort(v.r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}
