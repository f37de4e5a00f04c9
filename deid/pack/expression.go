package pack

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// expression is a regular expression in the syntax of RE2, without ^ and $. It
// is tried where a word or a mark begins whose first bytes it can have, and sees
// at most maxMatch bytes there, so that its cost is bounded wherever it stands.
type expression struct {
	re   *regexp.Regexp
	prog *syntax.Prog
}

const (
	maxExpression = 500 // bytes as it is written
	maxMatch      = 128 // bytes of text that it may match
	maxProgram    = 256 // instructions
)

// parseExpression compiles an expression. The error says what is wrong with it
// and repeats none of it.
func parseExpression(src string) (*expression, error) {
	if len(src) > maxExpression {
		return nil, fmt.Errorf("an expression has at most %d characters", maxExpression)
	}
	for _, r := range src {
		if r >= utf8.RuneSelf {
			return nil, errors.New("an expression is written in ASCII: accents are undone before it is looked for")
		}
	}
	tree, err := syntax.Parse(src, syntax.Perl)
	if err != nil {
		var e *syntax.Error
		if errors.As(err, &e) {
			return nil, fmt.Errorf("this is not an RE2 expression (%s)", e.Code)
		}
		return nil, errors.New("this is not an RE2 expression")
	}
	if anchored(tree) {
		return nil, errors.New("an expression stands in the middle of a text: write it without ^, $, \\A and \\z")
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil || len(prog.Inst) > maxProgram {
		return nil, errors.New("the expression is too large; count less in it")
	}
	re, err := regexp.Compile(`\A(?:` + src + `)`)
	if err != nil {
		return nil, errors.New("this is not an RE2 expression")
	}
	re.Longest()
	x := &expression{re, prog}
	if re.MatchString("") {
		return nil, errors.New("the expression matches nothing at all; make something in it needed")
	}
	if !x.particular() {
		return nil, errors.New("every text can begin a match; begin the expression with what is special about it")
	}
	return x, nil
}

func anchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return true
	}
	return slices.ContainsFunc(re.Sub, anchored)
}

// particular reports whether the first byte says anything.
func (x *expression) particular() bool {
	n := 0
	for _, in := range x.opening()[0] {
		if in {
			n++
		}
	}
	return n <= 100
}

// match implements pattern.
func (x *expression) match(text string, at int) int {
	end := min(at+maxMatch, len(text))
	m := x.re.FindStringIndex(text[at:end])
	if m == nil || m[1] == 0 || at+m[1] == end && end < len(text) || splits(text, at+m[1]) {
		return -1
	}
	return at + m[1]
}

// opening implements pattern: it runs the program on all bytes at once.
func (x *expression) opening() [prefix]byteSet {
	var sets [prefix]byteSet
	open, over := x.closure([]uint32{uint32(x.prog.Start)}), false
	for d := range sets {
		var next []uint32
		wide := false
		for _, pc := range open {
			in := &x.prog.Inst[pc]
			if in.Op == syntax.InstMatch {
				over = true
				continue
			}
			for b := range utf8.RuneSelf {
				if in.MatchRune(rune(b)) {
					sets[d][b] = true
				}
			}
			wide = wide || beyondASCII(in)
			next = append(next, in.Out)
		}
		for b := range sets[d] {
			sets[d][b] = sets[d][b] || over || wide && b >= utf8.RuneSelf
		}
		over = over || wide // it has more bytes than one, so positions no longer agree
		open = x.closure(next)
	}
	return sets
}

func beyondASCII(in *syntax.Inst) bool {
	if in.Op == syntax.InstRuneAny || in.Op == syntax.InstRuneAnyNotNL {
		return true
	}
	if len(in.Rune) == 1 { // one letter, in both cases if the flag says so
		return syntax.Flags(in.Arg)&syntax.FoldCase != 0 && (lower(byte(in.Rune[0])) == 'k' || lower(byte(in.Rune[0])) == 's')
	}
	return in.Rune[len(in.Rune)-1] >= utf8.RuneSelf
}

// closure returns the instructions that read a rune, and the match, that can be
// reached from here without reading. It passes word boundaries as if they held.
func (x *expression) closure(from []uint32) []uint32 {
	seen := make([]bool, len(x.prog.Inst))
	var out []uint32
	for len(from) > 0 {
		pc := from[len(from)-1]
		from = from[:len(from)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch in := &x.prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			from = append(from, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			from = append(from, in.Out)
		case syntax.InstFail:
		default:
			out = append(out, pc)
		}
	}
	return out
}
