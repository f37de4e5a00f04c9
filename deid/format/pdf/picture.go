package pdf

import (
	"bytes"
	"errors"
	"fmt"
	stdimage "image"
	"image/color"
	"image/jpeg"

	"chaperone/deid/format/image"

	"golang.org/x/image/ccitt"
)

// seen is a picture whose words OCR has read.
type seen struct {
	page  *image.Page
	edits []image.Edit // of the rewriting under way
}

// maxPixels bounds the pixels of one picture: a sheet of A4 at 600 dots an inch.
const maxPixels = 40_000_000

// see has the words of a picture read, once for all the places it is shown at.
// It is false for a picture that stays unread: of a kind that is not decoded, or
// read so badly that it is to be blank.
func (m *machine) see(o any, s *stream) (bool, error) {
	num, ok := m.d.target(o)
	if m.f.options.OCR == nil || !ok {
		return false, nil
	}
	if m.f.sights[num] != nil || m.out != nil {
		return m.f.sights[num] != nil, nil
	}
	picture := m.f.pixels(s)
	if picture == nil {
		return false, m.d.over()
	}
	page, err := image.Look(picture, m.f.options.OCR, m.f.options.BlankImages)
	var closed *image.Uninspectable
	if errors.As(err, &closed) {
		return false, &Uninspectable{Where: fmt.Sprintf("page %d", m.page+1), What: closed.What, Image: true}
	}
	if err != nil || page == nil {
		return false, err
	}
	m.f.sights[num] = &seen{page: page}
	if page.Text != "" {
		m.f.texts = append(m.f.texts, entryText{
			Text: Text{Path: fmt.Sprintf("page %d, picture %d, read by OCR", m.page+1, len(m.f.sights)), Text: page.Text, Seen: true}, picture: num,
		})
	}
	return true, nil
}

// picture writes a picture that was read, with what its edits touch painted over.
// Its pixels are coded anew; nothing else of it comes along.
func (w *writer) picture(o any) any {
	num, _ := w.d.target(o)
	return w.once(o, func() any {
		s := w.d.stream(o)
		picture := w.f.pixels(s)
		if picture == nil {
			return nil
		}
		at := w.f.sights[num]
		picture = image.Paint(picture, at.page.Boxes(at.edits))
		b := picture.Bounds()
		out := dict{
			"Type": name("XObject"), "Subtype": name("Image"), "BitsPerComponent": 8,
			"Width": b.Dx(), "Height": b.Dy(), "ColorSpace": name("DeviceRGB"),
		}
		if _, gray := picture.(*stdimage.Gray); gray {
			out["ColorSpace"] = name("DeviceGray")
		}
		w.copyNumbers(out, s.dict, "Interpolate")
		if w.d.lossy(s) {
			var packed bytes.Buffer
			if jpeg.Encode(&packed, picture, &jpeg.Options{Quality: 90}) != nil {
				return nil
			}
			out["Filter"] = name("DCTDecode")
			return &stream{out, packed.Bytes()}
		}
		return &stream{out, samples(picture)}
	})
}

// samples are the pixels of a picture, a byte a colour.
func samples(picture stdimage.Image) []byte {
	b := picture.Bounds()
	if g, ok := picture.(*stdimage.Gray); ok && g.Stride == b.Dx() {
		return g.Pix
	}
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
			out = append(out, c.R, c.G, c.B)
		}
	}
	return out
}

// lossy reports whether a picture is coded as a JPEG.
func (d *reader) lossy(s *stream) bool {
	last := d.lastFilter(s)
	return last == "DCTDecode" || last == "DCT"
}

func (d *reader) lastFilter(s *stream) name {
	filters := d.list(s.dict["Filter"], nil)
	if len(filters) == 0 {
		return ""
	}
	last, _ := d.resolve(filters[len(filters)-1]).(name)
	return last
}

// pixels are those of a picture, nil if it is of a kind that is not decoded: a
// mask, one with transparency, of inks or of many bits, JPEG 2000, JBIG2.
func (f *File) pixels(s *stream) stdimage.Image {
	wide, _ := integer(f.d.resolve(s.dict["Width"]))
	high, _ := integer(f.d.resolve(s.dict["Height"]))
	mask, _ := f.d.resolve(s.dict["ImageMask"]).(bool)
	if mask || s.dict["SMask"] != nil || s.dict["Mask"] != nil || wide <= 0 || high <= 0 || wide > maxPixels/high {
		return nil
	}
	if wide*high > f.d.budget.room() { // a fax of a few bytes can be a large sheet
		f.d.budget.spent = true
		return nil
	}
	f.d.budget.take(wide * high)
	switch f.d.lastFilter(s) {
	case "DCTDecode", "DCT":
		return f.photograph(s, wide, high)
	case "CCITTFaxDecode", "CCF":
		return f.fax(s, wide, high)
	}
	return f.plainPixels(s, wide, high)
}

