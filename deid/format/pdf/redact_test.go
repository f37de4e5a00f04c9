package pdf_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone/deid/format/pdf"
)

var quimby = regexp.MustCompile(`(?i)quimby`)

// Ways in which a page can show a name; DLP-16.
func TestTextThatIsTakenOutIsGone(t *testing.T) {
	cases := map[string]string{
		"one string":             `BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
		"a kerned string":        `BT /F 12 Tf 72 700 Td [(Seen Jane Q) 20 (uim) -15 (by to) 3 (day)] TJ ET`,
		"hexadecimals":           `BT /F 12 Tf 72 700 Td <5365656E204A616E65205175696D627920746F646179> Tj ET`,
		"octal escapes":          `BT /F 12 Tf 72 700 Td (Seen Jane \121uimb\171 today) Tj ET`,
		"the next line operator": `BT /F 12 Tf 14 TL 72 700 Td (Seen Jane) ' (Quimby today) ' ET`,
		"the spacing operator":   `BT /F 12 Tf 14 TL 72 700 Td 1 0.5 (Seen Jane Quimby today) " ET`,
		"two operators":          `BT /F 12 Tf 72 700 Td (Seen Jane Qui) Tj (mby today) Tj ET`,
		"letter by letter":       `BT /F 12 Tf 72 700 Td (Seen Jane ) Tj 61 0 Td (Q) Tj 9.4 0 Td (u) Tj 6.7 0 Td (i) Tj 2.7 0 Td (m) Tj 10 0 Td (b) Tj 6.7 0 Td (y) Tj 8 0 Td (today) Tj ET`,
		"two fonts":              `BT /F 12 Tf 72 700 Td (Seen Jane Qui) Tj /W 12 Tf ` + wide("mby") + ` Tj /F 12 Tf ( today) Tj ET`,
		"codes of two bytes":     `BT /W 12 Tf 72 700 Td ` + wide("Seen Jane Quimby today") + ` Tj ET`,
		"invisible letters":      `BT 3 Tr /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
		"turned text":            `q 0 1 -1 0 300 300 cm BT /F 12 Tf (Seen Jane Quimby today) Tj ET Q`,
		"a shadow":               `BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj 0.5 -0.5 Td (Seen Jane Quimby today) Tj ET`,
		"narrow spaced text":     `BT 60 Tz 2 Tc 3 Tw /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
		"letters written twice":  `BT /F 12 Tf 72 700 Td (Seen Jane ) Tj [(Q)758(Q)(u)538(u)(i)204(i)(m)815(m)(b)538(b)(y)482(y)] TJ ( today) Tj ET`,
		"a comment":              "BT /F 12 Tf 72 700 Td % Quimby\n(Seen Jane Quimby today) Tj ET % Quimby",
		"replacement text":       `/Span <</ActualText (Quimby) /Alt (Quimby)>> BDC BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET EMC`,
		"a name as operand":      `/Quimby MP /Quimby ri (Quimby) w BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
		"an unknown operator":    `BX (Quimby) /Quimby show EX BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
	}
	for what, content := range cases {
		t.Run(what, func(t *testing.T) {
			f := read(t, onePage(content).bytes(), pdf.Options{})
			if got := strings.Join(strings.Fields(pageTexts(f)), " "); got != "Seen Jane Quimby today" {
				t.Fatalf("read as %q", got)
			}
			out := redact(t, f, quimby, "NAME-7K2QAX")
			mustNotHold(t, out, "Quimby", "uimb")
			again := strings.Join(strings.Fields(pageTexts(read(t, out, pdf.Options{}))), " ")
			if again != "Seen Jane NAME-7K2QAX today" {
				t.Errorf("now it reads as %q", again)
			}
			if seen := others(t, out); seen != "" && what != "turned text" &&
				!regexp.MustCompile(`NAME-7K2QAX`).MatchString(seen) {
				t.Errorf("another program reads %q", seen)
			}
		})
	}
}

