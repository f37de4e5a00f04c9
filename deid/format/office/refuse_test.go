package office_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/format/office"
)

// bomb is an archive whose one part unpacks to n zeros.
func bomb(t testing.TB, n int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, n); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func wide(s string) string { return regexp.MustCompile(`.`).ReplaceAllString(s, "$0\x00") }

// Whatever cannot be looked into, or is not what it says, is refused in words
// that repeat nothing of it.
func TestBadFilesAreRefused(t *testing.T) {
	fine := word(t, `<w:p><w:r><w:t>Quuxley</w:t></w:r></w:p>`)
	many := make([]entry, 50)
	for i := range many {
		many[i] = entry{strings.Repeat("a", i+1), "x"}
	}
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing":                  {nil, "broken or not whole"},
		"half an archive":          {fine[:len(fine)/2], "broken or not whole"},
		"a damaged part":           {bytes.Replace(fine, []byte("PK\x03\x04"), []byte("PK\x03\x05"), 1), "broken"},
		"an encrypted document":    {[]byte("\xD0\xCF\x11\xE0" + wide("EncryptedPackage")), "an encrypted office document is not inspectable"},
		"an old document":          {[]byte("\xD0\xCF\x11\xE0" + wide("WordDocument")), "binary format from before 2007"},
		"an old spreadsheet":       {[]byte("\xD0\xCF\x11\xE0" + wide("Workbook")), "binary format from before 2007"},
		"a bomb":                   {bomb(t, 40<<20), "unpacks to more than 1000 times its size"},
		"too much":                 {bomb(t, 900<<10), "unpacks to more than the limit"},
		"too many texts":           {word(t, strings.Repeat(`<w:ins w:author="Quuxley A"/>`, 300)), "more than 200 cells and texts"},
		"too many parts":           {pack(t, many...), "more than 40 files"},
		"two parts of one name":    {pack(t, entry{"a.xml", "<a/>"}, entry{"A.xml", "<a/>"}), "another part has the same name"},
		"a way out":                {pack(t, entry{"../a.xml", "<a/>"}), "leads out of the archive"},
		"a way to the root":        {pack(t, entry{"/a.xml", "<a/>"}), "leads out of the archive"},
		"a way for another system": {pack(t, entry{`word\a.xml`, "<a/>"}), "leads out of the archive"},
		"just an archive":          {pack(t, entry{"Quuxley.txt", "x"}), "an archive that is no office document"},
		"an embedded object":       {word(t, "<w:p/>", entry{"word/embeddings/oleObject1.bin", "\xD0\xCF\x11\xE0Quuxley"}), "1 embedded objects"},
		"a film":                   {word(t, "<w:p/>", entry{"word/media/Quuxley.mp4", "\x00"}), "1 parts of an unknown kind"},
		"a control":                {word(t, "<w:p/>", entry{"word/activeX/activeX1.bin", "\x00"}), "1 controls"},
		"an unknown part":          {word(t, "<w:p/>", entry{"word/Quuxley.dat", "\x00Quuxley"}), "1 parts of an unknown kind"},
		"a bomb within":            {word(t, "<w:p/>", entry{"word/embeddings/a.xlsx", string(bomb(t, 40<<20))}), "unpacks to more than"},
		"entities of its own":      {word(t, `<w:p/>`, entry{"word/a.xml", `<!DOCTYPE a [<!ENTITY q "Quuxley">]><a>&q;</a>`}), "declares a document type"},
		"an unknown entity":        {word(t, `<w:p>&quux;</w:p>`), "no such entity"},
		"tags that do not match":   {word(t, `<w:p></w:r>`), "a closing tag does not match"},
		"a tag that is not closed": {word(t, `<w:p`), "a tag is not closed"},
		"too deep":                 {word(t, strings.Repeat("<w:p>", 600)), "too deep"},
		"another character set":    {word(t, `<w:p/>`, entry{"word/a.xml", "<?xml version='1.0' encoding='windows-1251'?><a>Quuxley</a>"}), "character set that is not read"},
		"invalid UTF-8":            {word(t, "<w:p>\xff</w:p>"), "not valid UTF-8"},
		"slicers":                  {word(t, `<w:p/>`, entry{"xl/slicers/slicer1.xml", "<a/>"}), "slicers"},
		"rich text cut off":        {[]byte(`{\rtf1 Quuxley`), "a group is not closed"},
		"rich text too deep":       {[]byte(`{\rtf1` + strings.Repeat("{", 2000)), "too deep"},
		"rich text with an object": {rtf(`{\object{\*\objdata 00}}`), "1 embedded objects"},
		"rich text with binary":    {rtf(`{\bin5 abcde}`), "1 embedded objects"},
		"binary that is not whole": {rtf(`{\bin500 abc}`), "binary data is not whole"},
		"an encrypted OpenDocument": {pack(t, entry{"mimetype", "application/vnd.oasis.opendocument.text"}, entry{
			"META-INF/manifest.xml",
			`<m><file-entry full-path="content.xml"><encryption-data/></file-entry></m>`,
		}, entry{"content.xml", "<a/>"}), "an encrypted office document"},
	} {
		t.Run(name, func(t *testing.T) {
			limits := office.Limits{Parts: 40, Texts: 200}
			if name == "too much" {
				limits.Total = 100 << 10
			}
			_, err := office.Read(c.raw, limits)
			var (
				fault  *office.Fault
				closed *office.Uninspectable
			)
			if err == nil || !errors.As(err, &fault) && !errors.As(err, &closed) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "uuxley") || closed != nil && strings.Contains(closed.Hint, "uuxley") {
				t.Errorf("the error repeats the document: %v", err)
			}
		})
	}
}

