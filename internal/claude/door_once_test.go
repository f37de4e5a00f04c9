package claude_test

import (
	"net/http"
	"testing"

	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"
)

// TestAReadingCallArrivesOnce: net/http repeats a GET whose kept connection
// breaks; the record has one intent for one call.
func TestAReadingCallArrivesOnce(t *testing.T) {
	srv := claudetest.New(t, claudetest.JSON(200, `{}`), claudetest.JSON(200, `{}`),
		claudetest.Script{claudetest.Abort()}, claudetest.JSON(200, `{}`))
	door := newDoor(t, loopback(srv))
	get := claude.Call{Method: http.MethodGet, Path: "/v1/models/claude-sonnet-5", Header: http.Header{"Anthropic-Version": {"2023-06-01"}}}
	for _, c := range []claude.Call{call(`{"model":"x"}`), get} {
		reply, err := door.Send(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		read(t, reply)
	}
	if _, err := door.Send(t.Context(), get); err == nil {
		t.Error("a broken connection gave an answer")
	}
	if n := len(srv.Requests()); n != 3 {
		t.Errorf("%d calls arrived, want 3", n)
	}
}
