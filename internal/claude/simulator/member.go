package simulator

import (
	"bytes"
	"encoding/json"
	"strings"
)

// member is one member of a JSON object. Objects are read as lists of members,
// because the order in which a schema names its properties is the order in
// which they are filled.
type member struct {
	key   string
	value json.RawMessage
}

// members yields the members of an object in order; none for anything else.
func members(raw json.RawMessage) []member {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var out []member
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil
		}
		out = append(out, member{key.(string), value})
	}
	if _, err := dec.Token(); err != nil {
		return nil
	}
	return out
}

// object writes members back as an object.
func object(list []member) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(encode(m.key))
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// plain is the value as a person would read it.
func (m member) plain() string {
	var s string
	if json.Unmarshal(m.value, &s) == nil {
		return s
	}
	var list []string
	if json.Unmarshal(m.value, &list) == nil {
		return strings.Join(list, ", ")
	}
	return string(m.value)
}
