// Package image reads pictures and scans: JPEG, PNG, GIF, BMP, TIFF (all pages
// of a fax) and WebP. It lists the texts that such a file carries beside its
// pixels, has the pixels read by a program for optical character recognition
// (OCR) that the caller brings, and writes the picture back with what is to go
// painted over. The pixels under the paint are gone.
//
// Metadata never comes back, with or without an edit: Exif and its maker notes,
// positions and previews, XMP, IPTC, comments, times, and whatever segment or
// chunk is on no list. What a picture needs to be shown as it was stays: its
// orientation, its density and the numbers of its colour profile. Bytes after
// the end of the picture do not come back either.
//
// Without OCR a picture cannot be inspected and is refused. With OCR it is
// refused if the program is unsure of what it reads, or if there are marks that
// it did not read: handwriting, a signature, a photograph. Options.Blank has
// those made blank instead. Words that the program doubts are painted over.
//
// Three things it cannot do. OCR never proves that nothing is there. Faces are
// not looked for. And marks that hardly differ from their background are seen
// neither by the program nor by the check for marks that it did not read.
//
// It is pure: bytes in, bytes out; only the Reader may do more. Its errors
// repeat nothing of the picture, and hostile files end at a limit.
package image

import (
	"fmt"
	"image"

	"chaperone/phi"
)

// Kind is a kind of picture.
type Kind string

// The kinds that are read.
const (
	JPEG Kind = "JPEG"
	PNG  Kind = "PNG"
	GIF  Kind = "GIF"
	BMP  Kind = "BMP"
	TIFF Kind = "TIFF"
	WebP Kind = "WebP"
)

// Reader reads the words of a picture by optical character recognition.
type Reader interface {
	// Words is given a PNG and returns the table that tesseract calls TSV: a line
	// for each word, with its box and the confidence in it.
	Words(png []byte) (tsv []byte, err error)
}

// Options say how a picture is read. The zero value refuses every picture,
// because nothing can look into it.
type Options struct {
	// OCR reads the pixels; nil if nothing does.
	OCR Reader
	// Blank makes blank what cannot be read, instead of refusing the picture: all
	// of it if there is no OCR.
	Blank bool
	// Pixels bounds the pixels of one page; 0 stands for 40 million, a sheet of
	// A4 at 600 dots an inch.
	Pixels int
	// Pages bounds the pages of a file; 0 stands for 500.
	Pages int
}

func (o Options) or() Options {
	if o.Pixels <= 0 {
		o.Pixels = 40_000_000
	}
	if o.Pages <= 0 {
		o.Pages = 500
	}
	return o
}

// Text is one text of a picture.
type Text struct {
	// Path says where: "Exif Artist", "page 2, read by OCR". It holds nothing of
	// the picture's text.
	Path string
	// Label is the name of the field the text stands in; it may be empty.
	Label string
	// Kind is what the format says that the text is as a whole, or None.
	Kind phi.Kind
	// Text is the text in UTF-8. Lines end in \n.
	Text string
	// Gone is set if the text is only there to be inspected: what is written does
	// not have it, with or without edits.
	Gone bool
}

// Edit replaces a part of a text. In pixels the words it touches are painted
// over, and Text is not drawn.
type Edit struct {
	Start, End int    // UTF-8 bytes of Text.Text; End is exclusive
	Text       string // what to put there
}

// File is a picture that was read. It never changes.
type File struct {
	kind    Kind
	raw     []byte
	options Options
	texts   []Text
	offsets []int64 // of TIFF: where each page is described
	turned  int     // Exif orientation, 1 to 8
	looks   looks
	pages   []*Page // by their order; nil where a page is to be blank
	at      []int   // the page that each text stands on, -1 if it is metadata
	dropped []string
	doubted int
	room    int // bytes of metadata that may still come; below 0 there were too many
}

// looks is what a picture keeps beside its pixels.
type looks struct {
	profile []byte // ICC, made anew
	density []byte // as the format writes it: of JPEG five bytes, of PNG nine
	chunks  []pngChunk
	points  [2]float64 // of a TIFF: dots an inch
}

// Read reads a picture of any of the kinds; it sees by itself of which. The
// error is a *Fault, an *Uninspectable, or that of Options.OCR.
func Read(raw []byte, options Options) (*File, error) {
	f := &File{kind: kindOf(raw), raw: raw, options: options.or(), turned: 1, room: mostMetadata}
	if f.kind == "" {
		return nil, foreign(raw)
	}
	if err := f.metadata(); err != nil {
		return nil, err
	}
	if f.room < 0 {
		return nil, &Fault{What: "its metadata unpacks to more than 64 MB"}
	}
	for n := range max(1, len(f.offsets)) {
		if err := f.fits(n); err != nil {
			return nil, err
		}
	}
	if f.options.OCR == nil && !f.options.Blank {
		return nil, refused(readHint, "a picture that nothing has read")
	}
	return f, f.look()
}

