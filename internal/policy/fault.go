package policy

import (
	"fmt"
	"sort"
	"strings"
)

// Fault is one thing wrong with a policy, at its place. Line and Col begin at 1
// and Col counts characters.
type Fault struct {
	File string
	Line int
	Col  int
	What string // what is wrong
	Hint string // what to do about it; may be empty
}

// String renders the fault as file:line:col: what: hint.
func (f Fault) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.What)
	if f.Hint != "" {
		s += ": " + f.Hint
	}
	return s
}

// Faults is the error of Parse: every fault of the policy, in the order of the
// file. It is meant for the person who writes the policy.
type Faults []Fault

// Error renders one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sorted() Faults {
	sort.SliceStable(f, func(i, j int) bool {
		if f[i].Line != f[j].Line {
			return f[i].Line < f[j].Line
		}
		return f[i].Col < f[j].Col
	})
	return f
}
