package pdf_test

import (
	"bytes"
	"compress/lzw"
	"encoding/ascii85"
	"fmt"
	"math"
	"strings"
	"testing"

	"chaperone/deid/format/pdf"
)

func TestTheRestOfThePageDoesNotMove(t *testing.T) {
	for _, content := range []string{
		`BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET`,
		`BT /F 12 Tf 3 Tc 7 Tw 60 Tz 72 700 Td [(Seen) -300 (Jane Q)50(uimby)-40( today)] TJ (, at noon) Tj ET`,
		`BT /F 12 Tf 14 TL 72 700 Td (Quimby) ' (today) ' 2 1 (Jane Quimby here) " (again) ' ET`,
		`q 0.5 0.2 -0.3 0.7 100 100 cm BT /W 12 Tf 72 700 Td ` + wide("Quimby") + ` Tj /F 7 Tf 3 Ts (raised) Tj ET Q BT /F 9 Tf (end) Tj ET`,
		`BT /F -12 Tf -80 Tz 300 300 Td (Jane Quimby today) Tj (more) Tj ET`,
	} {
		f := read(t, onePage(content).bytes(), pdf.Options{})
		out := redact(t, f, quimby, "##")
		var want []pdf.Shown
		was := f.Shown(0)
		for i := 0; i < len(was); i++ {
			if i+6 <= len(was) && was[i].Text == "Q" && was[i+5].Text == "y" {
				i += 5
				continue
			}
			want = append(want, was[i])
		}
		var got []pdf.Shown
		for _, g := range read(t, out, pdf.Options{}).Shown(0) {
			if g.Text != "#" {
				got = append(got, g)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s\n%d glyphs are left, not %d", content, len(got), len(want))
			continue
		}
		for i := range got {
			if got[i].Text != want[i].Text || math.Hypot(got[i].X-want[i].X, got[i].Y-want[i].Y) > 0.02 {
				t.Errorf("%s\n%q moved from %.2f %.2f to %.2f %.2f", content, want[i].Text, want[i].X, want[i].Y, got[i].X, got[i].Y)
				break
			}
		}
	}
}

const plainContent = "BT /F 12 Tf 72 700 Td (Seen Jane Quimby today) Tj ET"

func TestContentIsReadUnderEveryFilter(t *testing.T) {
	var a85, late bytes.Buffer
	w := ascii85.NewEncoder(&a85)
	_, _ = w.Write([]byte(plainContent))
	_ = w.Close()
	z := lzw.NewWriter(&late, lzw.MSB, 8)
	_, _ = z.Write([]byte(plainContent))
	_ = z.Close()
	var up strings.Builder // rows of eight bytes, each as the difference to the row above
	padded := plainContent + strings.Repeat(" ", 8-len(plainContent)%8)
	for i := 0; i < len(padded); i += 8 {
		up.WriteByte(2)
		for k := range 8 {
			above := byte(0)
			if i > 0 {
				above = padded[i-8+k]
			}
			up.WriteByte(padded[i+k] - above)
		}
	}
	var run strings.Builder
	for i := 0; i < len(plainContent); i += 100 {
		part := plainContent[i:min(i+100, len(plainContent))]
		run.WriteByte(byte(len(part) - 1))
		run.WriteString(part)
	}
	for what, object := range map[string]string{
		"ASCII85":        streamOf("/Filter/ASCII85Decode", a85.String()+"~>"),
		"hexadecimals":   streamOf("/Filter[/ASCIIHexDecode]", fmt.Sprintf("%x>", plainContent)),
		"LZW":            streamOf("/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>", late.String()),
		"runs":           streamOf("/Filter/RunLengthDecode", run.String()+"\x80"),
		"a predictor":    packed("/DecodeParms<</Predictor 12/Columns 8>>", up.String()),
		"two filters":    streamOf("/Filter[/ASCIIHexDecode/ASCII85Decode]", fmt.Sprintf("%x>", a85.String()+"~>")),
		"a wrong length": strings.Replace(streamOf("", plainContent), fmt.Sprint(len(plainContent)), "7", 1),
	} {
		t.Run(what, func(t *testing.T) {
			m := onePage("")
			m[4] = object
			f := read(t, m.bytes(), pdf.Options{})
			if got := strings.TrimSpace(pageTexts(f)); got != "Seen Jane Quimby today" {
				t.Fatalf("read as %q", got)
			}
			mustNotHold(t, redact(t, f, quimby, "X"), "Quimby")
		})
	}
}

// packedFile is a document whose objects lie in an object stream, found by a
// packed table.
func packedFile(m made) []byte {
	var b, head, body, rows bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	row := func(kind, at, index int) {
		rows.Write([]byte{byte(kind), byte(at >> 8), byte(at), byte(index)})
	}
	row(0, 0, 0)
	var plain [12][3]int
	n := 0
	for num := 1; num <= 8; num++ {
		if strings.Contains(m[num], "stream") {
			plain[num] = [3]int{1, b.Len(), 0}
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", num, m[num])
			continue
		}
		fmt.Fprintf(&head, "%d %d ", num, body.Len())
		body.WriteString(m[num] + " ")
		plain[num] = [3]int{2, 10, n}
		n++
	}
	plain[10] = [3]int{1, b.Len(), 0}
	fmt.Fprintf(&b, "10 0 obj\n%s\nendobj\n", packed(fmt.Sprintf("/Type/ObjStm/N %d/First %d", n, head.Len()), head.String()+body.String()))
	start := b.Len()
	plain[11] = [3]int{1, start, 0}
	for num := 1; num <= 11; num++ {
		row(plain[num][0], plain[num][1], plain[num][2])
	}
	fmt.Fprintf(&b, "11 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF", packed("/Type/XRef/Size 12/W[1 2 1]/Root 1 0 R", rows.String()), start)
	return b.Bytes()
}

func TestObjectsInStreamsAreRead(t *testing.T) {
	raw := packedFile(onePage(plainContent))
	for what, file := range map[string][]byte{
		"with its table": raw, "without its table": bytes.Replace(raw, []byte("startxref"), []byte("startxxxx"), 1),
	} {
		f := read(t, file, pdf.Options{})
		if got := strings.TrimSpace(pageTexts(f)); got != "Seen Jane Quimby today" {
			t.Errorf("%s: read as %q", what, got)
		}
		mustNotHold(t, redact(t, f, quimby, "X"), "Quimby")
	}
}

func TestTheNewestRevisionCounts(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	onePage("BT /F 12 Tf 72 700 Td (Older) Tj ET").append(&b, 0, "")
	prev := bytes.LastIndex(b.Bytes(), []byte("xref\n1 1"))
	made{4: streamOf("", "BT /F 12 Tf 72 700 Td (Newer) Tj ET")}.append(&b, prev, "")
	f := read(t, b.Bytes(), pdf.Options{})
	if got := strings.TrimSpace(pageTexts(f)); got != "Newer" {
		t.Errorf("read as %q", got)
	}
	mustNotHold(t, redact(t, f, quimby, "X"), "Older")
}

func TestFieldsWithoutALookAreDrawn(t *testing.T) {
	m := onePage("")
	m[1] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R]/NeedAppearances true>>>>"
	m[3] = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 5 0 R/Annots[20 0 R]>>"
	m[20] = "<</Type/Annot/Subtype/Widget/FT/Tx/T(patient)/TU(Patient name)/V(Jane Quimby)/Rect[72 600 272 620]>>"
	f := read(t, m.bytes(), pdf.Options{})
	var label string
	for _, x := range f.Texts() {
		if x.Text == "Jane Quimby" && x.Gone {
			label = x.Label
		}
	}
	if label != "Patient name" {
		t.Errorf("the field stands under %q", label)
	}
	out := redact(t, f, quimby, "NAME-7K2QAX")
	mustNotHold(t, out, "Quimby")
	if got := strings.TrimSpace(pageTexts(read(t, out, pdf.Options{}))); got != "Jane NAME-7K2QAX" {
		t.Errorf("the page reads %q", got)
	}
}

// earlyLZW packs with codes of nine bits only, and begins anew before they would
// have to grow.
func earlyLZW(s string) string {
	var out []byte
	bits, have := 0, 0
	put := func(code int) {
		bits, have = bits<<9|code, have+9
		for have >= 8 {
			out = append(out, byte(bits>>(have-8)))
			have -= 8
			bits &= 1<<have - 1
		}
	}
	for i := range len(s) {
		if i%200 == 0 {
			put(256)
		}
		put(int(s[i]))
	}
	put(257)
	put(0)
	return string(out)
}

func TestTheUsualLZWIsRead(t *testing.T) {
	m := onePage("")
	m[4] = streamOf("/Filter/LZWDecode", earlyLZW(plainContent+strings.Repeat(" ", 500)))
	if got := strings.TrimSpace(pageTexts(read(t, m.bytes(), pdf.Options{}))); got != "Seen Jane Quimby today" {
		t.Errorf("read as %q", got)
	}
}
