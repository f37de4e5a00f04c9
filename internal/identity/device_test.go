package identity_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/identity"
)

var desk = netip.MustParseAddr("192.0.2.7")

// begin opens a grant.
func (h *house) begin(t *testing.T) identity.Grant {
	t.Helper()
	g, err := h.BeginDevice("claude_code", desk)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// device signs a device in, as an administrator and the device do together.
func (h *house) device(t *testing.T) identity.Tokens {
	t.Helper()
	g := h.begin(t)
	if _, err := h.ApproveDevice(context.Background(), g.UserCode, desk, spec()); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(g.Pace)
	tokens, err := h.RedeemDevice(context.Background(), g.DeviceCode, desk)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return chaperone.AsError(err).Code
}

func TestADeviceIsSignedInByAPersonWhoTypesItsCode(t *testing.T) {
	h, ctx := open(t), context.Background()
	g := h.begin(t)
	if len(g.UserCode) != 9 || g.UserCode[4] != '-' || strings.ContainsAny(g.UserCode, "AEIOUY0123456789") {
		t.Errorf("the user code is %q", g.UserCode)
	}
	h.now = h.now.Add(g.Pace)
	if _, err := h.RedeemDevice(ctx, g.DeviceCode, desk); code(err) != "authorization_pending" {
		t.Errorf("before anybody answered: %v", err)
	}
	asks, err := h.PendingDevice(" "+strings.ToLower(strings.ReplaceAll(g.UserCode, "-", " ")), desk)
	if err != nil || asks.Surface != "claude_code" || asks.UserCode != g.UserCode {
		t.Fatalf("typed in small letters: %+v %v", asks, err)
	}
	device, err := h.ApproveDevice(ctx, g.UserCode, desk, spec())
	if err != nil || !strings.HasPrefix(device.ID, "device:") {
		t.Fatal(device, err)
	}
	if _, err := h.ApproveDevice(ctx, g.UserCode, desk, spec()); code(err) != "user_code_unknown" {
		t.Errorf("a code is answered once: %v", err)
	}
	h.now = h.now.Add(g.Pace)
	tokens, err := h.RedeemDevice(ctx, g.DeviceCode, desk)
	if err != nil || tokens.ExpiresIn != identity.AccessLife {
		t.Fatal(tokens, err)
	}
	if _, err := h.RedeemDevice(ctx, g.DeviceCode, desk); code(err) != "invalid_grant" {
		t.Errorf("a device code is redeemed once: %v", err)
	}
	for _, header := range [][]string{{"Authorization", "Bearer " + tokens.Access}, {"x-api-key", tokens.Access}} {
		who, err := h.Authenticate(request(here, header...))
		if err != nil || who.ID != spec().Owner || who.KeyID != device.ID || who.Role != spec().Role {
			t.Errorf("%s: %+v %v", header[0], who, err)
		}
		if err := h.Permits(ctx, who, chaperone.PurposeTreatment); err != nil {
			t.Errorf("%v", err)
		}
	}
	keys, err := h.ListKeys(ctx, "clinic")
	if err != nil || len(keys) != 1 || keys[0].ID != device.ID || keys[0].LastUsed.IsZero() {
		t.Errorf("%+v %v", keys, err)
	}
	for _, not := range []string{tokens.Refresh, g.DeviceCode} {
		h.now = h.now.Add(time.Hour) // the brake is another test
		if _, err := h.Authenticate(request(here, "x-api-key", not)); err == nil {
			t.Errorf("%.4s opens the exchange", not)
		}
	}
}

func TestADeniedAnExpiredAndAHastyDeviceAreToldSo(t *testing.T) {
	h, ctx := open(t), context.Background()
	g := h.begin(t)
	if err := h.DenyDevice(g.UserCode, desk); err != nil {
		t.Fatal(err)
	}
	if _, err := h.RedeemDevice(ctx, g.DeviceCode, desk); code(err) != "access_denied" {
		t.Errorf("%v", err)
	}
	g = h.begin(t)
	h.now = h.now.Add(identity.GrantLife)
	if _, err := h.ApproveDevice(ctx, g.UserCode, desk, spec()); code(err) != "user_code_unknown" {
		t.Errorf("an expired code is approved: %v", err)
	}
	if _, err := h.RedeemDevice(ctx, g.DeviceCode, desk); code(err) != "expired_token" {
		t.Errorf("%v", err)
	}
	g = h.begin(t)
	for n, c := range []struct {
		after time.Duration
		want  string
	}{{5 * time.Second, "authorization_pending"}, {4 * time.Second, "slow_down"}, {9 * time.Second, "slow_down"}, {15 * time.Second, "authorization_pending"}} {
		h.now = h.now.Add(c.after)
		if _, err := h.RedeemDevice(ctx, g.DeviceCode, desk); code(err) != c.want {
			t.Errorf("poll %d after %s: %v, want %s", n, c.after, err, c.want)
		}
	}
}

func TestUserCodesCannotBeGuessed(t *testing.T) {
	h := open(t)
	g := h.begin(t)
	slowed := 0
	for range 30 {
		_, err := h.PendingDevice("BBBB-BBBB", desk)
		switch code(err) {
		case "too_many_failures":
			slowed++
		case "user_code_unknown":
		default:
			t.Fatal(err)
		}
	}
	if slowed != 20 {
		t.Errorf("%d of 30 guesses were slowed, want 20", slowed)
	}
	if _, err := h.PendingDevice(g.UserCode, desk); err != nil {
		t.Errorf("the right code is locked out: %v", err)
	}
}

func TestGrantsUnderWayAreBounded(t *testing.T) {
	h := open(t)
	for range 512 {
		h.begin(t)
	}
	if _, err := h.BeginDevice("", desk); code(err) != "slow_down" {
		t.Errorf("%v", err)
	}
	h.now = h.now.Add(2*identity.GrantLife + time.Second)
	if _, err := h.BeginDevice("", desk); err != nil {
		t.Errorf("after their time: %v", err)
	}
}

func TestRefreshTokensRotateAndASpentOneSignsTheDeviceOut(t *testing.T) {
	h, ctx := open(t), context.Background()
	first := h.device(t)
	h.now = h.now.Add(identity.AccessLife)
	if _, err := h.Authenticate(request(here, "x-api-key", first.Access)); why(t, err) != identity.WhyExpired {
		t.Errorf("an access token lives for an hour: %v", err)
	}
	second, err := h.RefreshDevice(ctx, first.Refresh, desk)
	if err != nil || second.Access == first.Access || second.Refresh == first.Refresh {
		t.Fatal(second, err)
	}
	if _, err := h.Authenticate(request(here, "x-api-key", second.Access)); err != nil {
		t.Fatal(err)
	}
	_, err = h.RefreshDevice(ctx, first.Refresh, desk)
	var a *identity.Attempt
	if !errors.As(err, &a) || a.Why != identity.WhySpent || code(err) != "invalid_grant" {
		t.Errorf("a spent token: %v", err)
	}
	if _, err := h.Authenticate(request(here, "x-api-key", second.Access)); why(t, err) != identity.WhyRevoked {
		t.Errorf("whoever holds the next token stays signed in: %v", err)
	}
	if _, err := h.RefreshDevice(ctx, second.Refresh, desk); code(err) != "invalid_grant" {
		t.Errorf("%v", err)
	}
}

func TestOfManyWhoRefreshAtOnceAtMostOneGetsTokens(t *testing.T) {
	h, ctx := open(t), context.Background()
	tokens := h.device(t)
	got := make(chan error, 8)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { _, err := h.RefreshDevice(ctx, tokens.Refresh, desk); got <- err })
	}
	wg.Wait()
	close(got)
	good := 0
	for err := range got {
		if err == nil {
			good++
		}
	}
	if good != 1 {
		t.Errorf("%d refreshes of one token went well", good)
	}
}

