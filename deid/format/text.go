package format

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// parseText takes the whole as one text.
func parseText(raw []byte) *Document {
	b := builder{name: Text, raw: raw}
	b.add(token{start: 0, end: len(raw), text: string(raw)}, Locus{Path: "text", broken: true})
	return b.document()
}

// utf16Mark returns the byte order that a byte order mark tells, or nil.
func utf16Mark(head []byte) binary.ByteOrder {
	if len(head) < 2 {
		return nil
	}
	switch {
	case head[0] == 0xFF && head[1] == 0xFE:
		return binary.LittleEndian
	case head[0] == 0xFE && head[1] == 0xFF:
		return binary.BigEndian
	}
	return nil
}

// valid refuses text that is not UTF-8: in another character set names would be
// read as other letters, and passed over.
func valid(name Name, raw []byte) error {
	if utf8.Valid(raw) {
		return nil
	}
	at := 0
	for at < len(raw) {
		r, n := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return &Fault{Format: name, Line: newLines(raw).of(at), What: "it is not valid UTF-8: save it as UTF-8"}
}

const byteOrderMark = "\xEF\xBB\xBF"

// textOf is the beginning of a document in UTF-8 without its byte order mark.
func textOf(head []byte) []byte {
	if order := utf16Mark(head); order != nil {
		return fromUTF16(head[2:], order)
	}
	if len(head) >= 3 && string(head[:3]) == byteOrderMark {
		return head[3:]
	}
	return head
}

func fromUTF16(raw []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	text := make([]byte, 0, len(raw))
	for _, r := range utf16.Decode(units) {
		text = utf8.AppendRune(text, r)
	}
	return text
}

func toUTF16(text []byte, order binary.ByteOrder) []byte {
	units := utf16.Encode([]rune(string(text)))
	raw := make([]byte, 2*len(units))
	for i, u := range units {
		order.PutUint16(raw[2*i:], u)
	}
	return raw
}

// parseUTF16 reads a document in UTF-16 with its mark.
func parseUTF16(name Name, raw []byte, order binary.ByteOrder) (*Document, error) {
	text := fromUTF16(raw[2:], order)
	if !bytes.Equal(toUTF16(text, order), raw[2:]) {
		return nil, &Fault{Format: name, What: "it is not valid UTF-16"}
	}
	inner, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	b := builder{name: name, raw: raw}
	b.nest(2, len(raw), Locus{}, inner, func(text []byte) []byte { return toUTF16(text, order) })
	return b.document(), nil
}
