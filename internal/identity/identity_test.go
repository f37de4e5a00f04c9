package identity_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/identity"
	"chaperone/internal/identity/identitytest"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// house is an Identity with a clock and a store that a test can turn.
type house struct {
	*identity.Identity
	store *identitytest.Store
	now   time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{store: &identitytest.Store{}, now: noon}
	h.Identity = identity.Open(h.store, mac("key of the test"), func() time.Time { return h.now }, rand.Reader)
	return h
}

func mac(key string) identity.MAC {
	return func(purpose string, parts ...[]byte) []byte {
		m := hmac.New(sha256.New, []byte(key))
		for _, p := range append([][]byte{[]byte(purpose)}, parts...) {
			fmt.Fprintf(m, "%d:", len(p))
			m.Write(p)
		}
		return m.Sum(nil)
	}
}

func spec() identity.KeySpec {
	return identity.KeySpec{Tenant: "clinic", Owner: "dr-synthetic", Role: chaperone.RoleClinician}
}

func (h *house) key(t *testing.T, s identity.KeySpec) (identity.Key, string) {
	t.Helper()
	k, secret, err := h.CreateKey(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return k, secret
}

func request(from string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/v1/messages", nil)
	r.RemoteAddr = from
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

const here = "192.0.2.7:5000"

// why is the reason of a failed attempt, or "" for none.
func why(t *testing.T, err error) identity.Why {
	t.Helper()
	if err == nil {
		return ""
	}
	var a *identity.Attempt
	if !errors.As(err, &a) {
		t.Fatalf("not an attempt: %v", err)
	}
	var public *chaperone.Error
	if !errors.As(err, &public) || public.Public == "" || public.Next == "" {
		t.Fatalf("no public words: %v", err)
	}
	return a.Why
}

func TestAKeyOpensTheDoorInEitherHeader(t *testing.T) {
	h := open(t)
	k, secret := h.key(t, spec())
	other := "chk_00000000_" + strings.Repeat("A", 43)
	want := chaperone.Principal{
		Tenant: "clinic", ID: "dr-synthetic", Role: chaperone.RoleClinician, KeyID: k.ID,
		Environment: chaperone.EnvironmentProduction, From: netip.MustParseAddr("192.0.2.7"),
	}
	const signature = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261121/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00"
	for _, c := range []struct {
		name    string
		headers []string
		why     identity.Why
		code    string
	}{
		{"x-api-key", []string{"x-api-key", secret}, "", ""},
		{"Bearer", []string{"Authorization", "Bearer " + secret}, "", ""},
		{"bearer in small letters", []string{"authorization", "bearer  " + secret}, "", ""},
		{"both, equal", []string{"x-api-key", secret, "Authorization", "Bearer " + secret}, "", ""},
		{"both, different", []string{"x-api-key", secret, "Authorization", "Bearer " + other}, identity.WhyTwo, "two_credentials"},
		{"one header twice, different", []string{"x-api-key", secret, "x-api-key", other}, identity.WhyTwo, "two_credentials"},
		{"neither", nil, identity.WhyMissing, "no_credential"},
		{"an empty one", []string{"x-api-key", " "}, identity.WhyMissing, "no_credential"},
		{"another scheme", []string{"Authorization", "Basic " + secret}, identity.WhyForm, "credential_not_valid"},
		{"another scheme beside a key", []string{"x-api-key", secret, "Authorization", "Basic x"}, identity.WhyForm, "credential_not_valid"},
		{"an unknown id", []string{"x-api-key", other}, identity.WhyUnknown, "credential_not_valid"},
		{"a wrong secret", []string{"x-api-key", secret[:13] + strings.Repeat("A", 43)}, identity.WhySecret, "credential_not_valid"},
		{"a vendor's key", []string{"x-api-key", "sk-ant-api03-xxxx"}, identity.WhyForm, "credential_not_valid"},
		{"a cut key", []string{"x-api-key", secret[:55]}, identity.WhyForm, "credential_not_valid"},
		{"api-key, as for Foundry", []string{"api-key", secret}, "", ""},
		{"api-key beside another x-api-key", []string{"api-key", secret, "x-api-key", other}, identity.WhyTwo, "two_credentials"},
		{"a session token under a signature", []string{"Authorization", signature, "X-Amz-Security-Token", secret}, "", ""},
		{"a key beside Amazon's own token", []string{"x-api-key", secret, "Authorization", signature, "X-Amz-Security-Token", "IQoJb3JpZ2luX2VjE"}, "", ""},
		{"a key beside a signature", []string{"x-api-key", secret, "Authorization", signature}, "", ""},
		{"a signature alone", []string{"Authorization", signature}, identity.WhySigned, "signature_unchecked"},
		{"a signature and an empty token", []string{"Authorization", signature, "X-Amz-Security-Token", " "}, identity.WhySigned, "signature_unchecked"},
		{"a signature and Amazon's own token", []string{"Authorization", signature, "X-Amz-Security-Token", "IQoJb3JpZ2luX2VjE"}, identity.WhyForm, "credential_not_valid"},
		{"a session token without a signature", []string{"X-Amz-Security-Token", secret}, identity.WhyMissing, "no_credential"},
		{"a link's prefix", []string{"x-api-key", "chl" + secret[3:]}, identity.WhyForm, "credential_not_valid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.now = h.now.Add(time.Hour) // the brake is another test
			got, err := h.Authenticate(request(here, c.headers...))
			if w := why(t, err); w != c.why {
				t.Fatalf("%q, want %q", w, c.why)
			}
			if err == nil {
				if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
					t.Error(diff)
				}
				return
			}
			if e := chaperone.AsError(err); e.Code != c.code || e.Kind != chaperone.KindUnauthenticated {
				t.Errorf("%s %v", e.Code, e.Kind)
			}
			if got != (chaperone.Principal{}) {
				t.Errorf("a principal beside an error: %+v", got)
			}
		})
	}
}

