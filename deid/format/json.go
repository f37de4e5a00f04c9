package format

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// node is one value of a tree of records: JSON, or FHIR in XML.
type node struct {
	kind   nodeKind
	token            // of strings and numbers
	fields []field   // of objects
	items  []*node   // of arrays
	narrow *Document // of an XML narrative: its own document, in place
}

type nodeKind uint8

const (
	objectNode nodeKind = iota
	arrayNode
	stringNode
	numberNode
	otherNode // true, false, null
	markupNode
)

type field struct {
	name  string
	value *node
	key   *token // nil where the format fixes the names, and where a plain key is no text
}

// get returns the field of that name, or nil.
func (n *node) get(name string) *node {
	for _, f := range n.fields {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

// str returns the text of the field of that name, or "".
func (n *node) str(name string) string {
	if v := n.get(name); v != nil && v.kind == stringNode {
		return v.text
	}
	return ""
}

// maxDepth bounds how deep values may stand within each other.
const maxDepth = 512

type jsonParser struct {
	raw   []byte
	text  string // raw
	i     int
	depth int
	spare []node // made by the dozen: a record is full of small values
	nodes int    // made so far
}

// node makes a value.
func (p *jsonParser) node(k nodeKind) *node {
	if len(p.spare) == 0 {
		p.spare = make([]node, min(max(8, p.nodes), 64))
	}
	n := &p.spare[0]
	p.spare = p.spare[1:]
	p.nodes++
	n.kind = k
	return n
}

// parseJSON reads one JSON value (RFC 8259) and demands that nothing follows. It
// says, too, of how many values it is made.
func parseJSON(raw []byte) (_ *node, values int, _ error) {
	p := &jsonParser{raw: raw, text: string(raw)}
	if strings.HasPrefix(string(raw[:min(3, len(raw))]), byteOrderMark) {
		p.i = 3
	}
	p.blank()
	n, err := p.value()
	if err != nil {
		return nil, 0, err
	}
	p.blank()
	if p.i < len(raw) {
		return nil, 0, p.fault("something follows the value")
	}
	return n, p.nodes, nil
}

func (p *jsonParser) fault(what string) error {
	return &Fault{Format: JSON, Line: newLines(p.raw).of(min(p.i, len(p.raw))), Where: fmt.Sprintf("byte %d", p.i), What: what}
}

func (p *jsonParser) blank() {
	for ; p.i < len(p.raw); p.i++ {
		switch p.raw[p.i] {
		case ' ', '\t', '\r', '\n':
		default:
			return
		}
	}
}

func (p *jsonParser) peek() byte {
	if p.i < len(p.raw) {
		return p.raw[p.i]
	}
	return 0
}

func (p *jsonParser) value() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, p.fault("values stand too deep within each other")
	}
	switch c := p.peek(); {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return p.string()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if strings.HasPrefix(p.text[p.i:], word) {
			p.i += len(word)
			return p.node(otherNode), nil
		}
	}
	return nil, p.fault("a value is missing")
}

func (p *jsonParser) object() (*node, error) {
	n := p.node(objectNode)
	p.i++
	p.blank()
	if p.peek() == '}' {
		p.i++
		return n, nil
	}
	for {
		p.blank()
		if p.peek() != '"' {
			return nil, p.fault("a key is missing")
		}
		key, err := p.quoted()
		if err != nil {
			return nil, err
		}
		p.blank()
		if p.peek() != ':' {
			return nil, p.fault("a colon is missing")
		}
		p.i++
		p.blank()
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		f := field{name: key.text, value: v}
		if !plainKey(f.name) {
			k := key
			f.key = &k
		}
		n.fields = append(n.fields, f)
		p.blank()
		switch p.peek() {
		case ',':
			p.i++
		case '}':
			p.i++
			return n, nil
		default:
			return nil, p.fault("an object is not closed")
		}
	}
}

func (p *jsonParser) array() (*node, error) {
	n := p.node(arrayNode)
	p.i++
	p.blank()
	if p.peek() == ']' {
		p.i++
		return n, nil
	}
	for {
		p.blank()
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, v)
		p.blank()
		switch p.peek() {
		case ',':
			p.i++
		case ']':
			p.i++
			return n, nil
		default:
			return nil, p.fault("an array is not closed")
		}
	}
}

func (p *jsonParser) number() (*node, error) {
	start := p.i
	for p.i < len(p.raw) && strings.IndexByte("+-.eE0123456789", p.raw[p.i]) >= 0 {
		p.i++
	}
	if !json.Valid(p.raw[start:p.i]) {
		p.i = start
		return nil, p.fault("a number is malformed")
	}
	n := p.node(numberNode)
	n.token = token{start: start, end: p.i, text: p.text[start:p.i], wrap: jsonNumber}
	return n, nil
}

// jsonNumber writes what was a number: as a number if it still is one, as a
// string if not.
func jsonNumber(text string) []byte {
	if json.Valid([]byte(text)) && text[0] != '"' {
		return []byte(text)
	}
	return []byte(`"` + jsonEscape(text) + `"`)
}

