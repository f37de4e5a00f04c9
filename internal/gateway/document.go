package gateway

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/deid/format"
	"chaperone/phi"
)

// openEnclosed reads the file that base64 holds, nil if it cannot be looked
// into. What the file is, its own beginning says; the media type only settles
// what that leaves open.
func openEnclosed(media, text string) []part {
	raw, ok := decodeBase64(text)
	if !ok || len(raw) == 0 {
		return nil
	}
	name, err := format.Detect(fileNamed[media], raw)
	if err != nil {
		return nil
	}
	if name != format.Text {
		doc, err := format.Parse(name, raw)
		if err == nil {
			return []part{{doc: doc}}
		}
		if _, broken := errors.AsType[*format.Fault](err); !broken || !isText(name) {
			return nil
		}
	}
	if !utf8.Valid(raw) {
		return nil
	}
	return cutDocuments(string(raw))
}

// fileNamed are names as files of a media type have them, where the content
// alone may not tell.
var fileNamed = map[string]string{
	"text/csv": "a.csv", "text/tab-separated-values": "a.tsv", "text/html": "a.html", "text/markdown": "a.md",
	"application/yaml": "a.yaml", "text/yaml": "a.yaml", "message/rfc822": "a.eml", "text/plain": "a.txt",
}

// isText reports whether a file of this format that breaks its rules can still
// be read as plain text.
func isText(name format.Name) bool {
	switch name {
	case format.Markdown, format.JSON, format.NDJSON, format.XML, format.HTML, format.HL7v2, format.X12,
		format.CSV, format.TSV, format.YAML, format.Mail:
		return true
	default:
		return false
	}
}

// decodeBase64 takes both alphabets, with and without line ends and padding; but
// nothing may follow the padding, because others might read on there.
func decodeBase64(text string) ([]byte, bool) {
	text = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(text)
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return raw, err == nil
}

// freeWork is how much of what looks like a document and is none is read besides
// once the length of the text.
const freeWork = 32 << 10

// cutDocuments cuts a text into the documents pasted into it, of which the
// format says what their fields are, and the plain text around them. A document
// begins on a line of its own.
func cutDocuments(text string) []part {
	var list []part
	plain, work := 0, 0
	for at := 0; at < len(text) && work <= len(text)+freeWork; {
		name := beginning(text[at:])
		if name == "" {
			at = nextLine(text, at)
			continue
		}
		doc, n := pasted(name, text[at:])
		if doc == nil {
			work += n
			at = nextLine(text, at)
			continue
		}
		if at > plain {
			list = append(list, part{text: text[plain:at]})
		}
		at += n
		list, plain = append(list, part{doc: doc}), at
	}
	if plain < len(text) || len(list) == 0 {
		list = append(list, part{text: text[plain:]})
	}
	return list
}

