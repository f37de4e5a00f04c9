package claude

// found is what a byte turned out to be.
type found uint8

const (
	outside found = iota // between strings
	opened               // the quote that opens a string
	closed               // the quote that closes it
	plain                // a byte of a string
	half                 // part of an escape sequence that is not complete
	decoded              // the last byte of an escape sequence
	notJSON              // the text is not JSON, or not known to be
)

// wanted is what the grammar allows next, outside of strings.
type wanted uint8

const (
	wantValue wanted = iota
	wantFirst        // a value or the end of an empty array
	wantKey
	wantFirstKey // a key or the end of an empty object
	wantColon
	wantComma // a comma or the end of the container
	wantDone  // nothing, or another document
)

// lexer reads JSON byte by byte, with no more memory than its nesting. Unless
// lax, it gives a text up at the first byte that is not JSON; a text counts as
// JSON only if it begins with a brace or bracket.
type lexer struct {
	lax    bool // never give up: follow quotes and escapes, whatever the grammar
	asked  bool // the text is known to begin as JSON
	dead   bool
	str    bool
	esc    bool
	hex    int // digits of \uXXXX still to come
	unit   rune
	bare   bool // inside a number or word
	want   wanted
	nested []byte
}

const mostLexed = 256 // containers a lexer follows

func (l *lexer) step(b byte) (found, byte) {
	switch {
	case l.dead:
		return notJSON, 0
	case l.str:
		return l.inside(b)
	case b == ' ' || b == '\t' || b == '\n' || b == '\r':
		l.bare = false
		if !l.asked {
			return notJSON, 0
		}
		return outside, 0
	case !l.asked && b != '{' && b != '[':
		l.dead = true
		return notJSON, 0
	}
	l.asked = true
	if b == '"' {
		return l.quote()
	}
	if !l.accept(b) && !l.lax {
		l.dead = true
		return notJSON, 0
	}
	return outside, 0
}

// inside reads a byte of a string.
func (l *lexer) inside(b byte) (found, byte) {
	switch {
	case l.hex > 0:
		l.hex--
		l.unit = l.unit<<4 | rune(max(unhex(b), 0))
		if l.hex > 0 {
			return half, 0
		}
		if l.unit < 0x80 {
			return decoded, byte(l.unit)
		}
		return decoded, 0x80 // any byte that is no ASCII will do
	case l.esc:
		l.esc = false
		if b == 'u' {
			l.hex, l.unit = 4, 0
			return half, 0
		}
		return decoded, unescaped(b)
	case b == '\\':
		l.esc = true
		return half, 0
	case b == '"':
		l.str = false
		return closed, 0
	}
	return plain, b
}

func (l *lexer) quote() (found, byte) {
	l.bare = false
	switch l.want {
	case wantKey, wantFirstKey:
		l.want = wantColon
	case wantValue, wantFirst:
		l.want = wantComma
		if len(l.nested) == 0 {
			l.want = wantDone
		}
	default:
		if !l.lax {
			l.dead = true
			return notJSON, 0
		}
	}
	l.str = true
	return opened, 0
}

// accept reads a byte outside of strings and reports whether the grammar allows
// it.
func (l *lexer) accept(b byte) bool {
	value := l.want == wantValue || l.want == wantFirst
	switch b {
	case '{', '[':
		l.bare = false
		if !value && l.want != wantDone || len(l.nested) >= mostLexed {
			return false
		}
		l.nested = append(l.nested, b)
		l.want = wantFirst
		if b == '{' {
			l.want = wantFirstKey
		}
		return true
	case '}':
		return l.end('{', wantFirstKey)
	case ']':
		return l.end('[', wantFirst)
	case ':':
		ok := l.want == wantColon
		l.want = wantValue
		return ok
	case ',':
		return l.comma()
	}
	if l.bare {
		return bareByte(b)
	}
	l.bare = value && bareByte(b)
	if l.bare {
		l.want = wantComma
	}
	return l.bare
}

func (l *lexer) end(open byte, first wanted) bool {
	l.bare = false
	n := len(l.nested)
	if n == 0 || l.nested[n-1] != open || l.want != wantComma && l.want != first {
		return false
	}
	l.nested = l.nested[:n-1]
	l.want = wantComma
	if n == 1 {
		l.want = wantDone
	}
	return true
}

func (l *lexer) comma() bool {
	l.bare = false
	n := len(l.nested)
	if n == 0 || l.want != wantComma {
		return false
	}
	l.want = wantValue
	if l.nested[n-1] == '{' {
		l.want = wantKey
	}
	return true
}

// bareByte: what numbers, true, false and null are made of.
func bareByte(b byte) bool {
	switch b {
	case '-', '+', '.', 'E', 't', 'r', 'u', 'e', 'f', 'a', 'l', 's', 'n':
		return true
	}
	return b >= '0' && b <= '9'
}
