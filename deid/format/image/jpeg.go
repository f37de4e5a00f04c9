package image

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"

	"chaperone/phi"
)

// jpegSegments goes through the segments of a JPEG (ITU-T T.81 annex B). For a
// scan, coded is what follows its header up to the next marker.
func jpegSegments(raw []byte, each func(marker byte, body, coded []byte)) error {
	at := 2
	for {
		for at < len(raw) && raw[at] != 0xFF { // bytes between segments belong to nothing
			at++
		}
		for at < len(raw) && raw[at] == 0xFF {
			at++
		}
		if at >= len(raw) {
			return broken(len(raw), "the picture ends too early")
		}
		marker := raw[at]
		at++
		switch {
		case marker == 0xD9:
			return nil
		case marker == 0 || marker == 0x01 || marker >= 0xD0 && marker <= 0xD8:
			continue
		}
		if at+2 > len(raw) {
			return broken(at, "a segment ends too early")
		}
		size := int(binary.BigEndian.Uint16(raw[at:]))
		if size < 2 || at+size > len(raw) {
			return broken(at, "a segment is longer than the file")
		}
		body := raw[at+2 : at+size]
		at += size
		var coded []byte
		if marker == 0xDA {
			from := at
			for at < len(raw) && !(raw[at] == 0xFF && at+1 < len(raw) && raw[at+1] != 0 && (raw[at+1] < 0xD0 || raw[at+1] > 0xD7)) {
				at++
			}
			coded = raw[from:at]
		}
		each(marker, body, coded)
	}
}

const (
	markExif     = "Exif\x00\x00"
	markXMP      = "http://ns.adobe.com/xap/1.0/\x00"
	markMoreXMP  = "http://ns.adobe.com/xmp/extension/\x00"
	markICC      = "ICC_PROFILE\x00"
	markPhoto    = "Photoshop 3.0\x00"
	markAdobe    = "Adobe"
	markJFIF     = "JFIF\x00"
	longestChunk = 65519 // of a profile in one segment
)

func (f *File) readJPEG() error {
	var profile []byte
	err := jpegSegments(f.raw, func(marker byte, body, _ []byte) {
		switch {
		case marker == 0xE0 && bytes.HasPrefix(body, []byte(markJFIF)) && len(body) >= 14:
			f.looks.density = body[7:12]
			if len(body) > 14 {
				f.drop("a preview")
			}
		case marker == 0xE1 && bytes.HasPrefix(body, []byte(markExif)):
			f.readExif(body[len(markExif):])
		case marker == 0xE1 && bytes.HasPrefix(body, []byte(markXMP)):
			f.readXMP(body[len(markXMP):])
		case marker == 0xE1 && bytes.HasPrefix(body, []byte(markMoreXMP)):
			f.drop("XMP")
			f.add("XMP, extended", "", phi.None, printable(body[len(markMoreXMP):]))
		case marker == 0xE2 && bytes.HasPrefix(body, []byte(markICC)) && len(body) > len(markICC)+2:
			profile = append(profile, body[len(markICC)+2:]...)
		case marker == 0xED && bytes.HasPrefix(body, []byte(markPhoto)):
			f.readPhotoshop(body[len(markPhoto):])
		case marker == 0xFE:
			f.drop("comments")
			f.add("comment", "", phi.None, string(body))
		case marker == 0xEE && bytes.HasPrefix(body, []byte(markAdobe)):
		case marker >= 0xE0 && marker <= 0xEF:
			f.drop("data of programs")
			f.add("segment APP"+strconv.Itoa(int(marker-0xE0)), "", phi.None, printable(body))
		}
	})
	if profile != nil {
		f.looks.profile = f.readProfile(profile)
	}
	return err
}

// copyJPEG writes the picture with its coded pixels as they are, and without
// any segment that is not needed to show it.
func (f *File) copyJPEG() []byte {
	out := jpegHead(f.looks.density, f.turned, f.looks.profile)
	//nolint:errcheck // the same segments were read before
	jpegSegments(f.raw, func(marker byte, body, coded []byte) {
		switch {
		case marker == 0xEE && bytes.HasPrefix(body, []byte(markAdobe)) && len(body) >= 12:
			body = body[:12]
		case marker >= 0xE0 && marker <= 0xEF, marker >= 0xF0:
			return
		}
		out = append(segment(out, marker, body), coded...)
	})
	return append(out, 0xFF, 0xD9)
}

// jpegHead is the beginning of a JPEG with what is kept beside the pixels.
func jpegHead(density []byte, turned int, profile []byte) []byte {
	out := []byte{0xFF, 0xD8}
	if density != nil {
		body := append([]byte(markJFIF+"\x01\x02"), density...)
		out = segment(out, 0xE0, append(body, 0, 0))
	}
	if turned != 1 {
		out = segment(out, 0xE1, append([]byte(markExif), exifOf(turned)...))
	}
	n := (len(profile) + longestChunk - 1) / longestChunk
	for i := range n {
		if n > 255 {
			break // no JPEG can hold it
		}
		piece := profile[i*longestChunk : min(len(profile), (i+1)*longestChunk)]
		out = segment(out, 0xE2, append([]byte(markICC+string([]byte{byte(i + 1), byte(n)})), piece...))
	}
	return out
}

func segment(out []byte, marker byte, body []byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// quality is that of JPEG pictures that are coded anew; from about 95 on nobody
// sees a difference.
const quality = 95

// writeJPEG codes a picture anew.
func (f *File) writeJPEG(picture image.Image) ([]byte, error) {
	profile := f.looks.profile
	if profile != nil {
		// What is written is RGB or gray; a profile of other colours does not fit.
		wanted := "RGB "
		if picture.ColorModel() == color.GrayModel {
			wanted = "GRAY"
		}
		if string(profile[16:20]) != wanted {
			profile = nil
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: quality}); err != nil {
		return nil, &Fault{What: "the picture cannot be written as JPEG"}
	}
	return append(jpegHead(f.looks.density, 1, profile), b.Bytes()[2:]...), nil
}
