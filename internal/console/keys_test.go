package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/identity"
)

var secretForm = regexp.MustCompile(`chk_([0-9a-z]{8})_[A-Za-z0-9_-]{43}`)

// key makes a key and returns its id.
func (h *house) key(t *testing.T) string {
	t.Helper()
	k, _, err := h.identity.CreateKey(context.Background(), identity.KeySpec{Tenant: "clinic", Owner: "lab", Role: chaperone.RoleCoder})
	must(t, err)
	return k.ID
}

func TestAKeysSecretIsShownOnce(t *testing.T) {
	h := newHouse(t)
	b := h.signIn()
	w := b.post("/console/keys", "owner", " ward-3 ", "role", "clinician", "environment", "development",
		"label", "night tablet", "expires", "2026-12-31", "networks", "10.1.0.0/16, 2001:db8::/64")
	m := secretForm.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || m == nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest(http.MethodPost, "/v1/messages", nil)
	r.RemoteAddr = "10.1.2.3:1"
	r.Header.Set("x-api-key", m[0])
	p, err := h.identity.Authenticate(r)
	if err != nil || p.ID != "ward-3" || p.Role != chaperone.RoleClinician || p.Environment != chaperone.EnvironmentDevelopment {
		t.Errorf("the key does not do what was asked: %+v %v", p, err)
	}
	if events := h.events(); events[0] != "key.created "+m[1]+" by administrator about not stated" {
		t.Errorf("recorded %q", events[0])
	}
	w = b.get("/console/keys")
	shows(t, w, http.StatusOK, m[1], "night tablet", "from 10.1.0.0/16", "from 2001:db8::/64", "until 2027-01-01 00:00 UTC")
	if secretForm.MatchString(w.Body.String()) {
		t.Error("a secret is shown again")
	}
}

func TestAWrongFormKeepsWhatWasWrittenAndMakesNothing(t *testing.T) {
	h := newHouse(t)
	b := h.signIn()
	for name, fields := range map[string][]string{
		"no owner":           {"role", "clinician"},
		"an owner of words":  {"owner", "Night Ward", "role", "clinician"},
		"an unknown role":    {"owner", "ward-3", "role", "wizard"},
		"a day in the past":  {"owner", "ward-3", "role", "clinician", "expires", "2026-11-20"},
		"a day that is none": {"owner", "ward-3", "role", "clinician", "expires", "soon"},
		"an odd network":     {"owner", "ward-3", "role", "clinician", "networks", "10.1.0.0"},
	} {
		w := b.post("/console/keys", append(fields, "label", "kept label")...)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "The key was not made") || !strings.Contains(w.Body.String(), "kept label") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if keys, err := h.identity.ListKeys(context.Background(), "clinic"); err != nil || len(keys) != 0 {
		t.Errorf("%d keys were made, %v", len(keys), err)
	}
}

func TestRevokingAsksFirstAndWorksAtOnce_IAM06(t *testing.T) {
	h := newHouse(t)
	id := h.key(t)
	b := h.signIn()
	shows(t, b.get("/console/keys/"+id+"/revoke"), http.StatusOK, "Revoke this key?", id, "lab")
	shows(t, b.get("/console/keys"), http.StatusOK, "live") // asking has changed nothing
	shows(t, b.post("/console/keys/"+id+"/revoke"), http.StatusOK, "The key "+id+" is revoked", "revoked")
	if events := h.events(); events[0] != "key.revoked "+id+" by administrator about not stated" {
		t.Errorf("recorded %q", events[0])
	}
	for _, target := range []string{"/console/keys/zzzzzzzz/revoke", "/console/keys/%3Cb%3E/revoke"} {
		if b.get(target).Code != http.StatusNotFound || b.post(target).Code != http.StatusNotFound {
			t.Errorf("%s is there", target)
		}
	}
}

func TestAKeyThatCannotBeRecordedDoesNotLive(t *testing.T) {
	h := newHouse(t)
	old := h.key(t)
	b := h.signIn()
	h.journal.fill(errors.New("disk full"))
	w := b.post("/console/keys", "owner", "ward-3", "role", "clinician")
	if w.Code != http.StatusServiceUnavailable || secretForm.MatchString(w.Body.String()) {
		t.Errorf("making a key without a record answered %d", w.Code)
	}
	w = b.post("/console/keys/" + old + "/revoke")
	shows(t, w, http.StatusServiceUnavailable, "The key is revoked, but that could not be recorded")
	keys, err := h.identity.ListKeys(context.Background(), "clinic")
	must(t, err)
	if len(keys) != 2 {
		t.Fatalf("%d keys", len(keys))
	}
	for _, k := range keys {
		if k.Revoked.IsZero() {
			t.Errorf("the key of %s lives on", k.Holder.Owner)
		}
	}
}
