package format_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"chaperone/deid"
	"chaperone/deid/format"
	"chaperone/phi"
)

// packed makes an archive of names and contents in turn.
func packed(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpacked(t testing.TB, raw []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const (
	packedRels = `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="MAIN"/></Relationships>`
	wordTypes  = `<Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	sheetTypes = `<Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
)

func wordFile(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	return packed(t, append([]string{
		"[Content_Types].xml", wordTypes, "_rels/.rels", strings.Replace(packedRels, "MAIN", "word/document.xml", 1),
		"word/document.xml", `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`,
	}, more...)...)
}

func sheetFile(t testing.TB, rows string) []byte {
	t.Helper()
	return packed(t,
		"[Content_Types].xml", sheetTypes, "_rels/.rels", strings.Replace(packedRels, "MAIN", "xl/workbook.xml", 1),
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
}

// cells makes rows of cells with texts in line; a number stays one.
func cells(rows ...[]string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("<row>")
		for _, c := range row {
			switch {
			case c == "":
				b.WriteString("<c/>")
			case strings.Trim(c, "0123456789.") == "":
				b.WriteString("<c><v>" + c + "</v></c>")
			default:
				b.WriteString(`<c t="inlineStr"><is><t>` + c + `</t></is></c>`)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

// A spreadsheet's columns mean what their headers say, below titles too (DLP-17).
func TestASpreadsheetIsReadByItsColumns(t *testing.T) {
	d := newDesk(t)
	raw := sheetFile(t, cells(
		[]string{"Clinic export"}, []string{""},
		[]string{"", "name", "mrn", "state", "hemoglobin"},
		[]string{"", "Zyx", "4471902", "OR", "13.2"},
		[]string{"", "Rose Quux", "99120", "WA", "93"},
	))
	r, err := format.NewReader(bytes.NewReader(raw), "a.bin", "")
	if err != nil {
		t.Fatal(err)
	}
	if r.Name() != format.XLSX {
		t.Fatalf("it is read as %s", r.Name())
	}
	var (
		out    bytes.Buffer
		places []format.Place
	)
	if err := d.hide.Copy(&out, r, func(p format.Place) { places = append(places, p) }); err != nil {
		t.Fatal(err)
	}
	sheet := unpacked(t, out.Bytes(), "xl/worksheets/sheet1.xml")
	for _, gone := range []string{"Zyx", "4471902", "Rose", "Quux", "99120"} {
		if strings.Contains(sheet, gone) {
			t.Errorf("%s stays", gone)
		}
	}
	for _, kept := range []string{"Clinic export", ">name<", ">mrn<", ">OR<", ">WA<", ">13.2<", ">93<"} {
		if !strings.Contains(sheet, kept) {
			t.Errorf("%s is gone", kept)
		}
	}
	if p := places[1]; p != (format.Place{Path: "sheet 1, C4", Line: 4, Row: 4, Column: 3, Kind: phi.Record}) {
		t.Errorf("the second place is %+v", p)
	}
	back := unpacked(t, d.reveal(format.XLSX, out.Bytes()), "xl/worksheets/sheet1.xml")
	for _, w := range []string{"Zyx", "4471902", "Rose Quux"} {
		if !strings.Contains(back, w) {
			t.Errorf("%s does not come back", w)
		}
	}
}

// A form has its labels to the left of what was filled in.
func TestAFormIsReadByTheLabelsToTheLeft(t *testing.T) {
	d := newDesk(t)
	out, err := d.hide.Conceal(d.parse(format.XLSX, sheetFile(t, cells(
		[]string{"Name:", "Zyx", "DOB:", "1957-04-03"}, []string{"MRN:", "99120", "City:", "Bend"}, []string{"Complaint:", "chest pain"},
	))), nil)
	if err != nil {
		t.Fatal(err)
	}
	sheet := unpacked(t, out, "xl/worksheets/sheet1.xml")
	for _, gone := range []string{"Zyx", "-04-03", "99120", "Bend"} {
		if strings.Contains(sheet, gone) {
			t.Errorf("%s stays in %s", gone, sheet)
		}
	}
	for _, kept := range []string{"Name:", "DOB:", "MRN:", "City:", "Complaint:", "chest pain"} {
		if !strings.Contains(sheet, kept) {
			t.Errorf("%s is gone from %s", kept, sheet)
		}
	}
}

// Finding, concealing and bringing back work on a document in runs as they do
// on text, and a place is told by its paragraph.
func TestAWordDocumentIsConcealedAndRevealed(t *testing.T) {
	d := newDesk(t)
	raw := wordFile(t, `<w:p><w:r><w:t>Seen today.</w:t></w:r></w:p><w:p><w:r><w:t>Mr. Jo</w:t></w:r><w:r><w:t>hn Smi</w:t></w:r><w:r><w:t>th came.</w:t></w:r></w:p><w:p><w:r><w:t>Metformin 500 mg</w:t></w:r></w:p>`)
	var places []format.Place
	out, err := d.hide.Conceal(d.parse(format.DOCX, raw), func(p format.Place) { places = append(places, p) })
	if err != nil {
		t.Fatal(err)
	}
	if len(places) != 1 || places[0] != (format.Place{Path: "document", Line: 2, Kind: phi.Name}) {
		t.Errorf("the places are %+v", places)
	}
	if text := unpacked(t, out, "word/document.xml"); !strings.Contains(text, "Mr. NAME-") || strings.Contains(text, "hn Smi") || !strings.Contains(text, "Metformin 500 mg") {
		t.Error(text)
	}
	if text := unpacked(t, d.reveal(format.DOCX, out), "word/document.xml"); !strings.Contains(text, "Mr. John Smith") {
		t.Error(text)
	}
}

// The author of a document is a person, unless it is a program.
func TestTheAuthorOfADocumentCounts(t *testing.T) {
	core := func(author string) []byte {
		return wordFile(t, `<w:p><w:r><w:t>fine, `+author+`</w:t></w:r></w:p>`, "docProps/core.xml", `<cp><creator>`+author+`</creator><created>2024-03-05T10:00:00Z</created></cp>`)
	}
	d := newDesk(t)
	for author, stays := range map[string]bool{"Zyx Quux": false, "Microsoft Office User": true, "python-docx": true} {
		out, err := d.hide.Conceal(d.parse(format.DOCX, core(author)), nil)
		if err != nil {
			t.Fatal(err)
		}
		all := unpacked(t, out, "docProps/core.xml") + unpacked(t, out, "word/document.xml")
		if strings.Contains(all, author) != stays || !strings.Contains(all, "<created>2024-01-01T00:00:00Z<") {
			t.Errorf("%s: %s", author, all)
		}
	}
}

func TestPicturesInADocumentAreRefusedUnlessTheyAreToBeBlank(t *testing.T) {
	raw := wordFile(t, "<w:p/>", "word/media/image1.png", "\x89PNG of somebody")
	_, err := format.Parse(format.DOCX, raw)
	var closed *format.Uninspectable
	if !errors.As(err, &closed) || !strings.Contains(closed.Hint, "--images blank") {
		t.Fatalf("got %v", err)
	}
	r, err := format.NewReader(bytes.NewReader(raw), "a.docx", "")
	if err != nil {
		t.Fatal(err)
	}
	r.Pictures(format.BlankPictures)
	var out bytes.Buffer
	if err := newDesk(t).hide.Copy(&out, r, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(unpacked(t, out.Bytes(), "word/media/image1.png"), "somebody") || len(r.Notes()) != 1 {
		t.Errorf("the picture stays; the notes are %v", r.Notes())
	}
}

func TestPackedDocumentsAreKnownByContentFirst(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		raw  []byte
		want format.Name
	}{
		"a document under another name": {"a.xlsx", wordFile(t, ""), format.DOCX},
		"a document without a name":     {"", sheetFile(t, ""), format.XLSX},
		"rich text as a document":       {"a.doc", []byte(`{\rtf1 x}`), format.RTF},
		"OpenDocument":                  {"a", packed(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<a/>"), ""},
		"text under a document's name":  {"a.docx", []byte("just text"), format.DOCX},
	} {
		got, err := format.Detect(c.file, c.raw)
		if c.want != "" && (err != nil || got != c.want) {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	if _, err := format.Parse(format.DOCX, []byte("just text")); err == nil {
		t.Error("text passes for a document")
	}
}

// A name that marks of looks or the lines of a message split is one name.
func TestNamesThatMarksSplitAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		format format.Name
		text   string
		gone   []string
		kept   []string
	}{
		"HTML":      {format.HTML, `<html><p>Mr. <b>Jo</b>hn <i class="x">Smi</i>th &amp; <b title="Dr. Mary Jones">co</b></p></html>`, []string{"hn", "Smi", "th ", "Jones"}, []string{"<b>NAME-", `</b><i class="x"></i> &amp; <b title="Dr. NAME-`}},
		"XML":       {format.XML, `<note><p>Mr. <b>Jo</b>hn <b>Smi<i>th</i></b> came<!-- ok --></p></note>`, []string{"hn", "Smi", "th<"}, []string{"<b>NAME-", "</b><b><i></i></b> came<!-- ok --></p>"}},
		"CDA":       {format.XML, `<ClinicalDocument xmlns="urn:hl7-org:v3"><component><section><text><paragraph>Mr. <content styleCode="Bold">Jo</content>hn Smith came</paragraph></text></section></component></ClinicalDocument>`, []string{"hn", "Smith"}, []string{`<content styleCode="Bold">NAME-`, "</content> came</paragraph>"}},
		"a comment": {format.XML, `<note><p>Mr. <b>Jo</b><!-- Dr. Mary Jones -->hn</p></note>`, []string{"Jones"}, []string{"<!-- Dr. NAME-"}},
		"HL7 v2": {
			format.HL7v2, "MSH|^~\\&|A|B|C|D|||ORU^R01|1|P|2.5\rOBX|1|TX|1||The patient, Mr. Wilhelm||||||F\rOBX|2|TX|1||Dworschak was seen.||||||F\r",
			[]string{"Wilhelm", "Dworschak"},
			[]string{"OBX|1|TX|1||The patient, Mr. NAME-", " was seen.||||||F"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			out := d.conceal(c.format, []byte(c.text))
			for _, w := range c.gone {
				if bytes.Contains(out, []byte(w)) {
					t.Errorf("%q stays in %s", w, out)
				}
			}
			for _, w := range c.kept {
				if !bytes.Contains(out, []byte(w)) {
					t.Errorf("%q is gone from %s", w, out)
				}
			}
		})
	}
}

func TestTextInAnotherCharacterSetIsRefused(t *testing.T) {
	for _, c := range []struct {
		file, text, want string
	}{
		{"a.txt", "fine\nJos\xe9", "line 2: it is not valid UTF-8"},
		{"a.csv", "name,mrn\nAna,1\nJos\xe9,2\n", "line 3: it is not valid UTF-8"},
		{"a.txt", "\xff\xfea\x00b\x00c", "not valid UTF-16"},
		{"a.txt", "\xff\xfe\x00\xd8a\x00", "not valid UTF-16"},
	} {
		r, err := format.NewReader(strings.NewReader(c.text), c.file, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := newDesk(t).hide.Copy(io.Discard, r, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v", c.text, err)
		}
	}
}

// A letter with a logo is restored with it; what is to leave is refused as ever.
func TestARestoredDocumentKeepsItsPictures(t *testing.T) {
	raw := wordFile(t, `<w:p><w:r><w:t>Dear NAME-</w:t></w:r><w:r><w:t>7K2QAX</w:t></w:r></w:p>`, "word/media/image1.png", "\x89PNG\r\n\x1a\n the logo")
	if _, err := format.Parse(format.DOCX, raw); err == nil {
		t.Error("a document with a picture was read")
	}
	r, err := format.NewReader(bytes.NewReader(raw), "letter.docx", "")
	if err != nil {
		t.Fatal(err)
	}
	r.Pictures(format.KeepPictures)
	d, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	known := []phi.Surrogate{{Placeholder: "NAME-7K2QAX", Kind: phi.Name, Value: phi.Seal("Otilia & Co")}}
	out, err := format.Reveal(d, deid.NewRevealer(deid.NewSession(known, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if got := unpacked(t, out, "word/media/image1.png"); got != "\x89PNG\r\n\x1a\n the logo" {
		t.Errorf("the logo is %q", got)
	}
	if got := unpacked(t, out, "word/document.xml"); !strings.Contains(got, "Dear Otilia &amp; Co<") || strings.Contains(got, "7K2QAX") {
		t.Errorf("got %s", got)
	}
}
