package claude

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// around puts a text where it stands in a delta of some kind: partial JSON needs
// a string around it.
func around(delta, s string) string {
	if delta == "input_json_delta" {
		return `{"q":"` + s + `"}`
	}
	return s
}

// Peers' pain 3: a placeholder split over deltas.
func TestAPlaceholderCutAfterEveryByteIsRestoredInEveryKindOfDelta(t *testing.T) {
	for _, k := range kinds {
		whole := around(k.delta, "Called NAME-7K2QAX: é ok")
		want := around(k.delta, "Called Marta Example: é ok")
		for i := 0; i <= len(whole); i++ {
			for j := i; j <= len(whole); j++ {
				if cutsRune(whole, i) || cutsRune(whole, j) {
					continue
				}
				s := streamed(t, streamOf(k.delta, k.field, k.block, whole[:i], whole[i:j], whole[j:]))
				if got := joined(t, s.Body.String(), k.delta, k.field)[0]; got != want {
					t.Fatalf("%s cut at %d and %d: got %q", k.delta, i, j, got)
				}
			}
		}
	}
}

func cutsRune(s string, i int) bool { return i < len(s) && s[i]&0xC0 == 0x80 }

// Peers' pain 3: the same over the bytes of the connection, inside runes too.
func TestAStreamCutAtEveryByteComesOutTheSame(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "é ORG-9Q", "W2RT ñ", " NAME-7K2QAX", "NAME-7K2QBY")
	want := streamed(t, in).Body.String()
	for i := range in {
		r := reply(200, "text/event-stream", "")
		r.Body = &chopped{data: []byte(in), sizes: []int{i, len(in)}}
		if got := deliver(r, people, CopyOptions{}); got.err != nil || got.Body.String() != want {
			t.Fatalf("cut at byte %d: %v\n%s", i, got.err, got.Body.String())
		}
	}
	r := reply(200, "text/event-stream", "")
	r.Body = &chopped{data: []byte(in)}
	if got := deliver(r, people, CopyOptions{}); got.Body.String() != want {
		t.Fatal("read byte by byte the stream differs")
	}
}

func TestAStreamInWhichNothingIsRestoredIsByteIdentical(t *testing.T) {
	// "NAME-7K2Q" and "DAT" begin live placeholders and are never completed.
	pieces := []string{"NAM", "E-7K2Q", "", "!", " DAT", "A", " N", "NN", "NAME-", "ORG-9QW2R"}
	for _, k := range kinds {
		in := ": comment\n\n" + messageStart + pingEvent +
			"event: novelty\ndata: not json at all\nid: 7\n\n" +
			"event: other\ndata: { \"type\" : \"other\" , \"n\":1e3 }\n\n" +
			blockStart(0, k.block)
		for _, p := range pieces {
			in += deltaEvent(0, k.delta, k.field, p) + pingEvent
		}
		in += blockStop(0) + messageEnd
		for _, stream := range []string{
			in,
			strings.ReplaceAll(in, "\n", "\r\n"),
			strings.ReplaceAll(in, "\n", "\r"),
			in + "\n",
			in + ": bye\n\n",
			strings.TrimRight(in, "\n"),
			"\ufeff" + in,
			strings.ReplaceAll(in, "data: {", "data:{"),
		} {
			if got := streamed(t, stream).Body.String(); got != stream {
				t.Fatalf("%s: %s", k.delta, cmp.Diff(stream, got))
			}
		}
	}
}

func TestWhatIsRestoredGoesOutInTheEventWhereItBegan(t *testing.T) {
	s := streamed(t, streamOf("text_delta", "text", kinds[0].block, "a NAME", "-7K", "2QAX b", " c"))
	want := messageStart + blockStart(0, kinds[0].block) + pingEvent +
		deltaEvent(0, "text_delta", "text", "a Marta Example") +
		deltaEvent(0, "text_delta", "text", " b") +
		deltaEvent(0, "text_delta", "text", " c") +
		blockStop(0) + messageEnd
	if diff := cmp.Diff(want, s.Body.String()); diff != "" {
		t.Fatal(diff)
	}
}

func TestAdjacentPlaceholdersAreBothRestored(t *testing.T) {
	text := "NAME-7K2QAXNAME-7K2QBYDATE-3M9T5C"
	for i := range text {
		s := streamed(t, streamOf("text_delta", "text", kinds[0].block, text[:i], text[i:]))
		if got := joined(t, s.Body.String(), "text_delta", "text")[0]; got != "Marta ExampleEXAMPLE, MARTA3 mars 1957" {
			t.Fatalf("cut at %d: %q", i, got)
		}
	}
}

