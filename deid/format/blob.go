package format

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// binary takes base64 in a document: text within is read as a document of its
// own; what cannot be looked into is concealed as a whole, like a photograph,
// and comes back whole.
func (f *fhir) binary(n *node, contentType, path string) {
	if n.kind != stringNode {
		return
	}
	f.b.blob(n.token, contentType, path)
}

// opaque conceals base64 as a whole.
func (f *fhir) opaque(n *node, path string) { f.b.sealed(n.token, path) }

func (b *builder) blob(t token, contentType, path string) {
	inner := innerOf(unbase64(t.text), contentType)
	if inner == nil {
		b.sealed(t, path)
		return
	}
	b.nest(t.start, t.end, Locus{Path: path}, inner, func(now []byte) []byte {
		return base64.StdEncoding.AppendEncode(nil, now)
	})
}

// sealed makes one locus of base64: its text is what the base64 holds.
func (b *builder) sealed(t token, path string) {
	held := string(unbase64(t.text))
	if held == "" {
		held = t.text
	}
	t = token{start: t.start, end: t.end, text: held, wrap: func(text string) []byte {
		return base64.StdEncoding.AppendEncode(nil, []byte(text))
	}}
	b.part(t, 0, len(t.text), Locus{Path: path, Kind: phi.Image})
}

// unbase64 decodes base64 of either alphabet, with or without blanks and
// padding; nil if it is none.
func unbase64(text string) []byte {
	compact := strings.TrimRight(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, text), "=")
	raw, err := base64.RawStdEncoding.DecodeString(compact)
	if err != nil {
		return nil
	}
	return raw
}

var byContentType = map[string]Name{
	"text/plain": Text, "text/html": HTML, "application/xhtml+xml": XML, "text/csv": CSV, "text/tab-separated-values": TSV, "text/markdown": Markdown,
	"application/json": JSON, "application/fhir+json": JSON, "application/xml": XML, "text/xml": XML, "application/fhir+xml": XML, "application/hl7-v3+xml": XML, "application/hl7-cda+xml": XML,
	"application/fhir+ndjson": NDJSON, "application/x-ndjson": NDJSON, "application/yaml": YAML, "text/yaml": YAML,
	"x-application/hl7-v2+er7": HL7v2, "application/hl7-v2": HL7v2, "text/hl7v2": HL7v2, "application/edi-x12": X12, "message/rfc822": Mail,
}

// innerOf reads a document within a document; nil if it cannot be looked into.
func innerOf(raw []byte, contentType string) *Document {
	if name := packedKind(raw, ""); name != "" {
		d, err := parsePacked(name, raw, sight{})
		if err != nil {
			return nil
		}
		return d
	}
	if len(raw) == 0 || binaryKind(raw) != "" || !utf8.Valid(raw) && utf16Mark(raw) == nil {
		return nil
	}
	contentType, _, _ = strings.Cut(strings.ToLower(contentType), ";")
	name, known := byContentType[strings.TrimSpace(contentType)]
	if !known {
		found, err := Detect("", raw)
		if err != nil {
			return nil
		}
		name = found
	}
	d, err := Parse(name, raw)
	if err != nil {
		// It is not what it says it is; its text can be read all the same.
		d = parseText(raw)
	}
	return d
}
