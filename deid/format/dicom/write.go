package dicom

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/big"
	"slices"
	"strings"
)

// draft is what the edits make of the pieces of attributes.
type draft struct {
	pieces map[place]string
	whole  []place // pieces that were replaced as a whole
}

// implementation names the program that has written a file: an identifier of
// the kind that everybody may make (ITU-T X.667).
const implementation = "2.25.302710926371948051729634851920473366195"

// uidOf makes a unique identifier out of a placeholder. The placeholder is
// random, and the same for the same identifier in one session.
func uidOf(placeholder string) string {
	sum := sha256.Sum256([]byte("dicom uid " + placeholder))
	return "2.25." + new(big.Int).SetBytes(sum[:16]).String()
}

// write writes the file anew.
func (f *File) write(d *draft) ([]byte, error) {
	whole := map[place]bool{}
	for _, p := range d.whole {
		whole[p] = true
	}
	s := f.syntax
	if f.pixels == blanked && s.packed {
		s, _ = syntaxOf(explicitLittle)
	}
	w := &writer{f: f, d: d, whole: whole, syntax: s}
	set, err := w.settle(f.set, true)
	if err != nil {
		return nil, err
	}
	if set = w.declare(set); f.pixels == blanked {
		set = w.blank(set)
	}
	out := w.meta(set)
	if !s.deflated {
		w.out = out
		return w.out, w.set(set)
	}
	if err := w.set(set); err != nil {
		return nil, err
	}
	z := bytes.NewBuffer(out)
	pack, _ := flate.NewWriter(z, flate.DefaultCompression) // the level is a valid one
	pack.Write(w.out)                                       //nolint:errcheck // a buffer takes everything
	pack.Close()                                            //nolint:errcheck // the same
	if z.Len()%2 == 1 {
		z.WriteByte(0)
	}
	return z.Bytes(), nil
}

// writer writes elements.
type writer struct {
	f      *File
	d      *draft
	whole  map[place]bool
	syntax syntax
	out    []byte
}

// settle is a data set after the profile and the edits. Pixels below the top are
// previews, which nobody has judged.
func (w *writer) settle(s dataset, top bool) (dataset, error) {
	var out dataset
	for _, e := range s {
		act := actionOf(e.tag)
		now := &element{tag: e.tag, vr: e.vr, value: e.value, fragments: e.fragments}
		switch {
		case act == remove:
			continue
		case e.vr == "SQ":
			now.items = []dataset{}
			for _, item := range e.items {
				if act == empty {
					break
				}
				set, err := w.settle(item, false)
				if err != nil {
					return nil, err
				}
				now.items = append(now.items, set)
			}
		case e.text != nil:
			value, err := w.text(e, act)
			if err != nil {
				return nil, err
			}
			now.value = value
		case !stays(e, act) || e.tag>>16 == 0x7FE0 && !top:
			w.f.note("data of unknown kinds")
			continue
		case act == empty:
			now.value = nil
		case act == dummy, act == replace:
			now.value = dummyOf(e)
		}
		out = append(out, now)
	}
	return out, nil
}

// stays reports whether a value that is no text may stay: numbers, and data of
// groups that hold pixels, palettes, waves and surfaces.
func stays(e *element, act action) bool {
	if e.tag == tagCharset {
		return charsetOf(nil, dataset{e}).known()
	}
	if a, _ := known(e.tag); representations[a.vr]&(number|bulk) == 0 {
		return false // it must be text, and says that it is a number
	}
	if e.vr == "IS" || e.vr == "DS" {
		return strings.Trim(string(e.value), "0123456789+-.eE\\ \x00") == ""
	}
	if representations[e.vr]&bulk == 0 || act != keep {
		return e.vr != "UN"
	}
	switch e.tag >> 16 {
	case 0x0028, 0x5400, 0x5600, 0x0066, 0x7FE0:
		return e.vr != "UN"
	}
	return false
}

// text is the value of a text after the profile and its edits.
func (w *writer) text(e *element, act action) ([]byte, error) {
	strict := act == empty || act == dummy
	if act == keep && (e.vr == "DA" || e.vr == "DT" || e.vr == "TM" || e.vr == "PN") {
		strict, act = true, empty
	}
	if len(e.value) == 0 {
		return nil, nil
	}
	var b strings.Builder
	changed, told := false, false
	for i, piece := range e.text.pieces {
		if i > 0 {
			b.WriteString(e.text.separators[i-1])
		}
		at := place{of: e, piece: i}
		now, edited := w.d.pieces[at]
		switch {
		case e.vr == "UI" && (act == replace || strict || piece != "") && !strings.HasPrefix(piece, standard):
			now = w.uid(piece, now, w.whole[at])
		case strict && !w.whole[at]:
			now = "" // what is not replaced as a whole does not stay
		case !edited:
			now = piece
		}
		if e.vr != "PN" && now != "" && now != piece && !fits(e.vr, now) {
			now = ""
		}
		changed = changed || now != piece
		told = told || now != ""
		b.WriteString(now)
	}
	switch {
	case strict && !told && act == dummy:
		return dummyOf(e), nil
	case strict && !told, e.vr == "PN" && !groupsFit(b.String()):
		return nil, nil
	case !changed:
		return e.value, nil
	}
	out, ok := e.text.set.encode(b.String())
	if !ok {
		return nil, where(e.tag, "what takes the place of its text cannot be written in the file's character set")
	}
	return out, nil
}

