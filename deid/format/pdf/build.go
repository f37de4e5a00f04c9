package pdf

import "strconv"

// writer builds the new file. It copies by lists of what may be there, kind by
// kind: what is on no list (and every string) stays behind, so that nothing
// goes through because nobody thought of it.
type writer struct {
	d       *reader
	f       *File
	objects []any
	drawn   map[drawing]any // the forms and patterns that are written
	copied  map[int]any     // functions and other resources, by their old number
	taken   map[drawing]map[int32]map[spot]*taking
	inserts *inserts
	fonts   []*font
	refs    map[*font]ref
	layers  map[int]ref
	order   []int // of layers
}

func newWriter(f *File) *writer {
	w := &writer{
		d: f.d, f: f, drawn: map[drawing]any{}, copied: map[int]any{},
		taken: map[drawing]map[int32]map[spot]*taking{}, refs: map[*font]ref{}, layers: map[int]ref{},
	}
	w.inserts = &inserts{w: w}
	return w
}

func (w *writer) add(o any) ref {
	w.objects = append(w.objects, o)
	return ref(len(w.objects))
}

// fontRef is the number of a font that is written when it is known which of its
// codes are left.
func (w *writer) fontRef(f *font) ref {
	r, ok := w.refs[f]
	if !ok {
		r = w.add(nil)
		w.refs[f] = r
		w.fonts = append(w.fonts, f)
	}
	return r
}

// plain copies numbers, truth values and arrays of them; else it is nil.
func plain(d *reader, o any, depth int) any {
	switch v := d.resolve(o).(type) {
	case int, float64, bool:
		return v
	case array:
		if depth > 4 {
			return nil
		}
		out := make(array, 0, len(v))
		for _, e := range v {
			p := plain(d, e, depth+1)
			if p == nil {
				return nil
			}
			out = append(out, p)
		}
		return out
	}
	return nil
}

func (w *writer) copyNumbers(to, from dict, keys ...name) {
	for _, k := range keys {
		if o := plain(w.d, from[k], 0); o != nil {
			to[k] = o
		}
	}
}

// copyName copies a name if it is one of those that the format itself has.
func (w *writer) copyName(to, from dict, k name, of ...name) {
	n, _ := w.d.resolve(from[k]).(name)
	for _, o := range of {
		if n == o {
			to[k] = n
		}
	}
}

// once keeps what is copied from an old object, so that it is copied once.
func (w *writer) once(o any, build func() any) any {
	num, ok := w.d.target(o)
	if !ok {
		return build()
	}
	if done, ok := w.copied[num]; ok {
		return done
	}
	w.copied[num] = nil // of an object within itself nothing is copied
	done := build()
	if done != nil {
		done = w.add(done)
	}
	w.copied[num] = done
	return done
}

var blendModes = []name{
	"Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn",
	"HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
}

func (w *writer) extGState(v, soft dict, mask any) any {
	out := dict{"Type": name("ExtGState")}
	w.copyNumbers(out, v, "LW", "LC", "LJ", "ML", "OP", "op", "OPM", "FL", "SM", "SA", "CA", "ca", "AIS", "TK")
	if d := w.d.flat(v["D"]); len(d) == 2 {
		if dash, phase := plain(w.d, d[0], 0), plain(w.d, d[1], 0); dash != nil && phase != nil {
			out["D"] = array{dash, phase}
		}
	}
	if a := w.d.flat(v["BM"]); len(a) > 0 {
		w.copyName(out, dict{"BM": a[0]}, "BM", blendModes...)
	} else {
		w.copyName(out, v, "BM", blendModes...)
	}
	switch {
	case mask != nil:
		m := dict{"Type": name("Mask"), "S": name("Alpha"), "G": mask}
		w.copyName(m, soft, "S", "Alpha", "Luminosity")
		w.copyNumbers(m, soft, "BC")
		out["SMask"] = m
	case w.d.resolve(v["SMask"]) == name("None"):
		out["SMask"] = name("None")
	}
	return out
}

