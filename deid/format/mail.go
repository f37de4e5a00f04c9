package format

import (
	"bytes"
	"encoding/base64"
	"mime"
	"strconv"
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// maxParts bounds how deep the parts of a message may stand within each other.
const maxParts = 16

// mailBegins reports whether a text begins with the headers of a message.
func mailBegins(text []byte) bool {
	seen := 0
	for line := range bytes.Lines(text[:min(len(text), 8192)]) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, _, ok := bytes.Cut(line, []byte{':'})
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") {
			return false
		}
		switch strings.ToLower(string(name)) {
		case "received", "message-id", "mime-version", "return-path", "delivered-to":
			seen += 2
		case "from", "to", "subject", "date", "cc", "content-type", "reply-to", "x-mailer":
			seen++
		}
	}
	return seen >= 3
}

// mailPart is one part of a message: its headers and where its body begins.
type mailPart struct {
	contentType string
	params      map[string]string
	encoding    string
	body        int
}

// parseMail reads a message (RFC 5322) with its parts (RFC 2045, 2046): headers
// and text parts are read; a part that cannot be looked into is concealed as a
// whole.
func parseMail(raw []byte, depth int) (*Document, error) {
	b := &builder{name: Mail, raw: raw}
	if depth > maxParts {
		return nil, &Fault{Format: Mail, What: "its parts stand too deep within each other"}
	}
	m := &mailReader{b: b}
	if err := m.part(0, len(raw), "", depth); err != nil {
		return nil, err
	}
	return b.document(), nil
}

type mailReader struct{ b *builder }

// part takes headers and body in raw[start:end].
func (m *mailReader) part(start, end int, path string, depth int) error {
	p := m.headers(start, end, path)
	body := path + "body"
	switch {
	case depth > maxParts:
		return &Fault{Format: Mail, Line: newLines(m.b.raw).of(start), What: "its parts stand too deep within each other"}
	case strings.HasPrefix(p.contentType, "multipart/") && p.params["boundary"] != "":
		return m.parts(p, end, path, depth)
	case p.contentType == "message/rfc822" && p.encoding != "base64" && p.encoding != "quoted-printable":
		return m.part(p.body, end, path+"message ", depth+1)
	case p.encoding == "base64":
		m.base64(p, end, body)
	case p.encoding == "quoted-printable":
		m.quoted(p, end, body)
	default:
		m.nest(p, m.b.raw[p.body:end], end, body, same)
	}
	return nil
}

// headers takes the headers at raw[start:], folded lines together.
func (m *mailReader) headers(start, end int, path string) mailPart {
	p := mailPart{contentType: "text/plain", body: end}
	for at := start; at < end; {
		stop := m.lineEnd(at, end)
		for stop < end && (m.b.raw[stop] == ' ' || m.b.raw[stop] == '\t') {
			stop = m.lineEnd(stop, end)
		}
		line := string(m.b.raw[at:stop])
		if strings.TrimRight(line, "\r\n") == "" {
			p.body = stop
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(name, " \t") {
			p.body = at // not a header: the body begins without a blank line
			break
		}
		m.header(at+len(name)+1, stop, strings.ToLower(name), value, path, &p)
		at = stop
	}
	return p
}

func (m *mailReader) lineEnd(at, end int) int {
	if n := bytes.IndexByte(m.b.raw[at:end], '\n'); n >= 0 {
		return at + n + 1
	}
	return end
}

// header takes one header.
func (m *mailReader) header(from, to int, name, value, path string, p *mailPart) {
	unfolded := strings.NewReplacer("\r", "", "\n", "").Replace(strings.TrimSpace(value))
	l := Locus{Path: path + "header"}
	switch name {
	case "from", "to", "cc", "bcc", "reply-to", "sender", "delivered-to":
		l.Label = name
	}
	if mailHeaders[name] {
		l.Path = path + "header " + name
	}
	switch name {
	case "content-type":
		if t, params, err := mime.ParseMediaType(unfolded); err == nil {
			p.contentType, p.params = t, params
			if params["name"] == "" {
				return
			}
		}
	case "content-transfer-encoding":
		p.encoding = strings.ToLower(unfolded)
		return
	case "mime-version", "content-language":
		return
	}
	t := token{start: from, end: to, text: string(m.b.raw[from:to])}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(unfolded); err == nil && decoded != unfolded {
		t.text = " " + decoded
		t.wrap = func(s string) []byte { return []byte(encodeWords(s) + lineBreak(m.b.raw[from:to])) }
	}
	m.b.add(t, l)
}

// encodeWords writes a header's value that holds more than ASCII (RFC 2047).
func encodeWords(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return " " + mime.QEncoding.Encode("utf-8", strings.TrimSpace(s))
		}
	}
	return " " + strings.TrimSpace(s)
}

func lineBreak(line []byte) string {
	switch {
	case bytes.HasSuffix(line, []byte("\r\n")):
		return "\r\n"
	case bytes.HasSuffix(line, []byte("\n")):
		return "\n"
	}
	return ""
}