func TestARevokedKeyIsDeadAtTheNextCall_IAM06(t *testing.T) {
	h, ctx := open(t), context.Background()
	k, secret := h.key(t, spec())
	if _, err := h.Authenticate(request(here, "x-api-key", secret)); err != nil {
		t.Fatal(err)
	}
	if err := h.RevokeKey(ctx, "other-clinic", k.ID); chaperone.AsError(err).Code != "no_such_key" {
		t.Fatalf("another tenant may not revoke it: %v", err)
	}
	for range 2 {
		if err := h.RevokeKey(ctx, "clinic", k.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Authenticate(request(here, "x-api-key", secret)); why(t, err) != identity.WhyRevoked {
		t.Errorf("%v", err)
	}
	if err := h.RevokeKey(ctx, "clinic", "zzzzzzzz"); chaperone.AsError(err).Kind != chaperone.KindNotFound {
		t.Errorf("%v", err)
	}
}

func TestAKeyEndsWhenItsTimeIsUp(t *testing.T) {
	h, s := open(t), spec()
	s.Expires = noon.Add(time.Hour)
	_, secret := h.key(t, s)
	for after, want := range map[time.Duration]identity.Why{time.Hour - 1: "", time.Hour: identity.WhyExpired, 25 * time.Hour: identity.WhyExpired} {
		h.now = noon.Add(after)
		if _, err := h.Authenticate(request(here, "x-api-key", secret)); why(t, err) != want {
			t.Errorf("after %s: %v", after, err)
		}
	}
}

func TestAKeyWorksFromItsNetworksOnly_IAM08(t *testing.T) {
	h, s := open(t), spec()
	s.CIDRs = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/64")}
	_, secret := h.key(t, s)
	for from, want := range map[string]identity.Why{
		"192.0.2.200:1": "", "[2001:db8::5]:1": "", "[::ffff:192.0.2.9]:1": "",
		"198.51.100.1:1": identity.WhyAddress, "[2001:db8:1::5]:1": identity.WhyAddress, "@": identity.WhyAddress, "": identity.WhyAddress,
	} {
		_, err := h.Authenticate(request(from, "x-api-key", secret, "X-Forwarded-For", "192.0.2.1"))
		if why(t, err) != want {
			t.Errorf("from %q: %v", from, err)
		}
		if want == identity.WhyAddress && chaperone.AsError(err).Kind != chaperone.KindForbidden {
			t.Errorf("from %q: %v", from, err)
		}
	}
}

func TestAStrangerLearnsNothingFromTheAnswer(t *testing.T) {
	h, ctx := open(t), context.Background()
	k, secret := h.key(t, spec())
	s := spec()
	s.Expires = noon.Add(time.Minute)
	_, expiring := h.key(t, s)
	wrong := secret[:13] + strings.Repeat("A", 43)
	answers := map[string]string{}
	ask := func(name, secret string) {
		_, err := h.Authenticate(request(here, "x-api-key", secret))
		answers[name] = chaperone.AsError(err).Code + ": " + err.Error()
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), k.ID) {
			t.Errorf("%s: the answer repeats the key: %v", name, err)
		}
	}
	h.now = noon.Add(time.Hour)
	ask("form", "nonsense")
	ask("unknown", "chk_00000000_"+strings.Repeat("A", 43))
	ask("wrong secret", wrong)
	ask("expired", expiring)
	if err := h.RevokeKey(ctx, "clinic", k.ID); err != nil {
		t.Fatal(err)
	}
	ask("revoked", secret)
	for name, a := range answers {
		if a != answers["unknown"] {
			t.Errorf("%s: %q differs from %q", name, a, answers["unknown"])
		}
	}
}