// Places besides the page where a file can keep a name; DLP-16.
func TestNothingOfTheOldFileIsLeft(t *testing.T) {
	m := onePage(`BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET /Quimby Do /QuimbyGS gs
		/Pattern cs /QuimbyPattern scn 0 0 100 100 re f /OC /QuimbyLayer BDC BT /F 12 Tf 72 600 Td (Layer) Tj ET EMC
		BT /QuimbyDrawn 10 Tf 72 500 Td (ab) Tj ET`)
	m[1] = `<</Type/Catalog/Pages 2 0 R/Lang(Quimby)/Metadata 20 0 R/PieceInfo<</Q<</Private(Quimby)>>>>
		/Names<</EmbeddedFiles<</Names[(Quimby)21 0 R]>>/JavaScript<</Names[(Quimby)<</S/JavaScript/JS(Quimby)>>]>>
		/Dests<</Names[(Quimby)[3 0 R/Fit]]>>>>/Outlines 23 0 R/PageLabels<</Nums[0<</P(Quimby)>>]>>
		/OpenAction<</S/JavaScript/JS(Quimby)>>/StructTreeRoot<</K<</Alt(Quimby)/ActualText(Quimby)>>>>
		/AcroForm<</Fields[25 0 R]/XFA(Quimby)>>/OCProperties<</OCGs[27 0 R]/D<</ON[27 0 R]/Order[(Quimby)27 0 R]>>>>/Quimby(Quimby)>>`
	m[3] = `<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 5 0 R/Annots[25 0 R 26 0 R 32 0 R]/Thumb 22 0 R
		/PieceInfo<</Q(Quimby)>>/AA<</O<</S/URI/URI(Quimby)>>>>/Tabs/Quimby>>`
	m[5] = `<</Font<</F 6 0 R/W 7 0 R/QuimbyDrawn 30 0 R>>/XObject<</Quimby 28 0 R/Unused 29 0 R>>
		/ExtGState<</QuimbyGS<</LW 2/Quimby(Quimby)/SMask<</S/Luminosity/G 33 0 R>>>>>>/Pattern<</QuimbyPattern 34 0 R>>
		/Properties<</QuimbyLayer 27 0 R>>>>`
	m[9] = `<</Title(The case of Quimby)/Author<FEFF005100750069006D00620079>/Custom(Quimby)/Producer(Quimby)>>`
	m[20] = packed("/Type/Metadata/Subtype/XML", "<x>Quimby</x>")
	m[21] = `<</Type/Filespec/F(Quimby.txt)/EF<</F 24 0 R>>>>`
	m[22] = streamOf("/Width 1/Height 1", "Quimby")
	m[23] = `<</First 31 0 R/Last 31 0 R>>`
	m[24] = packed("/Type/EmbeddedFile", "Quimby")
	m[25] = `<</Type/Annot/Subtype/Widget/FT/Tx/T(Name of Quimby)/V(Jane Quimby)/Rect[72 400 272 420]/P 3 0 R>>`
	m[26] = `<</Type/Annot/Subtype/Text/Contents(Ask Quimby)/T(Quimby)/Rect[0 0 9 9]/AP<</N 35 0 R>>>>`
	m[27] = `<</Type/OCG/Name(Quimby)/Usage<</CreatorInfo<</Creator(Quimby)>>>>>>`
	m[28] = packed(`/Type/XObject/Subtype/Form/BBox[0 0 600 600]/PieceInfo<</Q(Quimby)>>/LastModified(Quimby)
		/Resources<</Font<</F 6 0 R>>>>`, "BT /F 9 Tf 72 300 Td (Form of Quimby) Tj ET")
	m[29] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "(Quimby) Tj")
	m[30] = `<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 97/LastChar 98
		/Widths[600 600]/Encoding<</Differences[97/a/Quimby]>>/CharProcs<</a 36 0 R/Quimby 36 0 R>>/ToUnicode 37 0 R>>`
	m[31] = `<</Title(Visit of Quimby)/Dest(Quimby)/Parent 23 0 R>>`
	m[32] = `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://x.example/Quimby)>>>>`
	m[33] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 600 600]/Resources<</Font<</F 6 0 R>>>>",
		"BT /F 9 Tf 72 200 Td (Mask of Quimby) Tj ET")
	m[34] = streamOf("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 99 99]/XStep 99/YStep 99"+
		"/Resources<</Font<</F 6 0 R>>>>", "BT /F 9 Tf (Pattern of Quimby) Tj ET")
	m[35] = streamOf("/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F 6 0 R>>>>",
		"BT /F 9 Tf (Note of Quimby) Tj ET")
	m[36] = streamOf("", "600 0 0 0 600 600 d1 % Quimby\n0 0 500 500 re f")
	m[37] = streamOf("", "1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <61> <0061> "+
		"<62> <005100750069006D00620079> endbfchar")
	m[40] = streamOf("", "Quimby, whom nothing points to")

	// An older revision, and something behind the end.
	var file bytes.Buffer
	file.WriteString("%PDF-1.7\n%Quimby\n")
	onePage(`BT /F 12 Tf 72 700 Td (Older: Jane Quimby) Tj ET`).append(&file, 0, "/ID[(Quimby)(Quimby)]")
	prev := bytes.LastIndex(file.Bytes(), []byte("xref\n1 1"))
	m.append(&file, prev, "/ID[(Quimby)(Quimby)]")
	file.WriteString("Quimby")

	f := read(t, file.Bytes(), pdf.Options{})
	var where []string
	for _, x := range f.Texts() {
		if quimby.MatchString(x.Text) {
			where = append(where, x.Path)
		}
	}
	want := []string{
		"document information, Title", "document information, Author", "document information, entry 1",
		"metadata", "embedded file 1", "bookmark 1", "form field 1", "page 1, annotation 2", "page 1, annotation 2",
		"page 1, annotation 3", "page 1",
	}
	if d := cmp.Diff(want, where); d != "" {
		t.Errorf("where the name was found (-want +got):\n%s", d)
	}
	for _, part := range []string{"Form of", "Mask of", "Pattern of", "Note of", "Layer", "Jane Quimby"} {
		if !strings.Contains(pageTexts(f), part) {
			t.Errorf("%q was not read", part)
		}
	}
	out := redact(t, f, quimby, "NAME-7K2QAX")
	mustNotHold(t, out, "Quimby", "uimb")
	again := pageTexts(read(t, out, pdf.Options{}))
	for _, part := range []string{
		"Seen Jane NAME-7K2QAX today", "Form of NAME-7K2QAX", "Mask of NAME-7K2QAX", "Pattern of NAME-7K2QAX",
		"Note of NAME-7K2QAX", "Layer",
	} {
		if !strings.Contains(again, part) {
			t.Errorf("%q is not in the new file:\n%s", part, again)
		}
	}
	if strings.Contains(others(t, out), "Quimby") {
		t.Error("another program still finds the name")
	}
}