// photograph decodes a JPEG of one or three colours that is as large as it says.
func (f *File) photograph(s *stream, wide, high int) stdimage.Image {
	raw, ok := f.d.decodeBut(s, 1)
	if !ok || s.dict["Decode"] != nil {
		return nil
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil || c.Width != wide || c.Height != high {
		return nil
	}
	picture, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	switch picture.(type) {
	case *stdimage.Gray, *stdimage.YCbCr, *stdimage.RGBA:
		return picture
	}
	return nil
}

// fax decodes the pages of a fax (ITU-T T.4 in one dimension, and T.6).
func (f *File) fax(s *stream, wide, high int) stdimage.Image {
	raw, ok := f.d.decodeBut(s, 1)
	parms := f.d.list(s.dict["DecodeParms"], s.dict["DP"])
	if !ok || len(parms) == 0 {
		return nil
	}
	p := f.d.dict(parms[len(parms)-1])
	k, _ := integer(f.d.resolve(p["K"]))
	columns, there := integer(f.d.resolve(p["Columns"]))
	if !there {
		columns = 1728
	}
	if k > 0 || columns != wide {
		return nil
	}
	form := ccitt.Group3
	if k < 0 {
		form = ccitt.Group4
	}
	align, _ := f.d.resolve(p["EncodedByteAlign"]).(bool)
	blackIs1, _ := f.d.resolve(p["BlackIs1"]).(bool)
	inverted, ok := f.inverted(s)
	if !ok {
		return nil
	}
	out := stdimage.NewGray(stdimage.Rect(0, 0, wide, high))
	if ccitt.DecodeIntoGray(out, bytes.NewReader(raw), ccitt.MSB, form, &ccitt.Options{Align: align, Invert: blackIs1 != inverted}) != nil {
		return nil
	}
	return out
}

// inverted says whether a picture of one colour has 0 for white; ok is false for
// any other way of reading its numbers.
func (f *File) inverted(s *stream) (inverted, ok bool) {
	if s.dict["Decode"] == nil {
		return false, true
	}
	d := numbers(f.d.flat(s.dict["Decode"]), 2)
	if len(d) != 2 || d[0] == d[1] || d[0]+d[1] != 1 {
		return false, false
	}
	return d[0] == 1, true
}

// plainPixels reads pixels that are packed as bytes: gray, red-green-blue or out
// of a table of colours, eight bits each, or gray in one bit.
func (f *File) plainPixels(s *stream, wide, high int) stdimage.Image {
	bits, _ := integer(f.d.resolve(s.dict["BitsPerComponent"]))
	colors, table := f.colours(s.dict["ColorSpace"], 0)
	inverted, ok := f.inverted(s)
	if colors == 0 || !ok && s.dict["Decode"] != nil || bits != 8 && (bits != 1 || colors != 1 || table != nil) || inverted && (colors != 1 || table != nil) {
		return nil
	}
	raw, ok := f.d.decode(s)
	row := (wide*colors*bits + 7) / 8
	if !ok || len(raw) < row*high {
		return nil
	}
	flip := byte(0)
	if inverted {
		flip = 0xFF
	}
	if colors == 1 && table == nil {
		out := stdimage.NewGray(stdimage.Rect(0, 0, wide, high))
		for y := range high {
			for x := range wide {
				v := raw[y*row+x*bits/8]
				if bits == 1 {
					v = (v >> (7 - x%8) & 1) * 0xFF
				}
				out.Pix[y*out.Stride+x] = v ^ flip
			}
		}
		return out
	}
	out := stdimage.NewRGBA(stdimage.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			at := raw[y*row+x*colors:]
			if table != nil {
				at = table[min(3*int(at[0]), len(table)-3):]
			}
			out.SetRGBA(x, y, color.RGBA{at[0], at[1], at[2], 0xFF})
		}
	}
	return out
}

// colours is how many numbers a pixel of a colour space has, 0 if its colours are
// not known; with a table, its red-green-blue values.
func (f *File) colours(o any, depth int) (n int, table []byte) {
	if depth > 2 {
		return 0, nil
	}
	switch v := f.d.resolve(o).(type) {
	case name:
		switch v {
		case "DeviceGray", "G":
			return 1, nil
		case "DeviceRGB", "RGB":
			return 3, nil
		}
	case array:
		a := f.d.flat(v)
		if len(a) < 2 {
			return 0, nil
		}
		switch kind, _ := a[0].(name); kind {
		case "CalGray":
			return 1, nil
		case "CalRGB":
			return 3, nil
		case "ICCBased":
			if n, _ := integer(f.d.resolve(f.d.dict(a[1])["N"])); n == 1 || n == 3 {
				return n, nil
			}
		case "Indexed":
			return 1, f.table(a, depth)
		}
	}
	return 0, nil
}

func (f *File) table(a array, depth int) []byte {
	if len(a) < 4 {
		return nil
	}
	n, inner := f.colours(a[1], depth+1)
	entries, _ := a[3].(text)
	raw := []byte(entries)
	if s, ok := a[3].(*stream); ok {
		raw, _ = f.d.decode(s)
	}
	var out []byte
	for i := 0; n > 0 && inner == nil && i+n <= len(raw); i += n {
		if n == 1 {
			out = append(out, raw[i], raw[i], raw[i])
		} else {
			out = append(out, raw[i:i+3]...)
		}
	}
	return out
}
