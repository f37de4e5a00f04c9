package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/console"
	"chaperone/internal/policy"
)

func TestEveryAnswerCarriesTheGuardHeaders(t *testing.T) {
	h := newHouse(t)
	id := h.exchange(audit.Concealed)
	b := h.signIn()
	style := regexp.MustCompile(`/console/static/console\.[0-9a-f]{12}\.css`).FindString(b.get("/console/").Body.String())
	if style == "" {
		t.Fatal("the page names no style sheet")
	}
	const want = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	for _, p := range []struct {
		name   string
		answer *httptest.ResponseRecorder
		store  string
	}{
		{"overview", b.get("/console/"), "no-store"},
		{"record", b.get("/console/record"), "no-store"},
		{"entry", b.get("/console/record/" + id), "no-store"},
		{"words", b.post("/console/record/" + id + "/words"), "no-store"},
		{"keys", b.get("/console/keys"), "no-store"},
		{"new key", b.post("/console/keys", "owner", "ward-5", "role", "coder"), "no-store"},
		{"policy", b.get("/console/policy"), "no-store"},
		{"a page that is not there", b.get("/console/nowhere"), "no-store"},
		{"no session", (&browser{h: h}).get("/console/"), "no-store"},
		{"the link", (&browser{h: h}).get("/console/link?token=x"), "no-store"},
		{"the style sheet", (&browser{h: h}).get(style), "public, max-age=31536000, immutable"},
		{"an asset that is not there", (&browser{h: h}).get("/console/static/other.css"), "no-store"},
	} {
		hd := p.answer.Header()
		if hd.Get("Content-Security-Policy") != want {
			t.Errorf("%s: CSP %q", p.name, hd.Get("Content-Security-Policy"))
		}
		if hd.Get("Cache-Control") != p.store || hd.Get("X-Content-Type-Options") != "nosniff" || hd.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", p.name, hd)
		}
		if body := p.answer.Body.String(); strings.Contains(body, "<script") || strings.Contains(body, " style=") || strings.Contains(body, "<style") {
			t.Errorf("%s holds script or style of its own", p.name)
		}
	}
	if w := (&browser{h: h}).get(style); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("the style sheet: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

// hostile reports whether a browser would act on what should be text.
func hostile(s string) bool {
	return strings.Contains(s, "<script") || strings.Contains(s, "<img src=x") || strings.Contains(s, "<b>bold")
}

func TestHostileTextStaysText(t *testing.T) {
	h := newHouse(t, func(p *console.Parts) {
		p.Tenant = "clinic"
		p.Doors = []policy.DoorFacts{{Name: `"><img src=x>`, Simulated: true, Region: "<b>bold</b>"}}
	})
	id := h.exchange(audit.Concealed) // its words hold a script element
	b := h.signIn()
	const label = `<script>alert("key")</script>`
	for name, w := range map[string]*httptest.ResponseRecorder{
		"overview":      b.get("/console/"),
		"a filter":      b.get(`/console/record?person=%22%3E%3Cimg+src%3Dx%3E`),
		"a bad filter":  b.get(`/console/record?from=%22%3E%3Cimg+src%3Dx%3E`),
		"a bad patient": b.post("/console/record", "patient", `"><img src=x>`),
		"words":         b.post("/console/record/" + id + "/words"),
		"a new key":     b.post("/console/keys", "owner", "ward-6", "role", "coder", "label", label),
		"the keys":      b.get("/console/keys"),
		"a wrong key":   b.post("/console/keys", "owner", label, "role", label, "networks", label),
		"a link":        b.get(`/console/link?token=%22%3E%3Cimg+src%3Dx%3E`),
		"an odd record": b.get("/console/record/%3Cscript%3E"),
	} {
		if hostile(w.Body.String()) {
			t.Errorf("%s: hostile text became markup", name)
		}
	}
	if w := b.get("/console/keys"); !strings.Contains(w.Body.String(), "&lt;script&gt;") {
		t.Error("the label is not shown at all")
	}
}

func TestTheOverviewSaysWhetherChaperoneIsWell(t *testing.T) {
	h := newHouse(t, func(p *console.Parts) {
		p.Doors = append(p.Doors, policy.DoorFacts{
			Name: "anthropic", Kind: policy.DoorAnthropic, Country: "US",
			Agreement: policy.Agreement{ID: "BAA-7", Signed: noon.AddDate(-1, 0, 0), Expires: noon.AddDate(0, 0, -1), ApprovedBy: "officer"},
		})
	})
	b := h.signIn()
	shows(t, b.get("/console/"), http.StatusOK, "SIMULATED", "nothing leaves this machine", "ready", "conceal-everything",
		"anthropic", "agreement expired", "BAA-7", "2026-11-20", "Nobody has asked anything yet")
	for range 12 {
		h.exchange(audit.Concealed)
	}
	w := b.get("/console/")
	if n := strings.Count(w.Body.String(), "messages.create"); n != 10 {
		t.Errorf("the overview lists %d exchanges, want 10", n)
	}
	h.journal.fill(errors.New("disk full"))
	w = b.get("/console/")
	shows(t, w, http.StatusOK, "not ready", "could not be recorded")
	if strings.Contains(w.Body.String(), "messages.create") {
		t.Error("exchanges are shown although looking could not be recorded (AUD-18)")
	}
}

func TestAListHoldsNoPatient(t *testing.T) {
	h := newHouse(t)
	h.exchange(audit.Concealed)
	b := h.signIn()
	for name, w := range map[string]*httptest.ResponseRecorder{
		"overview": b.get("/console/"), "record": b.get("/console/record"), "events": b.get("/console/record?events=yes"),
		// A patient in an address is not believed, and not repeated.
		"address": b.get("/console/record?patient=" + patient),
	} {
		for _, word := range []string{patient, "Smith", "555-0146", "4471902"} {
			if strings.Contains(w.Body.String(), word) {
				t.Errorf("%s: the list holds %q", name, word)
			}
		}
		if w.Code != http.StatusOK || name != "events" && !strings.Contains(w.Body.String(), "a patient is named") {
			t.Errorf("%s: %d, or it does not say that a patient was named", name, w.Code)
		}
	}
}

func TestLookingIsRecordedBeforeAnythingIsShown_AUD18(t *testing.T) {
	h := newHouse(t)
	id := h.exchange(audit.Concealed)
	b := h.signIn()
	for _, look := range []struct {
		name   string
		ask    func() *httptest.ResponseRecorder
		event  string
		always string // what the page shows
	}{
		{"the overview", func() *httptest.ResponseRecorder { return b.get("/console/") }, "record.queried overview by administrator about not stated", ""},
		{"the list", func() *httptest.ResponseRecorder { return b.get("/console/record") }, "record.queried exchanges by administrator about not stated", "ward-3"},
		{"another page", func() *httptest.ResponseRecorder { return b.get("/console/record?before=99") }, "record.queried exchanges:before:99 by administrator about not stated", "ward-3"},
		{"a patient", func() *httptest.ResponseRecorder { return b.post("/console/record", "patient", patient) }, "record.queried exchanges by administrator about " + patient, "ward-3"},
		{"one exchange", func() *httptest.ResponseRecorder { return b.get("/console/record/" + id) }, "record.read " + id + " by administrator about " + patient, patient},
		{"its words", func() *httptest.ResponseRecorder { return b.post("/console/record/" + id + "/words") }, "record.read " + id + "/words by administrator about " + patient, "John Smith"},
	} {
		w := look.ask()
		if events := h.events(); events[0] != look.event {
			t.Errorf("%s: recorded %q, want %q", look.name, events[0], look.event)
		}
		shows(t, w, http.StatusOK, look.always)
		h.journal.fill(errors.New("disk full"))
		w = look.ask()
		if look.always != "" && (w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), look.always)) {
			t.Errorf("%s: without a record it answered %d", look.name, w.Code)
		}
		h.journal.fill(nil)
	}
	if strings.Contains(h.logs.String(), "Smith") || strings.Contains(h.logs.String(), patient) {
		t.Error("an identifier stands in the log")
	}
}

