package pack

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a pack, at its place. Line and Col begin at 1.
// What and Hint never repeat a sample, a word or a case: they may have come from
// a record.
type Fault struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
	What string `json:"fault"`
	Hint string `json:"hint,omitempty"` // what to do about it; may be empty
}

// String renders the fault as file:line:col: what: hint.
func (f Fault) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.What)
	if f.Hint != "" {
		s += ": " + f.Hint
	}
	return s
}

// Faults are all that is wrong with a pack, in the order of its file. A pack
// with faults finds nothing and is not to be used.
type Faults []Fault

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}
