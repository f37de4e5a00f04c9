package claude_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone/internal/claude"
	"chaperone/internal/claude/claudetest"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// frame is one frame by the vendor's encoder.
func frame(t *testing.T, payload string, headers ...string) []byte {
	t.Helper()
	m := eventstream.Message{Payload: []byte(payload)}
	for i := 0; i+1 < len(headers); i += 2 {
		m.Headers.Set(headers[i], eventstream.StringValue(headers[i+1]))
	}
	var b bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func chunk(t *testing.T, event string) []byte {
	t.Helper()
	return frame(t, `{"bytes":"`+base64.StdEncoding.EncodeToString([]byte(event))+`","p":"abcdefgh"}`,
		":message-type", "event", ":event-type", "chunk", ":content-type", "application/json")
}

var answerEvents = []string{
	`{"type":"message_start","message":{"id":"msg_bdrk_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"usage":{"input_tokens":9,"output_tokens":1}}}`,
	`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
	`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Dear NAME-7K"}}`,
	`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"2QAX, über"}}`,
	`{"type":"content_block_stop","index":0}`,
	`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}`,
}

const (
	lastEvent     = `{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":9,"firstByteLatency":1}}`
	lastOfVendors = `{"type":"message_stop"}`
)

func answerFrames(t *testing.T) []byte {
	t.Helper()
	var all []byte
	for _, e := range answerEvents {
		all = append(all, chunk(t, e)...)
	}
	return append(all, chunk(t, lastEvent)...)
}

func asEvents(t testing.TB, events ...string) string {
	t.Helper()
	var b strings.Builder
	for _, e := range events {
		var head struct{ Type string }
		if err := json.Unmarshal([]byte(e), &head); err != nil {
			t.Fatal(err)
		}
		b.WriteString(claudetest.Event(head.Type, e))
	}
	return b.String()
}

func framed(pieces ...string) claudetest.Script {
	s := claudetest.Script{claudetest.Head(200, "content-type", "application/vnd.amazon.eventstream", "x-amzn-requestid", "9d1f-aws-request")}
	for _, p := range pieces {
		s = append(s, claudetest.Send(p))
	}
	return s
}

// names restores the placeholder of answerEvents.
type names struct{}

func (names) Reveal(s string) string { return strings.ReplaceAll(s, "NAME-7K2QAX", "Marta Example") }

func (names) Scan(buf string) (hits []claude.Span, hold int) {
	const ph = "NAME-7K2QAX"
	if i := strings.Index(buf, ph); i >= 0 {
		return []claude.Span{{Start: i, End: i + len(ph), Value: "Marta Example"}}, 0
	}
	for k := min(len(buf), len(ph)-1); k > 0; k-- {
		if strings.HasPrefix(ph, buf[len(buf)-k:]) {
			return nil, k
		}
	}
	return nil, 0
}

// copied is what the client gets of one streamed answer.
func copied(t *testing.T, door claude.Door) (string, claude.Delivery, error) {
	t.Helper()
	reply, err := door.Send(t.Context(), asked("/v1/messages", "2023-06-01", `{"model":"claude-opus-5","stream":true}`))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	d, err := reply.CopyText(w, names{}, claude.CopyOptions{RequestID: "req_house"})
	return w.Body.String(), d, err
}

// RTE-01: the same answer as from the vendor, cut at every byte of its frames.
func TestABedrockStreamIsTheVendorsHoweverItIsCut(t *testing.T) {
	awsEnv(t)
	wire := string(answerFrames(t))
	srv := claudetest.New(t)
	door := bedrockDoor(t, awsConfig(srv))
	srv.Then(framed(wire))
	want, d, err := copied(t, door)
	if err != nil || d.UpstreamRequestID != "9d1f-aws-request" || !d.Ended {
		t.Fatalf("%v %+v", err, d)
	}
	if !strings.Contains(want, `"Dear Marta Example"`) || !strings.HasSuffix(want, "data: "+lastOfVendors+"\n\n") || strings.Contains(want, "amazon") {
		t.Errorf("got %s", want)
	}
	if !strings.HasPrefix(want, asEvents(t, answerEvents[:2]...)) {
		t.Errorf("events in which nothing is restored changed: %s", want)
	}
	if got := srv.Last(t); !strings.HasSuffix(got.Target, "/invoke-with-response-stream") || strings.Contains(string(got.Body), "stream") {
		t.Errorf("sent %s to %s", got.Body, got.Target)
	}
	for i := 1; i < len(wire); i++ {
		got, _, err := copiedFrom(t, strings.NewReader(wire[:i]), strings.NewReader(wire[i:]))
		if err != nil || got != want {
			t.Fatalf("cut at byte %d: %v\n%s", i, err, got)
		}
	}
}

// disagreeing is a frame whose headers are longer than itself, with a sum that
// is right: the payload would be all that is left of four gigabytes.
func disagreeing() string {
	b := binary.BigEndian.AppendUint32(nil, 20)
	b = binary.BigEndian.AppendUint32(b, 16)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return string(b) + strings.Repeat("x", 1<<16)
}

func TestAFaultInABedrockStreamIsAnErrorEventAndNoAnswer(t *testing.T) {
	awsEnv(t)
	whole := answerFrames(t)
	first := string(chunk(t, answerEvents[0]))
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 0x20
	exception := func(kind, words string) string {
		return first + string(frame(t, `{"message":"`+words+`"}`, ":message-type", "exception", ":exception-type", kind, ":content-type", "application/json"))
	}
	srv := claudetest.New(t)
	door := bedrockDoor(t, awsConfig(srv))
	for name, c := range map[string]struct{ wire, want string }{
		"a damaged byte":            {string(damaged), `"error_code":"door_frame"`},
		"an end within a frame":     {string(whole[:len(whole)-7]), `"error_code":"upstream_truncated"`},
		"an end between frames":     {first, `"error_code":"upstream_truncated"`},
		"a frame that is no JSON":   {first + string(frame(t, "x", ":message-type", "event", ":event-type", "chunk")), `"error_code":"upstream_malformed"`},
		"a frame without a type":    {first + string(frame(t, "{}")), `"error_code":"upstream_malformed"`},
		"a frame that never ends":   {first + "\xff\xff\xff\xff\x00\x00\x00\x00", `"error_code":"door_frame"`},
		"lengths that disagree":     {first + disagreeing(), `"error_code":"door_frame"`},
		"bytes that are no frames":  {"event: message_start\ndata: {}\n\n", `"error_code":"door_frame"`},
		"a throttling":              {exception("throttlingException", "account 111122223333 is over its quota"), `"type":"rate_limit_error"`},
		"an overload":               {exception("serviceUnavailableException", "busy"), `"type":"overloaded_error"`},
		"a wrong request":           {exception("validationException", "Input is too long."), `"message":"Input is too long."`},
		"a wrong request, by name":  {exception("validationException", "arn:aws:x is wrong"), `"type":"invalid_request_error"`},
		"a model that timed out":    {exception("modelTimeoutException", "x"), `"type":"timeout_error"`},
		"an exception of no name":   {exception("", "x"), `"type":"api_error"`},
		"an error of the transport": {first + string(frame(t, "", ":message-type", "error", ":error-code", "InternalError", ":error-message", "secret")), `"type":"api_error"`},
	} {
		t.Run(name, func(t *testing.T) {
			srv.Then(framed(c.wire))
			got, _, _ := copied(t, door)
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for _, leak := range []string{"111122223333", "arn:", "secret"} {
				if strings.Contains(got, leak) {
					t.Errorf("the client reads %q", leak)
				}
			}
		})
	}
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// copiedFrom is what a client gets of frames that arrive piece by piece.
func copiedFrom(t *testing.T, pieces ...io.Reader) (string, claude.Delivery, error) {
	t.Helper()
	reply := &claude.Reply{
		Status: 200, Header: http.Header{"Content-Type": {"text/event-stream"}},
		Body: claude.Frames(io.NopCloser(io.MultiReader(pieces...))), Stream: true,
	}
	w := httptest.NewRecorder()
	d, err := reply.CopyText(w, names{}, claude.CopyOptions{RequestID: "req_house"})
	return w.Body.String(), d, err
}

func FuzzFrames(f *testing.F) {
	t := &testing.T{}
	whole := answerFrames(t)
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add(frame(t, `{"message":"x"}`, ":message-type", "exception", ":exception-type", "throttlingException"))
	f.Add([]byte("\x00\x00\x00\x10\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		r := claude.Frames(io.NopCloser(&oneByte{wire}))
		got, err := io.ReadAll(r)
		again, err2 := io.ReadAll(claude.Frames(io.NopCloser(&oneByte{wire})))
		if string(got) != string(again) || (err == nil) != (err2 == nil) {
			t.Fatal("the same frames came out differently")
		}
		if len(got) > 4*len(wire)+1024 {
			t.Fatalf("%d bytes of %d", len(got), len(wire))
		}
	})
}

type oneByte struct{ left []byte }

func (r *oneByte) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	p[0] = r.left[0]
	r.left = r.left[1:]
	return 1, nil
}
