package pdf

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
)

// font turns the bytes of strings into glyphs: what each stands for and how wide
// it is. Widths are in units of text space: 1 is the size of the font.
type font struct {
	id     int
	dict   dict
	label  string // its name, for errors
	height float64
	procs  dict // of a Type3 font: its glyphs are content streams

	simple [256]glyphKind // of a simple font

	enc      *cmap // of a composite font; nil if it is a simple one
	unicode  bool  // the codes are Unicode themselves
	to       *cmap // ToUnicode; may be nil
	widths   map[uint32]float64
	usual    float64
	embedded *trueType
	own      bool   // the font itself is in the file, with glyphs of its own
	gids     []byte // CIDToGIDMap

	used map[uint32]usedCode // what is left after edits, by code
}

// glyphKind is what a code stands for.
type glyphKind struct {
	text  string
	known bool
	width float64
}

type usedCode struct {
	size int
	text string
}

// loadFont reads a font's dictionary.
func (d *reader) loadFont(id int, v dict) *font {
	f := &font{id: id, dict: v, height: 1, used: map[uint32]usedCode{}}
	base, _ := d.resolve(v["BaseFont"]).(name)
	f.label = fontLabel(base)
	if s := d.stream(v["ToUnicode"]); s != nil {
		if body, ok := d.decode(s); ok {
			f.to = readCMap(body)
		}
	}
	if d.resolve(v["Subtype"]) == name("Type0") {
		d.loadComposite(f)
	} else {
		d.loadSimple(f, base)
	}
	return f
}

// unnamed stands for names that are none.
const unnamed = "?"

// fontLabel is a font's name as far as it is one: fonts are named by machines,
// but nothing makes them.
func fontLabel(base name) string {
	_, s, cut := strings.Cut(string(base), "+")
	if !cut {
		s = string(base)
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != ',' {
			return unnamed
		}
	}
	if s == "" || len(s) > 40 {
		return unnamed
	}
	return s
}

// glyph is one code of a string.
type glyph struct {
	code uint32
	size int // bytes
	glyphKind
}

// glyphs goes through the codes of a string.
func (f *font) glyphs(s []byte, each func(glyph)) {
	if f.enc == nil {
		for _, c := range s {
			each(glyph{uint32(c), 1, f.simple[c]})
		}
		return
	}
	for len(s) > 0 {
		c, n := f.enc.next(s)
		each(glyph{c, n, f.composite(c, n)})
		s = s[n:]
	}
}

// keep notes that a code is still there after all edits.
func (f *font) keep(g glyph) { f.used[g.code] = usedCode{g.size, g.text} }

func (d *reader) loadComposite(f *font) {
	f.usual = 1
	f.widths = map[uint32]float64{}
	child := dict{}
	if a := d.array(f.dict["DescendantFonts"]); len(a) > 0 {
		child = d.dict(a[0])
	}
	if w, ok := number(d.resolve(child["DW"])); ok {
		f.usual = w / 1000
	}
	d.compositeWidths(f, d.array(child["W"]))
	switch e := d.resolve(f.dict["Encoding"]).(type) {
	case name:
		vertical := strings.HasSuffix(string(e), "-V")
		f.enc = identity(vertical)
		f.unicode = strings.HasPrefix(string(e), "Uni") &&
			(strings.Contains(string(e), "UCS2") || strings.Contains(string(e), "UTF16"))
		if !f.unicode && e != "Identity-H" && e != "Identity-V" {
			// A table of codes for Chinese, Japanese or Korean, whose lengths are not
			// known here: nothing that it says can be trusted.
			f.enc.cids, f.to = nil, nil
			f.label += " with the encoding " + fontLabel(e)
		}
	case *stream:
		if body, ok := d.decode(e); ok {
			f.enc = readCMap(body)
		}
	}
	if f.enc == nil {
		f.enc = identity(false)
	}
	if s := d.stream(d.dict(child["FontDescriptor"])["FontFile2"]); s != nil && f.to == nil {
		if body, ok := d.decode(s); ok {
			f.embedded = readTrueType(body)
		}
		if s := d.stream(child["CIDToGIDMap"]); s != nil {
			f.gids, _ = d.decode(s)
		}
	}
}

