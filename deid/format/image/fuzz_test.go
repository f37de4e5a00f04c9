package image_test

import (
	"bytes"
	"image/gif"
	"image/png"
	"testing"

	"chaperone/deid/format/image"

	"golang.org/x/image/bmp"
)

// FuzzRead: whatever the bytes are, reading ends with a file or an error, and
// what was read can be written and read again.
func FuzzRead(f *testing.F) {
	s := newScan(64, 32)
	s.write(0, 0, 90, "A")
	var p, g, m bytes.Buffer
	for _, err := range []error{png.Encode(&p, s.Gray), gif.Encode(&g, s.Gray, nil), bmp.Encode(&m, s.Gray)} {
		if err != nil {
			f.Fatal(err)
		}
	}
	for _, seed := range [][]byte{p.Bytes(), g.Bytes(), m.Bytes(), jpegOf(f, s.Gray, 6), fax(f, s.Gray, 2), webp(f, "")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		picture, err := image.Read(raw, image.Options{OCR: s, Blank: true, Pixels: 1 << 16, Pages: 8})
		if err != nil {
			return
		}
		out, err := picture.Rewrite(func(i int) []image.Edit {
			return []image.Edit{{Start: 0, End: len(picture.Texts()[i].Text), Text: "NAME-7K2QAX"}}
		})
		if err != nil {
			return
		}
		if _, err := image.Read(out, image.Options{Blank: true, Pixels: 1 << 16, Pages: 8}); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}

// FuzzWords: a table of words never panics, and its text holds its words.
func FuzzWords(f *testing.F) {
	f.Add([]byte(letter().table.String()))
	f.Add([]byte("5\t1\t1\t1\t1\t1\t5\t0\t1\t1\t90\tx"))
	var b bytes.Buffer
	if err := png.Encode(&b, newScan(32, 32).Gray); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, table []byte) {
		picture, err := image.Read(b.Bytes(), image.Options{OCR: answer(table), Blank: true})
		if err != nil {
			return
		}
		picture.Rewrite(func(i int) []image.Edit {
			return []image.Edit{{Start: 0, End: len(picture.Texts()[i].Text)}}
		})
	})
}
