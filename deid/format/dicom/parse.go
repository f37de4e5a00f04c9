package dicom

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// element is one attribute with its value.
type element struct {
	tag       tag
	vr        string
	value     []byte
	items     []dataset // of a sequence
	fragments [][]byte  // of encapsulated pixels
	text      *text     // if it is one and stays
}

type dataset []*element

// byteOrder is the order of bytes in numbers.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// syntax is how a data set is written (PS3.5 annex A).
type syntax struct {
	uid      string
	explicit bool
	deflated bool
	packed   bool // pixels are encapsulated
	order    byteOrder
}

const (
	implicitLittle = "1.2.840.10008.1.2"
	explicitLittle = "1.2.840.10008.1.2.1"
	deflatedLittle = "1.2.840.10008.1.2.1.99"
	explicitBig    = "1.2.840.10008.1.2.2"
)

func syntaxOf(uid string) (syntax, bool) {
	s := syntax{uid: uid, explicit: true, order: binary.LittleEndian}
	switch {
	case uid == implicitLittle:
		s.explicit = false
	case uid == explicitLittle:
	case uid == deflatedLittle:
		s.deflated = true
	case uid == explicitBig:
		s.order = binary.BigEndian
	case strings.HasPrefix(uid, "1.2.840.10008.1.2.4."), uid == "1.2.840.10008.1.2.5":
		s.packed = true
	default:
		return s, false
	}
	return s, true
}

const (
	undefined    = 0xFFFFFFFF
	maxDepth     = 16
	maxElements  = 1_000_000
	maxUnpacked  = 256 << 20
	tagItem      = tag(0xFFFEE000)
	tagItemEnd   = tag(0xFFFEE00D)
	tagSetEnd    = tag(0xFFFEE0DD)
	tagPixels    = tag(0x7FE00010)
	tagSyntax    = tag(0x00020010)
	headOfPart10 = 132
)

// parse reads a whole file: preamble, group 2, and the data set.
func (f *File) parse(raw []byte) error {
	if !Recognise(raw) {
		return &Fault{What: "it does not begin as a DICOM file"}
	}
	meta := &parser{raw: raw, at: headOfPart10, explicit: true, order: binary.LittleEndian}
	uid := ""
	for meta.at+4 <= len(raw) && binary.LittleEndian.Uint16(raw[meta.at:]) == 2 {
		e, err := meta.element(0)
		if err != nil {
			return err
		}
		if e.tag == tagSyntax {
			uid = strings.TrimRight(string(e.value), "\x00 ")
		}
	}
	s, ok := syntaxOf(uid)
	if !ok {
		return refused("convert it to a standard transfer syntax, and try again", "a DICOM file in an unknown transfer syntax")
	}
	f.syntax = s
	body := raw[meta.at:]
	if s.deflated {
		unpacked, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(body)), maxUnpacked+1))
		switch {
		case err != nil:
			return &Fault{What: "its packed data set cannot be unpacked"}
		case len(unpacked) > maxUnpacked:
			return &Fault{What: "it unpacks to more than 256 MB"}
		}
		body, meta.at = unpacked, 0
	}
	p := &parser{raw: body, base: meta.at, explicit: s.explicit, order: s.order}
	set, err := p.set(len(body), 0)
	if err != nil {
		return err
	}
	if len(set) == 0 {
		return &Fault{What: "it has no attributes"}
	}
	f.set = set
	return nil
}

// parser reads elements.
type parser struct {
	raw      []byte
	at, base int
	explicit bool
	order    byteOrder
	count    int
}

func (p *parser) broken(what string) error { return broken(p.base+p.at, what) }

// set reads elements up to end, or up to a delimiter if end is -1.
func (p *parser) set(end, depth int) (dataset, error) {
	var set dataset
	last := tag(0)
	for end < 0 || p.at < end {
		if end < 0 && p.peek() == tagItemEnd {
			p.at += 8
			return set, nil
		}
		e, err := p.element(depth)
		if err != nil {
			return nil, err
		}
		if end >= 0 && p.at > end {
			return nil, p.broken("an attribute is longer than what it stands in")
		}
		if e.tag <= last && len(set) > 0 {
			return nil, p.broken("attributes are not in the order of their tags")
		}
		if e.tag == 0xFFFCFFFC { // padding at the end of a data set
			continue
		}
		last = e.tag
		set = append(set, e)
	}
	return set, nil
}

func (p *parser) peek() tag {
	if p.at+8 > len(p.raw) {
		return 0
	}
	return tag(p.order.Uint16(p.raw[p.at:]))<<16 | tag(p.order.Uint16(p.raw[p.at+2:]))
}

// header reads tag, representation and length.
func (p *parser) header() (e *element, length uint32, err error) {
	if p.at+8 > len(p.raw) {
		return nil, 0, p.broken("it ends too early")
	}
	e = &element{tag: p.peek()}
	if e.tag>>16 == 0xFFFE {
		return nil, 0, p.broken("a mark of sequences stands outside of one")
	}
	if !p.explicit {
		if a, ok := known(e.tag); ok {
			e.vr = a.vr
		} else {
			e.vr = "UN"
		}
		length = p.order.Uint32(p.raw[p.at+4:])
		p.at += 8
		return e, length, nil
	}
	e.vr = string(p.raw[p.at+4 : p.at+6])
	if representations[e.vr] == 0 {
		return nil, 0, p.broken("an attribute has an unknown representation")
	}
	if representations[e.vr]&long == 0 {
		length = uint32(p.order.Uint16(p.raw[p.at+6:]))
		p.at += 8
		return e, length, nil
	}
	if p.at+12 > len(p.raw) {
		return nil, 0, p.broken("it ends too early")
	}
	length = p.order.Uint32(p.raw[p.at+8:])
	p.at += 12
	return e, length, nil
}

