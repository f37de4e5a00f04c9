package pdf

import "bytes"

// maxRevisions is how many tables of one file are followed.
const maxRevisions = 1000

// readTables follows the tables of objects from the newest to the oldest. ok is
// false if any is not as it should be.
func (d *reader) readTables() (ok bool) {
	tail := d.raw[max(0, len(d.raw)-2048):]
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return false
	}
	l := &lexer{buf: tail, pos: i + len("startxref")}
	o, _ := l.next()
	at, isInt := o.(int)
	if !isInt {
		return false
	}
	seen := map[int]bool{}
	for range maxRevisions {
		if d.err != nil {
			return false
		}
		if at < 0 || at >= len(d.raw) || seen[at] {
			return false
		}
		seen[at] = true
		t, ok := d.readTable(at)
		if !ok {
			return false
		}
		if d.trailer == nil {
			d.trailer = t
		}
		if hybrid, ok := integer(t["XRefStm"]); ok && !seen[hybrid] {
			seen[hybrid] = true
			if _, ok := d.readTable(hybrid); !ok {
				return false
			}
		}
		// What a classic table calls free may be in the packed table beside it.
		for _, num := range d.freed {
			d.enter(num, entry{offset: -1})
		}
		d.freed = nil
		prev, ok := integer(t["Prev"])
		if !ok {
			return true
		}
		at = prev
	}
	return false
}

// readTable reads one table, in either form, and returns its trailer.
func (d *reader) readTable(at int) (dict, bool) {
	if at < 0 || at >= len(d.raw) {
		return nil, false
	}
	l := &lexer{buf: d.raw, pos: at, refs: true}
	l.skip()
	if bytes.HasPrefix(d.raw[l.pos:], []byte("xref")) {
		l.pos += len("xref")
		return d.readClassic(l)
	}
	o, found := d.at(l.pos, -1)
	s, isStream := o.(*stream)
	if !found || !isStream || s.dict["Type"] != name("XRef") {
		return nil, false
	}
	return s.dict, d.readPacked(s)
}

func (d *reader) readClassic(l *lexer) (dict, bool) {
	for {
		o, err := l.next()
		if err != nil {
			return nil, false
		}
		if o == keyword("trailer") {
			t, _ := l.next()
			v, ok := t.(dict)
			return v, ok
		}
		first, ok := o.(int)
		o, _ = l.next()
		count, ok2 := o.(int)
		if !ok || !ok2 || first < 0 || count < 0 || count > d.limits.Objects {
			return nil, false
		}
		if d.rows+count > 4*d.limits.Objects {
			return nil, false
		}
		for i := range count {
			o1, _ := l.next()
			_, _ = l.next()
			o3, err := l.next()
			offset, ok := o1.(int)
			if err != nil || !ok {
				return nil, false
			}
			if o3 == keyword("n") {
				d.enter(first+i, entry{offset: offset})
			} else {
				d.freed = append(d.freed, first+i)
			}
		}
	}
}

// enter notes where an object is; what a newer table says stays.
func (d *reader) enter(num int, e entry) {
	if d.rows++; d.rows > 4*d.limits.Objects {
		d.fail(tooMuch("it has too many revisions"))
	}
	if _, there := d.table[num]; !there && num > 0 {
		if len(d.table) >= d.limits.Objects {
			d.fail(tooMuch("it has too many objects"))
			return
		}
		d.table[num] = e
	}
}

func (d *reader) readPacked(s *stream) bool {
	body, ok := d.decode(s)
	widths := numbers(array(d.list(s.dict["W"], nil)), 3)
	if !ok || widths == nil {
		return false
	}
	var w [3]int
	for i, v := range widths {
		if w[i] = int(v); v < 0 || v > 8 {
			return false
		}
	}
	index := d.list(s.dict["Index"], nil)
	if len(index) == 0 {
		index = []any{0, s.dict["Size"]}
	}
	size := w[0] + w[1] + w[2]
	for ; len(index) >= 2; index = index[2:] {
		first, ok := integer(index[0])
		count, ok2 := integer(index[1])
		if !ok || !ok2 || first < 0 || count < 0 || size == 0 {
			return false
		}
		for i := 0; i < count && len(body) >= size; i++ {
			d.enterPacked(first+i, w, body)
			body = body[size:]
		}
	}
	return true
}

func (d *reader) enterPacked(num int, w [3]int, row []byte) {
	field := func(from, n int) int {
		v := 0
		for _, c := range row[from : from+n] {
			v = v<<8 | int(c)
		}
		return v & 0x7fffffff
	}
	kind := 1
	if w[0] > 0 {
		kind = field(0, w[0])
	}
	switch kind {
	case 1:
		d.enter(num, entry{offset: field(w[0], w[1])})
	case 2:
		d.enter(num, entry{pack: field(w[0], w[1]), index: field(w[0]+w[1], w[2])})
	default:
		d.enter(num, entry{offset: -1})
	}
}
