package claude

import (
	"bytes"
	"encoding/base64"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream/eventstreamapi"
)

// framer turns a stream of server-sent events into Amazon's binary frames, which
// Amazon's own encoder writes: one frame for each event as soon as it is whole.
type framer struct {
	split *splitter
	enc   *eventstream.Encoder
	out   bytes.Buffer
}

func newFramer() *framer {
	return &framer{split: newSplitter(nil, 0), enc: eventstream.NewEncoder()}
}

// add takes bytes of the stream and yields the frames of the events that they
// end. The frames are valid until the next call.
func (f *framer) add(b []byte) ([]byte, error) {
	f.out.Reset()
	s := f.split
	if s.from > 0 {
		n := copy(s.buf, s.buf[s.from:])
		s.buf, s.at, s.from = s.buf[:n], s.at-s.from, 0
	}
	s.buf = append(s.buf, b...)
	for s.scan() {
		if err := f.event(s.buf[s.from:s.at]); err != nil {
			return nil, err
		}
		s.from, s.empty, s.last = s.at, true, noLine
	}
	return f.out.Bytes(), nil
}

// rest is the frame of an event that no blank line ended.
func (f *framer) rest() ([]byte, error) {
	f.out.Reset()
	err := f.event(f.split.buf[f.split.from:])
	return f.out.Bytes(), err
}

// event frames one event. There is no frame for what is no object of JSON:
// comments, blank lines, words of a proxy.
func (f *framer) event(raw []byte) error {
	e := parseEvent(raw)
	if e.lines == 0 {
		return nil
	}
	doc, fault := parse(e.data, defaultDepth)
	if fault != nil || !doc.is(0, object) {
		return nil
	}
	if doc.getText(0, "type") == "error" {
		return f.frame(fmt.Appendf(nil, `{%s}`, member("message", errorText(doc, "message"))),
			eventstreamapi.MessageTypeHeader, eventstreamapi.ExceptionMessageType,
			eventstreamapi.ExceptionTypeHeader, amazonsException(errorText(doc, "type")))
	}
	payload := append([]byte(`{"bytes":"`), base64.StdEncoding.EncodeToString(e.data)...)
	return f.frame(append(payload, `"}`...),
		eventstreamapi.MessageTypeHeader, eventstreamapi.EventMessageType,
		eventstreamapi.EventTypeHeader, "chunk")
}

func (f *framer) frame(payload []byte, headers ...string) error {
	m := eventstream.Message{Payload: payload}
	m.Headers.Set(eventstreamapi.ContentTypeHeader, eventstream.StringValue("application/json"))
	for i := 0; i+1 < len(headers); i += 2 {
		m.Headers.Set(headers[i], eventstream.StringValue(headers[i+1]))
	}
	if err := f.enc.Encode(&f.out, m); err != nil {
		return fmt.Errorf("claude: frame: %w", err)
	}
	return nil
}
