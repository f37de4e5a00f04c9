package image

import (
	"bytes"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// config is the size of a page, without its pixels.
func (f *File) config(n int) (image.Config, error) {
	r := bytes.NewReader(f.raw)
	switch f.kind {
	case JPEG:
		return jpeg.DecodeConfig(r)
	case PNG:
		return png.DecodeConfig(r)
	case GIF:
		return gif.DecodeConfig(r)
	case BMP:
		return bmp.DecodeConfig(r)
	case WebP:
		return webp.DecodeConfig(r)
	default:
		return tiff.DecodeConfig(f.pageOf(n))
	}
}

// fits refuses a page that has more pixels than are read, before any of them.
func (f *File) fits(n int) error {
	c, err := f.config(n)
	switch {
	case err != nil:
		return f.onPage(n, &Fault{What: "its size and colours cannot be read"})
	case c.Width <= 0 || c.Height <= 0:
		return f.onPage(n, &Fault{What: "it has no pixels"})
	case c.Width > f.options.Pixels/c.Height:
		return f.onPage(n, &Fault{What: "it has more pixels than are read"})
	}
	return nil
}

// decode returns a page the right way up.
func (f *File) decode(n int) (image.Image, error) {
	var (
		m   image.Image
		err error
		r   = bytes.NewReader(f.raw)
	)
	switch f.kind {
	case JPEG:
		m, err = jpeg.Decode(r)
	case PNG:
		m, err = png.Decode(r)
	case GIF:
		m, err = gif.Decode(r)
	case BMP:
		m, err = bmp.Decode(r)
	case WebP:
		m, err = webp.Decode(r)
	default:
		m, err = tiff.Decode(f.pageOf(n))
	}
	if err != nil {
		return nil, f.onPage(n, &Fault{What: "its pixels cannot be read"})
	}
	return upright(m, f.turned), nil
}

// upright turns a picture as its orientation says (Exif 2.32, 4.6.4).
func upright(m image.Image, turned int) image.Image {
	if turned <= 1 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if turned >= 5 {
		w, h = h, w
	}
	var canvas draw.Image = image.NewNRGBA(image.Rect(0, 0, w, h))
	if _, ok := m.(*image.Gray); ok {
		canvas = image.NewGray(image.Rect(0, 0, w, h))
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			nx, ny := x, y
			switch turned {
			case 2:
				nx = w - 1 - x
			case 3:
				nx, ny = w-1-x, h-1-y
			case 4:
				ny = h - 1 - y
			case 5:
				nx, ny = y, x
			case 6:
				nx, ny = w-1-y, x
			case 7:
				nx, ny = w-1-y, h-1-x
			case 8:
				nx, ny = y, h-1-x
			}
			canvas.Set(nx, ny, m.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return canvas
}

// write codes the pages anew with boxes painted over; a page that is nil is
// blank.
func (f *File) write(boxes [][]image.Rectangle) ([]byte, error) {
	w := newTIFFWriter(f.looks.points)
	for n := range f.pages {
		picture, err := f.painted(n, boxes[n])
		if err != nil {
			return nil, err
		}
		switch f.kind {
		case JPEG:
			return f.writeJPEG(picture)
		case PNG:
			return f.writePNG(picture)
		case GIF:
			return writeGIF(picture)
		case BMP:
			return writeBMP(picture)
		}
		w.page(picture)
	}
	return w.out, nil
}

func (f *File) painted(n int, boxes []image.Rectangle) (image.Image, error) {
	if f.pages[n] == nil {
		c, err := f.config(n)
		if err != nil {
			return nil, err
		}
		if f.turned >= 5 {
			c.Width, c.Height = c.Height, c.Width
		}
		return blankOf(c.Width, c.Height), nil
	}
	picture, err := f.decode(n)
	if err != nil {
		return nil, err
	}
	return Paint(picture, boxes), nil
}

func writeBMP(picture image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := bmp.Encode(&b, picture); err != nil {
		return nil, &Fault{What: "the picture cannot be written as BMP"}
	}
	return b.Bytes(), nil
}
