package format

import (
	"bytes"
	"path"
	"strings"
)

// Name is the name of a format: "fhir-json", "hl7v2". The empty Name is none.
type Name string

// The formats that are read.
const (
	Text     Name = "text"
	Markdown Name = "markdown"
	JSON     Name = "json"   // FHIR is recognised by its content
	NDJSON   Name = "ndjson" // one JSON value a line; FHIR is recognised in each
	XML      Name = "xml"    // FHIR and C-CDA are recognised by their content
	HTML     Name = "html"
	HL7v2    Name = "hl7v2"
	X12      Name = "x12"
	CSV      Name = "csv"
	TSV      Name = "tsv"
	YAML     Name = "yaml"
	Mail     Name = "mail"
	DOCX     Name = "docx" // and docm, dotx, dotm
	XLSX     Name = "xlsx" // and xlsm, xltx, xltm
	PPTX     Name = "pptx" // and pptm, ppsx, potx
	RTF      Name = "rtf"
	ODT      Name = "odt"
	ODS      Name = "ods"
	ODP      Name = "odp"
	PDF      Name = "pdf"
	Image    Name = "image" // JPEG, PNG, GIF, BMP, TIFF, WebP
	DICOM    Name = "dicom"
)

// Names lists the formats, in the order in which people are shown them.
func Names() []Name {
	return []Name{Text, Markdown, JSON, NDJSON, XML, HTML, HL7v2, X12, CSV, TSV, YAML, Mail, DOCX, XLSX, PPTX, RTF, ODT, ODS, ODP, PDF, Image, DICOM}
}

// ParseName returns the format of that name, and false if there is none.
func ParseName(s string) (Name, bool) {
	for _, n := range Names() {
		if string(n) == s {
			return n, true
		}
	}
	return "", false
}

var byExtension = map[string]Name{
	".txt": Text, ".text": Text, ".log": Text, ".md": Markdown, ".markdown": Markdown,
	".json": JSON, ".ndjson": NDJSON, ".jsonl": NDJSON, ".xml": XML, ".ccda": XML, ".cda": XML, ".ccd": XML, ".xsl": XML,
	".html": HTML, ".htm": HTML, ".xhtml": XML, ".hl7": HL7v2, ".hl7v2": HL7v2, ".adt": HL7v2, ".oru": HL7v2,
	".x12": X12, ".edi": X12, ".835": X12, ".837": X12, ".270": X12, ".271": X12, ".278": X12,
	".csv": CSV, ".tsv": TSV, ".tab": TSV, ".yaml": YAML, ".yml": YAML, ".eml": Mail, ".mbox": Mail,
	".docx": DOCX, ".docm": DOCX, ".dotx": DOCX, ".dotm": DOCX, ".xlsx": XLSX, ".xlsm": XLSX, ".xltx": XLSX, ".xltm": XLSX,
	".pptx": PPTX, ".pptm": PPTX, ".ppsx": PPTX, ".ppsm": PPTX, ".potx": PPTX, ".potm": PPTX, ".rtf": RTF, ".odt": ODT, ".ods": ODS, ".odp": ODP, ".pdf": PDF,
	".png": Image, ".jpg": Image, ".jpeg": Image, ".gif": Image, ".tif": Image, ".tiff": Image, ".bmp": Image, ".heic": Image, ".webp": Image, ".dcm": DICOM, ".dicom": DICOM,
}

// Extension is the end of a file's name, with its dot, if a format has it, and else
// empty: after a dot there may be a name as well ("visit.Jo Smith").
func Extension(file string) string {
	ext := path.Ext(file)
	if _, ok := byExtension[strings.ToLower(ext)]; !ok {
		return ""
	}
	return ext
}

// notYet are documents that are known and not inspected, by the end of their
// names.
var notYet = map[string]string{
	".xlsb": "a spreadsheet in a binary format",
	".msg":  "a mailbox file", ".pst": "a mailbox file",
	".zip": "an archive", ".gz": "an archive", ".tgz": "an archive", ".7z": "an archive", ".rar": "an archive", ".tar": "an archive", ".xz": "an archive", ".zst": "an archive",
	".parquet": "a binary table", ".db": "a database", ".sqlite": "a database",
}

