package pdf_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"chaperone/deid/format/pdf"
)

// small are limits that keep one input of the fuzzer short.
var small = pdf.Limits{Decoded: 8 << 20, Stream: 2 << 20, Glyphs: 20_000, Drawing: 100_000, Pages: 50, Objects: 5_000}

func seeds(f *testing.F) {
	f.Add(onePage("BT /F 12 Tf 72 700 Td [(Seen Jane Q)20(uimby)] TJ T* (today) ' ET").bytes())
	f.Add(onePage("q BT /W 12 Tf " + wide("Jane") + " Tj ET Q /OC /L BDC EMC 1 0 0 rg 0 0 9 9 re f").bytes())
	f.Add(picture("BT /F 12 Tf 72 500 Td (Seen) Tj ET BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI").bytes())
	f.Add(scanOf("/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<b0b0b0ffffff>]", strings.Repeat("\x01", 20000)))
	f.Add(scanOf("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 200>>", strings.Repeat("\xFF", 13)))
	m := onePage("/H Do /G gs /Pattern cs /P scn f")
	m[5] = "<</Font<</F 6 0 R>>/XObject<</H 28 0 R>>/ExtGState<</G<</Font[6 0 R 9]/SMask<</S/Alpha/G 28 0 R>>>>>>/Pattern<</P 29 0 R>>>>"
	m[28] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]", "BT /F 12 Tf (For Jane) Tj ET /H Do")
	m[29] = streamOf("/PatternType 1/BBox[0 0 9 9]/XStep 9/YStep 9", "BT /F 12 Tf (Pattern) Tj ET")
	m[9] = "<</Title(Jane)>>"
	f.Add(m.bytes())
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj 3 0 obj<</Type/Page/Contents 4 0 R>>endobj 4 0 obj<</Length 9/Filter[/ASCII85Decode/LZWDecode]>>stream\nabcdefghi\nendstream"))
}

func readSmall(t *testing.T, raw []byte) *pdf.File {
	file, err := pdf.Read(raw, pdf.Options{OCR: eyes{new(int)}, BlankImages: true, BlankGlyphs: true, Limits: small})
	if err == nil {
		return file
	}
	var (
		fault *pdf.Fault
		u     *pdf.Uninspectable
	)
	if !errors.As(err, &fault) && !errors.As(err, &u) {
		t.Fatalf("an error of another kind: %v", err)
	}
	return nil
}

// FuzzRewrite takes out all text of whatever can be read: nothing may be left to
// read in the new file, and the new file must be readable.
func FuzzRewrite(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := readSmall(t, raw)
		if file == nil {
			return
		}
		texts := file.Texts()
		out, err := file.Rewrite(func(i int) []pdf.Edit {
			if texts[i].Text == "" {
				return nil
			}
			return []pdf.Edit{{Start: 0, End: len(texts[i].Text)}}
		})
		if err != nil {
			var fault *pdf.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("rewrite: %v", err)
			}
			return
		}
		again, err := pdf.Read(out, pdf.Options{BlankImages: true}) // shapes may be left without text
		if err != nil {
			t.Fatalf("the new file cannot be read: %v", err)
		}
		for _, x := range again.Texts() {
			if strings.ContainsFunc(x.Text, func(r rune) bool { return !unicode.IsSpace(r) }) {
				t.Fatalf("%s still says %q", x.Path, x.Text)
			}
		}
	})
}

// FuzzPage does the same with the content of a page, which random bytes of a
// file seldom reach.
func FuzzPage(f *testing.F) {
	f.Add("BT /F 12 Tf 72 700 Td [(Seen Jane Q)20(uimby)] TJ T* (today) ' ET")
	f.Add("q 1 0 0 1 9 9 cm BT /W 12 Tf <004a> Tj 2 3 (a) \" ET Q /OC /L BDC EMC (x) Tj")
	f.Add("BI /W 8 /H 1 /IM true ID a EI BT /F -3 Tf -50 Tz (ab) Tj 0 Tz (cd) Tj ET")
	f.Fuzz(func(t *testing.T, content string) {
		file := readSmall(t, onePage(content).bytes())
		if file == nil {
			return
		}
		texts := file.Texts()
		out, err := file.Rewrite(func(i int) []pdf.Edit {
			if texts[i].Text == "" {
				return nil
			}
			return []pdf.Edit{{Start: 0, End: len(texts[i].Text)}}
		})
		if err != nil {
			t.Fatalf("rewrite: %v", err)
		}
		again, err := pdf.Read(out, pdf.Options{BlankImages: true}) // shapes may be left without text
		if err != nil {
			t.Fatalf("the new file cannot be read: %v", err)
		}
		if left := strings.TrimSpace(pageTexts(again)); left != "" {
			t.Fatalf("it still says %q", left)
		}
	})
}

// FuzzFont reads fonts and tables of codes of any content.
func FuzzFont(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x00\x00\x02cmap...."), "1 beginbfchar <0041> <0041> endbfchar", "1 begincidrange <00> <ff> 0 endcidrange")
	f.Add([]byte("dup 65 /A put"), "1 beginbfrange <0041> <ffffffff> [<0041>] endbfrange", "/WMode 1 def 1 begincodespacerange <00> <8fff> endcodespacerange")
	f.Fuzz(func(t *testing.T, font []byte, toUnicode, encoding string) {
		m := onePage("BT /F 12 Tf (ABC) Tj /W 12 Tf <00410042ff> Tj ET")
		m[6] = "<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</Flags 4/FontFile2 20 0 R/FontFile 20 0 R>>>>"
		m[7] = "<</Type/Font/Subtype/Type0/BaseFont/B/Encoding 21 0 R/ToUnicode 8 0 R/DescendantFonts[" +
			"<</Type/Font/Subtype/CIDFontType2/BaseFont/B/FontDescriptor<</FontFile2 20 0 R>>/CIDToGIDMap 20 0 R>>]>>"
		m[8] = packed("", toUnicode)
		m[20] = packed("", string(font))
		m[21] = packed("", encoding)
		file := readSmall(t, m.bytes())
		if file == nil {
			return
		}
		out, err := file.Rewrite(func(int) []pdf.Edit { return nil })
		if err != nil {
			t.Fatalf("rewrite: %v", err)
		}
		again, err := pdf.Read(out, pdf.Options{BlankImages: true}) // shapes may be left without text
		if err != nil {
			t.Fatalf("the new file cannot be read: %v", err)
		}
		was := strings.Join(strings.Fields(strings.ReplaceAll(pageTexts(file), "\ufffd", " ")), "")
		if now := strings.Join(strings.Fields(pageTexts(again)), ""); now != was {
			t.Fatalf("it read %q and now reads %q", was, now)
		}
	})
}
