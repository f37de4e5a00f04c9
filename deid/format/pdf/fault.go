package pdf

import "fmt"

// Fault says that a document is broken, or too large, and where. It repeats
// nothing of the document.
type Fault struct {
	Offset int    // the byte it was noticed at, counted from 0; -1 if it is not known
	What   string // "the table of objects cannot be read"
}

// Error says it in one line.
func (f *Fault) Error() string {
	if f.Offset >= 0 {
		return fmt.Sprintf("pdf: byte %d: %s", f.Offset, f.What)
	}
	return "pdf: " + f.What
}

// Uninspectable says that a document holds something that cannot be read as
// text. It must be refused: what cannot be read cannot be cleared.
type Uninspectable struct {
	Where string // "page 3"; may be empty
	What  string // "it is encrypted; save a copy without a password and try again"
	// Image is set if pictures are the only thing in the way, so that
	// Options.BlankImages would help.
	Image bool
	// Glyph is set if it is letters that nobody can name, so that
	// Options.BlankGlyphs would help.
	Glyph bool
}

// Error says it in one line.
func (u *Uninspectable) Error() string {
	if u.Where != "" {
		return "pdf: not inspectable: " + u.Where + ": " + u.What
	}
	return "pdf: not inspectable: " + u.What
}

func tooMuch(what string) *Fault {
	return &Fault{Offset: -1, What: what + "; split the document and try again"}
}