func TestTheRecordIsFilteredAndPaged(t *testing.T) {
	h := newHouse(t)
	other := h.exchange(audit.Refused, func(i *audit.Intent) {
		i.Who.ID, i.Why.Patient, i.Ruling.Findings = "lab-robot", chaperone.PatientRef{}, nil
	})
	for range 60 {
		h.exchange(audit.Concealed)
	}
	b := h.signIn()
	count := func(w *httptest.ResponseRecorder) int { return strings.Count(w.Body.String(), "messages.create") }
	for _, c := range []struct {
		name string
		w    *httptest.ResponseRecorder
		want int
		more bool
	}{
		{"all", b.get("/console/record"), 50, true},
		{"one person", b.get("/console/record?person=lab-robot"), 1, false},
		{"nobody", b.get("/console/record?person=nobody"), 0, false},
		{"refused", b.get("/console/record?decision=refused"), 1, false},
		{"identified", b.get("/console/record?decision=identified"), 0, false},
		{"today", b.get("/console/record?from=2026-11-21&to=2026-11-21"), 50, true},
		{"yesterday", b.get("/console/record?to=2026-11-20"), 0, false},
		{"tomorrow", b.get("/console/record?from=2026-11-22"), 0, false},
		{"a patient", b.post("/console/record", "patient", patient), 50, true},
		{"another patient", b.post("/console/record", "patient", "MRN-0"), 0, false},
	} {
		if c.w.Code != http.StatusOK || count(c.w) != c.want || strings.Contains(c.w.Body.String(), "Older entries") != c.more {
			t.Errorf("%s: %d, %d lines, want %d", c.name, c.w.Code, count(c.w), c.want)
		}
	}
	older := regexp.MustCompile(`/console/record\?before=\d+`).FindString(b.get("/console/record").Body.String())
	w := b.get(older)
	if count(w) != 11 || !strings.Contains(w.Body.String(), other) || strings.Contains(w.Body.String(), "Older entries") {
		t.Errorf("the second page has %d lines", count(w))
	}
	w = b.post("/console/record", "person", "lab-robot", "from", "2026-11-21")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/console/record?from=2026-11-21&person=lab-robot" {
		t.Errorf("a form without a patient leads to %q", w.Header().Get("Location"))
	}
	for field, value := range map[string]string{"from": "yesterday", "to": "21.11.2026", "decision": "maybe", "before": "x"} {
		if w := b.get("/console/record?" + field + "=" + value); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Please change this") {
			t.Errorf("a %s of %q answered %d", field, value, w.Code)
		}
	}
}

