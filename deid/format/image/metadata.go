package image

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/phi"
)

// longestText bounds one text of metadata, and all of them of one carrier.
const longestText = 1 << 20

// clean makes UTF-8 without control characters of whatever a field holds. What
// is no UTF-8 is taken for Latin-1.
func clean(text string) string {
	if !utf8.ValidString(text) {
		var b strings.Builder
		for i := range len(text) {
			b.WriteRune(rune(text[i]))
		}
		text = b.String()
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			return r
		}
		return ' '
	}, text)
	return strings.TrimSpace(text)
}

// printable is the text that stands between other bytes: runs of at least four
// letters, as the fields of notes that no standard describes have them.
func printable(raw []byte) string {
	var b strings.Builder
	from := -1
	for i := 0; i <= len(raw); i++ {
		if i < len(raw) && raw[i] >= ' ' && raw[i] < 0x7F {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 && i-from >= 4 && b.Len() < longestText {
			b.Write(raw[from:i])
			b.WriteByte('\n')
		}
		from = -1
	}
	return b.String()
}

// readXMP lists the texts of an XMP packet by the names of its elements; what is
// no XML is listed as one text.
func (f *File) readXMP(raw []byte) {
	f.drop("XMP")
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = false
	d.Entity = map[string]string{}
	name := ""
	for range 100_000 {
		t, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				f.add("XMP", "", phi.None, printable(raw))
			}
			return
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "li" && t.Name.Local != "Seq" && t.Name.Local != "Bag" && t.Name.Local != "Alt" {
				name = t.Name.Local
			}
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					f.add("XMP", a.Name.Local, phi.None, a.Value)
				}
			}
		case xml.CharData:
			f.add("XMP", name, phi.None, string(t))
		}
	}
}

// iptcFields are data sets of the application record (IIM 4.2) by their number.
var iptcFields = map[byte]string{
	5: "Object Name", 25: "Keywords", 40: "Special Instructions", 55: "Date Created", 80: "By-line", 85: "By-line Title",
	90: "City", 92: "Sublocation", 95: "Province", 101: "Country", 103: "Reference", 105: "Headline", 110: "Credit", 115: "Source",
	116: "Copyright", 118: "Contact", 120: "Caption", 122: "Writer",
}

// readIPTC lists the texts of IPTC data sets.
func (f *File) readIPTC(raw []byte) {
	f.drop("IPTC")
	for at := bytes.IndexByte(raw, 0x1C); at >= 0 && at+5 <= len(raw) && raw[at] == 0x1C; {
		size := int(raw[at+3])<<8 | int(raw[at+4])
		if size > 0x7FFF || at+5+size > len(raw) {
			f.add("IPTC", "", phi.None, printable(raw[at:]))
			return
		}
		if raw[at+1] == 2 {
			label := iptcFields[raw[at+2]]
			f.add("IPTC data set "+strconv.Itoa(int(raw[at+2])), label, phi.None, string(raw[at+5:at+5+size]))
		}
		at += 5 + size
	}
}

// readPhotoshop finds IPTC among the resources that Photoshop keeps; the texts
// of others are listed as they stand.
func (f *File) readPhotoshop(raw []byte) {
	f.drop("Photoshop's data")
	for len(raw) >= 12 && string(raw[:4]) == "8BIM" {
		id := int(raw[4])<<8 | int(raw[5])
		at := 6 + (int(raw[6])+2)&^1 // a counted name, padded
		if at+4 > len(raw) {
			return
		}
		size := int(raw[at])<<24 | int(raw[at+1])<<16 | int(raw[at+2])<<8 | int(raw[at+3])
		at += 4
		if size < 0 || size > len(raw)-at {
			return
		}
		if id == 0x0404 {
			f.readIPTC(raw[at : at+size])
		} else {
			f.add("Photoshop resource "+strconv.Itoa(id), "", phi.None, printable(raw[at:at+size]))
		}
		raw = raw[min(len(raw), at+(size+1)&^1):]
	}
}