// group copies what makes a drawing a transparency group.
func (w *writer) group(o any) any {
	v := w.d.dict(o)
	if w.d.resolve(v["S"]) != name("Transparency") {
		return nil
	}
	out := dict{"Type": name("Group"), "S": name("Transparency")}
	w.copyNumbers(out, v, "I", "K")
	if cs := w.colorSpace(v["CS"], 0); cs != nil {
		out["CS"] = cs
	}
	return out
}

// colorSpace copies a colour space. Profiles of devices become the plain space
// of as many colours: they can hold text and serial numbers.
func (w *writer) colorSpace(o any, depth int) any {
	if depth > 4 {
		return nil
	}
	switch v := w.d.resolve(o).(type) {
	case name:
		switch v {
		case "DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern":
			return v
		}
	case array:
		if len(v) > 0 {
			return w.once(o, func() any { return w.colorArray(w.d.flat(v), v, depth) })
		}
	}
	return nil
}

func (w *writer) colorArray(v, raw array, depth int) any {
	kind, _ := v[0].(name)
	switch {
	case len(v) == 1:
		return w.colorSpace(kind, depth+1)
	case kind == "ICCBased":
		switch n, _ := integer(w.d.resolve(w.d.dict(v[1])["N"])); n {
		case 1:
			return array{name("DeviceGray")}
		case 4:
			return array{name("DeviceCMYK")}
		}
		return array{name("DeviceRGB")}
	case kind == "CalGray" || kind == "CalRGB" || kind == "Lab":
		p := dict{}
		w.copyNumbers(p, w.d.dict(v[1]), "WhitePoint", "BlackPoint", "Gamma", "Matrix", "Range")
		return array{kind, p}
	case kind == "Pattern":
		return array{kind, w.colorSpace(raw[1], depth+1)}
	case kind == "Indexed" && len(v) >= 4:
		return w.indexed(v, raw, depth)
	case (kind == "Separation" || kind == "DeviceN") && len(v) >= 4:
		base, fn := w.colorSpace(raw[2], depth+1), w.function(raw[3], 0)
		if base == nil || fn == nil {
			return nil
		}
		return array{kind, w.colorants(v[1]), base, fn}
	}
	return nil
}

func (w *writer) indexed(v, raw array, depth int) any {
	base := w.colorSpace(raw[1], depth+1)
	high, ok := integer(v[2])
	if base == nil || !ok || high < 0 || high > 255 {
		return nil
	}
	colors, _ := v[3].(text)
	if s, ok := v[3].(*stream); ok {
		colors, _ = w.d.decode(s)
	}
	return array{name("Indexed"), base, high, colors[:min(len(colors), 4*(high+1))]}
}

// colorants are the names of inks; they are made anew.
func (w *writer) colorants(o any) any {
	switch v := o.(type) {
	case name:
		if v == "All" || v == "None" {
			return v
		}
		return name("Ink1")
	case array:
		out := make(array, len(v))
		for i, e := range v {
			out[i] = name("Ink" + strconv.Itoa(i+1))
			if w.d.resolve(e) == name("None") {
				out[i] = name("None")
			}
		}
		return out
	}
	return name("None")
}

func (w *writer) function(o any, depth int) any {
	if depth > 4 {
		return nil
	}
	if a := w.d.array(o); a != nil {
		out := make(array, len(a))
		for i, e := range a {
			if out[i] = w.function(e, depth+1); out[i] == nil {
				return nil
			}
		}
		return out
	}
	return w.once(o, func() any { return w.oneFunction(o, depth) })
}

func (w *writer) oneFunction(o any, depth int) any {
	v := w.d.dict(o)
	if v == nil {
		return nil
	}
	out := dict{}
	w.copyNumbers(out, v, "FunctionType", "Domain", "Range", "Size", "BitsPerSample", "Order", "Encode",
		"Decode", "C0", "C1", "N", "Bounds")
	s := w.d.stream(o)
	if s == nil {
		if a := w.d.array(v["Functions"]); a != nil {
			out["Functions"] = w.function(v["Functions"], depth+1)
		}
		return out
	}
	body, ok := w.d.decode(s)
	if !ok {
		return nil
	}
	if out["FunctionType"] == 4 {
		body = calculator(body)
	}
	return &stream{out, body}
}

