package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// event is one server-sent event.
type event struct {
	name  string
	data  []byte
	delta bool // a content_block_delta, which scripted breaks count
}

// pingEvery says after how many deltas a ping is put in between.
const pingEvery = 25

// pieceLengths are the lengths of deltas in characters, taken in turn: uneven,
// so that words and placeholders are cut everywhere.
var pieceLengths = [...]int{9, 17, 5, 23, 12, 3, 19}

type streamer struct {
	out    []event
	chunk  int
	deltas int
}

func (s *streamer) add(name string, v any) {
	s.out = append(s.out, event{name: name, data: encode(v)})
}

type (
	startEvent struct {
		Type    string      `json:"type"`
		Message wireMessage `json:"message"`
	}
	blockStart struct {
		Type  string          `json:"type"`
		Index int             `json:"index"`
		Block json.RawMessage `json:"content_block"`
	}
	blockDelta struct {
		Type  string `json:"type"`
		Index int    `json:"index"`
		Delta any    `json:"delta"`
	}
	blockStop struct {
		Type  string `json:"type"`
		Index int    `json:"index"`
	}
	messageDelta struct {
		Type  string      `json:"type"`
		Delta stopDelta   `json:"delta"`
		Usage outputUsage `json:"usage"`
	}
	stopDelta struct {
		StopReason   string  `json:"stop_reason"`
		StopSequence *string `json:"stop_sequence"`
	}
	outputUsage struct {
		OutputTokens int `json:"output_tokens"`
	}
	bareEvent struct {
		Type string `json:"type"`
	}
	textDelta struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	thinkingDelta struct {
		Type     string `json:"type"`
		Thinking string `json:"thinking"`
	}
	signatureDelta struct {
		Type      string `json:"type"`
		Signature string `json:"signature"`
	}
	inputDelta struct {
		Type        string `json:"type"`
		PartialJSON string `json:"partial_json"`
	}
	citationDelta struct {
		Type     string   `json:"type"`
		Citation citation `json:"citation"`
	}
)

// events is the whole stream of an answer, in the order of the API. A scripted
// error in the middle is part of it; other breaks are the player's.
func events(r *request, a *reply, d directives, id seed) []event {
	s := &streamer{chunk: d.chunk}
	s.add("message_start", startEvent{"message_start", r.wireMessage(id, 1)})
	for i, b := range a.blocks {
		s.block(i, b)
	}
	s.add("message_delta", messageDelta{"message_delta", stopDelta{a.stop, a.hit}, outputUsage{a.tokens}})
	s.add("message_stop", bareEvent{"message_stop"})
	if d.midError {
		s.out = s.out[:middle(s.out, d.after)]
		s.add("error", faultf(529, "Overloaded").envelope(id))
	}
	return s.out
}

// middle is the position behind that many deltas, half of them for -1.
func middle(list []event, after int) int {
	total := 0
	for _, e := range list {
		if e.delta {
			total++
		}
	}
	if after < 0 {
		after = (total + 1) / 2
	}
	for i, e := range list {
		if !e.delta {
			continue
		}
		if after == 0 {
			return i
		}
		after--
	}
	return max(len(list)-1, 1)
}

func (s *streamer) block(i int, b outBlock) {
	empty := b
	if b.kind != "redacted_thinking" {
		empty.text, empty.citations, empty.signature, empty.input = "", nil, "", []byte("{}")
	}
	start := empty.wire()
	if len(b.citations) > 0 {
		start = encode(struct {
			wireText
			Citations []citation `json:"citations"`
		}{wireText{Type: "text"}, []citation{}})
	}
	s.add("content_block_start", blockStart{"content_block_start", i, start})
	if i == 0 {
		s.add("ping", bareEvent{"ping"})
	}
	switch b.kind {
	case "text":
		for _, c := range b.citations {
			s.delta(i, citationDelta{"citations_delta", c})
		}
		for _, piece := range s.pieces(b.text) {
			s.delta(i, textDelta{"text_delta", piece})
		}
	case "thinking":
		for _, piece := range s.pieces(b.text) {
			s.delta(i, thinkingDelta{"thinking_delta", piece})
		}
		s.delta(i, signatureDelta{"signature_delta", b.signature})
	case "tool_use":
		s.delta(i, inputDelta{"input_json_delta", ""})
		for _, piece := range s.pieces(string(b.input)) {
			s.delta(i, inputDelta{"input_json_delta", piece})
		}
	}
	s.add("content_block_stop", blockStop{"content_block_stop", i})
}

func (s *streamer) delta(i int, d any) {
	s.out = append(s.out, event{name: "content_block_delta", data: encode(blockDelta{"content_block_delta", i, d}), delta: true})
	s.deltas++
	if s.deltas%pingEvery == 0 {
		s.add("ping", bareEvent{"ping"})
	}
}

// pieces divides a text into deltas, at characters and never inside one.
func (s *streamer) pieces(text string) []string {
	runes := []rune(text)
	var out []string
	for i := 0; len(runes) > 0; i++ {
		n := s.chunk
		if n == 0 {
			n = pieceLengths[i%len(pieceLengths)]
		}
		n = min(n, len(runes))
		out = append(out, string(runes[:n]))
		runes = runes[n:]
	}
	return out
}

// player sends an answer to a client.
type player struct {
	w     http.ResponseWriter
	ctx   context.Context // the request's
	delay time.Duration
}

// play sends the events until the client is gone or the script breaks off.
func (p player) play(list []event, d directives) {
	stop := len(list)
	if d.truncate || d.hang {
		stop = middle(list, d.after)
	}
	p.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	p.w.Header().Set("Cache-Control", "no-cache")
	p.w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(p.w)
	for i, e := range list[:stop] {
		if i > 0 && !wait(p.ctx, p.delay) {
			return
		}
		if _, err := p.w.Write(e.bytes()); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
	}
	if d.hang {
		<-p.ctx.Done()
	}
	if d.truncate || d.hang {
		panic(http.ErrAbortHandler)
	}
}

func (e event) bytes() []byte {
	out := make([]byte, 0, len(e.name)+len(e.data)+16)
	out = append(out, "event: "...)
	out = append(out, e.name...)
	out = append(out, "\ndata: "...)
	out = append(out, e.data...)
	return append(out, "\n\n"...)
}
