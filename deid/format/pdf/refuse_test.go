package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"chaperone/deid/format/pdf"
)

// picture is a page with a picture on it, and text if any.
func picture(content string) made {
	m := onePage("q 200 0 0 100 72 600 cm /I Do Q " + content)
	m[5] = "<</Font<</F 6 0 R/W 7 0 R>>/XObject<</I 28 0 R>>>>"
	m[28] = streamOf("/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray", strings.Repeat("Quimby", 17))
	return m
}

// DLP-16: what cannot be read is "not inspectable", never clean.
func TestWhatCannotBeReadIsRefused(t *testing.T) {
	scan := picture("")
	unnamed := onePage("BT /F 12 Tf 72 700 Td (Quimby) Tj ET")
	unnamed[6] = "<</Type/Font/Subtype/Type1/BaseFont/Odd/Encoding<</Differences[81/g1/g2]>>>>"
	composite := onePage("BT /W 12 Tf 72 700 Td <00010002> Tj ET")
	locked := onePage("BT /F 12 Tf 72 700 Td (Quimby) Tj ET")
	var lockedFile bytes.Buffer
	lockedFile.WriteString("%PDF-1.7\n")
	locked.append(&lockedFile, 0, "/Encrypt<</Filter/Standard/V 2/R 3>>")
	odd := onePage("")
	odd[4] = streamOf("/Filter/Unknown", "Quimby")
	cases := []struct {
		what string
		raw  []byte
		say  string
	}{
		{"a scan", scan.bytes(), "page 1: it is pictures without text"},
		{"a picture beside text", picture("BT /F 12 Tf 72 700 Td (Quimby) Tj ET").bytes(), "page 1: there are pictures"},
		{"a picture in the content", onePage("BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI").bytes(), "page 1"},
		{"glyphs without names", unnamed.bytes(), "the font Odd"},
		{"codes outside of the table", composite.bytes(), "the font Wide"},
		{"a font that is not there", onePage("BT /X 12 Tf (Quimby) Tj ET").bytes(), "a font that is not there"},
		{"letters drawn as shapes", onePage(strings.Repeat("0 0 m 1 1 2 2 3 3 c f ", 500)).bytes(), "only shapes"},
		{"an encrypted file", lockedFile.Bytes(), "encrypted"},
		{"a filter of its own", odd.bytes(), "packed in a way"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			_, err := pdf.Read(c.raw, pdf.Options{})
			var u *pdf.Uninspectable
			if !errors.As(err, &u) || !strings.Contains(err.Error(), c.say) {
				t.Fatalf("error %v, want one with %q", err, c.say)
			}
			if strings.Contains(err.Error(), "Quimby") {
				t.Error("the error repeats the document")
			}
		})
	}
}

func TestPicturesAndUnknownGlyphsCanBeTakenOut(t *testing.T) {
	m := picture("BT /F 12 Tf 72 500 Td (Seen ab today) Tj ET BI /W 2 /H 2 /BPC 8 /CS /G ID Quimby EI")
	m[6] = "<</Type/Font/Subtype/Type1/BaseFont/Odd/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[97/g1/g2]>>>>"
	f := read(t, m.bytes(), pdf.Options{BlankImages: true, BlankGlyphs: true})
	if got := strings.TrimSpace(pageTexts(f)); got != "Seen \ufffd\ufffd tod\ufffdy" {
		t.Errorf("read as %q", got)
	}
	images := f.Images()
	if len(images) != 2 || images[0].Page != 1 || images[0].Pixels != [2]int{10, 10} || images[0].Points != [2]float64{200, 100} {
		t.Errorf("pictures: %+v", images)
	}
	out, err := f.Rewrite(func(int) []pdf.Edit { return nil })
	if err != nil {
		t.Fatal(err)
	}
	mustNotHold(t, out, "Quimby", "/g1", "/g2")
	again := read(t, out, pdf.Options{})
	if got := strings.Join(strings.Fields(pageTexts(again)), " "); got != "Seen tody" {
		t.Errorf("now it reads as %q", got)
	}
}

