package dicom_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/format/dicom"
	"chaperone/phi"
)

// attr is an attribute to be written; a sequence has items.
type attr struct {
	tag   uint32
	vr    string
	value string
	items [][]attr
}

// long are the representations with lengths of four bytes.
var long = map[string]bool{"OB": true, "OW": true, "SQ": true, "UN": true, "UT": true, "UC": true}

// maker writes DICOM files in a way of its own: sequences and items without
// length, unlike the package.
type maker struct {
	order interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}
	implicit bool
	out      []byte
}

func (m *maker) tag(t uint32) {
	m.out = m.order.AppendUint16(m.order.AppendUint16(m.out, uint16(t>>16)), uint16(t))
}

func (m *maker) set(list []attr) {
	for _, a := range list {
		if len(a.value)%2 == 1 {
			a.value += map[bool]string{true: "\x00", false: " "}[a.vr == "UI"]
		}
		n := uint32(len(a.value))
		if a.vr == "SQ" {
			n = 0xFFFFFFFF
		}
		m.tag(a.tag)
		switch {
		case m.implicit:
			m.out = m.order.AppendUint32(m.out, n)
		case long[a.vr]:
			m.out = m.order.AppendUint32(append(m.out, a.vr+"\x00\x00"...), n)
		default:
			m.out = m.order.AppendUint16(append(m.out, a.vr...), uint16(n))
		}
		m.out = append(m.out, a.value...)
		if a.vr != "SQ" {
			continue
		}
		for _, item := range a.items {
			m.tag(0xFFFEE000)
			m.out = m.order.AppendUint32(m.out, 0xFFFFFFFF)
			m.set(item)
			m.tag(0xFFFEE00D)
			m.out = m.order.AppendUint32(m.out, 0)
		}
		m.tag(0xFFFEE0DD)
		m.out = m.order.AppendUint32(m.out, 0)
	}
}

const (
	implicit = "1.2.840.10008.1.2"
	explicit = "1.2.840.10008.1.2.1"
	deflated = "1.2.840.10008.1.2.1.99"
	big      = "1.2.840.10008.1.2.2"
	packed   = "1.2.840.10008.1.2.4.50"
)

// file makes a file in a transfer syntax.
func file(syntax string, set []attr) []byte {
	body := &maker{order: binary.LittleEndian, implicit: syntax == implicit}
	if syntax == big {
		body.order = binary.BigEndian
	}
	body.set(set)
	meta := &maker{order: binary.LittleEndian}
	meta.set([]attr{
		{tag: 0x00020001, vr: "OB", value: "\x00\x01"},
		{tag: 0x00020003, vr: "UI", value: "1.2.3.4.5"},
		{tag: 0x00020010, vr: "UI", value: syntax},
		{tag: 0x00020016, vr: "AE", value: "OYELARAN"},
	})
	out := append([]byte("MM\x00* a second file of Oyelaran"), make([]byte, 128-30)...)
	out = append(append(out[:128], "DICM"...), meta.out...)
	if syntax != deflated {
		return append(out, body.out...)
	}
	b := bytes.NewBuffer(out)
	z, _ := flate.NewWriter(b, 9)
	z.Write(body.out)
	z.Close()
	return b.Bytes()
}

// order writes a number of two bytes.
func order(syntax string, n uint16) string {
	if syntax == big {
		return string(binary.BigEndian.AppendUint16(nil, n))
	}
	return string(binary.LittleEndian.AppendUint16(nil, n))
}