func TestARevokedDeviceIsOutAtTheNextCall_IAM06(t *testing.T) {
	for name, revoke := range map[string]func(*house, identity.Tokens) error{
		"as a key": func(h *house, tk identity.Tokens) error {
			return h.RevokeKey(context.Background(), "clinic", tk.Device.ID)
		},
		"by its access token": func(h *house, tk identity.Tokens) error {
			_, err := h.RevokeToken(context.Background(), tk.Access)
			return err
		},
		"by its refresh token": func(h *house, tk identity.Tokens) error {
			_, err := h.RevokeToken(context.Background(), tk.Refresh)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			tokens := h.device(t)
			if err := revoke(h, tokens); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Authenticate(request(here, "x-api-key", tokens.Access)); why(t, err) != identity.WhyRevoked {
				t.Errorf("%v", err)
			}
			if _, err := h.RefreshDevice(context.Background(), tokens.Refresh, desk); code(err) != "invalid_grant" {
				t.Errorf("%v", err)
			}
			keys, err := h.ListKeys(context.Background(), "clinic")
			if err != nil || len(keys) != 1 || keys[0].Revoked.IsZero() {
				t.Errorf("%+v %v", keys, err)
			}
		})
	}
	h := open(t)
	if device, err := h.RevokeToken(context.Background(), "cha_00000000_"+strings.Repeat("A", 43)); err != nil || device != "" {
		t.Errorf("a token of nobody: %q %v", device, err)
	}
	if err := h.RevokeKey(context.Background(), "other-clinic", h.device(t).Device.ID); code(err) != "no_such_key" {
		t.Errorf("another tenant may not revoke it: %v", err)
	}
}

