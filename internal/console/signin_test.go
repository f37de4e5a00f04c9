package console_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

func TestALinkSignsInOnceAndOnlyByAPost(t *testing.T) {
	h := newHouse(t)
	token, err := h.identity.CreateAdminLink(context.Background(), "clinic")
	must(t, err)
	b := &browser{h: h, site: "same-origin"}
	for range 3 { // a mail scanner, a prefetch, a person
		w := b.get("/console/link?token=" + token)
		if w.Code != http.StatusOK || b.cookie != nil || !strings.Contains(w.Body.String(), `value="`+token+`"`) {
			t.Fatalf("following the link answered %d, cookie %v", w.Code, b.cookie)
		}
	}
	if w := b.get("/console/"); w.Code != http.StatusUnauthorized {
		t.Fatalf("following the link signed in: %d", w.Code)
	}
	if w := b.post("/console/link", "token", token); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/console/" {
		t.Fatalf("redeeming it answered %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.get("/console/"); w.Code != http.StatusOK {
		t.Fatalf("the overview answered %d", w.Code)
	}
	thief := &browser{h: h, site: "same-origin"}
	w := thief.post("/console/link", "token", token)
	if w.Code != http.StatusUnauthorized || thief.cookie != nil || !strings.Contains(w.Body.String(), "used before") {
		t.Fatalf("redeeming it again answered %d: %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), token) {
		t.Error("the answer repeats the link")
	}
	events := h.events()
	if !slices.ContainsFunc(events, func(e string) bool {
		return strings.HasPrefix(e, "signed.in session:") && strings.Contains(e, "by administrator")
	}) {
		t.Errorf("signing in is not recorded: %q", events)
	}
	if !slices.ContainsFunc(events, func(e string) bool { return strings.HasPrefix(e, "access.denied link:revoked:") }) {
		t.Errorf("the second attempt is not recorded: %q", events)
	}
}

func TestAnExpiredLinkSaysSo(t *testing.T) {
	h := newHouse(t)
	token, err := h.identity.CreateAdminLink(context.Background(), "clinic")
	must(t, err)
	h.clock.set(noon.Add(identity.LinkLife))
	w := (&browser{h: h, site: "same-origin"}).post("/console/link", "token", token)
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "expired") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestALinkIsNotUsedUpWhileNothingCanBeRecorded(t *testing.T) {
	h := newHouse(t)
	token, err := h.identity.CreateAdminLink(context.Background(), "clinic")
	must(t, err)
	b := &browser{h: h, site: "same-origin"}
	h.journal.fill(errors.New("disk full"))
	if err := h.log.Note(context.Background(), audit.Event{Kind: audit.Started}); err == nil {
		t.Fatal("a full disk took a record")
	}
	if w := b.post("/console/link", "token", token); w.Code != http.StatusServiceUnavailable || b.cookie != nil {
		t.Errorf("signing in without a record: %d, cookie %v", w.Code, b.cookie)
	}
	h.journal.fill(nil)
	must(t, h.log.Note(context.Background(), audit.Event{Kind: audit.Started}))
	if w := b.post("/console/link", "token", token); w.Code != http.StatusSeeOther {
		t.Errorf("once the record works again: %d", w.Code)
	}
}

func TestTheSessionCookieIsOutOfReach(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		name, cookie string
		tls          bool
	}{
		{"on this machine without TLS", "chaperone_session", false},
		{"over TLS", "__Host-chaperone_session", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			token, err := h.identity.CreateAdminLink(context.Background(), "clinic")
			must(t, err)
			send := func(r *http.Request) *httptest.ResponseRecorder {
				if r.RemoteAddr = "192.0.2.9:40000"; c.tls {
					r.TLS = &tls.ConnectionState{}
				}
				w := httptest.NewRecorder()
				h.handler.ServeHTTP(w, r)
				return w
			}
			r := httptest.NewRequest(http.MethodPost, "/console/link", strings.NewReader(url.Values{"token": {token}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			got := send(r).Result().Cookies()
			if len(got) != 1 {
				t.Fatalf("%d cookies", len(got))
			}
			k := got[0]
			if k.Name != c.cookie || !k.HttpOnly || k.SameSite != http.SameSiteStrictMode || k.Secure != c.tls || k.Path != "/" || k.Domain != "" {
				t.Errorf("the cookie is %s", k)
			}
			r = httptest.NewRequest(http.MethodGet, "/console/keys", nil)
			r.AddCookie(&http.Cookie{Name: k.Name, Value: k.Value})
			if w := send(r); w.Code != http.StatusOK {
				t.Errorf("with the cookie: %d", w.Code)
			}
			if c.tls {
				r = httptest.NewRequest(http.MethodGet, "/console/keys", nil)
				r.AddCookie(&http.Cookie{Name: "chaperone_session", Value: k.Value})
				if w := send(r); w.Code != http.StatusUnauthorized {
					t.Errorf("a cookie that a neighbouring host could set counts over TLS: %d", w.Code)
				}
			}
		})
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	h := newHouse(t)
	b := h.signIn()
	stolen := &browser{h: h, site: "same-origin", cookie: b.cookie}
	if w := b.post("/console/signout"); w.Code != http.StatusOK || b.cookie != nil {
		t.Fatalf("signing out answered %d, cookie %v", w.Code, b.cookie)
	}
	if w := stolen.get("/console/keys"); w.Code != http.StatusUnauthorized {
		t.Errorf("the session lives on: %d", w.Code)
	}
	events := h.events()
	if len(events) < 2 || !strings.HasPrefix(events[0], "access.denied session:revoked:") || !strings.HasPrefix(events[1], "signed.out session:") {
		t.Errorf("%q", events)
	}
	if w := b.post("/console/signout"); w.Code != http.StatusOK {
		t.Errorf("signing out twice: %d", w.Code)
	}
}

func TestASessionLeftAloneEnds_IAM07(t *testing.T) {
	h := newHouse(t)
	b := h.signIn()
	h.clock.set(noon.Add(identity.SessionIdle + time.Second))
	w := b.get("/console/keys")
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "nothing was done for a while") || b.cookie != nil {
		t.Errorf("%d, cookie %v", w.Code, b.cookie)
	}
	if events := h.events(); !strings.HasPrefix(events[0], "access.denied session:idle:") {
		t.Errorf("%q", events)
	}
}

func TestAPostFromAnotherSiteIsRefused(t *testing.T) {
	h := newHouse(t)
	key := h.key(t)
	for _, site := range []string{"cross-site", "same-site"} {
		b := h.signIn()
		b.site = site
		for _, target := range []string{"/console/keys", "/console/keys/" + key + "/revoke", "/console/signout", "/console/link", "/console/record"} {
			if w := b.post(target, "owner", "evil", "role", "administrator"); w.Code != http.StatusForbidden {
				t.Errorf("a %s POST to %s answered %d", site, target, w.Code)
			}
		}
		if w := b.get("/console/keys"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "evil") || strings.Contains(w.Body.String(), "revoked") {
			t.Errorf("after %s POSTs: %d, or something was changed", site, w.Code)
		}
	}
	// A browser without fetch metadata still names the origin.
	b := h.signIn()
	r := httptest.NewRequest(http.MethodPost, "/console/signout", nil)
	r.Header.Set("Origin", "https://evil.example")
	if w := b.do(r); w.Code != http.StatusForbidden {
		t.Errorf("an Origin of another site: %d", w.Code)
	}
}
