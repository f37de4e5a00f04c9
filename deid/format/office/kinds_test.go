package office_test

import (
	"bytes"
	"image"
	_ "image/gif"  // to decode blank pictures
	_ "image/jpeg" // to decode blank pictures
	"image/png"
	"strings"
	"testing"

	"chaperone/deid/format/office"
)

func TestSlidesWithTheirNotesAreRead(t *testing.T) {
	body := func(text string) string {
		return `<p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="1" name="Title 1"/></p:nvSpPr><p:txBody><a:bodyPr/>` + text + `</p:txBody></p:sp></p:spTree></p:cSld>`
	}
	raw := pack(t,
		entry{"[Content_Types].xml", types("/ppt/presentation.xml openxmlformats-officedocument.presentationml.presentation.main")},
		entry{"_rels/.rels", rels("officeDocument ppt/presentation.xml")},
		entry{"ppt/presentation.xml", `<p:presentation ` + slideNS + `/>`},
		entry{"ppt/_rels/presentation.xml.rels", rels("slide slides/slide3.xml")},
		entry{"ppt/slides/slide3.xml", `<p:sld ` + slideNS + `>` + body(`<a:p><a:r><a:t>Quux</a:t></a:r><a:r><a:t>ley came</a:t></a:r></a:p><a:p><a:r><a:t>twice</a:t></a:r></a:p>`) + `</p:sld>`},
		entry{"ppt/slides/_rels/slide3.xml.rels", rels("notesSlide ../notesSlides/notesSlide3.xml")},
		entry{"ppt/notesSlides/notesSlide3.xml", `<p:notes ` + slideNS + `>` + body(`<a:p><a:fld type="datetime1"><a:t>call Quuxley</a:t></a:fld></a:p>`) + `</p:notes>`},
		entry{"ppt/commentAuthors.xml", `<p:cmAuthorLst ` + slideNS + `><p:cmAuthor id="0" name="Quuxley" initials="Q"/></p:cmAuthorLst>`},
		entry{"ppt/charts/chart1.xml", `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="x"><c:ser><c:tx><c:strRef><c:f>Sheet1!$A$1</c:f><c:strCache><c:pt idx="0"><c:v>Quuxley</c:v></c:pt></c:strCache></c:strRef></c:tx><c:numCache><c:formatCode>d\-mmm\-yy</c:formatCode><c:pt><c:v>20913</c:v></c:pt></c:numCache><c:numCache><c:formatCode>0</c:formatCode><c:pt><c:v>20913</c:v></c:pt></c:numCache></c:ser></c:chartSpace>`},
	)
	got := texts(read(t, raw))
	if got["slide 3"] != "Quuxley came\ntwice\n" || got["notes of slide 3"] != "call Quuxley\n" {
		t.Errorf("got %q", got)
	}
	out := parts(t, hide(t, raw, "Quuxley", "1957-04-03"))
	if want := `<c:v>20821</c:v></c:pt></c:numCache><c:numCache><c:formatCode>0</c:formatCode><c:pt><c:v>20913</c:v>`; !strings.Contains(out["ppt/charts/chart1.xml"], want) {
		t.Errorf("a day in a chart is not reduced to its year:\n%s", out["ppt/charts/chart1.xml"])
	}
	if want := `<a:t>NAME-7K2QAX</a:t></a:r><a:r><a:t> came</a:t>`; !strings.Contains(out["ppt/slides/slide3.xml"], want) {
		t.Errorf("drawings know no xml:space; the slide is\n%s", out["ppt/slides/slide3.xml"])
	}
}

func TestADocumentWithinADocumentIsReadToo(t *testing.T) {
	inner := string(book(t, `<row r="1"><c r="A1" t="s"><v>1</v></c></row>`))
	raw := word(t, `<w:p/>`,
		entry{"word/_rels/document.xml.rels", rels("package embeddings/Microsoft_Excel_Worksheet1.xlsx")},
		entry{"word/embeddings/Microsoft_Excel_Worksheet1.xlsx", inner})
	out := parts(t, hide(t, raw, "Quuxley"))
	if held := parts(t, []byte(out["word/embeddings/Microsoft_Excel_Worksheet1.xlsx"])); !strings.Contains(held["xl/sharedStrings.xml"], "NAME-7K2QAX") {
		t.Error("the workbook within was not written")
	}
}

