package claude

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string, from quote to quote, and adds its node.
func (p *parser) string() *fault {
	start, escaped := p.at, false
	p.at++
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			i, f := p.add(text, start, p.at)
			if f != nil {
				return f
			}
			p.nodes[i].escaped = escaped
			return nil
		case c == '\\':
			escaped = true
			if f := p.escape(); f != nil {
				return f
			}
		case c < 0x20:
			return &fault{p.at, codeControl, "an unescaped control character"}
		case c < utf8.RuneSelf:
			p.at++
		default:
			r, n := utf8.DecodeRune(p.src[p.at:])
			if r == utf8.RuneError && n == 1 {
				return &fault{p.at, codeUTF8, "invalid UTF-8"}
			}
			p.at += n
		}
	}
	return p.truncated()
}

// escape reads one escape sequence, or the two that make a surrogate pair.
func (p *parser) escape() *fault {
	start := p.at
	if p.at+1 >= len(p.src) {
		p.at = len(p.src)
		return p.truncated()
	}
	switch p.src[p.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.at += 2
		return nil
	case 'u':
	default:
		return &fault{start, codeSyntax, "an unknown escape sequence"}
	}
	high, f := p.hex()
	if f != nil || !utf16.IsSurrogate(high) {
		return f
	}
	if p.at+1 < len(p.src) && p.src[p.at] == '\\' && p.src[p.at+1] == 'u' {
		low, f := p.hex()
		if f != nil {
			return f
		}
		if utf16.DecodeRune(high, low) != utf8.RuneError {
			return nil
		}
	}
	return &fault{start, codeSurrogate, "half of a surrogate pair"}
}

// hex reads \uXXXX and yields the code unit.
func (p *parser) hex() (rune, *fault) {
	start := p.at
	if p.at+6 > len(p.src) {
		p.at = len(p.src)
		return 0, p.truncated()
	}
	r, ok := hexUnit(string(p.src[p.at+2 : p.at+6]))
	if !ok {
		return 0, &fault{start, codeSyntax, "an unknown escape sequence"}
	}
	p.at += 6
	return r, nil
}

func hexUnit(s string) (rune, bool) {
	var r rune
	for i := range len(s) {
		d := unhex(s[i])
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unescape decodes the inside of a string that the parser has accepted.
func unescape(raw string) string {
	var b strings.Builder
	b.Grow(len(raw))
	for {
		i := strings.IndexByte(raw, '\\')
		if i < 0 {
			b.WriteString(raw)
			return b.String()
		}
		b.WriteString(raw[:i])
		if raw[i+1] != 'u' {
			b.WriteByte(unescaped(raw[i+1]))
			raw = raw[i+2:]
			continue
		}
		r, _ := hexUnit(raw[i+2 : i+6])
		raw = raw[i+6:]
		if utf16.IsSurrogate(r) {
			low, _ := hexUnit(raw[2:6])
			r, raw = utf16.DecodeRune(r, low), raw[6:]
		}
		b.WriteRune(r)
	}
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// appendQuoted appends s as a JSON string. Only what must be escaped is, so the
// same words always make the same bytes and prompt caches keep their prefix.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	b = appendEscaped(b, s)
	return append(b, '"')
}

// appendEscaped appends s as it stands between the quotes of a JSON string.
// Bytes that are not UTF-8 become U+FFFD, so that the result is always JSON.
func appendEscaped(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	for _, r := range s {
		switch r {
		case '"', '\\':
			b = append(b, '\\', byte(r))
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			if r < 0x20 {
				b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
				continue
			}
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}