// uid is what takes the place of a unique identifier.
func (w *writer) uid(piece, now string, whole bool) string {
	switch {
	case piece == "":
		return ""
	case whole && now != piece:
		return uidOf(now)
	}
	return ""
}

// groupsFit reports whether each group of a name is short enough.
func groupsFit(name string) bool {
	for _, v := range strings.FieldsFunc(name, func(r rune) bool { return r == '\\' || r == '=' }) {
		if !fits("PN", v) {
			return false
		}
	}
	return true
}

// declare adds what the profile asks for: that, and how, the file was changed
// (PS3.15 E.1.1).
func (w *writer) declare(s dataset) dataset {
	code := dataset{
		{tag: 0x00080100, vr: "SH", value: []byte("113100")},
		{tag: 0x00080102, vr: "SH", value: []byte("DCM")},
		{tag: 0x00080104, vr: "LO", value: []byte("Basic Application Confidentiality Profile")},
	}
	for _, e := range []*element{
		{tag: 0x00120062, vr: "CS", value: []byte("YES")},
		{tag: 0x00120063, vr: "LO", value: []byte("Chaperone, PS3.15 E Basic Profile")},
		{tag: 0x00120064, vr: "SQ", items: []dataset{code}},
		{tag: 0x00280303, vr: "CS", value: []byte("REMOVED")},
	} {
		s = s.with(e)
	}
	return s
}

// with is the data set with an attribute set.
func (s dataset) with(e *element) dataset {
	at, found := slices.BinarySearchFunc(s, e.tag, func(x *element, t tag) int { return int(int64(x.tag) - int64(t)) })
	if found {
		s[at] = e
		return s
	}
	return slices.Insert(s, at, e)
}

// blank makes the pixels blank.
func (w *writer) blank(s dataset) dataset {
	vr := "OB"
	if w.f.number(tagAllocated) > 8 || !w.syntax.explicit {
		vr = "OW"
	}
	s = s.with(&element{tag: tagPixels, vr: vr, value: make([]byte, w.f.blankSize())})
	s = s.with(&element{tag: tagBurned, vr: "CS", value: []byte("NO")})
	if w.f.number(tagSamples) == 3 {
		s = s.with(&element{tag: tagColours, vr: "CS", value: []byte("RGB")})
		s = s.with(&element{tag: tagPlanes, vr: "US", value: []byte{0, 0}})
	}
	return s
}

// meta is the beginning of the file: an empty preamble and group 2.
func (w *writer) meta(s dataset) []byte {
	m := &writer{syntax: syntax{explicit: true, order: binary.LittleEndian}}
	group := dataset{
		{tag: 0x00020001, vr: "OB", value: []byte{0, 1}},
		{tag: 0x00020002, vr: "UI", value: []byte(s.string(tagClass))},
		{tag: 0x00020003, vr: "UI", value: []byte(s.string(0x00080018))},
		{tag: tagSyntax, vr: "UI", value: []byte(w.syntax.uid)},
		{tag: 0x00020012, vr: "UI", value: []byte(implementation)},
		{tag: 0x00020013, vr: "SH", value: []byte("CHAPERONE")},
	}
	m.set(group) //nolint:errcheck // its values are short
	out := append(make([]byte, 128), "DICM\x02\x00\x00\x00UL\x04\x00"...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(m.out))), m.out...)
}

// set writes a data set.
func (w *writer) set(s dataset) error {
	for _, e := range s {
		if err := w.element(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) tag(t tag) {
	order := w.syntax.order
	w.out = order.AppendUint16(order.AppendUint16(w.out, uint16(t>>16)), uint16(t))
}

func (w *writer) length(n uint32) {
	w.out = w.syntax.order.AppendUint32(w.out, n)
}

// element writes one attribute.
func (w *writer) element(e *element) error {
	w.tag(e.tag)
	isLong := !w.syntax.explicit || representations[e.vr]&long != 0
	if w.syntax.explicit {
		w.out = append(w.out, e.vr...)
		if isLong {
			w.out = append(w.out, 0, 0)
		}
	}
	switch {
	case e.vr == "SQ":
		return w.items(e.items)
	case e.fragments != nil:
		w.length(undefined)
		for _, piece := range e.fragments {
			w.tag(tagItem)
			w.length(uint32(len(piece)))
			w.out = append(w.out, piece...)
		}
		w.tag(tagSetEnd)
		w.length(0)
		return nil
	}
	n := (len(e.value) + 1) &^ 1
	switch {
	case isLong && n < math.MaxInt32:
		w.length(uint32(n))
	case !isLong && n <= math.MaxUint16:
		w.out = w.syntax.order.AppendUint16(w.out, uint16(n))
	default:
		return where(e.tag, "its value is too long to be written")
	}
	w.out = append(w.out, e.value...)
	if len(e.value)%2 == 1 {
		pad := byte(' ')
		if e.vr == "UI" || representations[e.vr]&bulk != 0 {
			pad = 0
		}
		w.out = append(w.out, pad)
	}
	return nil
}

// items writes a sequence, and then how long it has become.
func (w *writer) items(items []dataset) error {
	from := len(w.out)
	w.length(0)
	for _, item := range items {
		w.tag(tagItem)
		at := len(w.out)
		w.length(0)
		if err := w.set(item); err != nil {
			return err
		}
		w.syntax.order.PutUint32(w.out[at:], uint32(len(w.out)-at-4))
	}
	w.syntax.order.PutUint32(w.out[from:], uint32(len(w.out)-from-4))
	return nil
}
