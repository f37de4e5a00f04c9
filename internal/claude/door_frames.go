package claude

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"

	"chaperone"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream/eventstreamapi"
)

// frameMedia is the type of a stream in Amazon's frames.
const frameMedia = "application/vnd.amazon.eventstream"

// Amazon's own limits, in bytes. The decoder holds a frame neither to them nor to
// lengths that agree with each other, so that is done here: what a frame claims
// would otherwise be read into memory.
const (
	mostFrame   = 16 << 20
	mostHeaders = 128 << 10
	leastFrame  = 16 // two lengths, two sums
)

// frames reads a stream in Amazon's binary frames and yields the server-sent
// events that the vendor would have sent. Amazon's decoder checks both sums of
// every frame; of a frame that fails nothing is passed on. Errors are
// *chaperone.Error, io.EOF apart.
type frames struct {
	body    io.Closer
	in      *bufio.Reader
	dec     *eventstream.Decoder
	payload []byte
	out     []byte // events that nobody has read yet
	err     error
}

func newFrames(body io.ReadCloser) *frames {
	return &frames{body: body, in: bufio.NewReaderSize(body, readSize), dec: eventstream.NewDecoder()}
}

// Read yields whole events as soon as their frame is there.
func (f *frames) Read(p []byte) (int, error) {
	for len(f.out) == 0 {
		if f.err != nil {
			return 0, f.err
		}
		f.out, f.err = f.next()
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

// Close gives the answer up.
func (f *frames) Close() error { return f.body.Close() }

// next decodes one frame.
func (f *frames) next() ([]byte, error) {
	head, err := f.in.Peek(8)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return nil, io.EOF
	case err != nil:
		return nil, frameError(err)
	}
	length, headers := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
	if length < leastFrame || length > mostFrame || headers > min(mostHeaders, length-leastFrame) {
		return nil, errFrame()
	}
	m, err := f.dec.Decode(io.LimitReader(f.in, int64(length)), f.payload)
	if err != nil {
		return nil, frameError(err)
	}
	f.payload = m.Payload[:0]
	switch header(m, eventstreamapi.MessageTypeHeader) {
	case eventstreamapi.EventMessageType:
		if header(m, eventstreamapi.EventTypeHeader) != "chunk" {
			return nil, nil // of a later version
		}
		return chunkEvent(m.Payload)
	case eventstreamapi.ExceptionMessageType:
		return exceptionEvent(header(m, eventstreamapi.ExceptionTypeHeader), m.Payload), nil
	case eventstreamapi.ErrorMessageType:
		return exceptionEvent(header(m, eventstreamapi.ErrorCodeHeader), nil), nil
	}
	return nil, errMalformed(nil)
}

func header(m eventstream.Message, name string) string {
	if v := m.Headers.Get(name); v != nil {
		return v.String()
	}
	return ""
}

// chunkEvent is the event that a frame carries. What Amazon adds to the last
// one about its own measurements is no part of the Messages API.
func chunkEvent(payload []byte) ([]byte, error) {
	var chunk struct {
		Bytes string `json:"bytes"`
	}
	if err := json.Unmarshal(payload, &chunk); err != nil {
		return nil, errMalformed(nil)
	}
	data, err := base64.StdEncoding.DecodeString(chunk.Bytes)
	if err != nil {
		return nil, errMalformed(nil)
	}
	doc, f := parse(data, defaultDepth)
	switch {
	case f != nil:
		return nil, errMalformed(f)
	case !doc.is(0, object):
		return nil, errMalformed(nil)
	}
	const metrics = "amazon-bedrock-invocationMetrics"
	if _, ok := doc.get(0, metrics); ok {
		data = reshape(doc, "", metrics)
	}
	return sseEvent(doc.getText(0, "type"), data), nil
}

// exceptionEvent is an error in the middle of a stream.
func exceptionEvent(code string, payload []byte) []byte {
	_, errorType := awsError(code, 500)
	words := genericWords(errorType)
	if doc, f := parse(payload, defaultDepth); f == nil && doc.is(0, object) && relayed(errorType) {
		if said := doc.getText(0, "message"); said != "" && !namesAccount(said) {
			words = said
		}
	}
	return sseEvent("error", marshalEnvelope(envelope{Type: "error", Error: envelopeError{Type: errorType, Message: words}}))
}

// sseEvent writes an event as the vendor does. Line breaks between the tokens
// of its JSON would end the line; they mean nothing there.
func sseEvent(kind string, data []byte) []byte {
	if bytes.ContainsAny(data, "\r\n") {
		var compact bytes.Buffer
		if json.Compact(&compact, data) == nil {
			data = compact.Bytes()
		}
	}
	if !typeForm(kind) {
		kind = "message"
	}
	out := make([]byte, 0, len(data)+len(kind)+16)
	out = append(append(append(out, "event: "...), kind...), "\ndata: "...)
	return append(append(out, data...), "\n\n"...)
}

// frameError sorts the reasons why a frame could not be read. The decoder's
// own words can hold bytes of the frame, so they are not kept.
func frameError(err error) error {
	var mine *chaperone.Error
	switch {
	case errors.As(err, &mine):
		return mine
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errTruncated(io.ErrUnexpectedEOF)
	}
	return errFrame()
}

func errFrame() error {
	return errUpstream("door_frame", "The answer was damaged on its way", nil)
}
