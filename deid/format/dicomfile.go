package format

import (
	"errors"

	"chaperone/deid/format/dicom"
	"chaperone/phi"
)

// parseDICOM reads a DICOM file.
func parseDICOM(raw []byte, pictures Pictures) (*Document, error) {
	f, err := dicom.Read(raw, dicom.Options{Blank: pictures == BlankPictures})
	if err != nil {
		return nil, fromDICOM(err)
	}
	h := &held{notes: f.Notes()}
	for _, t := range f.Texts() {
		h.add(dicomLocus(t))
	}
	h.rewrite = func(edits func(i int) []Edit) ([]byte, error) {
		out, err := f.Rewrite(func(i int) []dicom.Edit {
			list := edits(i)
			out := make([]dicom.Edit, len(list))
			for k, e := range list {
				out[k] = dicom.Edit(e)
			}
			return out
		})
		return out, fromDICOM(err)
	}
	return &Document{name: DICOM, raw: raw, held: h}, nil
}

// dicomLocus is the locus of a text of a DICOM file.
func dicomLocus(t dicom.Text) Locus {
	l := Locus{Path: t.Path, Label: t.Label, Kind: t.Kind}
	switch {
	case t.Birth:
		l.Form = FormBirthDay
	case t.Day:
		l.Form = FormDay
	case t.Kind == phi.None:
		if l = labelled(t.Path, t.Label, t.Text); l.Kind == phi.Name {
			l.Kind, l.Label = phi.None, "" // people's names have a type of their own; this is that of a thing
		}
	}
	l.Text, l.Line, l.broken = t.Text, 1, true
	return l
}

// fromDICOM turns an error of the dicom package into one of this.
func fromDICOM(err error) error {
	var (
		fault  *dicom.Fault
		closed *dicom.Uninspectable
	)
	switch {
	case errors.As(err, &fault):
		return &Fault{Format: DICOM, Where: fault.Where, What: fault.What}
	case errors.As(err, &closed):
		return &Uninspectable{What: closed.What, Hint: closed.Hint}
	}
	return err
}
