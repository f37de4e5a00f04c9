package format

import (
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
	inner, err := Parse(name, fromUTF16(raw[2:], order))
	if err != nil {
		return nil, err
	}
	b := builder{name: name, raw: raw}
	b.nest(2, len(raw), Locus{}, inner, func(text []byte) []byte { return toUTF16(text, order) })
	return b.document(), nil
}
