package console

import (
	"context"
	"net/http"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

// devicePage is where a person lets a program sign in: it asks for the code,
// then shows what waits with it, then says what was done.
type devicePage struct {
	frame
	Code    string // as it stands in the form
	Waits   bool   // a program waits with Code
	Surface string // what program it says it is
	From    string
	Form    keyForm
	Roles   []choice
	Wrong   string
	Done    string
}

func (*devicePage) name() string { return "device" }

// device shows what waits with the code of the address. Nothing is approved by
// following a link (RFC 8628, section 5.4).
func (v *visit) device() (page, error) {
	code := v.r.URL.Query().Get("user_code")
	p := v.devicePage(code, keyForm{Role: string(chaperone.RoleClinician)})
	if code == "" {
		return p, nil
	}
	return v.showWaiting(p)
}

func (v *visit) devicePage(code string, form keyForm) *devicePage {
	p := &devicePage{frame: frame{Title: "Sign a program in", Here: "/console/keys"}, Code: code, Form: form}
	for _, r := range chaperone.Roles() {
		p.Roles = append(p.Roles, choice{string(r), string(r), string(r) == form.Role})
	}
	return p
}

// showWaiting adds to the page which program waits, or that none does.
func (v *visit) showWaiting(p *devicePage) (page, error) {
	waits, err := v.parts.Identity.PendingDevice(p.Code, v.from())
	if err != nil {
		e := chaperone.AsError(err)
		p.Wrong, p.status = e.Public+". "+e.Next, statusOf(e.Kind)
		return p, nil
	}
	p.Code, p.Waits, p.Surface, p.From = waits.UserCode, true, waits.Surface, waits.From.String()
	return p, nil
}

// answerDevice approves or denies the program of a code. Today the one who
// approves is the administrator, who says whom the device is for; a person who
// signs in under a name of their own will answer for their own devices only.
func (v *visit) answerDevice() (page, error) {
	code := v.field("user_code")
	form := keyForm{Owner: v.field("owner"), Role: v.field("role"), Environment: v.field("environment"), Label: v.field("label")}
	p := v.devicePage(code, form)
	switch v.field("answer") {
	case "deny":
		return v.denyDevice(p)
	case "approve":
		return v.approveDevice(p)
	}
	if p.Form.Role == "" {
		p = v.devicePage(code, keyForm{Role: string(chaperone.RoleClinician)})
	}
	return v.showWaiting(p)
}

func (v *visit) denyDevice(p *devicePage) (page, error) {
	if err := v.parts.Identity.DenyDevice(p.Code, v.from()); err != nil {
		return v.showWaiting(p)
	}
	if err := v.note(audit.Event{Kind: audit.DeviceDenied}); err != nil {
		return nil, err // it is denied all the same
	}
	return &devicePage{frame: frame{Title: "Sign a program in", Here: "/console/keys"}, Done: "The program was denied. It is told so at once."}, nil
}

// approveDevice lets the program in. If that cannot be recorded the device is
// ended, and with it whatever token it may have fetched meanwhile.
func (v *visit) approveDevice(p *devicePage) (page, error) {
	ctx := v.r.Context()
	if err := v.parts.Log.Ready(); err != nil {
		return nil, err
	}
	device, err := v.parts.Identity.ApproveDevice(ctx, p.Code, v.from(), identity.KeySpec{
		Tenant: v.parts.Tenant, Owner: p.Form.Owner, Role: chaperone.Role(p.Form.Role),
		Environment: chaperone.Environment(p.Form.Environment), Label: p.Form.Label,
	})
	if e := chaperone.AsError(err); err != nil && e.Kind == chaperone.KindInvalid {
		waiting, werr := v.showWaiting(p)
		p.Wrong, p.status = e.Public, http.StatusBadRequest
		return waiting, werr
	}
	if err != nil {
		return v.showWaiting(p)
	}
	if err := v.note(audit.Event{Kind: audit.DeviceApproved, Subject: device.ID}); err != nil {
		undo := v.parts.Identity.RevokeKey(context.WithoutCancel(ctx), v.parts.Tenant, device.ID)
		if undo != nil {
			return nil, undo
		}
		return nil, err
	}
	return &devicePage{
		frame: frame{Title: "Sign a program in", Here: "/console/keys"},
		Done:  "The program is signed in for " + p.Form.Owner + ". It stands under Keys as " + device.ID + ", where it can be revoked.",
	}, nil
}
