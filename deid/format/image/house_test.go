package image_test

import (
	"bytes"
	"fmt"
	stdimage "image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"chaperone/deid/format/image"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// scan is a page with words on it, in letters of 7 by 13 dots, four times as
// large, as a scanner would see them.
type scan struct {
	*stdimage.Gray
	table strings.Builder
	line  int
}

const enlarged = 4

func newScan(wide, high int) *scan {
	s := &scan{Gray: stdimage.NewGray(stdimage.Rect(0, 0, wide, high))}
	draw.Draw(s, s.Rect, stdimage.White, stdimage.Point{}, draw.Src)
	s.table.WriteString("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n")
	fmt.Fprintf(&s.table, "1\t1\t0\t0\t0\t0\t0\t0\t%d\t%d\t-1\t\n", wide, high)
	return s
}

// write writes a line of words that the reader will be sure of to the given
// degree.
func (s *scan) write(x, y int, sure float64, line string) {
	s.line++
	for i, word := range strings.Fields(line) {
		box := s.draw(x, y, word)
		fmt.Fprintf(&s.table, "5\t1\t1\t1\t%d\t%d\t%d\t%d\t%d\t%d\t%g\t%s\n", s.line, i+1, box.Min.X, box.Min.Y, box.Dx(), box.Dy(), sure, word)
		x = box.Max.X + 7*enlarged
	}
}

// draw draws a word that no reader will tell of.
func (s *scan) draw(x, y int, word string) stdimage.Rectangle {
	small := stdimage.NewGray(stdimage.Rect(0, 0, 7*len(word), 13))
	draw.Draw(small, small.Rect, stdimage.White, stdimage.Point{}, draw.Src)
	d := font.Drawer{Dst: small, Src: stdimage.Black, Face: basicfont.Face7x13, Dot: fixed.P(0, 11)}
	d.DrawString(word)
	box := stdimage.Rect(x, y, x+small.Rect.Dx()*enlarged, y+small.Rect.Dy()*enlarged)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			s.Set(px, py, small.At((px-x)/enlarged, (py-y)/enlarged))
		}
	}
	return box
}

// Words is a reader that knows what was written.
func (s *scan) Words([]byte) ([]byte, error) { return []byte(s.table.String()), nil }

// letter is a page of a letter.
func letter() *scan {
	s := newScan(1200, 600)
	s.write(80, 80, 96, "Patient: Marguerite Oyelaran")
	s.write(80, 160, 95, "seen for asthma")
	return s
}

// dark reports whether a part of a picture is nothing but black, within what a
// lossy format makes of it.
func dark(m stdimage.Image, r stdimage.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y > 24 {
				return false
			}
		}
	}
	return true
}

// textOf is the text with a path that begins so.
func textOf(f *image.File, path string) string {
	for _, t := range f.Texts() {
		if strings.HasPrefix(t.Path, path) {
			return t.Text
		}
	}
	return ""
}

// hide conceals words wherever a text has them, and demands that they are gone
// from the bytes.
func hide(t testing.TB, f *image.File, words ...string) []byte {
	t.Helper()
	out, err := f.Rewrite(func(i int) []image.Edit {
		var edits []image.Edit
		for _, w := range words {
			if at := strings.Index(f.Texts()[i].Text, w); at >= 0 {
				edits = append(edits, image.Edit{Start: at, End: at + len(w), Text: "NAME-7K2QAX"})
			}
		}
		return edits
	})
	if err != nil {
		t.Fatalf("rewrite: %v", err)
	}
	for _, w := range words {
		if bytes.Contains(out, []byte(w)) {
			t.Errorf("what was written still holds one of the words")
		}
	}
	return out
}
