package format

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"chaperone/deid"
	"chaperone/phi"
)

// Place is one place of a document where something was concealed. It holds
// nothing of the text.
type Place struct {
	Path string
	Line int
	// Row and Column place it in a table, counted from 1; 0 if it is in none.
	Row, Column int
	Kind        phi.Kind
}

// Concealer conceals documents under one session, so that the same person has
// the same placeholder in all of them. It belongs to one goroutine.
type Concealer struct {
	engine  *deid.Engine
	session *deid.Session
	profile deid.Profile
	year    int
}

// NewConcealer returns a concealer. year is the current year; it decides which
// years of birth tell an age over 89.
func NewConcealer(e *deid.Engine, s *deid.Session, p deid.Profile, year int) *Concealer {
	return &Concealer{engine: e.In(year), session: s, profile: p, year: year}
}

// Conceal returns the document with everything replaced that the profile does
// not keep, and calls each for every place (each may be nil). The names in it
// are known in all of it, and from then on in the session. The error is that of
// the random source; then nothing may be written.
func (c *Concealer) Conceal(d *Document, each func(Place)) ([]byte, error) {
	veil := deid.NewVeil(c.engine, c.session)
	veil.Under(c.profile)
	for l := range d.Loci() {
		if _, reduced := reduce(l.Text, l.Form, c.year); !reduced {
			c.read(veil, l)
		}
	}
	for _, h := range d.hints {
		veil.Read(h, deid.Where{})
	}
	out, err := d.Rewrite(func(l Locus) []Edit {
		edits, kinds := c.edits(veil, l)
		if each != nil {
			for i, k := range kinds {
				each(Place{Path: l.Path, Line: l.lineOf(edits[i].Start), Row: l.Row, Column: l.Column, Kind: k})
			}
		}
		return edits
	})
	if err := errors.Join(veil.Err(), err); err != nil {
		return nil, fmt.Errorf("format: conceal: %w", err)
	}
	return out, nil
}

func (c *Concealer) read(veil *deid.Veil, l Locus) deid.Where {
	w := deid.Where{Label: l.Label}
	if l.Kind != phi.None {
		return veil.ReadField(l.Kind, l.Text, w)
	}
	veil.Read(l.Text, w)
	return w
}

func (c *Concealer) edits(veil *deid.Veil, l Locus) ([]Edit, []phi.Kind) {
	if l.Form != FormFree {
		kind := governs(l)
		left, ok := c.field(veil, l, kind)
		switch {
		case ok && left == l.Text:
			return nil, nil
		case ok:
			return []Edit{{0, len(l.Text), left}}, []phi.Kind{kind}
		}
	}
	var (
		edits []Edit
		kinds []phi.Kind
	)
	for _, r := range veil.Replacements(l.Text, c.read(veil, l)) {
		edits = append(edits, Edit{r.Start, r.End, r.Text})
		kinds = append(kinds, r.Kind)
	}
	return edits, kinds
}

// governs is the kind whose treatment a field with a form gets. A point on the
// map is finer than any place that a profile keeps: it goes with the street.
func governs(l Locus) phi.Kind {
	switch {
	case l.Form == FormZero:
		return phi.Street
	case l.Kind == phi.None:
		return phi.Date
	}
	return l.Kind
}

// field is what is written in a field that must keep its form; false where the
// text does not have the form, and is treated as free text. No placeholder fits
// into such a field, so what would be concealed is reduced.
func (c *Concealer) field(veil *deid.Veil, l Locus, kind phi.Kind) (string, bool) {
	left, ok := reduce(l.Text, l.Form, c.year)
	if !ok {
		return "", false
	}
	switch c.profile.Treats(kind) {
	case deid.Keep:
		return l.Text, true
	case deid.Shift:
		if moved, ok := shift(veil, l.Text); ok {
			return moved, true
		}
	case deid.Band:
		if n, err := strconv.ParseFloat(left, 64); err == nil && l.Form == FormAge && n <= oldest {
			return strconv.Itoa(int(n) / 10 * 10), true
		}
	}
	return left, true
}

// shift moves a date or both ends of a range of them.
func shift(veil *deid.Veil, text string) (string, bool) {
	if from, to, ok := strings.Cut(text, "-"); ok && len(from) == 8 && allDigits(from) && len(to) == 8 && allDigits(to) {
		a, okA := veil.ShiftDate(from)
		b, okB := veil.ShiftDate(to)
		return a + "-" + b, okA && okB
	}
	return veil.ShiftDate(text)
}

// Copy conceals a document of any length from r to w, piece by piece where its
// format allows, and calls each for every place. After an error what was
// written is not whole and must be thrown away.
func (c *Concealer) Copy(w io.Writer, r *Reader, each func(Place)) error {
	return r.copy(w, func(d *Document) ([]byte, error) { return c.Conceal(d, each) })
}

// CopyRevealed restores a document of any length from r to w, as Reveal does.
// After an error what was written is not whole and must be thrown away.
func CopyRevealed(w io.Writer, r *Reader, by *deid.Revealer) error {
	return r.copy(w, func(d *Document) ([]byte, error) { return Reveal(d, by) })
}

// copy writes what becomes of each piece.
func (r *Reader) copy(w io.Writer, become func(*Document) ([]byte, error)) error {
	for {
		d, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		out, err := become(d)
		if err != nil {
			return err
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
}

// Reveal returns a concealed document with the placeholders of r's session
// restored, with the escapes that each place needs. What was reduced (see Form)
// stays reduced. The error is that of Document.Rewrite.
func Reveal(d *Document, r *deid.Revealer) ([]byte, error) {
	return d.Rewrite(func(l Locus) []Edit {
		hits := r.Hits(l.Text)
		edits := make([]Edit, len(hits))
		for i, h := range hits {
			edits[i] = Edit{h.Start, h.End, h.Value.Expose()}
		}
		return edits
	})
}