func nextLine(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// beginning names the format of the document that a line may begin, "" for a
// line of prose. It looks at two lines at most.
func beginning(text string) format.Name {
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimSpace(line)
	second, _, _ := strings.Cut(rest, "\n")
	switch {
	case len(line) < 2 && line != "{" && line != "[":
		return ""
	case line[0] == '{' && strings.HasPrefix(strings.TrimLeft(line[1:]+second, " \t"), `"`),
		line[0] == '[' && strings.HasPrefix(strings.TrimLeft(line[1:]+second, " \t"), "{"):
		return format.JSON
	case line[0] == '<' && (rootOf(line) != "" || line[1] == '?' || line[1] == '!'):
		return format.XML
	case len(line) > 8 && (line[:3] == "MSH" || line[:3] == "ISA") && strings.Count(line, line[3:4]) > 4:
		if line[0] == 'M' {
			return format.HL7v2
		}
		return format.X12
	case line[0] == '|' && strings.Contains(second, "-") && strings.Trim(second, "|-: \t\r") == "":
		return format.Markdown
	}
	for _, mark := range []string{",", ";", "\t", "|"} {
		if n := strings.Count(line, mark); n > 1 && n == strings.Count(strings.TrimSpace(second), mark) {
			return format.CSV
		}
	}
	return ""
}

// pasted reads the document that a text begins with, and says where it ends:
// with its value, with its element, with its paragraph, or else with its
// fence. It is nil where the format says of no text in it what it is, which is
// better read as the plain text that it also is; the number is then how much was
// read to find that out.
func pasted(name format.Name, text string) (*format.Document, int) {
	var ends []func(string) int
	switch name {
	case format.JSON:
		ends = append(ends, lengthOfJSON)
	case format.XML:
		ends = append(ends,
			func(text string) int { return closed(text, strings.Index) },
			func(text string) int { return closed(text, strings.LastIndex) })
	default:
		if n, ok := promising(name, text); !ok {
			return nil, n
		}
		ends = append(ends,
			func(text string) int { return lengthOf(text, isBreak) },
			func(text string) int { return lengthOf(text, isFence) })
	}
	last, work := 0, 0
	for _, end := range ends {
		n := end(text)
		if n == 0 {
			work += len(text) // there is no end
		}
		if n == last {
			continue
		}
		if doc, err := format.Parse(name, []byte(text[:n])); err == nil && typed(doc) {
			return doc, n
		}
		last, work = n, work+n
	}
	return nil, work
}

// promising reports whether the first lines of a document of many lines have a
// text of a known kind, and how much was read of it, so that a long one that has
// none is not read for nothing.
func promising(name format.Name, text string) (int, bool) {
	const head = 16 << 10
	if len(text) > head {
		if i := strings.LastIndexByte(text[:head], '\n'); i >= 0 {
			text = text[:i+1]
		}
	}
	n := lengthOf(text, isBreak)
	doc, err := format.Parse(name, []byte(text[:n]))
	return n, err != nil || typed(doc) // what breaks off in the middle may be whole
}

// lengthOf is where the first line begins that stops a document, or the length
// of the text.
func lengthOf(text string, stops func(line string) bool) int {
	for at := 0; at < len(text); {
		next := nextLine(text, at)
		if stops(strings.TrimSpace(text[at:next])) {
			return at
		}
		at = next
	}
	return len(text)
}

// closed is where the element that a text begins with ends: with the first or
// the last mark that closes one of its name.
func closed(text string, find func(text, mark string) int) int {
	root := ""
	for at := 0; at < len(text) && root == ""; at++ { // what stands before it is a declaration or a comment
		i := strings.IndexByte(text[at:], '<')
		if i < 0 {
			return 0
		}
		at += i
		if strings.HasPrefix(text[at:], "<!--") {
			end := strings.Index(text[at:], "-->")
			if end < 0 {
				return 0
			}
			at += end
			continue
		}
		root = rootOf(text[at:])
	}
	mark := "</" + root + ">"
	if i := find(text, mark); i >= 0 {
		return i + len(mark)
	}
	return 0
}

// rootOf is the name of the element that a text opens, "" if it opens none.
func rootOf(text string) string {
	name := strings.TrimLeft(text, "<")
	end := strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && r != ':' && r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if len(name) != len(text)-1 || end < 1 || !unicode.IsLetter(rune(name[0])) || strings.IndexByte(" \t\r\n/>", name[end]) < 0 {
		return ""
	}
	return name[:end]
}

func isFence(line string) bool {
	return strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~")
}

func isBreak(line string) bool { return line == "" || isFence(line) }

// lengthOfJSON is where the first JSON value of a text ends, if it is an object or
// an array and one; 0 if it has no end. Whether it is one, its reader says.
func lengthOfJSON(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted:
			switch c {
			case '\\':
				i++
			case '"':
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth <= 0 {
				return i + 1
			}
		}
	}
	return 0
}

func typed(doc *format.Document) bool {
	for l := range doc.Loci() {
		if l.Kind != phi.None {
			return true
		}
	}
	return false
}