func TestAFailedAttemptCarriesWhatTheRecordNeeds_IAM09(t *testing.T) {
	h := open(t)
	k, secret := h.key(t, spec())
	_, err := h.Authenticate(request(here, "x-api-key", secret[:13]+strings.Repeat("A", 43)))
	var a *identity.Attempt
	if !errors.As(err, &a) || a.ID != k.ID || a.Kind != identity.KindKey || a.Why != identity.WhySecret || a.From.String() != "192.0.2.7" {
		t.Errorf("%+v", a)
	}
	_, err = h.Authenticate(request(here, "x-api-key", "Jane Synthetic, MRN 123"))
	if !errors.As(err, &a) || a.ID != "" {
		t.Errorf("what is no id of ours is not carried on: %+v", a)
	}
}

func TestTheSecretIsShownOnceAndKeptNowhere_IAM05(t *testing.T) {
	h, ctx := open(t), context.Background()
	k, secret := h.key(t, spec())
	if len(secret) != 56 || !strings.HasPrefix(secret, "chk_"+k.ID+"_") {
		t.Errorf("the form of the secret: %d characters", len(secret))
	}
	random := secret[13:]
	c, err := h.store.Credential(ctx, identity.KindKey, k.ID)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := h.ListKeys(ctx, "clinic")
	if err != nil || len(keys) != 1 {
		t.Fatal(err, keys)
	}
	for _, printed := range []string{fmt.Sprintf("%#v", c), fmt.Sprintf("%+v", keys), fmt.Sprintf("%#v", k)} {
		if strings.Contains(printed, random) {
			t.Error("the secret is kept")
		}
	}
	plain := sha256.Sum256([]byte(secret))
	if len(c.Hash) != 32 || bytes.Equal(c.Hash, plain[:]) {
		t.Error("the hash is not keyed")
	}
	stolen := identity.Open(h.store, mac("another key"), func() time.Time { return noon }, rand.Reader)
	if _, err := stolen.Authenticate(request(here, "x-api-key", secret)); why(t, err) != identity.WhySecret {
		t.Errorf("the store alone is enough to check a key: %v", err)
	}
}

func TestLastUsedIsWrittenAtMostOnceAMinute(t *testing.T) {
	h, ctx := open(t), context.Background()
	k, secret := h.key(t, spec())
	for _, c := range []struct{ at, want time.Duration }{{0, 0}, {59 * time.Second, 0}, {60 * time.Second, 60 * time.Second}, {61 * time.Second, 60 * time.Second}, {-time.Hour, 60 * time.Second}} {
		h.now = noon.Add(c.at)
		if _, err := h.Authenticate(request(here, "x-api-key", secret)); err != nil {
			t.Fatal(err)
		}
		got, err := h.store.Credential(ctx, identity.KindKey, k.ID)
		if err != nil || !got.LastUsed.Equal(noon.Add(c.want)) {
			t.Errorf("at %s: %v %v", c.at, got.LastUsed, err)
		}
	}
}