var magic = []struct{ head, what string }{
	{"PK\x03\x04", archive},
	{"PK\x05\x06", archive},
	{"{\\rtf", "a rich text document"},
	{"\xD0\xCF\x11\xE0", oldOffice},
	{"\x1F\x8B", archive},
	{"\x89PNG", "an image"},
	{"\xFF\xD8\xFF", "an image"},
	{"GIF8", "an image"},
	{"II*\x00", "an image"},
	{"MM\x00*", "an image"},
	{"BZh", archive},
	{"\xFD7zXZ", archive},
	{"7z\xBC\xAF", archive},
	{"SQLite format 3", "a database"},
	{"\x28\xB5\x2F\xFD", archive},
}

// Detect says which format a document has, by its beginning first and then by
// the end of its file name. What is nothing else is Text. The error is a
// *Uninspectable: a binary document.
func Detect(file string, head []byte) (Name, error) {
	ext := strings.ToLower(path.Ext(strings.ReplaceAll(file, `\`, "/")))
	if n := packedKind(head, byExtension[ext]); n != "" {
		return n, nil
	}
	if byExtension[ext] == DICOM {
		return DICOM, nil
	}
	if what := binaryKind(head); what != "" {
		return "", &Uninspectable{What: what, Hint: hints[what]}
	}
	if n := byExtension[ext]; n.packed() {
		return n, nil // it says what it should be, and reading will say what is wrong with it
	}
	if what, ok := notYet[ext]; ok {
		return "", &Uninspectable{What: what}
	}
	text := textOf(head)
	if n := byContent(text, byExtension[ext]); n != "" {
		return n, nil
	}
	if n, ok := byExtension[ext]; ok {
		return n, nil
	}
	if looksLikeTable(text, '\t') {
		return TSV, nil
	}
	if ext == "" && looksLikeTable(text, ',') {
		return CSV, nil
	}
	return Text, nil
}

// binaryKind names the kind of a binary document, or "".
func binaryKind(head []byte) string {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m.head)) {
			return m.what
		}
	}
	if len(head) > 132 && string(head[128:132]) == "DICM" {
		return "a DICOM image"
	}
	if utf16Mark(head) == nil && bytes.IndexByte(head, 0) >= 0 {
		return "a binary file"
	}
	return ""
}

// byContent recognises formats that begin in a way of their own. extension is
// what the name says; it settles what the content leaves open.
func byContent(text []byte, extension Name) Name {
	trimmed := bytes.TrimLeft(text, " \t\r\n\v")
	switch {
	case hl7Begins(trimmed):
		return HL7v2
	case x12Begins(trimmed):
		return X12
	case len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '['):
		if extension == Markdown || extension == Text || extension == YAML || extension == CSV || extension == TSV {
			return ""
		}
		if extension == NDJSON || severalJSON(trimmed) {
			return NDJSON
		}
		return JSON
	case len(trimmed) > 1 && trimmed[0] == '<' && (trimmed[1] == '?' || trimmed[1] == '!' || isNameStart(trimmed[1])):
		return byMarkup(trimmed, extension)
	case mailBegins(trimmed) && extension != Markdown && extension != YAML:
		return Mail
	}
	return ""
}

func byMarkup(trimmed []byte, extension Name) Name {
	low := bytes.ToLower(trimmed[:min(len(trimmed), 512)])
	switch {
	case bytes.HasPrefix(low, []byte("<?xml")), extension == XML:
		return XML
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")), extension == HTML:
		return HTML
	case extension == Markdown, extension == Text:
		return ""
	case bytes.Contains(low, []byte("xmlns")):
		return XML
	}
	return ""
}

// severalJSON reports whether a first line is a JSON value of its own and
// another follows.
func severalJSON(text []byte) bool {
	line, rest, ok := bytes.Cut(text, []byte{'\n'})
	if !ok {
		return false
	}
	rest = bytes.TrimSpace(rest)
	if len(rest) == 0 || rest[0] != '{' && rest[0] != '[' {
		return false
	}
	_, _, err := parseJSON(bytes.TrimSpace(line))
	return err == nil
}