func (p *jsonParser) string() (*node, error) {
	t, err := p.quoted()
	if err != nil {
		return nil, err
	}
	n := p.node(stringNode)
	n.token = t
	return n, nil
}

// quoted reads a string.
func (p *jsonParser) quoted() (token, error) {
	start := p.i + 1
	end := start
	for end < len(p.raw) && p.raw[end] != '"' {
		switch c := p.raw[end]; {
		case c == '\\':
			end++
		case c < 0x20:
			p.i = end
			return token{}, p.fault("a string holds a control character")
		}
		end++
	}
	if end >= len(p.raw) {
		return token{}, p.fault("a string is not closed")
	}
	u := unescaped{raw: p.text[start:end]}
	if bad := jsonUnescape(&u); bad >= 0 {
		p.i = start + bad
		return token{}, p.fault("an escape is malformed")
	}
	p.i = end + 1
	t := token{start: start, end: end, encode: jsonEscape}
	t.text, t.at = u.done()
	return t, nil
}

var jsonEscapes = map[byte]string{'"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

// jsonUnescape returns where an escape is malformed, or -1.
func jsonUnescape(u *unescaped) int {
	for i := 0; i < len(u.raw); {
		next := strings.IndexByte(u.raw[i:], '\\')
		if next < 0 {
			u.literal(i, len(u.raw)-i)
			break
		}
		u.literal(i, next)
		i += next
		if i+1 >= len(u.raw) {
			return i
		}
		if s, ok := jsonEscapes[u.raw[i+1]]; ok {
			u.escape(i, s, i+2)
			i += 2
			continue
		}
		r, n := jsonRune(u.raw[i:])
		if n == 0 {
			return i
		}
		u.escape(i, string(r), i+n)
		i += n
	}
	return -1
}

// jsonRune reads \uXXXX, or a surrogate pair of them, and returns its length.
func jsonRune(s string) (rune, int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(s) >= 12 {
		if low, ok := hex4(s[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return r, 6 // a lone surrogate becomes U+FFFD, and stays as it is in the document
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(v), err == nil
}

// jsonEscape writes text for within quotes.
func jsonEscape(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r == '"' || r == '\\' }) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// parseJSONDocument reads a JSON document: FHIR by its own rules, anything else
// by its keys.
func parseJSONDocument(raw []byte) (*Document, error) {
	n, values, err := parseJSON(raw)
	if err != nil {
		return nil, err
	}
	b := &builder{name: JSON, raw: raw, spans: make([]span, 0, values/4+1)}
	b.record(n)
	return b.document(), nil
}

// record takes one JSON value.
func (b *builder) record(n *node) {
	if isFHIR(n) {
		(&fhir{b: b}).resource(n, n.str("resourceType"))
		return
	}
	b.plain(n, "$", "")
}

// plain takes JSON of no known kind: every string, every number and every key.
// Paths name keys by their place, since a key may be somebody's name.
func (b *builder) plain(n *node, path, label string) {
	switch n.kind {
	case objectNode:
		if isFHIR(n) {
			(&fhir{b: b, path: path + " "}).resource(n, n.str("resourceType"))
			return
		}
		for i, f := range n.fields {
			at := fmt.Sprintf("%s.#%d", path, i+1)
			if f.key != nil {
				b.add(*f.key, Locus{Path: at + " key"})
			}
			b.plain(f.value, at, labelWithin(label, f.name))
		}
	case arrayNode:
		for i, v := range n.items {
			b.plain(v, fmt.Sprintf("%s[%d]", path, i), label)
		}
	case stringNode:
		b.add(n.token, labelled(path, label, n.text))
	case numberNode:
		b.add(n.token, labelled(path, label, n.text))
	case otherNode, markupNode:
	}
}

// plainKey reports whether a key is written as programs write field names in
// lower case, and so is not scanned as text.
func plainKey(key string) bool {
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9' || i == 0) && (c != '_' && c != '-' && c != '$' && c != '@') {
			return false
		}
	}
	return true
}

// labelWithin makes a label of a key, with the key above it where it alone
// says too little.
func labelWithin(above, key string) string {
	switch strings.ToLower(key) {
	case "value", "text", "display", "content", "string", "data", "description", "title", "_":
		return ""
	case "number", "no", "id", "code", "first", "last", "middle", "type", "system", "use", "status":
		if above != "" && len(above) < 40 {
			return above + " " + key
		}
	}
	return key
}

// parseNDJSON reads one JSON value a line. Blank lines stay.
func parseNDJSON(raw []byte) (*Document, error) {
	b := &builder{name: NDJSON, raw: raw}
	for start, line := 0, 1; start < len(raw); line++ {
		end := start
		for end < len(raw) && raw[end] != '\n' {
			end++
		}
		if strings.TrimSpace(string(raw[start:end])) != "" {
			inner, err := parseJSONDocument(raw[start:end])
			if err != nil {
				f := err.(*Fault).at(line - 1) //nolint:errorlint,forcetypeassert // it is always one
				f.Format = NDJSON
				return nil, f
			}
			b.nest(start, end, Locus{Path: "record"}, inner, same)
		}
		start = end + 1
	}
	return b.document(), nil
}

func same(b []byte) []byte { return b }
