package pdf

import (
	"bytes"
	"strconv"
)

// emitter writes one content stream anew, with resources of its own. The names
// of resources are made anew as well: a name can hold anything.
type emitter struct {
	w     *writer
	buf   bytes.Buffer
	res   dict
	names map[name]map[name]name
	marks []bool // open marked content: whether it was written
	text  bool   // between BT and ET
	last  *emitter
}

func newEmitter(w *writer) *emitter {
	return &emitter{w: w, res: dict{}, names: map[name]map[name]name{}}
}

// op writes one operator after its operands.
func (e *emitter) op(k keyword, args ...any) {
	switch k {
	case "BT":
		if e.text {
			return
		}
		e.text = true
	case "ET":
		if !e.text {
			return
		}
		e.text = false
	}
	for _, a := range args {
		writeObject(&e.buf, a)
		e.buf.WriteByte(' ')
	}
	e.buf.WriteString(string(k))
	e.buf.WriteByte('\n')
}

// finish closes what the stream left open.
func (e *emitter) finish(saved int) {
	for len(e.marks) > 0 {
		e.closeMark()
	}
	e.op("ET")
	for range saved {
		e.op("Q")
	}
}

// resource is the new name of a resource; make returns it for the new file, or
// nil, and then there is no name.
func (e *emitter) resource(kind, old name, make func() any) name {
	names := e.names[kind]
	if names == nil {
		names = map[name]name{}
		e.names[kind] = names
	}
	if n, ok := names[old]; ok {
		return n
	}
	o := make()
	if o == nil {
		names[old] = ""
		return ""
	}
	n := name(string(kind[:1]) + strconv.Itoa(len(names)+1))
	names[old] = n
	all, _ := e.res[kind].(dict)
	if all == nil {
		all = dict{}
		e.res[kind] = all
	}
	all[n] = o
	return n
}

func (e *emitter) fontName(f *font) name {
	return e.resource("Font", name("font "+strconv.Itoa(f.id)), func() any { return e.w.fontRef(f) })
}

// openMark begins marked content; only that of a layer is written.
func (e *emitter) openMark(layer name) {
	if len(e.marks) >= maxSaved {
		return
	}
	e.marks = append(e.marks, layer != "")
	if layer != "" {
		e.op("BDC", name("OC"), layer)
	}
}

func (e *emitter) closeMark() {
	n := len(e.marks)
	if n == 0 {
		return
	}
	if e.marks[n-1] {
		e.op("EMC")
	}
	e.marks = e.marks[:n-1]
}

// stencil writes the shape of a glyph that stands in the content itself.
func (e *emitter) stencil(d *reader, head dict, data text) {
	v := dict{"IM": true, "BPC": 1}
	for short, long := range map[name]name{"W": "Width", "H": "Height", "D": "Decode"} {
		if o := plain(d, head[long], 0); o != nil {
			v[short] = o
		}
	}
	body, ok := d.decode(&stream{head, data})
	if !ok {
		return
	}
	e.buf.WriteString("BI ")
	for _, k := range sortedKeys(v) {
		writeObject(&e.buf, k)
		e.buf.WriteByte(' ')
		writeObject(&e.buf, v[k])
		e.buf.WriteByte(' ')
	}
	e.buf.WriteString("ID ")
	w, _ := integer(v["W"])
	h, _ := integer(v["H"])
	size := (w + 7) / 8 * h
	e.buf.Write(append(body, make([]byte, max(0, size-len(body)))...)[:size])
	e.buf.WriteString("\nEI\n")
}
