package dicom

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charset decodes text (PS3.3, C.12.1.1.2). nil stands for ASCII.
type charset struct {
	utf8     bool
	encoding encoding.Encoding // nil: ASCII only
	plain    bool              // it is said to be ASCII
}

// charsets are those that are read, by the number of their ISO registration.
var charsets = map[string]encoding.Encoding{
	"100": charmap.ISO8859_1, "101": charmap.ISO8859_2, "109": charmap.ISO8859_3, "110": charmap.ISO8859_4, "144": charmap.ISO8859_5,
	"127": charmap.ISO8859_6, "126": charmap.ISO8859_7, "138": charmap.ISO8859_8, "148": charmap.ISO8859_9, "203": charmap.ISO8859_15,
}

// charsetOf is the character set of a data set, or that of the one around it.
func charsetOf(outer *charset, s dataset) *charset {
	e := s.find(tagCharset)
	if e == nil {
		return outer
	}
	first, _, _ := strings.Cut(strings.Trim(string(e.value), "\x00 "), `\`)
	first = strings.TrimSpace(first)
	switch first {
	case "ISO_IR 192":
		return &charset{utf8: true}
	case "GB18030":
		return &charset{encoding: simplifiedchinese.GB18030}
	case "GBK":
		return &charset{encoding: simplifiedchinese.GBK}
	}
	first = strings.TrimPrefix(strings.TrimPrefix(first, "ISO_IR "), "ISO 2022 IR ")
	return &charset{encoding: charsets[first], plain: first == "" || first == "6"}
}

// known reports whether the set is one that is read, or plain ASCII, whose name
// is empty or ISO_IR 6.
func (c *charset) known() bool { return c.utf8 || c.encoding != nil || c.plain }

// decode returns text in UTF-8; ok is false if it cannot be known what it says.
func (c *charset) decode(raw []byte) (text string, ok bool) {
	if bytes.IndexByte(raw, 0x1B) >= 0 {
		return "", false // it changes to another set on the way
	}
	ascii := true
	for _, b := range raw {
		ascii = ascii && b < 0x80
	}
	switch {
	case ascii:
		return string(raw), true
	case c == nil:
		return "", false
	case c.utf8:
		return string(raw), utf8.Valid(raw)
	case c.encoding == nil:
		return "", false
	}
	out, err := c.encoding.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", false
	}
	return string(out), true
}

// encode is the reverse of decode.
func (c *charset) encode(text string) ([]byte, bool) {
	if c == nil || c.utf8 || c.encoding == nil {
		return []byte(text), true
	}
	out, err := c.encoding.NewEncoder().Bytes([]byte(text))
	return out, err == nil
}
