package format_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	stdimage "image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/format"
)

// reading is OCR that has read two lines.
type reading string

func (r reading) Words([]byte) ([]byte, error) { return []byte(r), nil }

const recognised reading = "5\t1\t1\t1\t1\t1\t20\t20\t80\t20\t95\tPatient:\n5\t1\t1\t1\t1\t2\t120\t20\t120\t20\t95\tMarguerite\n5\t1\t1\t1\t1\t3\t260\t20\t100\t20\t95\tOyelaran\n5\t1\t1\t1\t2\t1\t20\t60\t120\t20\t95\tasthma\n"

// blankPage is a page without any mark.
func blankPage(t testing.TB) []byte {
	t.Helper()
	m := stdimage.NewGray(stdimage.Rect(0, 0, 400, 100))
	for i := range m.Pix {
		m.Pix[i] = 0xFF
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// DLP-16: a scan is concealed like any text, once something has read it.
func TestAScanIsConcealedInItsPixels(t *testing.T) {
	r, err := format.NewReader(bytes.NewReader(blankPage(t)), "scan.jpg", "")
	if err != nil {
		t.Fatal(err)
	}
	r.OCR(recognised)
	var (
		out    bytes.Buffer
		places []string
	)
	if err := newDesk(t).hide.Copy(&out, r, func(p format.Place) { places = append(places, p.Path) }); err != nil {
		t.Fatal(err)
	}
	if len(places) != 1 || places[0] != "picture, read by OCR" || !r.Recognised() || r.Name() != format.Image {
		t.Errorf("found at %q", places)
	}
	m, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range map[int]uint8{60: 0xFF, 180: 0, 300: 0} {
		if got := color.GrayModel.Convert(m.At(x, 30)).(color.Gray).Y; got != want {
			t.Errorf("at %d the picture is %d, want %d", x, got, want)
		}
	}
}

// DLP-16: image-only is "not inspectable".
func TestAPictureThatNothingReadsIsRefused(t *testing.T) {
	for _, name := range []string{"a.png", "a.txt", ""} {
		r, err := format.NewReader(bytes.NewReader(blankPage(t)), name, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		var closed *format.Uninspectable
		if !errors.As(err, &closed) || !strings.Contains(closed.Hint, "--ocr tesseract") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

// dicomFile is a small DICOM file, explicit and little-endian.
func dicomFile(instance string) []byte {
	out := append(make([]byte, 128), "DICM"...)
	add := func(group, element uint16, vr, value string) {
		if len(value)%2 == 1 {
			value += map[bool]string{true: "\x00", false: " "}[vr == "UI"]
		}
		out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(out, group), element)
		out = append(binary.LittleEndian.AppendUint16(append(out, vr...), uint16(len(value))), value...)
	}
	add(2, 0x10, "UI", "1.2.840.10008.1.2.1")
	add(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.2")
	add(8, 0x18, "UI", instance)
	add(8, 0x20, "DA", "20240506")
	add(0x10, 0x10, "PN", "OYELARAN^MARGUERITE")
	add(0x10, 0x20, "LO", "00482913")
	add(0x10, 0x30, "DA", "19570314")
	add(0x18, 0x1040, "LO", "oral, as Ms. Oyelaran asked")
	add(0x20, 0x0D, "UI", "1.3.6.1.4.1.99999.7")
	return out
}

// One patient is the same in all files of a run, and one study as well.
func TestDICOMFilesOfARunStayTogether(t *testing.T) {
	hide := newDesk(t).hide
	var outs [2]string
	for i, instance := range []string{"1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"} {
		r, err := format.NewReader(bytes.NewReader(dicomFile(instance)), "a.dcm", "")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := hide.Copy(&out, r, nil); err != nil {
			t.Fatal(err)
		}
		outs[i] = out.String()
		if found := regexp.MustCompile(`(?i)oyelaran|marguerite|00482913|0314|0506|99999`).FindString(outs[i]); found != "" {
			t.Errorf("what was written holds %q", found)
		}
		if !strings.Contains(outs[i], "19570101") || !strings.Contains(outs[i], "20240101") {
			t.Error("the years are lost")
		}
	}
	for _, what := range []string{`NAME-\w{6}\^NAME-\w{6}`, `RECORD-\w{6}`, `\x20\x00\x0D\x00UI..2\.25\.\d+`, `oral, as Ms\. NAME-\w{6}`} {
		re := regexp.MustCompile(`(?s)` + what)
		if a, b := re.FindString(outs[0]), re.FindString(outs[1]); a == "" || a != b {
			t.Errorf("%q in one file is %q in the other", a, b)
		}
	}
	re := regexp.MustCompile(`(?s)\x08\x00\x18\x00UI..2\.25\.\d+`)
	if a, b := re.FindString(outs[0]), re.FindString(outs[1]); a == "" || a == b {
		t.Errorf("two files have one identifier, %q", a)
	}
}