func TestOpenDocumentTextsAndCells(t *testing.T) {
	raw := pack(t,
		entry{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		entry{"META-INF/manifest.xml", `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="x"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png" manifest:media-type=""/></manifest:manifest>`},
		entry{"Thumbnails/thumbnail.png", "\x89PNG Quuxley"},
		entry{"meta.xml", `<office:document-meta xmlns:office="urn:o" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:m"><office:meta><meta:generator>X/7.4.7.2</meta:generator><dc:creator>Quuxley</dc:creator><dc:date>2024-03-05T10:00:00.5</dc:date></office:meta></office:document-meta>`},
		entry{"content.xml", `<office:document-content xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x"><table:table table:name="Quuxley"><table:table-row><table:table-cell office:value-type="string"><text:p>Mr. <text:span>Quux</text:span>ley<text:s/>came<text:date text:date-value="2024-03-05"/></text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="date" office:date-value="1957-04-03"><text:p>04/03/57</text:p></table:table-cell></table:table-row></table:table></office:document-content>`},
	)
	got := texts(read(t, raw))
	if got["document, table 1, row 1, column 1"] != "Mr. Quuxley came\n" || got["document, table 1, row 1, column 4"] != "04/03/57\n" {
		t.Errorf("got %q", got)
	}
	out := parts(t, hide(t, raw, "Quuxley", "04/03/57", "2024-03-05"))
	if !strings.Contains(out["content.xml"], `text:date-value="2024-01-01"`) {
		t.Errorf("a day does not stay one:\n%s", out["content.xml"])
	}
	if want := `<table:table-cell office:value-type="string"><text:p>NAME-7K2QAX</text:p></table:table-cell></table:table-row>`; !strings.Contains(out["content.xml"], want) {
		t.Errorf("the value stays beside the text:\n%s", out["content.xml"])
	}
	if strings.Contains(out["META-INF/manifest.xml"], "thumbnail") {
		t.Error("the list of parts names what is gone")
	}
}

// rtf wraps a body as word processors write it.
func rtf(body string) []byte {
	return []byte(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204{\*\panose 020b}Cyr;}{\f2\fcharset128 MS;}}{\colortbl;\red0\green0\blue0;}{\*\generator Quuxley 7;}` + body + `}` + "\x00")
}

func TestRichTextIsReadAcrossItsMarks(t *testing.T) {
	for name, c := range map[string]struct{ body, text, hidden, out string }{
		"runs":            {`\pard Mr. Quu{\b x}{\i\b ley} came\par`, "Mr. Quuxley came\n", "Quuxley", `Mr. NAME-7K2QAX{\b }{\i\b } came`},
		"escapes":         {`\b\'e9tan Quuxl\'e9y\par`, "étan Quuxléy\n", "étan|Quuxléy", `\b NAME-7K2QAX NAME-7K2QAX\par`},
		"unicode":         {`Qu\uc1\u252?xley \uc2\u8364 ab \u-10179??\u-8704??\par`, "Quüxley € 😀\n", "Quüxley", `NAME-7K2QAX\uc1  \uc2`},
		"code pages":      {`{\f1 \'c8\'e2\'e0\'ed} {\f2 \'8e\'52\'93\'63}\par`, "Иван 山田\n", "Иван|山田", `{\f1 NAME-7K2QAX} {\f2 NAME-7K2QAX}`},
		"marks":           {`Quuxley\~A\_B\{x\}\\\line next\tab\emdash\par`, "Quuxley A-B{x}\\\nnext\t—\n", "Quuxley", `NAME-7K2QAX\~A\_B\{x\}`},
		"line ends":       {"Quux\r\nley\\\nx\\par", "Quuxley\nx\n", "Quuxley", "NAME-7K2QAX\r\n\\\nx"},
		"a field":         {`{\field{\*\fldinst HYPERLINK "mailto:quuxley@x.org"}{\fldrslt mail}}\par`, "mail\n", "quuxley", `"mailto:NAME-7K2QAX@x.org"`},
		"unknown groups":  {`{\*\secret Quuxley}fine\par`, "fine\n", "Quuxley", `{}fine\par`},
		"the author":      {`{\info{\author Quuxley}{\title Visit of Quuxley}{\creatim\yr2024\mo3}}fine\par`, "fine\n", "Quuxley", `{\info{\author NAME-7K2QAX}{\title Visit of NAME-7K2QAX}{}}fine`},
		"deleted text":    {`{\deleted Quuxley}{\v Quuxley}\par`, "QuuxleyQuuxley\n", "Quuxley", `{\deleted NAME-7K2QAX}{\v NAME-7K2QAX}`},
		"revision author": {`{\*\revtbl{Unknown;}{Quuxley;}}fine\par`, "fine\n", "Quuxley", `{Unknown;}{NAME-7K2QAX;}`},
		"a shape":         {`{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv of Quuxley}}{\shptxt Quuxley\par}}}\par`, "", "Quuxley", `{\sv of NAME-7K2QAX}`},
	} {
		t.Run(name, func(t *testing.T) {
			raw := rtf(c.body)
			if got := texts(read(t, raw))["document"]; got != c.text && c.text != "" {
				t.Errorf("it reads %q, want %q", got, c.text)
			}
			out := string(hide(t, raw, strings.Split(c.hidden, "|")...))
			if !strings.Contains(out, c.out) || strings.Contains(out, "generator") || strings.HasSuffix(out, "\x00") {
				t.Errorf("%q is not in\n%s", c.out, out)
			}
		})
	}
}

