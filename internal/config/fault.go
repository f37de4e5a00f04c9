package config

import (
	"fmt"
	"sort"
)

// Fault is one thing wrong with the configuration, at its place. Line and Col
// begin at 1. What and Hint never repeat a value of the file: a value can be a
// secret that was put in the wrong place.
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

// byPlace orders faults by file, then line, then column.
func byPlace(list []Fault) []Fault {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.File != b.File:
			return false // a policy's faults stay behind those of the configuration
		case a.Line != b.Line:
			return a.Line < b.Line
		default:
			return a.Col < b.Col
		}
	})
	return list
}
