package office_test

import (
	"strings"
	"testing"

	"chaperone/deid/format/office"
	"chaperone/phi"
)

// book makes a spreadsheet of two sheets, the first named by its tab only.
func book(t testing.TB, cells string, more ...entry) []byte {
	t.Helper()
	all := append([]entry{
		{"[Content_Types].xml", types("/xl/workbook.xml openxmlformats-officedocument.spreadsheetml.sheet.main")},
		{"_rels/.rels", rels("officeDocument xl/workbook.xml")},
		{"xl/workbook.xml", `<workbook ` + sheetNS + `><sheets><sheet name="Quuxley" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" state="hidden" r:id="rId2"/></sheets><definedNames><definedName name="Quuxley_list">Quuxley!$A$1</definedName></definedNames><pivotCaches><pivotCache cacheId="1" r:id="rId5"/></pivotCaches></workbook>`},
		{"xl/_rels/workbook.xml.rels", rels("worksheet worksheets/sheet1.xml", "worksheet worksheets/sheet2.xml", "sharedStrings sharedStrings.xml", "styles styles.xml", "pivotCacheDefinition pivotCache/pivotCacheDefinition1.xml", "calcChain calcChain.xml")},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + sheetNS + `><sheetData>` + cells + `</sheetData><pageSetup orientation="portrait" r:id="rId1"/><headerFooter><oddHeader>&amp;LQuuxley&amp;"Arial,Bold"&amp;12Quuxley&amp;P</oddHeader></headerFooter></worksheet>`},
		{"xl/worksheets/_rels/sheet1.xml.rels", rels("printerSettings ../printerSettings/printerSettings1.bin")},
		{"xl/printerSettings/printerSettings1.bin", "\x01Quuxley's printer"},
		{"xl/worksheets/sheet2.xml", `<worksheet ` + sheetNS + `><sheetData><row r="17"><c r="B17" t="s"><v>1</v></c></row></sheetData></worksheet>`},
		{"xl/sharedStrings.xml", `<sst ` + sheetNS + ` count="3" uniqueCount="4"><si><t>mrn</t></si><si><r><rPr><b/></rPr><t>Quux</t></r><r><t>ley, A</t></r></si><si><t>Quux_x006C_ey&#10;twice</t></si><si><t>deleted Quuxley</t></si></sst>`},
		{"xl/styles.xml", `<styleSheet ` + sheetNS + `><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-409]d\-mmm\-yy;@"/><numFmt numFmtId="165" formatCode="0.00&quot;dy&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
		{"xl/pivotCache/pivotCacheDefinition1.xml", `<pivotCacheDefinition>Quuxley</pivotCacheDefinition>`},
		{"xl/calcChain.xml", `<calcChain/>`},
	}, more...)
	return pack(t, all...)
}

const someCells = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="2"><c r="A2" s="0"><v>4471902</v></c><c r="B2" s="1"><v>20913</v></c><c r="C2" s="2"><v>20913.5</v></c><c r="D2" s="3"><v>20913</v></c><c r="E2" s="4"><v>0.5</v></c></row>
<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="str"><f>Quuxley!A3&amp;"x"</f><v>Quuxley, Ax</v></c><c r="C3" t="inlineStr"><is><t>in line: Quuxley</t></is></c><c r="D3" t="b"><v>1</v></c><c r="E3"><f t="shared" ref="E3:E4" si="0">SUM(A1:A2)</f><v>3</v></c></row>
<row r="4"><c r="E4"><f t="shared" si="0"/><v>5</v></c></row>`

// A cell is known by sheet and reference, whatever its text is stored as; a day
// is a day although it is stored as a number (DLP-16, DLP-17).
func TestCellsAreReadAsTheyAreShown(t *testing.T) {
	f := read(t, book(t, someCells))
	got := texts(f)
	for path, want := range map[string]string{
		"sheet 1, A1": "mrn", "sheet 1, C1": "Quuxley\ntwice", "sheet 1, A2": "4471902", "sheet 1, B2": "1957-04-03", "sheet 1, C2": "1957-04-03 12:00",
		"sheet 1, D2": "20913", "sheet 1, E2": "0.5", "sheet 1, A3": "Quuxley, A", "sheet 1, B3": "Quuxley, Ax", "sheet 1, B3, formula": `Quuxley!A3&"x"`,
		"sheet 1, C3": "in line: Quuxley", "sheet 1, D3": "", "sheet 2, B17": "Quuxley, A", "shared text 4": "deleted Quuxley",
		"sheet 1, header or footer": "Quuxley  Quuxley ",
	} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
	for _, x := range f.Texts() {
		if dated := x.Path == "sheet 1, B2" || x.Path == "sheet 1, C2"; dated != (x.Kind == phi.Date) {
			t.Errorf("%s is of kind %s", x.Path, x.Kind)
		}
		if x.Path == "sheet 2, B17" && *x.Cell != (office.Cell{Table: 2, Row: 17, Column: 2}) {
			t.Errorf("B17 stands at %v", *x.Cell)
		}
	}
}

func TestACellIsWrittenAsTextAndStaysACell(t *testing.T) {
	out := parts(t, hide(t, book(t, someCells), "Quuxley", "4471902", "1957-04-03"))
	sheet := out["xl/worksheets/sheet1.xml"]
	for _, want := range []string{
		`<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">NAME-7K2QAX</t></is></c>`,
		`<c r="B2" s="1" t="inlineStr"><is><t xml:space="preserve">NAME-7K2QAX</t></is></c>`,
		`<c r="B3" t="inlineStr"><is><t xml:space="preserve">NAME-7K2QAX, Ax</t></is></c>`,
		`<c r="A3" t="s"><v>1</v></c>`, `<c r="E4"><f t="shared" si="0"/><v>5</v></c>`, `<pageSetup orientation="portrait"/>`,
		`<oddHeader>&amp;LNAME-7K2QAX&amp;"Arial,Bold"&amp;12NAME-7K2QAX&amp;P</oddHeader>`,
	} {
		if !strings.Contains(sheet, want) {
			t.Errorf("%q is not in\n%s", want, sheet)
		}
	}
	if want := `<sst ` + sheetNS + `><si><t>mrn</t></si><si><r><rPr><b/></rPr><t>NAME-7K2QAX</t></r><r><t>, A</t></r></si>`; !strings.HasPrefix(out["xl/sharedStrings.xml"], want) {
		t.Errorf("the shared texts are\n%s", out["xl/sharedStrings.xml"])
	}
	for _, want := range []string{`<sheet name="NAME-7K2QAX"`, `<definedName name="NAME_7K2QAX_list">NAME-7K2QAX!`} {
		if !strings.Contains(out["xl/workbook.xml"], want) {
			t.Errorf("%q is not in\n%s", want, out["xl/workbook.xml"])
		}
	}
	for name, text := range out {
		if strings.Contains(name, "pivot") || strings.Contains(name, "calcChain") || strings.Contains(text, "pivot") || strings.Contains(name, "printer") {
			t.Errorf("%s stays", name)
		}
	}
}

// The same shared text can be a name in one column and a flower in another.
func TestASharedTextThatIsEditedInOneCellStaysInTheOther(t *testing.T) {
	f := read(t, book(t, `<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>1</v></c></row>`))
	out, err := f.Rewrite(func(i int) []office.Edit {
		if f.Texts()[i].Path == "sheet 1, A1" {
			return []office.Edit{{Start: 0, End: len(f.Texts()[i].Text), Text: "X"}}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := texts(read(t, out))
	if got["sheet 1, A1"] != "X" || got["sheet 1, B1"] != "Quuxley, A" || got["sheet 2, B17"] != "Quuxley, A" {
		t.Errorf("the cells are %q, %q and %q", got["sheet 1, A1"], got["sheet 1, B1"], got["sheet 2, B17"])
	}
}

// Where the first of several cells that share a formula loses it, all do: the
// others would have none.
func TestASharedFormulaGoesAsAWhole(t *testing.T) {
	f := read(t, book(t, someCells))
	out, err := f.Rewrite(func(i int) []office.Edit {
		if f.Texts()[i].Path == "sheet 1, E3" {
			return []office.Edit{{Start: 0, End: 1, Text: "X"}}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sheet := parts(t, out)["xl/worksheets/sheet1.xml"]; !strings.Contains(sheet, `<c r="E4"><v>5</v></c>`) || strings.Contains(sheet, "SUM") {
		t.Error(sheet)
	}
}

func TestASheetsNameStaysShortEnough(t *testing.T) {
	f := read(t, book(t, ""))
	out, err := f.Rewrite(func(i int) []office.Edit {
		if x := f.Texts()[i]; x.Text == "Other" {
			return []office.Edit{{Start: 0, End: 0, Text: strings.Repeat("long ", 8)}}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if book := parts(t, out)["xl/workbook.xml"]; !strings.Contains(book, `<sheet name="Sheet 2~" `) {
		t.Error(book)
	}
}
