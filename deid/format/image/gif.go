package image

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"

	"chaperone/phi"
)

// readGIF goes through the blocks of a GIF (GIF89a): it lists comments and the
// data of programs, and refuses moving pictures.
func (f *File) readGIF() error {
	at := 13
	if len(f.raw) < at {
		return broken(len(f.raw), "the picture ends too early")
	}
	if f.raw[10]&0x80 != 0 {
		at += 3 << (f.raw[10]&7 + 1)
	}
	frames := 0
	for at < len(f.raw) {
		switch f.raw[at] {
		case 0x3B:
			if at+1 < len(f.raw) {
				f.drop("bytes after the end")
				f.add("after the end", "", phi.None, printable(f.raw[at+1:]))
			}
			return nil
		case 0x2C:
			if frames++; frames > 1 {
				return refused("save one of its pictures alone", "an animated picture")
			}
			if at+10 > len(f.raw) {
				return broken(at, "the picture ends too early")
			}
			flags := f.raw[at+9]
			at += 10
			if flags&0x80 != 0 {
				at += 3 << (flags&7 + 1)
			}
			_, next := gifBlocks(f.raw, at+1) // after the size of codes
			at = next
		case 0x21:
			if at+2 > len(f.raw) {
				return broken(at, "the picture ends too early")
			}
			label := f.raw[at+1]
			body, next := gifBlocks(f.raw, at+2)
			at = next
			switch label {
			case 0xFE:
				f.drop("comments")
				f.add("comment", "", phi.None, string(body))
			case 0x01, 0xFF:
				f.drop("data of programs")
				f.add("extension", "", phi.None, printable(body))
			}
		default:
			return broken(at, "a block is of no kind")
		}
	}
	return broken(len(f.raw), "the picture ends too early")
}

// gifBlocks joins sub-blocks, and tells where they end.
func gifBlocks(raw []byte, at int) (body []byte, next int) {
	for at < len(raw) && raw[at] != 0 {
		end := at + 1 + int(raw[at])
		if end > len(raw) {
			break
		}
		body = append(body, raw[at+1:end]...)
		at = end
	}
	return body, at + 1
}

func writeGIF(picture image.Image) ([]byte, error) {
	if m, ok := picture.(*image.Gray); ok {
		grays := make(color.Palette, 256)
		for i := range grays {
			grays[i] = color.Gray{Y: uint8(i)}
		}
		picture = &image.Paletted{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect, Palette: grays}
	}
	var b bytes.Buffer
	if err := gif.Encode(&b, picture, nil); err != nil {
		return nil, &Fault{What: "the picture cannot be written as GIF"}
	}
	return b.Bytes(), nil
}
