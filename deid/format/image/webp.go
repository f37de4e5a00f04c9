package image

import (
	"encoding/binary"

	"chaperone/phi"
)

// webpChunks goes through the chunks of a WebP file (RFC 9649).
func webpChunks(raw []byte, each func(name string, body []byte) error) error {
	end := int(binary.LittleEndian.Uint32(raw[4:])) + 8
	if end > len(raw) || end < 12 {
		return broken(4, "the picture ends too early")
	}
	for at := 12; at < end; {
		if at+8 > end {
			return broken(at, "a chunk ends too early")
		}
		size := int(binary.LittleEndian.Uint32(raw[at+4:]))
		if size > end-at-8 {
			return broken(at, "a chunk is longer than the file")
		}
		if err := each(string(raw[at:at+4]), raw[at+8:at+8+size]); err != nil {
			return err
		}
		at += 8 + (size+1)&^1
	}
	return nil
}

func (f *File) readWebP() error {
	return webpChunks(f.raw, func(name string, body []byte) error {
		switch name {
		case "VP8 ", "VP8L", "VP8X", "ALPH":
		case "ANIM", "ANMF":
			return refused("save one of its pictures alone", "an animated picture")
		case "EXIF":
			f.readExif(body)
		case "XMP ":
			f.readXMP(body)
		case "ICCP":
			f.looks.profile = f.readProfile(body)
		default:
			f.drop("other chunks")
			f.add("chunk", "", phi.None, printable(body))
		}
		return nil
	})
}

// copyWebP writes the picture with its coded pixels as they are and nothing
// else but its colours and its orientation.
func (f *File) copyWebP() []byte {
	const hasICC, hasExif, hasXMP = 0x20, 0x08, 0x04
	var out []byte
	add := func(name string, body []byte) {
		out = append(out, name...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
		out = append(out, body...)
		if len(body)%2 == 1 {
			out = append(out, 0)
		}
	}
	//nolint:errcheck // the same chunks were read before
	webpChunks(f.raw, func(name string, body []byte) error {
		switch name {
		case "VP8X":
			if len(body) < 10 {
				return nil
			}
			head := append([]byte(nil), body[:10]...)
			head[0] &^= hasExif | hasXMP | hasICC
			if f.turned != 1 {
				head[0] |= hasExif
			}
			if f.looks.profile != nil {
				head[0] |= hasICC
			}
			add(name, head)
			if f.looks.profile != nil {
				add("ICCP", f.looks.profile)
			}
		case "VP8 ", "VP8L", "ALPH":
			add(name, body)
		}
		return nil
	})
	if f.turned != 1 {
		add("EXIF", exifOf(f.turned))
	}
	whole := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(out)+4))
	return append(append(whole, "WEBP"...), out...)
}
