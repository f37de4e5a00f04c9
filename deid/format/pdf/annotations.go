package pdf

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// Flags of annotations that are not shown.
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// readAnnotations reads what the annotations of a page say, and takes what they
// show to be drawn on the page.
func (f *File) readAnnotations(i int) {
	p := &f.pages[i]
	for n, o := range f.d.array(p.dict["Annots"]) {
		v := f.d.dict(o)
		if v == nil {
			continue
		}
		path := fmt.Sprintf("page %d, annotation %d", i+1, n+1)
		f.addText(path, "", v["Contents"], "", true)
		f.addText(path, "", v["RC"], "", true)
		kind, _ := f.d.resolve(v["Subtype"]).(name)
		if kind != "Widget" { // of which it is the name of the field
			f.addText(path, "author", v["T"], "", true)
		}
		f.addText(path, "subject", v["Subj"], "", true)
		f.addText(path, "link", f.d.dict(v["A"])["URI"], "", true)
		flags, _ := integer(f.d.resolve(v["F"]))
		if kind == "Popup" || flags&(flagHidden|flagNoView) != 0 {
			continue
		}
		if look, ok := f.look(v, kind); ok {
			if to, ok := f.placed(v, look); ok {
				p.notes = append(p.notes, look)
				p.places = append(p.places, to)
			}
		}
	}
	if n := len(f.d.array(p.dict["Annots"])); n > 0 {
		f.leave(fmt.Sprintf("%d annotations of page %d: what they show becomes part of the page", n, i+1))
	}
}

// look is the drawing that an annotation shows.
func (f *File) look(v dict, kind name) (ref, bool) {
	o := f.d.dict(v["AP"])["N"]
	if states, ok := f.d.resolve(o).(dict); ok {
		on, _ := f.d.resolve(v["AS"]).(name)
		o = states[on]
	}
	if num, ok := f.d.target(o); ok && f.d.stream(o) != nil {
		return ref(num), true
	}
	switch kind {
	case "Widget", "FreeText":
		return f.madeLook(v, kind)
	}
	return 0, false
}

// madeLook draws the value of a field that no program has drawn yet.
func (f *File) madeLook(v dict, kind name) (ref, bool) {
	box := numbers(f.d.flat(v["Rect"]), 4)
	value := v["Contents"]
	if kind == "Widget" {
		field := v
		for range 32 { // the value may be that of the field above
			if value = field["V"]; value != nil || f.d.dict(field["Parent"]) == nil {
				break
			}
			field = f.d.dict(field["Parent"])
		}
	}
	t, ok := f.d.resolve(value).(text)
	if !ok || box == nil || len(t) == 0 || len(t) > 1<<16 {
		return 0, false
	}
	width, height := math.Abs(box[2]-box[0]), math.Abs(box[3]-box[1])
	lines := strings.Split(strings.ReplaceAll(plainText(t), "\r", "\n"), "\n")
	size := min(12, max(4, height/float64(len(lines))*0.7))
	var b bytes.Buffer
	fmt.Fprintf(&b, "BT /H %.2f Tf %.2f TL 2 %.2f Td\n", size, size*1.15, height-size)
	for _, line := range lines {
		codes := text{}
		for _, r := range line {
			c := byte('?')
			for i, n := range encodings()["WinAnsiEncoding"] {
				if n != "" && glyphText(n) == string(r) {
					c = byte(i)
					break
				}
			}
			codes = append(codes, c)
		}
		writeObject(&b, codes)
		b.WriteString(" Tj T*\n")
	}
	b.WriteString("ET\n")
	helvetica := dict{
		"Type": name("Font"), "Subtype": name("Type1"), "BaseFont": name("Helvetica"),
		"Encoding": name("WinAnsiEncoding"),
	}
	made := -1 - len(f.d.objects) // no file has objects below 0
	f.d.objects[made] = &stream{dict{
		"Subtype": name("Form"), "BBox": array{0.0, 0.0, width, height},
		"Resources": dict{"Font": dict{"H": helvetica}},
	}, b.Bytes()}
	return ref(made), true
}

// placed is the transformation that brings the drawing of an annotation into
// its rectangle.
func (f *File) placed(v dict, look ref) (matrix, bool) {
	rect := numbers(f.d.flat(v["Rect"]), 4)
	s := f.d.stream(look)
	box := numbers(f.d.flat(s.dict["BBox"]), 4)
	if rect == nil || box == nil {
		return unit, false
	}
	own, _ := matrixOf(numbers(f.d.flat(s.dict["Matrix"]), 6))
	x0, y0, x1, y1 := own.bounds(box)
	left, low := min(rect[0], rect[2]), min(rect[1], rect[3])
	sx, sy := 1.0, 1.0
	if x1-x0 > 0 && y1-y0 > 0 {
		sx = math.Abs(rect[2]-rect[0]) / (x1 - x0)
		sy = math.Abs(rect[3]-rect[1]) / (y1 - y0)
	}
	to := matrix{sx, 0, 0, sy, left - x0*sx, low - y0*sy}
	return to, to.finite()
}
