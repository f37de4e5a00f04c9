package console_test

import (
	"net/http"
	"strings"
	"testing"

	"chaperone/internal/console"
)

func TestEveryPageSaysFirstThatNobodyWitnessesTheRecord(t *testing.T) {
	alarm := "no second party witnesses this record"
	h := newHouse(t, func(p *console.Parts) { p.Alarm = func() string { return alarm } })
	b := h.signIn()
	for _, page := range []string{"/console/", "/console/record", "/console/keys", "/console/policy"} {
		shows(t, b.get(page), http.StatusOK, "NOT WITNESSED", "no second party witnesses this record.")
	}
	if body := (&browser{h: h}).get("/console/link?token=x").Body.String(); strings.Contains(body, "WITNESSED") {
		t.Error("who has not signed in is told how the record stands")
	}
	alarm = ""
	if body := b.get("/console/").Body.String(); strings.Contains(body, "WITNESSED") {
		t.Error("the banner stays when there is nothing to say")
	}
}
