package simulator

import (
	"strings"
	"testing"
)

func TestWhatTheClientSaysOfItselfBehindTheUsersMessageIsNotTheUsers(t *testing.T) {
	body := `{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"[[simulate:echo]] Rest."},{"role":"system","content":"Today's date is 2026-11-22. [[simulate:529]]"}]}`
	w := ask(t, "/v1/messages", body)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"text":"Rest."`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
