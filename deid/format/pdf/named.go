package pdf

import "math"

// named runs the operators whose operands name something.
func (m *machine) named(k keyword, args []any) error {
	if k == "BI" {
		return m.inline(args)
	}
	if len(args) == 0 {
		return nil
	}
	if k == "Tf" {
		if len(args) >= 2 {
			n, _ := args[len(args)-2].(name)
			size, _ := number(args[len(args)-1])
			return m.setFont(m.fontOf(m.res, n), size)
		}
		return nil
	}
	n, ok := args[len(args)-1].(name)
	if k == "scn" || k == "SCN" {
		return m.color(k, args, n, ok)
	}
	if !ok {
		return nil
	}
	switch k {
	case "Do":
		return m.do(n)
	case "gs":
		return m.graphics(n)
	case "ri":
		switch n {
		case "RelativeColorimetric", "AbsoluteColorimetric", "Saturation", "Perceptual":
			m.write(k, n)
		}
	case "sh":
		if m.out != nil {
			m.write(k, m.out.resource("Shading", n, func() any {
				return m.out.w.shading(m.d.dict(m.res["Shading"])[n])
			}))
		}
	case "cs", "CS":
		if m.out != nil {
			m.write(k, m.colorSpace(n))
		}
	}
	return nil
}

// write writes an operator that takes one name, unless the name is empty.
func (m *machine) write(k keyword, n name) {
	if m.out != nil && n != "" {
		m.out.op(k, n)
	}
}

func (m *machine) colorSpace(n name) name {
	switch n {
	case "DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern":
		return n
	}
	return m.out.resource("ColorSpace", n, func() any {
		return m.out.w.colorSpace(m.d.dict(m.res["ColorSpace"])[n], 0)
	})
}

func (m *machine) setFont(f *font, size float64) error {
	m.now.font, m.now.size = f, size
	if f == nil {
		return nil
	}
	if m.out != nil {
		m.out.op("Tf", m.out.fontName(f), size)
		return nil
	}
	return m.readProcs(f)
}

// readProcs looks at what the glyphs of a Type3 font draw, once.
func (m *machine) readProcs(f *font) error {
	if f.procs == nil || m.f.seen[f] || m.inProc {
		return nil
	}
	m.f.seen[f] = true
	for _, n := range sortedKeys(f.procs) {
		num, ok := m.d.target(f.procs[n])
		s := m.d.stream(f.procs[n])
		if !ok || s == nil {
			continue
		}
		body, err := m.f.body(s)
		if err != nil {
			return err
		}
		inner := newMachine(m.f, m.page)
		inner.inProc = true
		inner.depth = m.depth
		if err := inner.run(drawing{num: num}, body, m.resources(f.dict), firstState()); err != nil {
			return err
		}
	}
	return nil
}

func (m *machine) do(n name) error {
	o := m.d.dict(m.res["XObject"])[n]
	s := m.d.stream(o)
	if s == nil {
		return nil
	}
	if m.d.resolve(s.dict["Subtype"]) == name("Image") {
		return m.image(n, o, s)
	}
	if m.d.resolve(s.dict["Subtype"]) != name("Form") {
		return nil
	}
	done, err := m.form(o, m.child(s.dict))
	if err == nil && m.out != nil && done != nil {
		m.write("Do", m.out.resource("XObject", n, func() any { return done }))
	}
	return err
}

// maxStencil is how many points a side the picture of one glyph may have.
const maxStencil = 1024

// stencil says whether a picture is the shape of a glyph, and no more.
func (m *machine) stencil(head dict) bool {
	w, _ := integer(m.d.resolve(head["Width"]))
	h, _ := integer(m.d.resolve(head["Height"]))
	mask, _ := m.d.resolve(head["ImageMask"]).(bool)
	return m.inProc && mask && w > 0 && h > 0 && w <= maxStencil && h <= maxStencil
}

func (m *machine) image(n name, o any, s *stream) error {
	if m.stencil(s.dict) {
		if m.out != nil {
			m.write("Do", m.out.resource("XObject", n, func() any { return m.out.w.stencil(o) }))
		}
		return nil
	}
	read, err := m.see(o, s)
	if err != nil {
		return err
	}
	if !read {
		return m.unread(s.dict)
	}
	if m.out != nil {
		m.write("Do", m.out.resource("XObject", n, func() any { return m.out.w.picture(o) }))
	}
	return nil
}

