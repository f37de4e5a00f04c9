package conformance

// What the vendor has signed or encrypted must go back exactly as it came.
const (
	signature  = "EqQBCkgIARABGAIiQL8k3cZ9vVYfYtq2Jb7m+oXw1y0rS5uE/6nHcP4aKdTzGxWq1bR2MvNfLsDeUiOpAjHkCgBtQyXzRw8lVn0SDK7u9oP3sE1fT4hGmA=="
	otherSeal  = "EvAFCoYBCAEYAipAuQ1m9+0R4c8kZ3x7yT5nW6bV2sD1fG0hJ9kL8qP4oI3uY7tR6eW5qA2zX1cV0bN9mK8jH7gF6dS5aP4oIuYt=="
	thoughtful = "The user asks for a range.\n\nPotassium: 3.5–5.0 mmol/L; \"usual\" \\ caf\u00e9."
)

func sealedCases() []scenario {
	thinking := `{"type":"thinking","thinking":` + quote(thoughtful) + `,"signature":"` + signature + `"}`
	redacted := `{"type":"redacted_thinking","data":"` + otherSeal + `"}`
	search := `{"type":"server_tool_use","id":"srvtoolu_01Conform","name":"web_search","input":{"query":"potassium range"}},` +
		`{"type":"web_search_tool_result","tool_use_id":"srvtoolu_01Conform","content":[{"type":"web_search_result","url":"https://example.org/k","title":"Potassium","encrypted_content":"` + otherSeal + `","page_age":null}]}`
	history := func(blocks string) func(*trial) []byte {
		return func(t *trial) []byte {
			return t.conversation(userTurn + `,{"role":"assistant","content":[` + blocks + `,{"type":"text","text":"3.5 to 5 mmol/L."}]},` + userTurn)
		}
	}
	return []scenario{
		keepingExactly("sealed", "thinking and its signature go back bit for bit", "/messages/1/content/0", history(thinking)),
		keepingExactly("sealed", "redacted thinking goes back bit for bit", "/messages/1/content/0", history(redacted)),
		keepingExactly("sealed", "encrypted_content of a search goes back bit for bit", "/messages/1/content/1/content/0/encrypted_content", history(search)),
		{"sealed", "thinking comes in a stream bit for bit", comesBack(thinkingStream)},
		{"sealed", "redacted thinking comes in a stream bit for bit", comesBack(redactedStream)},
		{"sealed", "encrypted_content comes in a stream bit for bit", comesBack(searchStream)},
		{"sealed", "a signature comes in a whole answer bit for bit", func(t *trial) error {
			body := `{"id":"msg_01Conform","type":"message","role":"assistant","model":"claude-sonnet-5","content":[` + thinking + `,` + redacted + `],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":7}}`
			t.up.answer(always(200, body))
			_, g, err := t.sent(ask{body: t.message("What is a normal potassium?")})
			if err != nil {
				return err
			}
			if err := holds("the answer", g.body, thinking); err != nil {
				return err
			}
			return holds("the answer", g.body, redacted)
		}},
	}
}

// keepingExactly wants a part of a request at the upstream with every value as it
// was. How the JSON is spaced, and in which order its keys are, is not looked at.
func keepingExactly(area, name, at string, body func(*trial) []byte) scenario {
	return scenario{area, name, func(t *trial) error {
		sent := body(t)
		want, err := pointed(sent, at)
		if err != nil {
			return err
		}
		s, _, err := t.sent(ask{body: sent})
		if err != nil {
			return err
		}
		is, err := pointed(s.Body, at)
		if err != nil {
			return err
		}
		return same("the part", []byte(marshal(is)), []byte(marshal(want)))
	}}
}

// comesBack plays a stream in which nothing is to be restored and wants it back,
// byte for byte.
func comesBack(stream string) func(*trial) error {
	return func(t *trial) error {
		t.up.answer(streams(stream))
		_, g, err := t.sent(ask{body: t.message("What is a normal potassium?", streaming)})
		if err != nil {
			return err
		}
		return same("the stream", g.body, []byte(stream))
	}
}

var (
	thinkingStream = startEvent +
		"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n" +
		delta("thinking_delta", "thinking", "The user asks ") + delta("thinking_delta", "thinking", "for a range; caf\u00e9.") +
		delta("signature_delta", "signature", signature) + blockStop + stopEvents
	redactedStream = startEvent +
		"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"" + otherSeal + "\"}}\n\n" +
		blockStop + stopEvents
	searchStream = startEvent +
		"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_01Conform\",\"content\":[{\"type\":\"web_search_result\",\"url\":\"https://example.org/k\",\"title\":\"Potassium\",\"encrypted_content\":\"" + otherSeal + "\",\"page_age\":null}]}}\n\n" +
		blockStop + stopEvents
)
