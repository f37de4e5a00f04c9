package office

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"chaperone/phi"
)

// attributes lists those of an element that can hold words.
func (w *walker) attributes(t token, f *frame) error {
	for _, a := range t.attrs {
		name := local(a.name)
		value, err := w.x.decode(a.start, a.end, w.strings)
		if err != nil {
			return err
		}
		if f.name == "pageSetup" && name == "id" && prefix(a.name) != "" && !w.foreign {
			// It leads to the settings of a printer, which are dropped.
			w.p.fixed = append(w.p.fixed, change{a.before, a.end + 1, ""})
			continue
		}
		if name == "initials" && !w.foreign {
			// Two letters, remembered as somebody's, would take "MS" out of the text.
			w.p.fixed = append(w.p.fixed, change{a.start, a.end, ""})
			continue
		}
		if w.r.f.kind >= OpenText && f.name == "table-cell" && w.shown(f, a, name) {
			continue
		}
		if name == "name" && (f.name == "property" || f.name == "docVar" || f.name == "cacheField" || f.name == "user-defined") {
			f.label = value.text
		}
		one := Text{Path: w.where + ", attribute of an element", Text: value.text}
		switch {
		case strings.TrimSpace(value.text) == "" || w.harmless(f, a, name, value.text):
			continue
		case isInstant(value.text):
			one.Kind, one.Instant = phi.Date, true
		case isDay(value.text):
			one.Kind = phi.Date
		case isShut(value.text):
			one.Kind = phi.Image
		case w.foreign:
			one.Label = name
		case people[name] && f.name != "table":
			one.Kind = phi.Name
		case f.name == "docVar" || f.name == "textInput":
			one.Label = f.label
		}
		w.r.f.add(one, w.placeOf(f, name, value, a))
	}
	return nil
}

// placeOf is how an attribute is written.
func (w *walker) placeOf(f *frame, name string, value decoded, a attribute) place {
	at := &runs{part: w.p, pieces: []piece{whole(value, a.start, a.end)}}
	switch {
	case isDay(value.text):
		return &dayOnly{at}
	case f.name == "sheet" && name == "name" && w.r.book != nil:
		w.r.sheetNames++
		return &sheetName{at, w.r.sheetNames}
	case identifiers[f.name] && (name == "name" || name == "displayName" || name == "anchor"):
		return &identifier{at}
	}
	return at
}

// shown takes an attribute that holds the value which the text of a cell of an
// OpenDocument table shows: it goes when that text is edited.
func (w *walker) shown(f *frame, a attribute, name string) bool {
	switch name {
	case "value-type":
		f.also = append(f.also, change{a.start, a.end, "string"})
	case "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula":
		f.also = append(f.also, change{a.before, a.end + 1, ""})
		if name == "value" || name == "date-value" {
			f.hidden = string(w.p.raw[a.start:a.end])
		}
		return name != "string-value" && name != "formula"
	case "number-columns-repeated":
		f.repeated, _ = strconv.Atoi(string(w.p.raw[a.start:a.end])) // no number is no repetition
	}
	return false
}

// dayOnly is a day that must remain one: its year is left of it.
type dayOnly struct{ *runs }

func (o *dayOnly) put(d *draft, text string, edits []Edit) {
	if len(edits) > 0 {
		o.runs.put(d, text, []Edit{{0, len(text), text[:4] + "-01-01"}})
	}
}

// isDay reports whether text is a day: 1957-04-03.
func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// shutFrom is the least length of a text that may be something packed.
const shutFrom = 200

