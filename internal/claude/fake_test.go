package claude

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// pairs is a Revealer for tests: placeholder to value, nothing tolerant.
type pairs map[string]string

func (p pairs) Reveal(s string) string {
	hits, _ := p.Scan(s)
	var b strings.Builder
	from := 0
	for _, h := range hits {
		b.WriteString(s[from:h.Start])
		b.WriteString(h.Value)
		from = h.End
	}
	return b.String() + s[from:]
}

func (p pairs) Scan(buf string) (hits []Span, hold int) {
	end := 0
	for i := 0; i < len(buf); {
		if ph, ok := p.at(buf[i:]); ok {
			hits = append(hits, Span{i, i + len(ph), p[ph]})
			i += len(ph)
			end = i
			continue
		}
		i++
	}
	for k := min(len(buf)-end, 16); k > 0; k-- {
		for ph := range p {
			if k < len(ph) && strings.HasPrefix(ph, buf[len(buf)-k:]) {
				return hits, k
			}
		}
	}
	return hits, 0
}

func (p pairs) at(s string) (string, bool) {
	for ph := range p {
		if strings.HasPrefix(s, ph) {
			return ph, true
		}
	}
	return "", false
}

// people are synthetic.
var people = pairs{
	"NAME-7K2QAX":   "Marta Example",
	"NAME-7K2QBY":   "EXAMPLE, MARTA",
	"STREET-00ZZ12": "12 \"Rose\" Lane\nUnit \\4",
	"DATE-3M9T5C":   "3 mars 1957",
	"ORG-9QW2RT":    "Hôpital Ñandú",
}

func ask(t *testing.T, body string) *Ask {
	t.Helper()
	a, err := readBodyString(body, Limits{})
	if err != nil {
		t.Fatalf("ReadRequest: %v", err)
	}
	return a
}

func readBodyString(body string, lim Limits) (*Ask, error) {
	return ReadRequest(post([]byte(body)), lim)
}

func post(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/v1/messages", bytes.NewReader(body))
	r.Header.Set("Anthropic-Version", "2023-06-01")
	return r
}

// chopped gives its content in reads of the given sizes, then in single reads of
// size one, then err.
type chopped struct {
	data  []byte
	sizes []int
	err   error
}

func (c *chopped) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		return 0, io.EOF
	}
	n := 1
	if len(c.sizes) > 0 {
		n, c.sizes = max(c.sizes[0], 1), c.sizes[1:]
	}
	n = copy(p, c.data[:min(n, len(c.data))])
	c.data = c.data[n:]
	return n, nil
}

func (c *chopped) Close() error { return nil }

// sent is what a client got.
type sent struct {
	*httptest.ResponseRecorder
	d         Delivery
	err       error
	thinking  [][2]string
	answered  bytes.Buffer
	delivered bytes.Buffer
}

func reply(status int, media, body string) *Reply {
	return &Reply{
		Status: status, Header: http.Header{"Content-Type": {media}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

func deliver(r *Reply, rv Revealer, opt CopyOptions) *sent {
	s := &sent{ResponseRecorder: httptest.NewRecorder()}
	opt.Answered, opt.Delivered = &s.answered, &s.delivered
	opt.RequestID = "req_test"
	opt.Thinking = func(revealed, original string) { s.thinking = append(s.thinking, [2]string{revealed, original}) }
	s.d, s.err = r.CopyText(s, rv, opt)
	return s
}

func streamed(t *testing.T, body string) *sent {
	t.Helper()
	s := deliver(reply(200, "text/event-stream", body), people, CopyOptions{})
	if s.err != nil {
		t.Fatalf("CopyText: %v", s.err)
	}
	if s.delivered.String() != s.Body.String() {
		t.Fatal("the Delivered tee differs from what the client got")
	}
	if s.answered.String() != body {
		t.Fatal("the Answered tee differs from what the upstream sent")
	}
	return s
}

// ev makes one event as the API writes it.
func ev(name, data string) string { return "event: " + name + "\ndata: " + data + "\n\n" }

func quote(s string) string { return string(appendQuoted(nil, s)) }

// deltaEvent makes a delta of one kind.
func deltaEvent(index int, kind, field, s string) string {
	return ev("content_block_delta", `{"type":"content_block_delta","index":`+itoa(index)+
		`,"delta":{"type":"`+kind+`","`+field+`":`+quote(s)+`}}`)
}

const (
	messageStart = "event: message_start\n" + `data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-5","content":[],"stop_reason":null,"usage":{"input_tokens":12,"output_tokens":1}}}` + "\n\n"
	pingEvent    = "event: ping\ndata: {\"type\": \"ping\"}\n\n"
	messageEnd   = "event: message_delta\n" + `data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}` + "\n\n" +
		"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
)

func blockStart(index int, block string) string {
	return ev("content_block_start", `{"type":"content_block_start","index":`+itoa(index)+`,"content_block":`+block+`}`)
}

func blockStop(index int) string {
	return ev("content_block_stop", `{"type":"content_block_stop","index":`+itoa(index)+`}`)
}

// kinds of delta that carry a text over events.
var kinds = []struct{ delta, field, block string }{
	{"text_delta", "text", `{"type":"text","text":""}`},
	{"input_json_delta", "partial_json", `{"type":"tool_use","id":"toolu_01","name":"find","input":{}}`},
	{"thinking_delta", "thinking", `{"type":"thinking","thinking":"","signature":""}`},
	{"compaction_delta", "content", `{"type":"compaction","content":""}`},
	{"novel_delta", "words", `{"type":"novel","words":""}`},
}

// stream makes a whole stream of one block from pieces.
func streamOf(delta, field, block string, pieces ...string) string {
	b := messageStart + blockStart(0, block) + pingEvent
	for _, p := range pieces {
		b += deltaEvent(0, delta, field, p)
	}
	return b + blockStop(0) + messageEnd
}

// joined reads a stream as a client does and yields the text of each block, by
// index, of one kind of delta.
func joined(t *testing.T, stream, delta, field string) map[int]string {
	t.Helper()
	out := map[int]string{}
	sp := newSplitter(strings.NewReader(stream), 1<<20)
	for {
		raw, _, err := sp.next()
		if err != nil {
			return out
		}
		e := parseEvent(raw)
		if e.lines == 0 {
			continue
		}
		doc, f := parse(e.data, defaultDepth)
		if f != nil {
			t.Fatalf("the client got an event that is not JSON: %v", f)
		}
		d, ok := doc.get(0, "delta")
		if ok && doc.getText(d, "type") == delta {
			out[index(doc)] += doc.getText(d, field)
		}
	}
}
