package format

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// yamlLines takes YAML line by line: keys with their values, items, quoted and
// block scalars, comments. It does not build the document's tree, so that
// whatever it does not look at stays byte for byte; a value it cannot make out
// is free text as it stands.
type yamlLines struct {
	b     *builder
	label string
	block int // indent of the key whose block scalar is being read; -1: none
}

func parseYAML(raw []byte) *Document {
	y := &yamlLines{b: &builder{name: YAML, raw: raw}, block: -1}
	for start, number := 0, 1; start < len(raw); number++ {
		end := start
		for end < len(raw) && raw[end] != '\n' {
			end++
		}
		y.line(start, end, "line "+strconv.Itoa(number))
		start = end + 1
	}
	return y.b.document()
}

func (y *yamlLines) line(start, end int, path string) {
	text := string(y.b.raw[start:end])
	indent := len(text) - len(strings.TrimLeft(text, " "))
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "", trimmed == "---", trimmed == "...", strings.HasPrefix(trimmed, "%"):
		return
	case y.block >= 0 && indent > y.block:
		y.plain(start, end, path, "")
		return
	}
	y.block = -1
	at := start + indent
	for at+1 < end && y.b.raw[at] == '-' && y.b.raw[at+1] == ' ' {
		at += 2
		for at < end && y.b.raw[at] == ' ' {
			at++
		}
	}
	if key, value, ok := yamlKey(string(y.b.raw[at:end])); ok {
		name := strings.Trim(key, `"'`)
		if !plainKey(name) {
			y.b.add(y.scalar(at, at+len(key)), Locus{Path: path + " key"})
		}
		y.label = labelWithin(y.label, name)
		at += value
		indent = at - start - value
	}
	y.value(at, end, path, indent)
}

// yamlKey finds a key at the beginning of a line; value is where its value
// begins.
func yamlKey(s string) (key string, value int, ok bool) {
	end := 0
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		n := strings.IndexByte(s[1:], s[0])
		if n < 0 {
			return "", 0, false
		}
		end = n + 2
		if end >= len(s) || s[end] != ':' {
			return "", 0, false
		}
	} else {
		end = strings.Index(s, ": ")
		if end < 0 && strings.HasSuffix(strings.TrimRight(s, "\r"), ":") {
			end = len(strings.TrimRight(s, "\r")) - 1
		}
		if end <= 0 || strings.ContainsAny(s[:1], "#{[&*!|>%@`,") || strings.Contains(s[:end], " #") {
			return "", 0, false
		}
	}
	value = end + 1
	for value < len(s) && s[value] == ' ' {
		value++
	}
	return s[:end], value, true
}

// value takes the value of a key or an item.
func (y *yamlLines) value(at, end int, path string, indent int) {
	text := strings.TrimRight(string(y.b.raw[at:end]), " \r\t")
	switch {
	case text == "":
	case text[0] == '|' || text[0] == '>':
		y.block = indent
	case text[0] == '"' || text[0] == '\'':
		stop := closing(text)
		if stop < 0 {
			y.plain(at, at+len(text), path, y.label)
			return
		}
		t := y.scalar(at, at+stop+1)
		y.b.add(t, labelled(path, y.label, t.text))
		y.plain(at+stop+1, at+len(text), path, "")
	default:
		if n := strings.Index(text, " #"); n > 0 {
			y.plain(at+n, at+len(text), path, "")
			text = text[:n]
		}
		y.plain(at, at+len(text), path, y.label)
	}
}

// closing finds the quote that closes the one at s[0], or -1.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == s[0]:
			return i
		}
	}
	return -1
}

// plain takes text that stands without quotes.
func (y *yamlLines) plain(from, to int, path, label string) {
	if from < to {
		text := string(y.b.raw[from:to])
		y.b.add(token{start: from, end: to, text: text}, labelled(path, label, text))
	}
}

// scalar is a scalar with or without quotes; the quotes stay outside.
func (y *yamlLines) scalar(from, to int) token {
	raw := string(y.b.raw[from:to])
	if len(raw) < 2 || raw[0] != '"' && raw[0] != '\'' || raw[len(raw)-1] != raw[0] {
		return token{start: from, end: to, text: raw}
	}
	u := unescaped{raw: raw[1 : len(raw)-1]}
	t := token{start: from + 1, end: to - 1}
	if raw[0] == '\'' {
		t.encode = func(s string) string { return strings.ReplaceAll(s, "'", "''") }
		for i := 0; i < len(u.raw); {
			if strings.HasPrefix(u.raw[i:], "''") {
				u.escape(i, "'", i+2)
				i += 2
				continue
			}
			u.literal(i, 1)
			i++
		}
	} else {
		t.encode = yamlEscape
		yamlUnescape(&u)
	}
	t.text, t.at = u.done()
	return t
}

var yamlEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// yamlUnescape takes the escapes of YAML 1.2.2, section 5.7.
func yamlUnescape(u *unescaped) {
	for i := 0; i < len(u.raw); {
		if u.raw[i] != '\\' || i+1 >= len(u.raw) {
			u.literal(i, 1)
			i++
			continue
		}
		c := u.raw[i+1]
		if s, ok := yamlEscapes[c]; ok {
			u.escape(i, s, i+2)
			i += 2
			continue
		}
		digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
		if digits > 0 && i+2+digits <= len(u.raw) {
			if v, err := strconv.ParseUint(u.raw[i+2:i+2+digits], 16, 32); err == nil && v <= utf8.MaxRune {
				u.escape(i, string(rune(v)), i+2+digits)
				i += 2 + digits
				continue
			}
		}
		u.literal(i, 1)
		i++
	}
}

// yamlEscape writes text for within double quotes.
func yamlEscape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
