package format

import (
	"errors"
	"strings"

	"chaperone/deid/format/image"
)

// sight is how pictures are read.
type sight struct {
	pictures Pictures
	ocr      image.Reader // nil if nothing reads them
}

// OCR has pictures read by a program for optical character recognition; call it
// before Next. Without it pictures are not inspectable.
func (r *Reader) OCR(by image.Reader) { r.sight.ocr = by }

// Recognised reports whether what was read so far was read by OCR, which never
// proves that nothing else is there.
func (r *Reader) Recognised() bool { return r.recognised }

// pictured reports whether documents of the format are pictures first.
func (n Name) pictured() bool { return n == Image || n == DICOM }

// parsePicture reads a picture. It sees by itself of which kind it is.
func parsePicture(name Name, raw []byte, s sight) (*Document, error) {
	if len(raw) > MaxDocument {
		return nil, &Fault{Format: name, What: tooLong}
	}
	if name == DICOM {
		return parseDICOM(raw, s.pictures)
	}
	f, err := image.Read(raw, image.Options{OCR: s.ocr, Blank: s.pictures == BlankPictures})
	if err != nil {
		return nil, fromImage(err)
	}
	h := &held{notes: f.Notes(), recognised: s.ocr != nil}
	for _, t := range f.Texts() {
		h.add(pictureLocus(t))
	}
	h.rewrite = func(edits func(i int) []Edit) ([]byte, error) {
		out, err := f.Rewrite(func(i int) []image.Edit {
			list := edits(i)
			out := make([]image.Edit, len(list))
			for k, e := range list {
				out[k] = image.Edit(e)
			}
			return out
		})
		return out, fromImage(err)
	}
	return &Document{name: Image, raw: raw, held: h}, nil
}

// pictureLocus is the locus of a text of a picture.
func pictureLocus(t image.Text) Locus {
	l := Locus{Path: t.Path, Label: t.Label, Kind: t.Kind}
	if l.Label != "" && t.Kind == 0 {
		l = labelled(t.Path, t.Label, strings.TrimSpace(t.Text))
	}
	l.Text, l.Line, l.broken = t.Text, 1, true
	return l
}

// fromImage turns an error of the image package into one of this.
func fromImage(err error) error {
	var (
		fault  *image.Fault
		closed *image.Uninspectable
	)
	switch {
	case errors.As(err, &fault):
		return &Fault{Format: Image, Where: fault.Where, What: fault.What}
	case errors.As(err, &closed):
		return &Uninspectable{What: closed.What, Hint: closed.Hint}
	}
	return err
}
