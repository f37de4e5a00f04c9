package image_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	stdimage "image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"chaperone/deid/format/image"
	"chaperone/phi"

	"golang.org/x/image/tiff"
)

// exif is Exif data of somebody's telephone: an orientation, an artist, a maker
// note, a position.
func exif(turned byte) []byte {
	be := binary.BigEndian
	b := []byte("MM\x00*\x00\x00\x00\x08")
	entry := func(id, kind uint16, count uint32, value uint32) {
		b = be.AppendUint16(be.AppendUint16(b, id), kind)
		b = be.AppendUint32(be.AppendUint32(b, count), value)
	}
	const data = 8 + 2 + 3*12 + 4 + 2 + 4*12 + 4
	b = be.AppendUint16(b, 3)
	entry(0x0112, 3, 1, uint32(turned)<<16)
	entry(0x013B, 2, 14, data)
	entry(0x8825, 4, 1, 8+2+3*12+4)
	b = be.AppendUint32(b, 0)
	b = be.AppendUint16(b, 4)
	entry(1, 2, 2, uint32('N')<<24)
	entry(2, 5, 3, data+14)
	entry(3, 2, 2, uint32('W')<<24)
	entry(4, 5, 3, data+14+24)
	b = be.AppendUint32(b, 0)
	b = append(b, "Helen Vasquez\x00"...)
	for _, n := range []uint32{43, 1, 39, 1, 0, 1, 79, 1, 23, 1, 0, 1} {
		b = be.AppendUint32(b, n)
	}
	return b
}

// profile is a colour profile with a maker's words in it.
func profile() []byte {
	b := make([]byte, 128)
	copy(b[4:], "lcms")
	b[8] = 2
	copy(b[16:], "RGB XYZ ")
	copy(b[36:], "acsp")
	copy(b[48:], "ACME")
	be := binary.BigEndian
	b = be.AppendUint32(b, 2)
	b = append(be.AppendUint32(be.AppendUint32(append(b, "rXYZ"...), 156), 20), "desc"...)
	b = be.AppendUint32(be.AppendUint32(b, 176), 40)
	b = append(b, "XYZ \x00\x00\x00\x00\x00\x00\x6f\xa2\x00\x00\x38\xf5\x00\x00\x03\x90"...)
	b = append(b, "desc\x00\x00\x00\x00\x00\x00\x00\x14Screen of Vasquez\x00\x00\x00"...)
	b = append(b, make([]byte, 216-len(b))...)
	be.PutUint32(b, uint32(len(b)))
	return b
}

