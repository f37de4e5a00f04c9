// Package pdf reads the text of PDF documents and writes them anew without the
// parts that are to go: the glyphs are taken out of the strings that show them,
// not covered.
//
// A document is never changed in place. Rewrite builds a new file out of what
// was understood, by lists of what may be there: pages, their drawings, fonts
// and colours, layers, and the document's title and its like. Whatever is on no
// list stays behind, known or not: earlier revisions, unused objects, comments,
// embedded files, scripts and actions, links, bookmarks, named destinations,
// thumbnails, metadata streams, private data of programs, page labels, the
// structure tree with its replacement texts, colour profiles, signatures.
// Names of resources, layers and glyphs that are drawings are made anew.
// Annotations and form fields become part of the page as they look; what they
// say besides is read (Texts) and left out.
//
// What cannot be read is refused, not passed: encrypted files, glyphs that
// nothing names, pictures that OCR does not read, pages that are drawn without any
// text. Options may have pictures and unknown glyphs taken out instead.
//
// Four things it cannot do. It believes what a font says about its glyphs.
// Letters that are drawn as shapes beside real text are not seen. The gap that
// is left is as wide as what stood there. And an embedded font keeps the shapes
// of all its letters, though not in what order they stood.
//
// The package is pure: bytes in, bytes out. Its errors repeat nothing of the
// document, and hostile files end at a limit.
package pdf

import (
	"fmt"
	"slices"
	"strings"

	"chaperone/deid/format/image"
)

// Options say what to do with what cannot be read. The zero value refuses it.
type Options struct {
	// OCR reads the words of pictures, whose pixels under an edit are then painted
	// over; nil if nothing does. Pictures of kinds that are not decoded, and what
	// it cannot read, are refused, or taken out.
	OCR image.Reader
	// BlankImages has pictures taken out: an empty frame stays. Pages that have
	// nothing but shapes become empty, and the invisible text that lies under a
	// scan becomes visible.
	BlankImages bool
	// BlankGlyphs has glyphs taken out for which there is no text.
	BlankGlyphs bool
	// Limits are the defaults where they are 0.
	Limits Limits
}

// Limits bound what one document may cost.
type Limits struct {
	Bytes   int // of the file; 64 MB
	Pages   int // 10,000
	Objects int // 1,000,000
	Decoded int // bytes of all streams together, unpacked; 1 GB
	Stream  int // bytes of one stream, unpacked; 128 MB
	Glyphs  int // shown on all pages; 30,000,000
	Drawing int // operators of all pages; 50,000,000
}

func (l Limits) orDefault() Limits {
	set := func(v *int, otherwise int) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	set(&l.Bytes, 64<<20)
	set(&l.Pages, 10_000)
	set(&l.Objects, 1_000_000)
	set(&l.Decoded, 1<<30)
	set(&l.Stream, 128<<20)
	set(&l.Glyphs, 30_000_000)
	set(&l.Drawing, 50_000_000)
	return l
}

// Text is one text of a document.
type Text struct {
	// Path says where: "page 3", "document information, Author", "page 1,
	// annotation 2". It holds nothing of the document.
	Path string
	// Label is what the text stands under, such as the name of a form field; it
	// may be empty, and may hold words of the document.
	Label string
	// Text is what is there, in UTF-8 and in reading order; the lines of a page
	// end with newlines, and empty lines part its blocks.
	Text string
	// Gone is set if the text is only there to be inspected: a file that is
	// written anew does not have it, with or without edits.
	Gone bool
	// Seen says that the text was read by OCR, which proves nothing about what it
	// did not see.
	Seen bool
}

// Edit replaces a part of a text.
type Edit struct {
	Start, End int    // UTF-8 bytes of Text.Text; End is exclusive
	Text       string // what to put there; may be empty
}

// Image is a picture on a page.
type Image struct {
	Page   int        // counted from 1
	Pixels [2]int     // width and height of the picture
	Points [2]float64 // width and height on the page, in 1/72 inch
}

// File is a document that was read. It belongs to one goroutine.
type File struct {
	d       *reader
	options Options
	pages   []page
	texts   []entryText
	images  []Image
	left    []string

	fonts  map[int]*font
	loose  []*font        // fonts that are written in place
	seen   map[*font]bool // whose glyphs are drawings that were looked at
	bodies map[*stream][]byte
	kept   int // bytes in bodies
	glyphs int // how many may still come
	ops    int
	sights map[int]*seen // pictures that were read, by their objects
}

