package image_test

import (
	"bytes"
	"errors"
	stdimage "image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"chaperone/deid/format/image"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// codecs are the formats that can be written.
var codecs = []struct {
	kind   image.Kind
	encode func(io.Writer, stdimage.Image) error
	decode func(io.Reader) (stdimage.Image, error)
}{
	{image.PNG, png.Encode, png.Decode},
	{image.JPEG, func(w io.Writer, m stdimage.Image) error { return jpeg.Encode(w, m, nil) }, jpeg.Decode},
	{image.GIF, func(w io.Writer, m stdimage.Image) error { return gif.Encode(w, m, nil) }, gif.Decode},
	{image.BMP, bmp.Encode, bmp.Decode},
	{image.TIFF, func(w io.Writer, m stdimage.Image) error { return tiff.Encode(w, m, nil) }, tiff.Decode},
}

// DLP-16: what a picture shows is inspected, and what is found is gone from the
// pixels; the rest stays.
func TestWordsArePaintedOverInTheirOwnFormat(t *testing.T) {
	for _, c := range codecs {
		t.Run(string(c.kind), func(t *testing.T) {
			s := letter()
			var b bytes.Buffer
			if err := c.encode(&b, s.Gray); err != nil {
				t.Fatal(err)
			}
			f, err := image.Read(b.Bytes(), image.Options{OCR: s})
			if err != nil {
				t.Fatal(err)
			}
			if f.Kind() != c.kind {
				t.Errorf("read as %s", f.Kind())
			}
			if got, want := textOf(f, "picture, read by OCR"), "Patient: Marguerite Oyelaran\nseen for asthma"; got != want {
				t.Errorf("text %q, want %q", got, want)
			}
			m, err := c.decode(bytes.NewReader(hide(t, f, "Marguerite Oyelaran")))
			if err != nil {
				t.Fatalf("what was written cannot be decoded: %v", err)
			}
			if m.Bounds().Dx() != 1200 || m.Bounds().Dy() != 600 {
				t.Errorf("bounds %v", m.Bounds())
			}
			if !dark(m, stdimage.Rect(80+9*28, 80, 80+19*28, 80+52)) || !dark(m, stdimage.Rect(80+20*28+28, 80, 80+28*28, 80+52)) {
				t.Error("the name is not painted over")
			}
			if dark(m, stdimage.Rect(80, 160, 80+4*28, 160+52)) || dark(m, stdimage.Rect(80, 80, 80+8*28, 80+52)) {
				t.Error("words that are no name are painted over")
			}
		})
	}
}

// DLP-16: a picture alone is not inspectable.
func TestAPictureIsRefusedWithoutOCR(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, letter().Gray); err != nil {
		t.Fatal(err)
	}
	_, err := image.Read(b.Bytes(), image.Options{})
	var closed *image.Uninspectable
	if !errors.As(err, &closed) || !strings.Contains(closed.Hint, "tesseract") {
		t.Errorf("got %v", err)
	}
}

func TestABlankPictureShowsNothing(t *testing.T) {
	for _, c := range codecs {
		var b bytes.Buffer
		if err := c.encode(&b, letter().Gray); err != nil {
			t.Fatal(err)
		}
		f, err := image.Read(b.Bytes(), image.Options{Blank: true})
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		m, err := c.decode(bytes.NewReader(hide(t, f)))
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		if m.Bounds().Dx() != 1200 || m.Bounds().Dy() != 600 {
			t.Errorf("%s: bounds %v", c.kind, m.Bounds())
		}
		for y := range 600 {
			for x := range 1200 {
				if r, _, _, _ := m.At(x, y).RGBA(); r < 0xFA00 {
					t.Fatalf("%s: a mark at %d,%d", c.kind, x, y)
				}
			}
		}
		if !strings.Contains(strings.Join(f.Notes(), ", "), "blank") {
			t.Errorf("%s: the notes do not tell it: %v", c.kind, f.Notes())
		}
	}
}

func TestWhatOCRDoesNotReadIsRefused(t *testing.T) {
	missed := letter()
	missed.draw(80, 400, "Adeyemi")
	bad := newScan(1200, 600)
	bad.write(80, 80, 40, "Patient: Marguerite Oyelaran")
	for name, s := range map[string]*scan{"missed": missed, "bad": bad} {
		var b bytes.Buffer
		if err := png.Encode(&b, s.Gray); err != nil {
			t.Fatal(err)
		}
		var closed *image.Uninspectable
		if _, err := image.Read(b.Bytes(), image.Options{OCR: s}); !errors.As(err, &closed) {
			t.Errorf("%s: got %v", name, err)
		}
		f, err := image.Read(b.Bytes(), image.Options{OCR: s, Blank: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, err := png.Decode(bytes.NewReader(hide(t, f)))
		if err != nil {
			t.Fatal(err)
		}
		where := stdimage.Rect(80, 412, 80+7*28, 440)
		if name == "missed" && (!dark(m, where) || dark(m, stdimage.Rect(80, 80, 300, 132))) {
			t.Error("what was not read is not painted over, or what was read is")
		}
	}
}

func TestWordsThatOCRDoubtsArePaintedOver(t *testing.T) {
	s := letter()
	s.write(80, 400, 30, "Qxyz")
	var b bytes.Buffer
	if err := png.Encode(&b, s.Gray); err != nil {
		t.Fatal(err)
	}
	f, err := image.Read(b.Bytes(), image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(hide(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	if !dark(m, stdimage.Rect(80, 400, 80+4*28, 452)) {
		t.Error("the word is not painted over")
	}
	if !strings.Contains(strings.Join(f.Notes(), ", "), "1 word(s) that OCR doubts") {
		t.Errorf("notes: %v", f.Notes())
	}
}

// OCR takes a photograph for a few large letters.
func TestLettersOfUnusualHeightArePaintedOver(t *testing.T) {
	s := letter()
	s.table.WriteString("5\t1\t2\t1\t1\t1\t700\t200\t300\t300\t70\tik\n")
	var b bytes.Buffer
	if err := png.Encode(&b, s.Gray); err != nil {
		t.Fatal(err)
	}
	f, err := image.Read(b.Bytes(), image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(hide(t, f)))
	if err != nil || !dark(m, stdimage.Rect(700, 200, 1000, 500)) {
		t.Errorf("the region is not painted over (%v)", err)
	}
}

// Rules and borders of forms are no marks that must be read.
func TestRulesAreNoUnreadMarks(t *testing.T) {
	s := letter()
	for x := 40; x < 1160; x++ {
		for y := 300; y < 303; y++ {
			s.Pix[y*s.Stride+x] = 0
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, s.Gray); err != nil {
		t.Fatal(err)
	}
	if _, err := image.Read(b.Bytes(), image.Options{OCR: s}); err != nil {
		t.Error(err)
	}
}
