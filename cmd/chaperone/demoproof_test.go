package main

import (
	"encoding/json"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/internal/api"

	"github.com/google/go-cmp/cmp"
)

func body(t *testing.T, contents ...any) []byte {
	t.Helper()
	var messages []any
	for _, c := range contents {
		messages = append(messages, map[string]any{"role": "user", "content": c})
	}
	raw, err := json.Marshal(map[string]any{"messages": messages})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The demonstration must be able to fail: each broken promise is named.
func TestTheDemonstrationNamesABrokenPromise(t *testing.T) {
	engine, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	const note = "Mr. John Smith, MRN: 4471902, has type 2 diabetes."
	session := deid.NewSession(nil, strings.NewReader(strings.Repeat("a stream that is random enough for a test ", 100)))
	concealed := deid.NewVeil(engine, session).Conceal(note, deid.Where{})
	if concealed == note {
		t.Fatal("nothing was concealed")
	}
	placeholder := deid.Placeholders(concealed)[0]
	for name, c := range map[string]struct {
		sent     []byte
		answered string
		want     []string
	}{
		"nothing, where every promise was kept": {
			sent: body(t, concealed), answered: "Mr. John Smith has type 2 diabetes.",
		},
		"an identifier that went out": {
			sent: body(t, note), answered: "Mr. John Smith",
			want: []string{"Claude saw a medical record number in a visit", "Claude saw a name in a visit"},
		},
		"a placeholder that came back": {
			sent: body(t, concealed), answered: "For " + concealed[placeholder[0]:placeholder[1]] + ".",
			want: []string{"a placeholder was not restored in a visit"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := &seenExchange{title: "a visit", got: &spoken{text: c.answered}}
			x.shown = api.Shown{Content: map[string][]byte{"received": body(t, note), "sent": c.sent}}
			got := append(x.unconcealed(engine), x.unrestored()...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextsOfARequestAreFoundWhereverTheyStand(t *testing.T) {
	got := saidTexts(body(t, "plain", []any{
		map[string]any{"type": "text", "text": "a block"},
		map[string]any{"type": "tool_result", "tool_use_id": "t", "content": "an answer"},
		map[string]any{"type": "tool_use", "id": "t", "name": "n", "input": map[string]any{"a": "b"}},
	}))
	if diff := cmp.Diff([]string{"plain", "a block", "an answer"}, got); diff != "" {
		t.Error(diff)
	}
}
