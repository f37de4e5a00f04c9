package format

import (
	"errors"
	"fmt"
	"slices"

	"chaperone/deid/format/pdf"
)

// parsePDF reads a PDF. What is written of it is always a new file: the old one
// may hold earlier revisions, and parts that nobody sees.
func parsePDF(raw []byte, s sight) (*Document, error) {
	blank := s.pictures == BlankPictures
	f, err := pdf.Read(raw, pdf.Options{OCR: s.ocr, BlankImages: blank, BlankGlyphs: blank})
	if err != nil {
		return nil, fromPDF(err)
	}
	texts := f.Texts()
	loci := make([]Locus, len(texts))
	for i, t := range texts {
		loci[i] = labelled(t.Path, t.Label, t.Text)
		loci[i].Text, loci[i].Line = t.Text, 1
	}
	d := hold(PDF, raw, loci, f.LeftOut(), func(edits func(i int) []Edit) ([]byte, error) {
		return f.Rewrite(func(i int) []pdf.Edit {
			list := edits(i)
			out := make([]pdf.Edit, len(list))
			for k, e := range list {
				out[k] = pdf.Edit(e)
			}
			return out
		})
	})
	d.held.recognised = slices.ContainsFunc(texts, func(t pdf.Text) bool { return t.Seen })
	return d, nil
}

// fromPDF turns an error of the pdf package into one of this.
func fromPDF(err error) error {
	var (
		fault  *pdf.Fault
		closed *pdf.Uninspectable
	)
	switch {
	case errors.As(err, &fault):
		f := &Fault{Format: PDF, What: fault.What}
		if fault.Offset >= 0 {
			f.Where = fmt.Sprintf("byte %d", fault.Offset)
		}
		return f
	case errors.As(err, &closed):
		u := &Uninspectable{What: "a PDF", Hint: "save a copy that can be read, or print it to a new PDF"}
		if closed.Where != "" {
			u.What += ", " + closed.Where
		}
		u.What += " (" + closed.What + ")"
		if closed.Image || closed.Glyph {
			u.Hint = "have a program for scans read it; with --images blank what cannot be read is left out"
		}
		return u
	}
	return err
}
