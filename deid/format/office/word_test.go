package office_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"chaperone/deid/format/office"
	"chaperone/phi"
)

// A name that formatting, a tracked change or a line break splits is one text,
// and goes from every run that holds a part of it (DLP-16).
func TestAParagraphIsOneTextAlthoughItsRunsSplitIt(t *testing.T) {
	raw := word(t, `<w:p><w:r><w:t>Mr. Jo</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>hn Smi</w:t></w:r><w:r><w:t>th came.</w:t></w:r></w:p>
<w:p><w:r><w:t>John</w:t><w:br/><w:t>Smith</w:t><w:tab/><w:t>&#74;ohn Sm&#x69;th &amp; son</w:t></w:r></w:p>`)
	f := read(t, raw)
	if got, want := texts(f)["document"], "Mr. John Smith came.\nJohn\nSmith\tJohn Smith & son\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	out := parts(t, hide(t, raw, `John\s+Smith`))["word/document.xml"]
	for _, want := range []string{
		`<w:t>Mr. NAME-7K2QAX</w:t>`, `<w:t></w:t>`, `<w:t xml:space="preserve"> came.</w:t>`,
		`<w:t>NAME-7K2QAX</w:t><w:br/><w:t></w:t><w:tab/><w:t>NAME-7K2QAX &amp; son</w:t>`, `<w:proofErr w:type="spellStart"/>`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

// What a page does not show leaves with the file all the same.
func TestWhatAPageHidesIsRead(t *testing.T) {
	raw := word(t, `<!-- for Quuxley -->
<w:p><w:ins w:id="1" w:author="Quuxley A" w:date="2024-03-05T10:00:00Z"><w:r><w:t>new</w:t></w:r></w:ins><w:del w:id="2" w:author="Quuxley B"><w:r><w:delText>old Quuxley</w:delText></w:r></w:del></w:p>
<w:p><w:bookmarkStart w:id="0" w:name="Quuxley_bookmark"/><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "mailto:qu</w:instrText></w:r><w:r><w:instrText>uxley@example.org" </w:instrText></w:r></w:p>
<w:sdt><w:sdtPr><w:date w:fullDate="2024-03-05T10:00:00Z"/><w:alias w:val="Quuxley alias"/><w:tag w:val="Quuxley"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>in a control: Quuxley</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Quuxley.jpg" descr="photograph of Quuxley" title="Quuxley"/></wp:inline></w:drawing></w:r></w:p>
<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box: Quux</w:t></w:r><w:r><w:t>ley</w:t></w:r></w:p></w:txbxContent></w:pict></w:r><w:hyperlink r:id="rId1"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>`,
		entry{"word/_rels/document.xml.rels", rels("hyperlink https://example.org/Quuxley External", "attachedTemplate file:///C:/Users/Quuxley/x.dotx External", "header header1.xml", "comments comments.xml", "customXml ../customXml/item1.xml")},
		entry{"word/header1.xml", `<w:hdr ` + wordNS + `><w:p><w:r><w:t>Chart of Quuxley</w:t></w:r></w:p></w:hdr>`},
		entry{"word/comments.xml", `<w:comments ` + wordNS + `><w:comment w:id="0" w:author="Quuxley C" w:initials="QC"><w:p><w:r><w:t>ask Quuxley</w:t></w:r></w:p></w:comment></w:comments>`},
		entry{"word/settings.xml", `<w:settings ` + wordNS + `><w:docVars><w:docVar w:name="patient" w:val="Quuxley"/></w:docVars></w:settings>`},
		entry{"word/people.xml", `<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="Quuxley D"><w15:presenceInfo w15:providerId="AD" w15:userId="quuxley@example.org"/></w15:person></w15:people>`},
		entry{"customXml/item1.xml", `<form xmlns="urn:x"><ssn>Quuxley</ssn><field by="Quuxley"/><![CDATA[Quuxley]]></form>`},
		entry{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>Quuxley E</dc:creator><dc:title>Visit of Quuxley</dc:title><dcterms:created>2024-03-05T10:00:00Z</dcterms:created></cp:coreProperties>`},
		entry{"docProps/custom.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="urn:vt"><property fmtid="{D5}" pid="2" name="MRN"><vt:lpwstr>Quuxley</vt:lpwstr></property></Properties>`},
	)
	f := read(t, raw)
	kinds := map[string]phi.Kind{}
	for _, x := range f.Texts() {
		kinds[x.Text] = x.Kind
		if x.Instant != (x.Text == "2024-03-05T10:00:00Z") {
			t.Errorf("%s: instant is %v", x.Path, x.Instant)
		}
		if x.Text == "Quuxley" && strings.Contains(x.Path, "document properties") && x.Label != "MRN" {
			t.Errorf("the property has the label %q", x.Label)
		}
	}
	for _, who := range []string{"Quuxley A", "Quuxley B", "Quuxley C", "Quuxley D", "Quuxley E"} {
		if kinds[who] != phi.Name {
			t.Errorf("%s is not a name", who)
		}
	}
	hide(t, raw, "Quuxley")
}

// Parts whose names speak of somebody get other names, and everything that
// leads to them follows.
func TestNamesOfPartsCount(t *testing.T) {
	raw := word(t, `<w:p/>`,
		entry{"word/_rels/document.xml.rels", rels("header Quuxley~notes.xml")},
		entry{"word/Quuxley notes.xml", `<w:hdr ` + wordNS + `><w:p><w:hyperlink r:id="rId1"/></w:p></w:hdr>`},
		entry{"word/_rels/Quuxley notes.xml.rels", rels("theme theme/theme1.xml")},
		entry{"word/theme/theme1.xml", `<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office Theme"/>`},
	)
	hide(t, raw, "Quuxley")
}

func TestWhatWasNeverOnThePageIsLeftOut(t *testing.T) {
	raw := word(t, `<w:p><w:r><w:t>fine</w:t></w:r></w:p>`,
		entry{"word/_rels/document.xml.rels", rels("vbaProject vbaProject.bin", "font fonts/font1.odttf")},
		entry{"word/vbaProject.bin", "\x01 Quuxley"},
		entry{"word/fonts/font1.odttf", "\x01 Quuxley"},
		entry{"docProps/thumbnail.jpeg", "\xFF\xD8\xFF Quuxley"},
		entry{"_xmlsignatures/sig1.xml", "<Signature>Quuxley</Signature>"},
	)
	f := read(t, raw)
	if got := strings.Join(f.Notes(), ", "); got != "macros, embedded fonts, a preview, signatures" {
		t.Errorf("the notes are %q", got)
	}
	if left := parts(t, hide(t, raw, "Quuxley")); len(left) != 4 {
		t.Errorf("%d parts are left", len(left))
	}
}

func TestCellsOfATableKnowTheirPlace(t *testing.T) {
	cell := func(text string) string { return `<w:tc><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>` }
	f := read(t, word(t, `<w:p><w:r><w:t>above</w:t></w:r></w:p><w:tbl><w:tr>`+cell("name")+cell("MRN")+`</w:tr><w:tr>`+cell("Ana")+cell("7")+`</w:tr></w:tbl><w:p><w:r><w:t>below</w:t></w:r></w:p>`))
	var got []string
	for _, x := range f.Texts() {
		at := x.Path
		if x.Cell != nil && *x.Cell == (office.Cell{Table: 1, Row: 2, Column: 2}) {
			at += "!"
		}
		got = append(got, at+"="+strings.TrimSpace(x.Text))
	}
	want := "document=above; document, table 1, row 1, column 1=name; document, table 1, row 1, column 2=MRN; document, table 1, row 2, column 1=Ana; document, table 1, row 2, column 2!=7; document=below"
	if all := strings.Join(got, "; "); all != want {
		t.Errorf("got  %s\nwant %s", all, want)
	}
}

// What is packed in a part of somebody's own cannot be looked into, and is one
// text of a kind that is concealed as a whole.
func TestWhatIsPackedInAPartIsOnePicture(t *testing.T) {
	shut := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xFF, 0x00, 0x81}, 100))
	f := read(t, word(t, `<w:p/>`, entry{"customXml/item1.xml", `<DataMashup>` + shut + `</DataMashup>`}))
	if texts := f.Texts(); len(texts) != 1 || texts[0].Kind != phi.Image || texts[0].Text != shut {
		t.Errorf("got %d texts", len(texts))
	}
}
