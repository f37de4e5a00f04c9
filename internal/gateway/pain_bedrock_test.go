package gateway_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"chaperone/internal/audit"
)

// A client's update brings betas that a cloud does not take. What only the
// vendor's own API knows is left out there; what is new goes on, in the place
// where that cloud looks for it.
func TestPain12BetasOfANewClientDoNotBreakACloudsDoor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: throughBedrock})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	w := h.send("POST", "/v1/messages", ask(note, `"tags": {"ward": "7"}`),
		"Anthropic-Beta", "claude-code-20250219,request-tags-2026-08-21,tomorrow-2027-02-03")
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	h.wantResult(w, audit.OK)
	sent := h.upstream.last()
	var body struct {
		Betas []string       `json:"anthropic_beta"`
		Tags  map[string]any `json:"tags"`
	}
	if err := json.Unmarshal(sent.body, &body); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(body.Betas, func(b string) bool { return strings.HasPrefix(b, "request-tags") }) || body.Tags != nil {
		t.Errorf("Amazon was sent %s", sent.body)
	}
	if !slices.Contains(body.Betas, "tomorrow-2027-02-03") || !slices.Contains(body.Betas, "claude-code-20250219") {
		t.Errorf("Amazon was sent the betas %v", body.Betas)
	}
	if v := sent.header.Get("Anthropic-Beta"); v != "" {
		t.Errorf("the betas went into a header as well: %s", v)
	}
	h.keepsItsWord()
}
