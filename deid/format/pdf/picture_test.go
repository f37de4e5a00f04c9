package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	stdimage "image"
	"image/color"
	"image/jpeg"
	"io"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/format/pdf"
)

// eyes read two words, wherever they are shown: a name at 20,20 and a word that
// is none at 20,60.
type eyes struct{ shown *int }

const twoWords = "5\t1\t1\t1\t1\t1\t20\t20\t100\t16\t95\tQuimby\n5\t1\t1\t1\t2\t1\t20\t60\t100\t16\t95\tasthma\n"

func (e eyes) Words([]byte) ([]byte, error) {
	*e.shown++
	return []byte(twoWords), nil
}

// sheet is white, with a gray block for each of the words.
func sheet() *stdimage.Gray {
	m := stdimage.NewGray(stdimage.Rect(0, 0, 200, 100))
	for i := range m.Pix {
		m.Pix[i] = 0xFF
	}
	for _, y := range []int{20, 60} {
		for x := range 100 {
			for h := range 16 {
				m.SetGray(20+x, y+h, color.Gray{0xB0})
			}
		}
	}
	return m
}

// bitsOf packs a sheet into a bit a pixel: gray becomes black, which is black
// written as 0.
func bitsOf(m *stdimage.Gray, black byte) []byte {
	row := (m.Rect.Dx() + 7) / 8
	out := make([]byte, row*m.Rect.Dy())
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if dark := m.GrayAt(x, y).Y < 0xC0; dark == (black == 1) {
				out[y*row+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}

func scanOf(entries, body string) []byte {
	m := onePage("q 200 0 0 100 72 600 cm /I Do Q q 200 0 0 100 72 400 cm /I Do Q")
	m[5] = "<</XObject<</I 28 0 R>>>>"
	m[28] = streamOf("/Type/XObject/Subtype/Image/Width 200/Height 100"+entries, body)
	return m.bytes()
}

// DLP-16: a scan in a PDF is concealed in its pixels, once something has read it.
func TestWordsInPicturesArePaintedOver(t *testing.T) {
	gray := sheet()
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, gray, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	var rgb, indexed []byte
	for _, v := range gray.Pix {
		rgb = append(rgb, v, v, v)
		indexed = append(indexed, map[byte]byte{0xFF: 1, 0xB0: 0}[v])
	}
	for name, raw := range map[string][]byte{
		"JPEG":              scanOf("/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode", jpg.String()),
		"gray":              scanOf("/BitsPerComponent 8/ColorSpace/DeviceGray", string(gray.Pix)),
		"calibrated gray":   scanOf("/BitsPerComponent 8/ColorSpace[/CalGray<</WhitePoint[1 1 1]>>]", string(gray.Pix)),
		"red, green, blue":  scanOf("/BitsPerComponent 8/ColorSpace/DeviceRGB", string(rgb)),
		"a table of colors": scanOf("/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<b0b0b0ffffff>]", string(indexed)),
		"one bit":           scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray", string(bitsOf(gray, 0))),
		"one bit, inverted": scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray/Decode[1 0]", string(bitsOf(gray, 1))),
	} {
		t.Run(name, func(t *testing.T) {
			shown := 0
			f := read(t, raw, pdf.Options{OCR: eyes{&shown}})
			if shown != 1 {
				t.Errorf("one picture was read %d times", shown)
			}
			if texts := f.Texts(); len(texts) != 1 || texts[0].Text != "Quimby\nasthma" || !texts[0].Seen || texts[0].Path != "page 1, picture 1, read by OCR" {
				t.Fatalf("got %+v", texts)
			}
			out := redact(t, f, regexp.MustCompile("Quimby"), "")
			got := pictureIn(t, out)
			if b := got.Bounds(); b.Dx() != 200 || b.Dy() != 100 {
				t.Fatalf("the picture is %v", b)
			}
			bright := func(x, y int) uint8 { return color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y }
			for x := 22; x < 118; x += 4 {
				if v := bright(x, 28); v > 20 {
					t.Fatalf("at %d the name is not painted over: %d", x, v)
				}
			}
			if v := bright(70, 68); name != "one bit" && name != "one bit, inverted" && (v < 0x90 || v > 0xD0) {
				t.Errorf("the other word is changed: %d", v)
			}
			if v := bright(180, 90); v < 0xE0 {
				t.Errorf("the paper is not white: %d", v)
			}
		})
	}
}

var imageHead = regexp.MustCompile(`(?s)/ColorSpace /(\w+).*?/Filter (\[[^\]]*\]|/\w+).*?>>\nstream\n`)

// pictureIn decodes the one picture of a file that was written.
func pictureIn(t *testing.T, raw []byte) stdimage.Image {
	t.Helper()
	if n := bytes.Count(raw, []byte("/Subtype /Image")); n != 1 {
		t.Fatalf("%d pictures are written", n)
	}
	at := bytes.Index(raw, []byte("/Subtype /Image"))
	head := bytes.LastIndex(raw[:at], []byte(" 0 obj"))
	m := imageHead.FindSubmatchIndex(raw[head:])
	if m == nil {
		t.Fatalf("no picture in %.200q", raw[head:])
	}
	body := raw[head+m[1]:]
	pixels := inflated(t, body)
	if strings.Contains(string(raw[head+m[4]:head+m[5]]), "DCTDecode") {
		picture, err := jpeg.Decode(bytes.NewReader(pixels))
		if err != nil {
			t.Fatal(err)
		}
		return picture
	}
	if string(raw[head+m[2]:head+m[3]]) == "DeviceGray" {
		return &stdimage.Gray{Pix: pixels, Stride: 200, Rect: stdimage.Rect(0, 0, 200, 100)}
	}
	out := stdimage.NewRGBA(stdimage.Rect(0, 0, 200, 100))
	for i := range 200 * 100 {
		copy(out.Pix[4*i:], pixels[3*i:3*i+3])
	}
	return out
}

// DLP-16: what is not decoded, or read badly, is refused or taken out.
func TestPicturesThatCannotBeReadStayRefused(t *testing.T) {
	gray := sheet()
	for name, raw := range map[string][]byte{
		"a mask":                scanOf("/ImageMask true/BitsPerComponent 1", string(bitsOf(gray, 0))),
		"one with transparency": scanOf("/SMask 28 0 R/BitsPerComponent 8/ColorSpace/DeviceGray", string(gray.Pix)),
		"JPEG 2000":             scanOf("/Filter/JPXDecode", "Quimby"),
		"JBIG2":                 scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", "Quimby"),
		"inks":                  scanOf("/BitsPerComponent 8/ColorSpace/DeviceCMYK", strings.Repeat("Quim", 20000)),
		"too few bytes":         scanOf("/BitsPerComponent 8/ColorSpace/DeviceGray", "Quimby"),
		"a broken JPEG":         scanOf("/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode", "\xFF\xD8Quimby"),
		"a broken fax":          scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 200>>", "Quimby"),
		"a size that overflows": scanOf("/Width 4000000000/Height 4000000000/BitsPerComponent 8/ColorSpace/DeviceGray", "Quimby"),
	} {
		t.Run(name, func(t *testing.T) {
			shown := 0
			_, err := pdf.Read(raw, pdf.Options{OCR: eyes{&shown}})
			var closed *pdf.Uninspectable
			if !errors.As(err, &closed) || !closed.Image || shown != 0 {
				t.Errorf("got %v after %d looks", err, shown)
			}
			f := read(t, raw, pdf.Options{OCR: eyes{&shown}, BlankImages: true})
			out, err := f.Rewrite(func(int) []pdf.Edit { return nil })
			if err != nil || bytes.Contains(out, []byte("/Image")) {
				t.Errorf("it is not taken out: %v", err)
			}
		})
	}
}

// A fax is decoded, whichever way its ink is written. The lines of this one are
// all as the white line that is thought above the first: a bit each.
func TestFaxesAreRead(t *testing.T) {
	for _, c := range []struct {
		parms, entries string
		paper          uint8
	}{
		{"", "", 0xFF},
		{"/BlackIs1 true", "/Decode[1 0]", 0xFF},
		{"/BlackIs1 true", "", 0},
		{"", "/Decode[1 0]", 0},
	} {
		raw := scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 200"+c.parms+">>"+c.entries, strings.Repeat("\xFF", 13))
		shown := 0
		f := read(t, raw, pdf.Options{OCR: eyes{&shown}, BlankImages: true})
		got := pictureIn(t, redact(t, f, regexp.MustCompile("Quimby"), ""))
		name := color.GrayModel.Convert(got.At(70, 28)).(color.Gray).Y
		if paper := color.GrayModel.Convert(got.At(180, 90)).(color.Gray).Y; shown != 1 || paper != c.paper || name != 0 {
			t.Errorf("%+v: paper %d, name %d", c, paper, name)
		}
	}
}

func inflated(t *testing.T, body []byte) []byte {
	t.Helper()
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