// parts takes the parts between boundaries; what stands before and after them
// is text.
func (m *mailReader) parts(p mailPart, end int, path string, depth int) error {
	mark := []byte("--" + p.params["boundary"])
	from, number, open := p.body, 0, false
	for at := p.body; at < end; {
		stop := m.lineEnd(at, end)
		line := bytes.TrimRight(m.b.raw[at:stop], " \t\r\n")
		if !bytes.HasPrefix(line, mark) || len(line) != len(mark) && string(line[len(mark):]) != "--" {
			at = stop
			continue
		}
		if err := m.between(from, at, open, path+"part "+strconv.Itoa(number)+" ", depth); err != nil {
			return err
		}
		open = len(line) == len(mark)
		number++
		from, at = stop, stop
	}
	return m.between(from, end, open, path+"part "+strconv.Itoa(number)+" ", depth)
}

func (m *mailReader) between(from, to int, isPart bool, path string, depth int) error {
	if isPart {
		return m.part(from, to, path, depth+1)
	}
	m.b.add(token{start: from, end: to, text: string(m.b.raw[from:to])}, Locus{Path: path + "margin"})
	return nil
}

// base64 takes a body in base64.
func (m *mailReader) base64(p mailPart, end int, path string) {
	raw := string(m.b.raw[p.body:end])
	held := unbase64(raw)
	if held == nil {
		m.b.add(token{start: p.body, end: end, text: raw}, Locus{Path: path})
		return
	}
	if strings.TrimSpace(raw) == "" {
		return
	}
	tail := raw[len(strings.TrimRight(raw, "\r\n")):]
	pack := func(now []byte) []byte { return append(inLines(base64.StdEncoding.EncodeToString(now), raw), tail...) }
	if m.nest(p, held, end, path, pack) {
		return
	}
	t := token{start: p.body, end: end, text: string(held), wrap: func(s string) []byte { return pack([]byte(s)) }}
	m.b.part(t, 0, len(t.text), Locus{Path: path, Kind: phi.Image})
}

// inLines breaks base64 into lines of 76, with the line ends that were there.
func inLines(s, like string) []byte {
	end := "\r\n"
	if !strings.Contains(like, "\r\n") {
		end = "\n"
	}
	var b bytes.Buffer
	for len(s) > 76 {
		b.WriteString(s[:76] + end)
		s = s[76:]
	}
	b.WriteString(s)
	return b.Bytes()
}

// quoted takes a body in quoted-printable (RFC 2045, section 6.7).
func (m *mailReader) quoted(p mailPart, end int, path string) {
	u := unescaped{raw: string(m.b.raw[p.body:end])}
	for i := 0; i < len(u.raw); {
		rest := u.raw[i:]
		switch {
		case strings.HasPrefix(rest, "=\r\n"):
			u.escape(i, "", i+3)
			i += 3
		case strings.HasPrefix(rest, "=\n"):
			u.escape(i, "", i+2)
			i += 2
		default:
			if len(rest) > 2 && rest[0] == '=' {
				if v, err := strconv.ParseUint(rest[1:3], 16, 8); err == nil {
					u.escape(i, string([]byte{byte(v)}), i+3)
					i += 3
					continue
				}
			}
			u.literal(i, 1)
			i++
		}
	}
	text, at := u.done()
	if at == nil {
		m.nest(p, m.b.raw[p.body:end], end, path, same)
		return
	}
	inner := innerOf([]byte(text), p.contentType)
	if inner == nil || inner.name == Text {
		m.b.add(token{start: p.body, end: end, text: text, at: at, encode: quote}, Locus{Path: path})
		return
	}
	m.b.nest(p.body, end, Locus{Path: path}, inner, func(now []byte) []byte { return []byte(quote(string(now))) })
}

// quote writes text in quoted-printable, in lines as it comes.
func quote(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	column := 0
	for i := range len(text) {
		c := text[i]
		if column > 72 && c != '\r' && c != '\n' {
			b.WriteString("=\r\n")
			column = 0
		}
		if c == '=' || c >= 0x7F || c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			b.Write([]byte{'=', digits[c>>4], digits[c&15]})
			column += 3
			continue
		}
		b.WriteByte(c)
		if column++; c == '\n' {
			column = 0
		}
	}
	return b.String()
}

// nest takes a body as a document of its own; false if it cannot be looked
// into.
func (m *mailReader) nest(p mailPart, held []byte, end int, path string, pack func([]byte) []byte) bool {
	inner := innerOf(held, p.contentType)
	if inner == nil {
		if len(held) > 0 && p.encoding != "base64" {
			m.b.add(token{start: p.body, end: end, text: string(held)}, Locus{Path: path})
		}
		return false
	}
	m.b.nest(p.body, end, Locus{Path: path}, inner, pack)
	return true
}

var mailHeaders = set("from to cc bcc subject date reply-to sender message-id in-reply-to references received return-path delivered-to content-type content-disposition")