func TestCellsOfRichText(t *testing.T) {
	f := read(t, rtf(`above\par\trowd\cellx1\cellx2\pard\intbl name\cell mrn\cell\row\trowd\cellx1\cellx2 Ana\cell 7\cell\row\pard below\par`))
	var got []string
	for _, x := range f.Texts() {
		at := ""
		if x.Cell != nil {
			at = string(rune('0'+x.Cell.Table)) + string(rune('0'+x.Cell.Row)) + string(rune('0'+x.Cell.Column))
		}
		got = append(got, at+strings.TrimSpace(x.Text))
	}
	if all := strings.Join(got, " "); all != "above 111name 112mrn 121Ana 1227 below" {
		t.Error(all)
	}
}

func TestPicturesAreRefusedOrBlank(t *testing.T) {
	for _, ext := range []string{"png", "jpeg", "gif", "bmp", "tiff", "emf", "wmf", "svg"} {
		raw := word(t, `<w:p/>`, entry{"word/_rels/document.xml.rels", rels("image media/image1." + ext)}, entry{"word/media/image1." + ext, "Quuxley's face"})
		if _, err := office.Read(raw, office.Limits{}); err == nil || !strings.Contains(err.Error(), "1 pictures") {
			t.Errorf("%s: got %v", ext, err)
		}
		f, err := office.Read(raw, office.Limits{BlankPictures: true})
		if err != nil {
			t.Fatalf("%s: %v", ext, err)
		}
		out, err := f.Rewrite(func(int) []office.Edit { return nil })
		if err != nil {
			t.Fatal(err)
		}
		blank := parts(t, out)["word/media/image1."+ext]
		if blank == "" || strings.Contains(blank, "Quuxley") {
			t.Errorf("%s: the picture is %q", ext, blank)
		}
		if ext == "png" || ext == "jpeg" || ext == "gif" {
			if _, format, err := image.DecodeConfig(bytes.NewReader([]byte(blank))); err != nil || format != ext {
				t.Errorf("%s: %s, %v", ext, format, err)
			}
		}
	}
	pict := rtf(`fine {\pict\pngblip 89504e47}\par`)
	if _, err := office.Read(pict, office.Limits{}); err == nil {
		t.Error("a picture in rich text passes")
	}
	f, err := office.Read(pict, office.Limits{BlankPictures: true})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := f.Rewrite(func(int) []office.Edit { return nil }); err != nil || bytes.Contains(out, []byte("89504e47")) {
		t.Errorf("the picture stays: %v", err)
	}
}

// DLP-16: a scan in a document is concealed in its pixels, once something has read it.
func TestWordsInPicturesArePaintedOver(t *testing.T) {
	sheet := image.NewGray(image.Rect(0, 0, 200, 100))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0xFF
	}
	var scan bytes.Buffer
	if err := png.Encode(&scan, sheet); err != nil {
		t.Fatal(err)
	}
	raw := word(t, `<w:p><w:r><w:t>fine</w:t></w:r></w:p>`, entry{"word/_rels/document.xml.rels", rels("image media/image1.png")}, entry{"word/media/image1.png", scan.String()})
	f, err := office.Read(raw, office.Limits{OCR: eyes("5\t1\t1\t1\t1\t1\t20\t20\t100\t16\t95\tQuuxley\n5\t1\t1\t1\t1\t2\t20\t60\t100\t16\t95\tasthma\n")})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	out, err := f.Rewrite(func(i int) []office.Edit {
		x := f.Texts()[i]
		if !x.Seen {
			return nil
		}
		seen++
		if x.Text != "Quuxley asthma" {
			t.Errorf("%s: %q", x.Path, x.Text)
		}
		return []office.Edit{{Start: 0, End: len("Quuxley"), Text: "NAME-1"}}
	})
	if err != nil || seen != 1 {
		t.Fatalf("%d texts of pictures: %v", seen, err)
	}
	painted, err := png.Decode(strings.NewReader(parts(t, out)["word/media/image1.png"]))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[image.Point]uint32{{X: 70, Y: 28}: 0, {X: 70, Y: 68}: 0xFFFF, {X: 190, Y: 90}: 0xFFFF} {
		if v, _, _, _ := painted.At(at.X, at.Y).RGBA(); v != want {
			t.Errorf("%v is %x, want %x", at, v, want)
		}
	}
	for name, c := range map[string]struct {
		raw, ocr, want string
	}{
		"a picture that is broken":  {"Quuxley's face", "", "not inspectable"},
		"a picture read badly":      {scan.String(), "5\t1\t1\t1\t1\t1\t20\t20\t100\t16\t30\tQuuxley\n", "OCR reads badly"},
		"a drawing made of strokes": {"<svg/>", "", "1 pictures"},
	} {
		ext := map[bool]string{true: "svg", false: "png"}[c.raw == "<svg/>"]
		raw := word(t, `<w:p/>`, entry{"word/_rels/document.xml.rels", rels("image media/image1." + ext)}, entry{"word/media/image1." + ext, c.raw})
		if _, err := office.Read(raw, office.Limits{OCR: eyes(c.ocr)}); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Quuxley") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// eyes is OCR that has read something.
type eyes string

func (e eyes) Words([]byte) ([]byte, error) { return []byte(e), nil }
