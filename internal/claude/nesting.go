package claude

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

// feed yields, for each byte of s, the depth, and s itself with every byte that
// is part of an escape sequence blanked: the n of \n is no letter. Depth is nil
// where the text is not JSON at all.
func (n *nesting) feed(s string) (mask []byte, depth []uint8) {
	mask = []byte(s)
	if n.levels[0].dead {
		return mask, nil
	}
	depth = make([]uint8, len(s))
	for i := range mask {
		var escape bool
		depth[i], escape = n.step(mask[i])
		if escape {
			mask[i] = ' '
		}
	}
	return mask, depth
}

// step reads one byte through all levels.
func (n *nesting) step(b byte) (depth uint8, escape bool) {
	for at := 0; at < len(n.levels); at++ {
		what, content := n.levels[at].step(b)
		switch what {
		case outside, closed:
			n.levels = n.levels[:at+1]
			return depth, escape
		case opened:
			n.levels = n.levels[:at+1]
			if len(n.levels) < mostNesting {
				n.levels = append(n.levels, lexer{})
			}
			return depth, escape
		case notJSON:
			return depth, escape
		case half:
			return depth + 1, true
		case decoded:
			escape = true
		}
		depth++
		b = content
	}
	return depth, escape
}

// escapeTimes escapes s for a string inside n strings of JSON.
func escapeTimes(s string, n uint8) string {
	for ; n > 0; n-- {
		s = string(appendEscaped(nil, s))
	}
	return s
}
