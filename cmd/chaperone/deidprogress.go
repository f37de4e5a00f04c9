package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// progress rewrites one line while a person is looking, and is silent
// otherwise.
type progress struct {
	w     io.Writer
	shown bool
}

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &progress{w: w}
	}
	return &progress{}
}

func (p *progress) show(n int, what string) {
	if p.w == nil {
		return
	}
	what = printable(what)
	if len(what) > 60 {
		what = "…" + what[len(what)-59:]
	}
	fmt.Fprintf(p.w, "\r\x1b[K%d  %s", n, what)
	p.shown = true
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// printable is the name of a file as a terminal may show it: a control character
// in it could forge a line, or move the cursor.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
}
