package image_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	stdimage "image"
	"image/color"
	"image/gif"
	"image/png"
	"strings"
	"testing"

	"chaperone/deid/format/image"
)

func TestPicturesThatCannotBeReadAreNamed(t *testing.T) {
	var moving bytes.Buffer
	frame := stdimage.NewPaletted(stdimage.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*stdimage.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ raw, want string }{
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC or AVIF picture"},
		{"\x00\x00\x00\x0CjP  \r\n\x87\n", "a JPEG 2000 picture"},
		{"II+\x00\x08\x00\x00\x00", "a BigTIFF picture"},
		{"something else", "a picture of an unknown kind"},
		{moving.String(), "an animated picture"},
	} {
		_, err := image.Read([]byte(c.raw), image.Options{Blank: true})
		var closed *image.Uninspectable
		if !errors.As(err, &closed) || closed.What != c.want || closed.Hint == "" {
			t.Errorf("%q: got %v", c.want, err)
		}
	}
}

// A file of a few bytes that says it is a wall of pixels is refused before any
// of them is read.
func TestHostileSizesAreRefused(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, stdimage.NewGray(stdimage.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	ihdr := string(raw[16:29])
	wide := append([]byte(nil), raw[:8]...)
	wide = append(wide, pngChunk("IHDR", "\x00\x00\xff\xff\x00\x00\xff\xff"+ihdr[8:])...)
	wide = append(wide, raw[33:]...)
	loop := fax(t, letter().Gray, 1)
	first := binary.LittleEndian.Uint32(loop[4:])
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], first)
	for name, raw := range map[string][]byte{
		"a wall": wide, "a circle of pages": loop, "cut off": raw[:40], "an empty file": nil, "a cut JPEG": jpegOf(t, letter().Gray, 1)[:700],
	} {
		_, err := image.Read(raw, image.Options{Blank: true})
		var fault *image.Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	if _, err := image.Read(fax(t, letter().Gray, 4), image.Options{Blank: true, Pages: 3}); err == nil || !strings.Contains(err.Error(), "more pages") {
		t.Errorf("got %v", err)
	}
}

func TestWhatOCRAnswersIsNotBelievedBlindly(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, letter().Gray); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"no table", "5\t1\t1\t1\t1\t1\t-5\t0\t1\t1\t90\tOyelaran", "5\t1\t1\t1\t1\t1\t5\t0\t1\t1\thigh\tOyelaran", "5\t1\t1\t1\t1\t1\t5\t0\t1\t1\t90\tOyel\xffaran"} {
		_, err := image.Read(b.Bytes(), image.Options{OCR: answer(table)})
		if err == nil || strings.Contains(err.Error(), "Oyel") {
			t.Errorf("got %v", err)
		}
	}
	failed := errors.New("it is not there")
	if _, err := image.Read(b.Bytes(), image.Options{OCR: broken{failed}}); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
}

type answer string

func (a answer) Words([]byte) ([]byte, error) { return []byte(a), nil }

type broken struct{ error }

func (b broken) Words([]byte) ([]byte, error) { return nil, b.error }

// A few bytes of metadata can unpack to a lot.
func TestMetadataIsBounded(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, stdimage.NewGray(stdimage.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	bomb := pngChunk("zTXt", "Comment\x00\x00"+packed(strings.Repeat("a", 8<<20)))
	raw := append([]byte(nil), b.Bytes()[:33]...)
	for range 20 {
		raw = append(raw, bomb...)
	}
	raw = append(raw, b.Bytes()[33:]...)
	_, err := image.Read(raw, image.Options{Blank: true})
	var fault *image.Fault
	if !errors.As(err, &fault) || !strings.Contains(fault.What, "64 MB") {
		t.Errorf("got %v", err)
	}
}
