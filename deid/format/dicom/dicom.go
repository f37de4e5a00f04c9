// Package dicom reads DICOM files (PS3.10) and writes them anew under the Basic
// Application Level Confidentiality Profile of PS3.15, annex E: attributes that
// its table removes are removed, others are emptied or replaced, unique
// identifiers are replaced by new ones, private attributes go. Beyond the
// profile, whatever is text and stays is listed, so that what identifies in it
// can be replaced, and attributes that no dictionary knows go.
//
// A picture can hold what its header does not: names are burned into the pixels
// of ultrasound and of scanned paper. Pixels are believed to be free of text
// only if the header says so (Burned In Annotation is NO) and the file is not of
// a kind for which that is known to be wrong. All others are refused, or made
// blank (Options.Blank). Faces that can be computed from a scan of a head are
// not looked for, unless the header tells of them (Recognizable Visual
// Features). Documents within a file are refused.
//
// It is pure: bytes in, bytes out. Its errors name attributes and repeat
// nothing of the file, and hostile files end at a limit.
package dicom

import (
	"fmt"

	"chaperone/phi"
)

// Options say how a file is read. The zero value refuses pixels that may hold
// text.
type Options struct {
	// Blank makes such pixels blank instead of refusing the file.
	Blank bool
}

// Text is one text of a file.
type Text struct {
	// Path says where: "PatientName", "ContentSequence[2].TextValue". It holds
	// nothing of the file's text.
	Path string
	// Label is the attribute's name in words: "Patient Name".
	Label string
	// Kind is what the dictionary says that the text is as a whole, or None.
	Kind phi.Kind
	// Day says that the text is a date (YYYYMMDD, which a time may follow) and must
	// remain one; Birth that it is that of a birth.
	Day, Birth bool
	// Text is the text in UTF-8.
	Text string
	// Gone is set if the text is only there to be inspected: what is written does
	// not have it, with or without edits.
	Gone bool
}

// Edit replaces a part of a text.
type Edit struct {
	Start, End int    // UTF-8 bytes of Text.Text; End is exclusive
	Text       string // what to put there
}

// Fault says that a file is broken, and where. It repeats nothing of it.
type Fault struct {
	Where string // "byte 1204", "(0008,0018)"; may be empty
	What  string // "an attribute is longer than the file"
}

// Error says it in one line.
func (f *Fault) Error() string {
	if f.Where == "" {
		return f.What
	}
	return f.Where + ": " + f.What
}

// Uninspectable says that a file holds what cannot be looked into.
type Uninspectable struct {
	What string // "a DICOM file whose pixels may hold text"
	Hint string // what to do about it
}

// Error says it in one line.
func (u *Uninspectable) Error() string { return u.What + " is not inspectable" }

// File is a file that was read. It never changes.
type File struct {
	syntax syntax
	set    dataset
	texts  []Text
	places []place // by the place of each text
	pixels fate
	notes  []string
}

// place is the piece of an attribute that a text is.
type place struct {
	of    *element // nil if the attribute goes
	piece int
}

// Recognise reports whether a file that begins so is a DICOM file.
func Recognise(head []byte) bool { return len(head) >= 132 && string(head[128:132]) == "DICM" }

// Read reads a file. The error is a *Fault or an *Uninspectable.
func Read(raw []byte, options Options) (*File, error) {
	f := &File{}
	if err := f.parse(raw); err != nil {
		return nil, err
	}
	var err error
	if f.pixels, err = f.judge(options); err != nil {
		return nil, err
	}
	if err := f.list(f.set, "", charsetOf(nil, f.set), false); err != nil {
		return nil, err
	}
	return f, nil
}

// Texts lists the texts in the order of the file. The slice is not to be
// changed.
func (f *File) Texts() []Text { return f.texts }

// Notes says in plain words what Rewrite leaves out beside the edits.
func (f *File) Notes() []string { return f.notes }

// Rewrite returns the file with the edits that are given for each text, by its
// place in Texts, and with all that the profile asks for even without an edit.
// Edits must be in order and must not overlap.
func (f *File) Rewrite(edits func(i int) []Edit) ([]byte, error) {
	d := &draft{pieces: map[place]string{}}
	for i, t := range f.texts {
		list := edits(i)
		if at := f.places[i]; at.of != nil && len(list) > 0 {
			d.pieces[at] = apply(t.Text, list)
			if len(list) == 1 && list[0].Start == 0 && list[0].End == len(t.Text) {
				d.whole = append(d.whole, at)
			}
		}
	}
	return f.write(d)
}

// apply makes edits in a text.
func apply(text string, edits []Edit) string {
	var out []byte
	from := 0
	for _, e := range edits {
		out = append(append(out, text[from:e.Start]...), e.Text...)
		from = e.End
	}
	return string(append(out, text[from:]...))
}

func (f *File) note(what string) {
	for _, n := range f.notes {
		if n == what {
			return
		}
	}
	f.notes = append(f.notes, what)
}

func refused(hint, what string) error { return &Uninspectable{What: what, Hint: hint} }

func broken(at int, what string) error {
	return &Fault{Where: fmt.Sprintf("byte %d", at), What: what}
}
