package pdf

import "encoding/binary"

// trueType is what an embedded TrueType font says about its glyphs. It is asked
// where the document itself does not say what its codes stand for.
type trueType struct {
	text  map[int]string // what glyphs stand for, by their number
	codes map[int]int    // the glyph of a code, in fonts of symbols
}

// table is a part of a font file; reads past its end give 0.
type table []byte

func (t table) u16(i int) int {
	if i < 0 || i+2 > len(t) {
		return 0
	}
	return int(binary.BigEndian.Uint16(t[i:]))
}

func (t table) u32(i int) int {
	if i < 0 || i+4 > len(t) {
		return 0
	}
	return int(binary.BigEndian.Uint32(t[i:]))
}

func (t table) from(i int) table {
	if i < 0 || i > len(t) {
		return nil
	}
	return t[i:]
}

func readTrueType(body []byte) *trueType {
	out := &trueType{text: map[int]string{}, codes: map[int]int{}}
	file := table(body)
	for i := range min(file.u16(4), 64) {
		row := file.from(12 + 16*i)
		if len(row) < 16 {
			break
		}
		part := file.from(row.u32(8))
		part = part[:min(len(part), row.u32(12))]
		switch string(row[:4]) {
		case "cmap":
			out.readMaps(part)
		case "post":
			out.readNames(part)
		}
	}
	return out
}

func (t *trueType) readMaps(part table) {
	for i := range min(part.u16(2), 32) {
		platform, kind := part.u16(4+8*i), part.u16(6+8*i)
		sub := part.from(part.u32(8 + 8*i))
		symbols := platform == 3 && kind == 0 || platform == 1
		readSubtable(sub, func(code, glyph int) {
			switch {
			case glyph == 0:
			case symbols:
				if _, there := t.codes[code&0xff]; !there || platform == 3 {
					t.codes[code&0xff] = glyph
				}
			case t.text[glyph] == "":
				t.text[glyph] = string(rune(code))
			}
		})
	}
}

// readSubtable calls each for every code of a table of one of the usual forms.
func readSubtable(s table, each func(code, glyph int)) {
	switch s.u16(0) {
	case 0:
		for c := range min(256, len(s)-6) {
			each(c, int(s[6+c]))
		}
	case 4:
		n := s.u16(6) / 2
		left := 1 << 16 // codes: overlapping segments of a hostile font end here
		for i := range n {
			end, start := s.u16(14+2*i), s.u16(16+2*n+2*i)
			delta, at := s.u16(16+4*n+2*i), 16+6*n+2*i
			off := s.u16(at)
			for c := start; c <= end && c < 0xffff && left > 0; c++ {
				left--
				g := c + delta
				if off != 0 {
					if g = s.u16(at + off + 2*(c-start)); g != 0 {
						g += delta
					}
				}
				each(c, g&0xffff)
			}
		}
	case 6:
		first := s.u16(6)
		for i := range s.u16(8) {
			each(first+i, s.u16(10+2*i))
		}
	case 12:
		left := 1 << 17
		for i := range min(s.u32(12), 1<<16) {
			start, end, g := s.u32(16+12*i), s.u32(20+12*i), s.u32(24+12*i)
			for c := start; c <= end && c <= 0x10ffff && left > 0; c++ {
				left--
				each(c, g+c-start)
			}
		}
	}
}

// readNames reads the names that glyphs have where no table of codes does.
func (t *trueType) readNames(part table) {
	if part.u32(0) != 0x20000 {
		return
	}
	n := part.u16(32)
	var own []string
	for s := part.from(34 + 2*n); len(s) > 0 && len(s) > int(s[0]); s = s[1+int(s[0]):] {
		own = append(own, string(s[1:1+int(s[0])]))
	}
	for g := range n {
		i := part.u16(34+2*g) - 258
		if i >= 0 && i < len(own) && t.text[g] == "" {
			t.text[g] = glyphText(name(own[i]))
		}
	}
}