// scan is a slice of a made-up patient.
func scan(syntax, burned, modality string) []attr {
	n := func(v uint16) string { return order(syntax, v) }
	return []attr{
		{tag: 0x00080005, vr: "CS", value: "ISO_IR 100"},
		{tag: 0x00080008, vr: "CS", value: `ORIGINAL\PRIMARY`},
		{tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.2"},
		{tag: 0x00080018, vr: "UI", value: "1.2.3.4.5"},
		{tag: 0x00080020, vr: "DA", value: "20240506"},
		{tag: 0x00080030, vr: "TM", value: "101112"},
		{tag: 0x00080050, vr: "SH", value: "ACC12345"},
		{tag: 0x00080060, vr: "CS", value: modality},
		{tag: 0x00080070, vr: "LO", value: "Acme"},
		{tag: 0x00081030, vr: "LO", value: "CT for Oyelaran"},
		{tag: 0x00081140, vr: "SQ", items: [][]attr{{
			{tag: 0x00081150, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.2"},
			{tag: 0x00081155, vr: "UI", value: "1.2.3.4.5"},
		}}},
		{tag: 0x00090010, vr: "LO", value: "ACME"},
		{tag: 0x00091001, vr: "LO", value: "Oyelaran"},
		{tag: 0x00100010, vr: "PN", value: "Oyelaran^Zo\xEB^^Dr"},
		{tag: 0x00100020, vr: "LO", value: "00482913"},
		{tag: 0x00100030, vr: "DA", value: "19570314"},
		{tag: 0x00100040, vr: "CS", value: "F"},
		{tag: 0x00101010, vr: "AS", value: "067Y"},
		{tag: 0x00180060, vr: "DS", value: "120"},
		{tag: 0x00181040, vr: "LO", value: "oral, says Oyelaran"},
		{tag: 0x00181048, vr: "FD", value: "Oyelaran"}, // a text that says it is a number
		{tag: 0x0020000D, vr: "UI", value: "1.2.3.4"},
		{tag: 0x00280002, vr: "US", value: n(1)},
		{tag: 0x00280004, vr: "CS", value: "MONOCHROME2"},
		{tag: 0x00280010, vr: "US", value: n(2)},
		{tag: 0x00280011, vr: "US", value: n(4)},
		{tag: 0x00280100, vr: "US", value: n(16)},
		{tag: 0x00280101, vr: "US", value: n(12)},
		{tag: 0x00280102, vr: "US", value: n(11)},
		{tag: 0x00280103, vr: "US", value: n(0)},
		{tag: 0x00280301, vr: "CS", value: burned},
		{tag: 0x60003000, vr: "OW", value: "Oyelaran"},
		{tag: 0x7FE00010, vr: "OW", value: "pixels of a scan"},
	}
}

var conceal = regexp.MustCompile(`Oyelaran|Zoë|Dr|00482913|ACC12345|1\.2\.3\.4(\.5)?|19570314|20240506`)

// rewrite conceals what the expression finds: dates become a year, all else a
// placeholder that is the same for the same text.
func rewrite(t testing.TB, f *dicom.File) []byte {
	t.Helper()
	out, err := f.Rewrite(func(i int) []dicom.Edit {
		x := f.Texts()[i]
		var edits []dicom.Edit
		for _, m := range conceal.FindAllStringIndex(x.Text, -1) {
			word := x.Text[m[0]:m[1]]
			to := map[string]string{"Oyelaran": "NAME-7K2QAX", "Zoë": "NAME-7K2QAY", "Dr": "NAME-7K2QAZ", "00482913": "RECORD-1A2B3C"}[word]
			switch {
			case x.Day:
				to = word[:4] + "0101"
			case to == "":
				to = "CODE-" + strings.ReplaceAll(word, ".", "X")
			}
			edits = append(edits, dicom.Edit{Start: m[0], End: m[1], Text: to})
		}
		return edits
	})
	if err != nil {
		t.Fatalf("rewrite: %v", err)
	}
	return out
}

func read(t testing.TB, raw []byte, o dicom.Options) *dicom.File {
	t.Helper()
	f, err := dicom.Read(raw, o)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return f
}

// values are the texts by their paths.
func values(f *dicom.File) map[string]string {
	m := map[string]string{}
	for _, x := range f.Texts() {
		if m[x.Path] != "" {
			m[x.Path] += "|"
		}
		m[x.Path] += x.Text
	}
	return m
}

// DLP-16: the header is concealed as the Basic Profile asks, in every way of
// writing a data set.
func TestTheHeaderFollowsTheBasicProfile(t *testing.T) {
	for _, syntax := range []string{implicit, explicit, deflated, big} {
		t.Run(syntax, func(t *testing.T) {
			out := rewrite(t, read(t, file(syntax, scan(syntax, "NO", "CT")), dicom.Options{}))
			f := read(t, out, dicom.Options{})
			got := values(f)
			for path, want := range map[string]string{
				"PatientName": "NAME-7K2QAX|NAME-7K2QAY|NAME-7K2QAZ", // Z, a dummy
				"PatientID":   "RECORD-1A2B3C", "PatientBirthDate": "19570101", "StudyDate": "20240101", "AccessionNumber": "CODE-ACC12345",
				"PatientSex": "", "StudyTime": "", // Z
				"StudyDescription": "", "PatientAge": "", "(0009,1001)": "", "(0009,0010)": "", // X, and private
				"ContrastBolusRoute": "oral, says NAME-7K2QAX", "Manufacturer": "Acme", // not in the table
				"DeidentificationMethodCodeSequence[1].CodeValue": "113100",
			} {
				if got[path] != want {
					t.Errorf("%s is %q, want %q", path, got[path], want)
				}
			}
			id := got["SOPInstanceUID"]
			if !strings.HasPrefix(id, "2.25.") || got["ReferencedImageSequence[1].ReferencedSOPInstanceUID"] != id || got["StudyInstanceUID"] == id || len(id) > 64 {
				t.Errorf("identifiers %q, %q, %q", id, got["ReferencedImageSequence[1].ReferencedSOPInstanceUID"], got["StudyInstanceUID"])
			}
			if syntax == explicit && !(bytes.Contains(out, []byte(`ORIGINAL\PRIMARY`)) && bytes.Contains(out, []byte("ISO_IR 100")) && bytes.Contains(out, []byte("\x08\x00\x60\x00CS\x02\x00CT")) && bytes.Contains(out, []byte("\x12\x00\x62\x00CS\x04\x00YES "))) {
				t.Error("words of the standard are lost")
			}
			for i, head := range out[:128] {
				if head != 0 {
					t.Fatalf("byte %d of the preamble has stayed", i)
				}
			}
			if syntax != deflated {
				if at := regexp.MustCompile(`(?i)Oyelaran|1\.2\.3\.4`).Find(out); at != nil {
					t.Errorf("what was written holds %q", at)
				}
				if !bytes.Contains(out, []byte("pixels of a scan")) {
					t.Error("the pixels are lost")
				}
			}
		})
	}
}

// What the profile empties stays empty if nothing has replaced all of it.
func TestWhatTheProfileNamesNeverStays(t *testing.T) {
	f := read(t, file(explicit, scan(explicit, "NO", "CT")), dicom.Options{})
	for name, edits := range map[string]func(i int) []dicom.Edit{
		"no edit":    func(int) []dicom.Edit { return nil },
		"half of it": func(i int) []dicom.Edit { return []dicom.Edit{{Start: 1, End: len(f.Texts()[i].Text), Text: "x"}} },
		"a long word": func(i int) []dicom.Edit {
			return []dicom.Edit{{Start: 0, End: len(f.Texts()[i].Text), Text: strings.Repeat("x", 80)}}
		},
	} {
		out, err := f.Rewrite(edits)
		if err != nil {
			t.Fatal(err)
		}
		got := values(read(t, out, dicom.Options{Blank: true}))
		for _, path := range []string{"PatientName", "PatientID", "PatientBirthDate", "StudyDate", "AccessionNumber", "PatientSex"} {
			if v := got[path]; v != "" && v != "REMOVED" { // a dummy, where the table asks for one
				t.Errorf("%s: %s is %q", name, path, v)
			}
		}
		if id := got["SOPInstanceUID"]; id != "" && !strings.HasPrefix(id, "2.25.") {
			t.Errorf("%s: SOPInstanceUID is %q", name, id)
		}
	}
}

func TestTextsSayWhatTheyAre(t *testing.T) {
	f := read(t, file(explicit, scan(explicit, "NO", "CT")), dicom.Options{})
	for _, x := range f.Texts() {
		switch x.Path {
		case "PatientName":
			if x.Kind != phi.Name && x.Text != "Dr" || x.Label != "Patient Name" {
				t.Errorf("%+v", x)
			}
		case "PatientBirthDate":
			if !x.Day || !x.Birth {
				t.Errorf("%+v", x)
			}
		case "StudyDescription", "(0009,1001)":
			if !x.Gone || !strings.Contains(x.Text, "Oyelaran") {
				t.Errorf("%+v", x)
			}
		}
	}
	if got := values(f)["(0009,1001)"]; got != "Oyelaran" {
		t.Errorf("the private attribute is listed as %q", got)
	}
}

// DLP-16: pixels are believed only where the header vouches for them.
func TestPixelsThatMayHoldTextAreRefusedOrBlank(t *testing.T) {
	for _, c := range []struct {
		burned, modality string
		ok               bool
	}{{"NO", "CT", true}, {"YES", "CT", false}, {"", "CT", false}, {"NO", "US", false}, {"NO", "OT", false}} {
		raw := file(explicit, scan(explicit, c.burned, c.modality))
		_, err := dicom.Read(raw, dicom.Options{})
		var closed *dicom.Uninspectable
		if c.ok != (err == nil) || !c.ok && !errors.As(err, &closed) {
			t.Errorf("%+v: got %v", c, err)
		}
		out := rewrite(t, read(t, raw, dicom.Options{Blank: true}))
		if bytes.Contains(out, []byte("pixels of a scan")) != c.ok {
			t.Errorf("%+v: the pixels are wrongly kept or blank", c)
		}
	}
	// Encapsulated pixels become blank ones that are not.
	set := scan(explicit, "YES", "CT")
	set = set[:len(set)-1]
	raw := file(packed, set)
	m := &maker{order: binary.LittleEndian, out: raw}
	m.tag(0x7FE00010)
	m.out = append(m.out, "OB\x00\x00\xff\xff\xff\xff"...)
	for _, piece := range []string{"", "a JPEG of Oyelaran"} {
		m.tag(0xFFFEE000)
		m.out = append(m.order.AppendUint32(m.out, uint32(len(piece))), piece...)
	}
	m.tag(0xFFFEE0DD)
	m.out = append(m.out, 0, 0, 0, 0)
	out := rewrite(t, read(t, m.out, dicom.Options{Blank: true}))
	if bytes.Contains(out, []byte("a JPEG")) || !bytes.HasSuffix(out, make([]byte, 16)) || !bytes.Contains(out, []byte(explicit+"\x00")) {
		t.Error("encapsulated pixels are not blank")
	}
}

// Independent readers find the file whole, and nobody in it.
func TestOtherProgramsReadWhatIsWritten(t *testing.T) {
	dcmdump, err := exec.LookPath("dcmdump")
	if err != nil {
		t.Skip("dcmdump (dcmtk) is not installed: its view of the files is not tested")
	}
	for _, syntax := range []string{implicit, explicit, deflated, big} {
		path := filepath.Join(t.TempDir(), "out.dcm")
		if err := os.WriteFile(path, rewrite(t, read(t, file(syntax, scan(syntax, "NO", "CT")), dicom.Options{})), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(dcmdump, "-q", path).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", syntax, err, out)
		}
		if !bytes.Contains(out, []byte("NAME-7K2QAX^NAME-7K2QAY^^NAME-7K2QAZ")) || bytes.Contains(out, []byte("Oyelaran")) {
			t.Errorf("%s:\n%s", syntax, out)
		}
	}
}

func TestBrokenAndForeignFilesAreNamed(t *testing.T) {
	whole := file(explicit, scan(explicit, "NO", "CT"))
	deep := []attr{{tag: 0x00080016, vr: "UI", value: "1"}}
	for range 40 {
		deep = []attr{{tag: 0x0040A730, vr: "SQ", items: [][]attr{deep}}}
	}
	for name, c := range map[string]struct {
		raw     []byte
		refused bool
	}{
		"cut off":              {whole[:len(whole)-5], false},
		"deep":                 {file(explicit, deep), false},
		"out of order":         {file(explicit, []attr{{tag: 0x00100020, vr: "LO", value: "1"}, {tag: 0x00100010, vr: "PN", value: "Oyelaran"}}), false},
		"an unknown type":      {file(explicit, []attr{{tag: 0x00100010, vr: "XX", value: "Oyelaran"}}), false},
		"a strange alphabet":   {file(explicit, []attr{{tag: 0x00080005, vr: "CS", value: "ISO 2022 IR 87"}, {tag: 0x00100010, vr: "PN", value: "\x1b$B;3ED\x1b(B"}}), false},
		"no alphabet":          {file(explicit, []attr{{tag: 0x00100010, vr: "PN", value: "Zo\xEB"}}), false},
		"nothing":              {file(explicit, nil), false},
		"no DICOM":             {[]byte("Oyelaran"), false},
		"a document within":    {file(explicit, []attr{{tag: 0x00420011, vr: "OB", value: "%PDF-1.4"}}), true},
		"an unknown syntax":    {file("1.2.3.4", nil), true},
		"a list of files":      {file(explicit, []attr{{tag: 0x00041220, vr: "SQ"}}), true},
		"not packed":           {file(deflated, nil)[:140+100], false},
		"pixels without sizes": {file(explicit, []attr{{tag: 0x7FE00010, vr: "OW", value: "xx"}}), false},
	} {
		_, err := dicom.Read(c.raw, dicom.Options{Blank: true})
		var (
			closed *dicom.Uninspectable
			fault  *dicom.Fault
		)
		if c.refused && !errors.As(err, &closed) || !c.refused && !errors.As(err, &fault) || strings.Contains(err.Error(), "Oyelaran") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzRead: whatever the bytes are, reading ends with a file or an error, and
// what was read can be written and read again.
func FuzzRead(f *testing.F) {
	for _, syntax := range []string{implicit, explicit, deflated, big} {
		f.Add(file(syntax, scan(syntax, "NO", "CT")))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := dicom.Read(raw, dicom.Options{Blank: true})
		if err != nil {
			return
		}
		out, err := d.Rewrite(func(i int) []dicom.Edit {
			return []dicom.Edit{{Start: 0, End: len(d.Texts()[i].Text), Text: "NAME-7K2QAX"}}
		})
		if err != nil {
			return
		}
		// The edits may have taken the words that vouch for the pixels.
		if _, err := dicom.Read(out, dicom.Options{Blank: true}); err != nil && !strings.Contains(err.Error(), "pixels") {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}

// A value of nothing but separators is refused before it becomes a list.
func TestValuesAreBounded(t *testing.T) {
	raw := file(implicit, []attr{{tag: 0x00100020, vr: "LO", value: strings.Repeat(`a\`, 1<<20)}})
	var fault *dicom.Fault
	if _, err := dicom.Read(raw, dicom.Options{}); !errors.As(err, &fault) || !strings.Contains(fault.What, "more values") {
		t.Errorf("got %v", err)
	}
}
