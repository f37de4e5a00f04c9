package claude

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"chaperone"
)

// undress turns a call in another form into the vendor's own: the body, and the
// header as the vendor's own clients would have sent it. Every member that the
// cloud did not add stays where it is, to the byte. lim is filled.
func (w way) undress(body []byte, h http.Header, lim Limits) ([]byte, http.Header, error) {
	doc, err := readDressed(body, lim)
	if doc == nil || err != nil {
		return body, h, err
	}
	switch w.form {
	case FormHosted:
		body, err = named(doc)
		return body, h, err
	case FormBedrock:
		if w.endpoint == CountTokens {
			if doc, err = countedBody(doc, lim); doc == nil || err != nil {
				return nil, h, err
			}
		}
	}
	if h, err = headOf(doc, h, lim.Versions); err != nil {
		return nil, h, err
	}
	body, err = w.inVendorsForm(doc)
	return body, h, err
}

// readDressed parses a body. One that is no object is nil: the error for it is the
// same in every form.
func readDressed(body []byte, lim Limits) (*document, error) {
	doc, f := parse(body, lim.Depth)
	if f != nil {
		return nil, f.asInvalid()
	}
	if !doc.is(0, object) {
		return nil, nil //nolint:nilnil // said above
	}
	return doc, nil
}

// named gives the model its own name, where the body has a cloud's.
func named(doc *document) ([]byte, error) {
	v, ok := doc.get(0, "model")
	if !ok || !doc.is(v, text) {
		return doc.src, nil
	}
	name, err := vendorsModel(doc.text(v))
	if err != nil || name == doc.text(v) {
		return doc.src, err
	}
	return splice(doc.src, []edit{{node: doc.nodes[v], now: name}}), nil
}

// inVendorsForm puts into the body what the path said.
func (w way) inVendorsForm(doc *document) ([]byte, error) {
	id := w.model
	if id == "" {
		id = doc.getText(0, "model")
	}
	name, err := vendorsModel(id)
	if err != nil {
		return nil, err
	}
	front := member("model", name)
	drop := []string{"model", "anthropic_version", "anthropic_beta"}
	if w.form == FormBedrock || w.stream {
		drop = append(drop, "stream") // the path says it
	}
	if w.stream {
		front += `,"stream":true`
	}
	if w.form == FormBedrock && w.endpoint == CountTokens {
		drop = append(drop, uncounted()...)
	}
	return reshape(doc, front, drop...), nil
}

// uncounted are the members of a whole request that the vendor's call to count
// does not take, and that change nothing of the count.
func uncounted() []string {
	return []string{"stream", "max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier"}
}

// countedBody is the request whose tokens Amazon's CountTokens asks for.
func countedBody(doc *document, lim Limits) (*document, error) {
	malformed := chaperone.NewError(chaperone.KindInvalid, "count_malformed",
		"The body does not hold a request to InvokeModel in base64", "Send input.invokeModel.body", nil)
	input, ok := doc.get(0, "input")
	if !ok {
		return nil, malformed
	}
	invoke, ok := doc.get(input, "invokeModel")
	if !ok {
		return nil, malformed
	}
	inner, err := base64.StdEncoding.DecodeString(doc.getText(invoke, "body"))
	if err != nil {
		return nil, malformed
	}
	counted, err := readDressed(inner, lim)
	if counted == nil && err == nil {
		err = malformed
	}
	return counted, err
}

// headOf moves the version and the features from the body to where the vendor's
// own clients say them. What the body says of the version counts, as it does on
// the clouds.
func headOf(doc *document, h http.Header, known []string) (http.Header, error) {
	h = h.Clone()
	if v, ok := doc.get(0, "anthropic_version"); ok {
		version := ""
		if doc.is(v, text) {
			version = doc.text(v)
		}
		h.Set("Anthropic-Version", vendorsVersion(version))
	}
	if _, err := CheckVersion(h, known); err != nil {
		code := chaperone.AsError(err).Code // the same, in words for those who have no such header
		return h, chaperone.NewError(chaperone.KindInvalid, code,
			"The body's anthropic_version is missing or names no version that is spoken here",
			"Send "+bedrockVersion+" or "+vertexVersion+", as your client's platform documents it", nil)
	}
	v, ok := doc.get(0, "anthropic_beta")
	if !ok {
		return h, nil
	}
	list := []string{doc.getText(0, "anthropic_beta")}
	if doc.is(v, array) {
		list = nil
		for _, item := range doc.items(v) {
			list = append(list, doc.text(item)) // what is no string is no name of a feature either
		}
	}
	h.Set("Anthropic-Beta", strings.Join(union(h.Values("Anthropic-Beta"), list), ","))
	return h, nil
}

// vendorsVersion undoes cloudVersion.
func vendorsVersion(version string) string {
	if version == bedrockVersion || version == vertexVersion {
		return "2023-06-01"
	}
	return version
}

// union lists what both say, once, in their order.
func union(lines, list []string) []string {
	var all []string
	for _, line := range append(slices.Clone(lines), list...) {
		for _, b := range strings.Split(line, ",") {
			if b = strings.TrimSpace(b); b != "" && !slices.Contains(all, b) {
				all = append(all, b)
			}
		}
	}
	return all
}

// noGuardrail refuses what asks Amazon to watch over the answer: nothing here
// would, and leaving it out in silence would weaken what somebody relies on.
func noGuardrail(h http.Header) error {
	if h.Get("X-Amzn-Bedrock-Guardrailidentifier") == "" {
		return nil
	}
	return chaperone.NewError(chaperone.KindInvalid, "guardrail_not_offered",
		"The request asks for a guardrail of Amazon's, which is not applied here", "Send the request without it", nil)
}
