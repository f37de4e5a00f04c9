package policy

import (
	"unicode"
	"unicode/utf8"
)

// The Cedar library stops at the first fault and gives no place for faults of
// meaning. This small scanner cuts a policy into its statements and keeps where
// each word stood, so that every statement is judged and every fault has a line.

const (
	maxSource  = 256 << 10 // bytes of one policy file
	maxNesting = 64        // brackets within brackets; the parsers behind recurse
)

// word is one token of a policy.
type word struct {
	text      string // as written, quotes included
	line, col int
}

// statement is the source of one permit or forbid, annotations included.
type statement struct {
	src       string
	line, col int // of its first word
	words     []word
}

// cut splits a policy into statements. A fault ends the cutting: after an
// unclosed string nothing that follows can be trusted.
func cut(file, src string) ([]statement, *Fault) {
	s := scanner{src: src, line: 1, col: 1}
	var list []statement
	var open *statement
	start, depth := 0, 0
	for {
		w, at, bad := s.next()
		if bad != "" {
			return list, &Fault{file, w.line, w.col, bad, "close it, or remove it"}
		}
		if w.text == "" {
			break
		}
		if open == nil {
			open, start, depth = &statement{line: w.line, col: w.col}, at, 0
		}
		open.words = append(open.words, w)
		switch w.text {
		case "(", "[", "{":
			if depth++; depth > maxNesting {
				return list, &Fault{file, w.line, w.col, "brackets are nested too deeply", "split the rule in two"}
			}
		case ")", "]", "}":
			depth--
		case ";":
			open.src = src[start:s.pos]
			list = append(list, *open)
			open = nil
		}
	}
	if open != nil {
		open.src = src[start:]
		list = append(list, *open)
	}
	return list, nil
}

type scanner struct {
	src            string
	pos, line, col int
}

// next returns the next word, the byte offset where it begins, and what is
// wrong with it, if anything. At the end the word is empty.
func (s *scanner) next() (word, int, string) {
	s.skip()
	w := word{line: s.line, col: s.col}
	at := s.pos
	if at >= len(s.src) {
		return w, at, ""
	}
	r := s.step()
	switch {
	case r == '"':
		if !s.str() {
			return w, at, "a quotation is not closed"
		}
	case r == ':' && s.peek() == ':':
		s.step()
	case letter(r):
		for letter(s.peek()) || unicode.IsDigit(s.peek()) {
			s.step()
		}
	}
	w.text = s.src[at:s.pos]
	return w, at, ""
}

// skip passes over white space and comments.
func (s *scanner) skip() {
	for s.pos < len(s.src) {
		r := s.peek()
		switch {
		case unicode.IsSpace(r):
			s.step()
		case r == '/' && s.pos+1 < len(s.src) && s.src[s.pos+1] == '/':
			for s.pos < len(s.src) && s.peek() != '\n' {
				s.step()
			}
		default:
			return
		}
	}
}

// str passes over the rest of a quotation and reports whether it is closed.
func (s *scanner) str() bool {
	for s.pos < len(s.src) {
		switch s.step() {
		case '\\':
			if s.pos < len(s.src) {
				s.step()
			}
		case '"':
			return true
		case '\n':
			return false
		}
	}
	return false
}

func (s *scanner) peek() rune {
	if s.pos >= len(s.src) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s.src[s.pos:])
	return r
}

func (s *scanner) step() rune {
	r, n := utf8.DecodeRuneInString(s.src[s.pos:])
	s.pos += n
	s.col++
	if r == '\n' {
		s.line, s.col = s.line+1, 1
	}
	return r
}

func letter(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
