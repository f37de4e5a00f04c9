package claude

import "bytes"

// mostNesting bounds how many levels of JSON inside strings of JSON are
// followed.
const mostNesting = 4

// nesting follows a text that is or may be JSON, byte by byte as it streams, and
// knows for every byte in how many strings it stands: a value that is put there
// must be escaped as often. A string whose content is JSON is followed into.
type nesting struct {
	forced bool    // the text is JSON by contract (input_json_delta)
	levels []lexer // levels[0] reads the text, levels[n] the string open in levels[n-1]
}

func newNesting(forced bool) *nesting {
	return &nesting{forced: forced, levels: []lexer{{lax: forced, asked: forced}}}
}

// feed yields, for each byte of s, the depth, and what the byte means: s itself,
// but for escape sequences, of which the last byte is the character and those
// before it are unread. Depth is nil where the text is not JSON at all.
func (n *nesting) feed(s string) (mask []byte, depth []uint8) {
	mask = []byte(s)
	if n.levels[0].dead {
		return mask, nil
	}
	depth = make([]uint8, len(s))
	for i := range mask {
		depth[i], mask[i] = n.step(mask[i])
	}
	return mask, depth
}

// step reads one byte through all levels.
func (n *nesting) step(b byte) (depth uint8, mask byte) {
	mask = b
	for at := 0; at < len(n.levels); at++ {
		what, content := n.levels[at].step(b)
		switch what {
		case outside, closed:
			n.levels = n.levels[:at+1]
			return depth, mask
		case opened:
			n.levels = n.levels[:at+1]
			if len(n.levels) < mostNesting {
				n.levels = append(n.levels, lexer{})
			}
			return depth, mask
		case notJSON:
			return depth, mask
		case half:
			return depth + 1, unread
		case decoded:
			mask = meaning(content)
		}
		depth++
		b = content
	}
	return depth, mask
}

// escapeTimes escapes s for a string inside n strings of JSON.
func escapeTimes(s string, n uint8) string {
	for ; n > 0; n-- {
		s = string(appendEscaped(nil, s))
	}
	return s
}

// unread stands in a mask for a byte that is part of an escape sequence, but for
// the last one. No text in UTF-8 holds such a byte.
const unread = 0xff

// meaning is what a mask shows of an escaped character: itself, if it may be one
// of a placeholder's, since a model may write those in escapes as well.
func meaning(b byte) byte {
	if b <= ' ' || b >= 0x7f {
		return ' '
	}
	return b
}

// squeeze yields a mask as it is read. at[k] is where, in the mask, what makes up
// byte k of it ends; at is nil where every byte stands for itself.
func squeeze(mask []byte) (seen string, at []int) {
	if bytes.IndexByte(mask, unread) < 0 {
		return string(mask), nil
	}
	short := make([]byte, 0, len(mask))
	for i, b := range mask {
		if b != unread {
			short = append(short, b)
			at = append(at, i+1)
		}
	}
	if at == nil {
		at = []int{} // nothing but the beginning of an escape sequence
	}
	return string(short), at
}

// widen is the place in a mask before byte k of what was squeezed out of it.
func widen(at []int, k int) int {
	if at == nil || k <= 0 {
		return k
	}
	if k = min(k, len(at)); k == 0 {
		return 0
	}
	return at[k-1]
}
