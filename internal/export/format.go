package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Format is a form in which events are written.
type Format string

// The formats.
const (
	FormatJSON Format = "json" // the record's own words; see Event
	FormatFHIR Format = "fhir" // FHIR R4 AuditEvent (IHE BALP), and Provenance for answers
	FormatOCSF Format = "ocsf" // Open Cybersecurity Schema Framework, API Activity
	FormatECS  Format = "ecs"  // Elastic Common Schema
	FormatCEF  Format = "cef"  // ArcSight Common Event Format
)

// Formats lists the formats.
func Formats() []Format {
	return []Format{FormatJSON, FormatFHIR, FormatOCSF, FormatECS, FormatCEF}
}

var errFormat = errors.New("export: no such format")

// Encode writes an event in a format: one document, or two where an answer has a
// Provenance besides. A document has no line break in it.
func Encode(f Format, e Event) ([][]byte, error) {
	var docs []any
	switch f {
	case FormatJSON:
		docs = []any{e}
	case FormatFHIR:
		docs = fhirResources(e)
	case FormatOCSF:
		doc, err := ocsf(e)
		if err != nil {
			return nil, err
		}
		docs = []any{doc}
	case FormatECS:
		docs = []any{ecs(e)}
	case FormatCEF:
		return [][]byte{[]byte(cef(e))}, nil
	default:
		return nil, errFormat
	}
	out := make([][]byte, 0, len(docs))
	for _, doc := range docs {
		line, err := compact(doc)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

// compact is JSON on one line, without escapes meant for HTML.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("export: encode: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// lines writes events in a format, one document a line.
func lines(f Format, events []Event) ([]byte, error) {
	var b bytes.Buffer
	for _, e := range events {
		docs, err := Encode(f, e)
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			b.Write(doc)
			b.WriteByte('\n')
		}
	}
	return b.Bytes(), nil
}

// ParseFormat returns the format of that name.
func ParseFormat(s string) (Format, error) {
	if f := Format(s); slices.Contains(Formats(), f) {
		return f, nil
	}
	return "", errFormat
}

// object is a JSON object whose keys come out in order.
type object = map[string]any

// set puts a value that is there.
func set(o object, key, value string) {
	if value != "" {
		o[key] = value
	}
}
