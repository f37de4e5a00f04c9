package pack

import (
	"errors"
	"fmt"
	"strings"

	"chaperone/phi"
)

// mark says what is right at one place of a case.
type mark struct {
	span
	kind phi.Kind // None: any
	keep bool     // nothing may be found there
}

// readMarks takes the marks out of a case. {name|Jo Smith} is to be found as a
// name, [[Jo Smith]] as anything, {keep|Foley} not at all. Braces and brackets
// that are no marks stand for themselves; an unknown kind is an error.
func readMarks(src string) (text string, marks []mark, err error) {
	var b strings.Builder
	for i := 0; i < len(src); {
		m, inside, n, err := markAt(src[i:])
		if err != nil {
			return "", nil, fmt.Errorf("mark %d: %w", len(marks)+1, err)
		}
		if n == 0 {
			b.WriteByte(src[i])
			i++
			continue
		}
		m.span = span{b.Len(), b.Len() + len(inside)}
		marks = append(marks, m)
		b.WriteString(inside)
		i += n
	}
	return b.String(), marks, nil
}

// markAt reads the mark that s begins with and yields its length, 0 if there is
// none.
func markAt(s string) (m mark, inside string, n int, err error) {
	closing := "]]"
	rest, bracket := strings.CutPrefix(s, "[[")
	if !bracket {
		word, after, ok := strings.Cut(s[:min(len(s), 16)], "|")
		if !ok || !strings.HasPrefix(word, "{") || !plainKey.MatchString(word[1:]) {
			return mark{}, "", 0, nil
		}
		closing = "}"
		rest = s[len(s[:min(len(s), 16)])-len(after):]
		if m.keep = word == "{keep"; !m.keep {
			if m.kind, ok = phi.ParseKind(word[1:]); !ok || !m.kind.Identifies() {
				return mark{}, "", 0, errors.New("there is no such kind; the kinds are " + kinds())
			}
		}
	}
	inside, _, closed := strings.Cut(rest, closing)
	if !closed || strings.TrimSpace(inside) == "" {
		return mark{}, "", 0, errors.New("it is empty or not closed")
	}
	return m, inside, len(s) - len(rest) + len(inside) + len(closing), nil
}