// element reads one attribute with what it holds.
func (p *parser) element(depth int) (*element, error) {
	if p.count++; p.count > maxElements {
		return nil, p.broken("it has more than a million attributes")
	}
	e, length, err := p.header()
	if err != nil {
		return nil, err
	}
	if length == undefined {
		switch {
		case e.tag == tagPixels:
			e.fragments, err = p.fragments()
		case e.vr == "SQ":
			e.items, err = p.sequence(-1, depth+1)
		case e.vr == "UN": // PS3.5 6.2.2: what follows is implicit, little-endian
			e.vr = "SQ"
			err = p.implicitly(func() error {
				e.items, err = p.sequence(-1, depth+1)
				return err
			})
		default:
			return nil, p.broken("a value that is no sequence has no length")
		}
		return e, err
	}
	if uint64(p.at)+uint64(length) > uint64(len(p.raw)) {
		return nil, p.broken("an attribute is longer than the file")
	}
	end := p.at + int(length)
	a, ok := known(e.tag)
	if e.vr == "SQ" {
		e.items, err = p.sequence(end, depth+1)
		return e, err
	}
	if e.vr == "UN" && ok && a.vr == "SQ" && length > 0 {
		e.vr = "SQ"
		err = p.implicitly(func() error {
			e.items, err = p.sequence(end, depth+1)
			return err
		})
		return e, err
	}
	if e.vr == "UN" && ok && (representations[a.vr]&long != 0 || length <= math.MaxUint16) && (p.order == binary.LittleEndian || representations[a.vr]&isText != 0) {
		e.vr = a.vr // a program did not know it, and we do
	}
	e.value = p.raw[p.at:end]
	p.at = end
	return e, nil
}

func (p *parser) implicitly(f func() error) error {
	explicit, order := p.explicit, p.order
	p.explicit, p.order = false, binary.LittleEndian
	err := f()
	p.explicit, p.order = explicit, order
	return err
}

// sequence reads items up to end, or up to a delimiter if end is -1.
func (p *parser) sequence(end, depth int) ([]dataset, error) {
	if depth > maxDepth {
		return nil, p.broken("sequences stand within sequences too deeply")
	}
	items := []dataset{}
	for end < 0 || p.at < end {
		if p.at+8 > len(p.raw) {
			return nil, p.broken("a sequence ends too early")
		}
		mark, length := p.peek(), p.order.Uint32(p.raw[p.at+4:])
		switch {
		case mark == tagSetEnd && end < 0:
			p.at += 8
			return items, nil
		case mark != tagItem:
			return nil, p.broken("a sequence holds something else than items")
		}
		p.at += 8
		to := -1
		if length != undefined {
			if uint64(p.at)+uint64(length) > uint64(len(p.raw)) {
				return nil, p.broken("an item is longer than the file")
			}
			to = p.at + int(length)
		}
		set, err := p.set(to, depth)
		if err != nil {
			return nil, err
		}
		if p.count++; p.count > maxElements {
			return nil, p.broken("it has more than a million items")
		}
		items = append(items, set)
	}
	if p.at > end {
		return nil, p.broken("an item is longer than its sequence")
	}
	return items, nil
}

// fragments reads encapsulated pixels (PS3.5 A.4).
func (p *parser) fragments() ([][]byte, error) {
	var list [][]byte
	for {
		if p.at+8 > len(p.raw) {
			return nil, p.broken("encapsulated pixels end too early")
		}
		mark, length := p.peek(), p.order.Uint32(p.raw[p.at+4:])
		p.at += 8
		switch {
		case mark == tagSetEnd:
			return list, nil
		case mark != tagItem || uint64(p.at)+uint64(length) > uint64(len(p.raw)):
			return nil, p.broken("encapsulated pixels are broken")
		}
		list = append(list, p.raw[p.at:p.at+int(length)])
		p.at += int(length)
		if p.count++; p.count > maxElements {
			return nil, p.broken("encapsulated pixels have more than a million pieces")
		}
	}
}

// find returns the attribute of that tag, or nil.
func (s dataset) find(t tag) *element {
	for _, e := range s {
		if e.tag == t {
			return e
		}
	}
	return nil
}

// string returns the value of an attribute of ASCII text, without its padding.
func (s dataset) string(t tag) string {
	if e := s.find(t); e != nil {
		return strings.Trim(string(e.value), "\x00 ")
	}
	return ""
}

// number returns the first number of an attribute of the type US, or 0.
func (f *File) number(t tag) int {
	if e := f.set.find(t); e != nil && len(e.value) >= 2 {
		return int(f.syntax.order.Uint16(e.value))
	}
	return 0
}

func where(t tag, what string) error { return &Fault{Where: fmt.Sprint(t), What: what} }
