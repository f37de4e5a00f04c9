package pdf_test

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode/utf16"

	"chaperone/deid/format/pdf"
)

// made is a document under construction: its objects by number, 1 being the
// catalog.
type made map[int]string

// bytes writes the objects as a file with a classic table.
func (m made) bytes() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	m.append(&b, 0, "")
	return b.Bytes()
}

// append writes a revision behind what is there.
func (m made) append(b *bytes.Buffer, prev int, trailer string) {
	nums := make([]int, 0, len(m))
	for n := range m {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	offsets := map[int]int{}
	for _, n := range nums {
		offsets[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, m[n])
	}
	start := b.Len()
	b.WriteString("xref\n")
	for _, n := range nums {
		fmt.Fprintf(b, "%d 1\n%010d 00000 n \n", n, offsets[n])
	}
	if prev > 0 {
		trailer += fmt.Sprintf("/Prev %d", prev)
	}
	if m[9] != "" {
		trailer += "/Info 9 0 R"
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", nums[len(nums)-1]+1, trailer, start)
}

func streamOf(entries, body string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", entries, len(body), body)
}

func packed(entries, body string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	return streamOf(entries+"/Filter/FlateDecode", b.String())
}

// onePage is a document of one page with the fonts F (Helvetica) and W (the same
// with a table of codes that maps each to itself, in two bytes).
func onePage(content string) made {
	return made{
		1: "<</Type/Catalog/Pages 2 0 R>>",
		2: "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>",
		3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 5 0 R>>",
		4: packed("", content),
		5: "<</Font<</F 6 0 R/W 7 0 R>>>>",
		6: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		7: "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Wide/Encoding/Identity-H/ToUnicode 8 0 R/DescendantFonts[" +
			"<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Wide/DW 600" +
			"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>",
		8: packed("", "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"+
			"1 beginbfrange <0020> <007e> <0020> endbfrange endcmap"),
	}
}

// wide writes a string for the font W.
func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	return "<" + b.String() + ">"
}

func read(t testing.TB, raw []byte, o pdf.Options) *pdf.File {
	t.Helper()
	f, err := pdf.Read(raw, o)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return f
}

// pageTexts are the texts of the pages, one after the other.
func pageTexts(f *pdf.File) string {
	var b strings.Builder
	for _, t := range f.Texts() {
		if strings.HasPrefix(t.Path, "page ") && !t.Gone {
			b.WriteString(t.Text + "\n")
		}
	}
	return b.String()
}

// redact puts with for every match, in every text.
func redact(t testing.TB, f *pdf.File, match *regexp.Regexp, with string) []byte {
	t.Helper()
	texts := f.Texts()
	out, err := f.Rewrite(func(i int) []pdf.Edit {
		var edits []pdf.Edit
		for _, m := range match.FindAllStringIndex(texts[i].Text, -1) {
			edits = append(edits, pdf.Edit{Start: m[0], End: m[1], Text: with})
		}
		return edits
	})
	if err != nil {
		t.Fatalf("rewrite: %v", err)
	}
	return out
}

var (
	streams  = regexp.MustCompile(`(?s)stream\r?\n(.*?)\nendstream`)
	literals = regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\)`)
	hexes    = regexp.MustCompile(`<([0-9A-Fa-f\s]+)>`)
)

// everything is all that a file holds in any form that a word could be found
// in: its bytes, its streams unpacked, and the strings of each put together, as
// they are and from hexadecimals. It knows nothing of the package under test.
func everything(raw []byte) string {
	var all strings.Builder
	add := func(part []byte) {
		all.Write(part)
		all.WriteByte('\n')
		for _, m := range literals.FindAllSubmatch(part, -1) {
			all.Write(m[1])
		}
		all.WriteByte('\n')
		for _, m := range hexes.FindAllSubmatch(part, -1) {
			clean := strings.Join(strings.Fields(string(m[1])), "")
			if b, err := hex.DecodeString(clean[:len(clean)/2*2]); err == nil {
				all.Write(b)
			}
		}
		all.WriteByte('\n')
	}
	add(raw)
	for _, m := range streams.FindAllSubmatch(raw, -1) {
		if z, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			body, _ := io.ReadAll(z)
			add(body)
		}
	}
	return all.String()
}

// mustNotHold fails if a word can be found in a file in any form.
func mustNotHold(t *testing.T, raw []byte, words ...string) {
	t.Helper()
	all := everything(raw)
	for _, w := range words {
		var high, low []byte
		for _, u := range utf16.Encode([]rune(w)) {
			high = append(high, byte(u>>8), byte(u))
			low = append(low, byte(u), byte(u>>8))
		}
		for form, v := range map[string]string{
			"as it is": w, "in UTF-16": string(high), "in UTF-16, low byte first": string(low),
			"in hexadecimals": hex.EncodeToString([]byte(w)), "in capital hexadecimals": strings.ToUpper(hex.EncodeToString(high)),
		} {
			if strings.Contains(all, v) {
				t.Errorf("the file still holds %q %s", w, form)
			}
		}
	}
	if strings.Contains(all, "/Prev") {
		t.Error("the file points to an earlier revision")
	}
}

// others reads a file with a program of somebody else's, if it is installed.
func others(t *testing.T, raw []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("pdftotext is not installed: the file was not read by a second program")
		return ""
	}
	path := filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext cannot read the file: %v", err)
	}
	return string(out)
}
