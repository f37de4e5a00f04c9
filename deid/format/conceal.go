package format

import (
	"errors"
	"fmt"
	"io"

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
	return &Concealer{engine: e, session: s, profile: p, year: year}
}

// Conceal returns the document with everything that the profile conceals
// replaced, and calls each for every place (each may be nil). The names in it
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
	if l.Kind != phi.None {
		return veil.ReadAs(l.Kind, l.Text)
	}
	w := deid.Where{Label: l.Label}
	veil.Read(l.Text, w)
	return w
}

func (c *Concealer) edits(veil *deid.Veil, l Locus) ([]Edit, []phi.Kind) {
	if l.Form != FormFree {
		kind := l.Kind
		if kind == phi.None {
			kind = phi.Date
		}
		if !c.profile.Conceals(kind) {
			return nil, nil
		}
		if left, ok := reduce(l.Text, l.Form, c.year); ok {
			if left == l.Text {
				return nil, nil
			}
			return []Edit{{0, len(l.Text), left}}, []phi.Kind{kind}
		}
	}
	var (
		edits []Edit
		kinds []phi.Kind
	)
	for _, r := range veil.Replacements(l.Text, c.read(veil, l)) {
		edits = append(edits, Edit{r.Start, r.End, r.Placeholder})
		kinds = append(kinds, r.Kind)
	}
	return edits, kinds
}

// Copy conceals a document of any length from r to w, piece by piece where its
// format allows, and calls each for every place. After an error what was
// written is not whole and must be thrown away.
func (c *Concealer) Copy(w io.Writer, r *Reader, each func(Place)) error {
	for {
		d, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		out, err := c.Conceal(d, each)
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
		hits, _ := r.Scan(l.Text)
		edits := make([]Edit, len(hits))
		for i, h := range hits {
			edits[i] = Edit{h.Start, h.End, h.Value.Expose()}
		}
		return edits
	})
}
