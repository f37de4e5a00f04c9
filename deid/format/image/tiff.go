package image

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"io"
)

// readTIFF lists the tags of every page.
func (f *File) readTIFF() error {
	d, at, err := newDirectory(f, f.raw, "TIFF")
	if err != nil {
		return err
	}
	for at != 0 {
		if len(f.offsets) == f.options.Pages {
			return &Fault{What: "it has more pages than are read"}
		}
		f.offsets = append(f.offsets, int64(at))
		if len(f.offsets) == 1 {
			f.density(d, at)
		}
		if at, err = d.read(at, exifNames, 0); err != nil {
			return err
		}
	}
	if len(f.offsets) == 0 {
		return &Fault{What: "it has no page"}
	}
	f.turned = d.turned
	f.drop("the tags of its pages")
	return nil
}

// density takes the dots an inch of the first page.
func (f *File) density(d *directory, at uint32) {
	list, _, err := d.entries(at)
	delete(d.seen, at)
	if err != nil {
		return
	}
	unit := 1.0
	for _, t := range list {
		switch r := d.ratios(t); {
		case t.id == 0x011A && len(r) == 1:
			f.looks.points[0] = r[0]
		case t.id == 0x011B && len(r) == 1:
			f.looks.points[1] = r[0]
		case t.id == 0x0128 && len(t.value) >= 2 && d.order.Uint16(t.value) == 3:
			unit = 2.54 // it counts by the centimetre
		}
	}
	f.looks.points[0] *= unit
	f.looks.points[1] *= unit
}

// pageOf is the file with another page as its first.
func (f *File) pageOf(n int) io.Reader {
	p := &repaged{raw: f.raw}
	copy(p.head[:], f.raw)
	order := binary.ByteOrder(binary.LittleEndian)
	if f.raw[0] == 'M' {
		order = binary.BigEndian
	}
	order.PutUint32(p.head[4:], uint32(f.offsets[n]))
	return io.NewSectionReader(p, 0, int64(len(f.raw)))
}

// repaged is a TIFF file with another head.
type repaged struct {
	head [8]byte
	raw  []byte
}

// ReadAt reads as from the file, but for the head.
func (p *repaged) ReadAt(into []byte, at int64) (int, error) {
	if at >= int64(len(p.raw)) {
		return 0, io.EOF
	}
	n := copy(into, p.raw[at:])
	if at < int64(len(p.head)) {
		copy(into[:n], p.head[at:])
	}
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}

// tiffWriter writes pages into a TIFF file, little-endian, packed by Deflate:
// gray and colours of eight bits, and black and white of one.
type tiffWriter struct {
	out    []byte
	link   int // where the offset of the next page goes
	points [2]float64
}

func newTIFFWriter(points [2]float64) *tiffWriter {
	return &tiffWriter{out: []byte("II*\x00\x00\x00\x00\x00"), link: 4, points: points}
}

// page adds a page.
func (w *tiffWriter) page(picture image.Image) {
	b := picture.Bounds()
	rows, bits, samples := tiffRows(picture)
	var z bytes.Buffer
	pack := zlib.NewWriter(&z)
	pack.Write(rows) //nolint:errcheck // a buffer takes everything
	pack.Close()     //nolint:errcheck // the same
	data := w.append(z.Bytes())
	depths := uint32(bits)
	if samples == 3 {
		depths = w.append([]byte{8, 0, 8, 0, 8, 0})
	}
	photo := uint32(1) // 0 is black
	if samples == 3 {
		photo = 2
	}
	tags := [][4]uint32{
		{256, 4, 1, uint32(b.Dx())},
		{257, 4, 1, uint32(b.Dy())},
		{258, 3, uint32(samples), depths},
		{259, 3, 1, 8},
		{262, 3, 1, photo},
		{273, 4, 1, data},
		{277, 3, 1, uint32(samples)},
		{278, 4, 1, uint32(b.Dy())},
		{279, 4, 1, uint32(z.Len())},
	}
	if w.points[0] >= 1 && w.points[1] >= 1 && w.points[0] < 1e6 && w.points[1] < 1e6 {
		for i, id := range []uint32{282, 283} {
			ratio := binary.LittleEndian.AppendUint32(nil, uint32(w.points[i]*100+0.5))
			tags = append(tags, [4]uint32{id, 5, 1, w.append(binary.LittleEndian.AppendUint32(ratio, 100))})
		}
		tags = append(tags, [4]uint32{296, 3, 1, 2})
	}
	here := w.append(nil)
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(len(tags)))
	for _, t := range tags {
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(t[0]))
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(t[1]))
		w.out = binary.LittleEndian.AppendUint32(w.out, t[2])
		w.out = binary.LittleEndian.AppendUint32(w.out, t[3])
	}
	binary.LittleEndian.PutUint32(w.out[w.link:], here)
	w.link = len(w.out)
	w.out = append(w.out, 0, 0, 0, 0)
}

// append adds data at an even offset, and returns it.
func (w *tiffWriter) append(data []byte) uint32 {
	if len(w.out)%2 == 1 {
		w.out = append(w.out, 0)
	}
	at := uint32(len(w.out))
	w.out = append(w.out, data...)
	return at
}

// tiffRows are the pixels as TIFF stores them.
func tiffRows(picture image.Image) (rows []byte, bits, samples int) {
	b := picture.Bounds()
	if picture.ColorModel() != color.GrayModel {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
				rows = append(rows, c.R, c.G, c.B)
			}
		}
		return rows, 8, 3
	}
	gray := grayOf(picture)
	for _, v := range gray {
		if v != 0 && v != 0xFF {
			return gray, 8, 1
		}
	}
	wide := (b.Dx() + 7) / 8
	rows = make([]byte, wide*b.Dy())
	for i, v := range gray {
		if v != 0 {
			x, y := i%b.Dx(), i/b.Dx()
			rows[y*wide+x/8] |= 0x80 >> (x % 8)
		}
	}
	return rows, 1, 1
}