func (d *reader) compositeWidths(f *font, w array) {
	for len(w) >= 2 {
		first, ok := integer(d.resolve(w[0]))
		if !ok || first < 0 {
			return
		}
		if list := d.array(w[1]); list != nil {
			for i, o := range list {
				if v, ok := number(d.resolve(o)); ok {
					f.widths[uint32(first+i)] = v / 1000
				}
			}
			w = w[2:]
			continue
		}
		last, ok := integer(d.resolve(w[1]))
		if !ok || len(w) < 3 || last-first > 0xffff || len(f.widths) > 1<<20 {
			return
		}
		if v, ok := number(d.resolve(w[2])); ok {
			for c := first; c <= last; c++ {
				f.widths[uint32(c)] = v / 1000
			}
		}
		w = w[3:]
	}
}

func (f *font) composite(c uint32, size int) glyphKind {
	cid, _ := f.enc.cid(c)
	w, ok := f.widths[cid]
	if !ok {
		w = f.usual
	}
	g := glyphKind{width: w}
	if f.to != nil {
		if t, ok := f.to.text(c); ok {
			if g.text, g.known = legible(t); g.known {
				return g
			}
		}
	}
	switch {
	case f.unicode && size == 2:
		g.text, g.known = legible(string(rune(c)))
	case f.embedded != nil:
		gid := int(cid)
		if f.gids != nil {
			gid = table(f.gids).u16(2 * gid)
		}
		g.text, g.known = legible(f.embedded.text[gid])
	}
	if !g.known && pictorial(f.label) {
		g.text, g.known = "•", true
	}
	return g
}

func (d *reader) loadSimple(f *font, base name) {
	desc := d.dict(f.dict["FontDescriptor"])
	scale := 0.001
	if d.resolve(f.dict["Subtype"]) == name("Type3") {
		f.procs = d.dict(f.dict["CharProcs"])
		m := numbers(d.flat(f.dict["FontMatrix"]), 6)
		if m == nil {
			m = []float64{scale, 0, 0, scale, 0, 0}
		}
		scale = m[0]
		if box := numbers(d.flat(f.dict["FontBBox"]), 4); box != nil {
			f.height = (box[3] - box[1]) * m[3]
		}
		if f.height = max(f.height, -f.height); f.height == 0 {
			f.height = 1
		}
	}
	names := d.simpleNames(f, desc)
	for c := range f.simple {
		f.simple[c] = d.simpleGlyph(f, byte(c), names[c])
	}
	d.simpleWidths(f, desc, names, string(base), scale)
}

func (d *reader) simpleGlyph(f *font, c byte, n name) glyphKind {
	var g glyphKind
	if f.to != nil {
		if t, ok := f.to.text(uint32(c)); ok {
			if g.text, g.known = legible(t); g.known {
				return g
			}
		}
	}
	if n == ".notdef" || n == "" && c == ' ' && f.procs == nil && !f.own {
		return glyphKind{text: " ", known: true}
	}
	if g.text, g.known = legible(glyphText(n)); g.known {
		return g
	}
	if f.embedded != nil {
		if g.text, g.known = legible(f.embedded.text[f.embedded.codes[int(c)]]); g.known {
			return g
		}
	}
	if pictorial(f.label) {
		if s := encodings()["SymbolEncoding"][c]; strings.HasPrefix(f.label, "Symbol") {
			if g.text, g.known = legible(glyphText(s)); g.known {
				return g
			}
		}
		return glyphKind{text: "•", known: true}
	}
	return g
}

// pictorial says whether a font, by its name, has signs and no letters. Their
// codes often stand for nothing; bullets are the usual case.
func pictorial(label string) bool {
	for _, p := range []string{"Symbol", "Wingdings", "Webdings", "ZapfDingbats", "Dingbats", "Marlett"} {
		if strings.HasPrefix(label, p) {
			return true
		}
	}
	return false
}

