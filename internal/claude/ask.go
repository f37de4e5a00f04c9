package claude

import (
	"net/http"
	"net/url"
	"slices"
)

// Ask is a request as it was read: parsed once, and never changed. It is safe
// for concurrent use.
type Ask struct {
	way     way // how it was asked for
	body    []byte
	doc     *document
	leaves  []place // in the order of the bytes
	opaque  []Opaque
	uses    []Use
	header  http.Header
	query   url.Values
	version string
	betas   []string
	session string
	agent   string
	model   string
	stream  bool
}

// Endpoint is the call that was made.
func (a *Ask) Endpoint() Endpoint { return a.way.endpoint }

// Model is the model asked for, empty if none of a model's form was named.
func (a *Ask) Model() string { return a.model }

// Stream reports whether the answer is to be streamed.
func (a *Ask) Stream() bool { return a.stream }

// Version is the anthropic-version of the request, one of Limits.Versions.
func (a *Ask) Version() string { return a.version }

// Betas lists the values of anthropic-beta, in order.
func (a *Ask) Betas() []string { return slices.Clone(a.betas) }

// ClientSession is what the client calls its session: X-Chaperone-Session, else
// X-Claude-Code-Session-Id; at most 128 characters; empty if it says nothing.
func (a *Ask) ClientSession() string { return a.session }

// UserAgent is what the client calls itself, printable ASCII, at most 256
// characters.
func (a *Ask) UserAgent() string { return a.agent }

// Body is the body as received, after Content-Encoding and the client's Form were
// undone. It must not be changed.
func (a *Ask) Body() []byte { return a.body }

// Opaque lists what cannot be inspected, in order.
func (a *Ask) Opaque() []Opaque { return slices.Clone(a.opaque) }

// Query is the query that goes on to the API: beta=true, or nothing.
func (a *Ask) Query() url.Values {
	out := url.Values{}
	for k, v := range a.query {
		out[k] = slices.Clone(v)
	}
	return out
}

// Header is what goes on to the API, in a copy of its own. It never holds a
// credential, a cookie, an address, a header of ours or one of the connection.
func (a *Ask) Header() http.Header { return a.header.Clone() }

// EachLeaf calls f for every text of the request, in the order of its bytes.
func (a *Ask) EachLeaf(f func(Leaf)) {
	for _, p := range a.leaves {
		f(p.leaf)
	}
}

// MapText returns the body with every leaf replaced by what f makes of it. All
// other bytes stay as they are; if f changes nothing, the result is Body itself,
// the same slice. A replaced number becomes a string. f is called once for each
// leaf, in the order of EachLeaf.
func (a *Ask) MapText(f func(Leaf) string) []byte {
	var edits []edit
	for _, p := range a.leaves {
		if now := f(p.leaf); now != p.leaf.Text {
			edits = append(edits, edit{node: a.doc.nodes[p.node], now: now})
		}
	}
	return splice(a.body, edits)
}
