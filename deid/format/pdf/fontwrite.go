package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// finishFonts writes the fonts, now that it is known which codes are left. Of
// the tables that say what codes stand for only those codes stay: a table can
// hold whole words.
func (w *writer) finishFonts() error {
	for i := 0; i < len(w.fonts); i++ { // the glyphs of a font may use further fonts
		f := w.fonts[i]
		var (
			out dict
			err error
		)
		switch {
		case f.procs != nil:
			out, err = w.drawnFont(f)
		case f.enc != nil:
			out = w.compositeFont(f)
		default:
			out = w.simpleFont(f)
		}
		if err != nil {
			return err
		}
		w.objects[w.refs[f]-1] = out
	}
	w.inserts.finish()
	return nil
}

// fontName is a font's name with the mark of a subset, if it is a name at all.
func (w *writer) fontName(o any) name {
	n, _ := w.d.resolve(o).(name)
	if fontLabel(n) == unnamed {
		return "Font"
	}
	return n
}

func (w *writer) simpleFont(f *font) dict {
	v := f.dict
	out := dict{"Type": name("Font"), "Subtype": name("TrueType"), "BaseFont": w.fontName(v["BaseFont"])}
	w.copyName(out, v, "Subtype", "Type1", "MMType1", "TrueType")
	w.copyNumbers(out, v, "FirstChar", "LastChar", "Widths")
	if desc := w.descriptor(v["FontDescriptor"]); desc != nil {
		out["FontDescriptor"] = desc
	}
	base := []name{"StandardEncoding", "MacRomanEncoding", "WinAnsiEncoding", "MacExpertEncoding"}
	w.copyName(out, v, "Encoding", base...)
	if e, ok := w.d.resolve(v["Encoding"]).(dict); ok {
		enc := dict{"Type": name("Encoding"), "Differences": w.differences(f, e)}
		w.copyName(enc, e, "BaseEncoding", base...)
		out["Encoding"] = enc
	}
	if f.to != nil {
		out["ToUnicode"] = w.toUnicode(f, 1)
	}
	return out
}

// differences are those of the codes that are left.
func (w *writer) differences(f *font, e dict) array {
	out := array{}
	at := 0
	for _, o := range w.d.array(e["Differences"]) {
		switch v := w.d.resolve(o).(type) {
		case int:
			at = v
		case name:
			if _, used := f.used[uint32(at)]; used && at >= 0 && at < 256 {
				out = append(out, at, v)
			}
			at++
		}
	}
	return out
}

func (w *writer) descriptor(o any) any {
	return w.once(o, func() any {
		v := w.d.dict(o)
		if v == nil {
			return nil
		}
		out := dict{"Type": name("FontDescriptor"), "FontName": w.fontName(v["FontName"])}
		w.copyNumbers(out, v, "Flags", "FontBBox", "ItalicAngle", "Ascent", "Descent", "Leading", "CapHeight",
			"XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth", "MissingWidth", "FontWeight")
		for _, k := range []name{"FontFile", "FontFile2", "FontFile3"} {
			if s := w.d.stream(v[k]); s != nil {
				if file := w.once(v[k], func() any { return w.fontFile(s) }); file != nil {
					out[k] = file
				}
			}
		}
		return out
	})
}

func (w *writer) fontFile(s *stream) any {
	body, ok := w.d.decode(s)
	if !ok {
		return nil
	}
	out := dict{}
	w.copyNumbers(out, s.dict, "Length1", "Length2", "Length3")
	w.copyName(out, s.dict, "Subtype", "Type1C", "CIDFontType0C", "OpenType")
	return &stream{out, body}
}

