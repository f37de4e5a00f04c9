package gateway

import (
	"unicode/utf8"

	"chaperone/deid"
)

// locator turns offsets into documents as Claude saw them into offsets in the
// client's own: characters (Unicode code points) from 0. It is nil where there
// is nothing to turn.
func locator(documents []string, s *deid.Session) func(document, offset int, end bool) int {
	if len(documents) == 0 {
		return nil
	}
	hits := make([][]deid.Hit, len(documents))
	scan := deid.NewRevealer(s) // one of its own: what it meets is not restored
	for i, text := range documents {
		hits[i] = scan.Hits(text)
	}
	return func(document, offset int, end bool) int {
		if document < 0 || document >= len(documents) {
			return offset
		}
		return original(documents[document], hits[document], offset, end)
	}
}

// original follows the placeholders of a document up to an offset. An offset
// inside a placeholder becomes the beginning of its value, or the end if it ends
// a quotation.
func original(text string, hits []deid.Hit, offset int, end bool) int {
	shift, at, from := 0, 0, 0 // at is the number of characters before byte from
	for _, h := range hits {
		at += utf8.RuneCountInString(text[from:h.Start])
		wide, value := utf8.RuneCountInString(text[h.Start:h.End]), utf8.RuneCountInString(h.Value.Expose())
		switch {
		case offset <= at:
			return offset + shift
		case offset < at+wide && end:
			return at + shift + value
		case offset < at+wide:
			return at + shift
		}
		at, from = at+wide, h.End
		shift += value - wide
	}
	return offset + shift
}
