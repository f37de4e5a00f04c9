package office

import (
	"bytes"
	"encoding/binary"
	"errors"
	stdimage "image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"chaperone/deid/format/image"
)

var pictures = set("png jpg jpeg jpe jfif gif bmp dib tif tiff emf wmf svg webp heic heif wdp jxr ico pcx pict pct emz wmz avif")

// picture decides about a picture: nobody can say from outside whether it is a
// logo or a face.
func (r *reader) picture(p *part, ext string) error {
	if r.limits.KeepPictures {
		return nil
	}
	if r.limits.OCR != nil && recognisable[ext] {
		return r.recognise(p)
	}
	if !r.limits.BlankPictures {
		r.drops["pictures"]++
		return nil
	}
	blank, err := blankPicture(ext)
	if err != nil {
		return err
	}
	if blank == nil {
		r.drops["pictures in a rare format"]++
		return nil
	}
	p.blank = blank
	r.note("pictures (they are blank)")
	return nil
}

// recognisable are the pictures that OCR is shown. Metafiles and drawings are not
// made of pixels.
var recognisable = set("png jpg jpeg jpe jfif gif bmp dib tif tiff webp")

// recognise has the words of a picture read. They are texts of the document.
func (r *reader) recognise(p *part) error {
	f, err := image.Read(p.raw, image.Options{OCR: r.limits.OCR, Blank: r.limits.BlankPictures})
	var (
		fault  *image.Fault
		closed *image.Uninspectable
	)
	switch {
	case errors.As(err, &fault):
		return &Fault{Where: "part " + decimal(p.at), What: "a picture is broken: " + fault.What}
	case errors.As(err, &closed):
		return refused(closed.Hint, "a document with %s", closed.What)
	case err != nil:
		return err
	}
	p.seen = f
	for i, t := range f.Texts() {
		r.f.add(Text{Path: "picture in part " + decimal(p.at) + ", " + t.Path, Label: t.Label, Kind: t.Kind, Text: t.Text, Seen: true}, painted{p, i})
	}
	for _, n := range f.Notes() {
		r.note("in pictures: " + n)
	}
	return nil
}

// painted is a text of a picture. What is replaced in it is painted over.
type painted struct {
	p *part
	i int
}

func (a painted) put(d *draft, _ string, edits []Edit) {
	if d.paint[a.p] == nil {
		d.paint[a.p] = map[int][]image.Edit{}
	}
	for _, e := range edits {
		d.paint[a.p][a.i] = append(d.paint[a.p][a.i], image.Edit(e))
	}
}

// blankPicture is an empty picture of the same format, nil if it is a rare one.
func blankPicture(ext string) (blank []byte, err error) {
	dot := stdimage.NewPaletted(stdimage.Rect(0, 0, 1, 1), color.Palette{color.White})
	var b bytes.Buffer
	switch ext {
	case "png":
		err = png.Encode(&b, dot)
	case "jpg", "jpeg", "jpe", "jfif":
		err = jpeg.Encode(&b, dot, nil)
	case "gif":
		err = gif.Encode(&b, dot, nil)
	case "bmp", "dib":
		return blankBitmap(), nil
	case "tif", "tiff":
		return blankTIFF(), nil
	case "emf":
		return blankEMF(), nil
	case "wmf":
		return blankWMF(), nil
	case "svg":
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`), nil
	}
	return b.Bytes(), err
}

func little(values ...any) []byte {
	var b []byte
	for _, v := range values {
		b, _ = binary.Append(b, binary.LittleEndian, v) // the values below have fixed sizes
	}
	return b
}

// blankBitmap is one white dot (BITMAPFILEHEADER, BITMAPINFOHEADER, a row).
func blankBitmap() []byte {
	return little([]byte("BM"), uint32(58), uint32(0), uint32(54),
		uint32(40), int32(1), int32(1), uint16(1), uint16(24), uint32(0), uint32(4), int32(0), int32(0), uint32(0), uint32(0),
		[]byte{0xFF, 0xFF, 0xFF, 0})
}

// blankTIFF is one white dot (TIFF 6.0, bilevel).
func blankTIFF() []byte {
	field := func(tag uint16, value uint32) []byte { return little(tag, uint16(4), uint32(1), value) }
	return little([]byte("II*\x00"), uint32(8), uint16(8),
		field(256, 1), field(257, 1), field(258, 1), field(259, 1), field(262, 0), field(273, 110), field(278, 1), field(279, 1),
		uint32(0), []byte{0, 0})
}

// blankEMF is a header and an end ([MS-EMF] 2.3.4).
func blankEMF() []byte {
	return little(uint32(1), uint32(88), int32(0), int32(0), int32(1), int32(1), int32(0), int32(0), int32(26), int32(26),
		[]byte(" EMF"), uint32(0x10000), uint32(108), uint32(2), uint16(1), uint16(0), uint32(0), uint32(0), uint32(0),
		int32(1024), int32(768), int32(320), int32(240),
		uint32(14), uint32(20), uint32(0), uint32(16), uint32(20))
}

// blankWMF is a placeable header, a header and an end ([MS-WMF] 2.3.2).
func blankWMF() []byte {
	head := []uint16{0xCDD7, 0x9AC6, 0, 0, 0, 1, 1, 96, 0, 0}
	sum := uint16(0)
	for _, w := range head {
		sum ^= w
	}
	return little(head, sum, uint16(1), uint16(9), uint16(0x300), uint32(12), uint16(0), uint32(3), uint16(0), uint32(3), uint16(0))
}
