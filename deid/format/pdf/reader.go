package pdf

import (
	"bytes"
	"errors"
	"strconv"
)

// reader finds the objects of a file. It reads one only when it is asked for
// it, and keeps it.
type reader struct {
	raw     []byte
	table   map[int]entry
	trailer dict
	objects map[int]any
	packs   map[int][]any // the objects of object streams, by the number of the stream
	opening map[int]bool  // being read now: a length may be a reference to itself
	budget  *budget
	limits  Limits
	freed   []int // numbers that the table being read calls free
	rebuilt bool
	items   int
	rows    int // of all tables of objects
	ends    struct{ from, to int }
	err     error // the first limit that was passed
}

// entry says where an object is: at an offset, or as the index-th of a pack.
type entry struct {
	offset int
	pack   int // the number of an object stream; 0 if the object stands free
	index  int
}

func (d *reader) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// resolve follows references to the object they mean; nil if there is none.
func (d *reader) resolve(o any) any {
	for range 32 {
		r, ok := o.(ref)
		if !ok {
			return o
		}
		o = d.object(int(r))
	}
	return nil
}

func (d *reader) dict(o any) dict {
	switch v := d.resolve(o).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (d *reader) stream(o any) *stream {
	s, _ := d.resolve(o).(*stream)
	return s
}

func (d *reader) array(o any) array {
	a, _ := d.resolve(o).(array)
	return a
}

// flat is an array with its elements resolved.
func (d *reader) flat(o any) array {
	a := d.array(o)
	out := make(array, len(a))
	for i, v := range a {
		out[i] = d.resolve(v)
	}
	return out
}

func (d *reader) object(num int) any {
	if o, ok := d.objects[num]; ok {
		return o
	}
	e, ok := d.table[num]
	if !ok || d.opening[num] || len(d.opening) > maxDepth || e.pack == 0 && e.offset < 0 || d.err != nil {
		return nil
	}
	d.opening[num] = true
	defer delete(d.opening, num)
	if len(d.objects) >= d.limits.Objects {
		d.fail(tooMuch("it has too many objects"))
		return nil
	}
	var o any
	if e.pack > 0 {
		if pack := d.unpack(e.pack); e.index < len(pack) {
			o = pack[e.index]
		}
	} else {
		var found bool
		if o, found = d.at(e.offset, num); !found && !d.rebuilt && d.rebuild() == nil {
			if e, ok = d.table[num]; ok && e.pack == 0 {
				o, _ = d.at(e.offset, num)
			}
		}
	}
	d.objects[num] = o
	return o
}

// count counts the elements of all objects that are kept.
func (d *reader) count(n int) {
	if d.items += n; d.items > 16*maxItems {
		d.fail(tooMuch("its objects are too large"))
	}
}

// at reads the object that is at an offset; it must have the number, or any if
// num is below 0.
func (d *reader) at(offset, num int) (any, bool) {
	if offset < 0 || offset >= len(d.raw) {
		return nil, false
	}
	l := &lexer{buf: d.raw, pos: offset, refs: true}
	n, _ := l.next()
	l.refs = false
	_, _ = l.next() // the generation
	k, _ := l.next()
	if i, ok := n.(int); !ok || k != keyword("obj") || num >= 0 && i != num {
		return nil, false
	}
	l.refs = true
	o, err := l.next()
	d.count(l.items)
	if err != nil {
		if errors.Is(err, errDeep) {
			d.fail(&Fault{Offset: offset, What: err.Error()})
		}
		return nil, false
	}
	if _, ok := o.(keyword); ok {
		return nil, true
	}
	if h, ok := o.(dict); ok {
		return d.withStream(l, h), true
	}
	return o, true
}

// withStream reads the stream that may follow its dictionary.
func (d *reader) withStream(l *lexer, h dict) any {
	l.skip()
	if !bytes.HasPrefix(l.buf[l.pos:], []byte("stream")) {
		return h
	}
	start := l.pos + len("stream")
	if start < len(l.buf) && l.buf[start] == '\r' {
		start++
	}
	if start < len(l.buf) && l.buf[start] == '\n' {
		start++
	}
	const end = "endstream"
	if n, ok := integer(d.resolve(h["Length"])); ok && n >= 0 && n <= len(l.buf)-start {
		tail := bytes.TrimLeft(l.buf[start+n:min(len(l.buf), start+n+len(end)+4)], "\r\n ")
		if bytes.HasPrefix(tail, []byte(end)) {
			return &stream{h, l.buf[start : start+n]}
		}
	}
	return &stream{h, l.buf[start:max(start, d.endstream(start))]}
}

// endstream is where the word next stands from start on, or else the end of the
// file. What is known from the last time is not looked at again: a file may have
// a million streams and no end to any.
func (d *reader) endstream(start int) int {
	const end = "endstream"
	if d.ends.from <= start && start <= d.ends.to {
		return d.ends.to
	}
	stop := len(d.raw)
	if start < d.ends.from {
		stop = min(stop, d.ends.from+len(end))
	}
	found := bytes.Index(d.raw[start:stop], []byte(end))
	switch {
	case found >= 0:
		d.ends.from, d.ends.to = start, start+found
	case start < d.ends.from:
		d.ends.from = start
	default:
		d.ends.from, d.ends.to = start, len(d.raw)
	}
	return d.ends.to
}

// unpack reads all objects of an object stream.
func (d *reader) unpack(num int) []any {
	if pack, ok := d.packs[num]; ok {
		return pack
	}
	d.packs[num] = nil
	s, ok := d.object(num).(*stream)
	if !ok {
		return nil
	}
	body, ok := d.decode(s)
	n, _ := integer(d.resolve(s.dict["N"]))
	first, _ := integer(d.resolve(s.dict["First"]))
	if !ok || n < 0 || n > d.limits.Objects || first < 0 || first > len(body) {
		return nil
	}
	head := &lexer{buf: body[:first]}
	var pack []any
	for range n {
		_, err := head.next()
		at, err2 := head.next()
		offset, ok := at.(int)
		if err != nil || err2 != nil || !ok || offset < 0 || offset > len(body)-first {
			break
		}
		l := &lexer{buf: body, pos: first + offset, refs: true}
		o, err := l.next()
		d.count(l.items)
		if _, bad := o.(keyword); err != nil || bad {
			o = nil
		}
		pack = append(pack, o)
	}
	d.packs[num] = pack
	return pack
}

// packNumbers are the numbers of the objects in an object stream.
func (d *reader) packNumbers(s *stream) []int {
	body, ok := d.decode(s)
	n, _ := integer(d.resolve(s.dict["N"]))
	if !ok || n < 0 || n > d.limits.Objects {
		return nil
	}
	l := &lexer{buf: body}
	var nums []int
	for range n {
		o, err := l.next()
		num, ok := o.(int)
		if err != nil || !ok {
			break
		}
		nums = append(nums, num)
		if _, err := l.next(); err != nil {
			break
		}
	}
	return nums
}

// open finds the table of objects: the way the file says, or else by looking
// for every object there is.
func open(raw []byte, limits Limits) (*reader, error) {
	head := bytes.Index(raw[:min(len(raw), 1024)], []byte("%PDF-"))
	if head < 0 {
		return nil, &Fault{Offset: 0, What: "it does not begin as a PDF does"}
	}
	d := &reader{
		raw: raw[head:], table: map[int]entry{}, objects: map[int]any{}, packs: map[int][]any{},
		opening: map[int]bool{}, limits: limits,
		budget: &budget{total: limits.Decoded, stream: limits.Stream},
	}
	d.ends.from, d.ends.to = -1, -1 // nothing is known
	if !d.readTables() || d.dict(d.trailer["Root"]) == nil || d.dict(d.dict(d.trailer["Root"])["Pages"]) == nil {
		if err := d.rebuild(); err != nil {
			return nil, err
		}
	}
	if d.trailer["Encrypt"] != nil {
		return nil, &Uninspectable{What: "it is encrypted; save a copy without a password and try again"}
	}
	if d.dict(d.trailer["Root"]) == nil {
		return nil, &Fault{Offset: -1, What: "it has no catalog of pages"}
	}
	return d, d.over()
}

// over says whether a limit was passed.
func (d *reader) over() error {
	if d.budget.spent {
		return tooMuch("its streams are too large when unpacked")
	}
	return d.err
}

// rebuild looks for every object in the file, as the last resort for a file
// whose table is broken. Of two with one number the later counts.
func (d *reader) rebuild() error {
	if d.rebuilt {
		return d.over()
	}
	d.rebuilt = true
	d.table, d.trailer = map[int]entry{}, dict{}
	clear(d.objects)
	clear(d.packs)
	var packs []int
	for at := 0; ; {
		i := bytes.Index(d.raw[at:], []byte("obj"))
		if i < 0 {
			break
		}
		at += i + 3
		num, start, ok := objectBefore(d.raw, at-3)
		if !ok {
			continue
		}
		if len(d.table) >= d.limits.Objects {
			return tooMuch("it has too many objects")
		}
		d.table[num] = entry{offset: start}
		h := &lexer{buf: d.raw[:min(len(d.raw), at+4096)], pos: at, refs: true}
		if o, err := h.next(); err == nil {
			if v, ok := o.(dict); ok {
				d.note(num, v, &packs)
			}
		}
	}
	for _, num := range packs {
		if s, ok := d.object(num).(*stream); ok {
			for i, n := range d.packNumbers(s) {
				if _, free := d.table[n]; !free && n > 0 {
					d.table[n] = entry{pack: num, index: i}
				}
			}
		}
	}
	d.trailers()
	return d.over()
}

// note looks at what an object is while the table is rebuilt.
func (d *reader) note(num int, v dict, packs *[]int) {
	switch v["Type"] {
	case name("ObjStm"):
		*packs = append(*packs, num)
	case name("Catalog"):
		d.trailer["Root"] = ref(num)
	case name("XRef"):
		d.adopt(v)
	}
}

// trailers reads the trailers of a file whose table is rebuilt.
func (d *reader) trailers() {
	for at := 0; ; {
		i := bytes.Index(d.raw[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + len("trailer")
		l := &lexer{buf: d.raw, pos: at, refs: true}
		if o, err := l.next(); err == nil {
			if v, ok := o.(dict); ok {
				d.adopt(v)
			}
		}
	}
	if d.trailer["Root"] != nil && d.dict(d.trailer["Root"])["Pages"] != nil {
		return
	}
	for num, e := range d.table { // a catalog that lies in an object stream
		if e.pack > 0 && d.dict(ref(num))["Type"] == name("Catalog") {
			d.trailer["Root"] = ref(num)
			return
		}
	}
}

func (d *reader) adopt(v dict) {
	for _, k := range []name{"Root", "Info", "Encrypt"} {
		if v[k] != nil {
			d.trailer[k] = v[k]
		}
	}
}

// objectBefore reads "12 0 " backwards from the word obj.
func objectBefore(raw []byte, at int) (num, start int, ok bool) {
	back := func(p int, is func(byte) bool) int {
		for p > 0 && is(raw[p-1]) {
			p--
		}
		return p
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	genEnd := back(at, isSpace)
	gen := back(genEnd, digit)
	numEnd := back(gen, isSpace)
	start = back(numEnd, digit)
	if gen == genEnd || numEnd == gen || start == numEnd {
		return 0, 0, false
	}
	num, err := strconv.Atoi(string(raw[start:numEnd]))
	return num, start, err == nil && num > 0 && num < 1<<23
}