func (w *writer) compositeFont(f *font) dict {
	v := f.dict
	out := dict{"Type": name("Font"), "Subtype": name("Type0"), "BaseFont": w.fontName(v["BaseFont"])}
	size := 2
	switch e := w.d.resolve(v["Encoding"]).(type) {
	case name:
		out["Encoding"] = name("Identity-H")
		if fontLabel(e) != unnamed {
			out["Encoding"] = e
		}
	case *stream:
		out["Encoding"] = w.add(encodingMap(f))
		size = 4
	}
	out["ToUnicode"] = w.toUnicode(f, size)
	if a := w.d.array(v["DescendantFonts"]); len(a) > 0 {
		c := w.d.dict(a[0])
		child := dict{"Type": name("Font"), "Subtype": name("CIDFontType2"), "BaseFont": w.fontName(c["BaseFont"])}
		w.copyName(child, c, "Subtype", "CIDFontType0", "CIDFontType2")
		w.copyNumbers(child, c, "DW", "W", "DW2", "W2")
		child["CIDSystemInfo"] = w.systemInfo(c["CIDSystemInfo"])
		if desc := w.descriptor(c["FontDescriptor"]); desc != nil {
			child["FontDescriptor"] = desc
		}
		w.copyName(child, c, "CIDToGIDMap", "Identity")
		if s := w.d.stream(c["CIDToGIDMap"]); s != nil {
			if body, ok := w.d.decode(s); ok {
				child["CIDToGIDMap"] = w.add(&stream{dict{}, body})
			}
		}
		out["DescendantFonts"] = array{w.add(child)}
	}
	return out
}

// systemInfo says which character collection a font is of.
func (w *writer) systemInfo(o any) dict {
	v := w.d.dict(o)
	out := dict{"Registry": text("Adobe"), "Ordering": text("Identity"), "Supplement": 0}
	for _, ordering := range []string{"Japan1", "GB1", "CNS1", "Korea1", "KR"} {
		if t, _ := w.d.resolve(v["Ordering"]).(text); string(t) == ordering {
			out["Ordering"] = t
			w.copyNumbers(out, v, "Supplement")
		}
	}
	return out
}

// drawnFont writes a Type3 font with the glyphs that are left, under new names.
func (w *writer) drawnFont(f *font) (dict, error) {
	v := f.dict
	procs, diffs := dict{}, array{}
	root := newMachine(w.f, 0)
	root.inProc = true
	root.out = newEmitter(w)
	names := w.d.simpleNames(f, nil)
	for _, c := range f.codesInOrder() {
		o := f.procs[names[c&0xff]]
		num, ok := w.d.target(o)
		s := w.d.stream(o)
		if !ok || s == nil {
			continue
		}
		body, err := w.f.body(s)
		if err != nil {
			return nil, err
		}
		if err := root.run(drawing{num: num}, body, root.resources(v), firstState()); err != nil {
			return nil, err
		}
		glyphName := name("g" + strconv.Itoa(int(c)))
		diffs = append(diffs, int(c), glyphName)
		if root.out.last != nil {
			procs[glyphName] = w.add(&stream{dict{}, root.out.last.buf.Bytes()})
		}
	}
	out := dict{
		"Type": name("Font"), "Subtype": name("Type3"), "CharProcs": procs, "Resources": root.out.res,
		"Encoding":  dict{"Type": name("Encoding"), "Differences": diffs},
		"ToUnicode": w.toUnicode(f, 1), "FontBBox": array{0, 0, 0, 0},
		"FontMatrix": array{0.001, 0, 0, 0.001, 0, 0},
	}
	w.copyNumbers(out, v, "FontBBox", "FontMatrix", "FirstChar", "LastChar", "Widths")
	return out, nil
}

const mapHead = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
	"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
	"/CMapName /Made def\n/CMapType 2 def\n"

const mapTail = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"

