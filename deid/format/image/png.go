package image

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"strings"

	"chaperone/phi"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// pngChunk is a chunk that is kept.
type pngChunk struct {
	name string
	body []byte
}

// pngKept are the chunks about colours and density (PNG third edition, 11.3.2)
// with the length that they must have.
var pngKept = map[string]int{"gAMA": 4, "cHRM": 32, "sRGB": 1, "cICP": 4, "pHYs": 9}

func (f *File) readPNG() error {
	for at := len(pngMark); ; {
		if at+12 > len(f.raw) {
			return broken(at, "the picture ends too early")
		}
		size := int(binary.BigEndian.Uint32(f.raw[at:]))
		if size > len(f.raw)-at-12 {
			return broken(at, "a chunk is longer than the file")
		}
		name, body := string(f.raw[at+4:at+8]), f.raw[at+8:at+8+size]
		at += 12 + size
		switch name {
		case "IEND":
			if at < len(f.raw) {
				f.drop("bytes after the end")
				f.add("after the end", "", phi.None, printable(f.raw[at:]))
			}
			return nil
		case "IHDR", "PLTE", "IDAT", "tRNS":
		case "acTL", "fcTL", "fdAT":
			return refused("save one of its pictures alone", "an animated picture")
		case "tEXt", "zTXt", "iTXt":
			f.readPNGText(name, body)
		case "eXIf":
			f.readExif(body)
		case "iCCP":
			if _, rest, ok := bytes.Cut(body, []byte{0}); ok && len(rest) > 1 {
				f.looks.profile = f.readProfile(f.inflate(rest[1:]))
			}
		default:
			if want, ok := pngKept[name]; ok && want == size {
				f.looks.chunks = append(f.looks.chunks, pngChunk{name, body})
				continue
			}
			f.drop("other chunks")
			f.add("chunk", "", phi.None, printable(body))
		}
	}
}

// readPNGText lists a text chunk under its key.
func (f *File) readPNGText(name string, body []byte) {
	f.drop("text chunks")
	key, text, _ := bytes.Cut(body, []byte{0})
	switch {
	case name == "zTXt" && len(text) > 1:
		text = f.inflate(text[1:])
	case name == "iTXt" && len(text) > 2:
		packed := text[0] == 1
		_, rest, _ := bytes.Cut(text[2:], []byte{0}) // the language
		_, rest, _ = bytes.Cut(rest, []byte{0})      // the key in that language
		if packed {
			rest = f.inflate(rest)
		}
		text = rest
	}
	if string(key) == "XML:com.adobe.xmp" {
		f.readXMP(text)
		return
	}
	if strings.HasPrefix(string(key), "Raw profile type") {
		f.add("text chunk, a profile in hexadecimal digits", "", phi.None, printable(text))
		return
	}
	f.add("text chunk", clean(string(key)), phi.None, string(text))
}

// inflate unpacks at most as much as there is room for.
func (f *File) inflate(packed []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	raw, _ := io.ReadAll(io.LimitReader(z, int64(max(0, f.room))+1)) // what is broken is left out; it does not come back
	f.charge(len(raw))
	return raw
}

// writePNG codes a picture anew, with the chunks that are kept.
func (f *File) writePNG(picture image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, &Fault{What: "the picture cannot be written as PNG"}
	}
	raw := b.Bytes()
	head := len(pngMark) + 25 // with IHDR
	out := append([]byte(nil), raw[:head]...)
	for _, c := range f.looks.chunks {
		out = chunk(out, c.name, c.body)
	}
	colour := raw[len(pngMark)+8+9]
	if p := f.looks.profile; p != nil && (string(p[16:20]) == "GRAY") == (colour == 0 || colour == 4) {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(p) //nolint:errcheck // a buffer takes everything
		w.Close()  //nolint:errcheck // the same
		out = chunk(out, "iCCP", append([]byte("profile\x00\x00"), z.Bytes()...))
	}
	return append(out, raw[head:]...), nil
}

func chunk(out []byte, name string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	from := len(out)
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