func TestWithoutEditsThePagesReadTheSame(t *testing.T) {
	raw := onePage("BT /F 12 Tf 72 700 Td (One \\(two\\) three) Tj 0 -14 Td [(f)10(our) -400 (five)] TJ ET").bytes()
	f := read(t, raw, pdf.Options{})
	out := redact(t, f, regexp.MustCompile(`\bnever\b`), "")
	if d := cmp.Diff(pageTexts(f), pageTexts(read(t, out, pdf.Options{}))); d != "" {
		t.Errorf("the text changed (-was +is):\n%s", d)
	}
	if !bytes.Equal(out, redact(t, f, regexp.MustCompile(`\bnever\b`), "")) {
		t.Error("the same document gave other bytes the second time")
	}
}

func TestANameOverALineEndGoesAsAWhole(t *testing.T) {
	f := read(t, onePage(`BT /F 12 Tf 14 TL 72 700 Td (Seen today was Jane Abigail) Tj T* (Quimby in good health) Tj ET`).bytes(), pdf.Options{})
	out := redact(t, f, regexp.MustCompile(`Jane Abigail\s+Quimby`), "NAME-7K2QAX")
	mustNotHold(t, out, "Jane", "Abigail", "Quimby")
	got := strings.Join(strings.Fields(pageTexts(read(t, out, pdf.Options{}))), " ")
	if got != "Seen today was NAME-7K2QAX in good health" {
		t.Errorf("now it reads as %q", got)
	}
}

