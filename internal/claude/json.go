package claude

import "iter"

// shape is the kind of a JSON value.
type shape uint8

const (
	object shape = iota
	array
	text
	number
	word // true, false, null
)

// node is one value (or key) of a document: where it stands, and which node
// follows its whole subtree. Of a string, start and end enclose the quotes.
type node struct {
	start, end int32
	next       int32
	shape      shape
	escaped    bool // a string that holds a backslash
}

// document is a body parsed once: the bytes and the positions of every value.
// Node 0 is the root. An object's children alternate key and value.
type document struct {
	src   []byte
	str   string // the same bytes, so that unescaped texts need no copy
	nodes []node
}

// members walks an object's (key, value) nodes in order; of any other value it
// yields nothing.
func (d *document) members(obj int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if d.nodes[obj].shape != object {
			return
		}
		for k := obj + 1; k < int(d.nodes[obj].next); {
			v := k + 1
			if !yield(k, v) {
				return
			}
			k = int(d.nodes[v].next)
		}
	}
}

// items walks an array's nodes in order; of any other value it yields nothing.
func (d *document) items(arr int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if d.nodes[arr].shape != array {
			return
		}
		for n, v := 0, arr+1; v < int(d.nodes[arr].next); n++ {
			if !yield(n, v) {
				return
			}
			v = int(d.nodes[v].next)
		}
	}
}

// get finds the value under a key, and false where there is none.
func (d *document) get(obj int, key string) (int, bool) {
	for k, v := range d.members(obj) {
		if d.text(k) == key {
			return v, true
		}
	}
	return 0, false
}

// getText finds the string under a key; anything else is empty.
func (d *document) getText(obj int, key string) string {
	v, ok := d.get(obj, key)
	if !ok || d.nodes[v].shape != text {
		return ""
	}
	return d.text(v)
}

// text decodes a string, or yields a number or word as written.
func (d *document) text(i int) string {
	n := d.nodes[i]
	if n.shape != text {
		return d.str[n.start:n.end]
	}
	raw := d.str[n.start+1 : n.end-1]
	if !n.escaped {
		return raw
	}
	return unescape(raw)
}

func (d *document) is(i int, s shape) bool { return d.nodes[i].shape == s }
