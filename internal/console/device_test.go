package console_test

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/identity"
)

// begin lets a program ask to be signed in.
func (h *house) begin() identity.Grant {
	h.t.Helper()
	g, err := h.identity.BeginDevice("claude_code", netip.MustParseAddr("192.0.2.44"))
	must(h.t, err)
	return g
}

// poll asks for the program's tokens as it does, after the interval.
func (h *house) poll(g identity.Grant) (identity.Tokens, string) {
	h.clock.set(h.clock.Now().Add(5 * time.Second))
	tokens, err := h.identity.RedeemDevice(context.Background(), g.DeviceCode, netip.MustParseAddr("192.0.2.44"))
	if err != nil {
		return tokens, chaperone.AsError(err).Code
	}
	return tokens, ""
}

func TestAPersonSignsAProgramInByItsCode(t *testing.T) {
	h := newHouse(t)
	b, g := h.signIn(), h.begin()
	if w := b.get("/console/device?user_code=" + g.UserCode); w.Code != 200 || !strings.Contains(w.Body.String(), "claude_code") || !strings.Contains(w.Body.String(), "192.0.2.44") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if _, wrong := h.poll(g); wrong != "authorization_pending" {
		t.Errorf("following the link has approved it: %q", wrong)
	}
	if w := b.post("/console/device", "user_code", strings.ToLower(g.UserCode)); w.Code != 200 || !strings.Contains(w.Body.String(), g.UserCode) {
		t.Errorf("typing the code: %d", w.Code)
	}
	if w := b.post("/console/device", "user_code", g.UserCode, "answer", "approve", "owner", "", "role", "clinician"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "needs an owner") {
		t.Errorf("without a person: %d", w.Code)
	}
	w := b.post("/console/device", "user_code", g.UserCode, "answer", "approve", "owner", "dr-roe", "role", "clinician", "label", "laptop of ward 3")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "signed in for dr-roe") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	tokens, wrong := h.poll(g)
	if wrong != "" || tokens.Device.Holder.Owner != "dr-roe" || tokens.Device.Holder.Label != "laptop of ward 3" {
		t.Errorf("%+v %q", tokens.Device, wrong)
	}
	if e := h.events(); e[0] != "device.approved "+tokens.Device.ID+" by administrator about not stated" {
		t.Errorf("%q", e)
	}
	if w := b.get("/console/keys"); !strings.Contains(w.Body.String(), tokens.Device.ID) {
		t.Error("the keys do not list the device")
	}
	if w := b.post("/console/keys/" + tokens.Device.ID + "/revoke"); w.Code != 200 || !strings.Contains(w.Body.String(), "is revoked") {
		t.Errorf("revoking it: %d", w.Code)
	}
	if _, err := h.identity.RefreshDevice(context.Background(), tokens.Refresh, netip.Addr{}); err == nil {
		t.Error("a revoked device gets tokens")
	}
}

func TestADeniedProgramIsToldAndRecorded(t *testing.T) {
	h := newHouse(t)
	b, g := h.signIn(), h.begin()
	if w := b.post("/console/device", "user_code", g.UserCode, "answer", "deny"); w.Code != 200 || !strings.Contains(w.Body.String(), "denied") {
		t.Fatalf("%d", w.Code)
	}
	if _, wrong := h.poll(g); wrong != "access_denied" {
		t.Errorf("%q", wrong)
	}
	if e := h.events(); !slices.ContainsFunc(e, func(s string) bool { return strings.HasPrefix(s, "device.denied") }) {
		t.Errorf("%q", e)
	}
	if w := b.post("/console/device", "user_code", "BBBB-BBBB", "answer", "deny"); w.Code != http.StatusNotFound {
		t.Errorf("a code of nobody: %d", w.Code)
	}
}

func TestOnlyAdministratorsSignProgramsInAndOnlyFromTheConsole(t *testing.T) {
	h := newHouse(t)
	b, g := h.signIn(), h.begin()
	approve := []string{"user_code", g.UserCode, "answer", "approve", "owner", "dr-roe", "role", "clinician"}
	h.roles.be(chaperone.RoleAuditor, "")
	if w := b.post("/console/device", approve...); w.Code != http.StatusForbidden {
		t.Errorf("an auditor: %d", w.Code)
	}
	h.roles.be("", "")
	b.site = "cross-site"
	if w := b.post("/console/device", approve...); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
	if w := (&browser{h: h, site: "same-origin"}).post("/console/device", approve...); w.Code != http.StatusUnauthorized {
		t.Errorf("without a session: %d", w.Code)
	}
	if _, wrong := h.poll(g); wrong != "authorization_pending" {
		t.Errorf("%q", wrong)
	}
}

func TestADeviceThatCannotBeRecordedIsNotSignedIn(t *testing.T) {
	h := newHouse(t)
	b, g := h.signIn(), h.begin()
	h.journal.fill(context.DeadlineExceeded)
	if w := b.post("/console/device", "user_code", g.UserCode, "answer", "approve", "owner", "dr-roe", "role", "clinician"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", w.Code)
	}
	h.journal.fill(nil)
	if tokens, wrong := h.poll(g); wrong == "" {
		t.Errorf("it has tokens: %+v", tokens.Device)
	}
}
