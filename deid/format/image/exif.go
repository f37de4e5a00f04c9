package image

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"chaperone/phi"
)

// exifNames are the tags that hold text (Exif 2.32, TIFF 6.0, DNG), by the names
// the standards give them.
var exifNames = map[uint16]string{
	0x010D: "Document Name", 0x010E: "Image Description", 0x010F: "Make", 0x0110: "Model", 0x011D: "Page Name", 0x0131: "Software",
	0x0132: "Date Time", 0x013B: "Artist", 0x013C: "Host Computer", 0x8298: "Copyright", 0x9003: "Date Time Original",
	0x9004: "Date Time Digitized", 0x927C: "Maker Note", 0x9286: "User Comment", 0x9C9B: "Title", 0x9C9C: "Comment",
	0x9C9D: "Author", 0x9C9E: "Keywords", 0x9C9F: "Subject", 0xA420: "Image Unique ID", 0xA430: "Camera Owner Name",
	0xA431: "Body Serial Number", 0xA433: "Lens Make", 0xA434: "Lens Model", 0xA435: "Lens Serial Number", 0xC62F: "Camera Serial Number",
}

var gpsNames = map[uint16]string{
	0x12: "GPS Map Datum", 0x1B: "GPS Processing Method", 0x1C: "GPS Area Information", 0x1D: "GPS Date Stamp",
}

// directory reads directories of tags (TIFF 6.0 section 2), of Exif and of TIFF.
type directory struct {
	f       *File
	raw     []byte
	order   binary.ByteOrder
	carrier string // "Exif" or "TIFF"
	seen    map[uint32]bool
	tags    int
	turned  int
	gps     map[uint16]string
}

// tag is one entry of a directory.
type tag struct {
	id, kind uint16
	count    uint32
	value    []byte
}

const (
	tagOrientation = 0x0112
	tagXMP         = 0x02BC
	tagIPTC        = 0x83BB
	tagPhotoshop   = 0x8649
	tagSubs        = 0x014A
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagInterop     = 0xA005
)

