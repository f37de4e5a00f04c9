package format

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

// event is one piece of markup.
type event struct {
	kind       eventKind
	name       string // of a tag, with its prefix
	attrs      []attribute
	closed     bool // the tag closes itself
	token           // of text, comments and instructions
	start, end int
}

type eventKind uint8

const (
	openTag eventKind = iota
	closeTag
	textRun
	commentRun
)

type attribute struct {
	name string // with its prefix
	token
}

// local is a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// markupLexer cuts XML (XML 1.0) or HTML into events. It keeps to no document
// type: it refuses one that defines entities, since what they hold would not be
// read.
type markupLexer struct {
	raw  []byte
	i    int
	html bool
}

func (x *markupLexer) fault(what string) error {
	name := XML
	if x.html {
		name = HTML
	}
	return &Fault{Format: name, Line: newLines(x.raw).of(min(x.i, len(x.raw))), Where: fmt.Sprintf("byte %d", x.i), What: what}
}

// next returns the next event; ok is false at the end.
func (x *markupLexer) next() (e event, ok bool, err error) {
	for x.i < len(x.raw) {
		rest := x.raw[x.i:]
		switch {
		case rest[0] != '<', x.html && !tagBegins(rest):
			return x.text(), true, nil
		case bytes.HasPrefix(rest, []byte("<!--")):
			e, err = x.delimited("<!--", "-->", commentRun)
			return e, err == nil, err
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			e, err = x.delimited("<![CDATA[", "]]>", textRun)
			return e, err == nil, err
		case rest[0] == '<' && len(rest) > 1 && rest[1] == '?':
			e, err = x.delimited("<?", ">", commentRun)
			if err != nil || strings.HasPrefix(e.text, "xml ") || strings.HasPrefix(e.text, "xml-stylesheet ") {
				if err != nil {
					return e, false, err
				}
				continue
			}
			return e, true, nil
		case len(rest) > 1 && rest[1] == '!':
			if err := x.doctype(); err != nil {
				return e, false, err
			}
		default:
			start := x.i
			if e, err = x.tag(); err != nil && x.html {
				x.i = start
				return x.text(), true, nil // a mark that opens nothing
			}
			return e, err == nil, err
		}
	}
	return e, false, nil
}

func tagBegins(rest []byte) bool {
	return len(rest) > 1 && (rest[1] == '!' || rest[1] == '?' || rest[1] == '/' || isNameStart(rest[1]))
}

func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

func (x *markupLexer) text() event {
	start := x.i
	for x.i++; x.i < len(x.raw) && (x.raw[x.i] != '<' || x.html && !tagBegins(x.raw[x.i:])); x.i++ {
	}
	return event{kind: textRun, start: start, end: x.i, token: x.characters(start, x.i)}
}

// characters makes a token of text with entities.
func (x *markupLexer) characters(start, end int) token {
	u := unescaped{raw: string(x.raw[start:end])}
	for i := 0; i < len(u.raw); {
		amp := strings.IndexByte(u.raw[i:], '&')
		if amp < 0 {
			u.literal(i, len(u.raw)-i)
			break
		}
		u.literal(i, amp)
		i += amp
		semi := strings.IndexByte(u.raw[i:min(len(u.raw), i+34)], ';')
		if semi > 0 {
			if s := html.UnescapeString(u.raw[i : i+semi+1]); s != u.raw[i:i+semi+1] {
				u.escape(i, s, i+semi+1)
				i += semi + 1
				continue
			}
		}
		u.literal(i, 1)
		i++
	}
	t := token{start: start, end: end, encode: markupEscape}
	t.text, t.at = u.done()
	return t
}

var markupEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func markupEscape(text string) string { return markupEscaper.Replace(text) }

// delimited takes a comment, an instruction or character data as it is.
func (x *markupLexer) delimited(open, shut string, kind eventKind) (event, error) {
	start := x.i + len(open)
	n := -1
	if start <= len(x.raw) {
		n = bytes.Index(x.raw[start:], []byte(shut))
	}
	if n < 0 {
		return event{}, x.fault("a comment or section is not closed")
	}
	x.i = start + n + len(shut)
	t := token{start: start, end: start + n, text: string(x.raw[start : start+n]), encode: func(s string) string {
		// What was concealed in a comment came out of one, and can go back.
		return strings.ReplaceAll(s, shut, "")
	}}
	return event{kind: kind, start: start - len(open), end: x.i, token: t}, nil
}

func (x *markupLexer) doctype() error {
	n := bytes.IndexAny(x.raw[x.i:], "[>")
	if n < 0 {
		return x.fault("a declaration is not closed")
	}
	if x.raw[x.i+n] == '[' {
		return x.fault("it defines entities of its own, which are not read: save it without its document type")
	}
	x.i += n + 1
	return nil
}

func (x *markupLexer) tag() (event, error) {
	e := event{kind: openTag, start: x.i}
	x.i++
	if x.at() == '/' {
		e.kind = closeTag
		x.i++
	}
	e.name = x.word("=")
	if e.name == "" {
		return e, x.fault("a tag has no name")
	}
	for {
		x.blank()
		switch c := x.at(); c {
		case 0, '<':
			return e, x.fault("a tag is not closed")
		case '>':
			x.i++
			e.end = x.i
			return e, nil
		case '/', '?':
			e.closed = true
			x.i++
		default:
			e.closed = false
			a, err := x.attribute()
			if err != nil {
				return e, err
			}
			e.attrs = append(e.attrs, a)
		}
	}
}

func (x *markupLexer) attribute() (attribute, error) {
	start := x.i
	name := x.word("=")
	if name == "" {
		x.i++ // a stray mark
		if !x.html {
			x.i = start
			return attribute{}, x.fault("an attribute has no name")
		}
	}
	x.blank()
	if x.at() != '=' {
		if !x.html {
			return attribute{}, x.fault("an attribute has no value")
		}
		return attribute{name: name, token: token{start: x.i, end: x.i}}, nil
	}
	x.i++
	x.blank()
	quote := x.at()
	if quote != '"' && quote != '\'' {
		if !x.html {
			return attribute{}, x.fault("an attribute's value has no quotes")
		}
		from := x.i
		x.word("")
		return attribute{name: name, token: x.characters(from, x.i)}, nil
	}
	n := bytes.IndexByte(x.raw[x.i+1:], quote)
	if n < 0 {
		return attribute{}, x.fault("an attribute's value is not closed")
	}
	from := x.i + 1
	x.i = from + n + 1
	return attribute{name: name, token: x.characters(from, from+n)}, nil
}

func (x *markupLexer) at() byte {
	if x.i < len(x.raw) {
		return x.raw[x.i]
	}
	return 0
}

func (x *markupLexer) blank() {
	for x.i < len(x.raw) && strings.IndexByte(" \t\r\n\f", x.raw[x.i]) >= 0 {
		x.i++
	}
}

// word takes what stands up to a blank, the end of the tag or one of stops.
func (x *markupLexer) word(stops string) string {
	start := x.i
	for x.i < len(x.raw) {
		c := x.raw[x.i]
		if strings.IndexByte(" \t\r\n\f><", c) >= 0 || strings.IndexByte(stops, c) >= 0 || c == '/' && (stops != "" || x.i+1 < len(x.raw) && x.raw[x.i+1] == '>') || c == '?' && x.i+1 < len(x.raw) && x.raw[x.i+1] == '>' {
			break
		}
		x.i++
	}
	return string(x.raw[start:x.i])
}
