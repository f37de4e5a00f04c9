package claude

import (
	"strconv"

	"chaperone"
)

// place is a leaf and the node it was read from.
type place struct {
	node int
	leaf Leaf
}

// survey walks a parsed request once, in the order of its bytes, and lists what
// must be looked at (leaves) and what cannot be (opaque). Its rule: every text
// is a leaf unless it stands in a known structural field and keeps to the closed
// form of that field.
type survey struct {
	doc    *document
	words  *vocabulary
	admit  bool            // unknown block types pass
	tools  map[string]bool // names declared in tools
	path   []byte
	role   string // of the message that is being walked
	leaves []place
	opaque []Opaque
	uses   []Use
	err    *chaperone.Error // the first objection; the walk ends with it
}

// at runs f with one more segment on the path.
func (s *survey) at(segment string, f func()) {
	if s.err != nil {
		return
	}
	n := len(s.path)
	s.path = append(s.path, '/')
	s.path = append(s.path, segment...)
	f()
	s.path = s.path[:n]
}

// each walks an array.
func (s *survey) each(arr int, f func(item int)) {
	for n, v := range s.doc.items(arr) {
		s.at(strconv.Itoa(n), func() { f(v) })
	}
}

// fields walks an object. A member whose name is not of the API is a leaf
// itself, and appears on the path by its ordinal only.
func (s *survey) fields(obj int, f func(name string, v int)) {
	n := 0
	for k, v := range s.doc.members(obj) {
		name := s.doc.text(k)
		segment := name
		if !s.words.fields.has(name) {
			segment = "#" + strconv.Itoa(n)
		}
		s.at(segment, func() {
			if segment != name {
				s.leaf(k, Extra, "")
			}
			f(name, v)
		})
		n++
	}
}

// leaf lists one string or number.
func (s *survey) leaf(i int, c Class, label string) {
	if s.err != nil || s.doc.is(i, word) {
		return
	}
	s.leaves = append(s.leaves, place{i, Leaf{Path: string(s.path), Label: label, Class: c, Role: s.role, Text: s.doc.text(i)}})
}

// saying runs f for what role says.
func (s *survey) saying(role string, f func()) {
	if !s.words.words.has(role) {
		role = "user" // whoever it is, it is not Claude
	}
	s.role = role
	f()
	s.role = ""
}

// structural passes a string that keeps to its form; anything else is free.
func (s *survey) structural(i int, label string, form func(string) bool) {
	if s.doc.is(i, text) && form(s.doc.text(i)) {
		return
	}
	s.extra(i, label)
}

// prose lists a string of natural language; anything else is free.
func (s *survey) prose(i int) {
	if s.doc.is(i, text) {
		s.leaf(i, Prose, "")
		return
	}
	s.extra(i, "")
}

// setting walks a value that is made of settings: known words and numbers are
// passed, everything else is a leaf.
func (s *survey) setting(i int, label string) {
	switch s.doc.nodes[i].shape {
	case object:
		s.fields(i, func(name string, v int) {
			if name == "type" {
				s.structural(v, name, typeForm)
				return
			}
			s.setting(v, name)
		})
	case array:
		s.each(i, func(v int) { s.setting(v, label) })
	case text:
		if !s.words.words.has(s.doc.text(i)) {
			s.leaf(i, Extra, label)
		}
	case number:
		if !s.words.fields.has(label) {
			s.leaf(i, Extra, label)
			return
		}
		s.longNumber(i, label)
	}
}

// extra walks a value of which nothing is known but that it is of the API's
// making: member names and numbers under known names pass, all else is a leaf.
func (s *survey) extra(i int, label string) {
	switch s.doc.nodes[i].shape {
	case object:
		s.fields(i, func(name string, v int) {
			switch name {
			case "type":
				s.structural(v, name, typeForm)
			case "cache_control":
				s.setting(v, name)
			case "tool_id", "tool_use_id":
				s.handle(v, name)
			default:
				s.extra(v, under(label, name))
			}
		})
	case array:
		s.each(i, func(v int) { s.extra(v, label) })
	case text:
		s.leaf(i, Extra, label)
	case number:
		if !s.words.fields.has(label) {
			s.leaf(i, Extra, label)
			return
		}
		s.longNumber(i, label)
	}
}

// data walks a client's own data (the input of a tool): every key, string and
// number is a leaf.
func (s *survey) data(i int, label string, c Class) {
	switch s.doc.nodes[i].shape {
	case object:
		n := 0
		for k, v := range s.doc.members(i) {
			s.at("#"+strconv.Itoa(n), func() {
				s.leaf(k, c, "")
				s.data(v, under(label, s.doc.text(k)), c)
			})
			n++
		}
	case array:
		s.each(i, func(v int) { s.data(v, label, c) })
	case text, number:
		s.leaf(i, c, label)
	}
}

// under names what stands under key: a key that says nothing by itself ("value")
// keeps the name of what it belongs to.
func under(label, key string) string {
	switch key {
	case "value", "values", "text", "data", "content", "number", "string", "item", "items":
		if label != "" {
			return label
		}
	}
	return key
}

// refuse ends the walk.
func (s *survey) refuse(code, public, next string) {
	if s.err == nil {
		s.err = chaperone.NewError(chaperone.KindInvalid, code, public, next, nil)
	}
}

// shapeless refuses what is not of the shape that safety needs.
func (s *survey) shapeless(want string) {
	where := string(s.path)
	if where == "" {
		where = "the body"
	}
	s.refuse("invalid_request", "The Messages API wants "+want+" at "+where,
		"Correct the request and send it again")
}
