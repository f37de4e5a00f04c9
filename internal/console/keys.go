package console

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

// keysPage lists the keys and offers to make one.
type keysPage struct {
	frame
	Keys      []keyLine
	MayChange bool
	Form      keyForm
	Roles     []choice
	Wrong     string // what is wrong with the form
	Done      string // what was just done
}

func (*keysPage) name() string { return "keys" }

// keyLine is a key in a list.
type keyLine struct {
	ID, Owner, Role, Environment, Label string
	Limits                              []string // what it is bound to
	State                               badge
	LastUsed, Expires                   string
	Live                                bool
}

// keyForm is what a person asks of a new key, as they wrote it.
type keyForm struct {
	Owner, Role, Environment, Label, Expires, Networks string
}

// newKeyPage shows a new key's secret, this once.
type newKeyPage struct {
	frame
	Key    keyLine
	Secret string
}

func (*newKeyPage) name() string { return "newkey" }

// revokePage asks whether a key shall be revoked.
type revokePage struct {
	frame
	Key keyLine
}

func (*revokePage) name() string { return "revoke" }

func (v *visit) keys() (page, error) { return v.keyList(keyForm{}) }

func (v *visit) keyList(form keyForm) (*keysPage, error) {
	keys, err := v.parts.Identity.ListKeys(v.r.Context(), v.parts.Tenant)
	if err != nil {
		return nil, err
	}
	p := &keysPage{frame: frame{Title: "Keys", Here: "/console/keys"}, Form: form, MayChange: v.may(v.who.Role, changeKeys)}
	now := v.parts.Clock()
	for i := len(keys) - 1; i >= 0; i-- { // the newest first
		p.Keys = append(p.Keys, keyLineOf(keys[i], now))
	}
	for _, r := range chaperone.Roles() {
		p.Roles = append(p.Roles, choice{string(r), string(r), string(r) == form.Role})
	}
	return p, nil
}

func keyLineOf(k identity.Key, now time.Time) keyLine {
	l := keyLine{
		ID: k.ID, Owner: k.Holder.Owner, Role: string(k.Holder.Role), Environment: string(k.Holder.Environment),
		Label: k.Holder.Label, State: badge{"live", good}, Live: true, LastUsed: "never",
	}
	if !k.LastUsed.IsZero() {
		l.LastUsed = k.LastUsed.UTC().Format("2006-01-02 15:04")
	}
	if !k.Expires.IsZero() {
		l.Expires = k.Expires.UTC().Format("2006-01-02 15:04")
	}
	switch {
	case !k.Revoked.IsZero():
		l.State, l.Live = badge{"revoked", bad}, false
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		l.State, l.Live = badge{"expired", plain}, false
	}
	for _, p := range k.Holder.Purposes {
		l.Limits = append(l.Limits, "for "+string(p))
	}
	for _, n := range k.Holder.CIDRs {
		l.Limits = append(l.Limits, "from "+n.String())
	}
	return l
}

// createKey makes a key and shows its secret. A key whose making could not be
// recorded is revoked at once.
func (v *visit) createKey() (page, error) {
	form := keyForm{
		Owner: v.field("owner"), Role: v.field("role"), Environment: v.field("environment"),
		Label: v.field("label"), Expires: v.field("expires"), Networks: v.field("networks"),
	}
	spec, wrong := form.spec(v.parts.Tenant)
	if wrong != "" {
		return v.wrongKey(form, wrong)
	}
	ctx := v.r.Context()
	key, secret, err := v.parts.Identity.CreateKey(ctx, spec)
	if own := chaperone.AsError(err); err != nil && own.Kind == chaperone.KindInvalid {
		return v.wrongKey(form, own.Public)
	}
	if err != nil {
		return nil, err
	}
	if err := v.note(audit.Event{Kind: audit.KeyCreated, Subject: key.ID}); err != nil {
		undo := v.parts.Identity.RevokeKey(context.WithoutCancel(ctx), v.parts.Tenant, key.ID)
		if undo != nil {
			return nil, undo
		}
		return nil, err
	}
	return &newKeyPage{frame: frame{Title: "A new key", Here: "/console/keys"}, Key: keyLineOf(key, v.parts.Clock()), Secret: secret}, nil
}

func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }

func (v *visit) wrongKey(form keyForm, what string) (page, error) {
	p, err := v.keyList(form)
	if err != nil {
		return nil, err
	}
	p.Wrong, p.status = what, http.StatusBadRequest
	return p, nil
}

// spec turns the form into what package identity takes, or says what is wrong.
func (f keyForm) spec(tenant string) (identity.KeySpec, string) {
	s := identity.KeySpec{
		Tenant: tenant, Owner: f.Owner, Role: chaperone.Role(f.Role),
		Environment: chaperone.Environment(f.Environment), Label: f.Label,
	}
	if f.Expires != "" {
		day, err := time.Parse(time.DateOnly, f.Expires)
		if err != nil {
			return s, "The last day is a date such as 2027-06-30"
		}
		s.Expires = day.AddDate(0, 0, 1) // the day itself is included
	}
	for _, n := range strings.FieldsFunc(f.Networks, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' }) {
		prefix, err := netip.ParsePrefix(n)
		if err != nil {
			return s, "A network is written as 10.1.0.0/16"
		}
		s.CIDRs = append(s.CIDRs, prefix)
	}
	return s, ""
}

// askRevoke asks before a key is revoked: it cannot be undone.
func (v *visit) askRevoke() (page, error) {
	keys, err := v.parts.Identity.ListKeys(v.r.Context(), v.parts.Tenant)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.ID == v.r.PathValue("id") {
			return &revokePage{frame: frame{Title: "Revoke this key?", Here: "/console/keys"}, Key: keyLineOf(k, v.parts.Clock())}, nil
		}
	}
	return nil, chaperone.NewError(chaperone.KindNotFound, "no_such_key", "There is no key of that id", "List the keys to see their ids", nil)
}

// revoke ends a key. It ends even if that cannot be recorded, and then says so:
// a lost key must not live on because the disk is full.
func (v *visit) revoke() (page, error) {
	id := v.r.PathValue("id")
	if err := v.parts.Identity.RevokeKey(v.r.Context(), v.parts.Tenant, id); err != nil {
		return nil, err
	}
	if err := v.note(audit.Event{Kind: audit.KeyRevoked, Subject: id}); err != nil {
		return nil, chaperone.NewError(chaperone.KindUnavailable, "revoked_not_recorded",
			"The key is revoked, but that could not be recorded", "Mend the record, then revoke the key again to record it", err)
	}
	p, err := v.keyList(keyForm{})
	if err != nil {
		return nil, err
	}
	p.Done = "The key " + id + " is revoked. It stopped working at once."
	return p, nil
}