// readable reports whether an independent reader takes a part.
func readable(text string) bool {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// rewritten demands of whatever can be read that it can be written, with every
// text replaced, and be read again.
func rewritten(t *testing.T, raw []byte) {
	f, err := office.Read(raw, office.Limits{Total: 1 << 20, BlankPictures: true})
	if err != nil {
		return
	}
	for _, x := range f.Texts() {
		if x.Line < 1 || x.Path == "" {
			t.Fatalf("a text has no place: %q, line %d", x.Path, x.Line)
		}
	}
	for _, put := range []string{"", "NAME-7K2QAX"} {
		out, err := f.Rewrite(func(i int) []office.Edit {
			if put == "" || f.Texts()[i].Instant {
				return nil
			}
			return []office.Edit{{Start: 0, End: len(f.Texts()[i].Text), Text: put}}
		})
		if err != nil {
			t.Fatal(err)
		}
		again, err := office.Read(out, office.Limits{Total: 8 << 20, BlankPictures: true})
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%q", err, out)
		}
		if put == "" && len(again.Texts()) != len(f.Texts()) {
			t.Fatalf("%d texts became %d", len(f.Texts()), len(again.Texts()))
		}
		if bytes.HasPrefix(out, []byte("PK")) {
			before, after := unpack(t, raw), unpack(t, out)
			for name, text := range after {
				if strings.HasSuffix(name, ".xml") && readable(before[name]) && !readable(text) {
					t.Fatalf("%s was well formed and is not any more:\n%s", name, text)
				}
			}
		}
	}
}

func FuzzWord(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>Mr. Jo</w:t></w:r><w:r><w:t>hn</w:t><w:tab/></w:r><w:ins w:author="A b" w:date="2024-03-05T10:00:00Z"/></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>&#74;&amp;</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:txbxContent><w:p/></w:txbxContent><![CDATA[x]]><!-- y -->`)
	f.Add(`<w:fldChar/><w:instrText> REF x </w:instrText><w:bookmarkStart w:name="a b"/><embeddedFontLst><t>x</t></embeddedFontLst><c:v>x</c:v>`)
	f.Fuzz(func(t *testing.T, body string) { rewritten(t, word(t, body)) })
}

func FuzzSheet(f *testing.F) {
	f.Add(someCells)
	f.Add(`<row><c t="s"><v>3</v></c><c><f t="shared" si="0">A1</f><v>1e3</v></c><c t="inlineStr"><is><rPh><t>x</t></rPh><r><t>y_x0041_</t></r></is></c></row>`)
	f.Fuzz(func(t *testing.T, cells string) { rewritten(t, book(t, cells)) })
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi{\fonttbl{\f0\fcharset128 x;}}\f0\'8e\'52 \u252?x\uc2\u-10179??\u-8704?? {\*\x y}\par}`))
	f.Add([]byte(`{\rtf1{\stylesheet{\s0 Normal;}{\s1 a;}}{\info{\author A;}}\trowd a\cell{\b b}\cell\row{\pict{\*\blipuid 00}ff}{\*\revtbl{U;}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) { rewritten(t, raw) })
}

func FuzzArchive(f *testing.F) {
	f.Add(pack(f, entry{"mimetype", "application/vnd.oasis.opendocument.text"}, entry{"content.xml", "<a><p>x<s/>y</p></a>"}))
	f.Add(word(f, "<w:p/>", entry{"word/_rels/document.xml.rels", rels("header a~b.xml", "hyperlink http://x.org External")}, entry{"word/a b.xml", "<a>x</a>"}))
	f.Fuzz(func(t *testing.T, raw []byte) { rewritten(t, raw) })
}
