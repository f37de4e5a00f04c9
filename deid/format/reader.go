package format

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Reader reads a document piece by piece where its format is a row of records
// (NDJSON, tables, HL7 v2 batches, text by lines), and as one piece where it is
// not. The pieces together are the document, byte for byte. It belongs to one
// goroutine.
type Reader struct {
	name    Name
	in      *bufio.Reader
	carry   []byte // read and not yet given out
	whole   bool   // the document is one piece
	done    bool
	begun   bool
	lines   int
	columns *columns
	sight   sight
	notes   []string

	recognised bool // by OCR, something of what was read so far
}

const (
	headLen  = 64 << 10  // what Detect is shown
	pieceLen = 256 << 10 // pieces are about so long
)

// NewReader returns a reader of r in the given format; the empty Name asks
// Detect, to which file is the document's name. The error is an *Uninspectable
// for what may not be read as text, or that of r.
func NewReader(r io.Reader, file string, name Name) (*Reader, error) {
	in := bufio.NewReaderSize(r, headLen)
	head, err := in.Peek(headLen)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if name == "" {
		if name, err = Detect(file, head); err != nil {
			return nil, err
		}
	} else if what := binaryKind(head); what != "" && !name.packed() {
		return nil, &Uninspectable{What: what}
	}
	return &Reader{name: name, in: in, whole: utf16Mark(head) != nil}, nil
}

// Pictures says what becomes of pictures in the document; call it before Next.
func (r *Reader) Pictures(p Pictures) { r.sight.pictures = p }

// Whole reports whether the document is read as one piece, which may not be
// longer than MaxDocument.
func (r *Reader) Whole() bool { return r.whole || !r.pieces() }

// Name is the format that is read.
func (r *Reader) Name() Name { return r.name }

// Notes says what the pieces so far leave out beside what is concealed; see
// Document.Notes.
func (r *Reader) Notes() []string { return r.notes }

// Next returns the next piece, or io.EOF when there is none. The error is a
// *Fault where the document does not follow its format, with the line in the
// whole document.
func (r *Reader) Next() (*Document, error) {
	raw, err := r.piece()
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 && r.begun {
		return nil, io.EOF
	}
	r.begun = true
	d, err := r.parse(raw)
	if err != nil {
		var f *Fault
		if errors.As(err, &f) {
			return nil, f.at(r.lines)
		}
		return nil, err
	}
	d.above = r.lines
	r.notes = append(r.notes, d.Notes()...)
	r.recognised = r.recognised || d.held != nil && d.held.recognised
	r.lines += bytes.Count(raw, []byte{'\n'})
	return d, nil
}

func (r *Reader) parse(raw []byte) (*Document, error) {
	if what := binaryKind(raw); what != "" && !r.name.packed() {
		return nil, &Uninspectable{What: what}
	}
	if (r.name == CSV || r.name == TSV) && !r.whole {
		if err := valid(r.name, raw); err != nil {
			return nil, err
		}
		if r.columns == nil {
			r.columns = newColumns(r.name, raw)
		}
		return parseTable(r.name, raw, r.columns)
	}
	if r.name.pictured() {
		return parsePicture(r.name, raw, r.sight)
	}
	return parse(r.name, raw, r.sight)
}

// piece returns the bytes of the next piece.
func (r *Reader) piece() ([]byte, error) {
	for {
		if !r.done && len(r.carry) < pieceLen || r.whole || !r.pieces() {
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		if r.done {
			raw := r.carry
			r.carry = nil
			return raw, nil
		}
		if !r.whole && r.pieces() {
			if n := r.end(r.carry); n > 0 {
				raw := r.carry[:n:n]
				r.carry = append([]byte(nil), r.carry[n:]...)
				return raw, nil
			}
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		if len(r.carry) > MaxDocument {
			f := &Fault{Format: r.name, What: tooLong}
			if r.pieces() {
				f.Line = r.lines + 1
			}
			return nil, f
		}
	}
}

// fill reads a piece more; the longer a record already is, the longer a piece,
// so that the search for its end is not begun too often.
func (r *Reader) fill() error {
	from := len(r.carry)
	grown := append(r.carry, make([]byte, max(pieceLen, from))...)
	n, err := io.ReadFull(r.in, grown[from:])
	r.carry = grown[:from+n]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.done = true
		return nil
	}
	return err
}

// pieces reports whether the format is a row of records.
func (r *Reader) pieces() bool {
	switch r.name {
	case Text, NDJSON, CSV, TSV, HL7v2:
		return true
	default:
		return false
	}
}

// end is where the last whole record of raw ends, or 0.
func (r *Reader) end(raw []byte) int {
	switch r.name {
	case CSV, TSV:
		return endOfRows(raw, r.delimiter(raw))
	case HL7v2:
		return endOfMessages(raw)
	default:
		return bytes.LastIndexByte(raw, '\n') + 1
	}
}

func (r *Reader) delimiter(raw []byte) byte {
	if r.columns != nil {
		return r.columns.delimiter
	}
	return delimiterOf(r.name, raw)
}

// endOfRows is where the last row ends whose quotes are closed. A quote opens
// at the beginning of a cell only.
func endOfRows(raw []byte, delimiter byte) int {
	end, quoted, fresh := 0, false, true
	for i, c := range raw {
		switch {
		case c == '"' && (quoted || fresh):
			quoted = !quoted
		case c == '\n' && !quoted:
			end = i + 1
		}
		fresh = !quoted && (c == delimiter || c == '\n' || c == '\r')
	}
	return end
}

// endOfMessages is where the last message begins, so that those before it are
// whole.
func endOfMessages(raw []byte) int {
	for i := len(raw) - 4; i > 0; i-- {
		if (raw[i-1] == '\r' || raw[i-1] == '\n' || raw[i-1] == 0x0B) && raw[i] == 'M' && raw[i+1] == 'S' && raw[i+2] == 'H' {
			if raw[i-1] == 0x0B {
				return i - 1
			}
			return i
		}
	}
	return 0
}