// entryText is a text with what is behind it.
type entryText struct {
	Text
	paged   bool // it is that of a page
	page    int  // the index in pages
	info    name // its key in the document information
	picture int  // the object that is a picture; 0 if it is none
}

// Read reads a document and all of its text. The error is a *Fault if it is
// broken or too large, and an *Uninspectable if something in it cannot be read.
func Read(raw []byte, o Options) (*File, error) {
	o.Limits = o.Limits.orDefault()
	if len(raw) > o.Limits.Bytes {
		return nil, tooMuch(fmt.Sprintf("it is longer than %d MB", o.Limits.Bytes>>20))
	}
	d, err := open(raw, o.Limits)
	if err != nil {
		return nil, err
	}
	f := &File{
		d: d, options: o, fonts: map[int]*font{}, seen: map[*font]bool{}, bodies: map[*stream][]byte{}, sights: map[int]*seen{},
		glyphs: o.Limits.Glyphs, ops: o.Limits.Drawing,
	}
	if err := f.readPages(); err != nil {
		return nil, err
	}
	f.readAround()
	for i := range f.pages {
		if err := f.readPage(i); err != nil {
			return nil, err
		}
	}
	if err := d.over(); err != nil {
		return nil, err
	}
	return f, f.refuseImages()
}

// Texts are the texts of the document: what stands around the pages first, and
// then each page that has any.
func (f *File) Texts() []Text {
	out := make([]Text, len(f.texts))
	for i, t := range f.texts {
		out[i] = t.Text
	}
	return out
}

// Images are the pictures of the document that nothing has read. A rewritten
// document has none of them.
func (f *File) Images() []Image { return slices.Clone(f.images) }

// Pages is how many pages there are.
func (f *File) Pages() int { return len(f.pages) }

// LeftOut says in plain words what a rewritten document will not have: "2
// embedded files", "the signatures".
func (f *File) LeftOut() []string { return slices.Clone(f.left) }

// refuseImages refuses pictures if the options do not have them taken out.
func (f *File) refuseImages() error {
	if len(f.images) == 0 || f.options.BlankImages {
		return nil
	}
	var pages []string
	last := 0
	for _, i := range f.images {
		if i.Page != last {
			pages = append(pages, fmt.Sprint(i.Page))
		}
		last = i.Page
	}
	where := "page "
	if len(pages) > 1 {
		where = "pages "
	}
	if len(pages) > 10 {
		pages = append(pages[:10], "others")
	}
	only := true
	for _, t := range f.texts {
		only = only && !t.paged
	}
	what := "there are pictures, and they may show anything"
	if only {
		what = "it is pictures without text, as a scan is; it needs a program that reads pictures"
	}
	return &Uninspectable{Where: where + strings.Join(pages, ", "), What: what, Image: true}
}

// pictured says whether a page has pictures.
func (f *File) pictured(page int) bool {
	i, found := slices.BinarySearchFunc(f.images, page+1, func(i Image, p int) int { return i.Page - p })
	return found && i < len(f.images)
}

// unreadable refuses a page for something on it that is no text to anybody.
func (f *File) unreadable(page int, what string) error {
	if f.options.BlankGlyphs {
		return nil
	}
	return &Uninspectable{Where: fmt.Sprintf("page %d", page+1), What: what, Glyph: true}
}

func (f *File) unknown(page int, font *font, code uint32) error {
	if f.options.BlankGlyphs {
		return nil
	}
	return f.unreadable(page, font.unknownGlyph(code))
}

// maxKept is how many bytes of drawings are kept unpacked, for those that are
// on every page.
const maxKept = 32 << 20

// body is a content stream without its filters.
func (f *File) body(s *stream) ([]byte, error) {
	if out, ok := f.bodies[s]; ok {
		return out, nil
	}
	out, ok := f.d.decode(s)
	if err := f.d.over(); err != nil {
		return nil, err
	}
	if !ok && len(s.raw) > 0 {
		return nil, &Uninspectable{What: "a drawing is packed in a way that is not known"}
	}
	if f.kept += len(out); f.kept > maxKept {
		clear(f.bodies)
		f.kept = len(out)
	}
	f.bodies[s] = out
	return out, nil
}
