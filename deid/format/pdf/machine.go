package pdf

import (
	"fmt"
	"maps"
	"math"
)

// drawing names one content stream: a page's own, or an object of the file.
type drawing struct {
	page bool
	num  int
}

// state is the part of the graphics state that places text.
type state struct {
	ctm    matrix
	font   *font
	size   float64
	char   float64 // Tc
	word   float64 // Tw
	scale  float64 // Tz as a factor
	lead   float64 // TL
	rise   float64 // Ts
	render int     // Tr
}

// machine runs content streams. It runs each page twice: once to read its glyphs
// and, when the document is written anew, once more to write the same operators
// without what was taken out.
type machine struct {
	f      *File
	d      *reader
	page   int
	depth  int
	active map[drawing]bool
	inProc bool // within the glyph of a Type3 font

	at    drawing
	op    int // the index of the operator in its stream
	res   dict
	now   state
	saved []state
	tm    matrix
	line  matrix
	out   *emitter // nil while reading

	seen   map[drawing]bool // patterns that were read on this page
	again  bool             // the page was read before
	marks  []mark
	curves int // how much was drawn that is neither text nor picture
}

// mark is one glyph on a page.
type mark struct {
	text   string
	x, y   float64 // its origin, on the page
	dx, dy float64 // its advance
	unit   float64 // units of the page per unit of text space, along the line
	angle  float64
	height float64
	place  place
}

// place is where a glyph's code stands in the file.
type place struct {
	at   drawing
	op   int32
	part int32 // of the array of a TJ
	byte int32 // of the string
}

// maxOnPage is how many glyphs one page may show.
const maxOnPage = 500_000

// maxForms is how deep drawings may lie in each other.
const maxForms = 24

func newMachine(f *File, page int) *machine {
	return &machine{f: f, d: f.d, page: page, active: map[drawing]bool{}, seen: map[drawing]bool{}}
}

// run runs one content stream in a state. What it changes in the state ends
// with it.
func (m *machine) run(at drawing, body []byte, res dict, now state) error {
	if m.out != nil {
		m.out.last = nil
	}
	if m.active[at] || m.depth >= maxForms {
		return nil // a drawing that draws itself; viewers leave it out too
	}
	m.active[at] = true
	m.depth++
	inner := *m
	inner.at, inner.op, inner.res = at, -1, res
	inner.now, inner.saved, inner.tm, inner.line = now, nil, unit, unit
	if inner.out != nil {
		inner.out = newEmitter(m.out.w)
		if m.inProc { // the glyphs of a font share its resources
			inner.out.res, inner.out.names = m.out.res, m.out.names
		}
	}
	err := walk(body, inner.visit)
	m.marks, m.curves = inner.marks, inner.curves
	m.depth--
	delete(m.active, at)
	if err != nil {
		return err
	}
	if inner.out != nil {
		inner.out.finish(len(inner.saved))
		m.out.last = inner.out
	}
	return m.d.over()
}

func (m *machine) visit(k keyword, args []any) error {
	m.op++
	if m.f.ops--; m.f.ops < 0 {
		return tooMuch("its pages draw too much")
	}
	switch k {
	case "Tj", "TJ", "'", "\"":
		return m.showText(k, args)
	case "Do", "BI", "gs", "Tf", "sh", "cs", "CS", "scn", "SCN", "ri":
		return m.named(k, args)
	case "BDC", "BMC", "EMC":
		m.marked(k, args)
		return nil
	}
	args, ok := fitting(k, args)
	if !ok {
		return nil
	}
	v := make([]float64, 0, 6)
	for _, a := range args {
		n, _ := number(a)
		v = append(v, n)
	}
	if !m.move(k, v) {
		return nil
	}
	if m.out != nil {
		if k == "Tr" && v[0] == 3 && m.f.pictured(m.page) {
			args = []any{0} // the picture that showed the text is gone
		}
		m.out.op(k, args...)
	}
	return nil
}

// maxSaved is how many states may be saved within each other.
const maxSaved = 512