func TestFailuresAreSlowedButNobodyIsLockedOut(t *testing.T) {
	h := open(t)
	_, secret := h.key(t, spec())
	bad := secret[:13] + strings.Repeat("A", 43)
	slowed := 0
	for range 30 {
		if _, err := h.Authenticate(request(here, "x-api-key", bad)); why(t, err) == identity.WhyTooOften {
			slowed++
			if chaperone.AsError(err).Kind != chaperone.KindRateLimited {
				t.Fatal(err)
			}
		}
	}
	if slowed != 20 {
		t.Errorf("%d of 30 failures were slowed, want 20", slowed)
	}
	if _, err := h.Authenticate(request(here, "x-api-key", secret)); err != nil {
		t.Errorf("the valid key of the same address and id is locked out: %v", err)
	}
	if _, err := h.Authenticate(request("198.51.100.9:1", "x-api-key", bad)); why(t, err) != identity.WhySecret {
		t.Errorf("another address is slowed: %v", err)
	}
	h.now = h.now.Add(time.Minute)
	if _, err := h.Authenticate(request(here, "x-api-key", bad)); why(t, err) != identity.WhySecret {
		t.Errorf("after a minute: %v", err)
	}
	for i := range 30 {
		_, err := h.Authenticate(request(fmt.Sprintf("[2001:db8::%x]:1", i), "x-api-key", bad))
		if w := why(t, err); (w == identity.WhyTooOften) != (i >= 10) {
			t.Errorf("address %d of one /64: %v", i, w)
		}
	}
}

func TestTheBrakeRemembersBoundedly(t *testing.T) {
	h := open(t)
	for i := range 20_000 {
		from := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if _, err := h.Authenticate(request(netip.AddrPortFrom(from, 1).String())); why(t, err) != identity.WhyMissing {
			t.Fatalf("address %d: %v", i, err)
		}
	}
	if n := h.Remembered(); n > 4096 {
		t.Errorf("%d addresses are remembered", n)
	}
}

func TestWhatAKeyMayNotBe(t *testing.T) {
	h := open(t)
	for name, change := range map[string]func(*identity.KeySpec){
		"without a tenant":                func(s *identity.KeySpec) { s.Tenant = "" },
		"without an owner":                func(s *identity.KeySpec) { s.Owner = "" },
		"of an owner with spaces":         func(s *identity.KeySpec) { s.Owner = "Jane Synthetic" },
		"without a role":                  func(s *identity.KeySpec) { s.Role = "" },
		"of an unknown role":              func(s *identity.KeySpec) { s.Role = "wizard" },
		"of an unknown environment":       func(s *identity.KeySpec) { s.Environment = "staging" },
		"that has ended already":          func(s *identity.KeySpec) { s.Expires = noon },
		"with a label of several lines":   func(s *identity.KeySpec) { s.Label = "a\nb" },
		"with an endless label":           func(s *identity.KeySpec) { s.Label = strings.Repeat("a", 81) },
		"with an unknown purpose":         func(s *identity.KeySpec) { s.Purposes = []chaperone.Purpose{"fun"} },
		"with the purpose of none":        func(s *identity.KeySpec) { s.Purposes = []chaperone.Purpose{""} },
		"with a network that is not one":  func(s *identity.KeySpec) { s.CIDRs = []netip.Prefix{{}} },
		"of a tenant with a control byte": func(s *identity.KeySpec) { s.Tenant = "a\x00" },
	} {
		s := spec()
		change(&s)
		_, secret, err := h.CreateKey(context.Background(), s)
		if e := chaperone.AsError(err); err == nil || e.Code != "key_spec" || e.Kind != chaperone.KindInvalid || secret != "" {
			t.Errorf("a key %s: %v", name, err)
		}
	}
}