func TestInterleavedBlocksKeepTheirOwnTexts(t *testing.T) {
	in := messageStart + blockStart(0, kinds[0].block) + blockStart(1, kinds[1].block) +
		deltaEvent(0, "text_delta", "text", "x NAME-7K") +
		deltaEvent(1, "input_json_delta", "partial_json", `{"d":"DATE-3`) +
		pingEvent +
		deltaEvent(0, "text_delta", "text", "2QAX y") +
		deltaEvent(1, "input_json_delta", "partial_json", `M9T5C"}`) +
		blockStop(1) + blockStop(0) + messageEnd
	out := streamed(t, in).Body.String()
	if got := joined(t, out, "text_delta", "text")[0]; got != "x Marta Example y" {
		t.Errorf("text: %q", got)
	}
	if got := joined(t, out, "input_json_delta", "partial_json")[1]; got != `{"d":"3 mars 1957"}` {
		t.Errorf("input: %q", got)
	}
	if strings.Count(out, "event: ping") != 1 {
		t.Error("the ping is lost")
	}
}

// Peers' pain 6: tools must get values, and in a form they can parse.
func TestToolInputIsEscapedForWhereTheValueStands(t *testing.T) {
	value := people["STREET-00ZZ12"]
	inner, _ := json.Marshal(map[string]string{"addr": "at STREET-00ZZ12", "n": "line\nNAME-7K2QAX"})
	middle, _ := json.Marshal(map[string]string{"body": string(inner)})
	for name, c := range map[string]struct {
		input string
		path  []string // keys, each but the first into JSON in a string
		want  string
	}{
		"in a string":                    {`{"addr":"STREET-00ZZ12"}`, []string{"addr"}, value},
		"after an escape":                {`{"addr":"\tSTREET-00ZZ12\n"}`, []string{"addr"}, "\t" + value + "\n"},
		"in JSON in a string":            {string(middle), []string{"body", "addr"}, "at " + value},
		"after an escape one level in":   {string(middle), []string{"body", "n"}, "line\nMarta Example"},
		"in text that only looks nested": {`{"note":"[see] \"STREET-00ZZ12\""}`, []string{"note"}, `[see] "` + value + `"`},
		"in a key":                       {`{"STREET-00ZZ12":"x"}`, []string{value}, "x"},
	} {
		for i := range c.input {
			if cutsRune(c.input, i) {
				continue
			}
			s := streamed(t, streamOf("input_json_delta", "partial_json", kinds[1].block, c.input[:i], c.input[i:]))
			got := joined(t, s.Body.String(), "input_json_delta", "partial_json")[0]
			for _, key := range c.path {
				var m map[string]string
				if err := json.Unmarshal([]byte(got), &m); err != nil {
					t.Fatalf("%s, cut at %d: a tool cannot parse %q: %v", name, i, got, err)
				}
				got = m[key]
			}
			if got != c.want {
				t.Fatalf("%s, cut at %d: got %q", name, i, got)
			}
		}
	}
}