var sizes = [...]uint32{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

func newDirectory(f *File, raw []byte, carrier string) (*directory, uint32, error) {
	d := &directory{f: f, raw: raw, carrier: carrier, seen: map[uint32]bool{}, turned: 1, gps: map[uint16]string{}}
	switch {
	case len(raw) < 8:
		return nil, 0, broken(0, "a directory of tags ends too early")
	case bytes.HasPrefix(raw, []byte("II*\x00")):
		d.order = binary.LittleEndian
	case bytes.HasPrefix(raw, []byte("MM\x00*")):
		d.order = binary.BigEndian
	default:
		return nil, 0, broken(0, "a directory of tags does not begin as one")
	}
	return d, d.order.Uint32(raw[4:]), nil
}

// entries reads the tags at an offset, and where the next directory is.
func (d *directory) entries(at uint32) (list []tag, next uint32, err error) {
	if at == 0 || uint64(at)+2 > uint64(len(d.raw)) || d.seen[at] {
		return nil, 0, broken(int(at), "a directory of tags leads out of the file or back into itself")
	}
	d.seen[at] = true
	n := int(d.order.Uint16(d.raw[at:]))
	if uint64(at)+2+uint64(n)*12 > uint64(len(d.raw)) || d.tags+n > 100_000 {
		return nil, 0, broken(int(at), "a directory has more tags than the file has room for")
	}
	d.tags += n
	for i := range n {
		e := d.raw[int(at)+2+12*i:]
		t := tag{id: d.order.Uint16(e), kind: d.order.Uint16(e[2:]), count: d.order.Uint32(e[4:])}
		if int(t.kind) < len(sizes) {
			size := uint64(t.count) * uint64(sizes[t.kind])
			if size <= 4 {
				t.value = e[8 : 8+size]
			} else if from := uint64(d.order.Uint32(e[8:])); from+size <= uint64(len(d.raw)) {
				t.value = d.raw[from : from+size]
			}
		}
		list = append(list, t)
	}
	if end := int(at) + 2 + 12*n; end+4 <= len(d.raw) {
		next = d.order.Uint32(d.raw[end:])
	}
	return list, next, nil
}

// read lists the texts of a directory and of those below it.
func (d *directory) read(at uint32, names map[uint16]string, depth int) (next uint32, err error) {
	list, next, err := d.entries(at)
	if err != nil || depth > 4 {
		return 0, err
	}
	for _, t := range list {
		switch {
		case t.id == tagExif || t.id == tagInterop || t.id == tagSubs:
			for _, sub := range d.numbers(t) {
				if _, err := d.read(sub, names, depth+1); err != nil {
					return 0, err
				}
			}
		case t.id == tagGPS:
			for _, sub := range d.numbers(t) {
				if _, err := d.read(sub, gpsNames, depth+1); err != nil {
					return 0, err
				}
			}
			d.position()
		case t.id == tagOrientation && depth == 0 && len(t.value) >= 2:
			if n := int(d.order.Uint16(t.value)); n >= 1 && n <= 8 && d.turned == 1 {
				d.turned = n
			}
		default:
			d.text(t, names, len(names) == len(gpsNames))
		}
	}
	return next, nil
}

// numbers are the values of a tag of whole numbers.
func (d *directory) numbers(t tag) []uint32 {
	var list []uint32
	for at := 0; ; {
		switch {
		case (t.kind == 4 || t.kind == 13) && at+4 <= len(t.value):
			list, at = append(list, d.order.Uint32(t.value[at:])), at+4
		case t.kind == 3 && at+2 <= len(t.value):
			list, at = append(list, uint32(d.order.Uint16(t.value[at:]))), at+2
		case (t.kind == 1 || t.kind == 7) && at < len(t.value):
			list, at = append(list, uint32(t.value[at])), at+1
		default:
			return list
		}
	}
}

// ratios writes fractions as decimals.
func (d *directory) ratios(t tag) []float64 {
	var list []float64
	for at := 0; t.kind == 5 && at+8 <= len(t.value); at += 8 {
		below := d.order.Uint32(t.value[at+4:])
		if below == 0 {
			below = 1
		}
		list = append(list, float64(d.order.Uint32(t.value[at:]))/float64(below))
	}
	return list
}

// text lists a tag that may hold text.
func (d *directory) text(t tag, names map[uint16]string, gps bool) {
	if !d.f.charge(len(t.value)) {
		return
	}
	if gps && t.id >= 1 && t.id <= 6 {
		if t.kind == 2 {
			d.gps[t.id] = strings.Trim(string(t.value), "\x00 ")
		} else if r := d.ratios(t); len(r) == 3 {
			d.gps[t.id] = fmt.Sprintf("%.6f", r[0]+r[1]/60+r[2]/3600)
		}
		return
	}
	switch t.id {
	case tagXMP:
		d.f.readXMP(t.value)
		return
	case tagIPTC:
		d.f.readIPTC(t.value)
		return
	case tagPhotoshop:
		d.f.readPhotoshop(t.value)
		return
	}
	label := names[t.id]
	path := d.carrier + " " + label
	if label == "" {
		path = fmt.Sprintf("%s tag 0x%04X", d.carrier, t.id)
	}
	switch {
	case t.kind == 2:
		d.f.add(path, label, phi.None, strings.ReplaceAll(strings.Trim(string(t.value), "\x00"), "\x00", "\n"))
	case t.id >= 0x9C9B && t.id <= 0x9C9F:
		units := make([]uint16, len(t.value)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(t.value[2*i:])
		}
		d.f.add(path, label, phi.None, strings.Trim(string(utf16.Decode(units)), "\x00"))
	case t.kind == 7 || t.kind == 1 && label != "":
		d.f.add(path, label, phi.None, printable(t.value))
	}
}

// position lists where the picture was taken.
func (d *directory) position() {
	if d.gps[2] != "" || d.gps[4] != "" {
		d.f.add(d.carrier+" GPS position", "GPS position", phi.Place, d.gps[2]+" "+d.gps[1]+", "+d.gps[4]+" "+d.gps[3])
	}
}

// readExif lists the texts of Exif data, and takes its orientation. Data that
// is broken is listed as it stands: it does not come back.
func (f *File) readExif(raw []byte) {
	f.drop("Exif")
	d, at, err := newDirectory(f, raw, "Exif")
	for depth := 0; err == nil && at != 0 && depth < 8; depth++ {
		at, err = d.read(at, exifNames, 0)
	}
	if err != nil {
		f.add("Exif", "", phi.None, printable(raw))
	}
	if d != nil {
		f.turned = d.turned
	}
}

// exifOf is Exif data with an orientation and nothing else.
func exifOf(turned int) []byte {
	return []byte{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turned), 0, 0, 0, 0, 0, 0}
}
