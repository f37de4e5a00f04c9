package claude

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// reshape yields an object's members in their order and to the byte, without
// those of dropped, behind front ("\"a\":1,\"b\":2", or empty).
func reshape(doc *document, front string, dropped ...string) []byte {
	out := make([]byte, 0, len(doc.src)+len(front)+2)
	out = append(out, '{')
	out = append(out, front...)
	for k, v := range doc.members(0) {
		if slices.Contains(dropped, doc.text(k)) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, doc.src[doc.nodes[k].start:doc.nodes[v].end]...)
	}
	return append(out, '}')
}

// readCall parses the body of a call whose form a platform changes. Such a body
// was read and written by this package before, so a fault is the house's.
func readCall(c Call) (*document, error) {
	doc, f := parse(c.Body, mostDepth)
	switch {
	case f != nil:
		return nil, errNoCall(f)
	case !doc.is(0, object):
		return nil, errNoCall(nil)
	}
	return doc, nil
}

// cloudVersion is the version of the API as a cloud wants it in the body: the
// old one has a name of the cloud's own.
func cloudVersion(version, old string) string {
	if version == "" || version == "2023-06-01" {
		return old
	}
	return version
}

// splitBetas takes the features that a call asks for, in their order, without
// those that only the vendor's own API takes.
func splitBetas(values []string) []string {
	list := []string{}
	for _, line := range values {
		for _, b := range strings.Split(line, ",") {
			if b = strings.TrimSpace(b); b != "" && !strings.HasPrefix(b, "request-tags-") {
				list = append(list, b)
			}
		}
	}
	return list
}

// member is one member of an object as JSON.
func member(name string, value any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil { // strings and lists of them: cannot happen
		return quoted(name) + ":null"
	}
	return quoted(name) + ":" + strings.TrimSpace(b.String())
}

func quoted(s string) string { return string(appendQuoted(nil, s)) }
