package format

import "fmt"

// Fault says that a document does not follow its format, and where. It repeats
// nothing of the document.
type Fault struct {
	Format Name
	Line   int    // counted from 1; 0 if it is not known
	Where  string // a place in the format's own words: "segment 12", "byte 40"; may be empty
	What   string // "a quote is not closed"
}

// Error says it in one line.
func (f *Fault) Error() string {
	s := string(f.Format) + ": "
	if f.Line > 0 {
		s += fmt.Sprintf("line %d: ", f.Line)
	}
	if f.Where != "" {
		s += f.Where + ": "
	}
	return s + f.What
}

// at moves a fault of a piece of a document to its place in the whole.
func (f *Fault) at(lines int) *Fault {
	moved := *f
	if moved.Line > 0 {
		moved.Line += lines
	}
	return &moved
}

// Uninspectable says that a document is of a kind that cannot be looked into.
// It must be refused: copying it would copy whatever it holds.
type Uninspectable struct {
	What string // "a PDF", "a document with 2 pictures"
	Hint string // what to do about it, where more can be done than to save it as text
}

// Error names the kind of document.
func (u *Uninspectable) Error() string {
	if u.Hint != "" {
		return u.What + " is not inspectable"
	}
	return u.What + " is not inspectable yet"
}
