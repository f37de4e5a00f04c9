package claude

import (
	"bufio"
	"errors"
	"io"
)

// Results reads the results of a batch line by line, in memory for one line.
type Results struct {
	r    *bufio.Reader
	most int
	line int
}

// ResultLine is one line of results as it came.
type ResultLine struct {
	Raw []byte // without its line end; nil for one over the limit
	ID  string // its custom_id; empty for one that cannot be read
	doc *document
	id  int // the node of the custom_id
}

// mostResult bounds one line of results, in bytes.
const mostResult = 16 << 20

// NewResults reads JSON lines from r, each of at most 16 MiB.
func NewResults(r io.Reader) *Results {
	return &Results{r: bufio.NewReaderSize(r, 64<<10), most: mostResult}
}

// Next is the next line that is not empty. A line that is no result comes with an
// empty ID; the lines behind it are read all the same. io.EOF says that the
// results ended where a line ends; any other error is a *chaperone.Error or
// ErrClientGone, and the results broke off.
func (s *Results) Next() (ResultLine, error) {
	for {
		raw, err := s.read()
		if err != nil && !errors.Is(err, io.EOF) {
			return ResultLine{}, readingFault(err)
		}
		if line := readResult(raw); len(raw) > 0 || raw == nil && s.line > s.most {
			if err == nil || line.ID != "" {
				return line, nil
			}
			// What stands behind the last line end and is no result was cut.
			return ResultLine{}, errTruncated(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return ResultLine{}, io.EOF
		}
	}
}

// read takes one line, nil for one that is too long. s.line says how long it was.
func (s *Results) read() ([]byte, error) {
	var raw []byte
	for s.line = 0; ; {
		part, err := s.r.ReadSlice('\n')
		if s.line += len(part); s.line > s.most {
			raw = nil
		} else {
			raw = append(raw, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r') {
			raw = raw[:len(raw)-1]
		}
		return raw, err
	}
}

func readResult(raw []byte) ResultLine {
	line := ResultLine{Raw: raw}
	doc, f := parse(raw, defaultDepth)
	if f != nil || !doc.is(0, object) {
		return line
	}
	id, ok := doc.get(0, "custom_id")
	result, has := doc.get(0, "result")
	if !ok || !has || !doc.is(id, text) || !doc.is(result, object) {
		return line
	}
	line.ID, line.doc, line.id = doc.text(id), doc, id
	return line
}

// Geo is where the answer of a line says that it ran, and whether the line has an
// answer that could say so.
func (l ResultLine) Geo() (geo string, answered bool) {
	if l.doc == nil {
		return "", false
	}
	result, _ := l.doc.get(0, "result")
	message, ok := l.doc.get(result, "message")
	if !ok {
		return "", false
	}
	var d Delivery
	d.message(l.doc, message)
	return d.Geo, true
}

// Restored is the line as the client gets it: under an id, with every placeholder
// restored. thinking may be nil; see CopyOptions.Thinking. It must not be called
// of a line without ID.
func (l ResultLine) Restored(id string, rv Revealer, thinking func(revealed, original string)) []byte {
	x := restorer{doc: l.doc, rv: rv, think: thinking, skip: l.id}
	x.value(0, false)
	edits := make([]edit, 0, len(x.edits)+1)
	named := edit{node: l.doc.nodes[l.id], now: id}
	for _, e := range x.edits {
		if named.node.end > 0 && e.node.start > named.node.start {
			edits = append(edits, named)
			named.node.end = 0
		}
		edits = append(edits, e)
	}
	if named.node.end > 0 {
		edits = append(edits, named)
	}
	return splice(l.Raw, edits)
}

// LostResult is a line for a request whose result did not come, in the API's own
// form, so that no client takes silence for an end.
func LostResult(id, code, words string) []byte {
	out := append([]byte(`{"custom_id":`), appendQuoted(nil, id)...)
	out = append(out, `,"result":{"type":"errored","error":`...)
	out = append(out, marshalEnvelope(envelope{
		Type: "error", Error: envelopeError{"api_error", words, &envelopeDetails{code}},
	})...)
	return append(out, `}}`...)
}
