package pdf

import (
	"bytes"
	"errors"
)

// operands says what each operator that draws takes: n a number, a an array of
// numbers, * any numbers. What is not here, or has other operands, is not
// written again. Operators with operands that name something are not here: the
// machine knows them one by one.
var operands = map[keyword]string{
	"w": "n", "J": "n", "j": "n", "M": "n", "d": "an", "i": "n",
	"q": "", "Q": "", "cm": "nnnnnn",
	"m": "nn", "l": "nn", "c": "nnnnnn", "v": "nnnn", "y": "nnnn", "h": "", "re": "nnnn",
	"S": "", "s": "", "f": "", "F": "", "f*": "", "B": "", "B*": "", "b": "", "b*": "", "n": "",
	"W": "", "W*": "",
	"BT": "", "ET": "", "Tc": "n", "Tw": "n", "Tz": "n", "TL": "n", "Tr": "n", "Ts": "n",
	"Td": "nn", "TD": "nn", "Tm": "nnnnnn", "T*": "",
	"d0": "nn", "d1": "nnnnnn",
	"SC": "*", "sc": "*", "G": "n", "g": "n", "RG": "nnn", "rg": "nnn", "K": "nnnn", "k": "nnnn",
}

// fitting are the operands that an operator takes, and whether they are what it
// takes. Viewers ignore what stands before them.
func fitting(k keyword, args []any) ([]any, bool) {
	want, ok := operands[k]
	if !ok {
		return nil, false
	}
	if want == "*" {
		for _, a := range args {
			if _, ok := number(a); !ok {
				return nil, false
			}
		}
		return args, true
	}
	if len(args) < len(want) {
		return nil, false
	}
	args = args[len(args)-len(want):]
	for i, c := range want {
		switch c {
		case 'n':
			_, ok = number(args[i])
		case 'a':
			var a array
			if a, ok = args[i].(array); ok {
				ok = numbers(a, len(a)) != nil
			}
		}
		if !ok {
			return nil, false
		}
	}
	return args, true
}

// maxOperands is how many operands are kept for one operator.
const maxOperands = 64

// walk calls visit for every operator of a content stream, with its operands,
// which are only valid during the call. The picture of a BI comes as a
// dictionary and its bytes.
func walk(body []byte, visit func(keyword, []any) error) error {
	l := &lexer{buf: body}
	var args []any
	for {
		o, err := l.next()
		if errors.Is(err, errDeep) {
			return &Fault{Offset: -1, What: "in what a page draws, " + err.Error()}
		}
		if err != nil {
			return nil
		}
		k, ok := o.(keyword)
		if !ok {
			if len(args) == maxOperands {
				copy(args, args[1:])
				args = args[:maxOperands-1]
			}
			args = append(args, o)
			continue
		}
		if k == "BI" {
			args = append(args[:0], l.inline()...)
		}
		if err := visit(k, args); err != nil {
			return err
		}
		args = args[:0]
	}
}

// longNames are the names that the short ones of inline pictures stand for.
var longNames = map[name]name{
	"W": "Width", "H": "Height", "BPC": "BitsPerComponent", "IM": "ImageMask",
	"D": "Decode", "CS": "ColorSpace", "F": "Filter", "DP": "DecodeParms",
}

// inline reads a picture that stands in the content itself.
func (l *lexer) inline() []any {
	head := dict{}
	for {
		o, err := l.next()
		if err != nil || o == keyword("ID") {
			break
		}
		key, ok := o.(name)
		if !ok {
			continue
		}
		v, err := l.next()
		if err != nil || v == keyword("ID") {
			break
		}
		if long, ok := longNames[key]; ok {
			key = long
		}
		head[key] = v
	}
	start := min(l.pos+1, len(l.buf))
	size := 0
	if mask, _ := head["ImageMask"].(bool); mask && head["Filter"] == nil {
		w, _ := integer(head["Width"])
		h, _ := integer(head["Height"])
		if w > 0 && h > 0 && w < 1<<15 && h < 1<<15 {
			size = (w + 7) / 8 * h
		}
	}
	end := l.endOfPicture(min(start+size, len(l.buf)))
	return []any{head, text(l.buf[start:max(start, end)])}
}

// endOfPicture goes past the EI that ends a picture and returns where the bytes
// before it end.
func (l *lexer) endOfPicture(from int) int {
	for at := from; ; {
		i := bytes.Index(l.buf[at:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.buf)
			return l.pos
		}
		at += i
		before := at == from || isSpace(l.buf[at-1])
		after := l.buf[at+2 : min(len(l.buf), at+12)]
		plain := len(after) == 0 || isSpace(after[0])
		for _, c := range after {
			plain = plain && (isSpace(c) && c != 0 || c > ' ' && c < 0x7f)
		}
		if before && plain {
			l.pos = at + 2
			return max(from, at-1)
		}
		at += 2
	}
}
