// Package format reads documents whose structure says what their text is: FHIR,
// HL7 v2, C-CDA, X12, tables, e-mail, office documents and plainer forms. It finds
// every place of a document that holds text (Locus), with its kind where the
// format fixes it, and writes the document back with some of those texts
// replaced, byte for byte the same everywhere else; see Document.Rewrite for the
// formats that are packed anew.
//
// It is pure: it reads from a reader it is given and writes to a writer. It
// skips nothing because it is unknown: a field it has no rule for is free text
// with its key as label. It refuses what it cannot inspect (binary documents,
// character sets it cannot read, entity definitions) and never copies such a
// thing through. Its errors name lines and segments and never repeat text.
package format

import (
	"bytes"
	"iter"

	"chaperone/phi"
)

// Locus is one place of a document that holds text.
type Locus struct {
	// Path says where: "PID-5[1].2", "Patient.name[0].family", "row 3, column 2".
	// It is made of the format's own words and of numbers, never of the document's
	// text.
	Path string
	// Label is the key, header or field name the text stands under; it may be
	// empty. Unlike Path it can hold words of the document.
	Label string
	// Kind is what the format says the text is as a whole. None means that it does
	// not say: free text, to be scanned.
	Kind phi.Kind
	// Form is what a replacement must look like for the document to stay valid.
	Form Form
	// Text is the text as its reader sees it: without escapes, in UTF-8.
	Text string
	// Line is the line of the document it begins on, counted from 1; of Path, in
	// formats that are not lines of text.
	Line int
	// Row and Column place it in a table, counted from 1; 0 if it is in none.
	Row, Column int

	broken bool // the line ends of Text are those that Line counts
}

// Edit replaces a part of a locus's text.
type Edit struct {
	Start, End int    // UTF-8 bytes of Locus.Text; End is exclusive
	Text       string // what to put there, without escapes
}

// Document is a parsed document, or one piece of a long one. It never changes.
type Document struct {
	name  Name
	raw   []byte
	spans []span
	above int // lines of the whole document before this piece
	held  *held
	hints []string // texts that stand apart in it and are read together, to learn who is named
}

// span ties a locus to its bytes.
type span struct {
	locus      Locus
	start, end int                       // the bytes in raw
	at         []int32                   // raw offset, from start, of each byte of the text and of its end; nil if they are the same bytes
	gaps       []stretch                 // bytes, from start, that stand between pieces of the text and stay
	encode     func(string) string       // writes new text with the format's escapes; nil if it has none
	wrap       func(text string) []byte  // writes the whole locus anew after a change, instead of at and encode
	inner      *Document                 // the locus holds a document of its own
	pack       func(inner []byte) []byte // writes it back
}

// stretch is a stretch of bytes.
type stretch struct{ start, end int }

// Name is the document's format.
func (d *Document) Name() Name { return d.name }

// Bytes is the document as it was read. The slice is not to be changed.
func (d *Document) Bytes() []byte { return d.raw }

// Hints are texts that stand apart in the document, as the lines of a report in a
// message do, and belong together: reading them tells who is named. They are no
// loci.
func (d *Document) Hints() []string { return d.hints }

// Loci goes through the places that hold text, in the document's order; those
// of a document within the document included.
func (d *Document) Loci() iter.Seq[Locus] {
	return func(yield func(Locus) bool) { d.walk(yield) }
}

func (d *Document) walk(yield func(Locus) bool) bool {
	if d.held != nil {
		return d.held.walk(yield)
	}
	for i := range d.spans {
		s := &d.spans[i]
		if s.inner == nil {
			if !yield(s.here(d)) {
				return false
			}
			continue
		}
		ok := s.inner.walk(func(l Locus) bool { return yield(s.within(d, l)) })
		if !ok {
			return false
		}
	}
	return true
}

// within places a locus of the inner document in the outer one.
func (s *span) within(d *Document, l Locus) Locus {
	if s.locus.Path != "" {
		l.Path = s.locus.Path + " " + l.Path
	}
	l.Line += s.locus.Line - 1 + d.above
	return l
}

// here is the locus at its place in the whole document.
func (s *span) here(d *Document) Locus {
	l := s.locus
	l.Line += d.above
	return l
}

// Rewrite returns the document with the edits that f gives for each locus; they
// must be in order and must not overlap. Without any edit it returns Bytes: the
// same slice. Formats whose bytes are not their text, such as office documents and
// PDFs, are packed anew, and what they hold beside text is left out (see Notes);
// only they, or a document that holds one, can yield an error.
func (d *Document) Rewrite(f func(Locus) []Edit) ([]byte, error) {
	if d.held != nil {
		return d.held.write(f)
	}
	var out bytes.Buffer
	from := 0
	for i := range d.spans {
		s := &d.spans[i]
		if s.inner != nil {
			now, err := s.inner.Rewrite(func(l Locus) []Edit { return f(s.within(d, l)) })
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(now, s.inner.raw) {
				out.Write(d.raw[from:s.start])
				out.Write(s.pack(now))
				from = s.end
			}
			continue
		}
		if edits := f(s.here(d)); len(edits) > 0 {
			if out.Cap() == 0 {
				out.Grow(len(d.raw) + len(d.raw)/4) // placeholders are longer than most of what they stand for
			}
			out.Write(d.raw[from:s.start])
			s.write(&out, d.raw[s.start:s.end], edits)
			from = s.end
		}
	}
	if from == 0 && out.Len() == 0 {
		return d.raw, nil
	}
	out.Write(d.raw[from:])
	return out.Bytes(), nil
}

// write writes a locus with its edits: bytes between two edits stay as they
// are, with whatever escapes they have.
func (s *span) write(out *bytes.Buffer, raw []byte, edits []Edit) {
	if s.wrap != nil {
		out.Write(s.wrap(apply(s.locus.Text, edits)))
		return
	}
	from := 0
	for _, e := range edits {
		out.Write(raw[from:s.offset(e.Start)])
		if s.encode != nil {
			out.WriteString(s.encode(e.Text))
		} else {
			out.WriteString(e.Text)
		}
		from = s.offset(e.End)
		for _, g := range s.gaps {
			if g.start >= s.offset(e.Start) && g.end <= from {
				out.Write(raw[g.start:g.end])
			}
		}
	}
	out.Write(raw[from:])
}

func (s *span) offset(i int) int {
	if s.at == nil {
		return i
	}
	return int(s.at[i])
}

// apply makes edits in a text.
func apply(text string, edits []Edit) string {
	var b bytes.Buffer
	from := 0
	for _, e := range edits {
		b.WriteString(text[from:e.Start])
		b.WriteString(e.Text)
		from = e.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// lines counts lines while a reader goes forward through a document.
type lines struct {
	raw  []byte
	at   int
	line int
}

func newLines(raw []byte) *lines { return &lines{raw: raw, line: 1} }

// of returns the line of a byte; bytes are asked for in ascending order.
func (l *lines) of(offset int) int {
	if offset > l.at {
		l.line += bytes.Count(l.raw[l.at:offset], []byte{'\n'})
		l.at = offset
	}
	return l.line
}
