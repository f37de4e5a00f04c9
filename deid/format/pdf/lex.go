package pdf

import (
	"errors"
	"io"
	"math"
	"strconv"
)

// maxDepth is how deep arrays and dictionaries may lie in each other, and
// maxItems how many elements one of them may have with all that is in it.
const (
	maxDepth = 100
	maxItems = 2 << 20
)

var errDeep = errors.New("an array or a dictionary is too large, or too many lie in each other")

// lexer reads objects and operators. What is malformed is read as leniently as
// viewers do: nothing that is not understood is ever copied, so leniency cannot
// let anything through.
type lexer struct {
	buf   []byte
	pos   int
	refs  bool // "12 0 R" is a reference; in content it is not
	depth int
	items int // elements of the object being read
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelim(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isRegular(c byte) bool { return !isSpace(c) && !isDelim(c) }

// skip goes past white space and comments.
func (l *lexer) skip() {
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		switch {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.buf) && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next reads one object or keyword. The error is io.EOF at the end.
func (l *lexer) next() (any, error) {
	l.skip()
	if l.depth == 0 {
		l.items = 0
	}
	if l.items++; l.items > maxItems {
		return nil, errDeep
	}
	if l.pos >= len(l.buf) {
		return nil, io.EOF
	}
	switch c := l.buf[l.pos]; c {
	case '/':
		return l.name(), nil
	case '(':
		return l.literal(), nil
	case '<':
		if l.pos+1 < len(l.buf) && l.buf[l.pos+1] == '<' {
			l.pos += 2
			return l.dictionary()
		}
		return l.hex(), nil
	case '>':
		l.pos++
		if l.pos < len(l.buf) && l.buf[l.pos] == '>' {
			l.pos++
			return keyword(">>"), nil
		}
		return keyword(">"), nil
	case '[':
		l.pos++
		return l.array()
	case ']', '{', '}', ')':
		l.pos++
		return keyword(string(c)), nil
	}
	return l.word(), nil
}

// word reads a number, a reference or a keyword.
func (l *lexer) word() any {
	start := l.pos
	for l.pos < len(l.buf) && isRegular(l.buf[l.pos]) {
		l.pos++
	}
	w := l.buf[start:l.pos]
	if c := w[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		n := parseNumber(w)
		if i, ok := n.(int); ok && l.refs && i >= 0 && l.reference() {
			return ref(i)
		}
		return n
	}
	switch string(w) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return keyword(w)
}

// reference looks whether "0 R" follows, and goes past it if so.
func (l *lexer) reference() bool {
	p := l.pos
	digits := 0
	for p < len(l.buf) && isSpace(l.buf[p]) {
		p++
	}
	for p < len(l.buf) && l.buf[p] >= '0' && l.buf[p] <= '9' && digits < 6 {
		p++
		digits++
	}
	spaces := 0
	for p < len(l.buf) && isSpace(l.buf[p]) {
		p++
		spaces++
	}
	if digits == 0 || spaces == 0 || p >= len(l.buf) || l.buf[p] != 'R' ||
		p+1 < len(l.buf) && isRegular(l.buf[p+1]) {
		return false
	}
	l.pos = p + 1
	return true
}

// parseNumber reads a number as viewers do: what is not one counts as 0.
func parseNumber(w []byte) any {
	if i, err := strconv.Atoi(string(w)); err == nil {
		if i > math.MaxInt32 || i < math.MinInt32 {
			return float64(i)
		}
		return i
	}
	// ParseFloat would also read exponents, hexadecimals and "inf".
	for i, c := range w {
		if (c < '0' || c > '9') && c != '.' && (i > 0 || c != '-' && c != '+') {
			w = w[:i]
			break
		}
	}
	f, err := strconv.ParseFloat(string(w), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0
	}
	return f
}

func (l *lexer) name() name {
	l.pos++
	var out []byte
	for l.pos < len(l.buf) && isRegular(l.buf[l.pos]) {
		c := l.buf[l.pos]
		if c == '#' && l.pos+2 < len(l.buf) {
			hi, lo := hexDigit(l.buf[l.pos+1]), hexDigit(l.buf[l.pos+2])
			if hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				l.pos += 2
			}
		}
		out = append(out, c)
		l.pos++
	}
	return name(out)
}

func hexDigit(c byte) int {
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

func (l *lexer) hex() text {
	l.pos++
	out := text{}
	half := -1
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		d := hexDigit(c)
		switch {
		case d < 0:
		case half < 0:
			half = d
		default:
			out = append(out, byte(half<<4|d))
			half = -1
		}
	}
	if half >= 0 {
		out = append(out, byte(half<<4))
	}
	return out
}

func (l *lexer) literal() text {
	l.pos++
	out := text{}
	for open := 1; l.pos < len(l.buf); {
		c := l.buf[l.pos]
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return out
			}
		case '\\':
			out = l.escape(out)
			continue
		case '\r': // an end of line of any form is one newline
			if l.pos < len(l.buf) && l.buf[l.pos] == '\n' {
				l.pos++
			}
			c = '\n'
		}
		out = append(out, c)
	}
	return out
}

func (l *lexer) escape(out text) text {
	if l.pos >= len(l.buf) {
		return out
	}
	c := l.buf[l.pos]
	l.pos++
	switch c {
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case '\n':
		return out
	case '\r':
		if l.pos < len(l.buf) && l.buf[l.pos] == '\n' {
			l.pos++
		}
		return out
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v := int(c - '0')
		for i := 0; i < 2 && l.pos < len(l.buf) && l.buf[l.pos] >= '0' && l.buf[l.pos] <= '7'; i++ {
			v = v<<3 | int(l.buf[l.pos]-'0')
			l.pos++
		}
		c = byte(v)
	}
	return append(out, c)
}

func (l *lexer) array() (any, error) {
	if l.depth++; l.depth > maxDepth {
		return nil, errDeep
	}
	defer func() { l.depth-- }()
	out := array{}
	for {
		o, err := l.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if k, ok := o.(keyword); ok {
			if k == "]" {
				return out, nil
			}
			continue
		}
		out = append(out, o)
	}
}

func (l *lexer) dictionary() (any, error) {
	if l.depth++; l.depth > maxDepth {
		return nil, errDeep
	}
	defer func() { l.depth-- }()
	out := dict{}
	for {
		start := l.pos
		k, err := l.next()
		if errors.Is(err, io.EOF) || k == keyword(">>") {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if w, ok := k.(keyword); ok && (w == "endobj" || w == "stream") {
			l.pos = start // the end was forgotten
			return out, nil
		}
		key, ok := k.(name)
		if !ok {
			continue
		}
		v, err := l.next()
		if errors.Is(err, io.EOF) || v == keyword(">>") {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if _, bad := v.(keyword); !bad && v != nil {
			out[key] = v
		}
	}
}