func TestADecisionIsFoundBehindManyOthers(t *testing.T) {
	h := newHouse(t)
	h.exchange(audit.Refused)
	for range 230 { // more than are read at once
		h.exchange(audit.Clean)
	}
	w := h.signIn().get("/console/record?decision=refused")
	if n := strings.Count(w.Body.String(), "messages.create"); n != 1 || strings.Contains(w.Body.String(), "Older entries") {
		t.Errorf("%d lines", n)
	}
}

func TestOneExchangeIsShownWithItsProof_AUD01(t *testing.T) {
	h := newHouse(t)
	id := h.exchange(audit.Concealed, func(i *audit.Intent) {
		i.Ruling.PolicyVersion = shippedVersion(t)
		i.Ruling.Reasons = append(i.Ruling.Reasons, "floor:no_agreement")
	})
	_, err := h.log.Proof(context.Background(), 1)
	must(t, err)
	b := h.signIn()
	w := b.get("/console/record/" + id)
	shows(t, w, http.StatusOK,
		"2026-11-21T12:00:00Z", "ward-3", "clinician", patient, "name×2 phone×1", "messages.create", "treatment", "192.0.2.7", "200", // the ten fields
		"concealed", "Identifiers are replaced by placeholders before the text is sent", "no agreement",
		"a telephone number", "simulator", "SIMULATED", "claude-sonnet-5", "31ms",
		"received", "sent", "delivered", "proved", "It stands at place 0", "It stands at place 1", "Receipt")
	for _, word := range []string{"John Smith", "555-0146", "NAME-7K2QAX"} {
		if strings.Contains(w.Body.String(), word) {
			t.Errorf("the words are shown unasked: %q", word)
		}
	}
	if shows(t, b.get("/console/record/0"), http.StatusOK, "ward-3"); b.get("/console/record/99999").Code != http.StatusNotFound {
		t.Error("a record that is not there")
	}
	if b.get("/console/record/"+id+"/words").Code != http.StatusNotFound {
		t.Error("following a link shows the words")
	}
}