func (m *machine) inline(args []any) error {
	head, _ := args[0].(dict)
	if m.stencil(head) {
		if m.out != nil {
			data, _ := args[1].(text)
			m.out.stencil(m.d, head, data)
		}
		return nil
	}
	return m.unread(head)
}

// unread notes a picture, or draws a thin frame where it was.
func (m *machine) unread(head dict) error {
	mask, _ := m.d.resolve(head["ImageMask"]).(bool)
	if m.out != nil {
		if !mask && head["SMask"] == nil && head["Mask"] == nil && !m.inProc {
			m.out.op("q")
			m.out.op("w", 0)
			m.out.op("G", 0.8)
			m.out.op("re", 0, 0, 1, 1)
			m.out.op("S")
			m.out.op("Q")
		}
		return nil
	}
	if m.again {
		return nil
	}
	px, _ := integer(m.d.resolve(head["Width"]))
	py, _ := integer(m.d.resolve(head["Height"]))
	to := m.now.ctm
	m.f.images = append(m.f.images, Image{
		Page: m.page + 1, Pixels: [2]int{px, py},
		Points: [2]float64{math.Hypot(to[0], to[1]), math.Hypot(to[2], to[3])},
	})
	if len(m.f.images) > maxImages {
		return tooMuch("it has too many pictures")
	}
	return nil
}

const maxImages = 1 << 20

// graphics runs gs: a group of settings, which may hold a font and a drawing
// that masks what comes after it.
func (m *machine) graphics(n name) error {
	o := m.d.dict(m.res["ExtGState"])[n]
	v := m.d.dict(o)
	if v == nil {
		return nil
	}
	var mask any
	soft := m.d.dict(v["SMask"])
	if soft != nil {
		var err error
		if s := m.d.stream(soft["G"]); s != nil {
			if mask, err = m.form(soft["G"], m.child(s.dict)); err != nil {
				return err
			}
		}
	}
	if m.out != nil {
		m.write("gs", m.out.resource("ExtGState", n, func() any { return m.out.w.extGState(v, soft, mask) }))
	}
	if a := m.d.array(v["Font"]); len(a) == 2 {
		size, _ := number(m.d.resolve(a[1]))
		return m.setFont(m.fontOf(dict{"Font": dict{"F": a[0]}}, "F"), size)
	}
	return nil
}

// color runs scn and SCN, whose last operand may name a pattern.
func (m *machine) color(k keyword, args []any, n name, isPattern bool) error {
	numbersOnly := args
	if isPattern {
		numbersOnly = args[:len(args)-1]
	}
	for _, a := range numbersOnly {
		if _, ok := number(a); !ok {
			return nil
		}
	}
	if !isPattern {
		if m.out != nil {
			m.out.op(k, args...)
		}
		return nil
	}
	o := m.d.dict(m.res["Pattern"])[n]
	done, err := m.pattern(o)
	if err != nil || m.out == nil || done == nil {
		return err
	}
	to := m.out.resource("Pattern", n, func() any { return done })
	m.out.op(k, append(append([]any(nil), numbersOnly...), to)...)
	return nil
}

// pattern runs a pattern that is drawn by a content stream and returns it for
// the new file.
func (m *machine) pattern(o any) (any, error) {
	v := m.d.dict(o)
	num, ok := m.d.target(o)
	if v == nil || !ok {
		return nil, nil
	}
	s := m.d.stream(o)
	if s == nil {
		if m.out == nil {
			return nil, nil
		}
		return m.out.w.smoothPattern(v), nil
	}
	at := drawing{num: num}
	if m.out == nil {
		if m.seen[at] {
			return nil, nil
		}
		m.seen[at] = true
	} else if done, ok := m.out.w.drawn[at]; ok {
		return done, nil
	}
	body, err := m.f.body(s)
	if err != nil {
		return nil, err
	}
	now := firstState()
	if t, ok := matrixOf(numbers(m.d.flat(v["Matrix"]), 6)); ok && t.finite() {
		now.ctm = t
	}
	if err := m.run(at, body, m.resources(v), now); err != nil || m.out == nil || m.out.last == nil {
		return nil, err
	}
	out := dict{"Type": name("Pattern"), "PatternType": 1, "Resources": m.out.last.res}
	m.out.w.copyNumbers(out, v, "PaintType", "TilingType", "BBox", "XStep", "YStep", "Matrix")
	done := m.out.w.add(&stream{out, m.out.last.buf.Bytes()})
	m.out.w.drawn[at] = done
	return done, nil
}
