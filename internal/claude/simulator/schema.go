package simulator

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// maxSchemaDepth ends schemas that refer to themselves.
const maxSchemaDepth = 12

// schema is the part of JSON Schema that is needed to make up a value.
type schema struct {
	Type       json.RawMessage   `json:"type"`
	Properties json.RawMessage   `json:"properties"`
	Required   []string          `json:"required"`
	Items      json.RawMessage   `json:"items"`
	Enum       []json.RawMessage `json:"enum"`
	Const      json.RawMessage   `json:"const"`
	AnyOf      []json.RawMessage `json:"anyOf"`
	OneOf      []json.RawMessage `json:"oneOf"`
	AllOf      []json.RawMessage `json:"allOf"`
	Ref        string            `json:"$ref"`
	Format     string            `json:"format"`
	MinItems   int               `json:"minItems"`
	MaxLength  *int              `json:"maxLength"`
	Minimum    json.RawMessage   `json:"minimum"`
}

// filler makes up a value for a schema out of what the text holds.
type filler struct {
	root json.RawMessage
	note *note
	all  bool      // fill optional properties as well
	drug *medicine // the medicine that an item of a list is about
	prob *finding  // the problem, likewise
}

// fill returns a value for the schema, a JSON object as a rule. Required
// properties always have a value of their type; optional ones only when the
// text holds something for them, or when all is set.
func fill(raw json.RawMessage, n *note, all bool) []byte {
	f := &filler{root: raw, note: n, all: all}
	value, _ := f.value("", raw, true, 0)
	return value
}

// fillWith fills the schema so that its first property of type string holds
// the text. It reports false when there is none.
func fillWith(raw json.RawMessage, text string) ([]byte, bool) {
	f := &filler{root: raw, note: readNote(nil)}
	done := false
	var out []member
	s := f.resolve(raw, 0)
	for _, p := range members(s.Properties) {
		if sub := f.resolve(p.value, 0); !done && sub.kind() == "string" {
			done = true
			out = append(out, member{p.key, encode(text)})
			continue
		}
		if slices.Contains(s.Required, p.key) {
			v, _ := f.value(p.key, p.value, true, 1)
			out = append(out, member{p.key, v})
		}
	}
	return object(out), done
}

// resolve follows references within the schema and the first of several
// alternatives.
func (f *filler) resolve(raw json.RawMessage, depth int) schema {
	var s schema
	if json.Unmarshal(raw, &s) != nil || depth > maxSchemaDepth {
		return schema{}
	}
	switch {
	case s.Ref != "":
		return f.resolve(f.lookup(s.Ref), depth+1)
	case len(s.AnyOf) > 0:
		return f.resolve(notNull(s.AnyOf), depth+1)
	case len(s.OneOf) > 0:
		return f.resolve(notNull(s.OneOf), depth+1)
	case len(s.AllOf) > 0 && len(s.Type) == 0:
		return f.resolve(s.AllOf[0], depth+1)
	}
	return s
}

func notNull(list []json.RawMessage) json.RawMessage {
	for _, raw := range list {
		var s schema
		if json.Unmarshal(raw, &s) == nil && s.kind() != "null" {
			return raw
		}
	}
	return list[0]
}

// lookup finds "#/$defs/Name" in the schema.
func (f *filler) lookup(ref string) json.RawMessage {
	at := f.root
	for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		var next json.RawMessage
		for _, m := range members(at) {
			if m.key == key {
				next = m.value
			}
		}
		at = next
	}
	return at
}

// kind is the type that a value is made of; of several, the first that is not
// null.
func (s schema) kind() string {
	var one string
	if json.Unmarshal(s.Type, &one) == nil && one != "" {
		return one
	}
	var many []string
	if json.Unmarshal(s.Type, &many) == nil {
		for _, k := range many {
			if k != "null" {
				return k
			}
		}
		if len(many) > 0 {
			return "null"
		}
	}
	switch {
	case len(s.Properties) > 0:
		return "object"
	case len(s.Items) > 0:
		return "array"
	}
	return "string"
}

// value makes up a value for the property of that name. It reports false when
// the text holds nothing for it; the value is valid nevertheless.
func (f *filler) value(name string, raw json.RawMessage, required bool, depth int) ([]byte, bool) {
	s := f.resolve(raw, depth)
	if depth > maxSchemaDepth {
		return []byte("null"), false
	}
	switch {
	case len(s.Const) > 0:
		return s.Const, required
	case len(s.Enum) > 0:
		return f.choose(s.Enum)
	}
	switch s.kind() {
	case "object":
		return f.object(s, depth)
	case "array":
		return f.array(name, s, depth)
	case "integer", "number":
		return f.number(name, s)
	case "boolean":
		return []byte("true"), false
	case "null":
		return []byte("null"), false
	}
	return f.text(name, s)
}

// choose takes the value that the instruction names, else the first.
func (f *filler) choose(values []json.RawMessage) ([]byte, bool) {
	asked := contentWords(f.note.ask, "")
	for _, v := range values {
		var word string
		if json.Unmarshal(v, &word) != nil {
			continue
		}
		for _, w := range contentWords(word, "") {
			if slices.Contains(asked, w) {
				return v, true
			}
		}
	}
	return values[0], false
}

func (f *filler) object(s schema, depth int) ([]byte, bool) {
	var out []member
	any := false
	for _, p := range members(s.Properties) {
		required := slices.Contains(s.Required, p.key)
		v, found := f.value(p.key, p.value, required, depth+1)
		any = any || found
		if required || found || f.all {
			out = append(out, member{p.key, v})
		}
	}
	return object(out), any
}

// array has one item for each medicine or problem if it is about them.
func (f *filler) array(name string, s schema, depth int) ([]byte, bool) {
	var items [][]byte
	item := s.Items
	if len(item) == 0 {
		item = json.RawMessage(`{"type":"string"}`)
	}
	switch subjectOf(name) {
	case subjectMedicine:
		for _, m := range f.note.medicines {
			v, _ := (&filler{root: f.root, note: f.note, all: f.all, drug: &m}).value(name, item, true, depth+1)
			items = append(items, v)
		}
	case subjectProblem:
		for _, p := range f.note.problems {
			v, _ := (&filler{root: f.root, note: f.note, all: f.all, prob: &p}).value(name, item, true, depth+1)
			items = append(items, v)
		}
	default:
		if v, found := f.value(name, item, true, depth+1); found {
			items = append(items, v)
		}
	}
	found := len(items) > 0
	for len(items) < s.MinItems && depth < maxSchemaDepth {
		v, _ := f.value(name, item, true, depth+1)
		items = append(items, v)
	}
	return slices.Concat([]byte("["), bytes.Join(items, []byte(",")), []byte("]")), found
}