func TestARealDoorIsNotMarkedSimulated(t *testing.T) {
	h := newHouse(t, func(p *console.Parts) {
		p.Doors = []policy.DoorFacts{{Name: "anthropic", Kind: policy.DoorAnthropic}}
	})
	id := h.exchange(audit.Concealed, func(i *audit.Intent) { i.Where.Simulated = false })
	b := h.signIn()
	for _, target := range []string{"/console/", "/console/record", "/console/record/" + id} {
		if w := b.get(target); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "SIMULATED") {
			t.Errorf("%s: %d, or marked as simulated", target, w.Code)
		}
	}
}

func TestTheWordsMarkPlaceholdersWhereTheyWereSent(t *testing.T) {
	h := newHouse(t)
	placeholder := placeholder(t)
	id := h.exchange(audit.Concealed, func(i *audit.Intent) {
		i.Received = audit.Content("Mr. John Smith typed " + placeholder)
		i.Sent = audit.Content(`{"a":"Mr. ` + placeholder + ` <b>bold"}`)
	})
	w := h.signIn().post("/console/record/" + id + "/words")
	body := w.Body.String()
	shows(t, w, http.StatusOK, "follow-up of John Smith", "Mr. John Smith typed "+placeholder, "Mr. <mark>"+placeholder+"</mark> &lt;b&gt;bold", "1 placeholder.")
	if strings.Count(body, "<mark>") != 1 {
		t.Error("something else is marked")
	}
	order := []int{strings.Index(body, `id="h-received"`), strings.Index(body, `id="h-sent"`), strings.Index(body, `id="h-delivered"`)}
	if order[0] < 0 || !slices.IsSorted(order) {
		t.Errorf("the parts stand at %v", order)
	}
}

func TestAVeryLongTextIsCutAndSaysSo(t *testing.T) {
	h := newHouse(t)
	id := h.exchange(audit.Concealed, func(i *audit.Intent) {
		i.Received = audit.Content(strings.Repeat("é", 200_000)) // cut in the middle of a letter or not
	})
	w := h.signIn().post("/console/record/" + id + "/words")
	shows(t, w, http.StatusOK, "The last 137856 bytes are not shown here")
	if w.Body.Len() > 400_000 {
		t.Errorf("%d bytes", w.Body.Len())
	}
}

func TestThePolicyInForceIsShownOrItsAbsenceIs(t *testing.T) {
	h := newHouse(t)
	b := h.signIn()
	w := b.get("/console/policy")
	shows(t, w, http.StatusOK, shippedVersion(t), "5 rules", "Identifiers are replaced by placeholders", "may not", `permit (principal, action == Action::&#34;send-concealed&#34;, resource)`)
	if strings.Index(w.Body.String(), "In plain words") > strings.Index(w.Body.String(), "As written") {
		t.Error("the reasons do not come first")
	}
	h.text = append(h.text, "\n// edited\n"...)
	w = b.get("/console/policy")
	shows(t, w, http.StatusOK, shippedVersion(t), "has changed since")
	if strings.Contains(w.Body.String(), "// edited") {
		t.Error("a text that is not in force is shown as the policy")
	}
}

func TestAConsoleWithoutAPartDoesNotStart(t *testing.T) {
	if _, err := console.New(console.Parts{}); err == nil {
		t.Error("a console over nothing")
	}
}

func shippedVersion(t *testing.T) string {
	t.Helper()
	p, err := policy.OpenShipped(policy.Default)
	must(t, err)
	return p.Version()
}

// shows checks status and words of a page.
func shows(t *testing.T, w *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("answered %d, want %d", w.Code, status)
	}
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			t.Errorf("the page does not show %q", word)
		}
	}
}