func TestNoSecretOfADeviceIsKept_IAM05(t *testing.T) {
	h := open(t)
	tokens := h.device(t)
	for _, kind := range []identity.CredentialKind{identity.KindDevice, identity.KindAccess, identity.KindRefresh} {
		list, err := h.store.Credentials(context.Background(), kind, "clinic")
		if err != nil || len(list) != 1 {
			t.Fatal(kind, list, err)
		}
		if kind != identity.KindDevice && list[0].Parent != strings.TrimPrefix(tokens.Device.ID, "device:") {
			t.Errorf("%s does not name its device", kind)
		}
		for _, secret := range []string{tokens.Access, tokens.Refresh} {
			if strings.Contains(string(list[0].Hash), secret[13:]) || strings.Contains(list[0].ID, secret[13:]) {
				t.Errorf("%s keeps the secret", kind)
			}
		}
	}
}

func TestExpiredTokensAreSweptAndSpentOnesKept(t *testing.T) {
	h, ctx := open(t), context.Background()
	tokens := h.device(t)
	h.now = h.now.Add(identity.AccessLife)
	if _, err := h.RefreshDevice(ctx, tokens.Refresh, desk); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(time.Second)
	if err := h.Sweep(ctx, h.store); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[identity.CredentialKind]int{identity.KindAccess: 1, identity.KindRefresh: 2, identity.KindDevice: 1} {
		if list, err := h.store.Credentials(ctx, kind, "clinic"); err != nil || len(list) != want {
			t.Errorf("%s: %d are left, want %d: %v", kind, len(list), want, err)
		}
	}
}

func FuzzTypedCode(f *testing.F) {
	f.Add("WDJB-MJHT")
	f.Add(" wdjb mjht ")
	f.Add("\xff-----ẞ")
	f.Fuzz(func(t *testing.T, typed string) {
		h := open(t)
		g := h.begin(t)
		asks, err := h.PendingDevice(typed, desk)
		if err == nil && asks.UserCode != g.UserCode || err != nil && code(err) != "user_code_unknown" {
			t.Errorf("%q: %+v %v", typed, asks, err)
		}
		if _, err := h.PendingDevice("\t"+g.UserCode+"é", desk); err != nil {
			t.Errorf("%v", err)
		}
	})
}