// move makes the change that an operator means for the state. It says whether
// the operator is to be written again.
func (m *machine) move(k keyword, v []float64) bool {
	s := &m.now
	switch k {
	case "q":
		if len(m.saved) == maxSaved {
			return false
		}
		m.saved = append(m.saved, *s)
	case "Q":
		if len(m.saved) == 0 {
			return false
		}
		*s = m.saved[len(m.saved)-1]
		m.saved = m.saved[:len(m.saved)-1]
	case "cm":
		if next := matrix(v).times(s.ctm); next.finite() {
			s.ctm = next
		}
	case "BT":
		m.tm, m.line = unit, unit
	case "Tc":
		s.char = v[0]
	case "Tw":
		s.word = v[0]
	case "Tz":
		s.scale = v[0] / 100
	case "TL":
		s.lead = v[0]
	case "Ts":
		s.rise = v[0]
	case "Tr":
		s.render = int(v[0])
	case "Td":
		m.newLine(v[0], v[1])
	case "TD":
		s.lead = -v[1]
		m.newLine(v[0], v[1])
	case "Tm":
		m.tm, m.line = matrix(v), matrix(v)
	case "T*":
		m.newLine(0, -s.lead)
	case "c", "v", "y":
		m.curves++
	}
	return true
}

func (m *machine) newLine(x, y float64) {
	m.line = m.line.moved(x, y)
	m.tm = m.line
}

// showText runs the four operators that show text.
func (m *machine) showText(k keyword, args []any) error {
	if len(args) == 0 {
		return nil
	}
	if k == "\"" && len(args) >= 3 {
		word, _ := number(args[len(args)-3])
		char, _ := number(args[len(args)-2])
		m.now.word, m.now.char = word, char
		if m.out != nil {
			m.out.op("Tw", word)
			m.out.op("Tc", char)
		}
	}
	if k == "'" || k == "\"" {
		m.newLine(0, -m.now.lead)
		if m.out != nil {
			m.out.op("T*")
		}
	}
	var parts array
	switch v := args[len(args)-1].(type) {
	case text:
		parts = array{v}
	case array:
		if k == "TJ" {
			parts = v
		}
	}
	if len(parts) == 0 {
		return nil
	}
	if m.now.font == nil {
		return m.f.unreadable(m.page, "it shows text in a font that is not there")
	}
	if m.inProc {
		return m.f.unreadable(m.page, "a font writes text within its glyphs")
	}
	var w *shower
	if m.out != nil {
		w = &shower{m: m, taken: m.out.w.taken[m.at][int32(m.op)]}
	}
	for i, p := range parts {
		switch v := p.(type) {
		case text:
			if err := m.showString(int32(i), v, w); err != nil {
				return err
			}
		default:
			if n, ok := number(p); ok {
				m.advance(-n / 1000 * m.now.size)
				w.shift(n)
			}
		}
	}
	w.flush()
	return nil
}

// advance moves along the line by a width that is not scaled yet.
func (m *machine) advance(w float64) {
	if m.vertical() {
		m.tm = m.tm.moved(0, w)
	} else {
		m.tm = m.tm.moved(w*m.now.scale, 0)
	}
}

func (m *machine) vertical() bool { return m.now.font.enc != nil && m.now.font.enc.vertical }

func (m *machine) showString(part int32, s text, w *shower) error {
	now := &m.now
	at := 0
	var failed error
	now.font.glyphs(s, func(g glyph) {
		if failed != nil {
			return
		}
		width := g.width*now.size + now.char
		if m.vertical() {
			width = -now.size + now.char
		}
		if g.size == 1 && g.code == ' ' {
			width += now.word
		}
		where := place{m.at, int32(m.op), part, int32(at)}
		switch {
		case w != nil:
			w.glyph(g, s[at:at+g.size], where, width)
		default:
			if !g.known {
				if failed = m.f.unknown(m.page, now.font, g.code); failed != nil {
					return
				}
				g.text = "\ufffd"
			}
			if failed = m.mark(g, width, where); failed != nil {
				return
			}
		}
		m.advance(width)
		at += g.size
	})
	return failed
}