func jpegSegment(marker byte, body string) []byte {
	return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// jpegOf is a JPEG with everything a JPEG can carry beside its pixels.
func jpegOf(t testing.TB, m stdimage.Image, turned byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	iptc := "\x1C\x02\x50\x00\x0DHelen Vasquez"
	resource := "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00" + string([]byte{byte(len(iptc))}) + iptc
	out := []byte{0xFF, 0xD8}
	for _, s := range [][]byte{
		jpegSegment(0xE0, "JFIF\x00\x01\x02\x01\x00\xC8\x00\xC8\x01\x01abc"),
		jpegSegment(0xE1, "Exif\x00\x00"+string(exif(turned))),
		jpegSegment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x xmlns:dc='d'><dc:creator>Helen Vasquez</dc:creator></x>"),
		jpegSegment(0xE2, "ICC_PROFILE\x00\x01\x01"+string(profile())),
		jpegSegment(0xED, resource),
		jpegSegment(0xE7, "notes of Helen Vasquez"),
		jpegSegment(0xFE, "taken by Helen Vasquez"),
	} {
		out = append(out, s...)
	}
	return append(append(out, b.Bytes()[2:]...), "Helen Vasquez after the end"...)
}

// DLP-16: metadata counts, and none of it comes back; what shows the picture as
// it was does.
func TestMetadataIsReadAndLeftOut(t *testing.T) {
	s := letter()
	f, err := image.Read(jpegOf(t, s.Gray, 1), image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"Exif Artist": "Helen Vasquez", "Exif GPS position": "43.650000 N, 79.383333 W", "XMP": "Helen Vasquez", "IPTC data set 80": "Helen Vasquez",
		"segment APP7": "notes of Helen Vasquez", "comment": "taken by Helen Vasquez", "colour profile": "Screen of Vasquez",
	} {
		if got := textOf(f, path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, x := range f.Texts() {
		if (x.Kind == phi.Place) != (x.Path == "Exif GPS position") {
			t.Errorf("%s is of kind %v", x.Path, x.Kind)
		}
		if x.Gone == strings.HasPrefix(x.Path, "picture") {
			t.Errorf("%s: gone is %v", x.Path, x.Gone)
		}
	}
	for name, out := range map[string][]byte{"copied": hide(t, f), "coded anew": hide(t, f, "Marguerite")} {
		for _, word := range []string{"Vasquez", "ACME", "lcms", "Photoshop", "xap", "abc"} {
			if bytes.Contains(out, []byte(word)) {
				t.Errorf("%s: what was written holds %q", name, word)
			}
		}
		if !bytes.Contains(out, []byte("JFIF\x00\x01\x02\x01\x00\xC8\x00\xC8\x00\x00")) {
			t.Errorf("%s: the density is lost", name)
		}
		if _, err := jpeg.Decode(bytes.NewReader(out)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !bytes.Contains(hide(t, f), []byte("\x00\x00\x6f\xa2\x00\x00\x38\xf5")) {
		t.Error("the numbers of the colour profile are lost")
	}
}

func TestAJPEGWithoutFindingsKeepsItsPixels(t *testing.T) {
	s := letter()
	raw := jpegOf(t, s.Gray, 1)
	f, err := image.Read(raw, image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := jpeg.Decode(bytes.NewReader(raw))
	after, err := jpeg.Decode(bytes.NewReader(hide(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.(*stdimage.Gray).Pix, after.(*stdimage.Gray).Pix) {
		t.Error("the pixels have changed")
	}
}

// A telephone stores a picture lying on its side, and says so.
func TestThePictureIsReadTheRightWayUp(t *testing.T) {
	s := letter()
	for turned := byte(2); turned <= 8; turned++ {
		side := lay(s.Gray, turned)
		f, err := image.Read(jpegOf(t, side, turned), image.Options{OCR: s})
		if err != nil {
			t.Fatalf("%d: %v", turned, err)
		}
		m, err := jpeg.Decode(bytes.NewReader(hide(t, f, "Marguerite")))
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Dx() != 1200 || !dark(m, stdimage.Rect(80+9*28, 80, 80+19*28, 132)) {
			t.Errorf("%d: the name is not painted over where it stands", turned)
		}
		if f, err = image.Read(hide(t, f), image.Options{OCR: s}); err != nil {
			t.Fatal(err)
		}
		if m, err = jpeg.Decode(bytes.NewReader(hide(t, f, "Marguerite"))); err != nil || m.Bounds().Dx() != 1200 {
			t.Errorf("%d: a copy has lost its orientation", turned)
		}
	}
}

// lay is the reverse of what an orientation says.
func lay(m *stdimage.Gray, turned byte) *stdimage.Gray {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := stdimage.NewGray(stdimage.Rect(0, 0, w, h))
	if turned >= 5 {
		out = stdimage.NewGray(stdimage.Rect(0, 0, h, w))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			nx, ny := [][2]int{2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y}, 5: {y, x}, 6: {w - 1 - y, x}, 7: {w - 1 - y, h - 1 - x}, 8: {y, h - 1 - x}}[turned][0],
				[][2]int{2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y}, 5: {y, x}, 6: {w - 1 - y, x}, 7: {w - 1 - y, h - 1 - x}, 8: {y, h - 1 - x}}[turned][1]
			out.SetGray(x, y, m.GrayAt(nx, ny))
		}
	}
	return out
}

func pngChunk(name, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func packed(text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestChunksOfPNG(t *testing.T) {
	s := letter()
	var b bytes.Buffer
	if err := png.Encode(&b, s.Gray); err != nil {
		t.Fatal(err)
	}
	raw := append([]byte(nil), b.Bytes()[:33]...)
	for _, c := range [][]byte{
		pngChunk("tEXt", "Author\x00Helen Vasquez"),
		pngChunk("zTXt", "Comment\x00\x00"+packed("for Helen Vasquez")),
		pngChunk("iTXt", "Title\x00\x01\x00fr\x00Titre\x00"+packed("vue de Helen Vasquez")),
		pngChunk("eXIf", string(exif(1))),
		pngChunk("pHYs", "\x00\x00\x1e\xc3\x00\x00\x1e\xc3\x01"),
		pngChunk("tIME", "\x07\xe8\x05\x06\x01\x02\x03"),
		pngChunk("vaSq", "Helen Vasquez"),
	} {
		raw = append(raw, c...)
	}
	raw = append(append(raw, b.Bytes()[33:]...), "Helen Vasquez"...)
	f, err := image.Read(raw, image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range f.Texts() {
		if strings.Contains(x.Text, "Vasquez") {
			got = append(got, x.Path+"/"+x.Label)
		}
	}
	if want := "text chunk/Author text chunk/Comment text chunk/Title Exif Artist/Artist chunk/ after the end/"; strings.Join(got, " ") != want {
		t.Errorf("got %q", got)
	}
	out := hide(t, f)
	if bytes.Contains(out, []byte("Vasquez")) || bytes.Contains(out, []byte("tIME")) || bytes.Contains(out, []byte("zTXt")) {
		t.Error("a chunk has come back")
	}
	if !bytes.Contains(out, []byte("pHYs\x00\x00\x1e\xc3")) {
		t.Error("the density is lost")
	}
}

func TestCommentsOfGIF(t *testing.T) {
	s := letter()
	var b bytes.Buffer
	if err := gif.Encode(&b, s.Gray, nil); err != nil {
		t.Fatal(err)
	}
	end := b.Len() - 1
	raw := append(append([]byte(nil), b.Bytes()[:end]...), "\x21\xFE\x0DHelen Vasquez\x00;and Vasquez"...)
	f, err := image.Read(raw, image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	if textOf(f, "comment") != "Helen Vasquez" || textOf(f, "after the end") != "and Vasquez" {
		t.Errorf("texts: %+v", f.Texts())
	}
	if bytes.Contains(hide(t, f), []byte("Vasquez")) {
		t.Error("a comment has come back")
	}
}

// A fax is one file of many pages.
func TestEveryPageOfAFaxIsRead(t *testing.T) {
	s := letter()
	raw := fax(t, s.Gray, 3)
	f, err := image.Read(raw, image.Options{OCR: s})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range f.Texts() {
		if strings.HasSuffix(x.Path, "read by OCR") {
			n++
		}
	}
	if n != 3 || textOf(f, "TIFF Artist") != "Helen Vasquez" {
		t.Errorf("%d pages, %+v", n, f.Texts())
	}
	out := hide(t, f, "Marguerite Oyelaran")
	if bytes.Contains(out, []byte("Vasquez")) {
		t.Error("a tag has come back")
	}
	again, err := image.Read(out, image.Options{Blank: true})
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(again.Notes(), ","); !strings.Contains(notes, "3 page(s)") {
		t.Errorf("what was written has other pages: %s", notes)
	}
	m, err := tiff.Decode(bytes.NewReader(out))
	if err != nil || !dark(m, stdimage.Rect(80+9*28, 80, 80+19*28, 132)) {
		t.Errorf("the name is not painted over (%v)", err)
	}
}

// fax makes a TIFF of several pages, with who has sent it.
func fax(t testing.TB, m *stdimage.Gray, pages int) []byte {
	t.Helper()
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00Helen Vasquez\x00")
	link := 4
	for range pages {
		data := len(out)
		for at := 0; at < len(m.Pix); at += 8 {
			var bits byte
			for i := range 8 {
				bits = bits<<1 | m.Pix[at+i]>>7
			}
			out = append(out, bits)
		}
		le.PutUint32(out[link:], uint32(len(out)))
		tags := [][4]uint32{{256, 4, 1, uint32(m.Rect.Dx())}, {257, 4, 1, uint32(m.Rect.Dy())}, {258, 3, 1, 1}, {259, 3, 1, 1}, {262, 3, 1, 1}, {273, 4, 1, uint32(data)}, {277, 3, 1, 1}, {278, 4, 1, uint32(m.Rect.Dy())}, {279, 4, 1, uint32(len(m.Pix) / 8)}, {315, 2, 14, 8}}
		out = le.AppendUint16(out, uint16(len(tags)))
		for _, g := range tags {
			out = le.AppendUint16(le.AppendUint16(out, uint16(g[0])), uint16(g[1]))
			out = le.AppendUint32(le.AppendUint32(out, g[2]), g[3])
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

// webp is one dot.
func webp(t testing.TB, chunks string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, chunks...)
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	return raw
}

func TestAWebPIsCopiedWithoutItsMetadata(t *testing.T) {
	e := string(exif(1))
	raw := webp(t, "EXIF"+string(binary.LittleEndian.AppendUint32(nil, uint32(len(e))))+e)
	f, err := image.Read(raw, image.Options{OCR: newScan(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if textOf(f, "Exif Artist") != "Helen Vasquez" {
		t.Errorf("texts: %+v", f.Texts())
	}
	if got, want := hide(t, f), webp(t, ""); !bytes.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