// toUnicode writes what the codes that are left stand for. size is how many
// bytes codes have, 4 if the font's own encoding says it.
func (w *writer) toUnicode(f *font, size int) ref {
	var b bytes.Buffer
	b.WriteString(mapHead)
	if size == 4 {
		writeSpaces(&b, f.enc.spaces)
	} else {
		writeSpaces(&b, []codeSpace{{0, 1<<(8*size) - 1, size}})
	}
	codes := f.codesInOrder()
	for len(codes) > 0 {
		n := min(100, len(codes))
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, c := range codes[:n] {
			u := f.used[c]
			fmt.Fprintf(&b, "<%0*X> <", 2*u.size, c)
			for _, h := range utf16.Encode([]rune(u.text)) {
				fmt.Fprintf(&b, "%04X", h)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		codes = codes[n:]
	}
	b.WriteString(mapTail)
	return w.add(&stream{dict{}, b.Bytes()})
}

func writeSpaces(b *bytes.Buffer, spaces []codeSpace) {
	for _, s := range spaces {
		fmt.Fprintf(b, "1 begincodespacerange\n<%0*X> <%0*X>\nendcodespacerange\n", 2*s.size, s.lo, 2*s.size, s.hi)
	}
}

// encodingMap writes which glyphs the codes that are left mean.
func encodingMap(f *font) *stream {
	var b bytes.Buffer
	b.WriteString(mapHead)
	if f.enc.vertical {
		b.WriteString("/WMode 1 def\n")
	}
	writeSpaces(&b, f.enc.spaces)
	for _, c := range f.codesInOrder() {
		if cid, ok := f.enc.cid(c); ok {
			fmt.Fprintf(&b, "1 begincidchar\n<%0*X> %d\nendcidchar\n", 2*f.used[c].size, c, cid)
		}
	}
	b.WriteString(mapTail)
	v := dict{
		"Type": name("CMap"), "CMapName": name("Made"),
		"CIDSystemInfo": dict{"Registry": text("Adobe"), "Ordering": text("Identity"), "Supplement": 0},
	}
	if f.enc.vertical {
		v["WMode"] = 1
	}
	return &stream{v, b.Bytes()}
}

// inserts are the fonts of the text that is put in: Helvetica, which every
// viewer has, with a code for each sign that is needed.
type inserts struct {
	w     *writer
	fonts []*insertFont
	known map[rune]insertCode
}

type insertFont struct {
	key   string
	ref   ref
	runes []rune // from code 33
}

type insertCode struct {
	font *insertFont
	code byte
}

// insertPiece is a string in one of the fonts.
type insertPiece struct {
	font  *insertFont
	codes text
}

const firstInsertCode = 33

// encode turns text into strings, and says how wide they are at size 1.
func (in *inserts) encode(s string) (pieces []insertPiece, em float64) {
	if in.known == nil {
		in.known = map[rune]insertCode{}
	}
	for _, r := range s {
		c, ok := in.known[r]
		if !ok {
			n := len(in.fonts)
			if n == 0 || len(in.fonts[n-1].runes) > 255-firstInsertCode {
				in.fonts = append(in.fonts, &insertFont{key: strconv.Itoa(n), ref: in.w.add(nil)})
				n++
			}
			f := in.fonts[n-1]
			c = insertCode{f, byte(firstInsertCode + len(f.runes))}
			f.runes = append(f.runes, r)
			in.known[r] = c
		}
		if n := len(pieces); n == 0 || pieces[n-1].font != c.font {
			pieces = append(pieces, insertPiece{font: c.font})
		}
		last := &pieces[len(pieces)-1]
		last.codes = append(last.codes, c.code)
		em += insertWidth(r)
	}
	return pieces, em
}

func insertWidth(r rune) float64 {
	if v, ok := fontWidths()["Helvetica"][nameOfRune(r)]; ok {
		return v / 1000
	}
	return 0.6
}

func (in *inserts) finish() {
	for _, f := range in.fonts {
		diffs, widths := array{firstInsertCode}, array{}
		g := &font{used: map[uint32]usedCode{}}
		for i, r := range f.runes {
			diffs = append(diffs, nameOfRune(r))
			widths = append(widths, insertWidth(r)*1000)
			g.used[uint32(firstInsertCode+i)] = usedCode{1, string(r)}
		}
		in.w.objects[f.ref-1] = dict{
			"Type": name("Font"), "Subtype": name("Type1"), "BaseFont": name("Helvetica"),
			"FirstChar": firstInsertCode, "LastChar": firstInsertCode + len(f.runes) - 1, "Widths": widths,
			"Encoding":  dict{"Type": name("Encoding"), "Differences": diffs},
			"ToUnicode": in.w.toUnicode(g, 1),
		}
	}
}