// isShut reports whether text is base64 of what is no text: nobody can look into
// it, so it is taken as a whole.
func isShut(text string) bool {
	if len(text) < shutFrom {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return err == nil && !utf8.Valid(raw)
}

// identifiers are elements whose name may hold letters, digits and lines only.
var identifiers = set("table definedName bookmarkStart hyperlink")

// identifier is a name that programs look up.
type identifier struct{ *runs }

func (i *identifier) put(d *draft, text string, edits []Edit) {
	plain := make([]Edit, len(edits))
	for k, e := range edits {
		plain[k] = Edit{e.Start, e.End, strings.ReplaceAll(e.Text, "-", "_")}
	}
	i.runs.put(d, text, plain)
}

// maxSheetName is the longest name that a sheet may have.
const maxSheetName = 31

type sheetName struct {
	*runs
	number int
}

// put names the sheet by its number where its name would get too long.
func (s *sheetName) put(d *draft, text string, edits []Edit) {
	if len([]rune(apply(text, edits))) > maxSheetName {
		edits = []Edit{{0, len(text), "Sheet " + decimal(s.number) + "~"}}
	}
	s.runs.put(d, text, edits)
}

var (
	// people are attributes that hold the name of somebody who wrote.
	people = set("author userName lastModifiedBy displayName")
	// spoken are attributes that hold words of people wherever they stand.
	spoken = set(`name author userName userId displayName lastModifiedBy descr title tooltip alt string caption prompt promptTitle error errorTitle
		displayText location display codeName sourceFile command connection description comment user text url href src macro textlink sheet uniqueName key
		mappingName nickname version-name label value string-value formula content-validation-name style-name display-name condition`)
	// spokenValues are elements whose attribute "val" holds words.
	spokenValues = set(`alias tag attr docVar name aliases default listEntry listItem statusText helpText lvlText query connectString udl table src mappedName mailSubject
		addressFieldName docPart sheetName pStyle rStyle tblStyle basedOn next link numStyleLink styleLink result`)
	// laidOut are attributes whose value may be a list of words of the format.
	laidOut = set(`style Ignorable Requires sqref spans path adj coordsize coordorigin points typeface panose pitchFamily formatCode uri ref script charset
		from to origin connectlocs textboxrect formulas limo viewBox d stroke-dasharray font-family font-name transform enhanced-path`)
	// listed are elements whose "name" is the format's.
	listed = set("font font-face lsdException gd family charset fontName")
)

// typefaces are elements that name typefaces alone.
var typefaces = set("mathFont rFonts altName")

// harmless reports whether an attribute holds nothing that anybody wrote.
func (w *walker) harmless(f *frame, a attribute, name, value string) bool {
	switch {
	case a.name == "xmlns", strings.HasPrefix(a.name, "xmlns:"), strings.HasPrefix(a.name, "xml:"):
		return !strings.ContainsAny(value, " @")
	case isSchema(value):
		return true
	case w.foreign:
		return len(value) < 2 || value == "true" || value == "false" || name == "SelectedStyle" || name == "StyleName"
	case typefaces[f.name], name == "name" && listed[f.name]:
		return true
	case w.r.f.kind >= OpenText && (strings.HasPrefix(name, "font-") || name == "href" && w.r.f.parcel.named[strings.ToLower(value)] != nil):
		return true
	case isInstant(value), isDay(value), isShut(value):
		return strings.HasSuffix(value, "-01-01")
	case name == "val" && spokenValues[f.name], f.name == "hyperlink" && name == "anchor", f.name == "style" && name == "styleId":
		return false
	case spoken[name]:
		return bland(value)
	case w.r.f.kind >= OpenText && (strings.HasSuffix(name, "-name") || strings.HasSuffix(name, "-value")) && !laidOut[name]:
		return bland(value) // "PageStyle_5f_" and the name of a sheet
	case laidOut[name]:
		return !strings.Contains(value, "@")
	}
	return plainValue(value) || measured(value)
}

// looks are words that stand among measures.
var looks = set("solid double dotted dashed none hidden groove ridge inset outset auto medium thin thick normal bold italic")

// measured reports whether a value is a list of measures: "0.05pt solid
// #000000".
func measured(value string) bool {
	some := false
	for _, w := range strings.Fields(value) {
		plain := strings.TrimLeft(strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz%"), "-+.0123456789")
		hex := strings.HasPrefix(w, "#") && len(w) <= 9 && strings.Trim(w[1:], "0123456789abcdefABCDEF") == ""
		number := plain == "" && w[0] <= '9' && len(w) < 12
		if !hex && !number && !looks[w] {
			return false
		}
		some = some || hex || number
	}
	return some
}

// bland reports whether a value says nothing: a number, or a mark.
func bland(value string) bool {
	if n := len(strings.TrimRight(value, "0123456789")); n < 3 && len(value) < 7 {
		return n == 0 && len(value) < 5 || n > 0 && value[0] >= 'A' // "P12": a name that programs make
	}
	return len(value) < 2
}

// isSchema reports whether a value names a vocabulary.
func isSchema(value string) bool {
	for _, s := range []string{"http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/", "http://purl.oclc.org/ooxml/", "http://www.w3.org/", "http://purl.org/dc/", "http://docs.oasis-open.org/", "urn:schemas-microsoft-com:", "urn:oasis:names:tc:opendocument:"} {
		if rest, ok := strings.CutPrefix(value, s); ok {
			return strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._#-:") == ""
		}
	}
	return false
}

// plainValue reports whether a value is one word of a vocabulary, a number or
// an identifier that programs make.
func plainValue(value string) bool {
	for i := range len(value) {
		switch c := value[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte("_.:,;%#+-{}()*$![]", c) >= 0:
		default:
			return false
		}
	}
	return len(value) <= 80
}
