package claude

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"chaperone"
)

// Batch is a call of POST /v1/messages/batches as it was read. Each of its lines
// is a request of its own and is parsed when it is asked for, so that a batch
// takes little more memory than its bytes.
type Batch struct {
	body  []byte
	lim   Limits
	lines []batchLine
	head  Ask // what all lines share
}

// BatchLine is what the client says of one line besides the request itself. Both
// may identify someone; neither leaves the house.
type BatchLine struct {
	ID      string // the client's custom_id
	Patient string // "chaperone": {"patient": "…"}, empty where nothing is said
}

type batchLine struct {
	BatchLine
	from, to int32 // the params, in bytes of the body
}

// mostLines is the vendor's limit of the requests in a batch.
const mostLines = 100_000

// ReadBatch reads a call of POST /v1/messages/batches. Errors are
// *chaperone.Error as those of ReadRequest, and with the codes batch_malformed
// and batch_duplicate_id; they name lines by their place, counted from 1, and
// repeat nothing of them.
func ReadBatch(r *http.Request, lim Limits) (*Batch, error) {
	lim = lim.filled()
	b := &Batch{lim: lim, head: Ask{way: way{endpoint: Batches}, query: forwardedQuery(r.URL.Query()), agent: readAgent(r.Header)}}
	var err error
	if b.head.header, err = ForwardedHeader(r.Header, lim.Versions); err != nil {
		return nil, err
	}
	b.head.version = b.head.header.Get("Anthropic-Version")
	if b.head.betas, err = readBetas(r.Header); err != nil {
		return nil, err
	}
	if b.head.session, err = readSession(r.Header); err != nil {
		return nil, err
	}
	if b.body, err = readBody(r, lim); err != nil {
		return nil, err
	}
	return b, b.readLines()
}

// ForwardedHeader is what goes on to the API of a request's header: as
// Ask.Header, for calls that ReadRequest does not read.
func ForwardedHeader(h http.Header, versions []string) (http.Header, error) {
	version, err := CheckVersion(h, versions)
	if err != nil {
		return nil, err
	}
	betas, err := readBetas(h)
	if err != nil {
		return nil, err
	}
	return forwarded(h, betas, version), nil
}

// readLines finds where the lines stand. The members around them are few and
// known; one that is not is refused, because nobody would look into it.
func (b *Batch) readLines() error {
	doc, f := parse(b.body, b.lim.Depth)
	if f != nil {
		return f.asInvalid()
	}
	const form = "The body of a batch is an object with a list of requests"
	if !doc.is(0, object) {
		return errBatch(form)
	}
	list, ok := doc.get(0, "requests")
	if !ok || !doc.is(list, array) {
		return errBatch(form)
	}
	for k := range doc.members(0) {
		if doc.text(k) != "requests" {
			return errBatch("The body of a batch has a member besides requests")
		}
	}
	seen := map[string]int{}
	for n, item := range doc.items(list) {
		if n == mostLines {
			return errBatch(fmt.Sprintf("The batch has more than %d requests", mostLines))
		}
		line, fault := readLine(doc, item)
		if fault != "" {
			return errBatch(fmt.Sprintf("Request %d of the batch %s", n+1, fault))
		}
		if first, twice := seen[line.ID]; twice {
			return chaperone.NewError(chaperone.KindInvalid, "batch_duplicate_id",
				fmt.Sprintf("Requests %d and %d of the batch have the same custom_id", first, n+1), "Give each a custom_id of its own", nil)
		}
		seen[line.ID] = n + 1
		b.lines = append(b.lines, line)
	}
	if len(b.lines) == 0 {
		return errBatch("The batch has no requests")
	}
	return nil
}

// readLine reads what stands around one request; the fault is in words that
// follow "Request 1 of the batch".
func readLine(doc *document, item int) (line batchLine, fault string) {
	if !doc.is(item, object) {
		return line, "is no object"
	}
	for k, v := range doc.members(item) {
		ok := false
		switch doc.text(k) {
		case "custom_id":
			if line.ID = doc.text(v); !doc.is(v, text) || !within(line.ID, 64, "_-") {
				return line, "has a custom_id that is not of 1 to 64 letters, digits, _ and -"
			}
		case "params":
			if !doc.is(v, object) {
				return line, "has params that are no object"
			}
			line.from, line.to = doc.nodes[v].start, doc.nodes[v].end
		case "chaperone":
			if line.Patient, ok = ofPatient(doc, v); !ok {
				return line, `has a member chaperone that is not of the form {"patient": "…"}`
			}
		default:
			return line, "has a member besides custom_id, params and chaperone"
		}
	}
	if line.ID == "" || line.to == 0 {
		return line, "lacks its custom_id or its params"
	}
	return line, ""
}

// ofPatient reads {"patient": "…"}, and nothing else.
func ofPatient(doc *document, v int) (patient string, ok bool) {
	if !doc.is(v, object) {
		return "", false
	}
	for k, said := range doc.members(v) {
		if doc.text(k) != "patient" || !doc.is(said, text) {
			return "", false
		}
		patient = doc.text(said)
	}
	return patient, patient != ""
}

func errBatch(public string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "batch_malformed", public, "Correct the batch and send it again", nil)
}

// Len is the number of lines.
func (b *Batch) Len() int { return len(b.lines) }

// Line is what the client says of a line, counted from 0.
func (b *Batch) Line(n int) BatchLine { return b.lines[n].BatchLine }

// Body is the body as received, after Content-Encoding was undone. It must not
// be changed.
func (b *Batch) Body() []byte { return b.body }

// Header is what goes on to the API; see Ask.Header.
func (b *Batch) Header() http.Header { return b.head.Header() }

// Query is the query that goes on to the API; see Ask.Query.
func (b *Batch) Query() url.Values { return b.head.Query() }

// ClientSession is what the client calls its session; see Ask.ClientSession.
func (b *Batch) ClientSession() string { return b.head.session }

// Ask parses a line, counted from 0, as a request of its own. Errors are those
// of ReadRequest, and say which line is meant.
func (b *Batch) Ask(n int) (*Ask, error) {
	a := b.head
	if err := a.readText(b.body[b.lines[n].from:b.lines[n].to], b.lim); err != nil {
		return nil, InLine(n, err)
	}
	return &a, nil
}

// InLine says of an error which line of a batch it concerns, counted from 0.
func InLine(n int, err error) error {
	e := chaperone.AsError(err)
	return chaperone.NewError(e.Kind, e.Code, fmt.Sprintf("Request %d of the batch: %s", n+1, e.Public), e.Next, err)
}

// BatchBody is the body of a batch in the making. Its zero value is empty.
type BatchBody struct{ b strings.Builder }

// Add puts one line in: an id and a body, which is JSON.
func (w *BatchBody) Add(id string, params []byte) {
	if w.b.Len() == 0 {
		w.b.WriteString(`{"requests":[`)
	} else {
		w.b.WriteByte(',')
	}
	w.b.WriteString(`{"custom_id":`)
	w.b.Write(appendQuoted(nil, id))
	w.b.WriteString(`,"params":`)
	w.b.Write(params)
	w.b.WriteByte('}')
}

// Bytes is the whole body.
func (w *BatchBody) Bytes() []byte { return []byte(w.b.String() + "]}") }
