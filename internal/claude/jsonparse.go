package claude

import "bytes"

// mostValues bounds the nodes of a document: a body of the largest size made of
// nothing but commas must not take many times its size in memory.
const mostValues = 1 << 20

// parser makes a document in one pass without recursion. It is stricter than
// RFC 8259 where two readers could disagree: duplicate keys (as decoded), lone
// surrogates and invalid UTF-8 are refused.
type parser struct {
	src   []byte
	at    int
	depth int
	nodes []node
	open  []frame
}

// frame is a container that is not closed yet.
type frame struct {
	node int
	keys keySet
}

// parse reads src, which must hold exactly one JSON value.
func parse(src []byte, depth int) (*document, *fault) {
	p := &parser{src: src, depth: depth, nodes: make([]node, 0, 64+len(src)/64)}
	if f := p.run(); f != nil {
		return nil, f
	}
	return &document{src: src, str: string(src), nodes: p.nodes}, nil
}

func (p *parser) run() *fault {
	for {
		opened, f := p.value()
		if f != nil {
			return f
		}
		if opened {
			continue
		}
		done, f := p.climb()
		if f != nil || done {
			return f
		}
	}
}

// value reads one value at the current position. It reports true where it
// opened a container that has a first element, which then comes next.
func (p *parser) value() (opened bool, f *fault) {
	p.space()
	if p.at >= len(p.src) {
		return false, p.truncated()
	}
	switch c := p.src[p.at]; {
	case c == '{' || c == '[':
		return p.container(c)
	case c == '"':
		return false, p.string()
	case c == '-' || c >= '0' && c <= '9':
		return false, p.number()
	default:
		return false, p.word()
	}
}

func (p *parser) container(c byte) (bool, *fault) {
	if len(p.open) >= p.depth {
		return false, &fault{p.at, codeDepth, "nesting deeper than the limit"}
	}
	kind, closing := object, byte('}')
	if c == '[' {
		kind, closing = array, ']'
	}
	i, f := p.add(kind, p.at, p.at)
	if f != nil {
		return false, f
	}
	p.at++
	p.space()
	if p.at < len(p.src) && p.src[p.at] == closing {
		p.at++
		p.close(i)
		return false, nil
	}
	p.open = append(p.open, frame{node: i})
	if kind == object {
		return true, p.key()
	}
	return true, nil
}

// climb goes from the end of a value to the start of the next one, closing
// containers; it reports true at the end of the text.
func (p *parser) climb() (done bool, f *fault) {
	for len(p.open) > 0 {
		p.space()
		if p.at >= len(p.src) {
			return false, p.truncated()
		}
		top := p.open[len(p.open)-1].node
		inObject := p.nodes[top].shape == object
		switch c := p.src[p.at]; {
		case c == ',' && inObject:
			p.at++
			p.space()
			return false, p.key()
		case c == ',':
			p.at++
			return false, nil
		case c == '}' && inObject, c == ']' && !inObject:
			p.at++
			p.close(top)
			p.open = p.open[:len(p.open)-1]
		default:
			return false, p.unexpected()
		}
	}
	p.space()
	if p.at < len(p.src) {
		return false, &fault{p.at, codeTrailing, "data after the end of the JSON value"}
	}
	return true, nil
}

// key reads a key and its colon, and refuses one the object already has.
func (p *parser) key() *fault {
	if p.at >= len(p.src) {
		return p.truncated()
	}
	if p.src[p.at] != '"' {
		return p.unexpected()
	}
	start, i := p.at, len(p.nodes)
	if f := p.string(); f != nil {
		return f
	}
	top := &p.open[len(p.open)-1]
	if !top.keys.add(p.src, p.nodes[i]) {
		return &fault{start, codeDuplicate, "duplicate key"}
	}
	p.space()
	if p.at >= len(p.src) {
		return p.truncated()
	}
	if p.src[p.at] != ':' {
		return p.unexpected()
	}
	p.at++
	return nil
}

func (p *parser) add(s shape, start, end int) (int, *fault) {
	if len(p.nodes) >= mostValues {
		return 0, &fault{start, codeTooMany, "more values than the limit"}
	}
	p.nodes = append(p.nodes, node{start: int32(start), end: int32(end), next: int32(len(p.nodes) + 1), shape: s})
	return len(p.nodes) - 1, nil
}

func (p *parser) close(i int) {
	p.nodes[i].end = int32(p.at)
	p.nodes[i].next = int32(len(p.nodes))
}

func (p *parser) space() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\n', '\r', '\t':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) word() *fault {
	for _, w := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(p.src[p.at:], []byte(w)) {
			if _, f := p.add(word, p.at, p.at+len(w)); f != nil {
				return f
			}
			p.at += len(w)
			return nil
		}
		if rest := p.src[p.at:]; len(rest) < len(w) && bytes.HasPrefix([]byte(w), rest) {
			return &fault{len(p.src), codeTruncated, "the text ends too early"}
		}
	}
	return p.unexpected()
}

func (p *parser) truncated() *fault {
	return &fault{p.at, codeTruncated, "the text ends too early"}
}

func (p *parser) unexpected() *fault {
	return &fault{p.at, codeSyntax, "a character that does not belong there"}
}
