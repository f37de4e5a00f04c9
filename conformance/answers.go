package conformance

import (
	"fmt"
	"strings"
)

// whole plays an answer and wants it at the client, byte for byte.
func whole(name, body string) scenario {
	return scenario{"answers", name, func(t *trial) error {
		t.up.answer(always(200, body))
		_, g, err := t.sent(ask{body: t.message(anyQuestion)})
		if err != nil {
			return err
		}
		return same("the answer", g.body, []byte(body))
	}}
}

func answerCases() []scenario {
	list := []scenario{
		whole("an answer in which nothing is restored is the same, byte for byte", " "+anyMessage+"\n"),
		whole("unknown fields of an answer survive", strings.Replace(anyMessage, `"stop_sequence":null`, `"stop_sequence":null,"x_future":{"z":[1,true],"a":null}`, 1)),
		whole("a block of a type that nobody knows survives", strings.Replace(anyMessage, `{"type":"text"`, `{"type":"tomorrow","x":{"y":[1]}},{"type":"text"`, 1)),
		whole("numbers of an answer keep their digits", strings.Replace(anyMessage, `"output_tokens":7`, `"output_tokens":7,"x_big":1234567890123456789012345,"x_exp":1.50e-7`, 1)),
		whole("strings of an answer keep their escapes", strings.Replace(anyMessage, "It is well.", `caf\u00e9 \/ \ud83e\ude7a <b>&amp;`, 1)),
		whole("a tool call's input keeps its form", toolMessage(`{"z":1.0,"a":[1e3,"\u00e9"],"id":12345678901234567890}`)),
		whole("citations survive", strings.Replace(anyMessage, `"It is well."`,
			`"It is well.","citations":[{"type":"char_location","cited_text":"It is well.","document_index":0,"document_title":null,"start_char_index":0,"end_char_index":11}]`, 1)),
		{"answers", "every answer has a request id", func(t *trial) error {
			_, g, err := t.sent(ask{body: t.message(anyQuestion)})
			if err == nil && g.header.Get("Request-Id") == "" {
				err = fmt.Errorf("there is no header request-id")
			}
			return err
		}},
	}
	for _, reason := range []string{"max_tokens", "stop_sequence", "pause_turn", "refusal", "model_context_window_exceeded"} {
		list = append(list, whole("stop_reason "+reason+" survives", strings.Replace(anyMessage, "end_turn", reason, 1)))
	}
	return list
}