const readHint = "have its words read with --ocr tesseract (tesseract must be installed), or pass --images blank"

// metadata reads what the format carries beside pixels.
func (f *File) metadata() error {
	switch f.kind {
	case JPEG:
		return f.readJPEG()
	case PNG:
		return f.readPNG()
	case GIF:
		return f.readGIF()
	case TIFF:
		return f.readTIFF()
	case WebP:
		return f.readWebP()
	default:
		return nil
	}
}

// look has every page read.
func (f *File) look() error {
	for n := range max(1, len(f.offsets)) {
		if f.options.OCR == nil {
			f.pages = append(f.pages, nil)
			continue
		}
		picture, err := f.decode(n)
		if err != nil {
			return err
		}
		page, err := Look(picture, f.options.OCR, f.options.Blank)
		if err != nil {
			return f.onPage(n, err)
		}
		f.pages = append(f.pages, page)
		if page == nil {
			continue
		}
		f.doubted += page.doubted
		if page.Text != "" {
			f.texts = append(f.texts, Text{Path: f.place(n) + ", read by OCR", Text: page.Text})
			f.at = append(f.at, n)
		}
	}
	return nil
}

// place names a page.
func (f *File) place(n int) string {
	if len(f.offsets) > 1 {
		return fmt.Sprintf("page %d", n+1)
	}
	return "picture"
}

// Kind is the picture's kind.
func (f *File) Kind() Kind { return f.kind }

// Texts lists the texts: the metadata, then the pages in their order. The slice
// is not to be changed.
func (f *File) Texts() []Text { return f.texts }

// Notes says in plain words what Rewrite leaves out beside the edits.
func (f *File) Notes() []string {
	notes := append([]string(nil), f.dropped...)
	blank, unread := 0, 0
	for _, p := range f.pages {
		if p == nil {
			blank++
		} else {
			unread += len(p.Unread)
		}
	}
	if blank > 0 {
		notes = append(notes, fmt.Sprintf("the pixels of %d page(s), which are blank", blank))
	}
	if f.doubted > 0 {
		notes = append(notes, fmt.Sprintf("%d word(s) that OCR doubts", f.doubted))
	}
	if unread > 0 {
		notes = append(notes, fmt.Sprintf("%d region(s) that OCR did not read", unread))
	}
	return notes
}

// Rewrite returns the picture in its own format with the edits that are given
// for each text, by its place in Texts. The error is an *Uninspectable where
// the format cannot be written.
func (f *File) Rewrite(edits func(i int) []Edit) ([]byte, error) {
	boxes := make([][]image.Rectangle, len(f.pages))
	painted := false
	for n, p := range f.pages {
		if p != nil {
			boxes[n] = p.always()
			painted = painted || len(boxes[n]) > 0
		} else {
			painted = true
		}
	}
	for i := range f.texts {
		list := edits(i)
		if n := f.at[i]; n >= 0 && len(list) > 0 {
			boxes[n] = append(boxes[n], f.pages[n].boxes(list)...)
			painted = true
		}
	}
	if !painted {
		switch f.kind {
		case JPEG:
			return f.copyJPEG(), nil
		case WebP:
			return f.copyWebP(), nil
		}
	}
	if f.kind == WebP {
		return nil, refused("save it as PNG, and try again", "a WebP picture with something to paint over")
	}
	return f.write(boxes)
}

// add lists a text of the metadata.
func (f *File) add(path, label string, kind phi.Kind, text string) {
	if !f.charge(len(text)) {
		return
	}
	if text = clean(text); text != "" {
		f.texts = append(f.texts, Text{Path: path, Label: label, Kind: kind, Text: text, Gone: true})
		f.at = append(f.at, -1)
	}
}

// mostMetadata bounds the metadata of a file, unpacked. A few bytes can point at
// the same text many times, or unpack to a lot of it.
const mostMetadata = 64 << 20

// charge takes room for so many bytes, and reports whether there was any.
func (f *File) charge(n int) bool {
	if f.room >= 0 {
		f.room -= n
	}
	return f.room >= 0
}

// drop notes what is left out, once.
func (f *File) drop(what string) {
	for _, d := range f.dropped {
		if d == what {
			return
		}
	}
	f.dropped = append(f.dropped, what)
}
