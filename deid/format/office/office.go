// Package office reads office documents: word processor documents,
// spreadsheets and presentations in Office Open XML (ECMA-376), OpenDocument
// (ISO 26300) and RTF. It lists every text that such a file holds and writes the
// file back with parts of those texts replaced.
//
// A text that formatting splits into runs is one text. Beside what a page shows
// it lists what a page hides: deleted and tracked text, comments and their
// authors, headers and notes, hidden sheets, alternative texts, field codes,
// names of bookmarks and sheets, targets of links, properties, embedded data.
//
// Every part of a file is read, or dropped, or the file is refused; none passes
// because it is unknown. Dropped are: macros, signatures, previews, printer
// settings, embedded fonts, pivot tables (their cells stay), lists for
// recalculation, initials of authors, and XML comments. Refused are: pictures unless OCR reads
// them or they are to be blanked, films, embedded objects, controls, encrypted files, the binary
// formats from before 2007, and archives that unpack to more than the limits or
// that are not what they say.
//
// It is pure: bytes in, bytes out. It decides nothing about what identifies.
// Its errors repeat nothing of the document.
package office

import (
	"fmt"

	"chaperone/deid/format/image"
	"chaperone/phi"
)

// Kind is a kind of office document.
type Kind uint8

// The kinds.
const (
	Word   Kind = iota + 1 // docx, docm, dotx
	Sheet                  // xlsx, xlsm, xltx
	Slides                 // pptx, pptm, ppsx
	RTF
	OpenText         // odt
	OpenSheet        // ods
	OpenPresentation // odp
)

// Text is one text of a document. Several runs, or several paragraphs that
// follow each other, are one.
type Text struct {
	// Path says where, in words of the format and numbers: "sheet 2, B17", "notes of
	// slide 3". It holds nothing of the document's text.
	Path string
	// Label is the name of the field the text stands in; it may be empty, and can
	// hold words of the document.
	Label string
	// Kind is what the format says that the text is as a whole, or None.
	Kind phi.Kind
	// Instant says that the text is a point in time of the form
	// 2024-05-06T07:08:09Z and must remain one.
	Instant bool
	// Text is the text, in UTF-8. Paragraphs and lines end in \n.
	Text string
	// Line is the line of Path the text begins on, counted from 1.
	Line int
	// Cell places the text in a table; nil if it is in none.
	Cell *Cell
	// Seen says that the text was read by OCR, which proves nothing about what it
	// did not see.
	Seen bool
}

// Cell is a place in a table of a document.
type Cell struct {
	Table       int // counted from 1 through the document
	Row, Column int // counted from 1
}

// Edit replaces a part of a text.
type Edit struct {
	Start, End int    // UTF-8 bytes of Text.Text; End is exclusive
	Text       string // what to put there
}

// Limits bound what is read. The zero value stands for usual ones.
type Limits struct {
	Parts int   // of an archive; 10 000
	Total int64 // bytes, unpacked, those of archives within included; 128 MB
	Texts int   // cells and other texts; a million
	// BlankPictures replaces every picture by an empty one instead of refusing the
	// file.
	BlankPictures bool
	// OCR reads the words of pictures, whose pixels under an edit are then painted
	// over; nil if nothing does. What it cannot read is refused, or blank.
	OCR image.Reader
	// KeepPictures leaves pictures as they are, for a document that stays here;
	// those of RTF are left out. It is not to be used where a document leaves.
	KeepPictures bool
}

func (l Limits) or() Limits {
	if l.Parts == 0 {
		l.Parts = 10_000
	}
	if l.Total == 0 {
		l.Total = 128 << 20
	}
	if l.Texts == 0 {
		l.Texts = 1_000_000
	}
	return l
}

// Fault says that a document is broken, and where. It repeats nothing of it.
type Fault struct {
	Where string // "part 4, byte 120"; may be empty
	What  string // "a tag is not closed"
}

// Error says it in one line.
func (f *Fault) Error() string {
	if f.Where == "" {
		return f.What
	}
	return f.Where + ": " + f.What
}

// Uninspectable says that a document holds what cannot be looked into.
type Uninspectable struct {
	What string // "an encrypted office document", "a document with pictures"
	Hint string // what to do about it; may be empty
}

// Error says it in one line.
func (u *Uninspectable) Error() string { return u.What + " is not inspectable" }

func refused(hint, what string, args ...any) error {
	if hint == "" {
		hint = "open it in the program it comes from, save it anew, and try again"
	}
	return &Uninspectable{What: fmt.Sprintf(what, args...), Hint: hint}
}

// File is a document that was read. It never changes.
type File struct {
	kind   Kind
	texts  []Text
	places []place
	parcel *parcel
	rich   *wording // of RTF
	notes  []string
}

// place writes the edits of one text into a draft.
type place interface {
	put(d *draft, text string, edits []Edit)
}

// Kind is the document's kind.
func (f *File) Kind() Kind { return f.kind }

// Texts lists the texts, in an order of the document's parts. The slice is not
// to be changed.
func (f *File) Texts() []Text { return f.texts }

// Notes says in plain words what Rewrite leaves out: "macros".
func (f *File) Notes() []string { return f.notes }

// Read reads a document of any of the kinds; it sees by itself of which. The
// error is a *Fault or an *Uninspectable.
func Read(raw []byte, limits Limits) (*File, error) {
	limits = limits.or()
	if isRTF(raw) {
		return readRTF(raw, limits)
	}
	budget := limits.Total
	p, err := open(raw, limits, &budget)
	if err != nil {
		return nil, err
	}
	f := &File{parcel: p}
	r := &reader{f: f, limits: limits, budget: &budget}
	if err := r.read(); err != nil {
		return nil, err
	}
	return f, nil
}

// Rewrite returns the document with the edits that are given for each text, by
// its place in Texts; they must be in order and must not overlap. What the
// package drops is dropped even without an edit.
func (f *File) Rewrite(edits func(i int) []Edit) ([]byte, error) {
	d := newDraft()
	for i := range f.texts {
		if list := edits(i); len(list) > 0 {
			f.places[i].put(d, f.texts[i].Text, list)
		}
	}
	if f.rich != nil {
		return f.rich.write(d)
	}
	return f.parcel.write(d)
}

// add lists a text.
func (f *File) add(t Text, at place) {
	if t.Line == 0 {
		t.Line = 1
	}
	f.texts = append(f.texts, t)
	f.places = append(f.places, at)
}
