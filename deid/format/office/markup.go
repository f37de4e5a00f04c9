package office

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep elements may stand within each other.
const maxDepth = 512

// token is a piece of markup: a tag, or text between tags.
type token struct {
	kind       tokenKind
	name       string // of a tag, with its prefix
	attrs      []attribute
	closed     bool // the tag closes itself
	start, end int  // bytes of the part
}

type tokenKind uint8

const (
	opening tokenKind = iota
	closing
	characters // with entities
	section    // CDATA: start and end are those of what it holds
	remark     // a comment or an instruction
)

// attribute is one attribute; start and end are those of its value.
type attribute struct {
	name       string
	before     int // where the blank before it stands
	start, end int
}

// local is a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// prefix is a name's prefix, or "".
func prefix(name string) string {
	if i := strings.IndexByte(name, ':'); i >= 0 {
		return name[:i]
	}
	return ""
}

// lexer cuts XML 1.0 into tokens. It demands that tags match, and refuses
// document types: what they define would not be read.
type lexer struct {
	raw   []byte
	i     int
	open  []string
	attrs []attribute
	seen  bool // an element
}

func (x *lexer) fault(what string) error {
	return &Fault{Where: fmt.Sprintf("byte %d", min(x.i, len(x.raw))), What: what}
}

// next returns the next token; ok is false at the end.
func (x *lexer) next() (t token, ok bool, err error) {
	if x.i >= len(x.raw) {
		if len(x.open) > 0 || !x.seen {
			return t, false, x.fault("an element is not closed")
		}
		return t, false, nil
	}
	rest := x.raw[x.i:]
	switch {
	case rest[0] != '<':
		return x.text()
	case bytes.HasPrefix(rest, []byte("<!--")):
		return x.until(4, "-->", remark)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return x.until(9, "]]>", section)
	case bytes.HasPrefix(rest, []byte("<?")):
		return x.until(2, "?>", remark)
	case bytes.HasPrefix(rest, []byte("<!")):
		return x.doctype()
	}
	t, err = x.tag()
	return t, err == nil, err
}

// doctype takes a document type that defines nothing of its own; what it would
// define would not be read.
func (x *lexer) doctype() (token, bool, error) {
	n := bytes.IndexAny(x.raw[x.i:], "[>")
	if n < 0 || x.raw[x.i+n] == '[' || x.seen {
		return token{}, false, x.fault("it declares a document type of its own, which is not read")
	}
	return x.until(2, ">", remark)
}

func (x *lexer) text() (token, bool, error) {
	n := bytes.IndexByte(x.raw[x.i:], '<')
	if n < 0 {
		n = len(x.raw) - x.i
	}
	t := token{kind: characters, start: x.i, end: x.i + n}
	x.i = t.end
	if len(x.open) == 0 && len(bytes.TrimSpace(x.raw[t.start:t.end])) > 0 {
		return t, false, x.fault("text stands outside of every element")
	}
	return t, true, nil
}

// until takes what stands between marks. A remark is taken with them.
func (x *lexer) until(open int, shut string, kind tokenKind) (token, bool, error) {
	from := x.i
	n := bytes.Index(x.raw[from+open:], []byte(shut))
	if n < 0 {
		return token{}, false, x.fault("a comment or section is not closed")
	}
	x.i = from + open + n + len(shut)
	t := token{kind: kind, start: from, end: x.i}
	if kind == section {
		t.start, t.end = from+open, from+open+n
		if len(x.open) == 0 {
			return t, false, x.fault("text stands outside of every element")
		}
	}
	return t, true, nil
}

func (x *lexer) tag() (token, error) {
	t := token{kind: opening, start: x.i}
	x.i++
	if x.at() == '/' {
		t.kind = closing
		x.i++
	}
	if t.name = x.word(); t.name == "" {
		return t, x.fault("a tag has no name")
	}
	x.attrs = x.attrs[:0]
	for {
		blank := x.blank()
		switch c := x.at(); {
		case c == '>':
			x.i++
			return x.tagEnds(t)
		case c == '/' && t.kind == opening && x.i+1 < len(x.raw) && x.raw[x.i+1] == '>':
			t.closed = true
			x.i += 2
			return x.tagEnds(t)
		case !blank || t.kind == closing:
			return t, x.fault("a tag is not closed")
		}
		if err := x.attribute(); err != nil {
			return t, err
		}
	}
}

func (x *lexer) tagEnds(t token) (token, error) {
	t.end, t.attrs = x.i, x.attrs
	switch {
	case t.kind == closing:
		if len(x.open) == 0 || x.open[len(x.open)-1] != t.name {
			return t, x.fault("a closing tag does not match")
		}
		x.open = x.open[:len(x.open)-1]
	case len(x.open) == 0 && x.seen:
		return t, x.fault("there is more than one outermost element")
	case !t.closed:
		if len(x.open) == maxDepth {
			return t, x.fault("elements stand too deep within each other")
		}
		x.open = append(x.open, t.name)
	}
	x.seen = true
	return t, nil
}