func TestAnEscapeIsNeverTakenForALetterOfAPlaceholder(t *testing.T) {
	odd := pairs{"nAB-123456": "WRONG"}
	in := streamOf("input_json_delta", "partial_json", kinds[1].block, `{"q":"\`, `nAB-123456"}`)
	s := deliver(reply(200, "text/event-stream", in), odd, CopyOptions{})
	if s.Body.String() != in {
		t.Fatalf("an escape sequence was broken:\n%s", s.Body.String())
	}
}

func TestStructuredOutputStaysJSON(t *testing.T) {
	text := `{"addr":"STREET-00ZZ12","who":["NAME-7K2QAX"]}`
	for i := range text {
		s := streamed(t, streamOf("text_delta", "text", kinds[0].block, text[:i], text[i:]))
		var got struct {
			Addr string
			Who  []string
		}
		if err := json.Unmarshal([]byte(joined(t, s.Body.String(), "text_delta", "text")[0]), &got); err != nil {
			t.Fatal(err)
		}
		if got.Addr != people["STREET-00ZZ12"] || got.Who[0] != "Marta Example" {
			t.Fatalf("cut at %d: %+v", i, got)
		}
	}
}

// Peers' pain 13: a signature that is lost or changed is a 400 on the next turn.
func TestThinkingIsRestoredForTheClientAndReportedForReplay(t *testing.T) {
	sig := "NAME-7K2QAXsignature0123456789"
	in := messageStart + blockStart(0, kinds[2].block) +
		deltaEvent(0, "thinking_delta", "thinking", "The note says NAME-") +
		deltaEvent(0, "thinking_delta", "thinking", "7K2QAX is well") +
		deltaEvent(0, "signature_delta", "signature", sig) +
		blockStop(0) +
		blockStart(1, `{"type":"redacted_thinking","data":"`+sig+`"}`) + blockStop(1) +
		blockStart(2, kinds[2].block) +
		deltaEvent(2, "thinking_delta", "thinking", "nobody here") + blockStop(2) + messageEnd
	s := streamed(t, in)
	want := [][2]string{
		{"The note says Marta Example is well", "The note says NAME-7K2QAX is well"},
		{"nobody here", "nobody here"},
	}
	if diff := cmp.Diff(want, s.thinking); diff != "" {
		t.Error(diff)
	}
	if strings.Count(s.Body.String(), sig) != 2 {
		t.Error("a signature or sealed block was changed")
	}
}

func TestCitationsAndWholeStringsAreRestored(t *testing.T) {
	in := ev("message_start", `{"type":"message_start","message":{"id":"msg_1","type":"message","note":"NAME-7K2QAX"}}`) +
		blockStart(0, `{"type":"text","text":"NAME-7K"}`) +
		ev("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"2QAX said"}}`) +
		ev("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"NAME-7K2QAX fell","document_title":"ORG-9QW2RT","encrypted_index":"NAME-7K2QAX"}}}`) +
		blockStop(0) +
		blockStart(1, `{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"NAME-7K2QAX":["DATE-3M9T5C"]}}`) + blockStop(1) +
		ev("whim", `{"type":"whim","deep":[{"er":"NAME-7K2QAX"}]}`) +
		ev("chat", `NAME-7K2QAX says hi`) +
		ev("message_delta", `{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"NAME-7K2QAX:"}}`) +
		ev("message_stop", `{"type":"message_stop"}`)
	want := ev("message_start", `{"type":"message_start","message":{"id":"msg_1","type":"message","note":"Marta Example"}}`) +
		blockStart(0, `{"type":"text","text":"Marta Example"}`) +
		ev("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" said"}}`) +
		ev("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"Marta Example fell","document_title":"Hôpital Ñandú","encrypted_index":"NAME-7K2QAX"}}}`) +
		blockStop(0) +
		blockStart(1, `{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"Marta Example":["3 mars 1957"]}}`) + blockStop(1) +
		ev("whim", `{"type":"whim","deep":[{"er":"Marta Example"}]}`) +
		ev("chat", `Marta Example says hi`) +
		ev("message_delta", `{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"Marta Example:"}}`) +
		ev("message_stop", `{"type":"message_stop"}`)
	s := streamed(t, in)
	if diff := cmp.Diff(want, s.Body.String()); diff != "" {
		t.Fatal(diff)
	}
	if s.d.StopReason != "stop_sequence" || len(s.d.ToolUses) != 1 || s.d.ToolUses[0] != "srvtoolu_1" {
		t.Errorf("delivery: %+v", s.d)
	}
}

func TestDataOverSeveralLinesIsRestored(t *testing.T) {
	in := messageStart + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\ndata: \"delta\":{\"type\":\"text_delta\",\"text\":\"NAME-7K2QAX\"}}\nid: 3\n\n" + messageEnd
	s := streamed(t, in)
	if got := joined(t, s.Body.String(), "text_delta", "text")[0]; got != "Marta Example" {
		t.Fatalf("got %q in\n%s", got, s.Body.String())
	}
	if !strings.Contains(s.Body.String(), "id: 3\n") {
		t.Error("a field of the event is lost")
	}
}

func TestTheDeliveryKnowsTheFactsOfAStream(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "hello")
	r := reply(200, "text/event-stream", in)
	r.Header.Set("Request-Id", "req_up_1")
	r.Header.Set("Anthropic-Organization-Id", "org_secret")
	r.Header.Set("Anthropic-Ratelimit-Requests-Remaining", "7")
	r.Header.Set("Set-Cookie", "a=b")
	r.Header.Set("Server", "cloudy")
	r.Simulated = true
	s := deliver(r, people, CopyOptions{})
	want := Delivery{
		Status: 200, UpstreamRequestID: "req_up_1", MessageID: "msg_01", Model: "claude-opus-5",
		StopReason: "end_turn", Usage: Usage{Input: 12, Output: 15}, Events: 7, Ended: true,
		Answered: int64(len(in)), Delivered: int64(len(in)),
	}
	if diff := cmp.Diff(want, s.d); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"Anthropic-Organization-Id", "Anthropic-Ratelimit-Requests-Remaining", "Set-Cookie", "Server"} {
		if s.Header().Get(name) != "" {
			t.Errorf("%s reached the client", name)
		}
	}
	if s.Header().Get("X-Chaperone-Upstream-Request-Id") != "req_up_1" || s.Header().Get("X-Chaperone-Simulated") != "true" {
		t.Errorf("headers: %v", s.Header())
	}
}
