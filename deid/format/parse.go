package format

// MaxDocument is the longest document, in bytes, that is read as one piece.
// Formats of many records (see NewReader) may be longer: their records may not.
const MaxDocument = 64 << 20

const tooLong = "it is longer than 64 MB in one piece"

// Parse reads a document as one piece. The error is a *Fault if raw does not
// follow the format, or an *Uninspectable if it may not be read as text.
//
// The document keeps raw, which must not be changed any more.
func Parse(name Name, raw []byte) (*Document, error) { return parse(name, raw, sight{}) }

func parse(name Name, raw []byte, s sight) (*Document, error) {
	if len(raw) > MaxDocument {
		return nil, &Fault{Format: name, What: tooLong}
	}
	if name.pictured() {
		return parsePicture(name, raw, s)
	}
	if name.packed() {
		return parsePacked(name, raw, s)
	}
	if what := binaryKind(raw); what != "" {
		return nil, &Uninspectable{What: what}
	}
	if order := utf16Mark(raw); order != nil {
		return parseUTF16(name, raw, order)
	}
	if err := valid(name, raw); err != nil {
		return nil, err
	}
	switch name {
	case Markdown:
		return parseMarkdown(raw), nil
	case JSON:
		return parseJSONDocument(raw)
	case NDJSON:
		return parseNDJSON(raw)
	case XML:
		return parseXMLDocument(raw)
	case HTML:
		return parseHTML(raw)
	case HL7v2:
		return parseHL7(raw)
	case X12:
		return parseX12(raw)
	case CSV, TSV:
		return parseTable(name, raw, nil)
	case YAML:
		return parseYAML(raw), nil
	case Mail:
		return parseMail(raw, 0)
	case Text:
		return parseText(raw), nil
	default:
		return nil, &Fault{Format: name, What: "there is no such format"}
	}
}