func (x *lexer) attribute() error {
	before := x.i - 1
	name := x.word()
	x.blank()
	if name == "" || x.at() != '=' {
		return x.fault("an attribute has no value")
	}
	x.i++
	x.blank()
	quote := x.at()
	if quote != '"' && quote != '\'' {
		return x.fault("an attribute's value has no quotes")
	}
	n := bytes.IndexByte(x.raw[x.i+1:], quote)
	if n < 0 || bytes.IndexByte(x.raw[x.i+1:x.i+1+n], '<') >= 0 {
		return x.fault("an attribute's value is not closed")
	}
	for _, a := range x.attrs {
		if a.name == name {
			return x.fault("an attribute stands twice")
		}
	}
	x.attrs = append(x.attrs, attribute{name, before, x.i + 1, x.i + 1 + n})
	x.i += n + 2
	return nil
}

func (x *lexer) at() byte {
	if x.i < len(x.raw) {
		return x.raw[x.i]
	}
	return 0
}

func (x *lexer) blank() bool {
	from := x.i
	for x.i < len(x.raw) && strings.IndexByte(" \t\r\n", x.raw[x.i]) >= 0 {
		x.i++
	}
	return x.i > from
}

// word takes a name.
func (x *lexer) word() string {
	from := x.i
	for x.i < len(x.raw) && strings.IndexByte(" \t\r\n<>/=\"'&", x.raw[x.i]) < 0 {
		x.i++
	}
	return string(x.raw[from:x.i])
}

// decoded is text without its escapes. at is where each byte of it stands in
// the part, and where it ends; nil if text and bytes are the same.
type decoded struct {
	text string
	at   []int32
}

// decode takes the entities out of raw[start:end]; cells says that the escapes
// of spreadsheets (_x0041_) count as well.
func (x *lexer) decode(start, end int, cells bool) (decoded, error) {
	raw := x.raw[start:end]
	if bytes.IndexByte(raw, '&') < 0 && (!cells || !bytes.Contains(raw, []byte("_x"))) {
		return decoded{text: string(raw)}, nil
	}
	var (
		text []byte
		at   []int32
	)
	for i := 0; i < len(raw); {
		to, n := "", 0
		switch {
		case raw[i] == '&':
			if to, n = entity(raw[i:]); n == 0 {
				x.i = start + i
				return decoded{}, x.fault("there is no such entity")
			}
		case cells && raw[i] == '_':
			to, n = cellEscape(raw[i:])
		}
		if n == 0 {
			to, n = string(raw[i:i+1]), 1
		}
		for k := range len(to) {
			at = append(at, int32(start+i+min(k, 1)*n))
		}
		text = append(text, to...)
		i += n
	}
	return decoded{string(text), append(at, int32(end))}, nil
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// entity reads an entity and returns its length, 0 if it is none.
func entity(raw []byte) (string, int) {
	end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(raw[1:end])
	if s, ok := entities[name]; ok {
		return s, end + 1
	}
	if name[0] != '#' {
		return "", 0
	}
	base, digits := 10, name[1:]
	if strings.HasPrefix(digits, "x") {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return "", 0
	}
	return string(rune(n)), end + 1
}

// cellEscape reads an escape of a spreadsheet's string (ECMA-376-1, 22.9.2.19).
func cellEscape(raw []byte) (string, int) {
	if len(raw) < 7 || raw[1] != 'x' || raw[6] != '_' {
		return "", 0
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	if err != nil || utf16.IsSurrogate(rune(n)) || n == 0 {
		return "", 0
	}
	return string(rune(n)), 7
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "\n", "&#10;", "\r", "&#13;", "\t", "&#9;")

// escape writes text as XML, for an attribute or between tags. Characters that
// XML cannot hold are left out.
func escape(text string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text))
}

// upright turns a part into UTF-8 without a byte order mark.
func upright(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xEF\xBB\xBF")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		raw = narrow(raw[2:], raw[0] == 0xFE)
		// The declaration speaks of an encoding that it no longer has.
		if bytes.HasPrefix(raw, []byte("<?xml")) {
			if n := bytes.Index(raw, []byte("?>")); n > 0 {
				raw = raw[n+2:]
			}
		}
	}
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, &Fault{What: "it is not valid UTF-8"}
	}
	if enc := encodingOf(raw); enc != "" && enc != "utf-8" && enc != "us-ascii" && enc != "ascii" {
		return nil, &Fault{What: "it is in a character set that is not read"}
	}
	return raw, nil
}

// narrow reads UTF-16.
func narrow(raw []byte, big bool) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		lo, hi := raw[2*i], raw[2*i+1]
		if big {
			lo, hi = hi, lo
		}
		units[i] = uint16(hi)<<8 | uint16(lo)
	}
	return []byte(string(utf16.Decode(units)))
}

// encodingOf is what the declaration says, in lower case, or "".
func encodingOf(raw []byte) string {
	if !bytes.HasPrefix(raw, []byte("<?xml")) {
		return ""
	}
	n := bytes.Index(raw, []byte("?>"))
	if n < 0 {
		return ""
	}
	_, rest, ok := bytes.Cut(raw[:n], []byte("encoding"))
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if !ok || len(rest) < 2 {
		return ""
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return ""
	}
	return strings.ToLower(string(rest[1 : 1+end]))
}