func TestAGlyphOfSeveralLettersKeepsTheOnesOutside(t *testing.T) {
	m := onePage(`BT /W 12 Tf 72 700 Td <0001> Tj ` + wide("eld") + ` Tj ET`)
	m[8] = streamOf("", "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0020> <007e> <0020> endbfrange "+
		"1 beginbfchar <0001> <005300680065006600660069> endbfchar") // one glyph that shows "Sheffi"
	f := read(t, m.bytes(), pdf.Options{})
	out := redact(t, f, regexp.MustCompile(`ffield`), "XX")
	if got := strings.TrimSpace(pageTexts(read(t, out, pdf.Options{}))); got != "SheXX" {
		t.Errorf("now it reads as %q", got)
	}
	mustNotHold(t, out, "Sheff")
}

func TestNamesOfAllScriptsCanBePutIn(t *testing.T) {
	const name = "Łukasz Ōtani-Ärzt 李明"
	f := read(t, onePage(`BT /F 12 Tf 72 700 Td (Seen NAME-7K2QAX today) Tj ET`).bytes(), pdf.Options{})
	out := redact(t, f, regexp.MustCompile(`NAME-7K2QAX`), name)
	if got := strings.TrimSpace(pageTexts(read(t, out, pdf.Options{}))); got != "Seen "+name+" today" {
		t.Errorf("now it reads as %q", got)
	}
	if seen := others(t, out); seen != "" && !strings.Contains(seen, "Łukasz Ōtani-Ärzt 李明") {
		t.Errorf("another program reads %q", seen)
	}
}

func TestADrawingUsedTwiceIsChangedOnceForAll(t *testing.T) {
	m := onePage(`/H Do q 1 0 0 1 0 -300 cm /H Do Q`)
	m[5] = "<</Font<</F 6 0 R>>/XObject<</H 28 0 R>>>>"
	m[28] = packed("/Type/XObject/Subtype/Form/BBox[0 0 600 800]", "BT /F 12 Tf 72 700 Td (For Jane Quimby only) Tj ET")
	f := read(t, m.bytes(), pdf.Options{})
	if n := strings.Count(pageTexts(f), "Quimby"); n != 2 {
		t.Fatalf("the name was read %d times, not twice", n)
	}
	texts := f.Texts()
	out, err := f.Rewrite(func(i int) []pdf.Edit { // only the second of the two
		at := strings.LastIndex(texts[i].Text, "Quimby")
		return []pdf.Edit{{Start: at, End: at + 6, Text: "X"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	mustNotHold(t, out, "Quimby")
}

func TestEditsThatDoNotFitAreRefused(t *testing.T) {
	f := read(t, onePage(`BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`).bytes(), pdf.Options{})
	for _, edits := range [][]pdf.Edit{
		{{Start: 0, End: 999}}, {{Start: 5, End: 4}}, {{Start: 3, End: 3}}, {{Start: 0, End: 5}, {Start: 4, End: 6}}, {{Start: -1, End: 2}},
	} {
		if _, err := f.Rewrite(func(int) []pdf.Edit { return edits }); err == nil || strings.Contains(err.Error(), "Quimby") {
			t.Errorf("edits %v: error %v", edits, err)
		}
	}
}