// mark notes a glyph that is shown.
func (m *machine) mark(g glyph, width float64, where place) error {
	if m.f.glyphs--; m.f.glyphs < 0 {
		return tooMuch("it has too much text")
	}
	if len(m.marks) >= maxOnPage {
		return tooMuch("a page has too much text")
	}
	now := &m.now
	to := m.tm.times(now.ctm)
	x, y := to.apply(0, now.rise)
	ax, ay := to[0], to[1]
	width -= now.char // the space after a letter is no part of it
	dx, dy := width*now.scale*ax, width*now.scale*ay
	angle := math.Atan2(ay, ax)
	if m.vertical() {
		dx, dy = width*to[2], width*to[3]
		angle = math.Atan2(-to[3], -to[2])
	} else if now.size*now.scale < 0 {
		angle = math.Atan2(-ay, -ax)
	}
	if !to.finite() || math.IsNaN(dx+dy) || math.IsInf(dx+dy, 0) || math.Abs(x)+math.Abs(y) > 1e9 {
		return &Uninspectable{What: "it shows text where no page is"}
	}
	if g.text == " " && math.Abs(width+now.char) < 0.05*math.Abs(now.size) {
		g.text = "" // a space that takes no room parts nothing
	}
	m.marks = append(m.marks, mark{
		text: g.text, x: x, y: y, dx: dx, dy: dy, angle: angle, place: where,
		unit: math.Hypot(ax, ay), height: math.Abs(now.size) * math.Hypot(to[2], to[3]) * now.font.height,
	})
	return nil
}

// marked runs the operators of marked content. Only what belongs to a layer is
// written again: everything else about it may repeat the text.
func (m *machine) marked(k keyword, args []any) {
	if m.out == nil {
		return
	}
	if k == "EMC" {
		m.out.closeMark()
		return
	}
	layer := name("")
	if k == "BDC" && len(args) >= 2 && args[len(args)-2] == name("OC") {
		if n, ok := args[len(args)-1].(name); ok {
			layer = m.out.resource("Properties", n, func() any {
				return m.out.w.layer(m.d.dict(m.res["Properties"])[n])
			})
		}
	}
	m.out.openMark(layer)
}

// child is the state in which a drawing within this one begins.
func (m *machine) child(form dict) state {
	now := m.now
	if t, ok := matrixOf(numbers(m.d.flat(form["Matrix"]), 6)); ok {
		if next := t.times(now.ctm); next.finite() {
			now.ctm = next
		}
	}
	return now
}

// resources are those of a form, or where it has none those of its parent, as
// old files have it.
func (m *machine) resources(form dict) dict {
	if r := m.d.dict(form["Resources"]); r != nil {
		return r
	}
	return m.res
}

// form runs a form and returns its object in the new file, or nil while reading.
func (m *machine) form(o any, now state) (any, error) {
	num, ok := m.d.target(o)
	s := m.d.stream(o)
	if !ok || s == nil {
		return nil, nil
	}
	at := drawing{num: num}
	if m.out != nil {
		if done, ok := m.out.w.drawn[at]; ok {
			return done, nil
		}
		if m.active[at] || m.depth >= maxForms {
			return nil, nil
		}
	}
	body, err := m.f.body(s)
	if err != nil {
		return nil, err
	}
	if err := m.run(at, body, m.resources(s.dict), now); err != nil || m.out == nil {
		return nil, err
	}
	if m.out.last == nil {
		return nil, nil
	}
	v := dict{"Type": name("XObject"), "Subtype": name("Form"), "Resources": m.out.last.res}
	m.out.w.copyNumbers(v, s.dict, "BBox", "Matrix")
	if v["BBox"] == nil {
		v["BBox"] = array{0, 0, 0, 0}
	}
	if g := m.out.w.group(s.dict["Group"]); g != nil {
		v["Group"] = g
	}
	if oc := m.out.w.layer(s.dict["OC"]); oc != nil {
		v["OC"] = oc
	}
	done := m.out.w.add(&stream{v, m.out.last.buf.Bytes()})
	m.out.w.drawn[at] = done
	return done, nil
}

// firstState is the state in which a page begins.
func firstState() state { return state{ctm: unit, scale: 1} }

func (m *machine) fontOf(res dict, n name) *font {
	o := m.d.dict(res["Font"])[n]
	v := m.d.dict(o)
	if v == nil {
		return nil
	}
	num, ok := m.d.target(o)
	if ok {
		if f, ok := m.f.fonts[num]; ok {
			return f
		}
	} else {
		// A font that is written in place: known by what it is.
		for _, f := range m.f.loose {
			if maps.EqualFunc(f.dict, v, func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
				return f
			}
		}
	}
	f := m.d.loadFont(len(m.f.fonts)+len(m.f.loose), v)
	if ok {
		m.f.fonts[num] = f
	} else {
		m.f.loose = append(m.f.loose, f)
	}
	return f
}