func TestBrokenFilesEndInAFaultOrAreMended(t *testing.T) {
	whole := onePage("BT /F 12 Tf 72 700 Td (Seen Jane Quimby) Tj ET").bytes()
	t.Run("no table", func(t *testing.T) {
		cut := whole[:bytes.LastIndex(whole, []byte("xref\n1 1"))]
		if got := pageTexts(read(t, cut, pdf.Options{})); !strings.Contains(got, "Jane Quimby") {
			t.Errorf("read as %q", got)
		}
	})
	t.Run("a table that is off", func(t *testing.T) {
		moved := append([]byte("%PDF-1.7\n% something was put in front of it\n"), whole[9:]...)
		if got := pageTexts(read(t, moved, pdf.Options{})); !strings.Contains(got, "Jane Quimby") {
			t.Errorf("read as %q", got)
		}
	})
	for what, raw := range map[string][]byte{
		"nothing": {}, "no PDF": []byte("Quimby"), "only a head": []byte("%PDF-1.4\n"), "half of it": whole[:200],
		"no pages":       made{1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Kids[]/Type/Pages>>"}.bytes(),
		"pages in pages": made{1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Kids[2 0 R 2 0 R]/Type/Pages>>"}.bytes(),
		"deep arrays":    made{1: "<</Type/Catalog/Pages 2 0 R>>", 2: strings.Repeat("[", 100_000)}.bytes(),
	} {
		t.Run(what, func(t *testing.T) {
			_, err := pdf.Read(raw, pdf.Options{})
			var fault *pdf.Fault
			if !errors.As(err, &fault) || strings.Contains(err.Error(), "Quimby") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A small file can stand for a very large one.
func TestBombsEndAtALimit(t *testing.T) {
	bomb := onePage("")
	bomb[4] = packed("", strings.Repeat(" ", 200<<20))
	nested := onePage("/X0 Do")
	res := ""
	for i := range 20 {
		res += fmt.Sprintf("/X%d %d 0 R", i, 30+i)
		nested[30+i] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", strings.Repeat(fmt.Sprintf("/X%d Do ", i+1), 50))
	}
	nested[5] = "<</XObject<<" + res + ">>>>"
	pages := onePage("")
	pages[2] = "<</Type/Pages/Kids[" + strings.Repeat("<</Type/Page>>", 20_000) + "]>>"
	text := onePage("/X0 Do")
	text[5] = "<</XObject<</X0 30 0 R/X1 31 0 R>>/Font<</F 6 0 R>>>>"
	text[30] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", strings.Repeat("/X1 Do ", 10_000))
	text[31] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "BT /F 1 Tf ("+strings.Repeat("a", 10_000)+") Tj ET")
	for what, m := range map[string]made{"an unpacked stream": bomb, "drawings in drawings": nested, "pages": pages, "text": text} {
		t.Run(what, func(t *testing.T) {
			began := time.Now()
			_, err := pdf.Read(m.bytes(), pdf.Options{Limits: pdf.Limits{Drawing: 2_000_000, Glyphs: 500_000}})
			var fault *pdf.Fault
			if !errors.As(err, &fault) {
				t.Errorf("error %v", err)
			}
			if d := time.Since(began); d > 20*time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

func TestTheTextUnderAScanBecomesVisible(t *testing.T) {
	f := read(t, picture("BT 3 Tr /F 12 Tf 72 700 Td (Seen Jane Quimby) Tj ET").bytes(), pdf.Options{BlankImages: true})
	out := redact(t, f, quimby, "NAME-7K2QAX")
	if all := everything(out); strings.Contains(all, "3 Tr") || !strings.Contains(all, "0 Tr") {
		t.Error("the text is still invisible, though the scan that showed it is gone")
	}
}

func TestStreamsWithoutAnEndCostNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Contents[")
	for i := range 40_000 {
		fmt.Fprintf(&b, "%d 0 R ", 50_000-i)
	}
	b.WriteString("]>>endobj\n")
	for i := range 40_000 {
		fmt.Fprintf(&b, "%d 0 obj<</Filter/FlateDecode>>stream\nx%s\n", 10_001+i, strings.Repeat(" ", 400))
	}
	began := time.Now()
	_, err := pdf.Read([]byte(b.String()), pdf.Options{})
	var u *pdf.Uninspectable
	if !errors.As(err, &u) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("it took %v", d)
	}
}