func TestAKeyMayBeBoundToPurposes(t *testing.T) {
	h, ctx, s := open(t), context.Background(), spec()
	s.Purposes = []chaperone.Purpose{chaperone.PurposeTreatment}
	_, secret := h.key(t, s)
	_, free := h.key(t, spec())
	for _, c := range []struct {
		secret  string
		purpose chaperone.Purpose
		ok      bool
	}{
		{secret, chaperone.PurposeTreatment, true}, {secret, chaperone.PurposeNone, true}, {secret, chaperone.PurposeResearch, false}, {free, chaperone.PurposeResearch, true},
	} {
		p, err := h.Authenticate(request(here, "x-api-key", c.secret))
		if err != nil {
			t.Fatal(err)
		}
		err = h.Permits(ctx, p, c.purpose)
		if (err == nil) != c.ok || err != nil && chaperone.AsError(err).Code != "purpose_not_allowed" {
			t.Errorf("%q: %v", c.purpose, err)
		}
	}
	if err := h.Permits(ctx, chaperone.Principal{KeyID: "00000000"}, chaperone.PurposeTreatment); err == nil {
		t.Error("a principal without a credential may state a purpose")
	}
}

func TestAStoreThatIsDownAdmitsNobody(t *testing.T) {
	h, ctx := open(t), context.Background()
	_, secret := h.key(t, spec())
	link, err := h.CreateAdminLink(ctx, "clinic")
	if err != nil {
		t.Fatal(err)
	}
	h.store.Fail = errors.New("disk: patient Jane Synthetic")
	for name, call := range map[string]func() error{
		"Authenticate": func() error { _, err := h.Authenticate(request(here, "x-api-key", secret)); return err },
		"CreateKey":    func() error { _, _, err := h.CreateKey(ctx, spec()); return err },
		"ListKeys":     func() error { _, err := h.ListKeys(ctx, "clinic"); return err },
		"RevokeKey":    func() error { return h.RevokeKey(ctx, "clinic", secret[4:12]) },
		"RedeemLink":   func() error { _, err := h.RedeemLink(ctx, link, netip.MustParseAddr("::1")); return err },
	} {
		err := call()
		if e := chaperone.AsError(err); err == nil || e.Kind != chaperone.KindUnavailable || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWithoutRandomnessThereIsNoKey(t *testing.T) {
	i := identity.Open(&identitytest.Store{}, mac("k"), func() time.Time { return noon }, io.LimitReader(rand.Reader, 39))
	if _, secret, err := i.CreateKey(context.Background(), spec()); err == nil || secret != "" {
		t.Errorf("a key of too little randomness: %v", err)
	}
}

func TestATakenIdIsDrawnAgain(t *testing.T) {
	first := bytes.Repeat([]byte{7}, 40)
	second := bytes.Repeat([]byte{9}, 40)
	source := bytes.NewReader(append(append(append([]byte{}, first...), first...), second...))
	i := identity.Open(&identitytest.Store{}, mac("k"), func() time.Time { return noon }, source)
	a, _, errA := i.CreateKey(context.Background(), spec())
	b, _, errB := i.CreateKey(context.Background(), spec())
	if errA != nil || errB != nil || a.ID == b.ID {
		t.Errorf("%v %v %s %s", errA, errB, a.ID, b.ID)
	}
}

func TestALinkIsGoodForOneSession(t *testing.T) {
	h, ctx := open(t), context.Background()
	link, err := h.CreateAdminLink(ctx, "clinic")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	got := make(chan error, 20)
	for range 20 {
		wg.Go(func() {
			_, err := h.RedeemLink(ctx, link, netip.MustParseAddr("192.0.2.7"))
			got <- err
		})
	}
	wg.Wait()
	close(got)
	good := 0
	for err := range got {
		if err == nil {
			good++
		} else if w := why(t, err); w != identity.WhyRevoked && w != identity.WhyTooOften {
			t.Errorf("%v", err)
		}
	}
	if good != 1 {
		t.Errorf("%d sessions from one link", good)
	}
}

func TestALinkEndsAfterADay(t *testing.T) {
	h, ctx := open(t), context.Background()
	link, err := h.CreateAdminLink(ctx, "clinic")
	if err != nil {
		t.Fatal(err)
	}
	h.now = noon.Add(identity.LinkLife)
	if _, err := h.RedeemLink(ctx, link, netip.Addr{}); why(t, err) != identity.WhyExpired || chaperone.AsError(err).Code != "link_not_valid" {
		t.Errorf("%v", err)
	}
	if _, err := h.CreateAdminLink(ctx, "a b"); err == nil {
		t.Error("a link for a tenant without a proper name")
	}
}

// signIn returns a request that carries a fresh session.
func signIn(t *testing.T, h *house) *http.Request {
	t.Helper()
	link, err := h.CreateAdminLink(context.Background(), "clinic")
	if err != nil {
		t.Fatal(err)
	}
	s, err := h.RedeemLink(context.Background(), link, netip.MustParseAddr("192.0.2.7"))
	if err != nil {
		t.Fatal(err)
	}
	r := request(here)
	r.AddCookie(&http.Cookie{Name: identity.SessionCookie, Value: s.Token})
	return r
}

func TestASessionEndsWhenLeftAloneAndAfterHalfADay_IAM07(t *testing.T) {
	h := open(t)
	r := signIn(t, h)
	p, err := h.SessionOf(r)
	if err != nil || p.Role != chaperone.RoleAdministrator || p.Tenant != "clinic" || !strings.HasPrefix(p.KeyID, "session:") {
		t.Fatalf("%+v %v", p, err)
	}
	if err := h.Permits(context.Background(), p, chaperone.PurposeOperations); err != nil {
		t.Errorf("%v", err)
	}
	for h.now.Before(noon.Add(identity.SessionAbsolute - 10*time.Minute)) {
		h.now = h.now.Add(10 * time.Minute)
		if _, err := h.SessionOf(r); err != nil {
			t.Fatalf("in use at %s: %v", h.now, err)
		}
	}
	h.now = noon.Add(identity.SessionAbsolute)
	if _, err := h.SessionOf(r); why(t, err) != identity.WhyExpired || chaperone.AsError(err).Code != "signed_out" {
		t.Errorf("after its whole life: %v", err)
	}

	h.now = noon
	r = signIn(t, h)
	h.now = noon.Add(identity.SessionIdle)
	if _, err := h.SessionOf(r); why(t, err) != identity.WhyIdle {
		t.Errorf("left alone: %v", err)
	}
	h.now = noon
	if _, err := h.SessionOf(r); why(t, err) != identity.WhyRevoked {
		t.Errorf("a session that idled comes back: %v", err)
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	h := open(t)
	r := signIn(t, h)
	for range 2 {
		if err := h.EndSession(r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.SessionOf(r); why(t, err) != identity.WhyRevoked {
		t.Errorf("%v", err)
	}
	if err := h.EndSession(request(here)); err != nil {
		t.Errorf("without a session: %v", err)
	}
	if _, err := h.SessionOf(request(here)); why(t, err) != identity.WhyMissing || chaperone.AsError(err).Code != "sign_in" {
		t.Errorf("%v", err)
	}
}

func FuzzAuthenticate(f *testing.F) {
	f.Add("chk_00000000_"+strings.Repeat("A", 43), "Bearer x", here)
	f.Add("", "", "")
	f.Add("chk_0000000\xff_"+strings.Repeat("_", 43), "bearer", "[::1%eth0]:1")
	store := &identitytest.Store{}
	i := identity.Open(store, mac("k"), func() time.Time { return noon }, rand.Reader)
	_, secret, err := i.CreateKey(context.Background(), spec())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key, auth, from string) {
		r := request(from)
		r.Header["X-Api-Key"] = []string{key}
		if auth != "" {
			r.Header["Authorization"] = []string{auth}
		}
		p, err := i.Authenticate(r)
		if err == nil && key != secret || err != nil && p != (chaperone.Principal{}) {
			t.Errorf("admitted: %+v %v", p, err)
		}
		if err != nil {
			why(t, err)
		}
	})
}