// calculator copies the program of a function: braces, numbers and operators.
func calculator(body []byte) []byte {
	l := &lexer{buf: body}
	var out []byte
	for {
		o, err := l.next()
		if err != nil {
			return out
		}
		switch v := o.(type) {
		case keyword:
			if len(v) <= len("truncate") {
				out = append(append(out, v...), ' ')
			}
		case int:
			out = append(strconv.AppendInt(out, int64(v), 10), ' ')
		case float64:
			out = append(strconv.AppendFloat(out, v, 'f', 6, 64), ' ')
		case bool:
			out = append(strconv.AppendBool(out, v), ' ')
		}
	}
}

func (w *writer) shading(o any) any {
	return w.once(o, func() any {
		v := w.d.dict(o)
		cs := w.colorSpace(v["ColorSpace"], 0)
		if cs == nil {
			return nil
		}
		out := dict{"ColorSpace": cs}
		w.copyNumbers(out, v, "ShadingType", "Background", "BBox", "AntiAlias", "Coords", "Domain", "Extend",
			"Matrix", "BitsPerCoordinate", "BitsPerComponent", "BitsPerFlag", "Decode", "VerticesPerRow")
		if v["Function"] != nil {
			if out["Function"] = w.function(v["Function"], 0); out["Function"] == nil {
				return nil
			}
		}
		if s := w.d.stream(o); s != nil {
			body, ok := w.d.decode(s)
			if !ok {
				return nil
			}
			return &stream{out, body}
		}
		return out
	})
}

// smoothPattern copies a pattern that is a shading.
func (w *writer) smoothPattern(v dict) any {
	sh := w.shading(v["Shading"])
	if sh == nil {
		return nil
	}
	out := dict{"Type": name("Pattern"), "PatternType": 2, "Shading": sh}
	w.copyNumbers(out, v, "Matrix")
	return out
}

// stencil copies the shape of a glyph.
func (w *writer) stencil(o any) any {
	return w.once(o, func() any {
		s := w.d.stream(o)
		body, ok := w.d.decode(s)
		if !ok {
			return nil
		}
		out := dict{"Type": name("XObject"), "Subtype": name("Image"), "ImageMask": true, "BitsPerComponent": 1}
		w.copyNumbers(out, s.dict, "Width", "Height", "Decode")
		return &stream{out, body}
	})
}

// layer copies what makes content belong to a layer. Its name is made anew.
func (w *writer) layer(o any) any {
	v := w.d.dict(o)
	num, ok := w.d.target(o)
	if !ok || v == nil {
		return nil
	}
	switch w.d.resolve(v["Type"]) {
	case name("OCG"):
		r, there := w.layers[num]
		if !there {
			w.order = append(w.order, num)
			label := "Layer " + strconv.Itoa(len(w.order))
			r = w.add(dict{"Type": name("OCG"), "Name": text(label)})
			w.layers[num] = r
		}
		return r
	case name("OCMD"):
		out := dict{"Type": name("OCMD")}
		w.copyName(out, v, "P", "AllOn", "AnyOn", "AnyOff", "AllOff")
		var all array
		members := w.d.array(v["OCGs"])
		if members == nil {
			members = array{v["OCGs"]}
		}
		for _, g := range members {
			if w.d.resolve(w.d.dict(g)["Type"]) == name("OCG") {
				all = append(all, w.layer(g))
			}
		}
		out["OCGs"] = all
		return w.once(o, func() any { return out })
	}
	return nil
}

// layerProperties says which layers are shown.
func (w *writer) layerProperties(root dict) any {
	if len(w.order) == 0 {
		return nil
	}
	first := w.d.dict(w.d.dict(root["OCProperties"])["D"])
	pick := func(k name) array {
		out := array{}
		for _, o := range w.d.array(first[k]) {
			if num, ok := w.d.target(o); ok {
				if r, ok := w.layers[num]; ok {
					out = append(out, r)
				}
			}
		}
		return out
	}
	show := dict{"ON": pick("ON"), "OFF": pick("OFF")}
	w.copyName(show, first, "BaseState", "ON", "OFF")
	all := array{}
	for _, num := range w.order {
		all = append(all, w.layers[num])
	}
	return dict{"OCGs": all, "D": show}
}
