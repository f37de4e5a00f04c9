package dicom

import (
	"fmt"
	"strings"

	"chaperone/phi"
)

// text is the value of an attribute, cut into pieces where it has several
// values, and a name into its parts. Between two pieces stands a separator.
type text struct {
	pieces     []string
	separators []string
	set        *charset
}

// maxPieces bounds the values of one attribute.
const maxPieces = 1 << 16

// cut cuts a value; beyond the bound the rest is one piece.
func cut(vr, value string, set *charset) *text {
	marks := ""
	switch {
	case vr == "PN":
		marks = `\^=`
	case representations[vr]&listed != 0:
		marks = `\`
	}
	t := &text{set: set}
	for {
		at := strings.IndexAny(value, marks)
		if at < 0 || len(t.pieces) >= maxPieces {
			t.pieces = append(t.pieces, strings.TrimSpace(value))
			return t
		}
		t.pieces = append(t.pieces, strings.TrimSpace(value[:at]))
		t.separators = append(t.separators, value[at:at+1])
		value = value[at+1:]
	}
}

// list lists the texts of a data set. What is gone is listed as well, because
// who is named in it may be named elsewhere.
func (f *File) list(s dataset, path string, set *charset, gone bool) error {
	for _, e := range s {
		a, ok := known(e.tag)
		at := path + a.name
		if !ok {
			at = path + e.tag.String()
		}
		act := actionOf(e.tag)
		if e.tag.private() {
			f.note("private attributes")
		}
		away := gone || act == remove
		if e.vr == "SQ" {
			away = away || act == empty
			for i, item := range e.items {
				if err := f.list(item, fmt.Sprintf("%s[%d].", at, i+1), charsetOf(set, item), away); err != nil {
					return err
				}
			}
			continue
		}
		if err := f.attribute(e, at, a.name, set, away); err != nil {
			return err
		}
	}
	return nil
}

// attribute lists the texts of one attribute.
func (f *File) attribute(e *element, path, name string, set *charset, gone bool) error {
	if e.vr == "UN" {
		f.loose(e, path)
		return nil
	}
	if representations[e.vr]&isText == 0 || e.tag == tagCharset {
		return nil
	}
	value, ok := set.decode(e.value)
	if !ok && gone {
		return nil // it goes unread
	}
	if !ok {
		return where(e.tag, "its text is not in the character set that the file tells, or in one that cannot be read: convert the file to UTF-8 (ISO_IR 192)")
	}
	value = strings.Trim(value, "\x00 ")
	t := cut(e.vr, value, set)
	if len(t.pieces) > maxPieces || len(f.texts) > maxElements {
		return where(e.tag, "it has more values than are read")
	}
	if !gone {
		e.text = t
	}
	part := 0
	for i, piece := range t.pieces {
		if i > 0 {
			part++
			if t.separators[i-1] != "^" {
				part = 0
			}
		}
		if strings.TrimSpace(piece) == "" || e.vr == "UI" && strings.HasPrefix(piece, standard) || e.vr == "CS" && terms[piece] {
			continue
		}
		out := Text{Path: path, Label: words(name), Text: piece, Gone: gone, Kind: kindOf(e, name, part)}
		out.Day = e.vr == "DA" || e.vr == "DT"
		out.Birth = out.Day && strings.Contains(name, "Birth")
		f.texts = append(f.texts, out)
		at := place{piece: i}
		if !gone {
			at.of = e
		}
		f.places = append(f.places, at)
	}
	return nil
}

// loose lists what can be read of a value of an unknown kind; it goes.
func (f *File) loose(e *element, path string) {
	var b strings.Builder
	for _, c := range e.value[:min(len(e.value), 1<<16)] {
		if c >= ' ' && c < 0x7F {
			b.WriteByte(c)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String()[b.Len()-1:], "\n") {
			b.WriteByte('\n')
		}
	}
	if text := strings.TrimSpace(b.String()); len(text) > 3 {
		f.texts = append(f.texts, Text{Path: path, Text: text, Gone: true})
		f.places = append(f.places, place{})
	}
}

// terms are words that the standard has defined for how pixels are stored and
// made: they are never a person's, and without them nobody can show the picture.
var terms = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`YES NO MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_RCT YBR_ICT ORIGINAL DERIVED PRIMARY SECONDARY
		CT MR US PT NM CR DX MG XA RF SR PR KO SEG RTSTRUCT RTPLAN RTDOSE RTIMAGE ECG OCT OP OPT PX IO XC SC OT SM ES GM DOC AXIAL LOCALIZER`) {
		m[w] = true
	}
	m["PALETTE COLOR"] = true
	return m
}()

// standard begins the identifiers that the standard itself has given out: they
// name kinds of files, not files.
const standard = "1.2.840.10008."

// kinds are attributes that hold one thing, by their keywords.
var kinds = map[string]phi.Kind{
	"PatientID": phi.Record, "OtherPatientIDs": phi.Record, "IssuerOfPatientID": phi.Org, "AccessionNumber": phi.Code, "StudyID": phi.Code,
	"AdmissionID": phi.Code, "ServiceEpisodeID": phi.Code, "InstitutionName": phi.Org, "InstitutionAddress": phi.Street,
	"PatientAddress": phi.Street, "DeviceSerialNumber": phi.Device, "StationName": phi.Host,
	"FillerOrderNumberImagingServiceRequest": phi.Code, "PlacerOrderNumberImagingServiceRequest": phi.Code,
}

// kindOf is what an attribute is as a whole. The fourth and fifth part of a name
// are titles.
func kindOf(e *element, name string, part int) phi.Kind {
	switch e.vr {
	case "PN":
		if part > 2 {
			return phi.None
		}
		return phi.Name
	case "UI":
		return phi.Code
	case "DA", "DT":
		return phi.Date
	}
	return kinds[name]
}
