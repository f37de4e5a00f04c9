package claude

import (
	"net/http"
	"slices"
	"strings"
)

// hosted is a platform that speaks the Messages API itself, behind a path, with
// headers and with names of models of its own.
type hosted struct {
	prefix  string                          // escaped; stands before the API's path
	header  map[string]string               // in every call
	name    func(id string) (string, error) // the platform's id of a model; nil: the vendor's
	list    *listing                        // nil: the platform has a list of models
	drop    []string                        // members that it does not take
	noBetas bool                            // features of the vendor's own API alone are left out
	full    bool                            // batches and files are there too
	refusal func(*Reply) error
}

func (p hosted) shape(c Call, h http.Header) (shaped, error) {
	if p.list != nil {
		if reply, err := p.list.answer(c); reply != nil || err != nil {
			return shaped{reply: reply}, err
		}
	}
	for name, value := range p.header {
		h.Set(name, value)
	}
	if p.noBetas {
		setBetas(h, splitBetas(h.Values("Anthropic-Beta")))
	}
	out := shaped{path: p.prefix + c.Path, query: c.Query, body: c.Body}
	if len(c.Body) == 0 || p.name == nil && len(p.drop) == 0 || heldCall(c) {
		return out, nil
	}
	body, err := p.body(c)
	out.body = body
	return out, err
}

// body is the call's to the byte, but for what the platform names otherwise or
// does not take.
func (p hosted) body(c Call) ([]byte, error) {
	doc, err := readCall(c)
	if err != nil {
		return nil, err
	}
	if p.name != nil {
		if doc, err = renamed(doc, p.name); err != nil {
			return nil, err
		}
	}
	for k := range doc.members(0) {
		if slices.Contains(p.drop, doc.text(k)) {
			return reshape(doc, "", p.drop...), nil
		}
	}
	return doc.src, nil
}

// renamed puts the platform's id of the model into a body.
func renamed(doc *document, name func(string) (string, error)) (*document, error) {
	id := doc.getText(0, "model")
	there, err := name(id)
	if err != nil || there == id {
		return doc, err
	}
	v, _ := doc.get(0, "model") // it had a name
	return readCall(Call{Body: splice(doc.src, []edit{{node: doc.nodes[v], now: there}})})
}

func setBetas(h http.Header, betas []string) {
	h.Del("Anthropic-Beta")
	if len(betas) > 0 {
		h.Set("Anthropic-Beta", strings.Join(betas, ","))
	}
}

func (p hosted) unshape(_ Call, reply *Reply) error {
	if reply.Status < 400 || p.refusal == nil {
		return nil
	}
	nameRequest(reply.Header)
	return p.refusal(reply)
}

// cloudRefusal puts an error of a platform's own into the vendor's envelope. What
// is in it already stays. Retry-after and the request's id stay as well.
func cloudRefusal(reply *Reply) error {
	words := ""
	if doc, err := readWhole(reply); err == nil {
		if doc.getText(0, "type") == "error" {
			reply.replace(doc.src)
			return nil
		}
		words = doc.getText(0, "message")
		if e, ok := doc.get(0, "error"); ok && doc.is(e, object) {
			words = doc.getText(e, "message")
		}
	}
	reply.refuse(reply.Status, typeOfStatus(reply.Status), words)
	return nil
}
