package image

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
)

// Page is a picture whose words were read.
type Page struct {
	// Text is what was read: words with blanks between them, lines that end in \n,
	// an empty line between blocks.
	Text string
	// Unread are the regions with marks that were not read.
	Unread []image.Rectangle

	words   []placed
	doubted int
}

// placed is a word with where it stands, in the text and in the pixels.
type placed struct {
	start, end int
	box        image.Rectangle
	doubtful   bool
}

// The confidences, of 100, that count. Clean print has more than 90.
const (
	doubtful = 50 // a word below is painted over
	unsure   = 70 // a page whose mean is below is not inspectable
	certain  = 85 // a word of unusual height must reach it
)

// Look has a picture read. The error is an *Uninspectable if the words are read
// badly, or if there are marks that were not read; with blank the page is nil
// in the first case, and lists those regions in the second.
func Look(picture image.Image, ocr Reader, blank bool) (*Page, error) {
	words, err := recognise(picture, ocr)
	if err != nil {
		return nil, err
	}
	page, mean := join(words, picture.Bounds())
	page.Unread = unread(picture, page.words)
	if len(page.words) > 0 && mean < unsure {
		if blank {
			return nil, nil //nolint:nilnil // no page: nothing of it may be shown
		}
		return nil, refused(readBadly, "a picture that OCR reads badly (mean confidence %.0f of 100)", mean)
	}
	if len(page.Unread) > 0 && !blank {
		r := page.Unread[0]
		return nil, refused("look at it: it may be handwriting, a signature or a photograph; with --images blank such regions become blank",
			"a picture with %d region(s) that OCR did not read, the first at %d,%d,", len(page.Unread), r.Min.X, r.Min.Y)
	}
	return page, nil
}

const readBadly = "scan it again at 300 dots an inch, or pass --images blank"

// recognise gives a picture to the reader.
func recognise(picture image.Image, ocr Reader) ([]Word, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, picture); err != nil {
		return nil, &Fault{What: "it cannot be given to OCR"}
	}
	table, err := ocr.Words(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("read by OCR: %w", err)
	}
	return parseTSV(table)
}

// join makes a text of words, and tells the mean confidence in its letters.
func join(words []Word, bounds image.Rectangle) (page *Page, mean float64) {
	page = &Page{}
	var b bytes.Buffer
	letters, sum := 0, 0.0
	usual := usualHeight(words)
	for i, w := range words {
		if i > 0 {
			switch last := words[i-1]; {
			case w.Block != last.Block:
				b.WriteString("\n\n")
			case w.Line != last.Line:
				b.WriteByte('\n')
			default:
				b.WriteByte(' ')
			}
		}
		from := b.Len()
		b.WriteString(w.Text)
		p := placed{start: from, end: b.Len(), box: w.Box.Add(bounds.Min).Intersect(bounds), doubtful: w.Confidence < doubtful || w.Confidence < certain && w.Box.Dy() > 3*usual}
		if p.doubtful {
			page.doubted++
		}
		page.words = append(page.words, p)
		n := len([]rune(w.Text))
		letters += n
		sum += float64(n) * w.Confidence
	}
	page.Text = b.String()
	return page, sum / float64(max(letters, 1))
}

// usualHeight is the height that half of the words do not exceed. A word many
// times as high is often a part of a picture that OCR takes for letters.
func usualHeight(words []Word) int {
	if len(words) == 0 {
		return 0
	}
	heights := make([]int, len(words))
	for i, w := range words {
		heights[i] = w.Box.Dy()
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// always are the boxes that are painted over whatever is found.
func (p *Page) always() []image.Rectangle {
	list := append([]image.Rectangle(nil), p.Unread...)
	for _, w := range p.words {
		if w.doubtful {
			list = append(list, w.room())
		}
	}
	return list
}

// boxes are the boxes of the words that edits touch.
func (p *Page) boxes(edits []Edit) []image.Rectangle {
	var list []image.Rectangle
	for _, e := range edits {
		for _, w := range p.words {
			if w.start < e.End && e.Start < w.end {
				list = append(list, w.room())
			}
		}
	}
	return list
}

// Boxes are the parts of the picture to paint over so that what the edits touch
// is gone, and what was doubted or not read as well.
func (p *Page) Boxes(edits []Edit) []image.Rectangle { return append(p.always(), p.boxes(edits)...) }

// room is the box of a word with a margin, for accents and the ends of strokes
// that the box cuts off.
func (w placed) room() image.Rectangle { return w.box.Inset(-(2 + w.box.Dy()/6)) }

// Paint returns the picture with boxes painted over. It may be the same picture,
// changed.
func Paint(picture image.Image, boxes []image.Rectangle) image.Image {
	if len(boxes) == 0 {
		return picture
	}
	canvas, ok := picture.(draw.Image)
	if !ok {
		b := picture.Bounds()
		canvas = image.NewRGBA(b)
		draw.Draw(canvas, b, picture, b.Min, draw.Src)
	}
	for _, box := range boxes {
		draw.Draw(canvas, box.Intersect(canvas.Bounds()), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return canvas
}

// blankOf is an empty picture of the same size.
func blankOf(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 0xFF
	}
	return m
}