// simpleNames is the name of the glyph of each code.
func (d *reader) simpleNames(f *font, desc dict) (names [256]name) {
	enc := d.resolve(f.dict["Encoding"])
	which, _ := enc.(name)
	change, _ := enc.(dict)
	if change != nil {
		which, _ = d.resolve(change["BaseEncoding"]).(name)
	}
	flags, _ := integer(d.resolve(desc["Flags"]))
	embedded := desc["FontFile"] != nil || desc["FontFile2"] != nil || desc["FontFile3"] != nil
	f.own = embedded
	switch e := encodings()[which]; {
	case e != nil:
		names = *e
	case strings.HasPrefix(f.label, "Symbol") && !embedded:
		names = *encodings()["SymbolEncoding"]
	case f.procs != nil, pictorial(f.label):
	case !embedded || flags&4 == 0:
		names = *encodings()["StandardEncoding"]
	}
	if embedded && encodings()[which] == nil {
		d.builtIn(f, desc, &names)
	}
	at := 0
	for _, o := range d.array(change["Differences"]) {
		switch v := d.resolve(o).(type) {
		case int:
			at = v
		case name:
			if at >= 0 && at < 256 {
				names[at] = v
			}
			at++
		}
	}
	return names
}

// builtIn takes what the embedded font itself says about its codes.
func (d *reader) builtIn(f *font, desc dict, names *[256]name) {
	if s := d.stream(desc["FontFile2"]); s != nil {
		if body, ok := d.decode(s); ok {
			f.embedded = readTrueType(body)
		}
	}
	if s := d.stream(desc["FontFile"]); s != nil {
		if body, ok := d.decode(s); ok {
			typeOneNames(body, names)
		}
	}
}

// typeOneNames reads the lines "dup 65 /A put" of a Type 1 font's program.
func typeOneNames(body []byte, names *[256]name) {
	if i := bytes.Index(body, []byte("eexec")); i >= 0 {
		body = body[:i]
	}
	i := bytes.Index(body, []byte("/Encoding"))
	if i < 0 {
		return
	}
	l := &lexer{buf: body, pos: i}
	var last [3]any
	for range 4000 {
		o, err := l.next()
		if err != nil || o == keyword("def") && last[2] != keyword("for") {
			return
		}
		if c, ok := last[1].(int); ok && last[0] == keyword("dup") && o == keyword("put") && c >= 0 && c < 256 {
			if n, ok := last[2].(name); ok {
				names[c] = n
			}
		}
		last[0], last[1], last[2] = last[1], last[2], o
	}
}

func (d *reader) simpleWidths(f *font, desc dict, names [256]name, base string, scale float64) {
	first, _ := integer(d.resolve(f.dict["FirstChar"]))
	widths := d.array(f.dict["Widths"])
	missing, _ := number(d.resolve(desc["MissingWidth"]))
	standard := standardWidths(base)
	for c := range f.simple {
		w := missing * scale
		if i := c - first; widths != nil && i >= 0 && i < len(widths) {
			v, _ := number(d.resolve(widths[i]))
			w = v * scale
		} else if widths == nil {
			w = standard(names[c])
		}
		f.simple[c].width = w
	}
}

// standardWidths are the widths of a font that need not say them.
func standardWidths(base string) func(name) float64 {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(base, p) {
				return true
			}
		}
		return false
	}
	if has("Courier") {
		return func(name) float64 { return 0.6 }
	}
	which := "Helvetica"
	bold, italic := has("Bold"), has("Italic", "Oblique")
	switch {
	case has("Symbol"):
		which = "Symbol"
	case has("Dingbats"):
		which = "ZapfDingbats"
	case has("Times") && bold && italic:
		which = "Times-BoldItalic"
	case has("Times") && bold:
		which = "Times-Bold"
	case has("Times") && italic:
		which = "Times-Italic"
	case has("Times"):
		which = "Times-Roman"
	case bold:
		which = "Helvetica-Bold"
	}
	table := fontWidths()[which]
	return func(n name) float64 { return table[n] / 1000 }
}

// codesInOrder are the codes that are still used.
func (f *font) codesInOrder() []uint32 {
	out := make([]uint32, 0, len(f.used))
	for c := range f.used {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// unknownGlyph words what is wrong with a glyph.
func (f *font) unknownGlyph(c uint32) string {
	which := "a font without a name"
	if f.label != unnamed {
		which = "the font " + f.label
	}
	return "nothing says what code " + strconv.Itoa(int(c)) + " of " + which + " stands for"
}
