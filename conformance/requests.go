package conformance

import (
	"bytes"
	"fmt"
	"net/http"
)

// unchanged sends a body in which nothing identifies anyone and wants exactly its
// bytes at the upstream.
func unchanged(name string, body func(*trial) []byte) scenario {
	return scenario{"requests", name, func(t *trial) error {
		sent := body(t)
		s, _, err := t.sent(ask{body: sent})
		if err != nil {
			return err
		}
		return same("the request", s.Body, sent)
	}}
}

// keeping wants these parts of a request at the upstream, as they are written.
func keeping(name string, body func(*trial) []byte, parts ...string) scenario {
	return scenario{"requests", name, func(t *trial) error {
		sent := body(t)
		s, _, err := t.sent(ask{body: sent})
		if err != nil {
			return err
		}
		for _, p := range parts {
			if !bytes.Contains(sent, []byte(p)) {
				return fmt.Errorf("the case is wrong: it does not send %s", p)
			}
			if err := holds("the request", compact(s.Body), string(compact([]byte(p)))); err != nil {
				return err
			}
		}
		return nil
	}}
}

// compact takes the spaces between the parts of JSON away, for comparisons in
// which they do not matter. Spaces in strings go too, on both sides.
func compact(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			return -1
		}
		return r
	}, b)
}

const (
	userTurn    = `{"role":"user","content":"What is a normal potassium?"}`
	billingLine = `{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330.7d1; cc_entrypoint=cli; cch=a1b2c;"}`
	someTool    = `{"name":"chart","description":"Reads a lab value","input_schema":{"type":"object","properties":{"unit":{"type":"string","enum":["mmol/L","mg/dL"]},"limit":{"type":"integer","minimum":1,"maximum":100}},"required":["unit"],"additionalProperties":false},"cache_control":{"type":"ephemeral","ttl":"1h"}}`
)

func requestCases() []scenario {
	return []scenario{
		keeping("unknown fields survive, at every level", func(t *trial) []byte {
			return t.conversation(`{"role":"user","content":[{"type":"text","text":"Is it well?","x_block":{"deep":[1,true,null,"later"]}}],"x_turn":false}`,
				`"x_future":{"a":[1,2.5,{"b":"later"}],"c":null}`)
		}, `"x_future":{"a":[1,2.5,{"b":"later"}],"c":null}`, `"x_block":{"deep":[1,true,null,"later"]}`, `"x_turn":false`),
		keeping("numbers keep their digits, however large", func(t *trial) []byte {
			return t.conversation(userTurn, `"x_big":1234567890123456789012345`, `"x_exp":1.50e-7`, `"temperature":1.0`, `"x_neg":-0`)
		}, `"x_big":1234567890123456789012345`, `"x_exp":1.50e-7`, `"temperature":1.0`, `"x_neg":-0`),
		keeping("keys keep their order", func(t *trial) []byte {
			return t.conversation(userTurn, `"x_order":{"z":1,"a":2,"m":3,"b":4}`)
		}, `"x_order":{"z":1,"a":2,"m":3,"b":4}`),
		keeping("strings keep their escapes", func(t *trial) []byte {
			return t.conversation(`{"role":"user","content":"caf\u00e9 \/ \u2028 \ud83e\ude7a tab\t"}`)
		}, `"caf\u00e9 \/ \u2028 \ud83e\ude7a tab\t"`),
		unchanged("a request in which nothing identifies anyone is the same, byte for byte", func(t *trial) []byte {
			return append([]byte("\n"), t.conversation(userTurn, `"stream":false`, `"stop_sequences":["END"]`, `"tools":[`+someTool+`]`)...)
		}),
		keepingExactly("requests", "system blocks keep their order, the attribution line first", "/system", func(t *trial) []byte {
			return t.conversation(userTurn, `"system":[`+billingLine+`,{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}]`)
		}),
		keeping("cache_control stays where it was put", func(t *trial) []byte {
			return t.conversation(`{"role":"user","content":[{"type":"text","text":"Is it well?","cache_control":{"type":"ephemeral","ttl":"1h"}}]}`, `"tools":[`+someTool+`]`)
		}, `"text":"Is it well?","cache_control":{"type":"ephemeral","ttl":"1h"}`, `"cache_control":{"type":"ephemeral","ttl":"1h"}`),
		keepingExactly("requests", "tool definitions keep their schema", "/tools", func(t *trial) []byte {
			return t.conversation(userTurn, `"tools":[`+someTool+`]`, `"tool_choice":{"type":"auto","disable_parallel_tool_use":true}`)
		}),
		keepingExactly("requests", "the choice of tools survives", "/tool_choice", func(t *trial) []byte {
			return t.conversation(userTurn, `"tools":[`+someTool+`]`, `"tool_choice":{"type":"auto","disable_parallel_tool_use":true}`)
		}),
		keeping("a turn of the system among the messages survives", func(t *trial) []byte {
			return t.conversation(userTurn + `,{"role":"assistant","content":"3.5 to 5 mmol/L."},{"role":"system","content":"Answer in one line."},` + userTurn)
		}, `{"role":"system","content":"Answer in one line."}`),
		keeping("adaptive thinking and the newer settings survive", func(t *trial) []byte {
			return t.conversation(userTurn, `"thinking":{"type":"adaptive","display":"omitted"}`, `"output_config":{"effort":"high"}`,
				`"context_management":{"edits":[{"type":"clear_tool_uses_20250919","keep":{"type":"tool_uses","value":3}}]}`)
		}, `"thinking":{"type":"adaptive","display":"omitted"}`, `"output_config":{"effort":"high"}`, `"keep":{"type":"tool_uses","value":3}`),
		keeping("empty values stay empty and null stays null", func(t *trial) []byte {
			return t.conversation(userTurn, `"system":""`, `"stop_sequences":[]`, `"x_null":null`, `"x_empty":{}`)
		}, `"system":""`, `"stop_sequences":[]`, `"x_null":null`, `"x_empty":{}`),
		{"requests", "the same history is sent on as the same bytes, turn after turn", sameHistory},
	}
}

// sameHistory: a prompt cache is keyed by the bytes before the new turn.
func sameHistory(t *trial) error {
	history := `{"role":"user","content":` + quote(passage) + `},{"role":"assistant","content":"Noted."}`
	first, g, err := t.sent(ask{body: t.conversation(history + `,{"role":"user","content":"And now?"}`)})
	if g.status >= http.StatusBadRequest && g.status < 500 {
		return skip("this gateway refuses the request")
	}
	if err != nil {
		return err
	}
	second, _, err := t.sent(ask{body: t.conversation(history + `,{"role":"user","content":"And tomorrow?"}`)})
	if err != nil {
		return err
	}
	end := bytes.Index(first.Body, []byte("And now?"))
	if end < 0 || end > len(second.Body) {
		return fmt.Errorf("the last turn did not arrive: %s", clip(first.Body))
	}
	return same("the history", second.Body[:end], first.Body[:end])
}
