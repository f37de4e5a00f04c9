package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"chaperone/deid"

	"golang.org/x/term"
)

// paneWidth is where long lines are wrapped, in characters.
const paneWidth = 100

// inColour reports whether a person looks at w and wants colour.
func inColour(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == ""
}

func (d *demonstration) panes(w io.Writer, colour bool) {
	x, tool, last := d.exchanges[0], d.exchanges[1], d.exchanges[2]
	pane(w, "1  What you sent (identifiers marked by kind)", marked(x.asked, d.findings, colour))
	pane(w, "2  What Claude saw", placeholders(x.seenText(), colour))
	pane(w, "3  What you got back", x.got.text+
		"\n\nand in a tool call, "+tool.got.tool+":\n"+tool.got.input+"\n\nand after the tool's answer:\n"+last.got.text)
	pane(w, "4  What the record holds", d.recorded())
}

func pane(w io.Writer, title, body string) {
	fmt.Fprintf(w, "\n── %s %s\n\n", title, strings.Repeat("─", max(3, paneWidth-len([]rune(title))-4)))
	for _, line := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
		for _, part := range wrap(line) {
			fmt.Fprintf(w, "  %s\n", part)
		}
	}
}

// wrap breaks a line at spaces; the marks of colour do not count.
func wrap(line string) []string {
	var out []string
	length, from, space := 0, 0, -1
	inMark := false
	for i, r := range line {
		switch {
		case r == '\x1b':
			inMark = true
		case inMark:
			inMark = r != 'm'
			continue
		case r == ' ':
			space = i
		}
		if !inMark {
			length++
		}
		if length > paneWidth-4 && space > from {
			out = append(out, line[from:space])
			length, from = len([]rune(line[space+1:i+1])), space+1
			space = -1
		}
	}
	return append(out, line[from:])
}

// marked shows each identifier with its kind.
func marked(text string, found []deid.Finding, colour bool) string {
	var b strings.Builder
	from := 0
	for _, f := range found {
		if !f.Kind.Identifies() || f.Start < from {
			continue
		}
		b.WriteString(text[from:f.Start])
		surface := text[f.Start:f.End]
		if colour {
			fmt.Fprintf(&b, "\x1b[30;43m%s\x1b[0m\x1b[33m·%s\x1b[0m", surface, f.Kind)
		} else {
			fmt.Fprintf(&b, "⟦%s: %s⟧", f.Kind, surface)
		}
		from = f.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// placeholders shows placeholders in a colour of their own.
func placeholders(text string, colour bool) string {
	if !colour {
		return text
	}
	var b strings.Builder
	from := 0
	for _, p := range deid.Placeholders(text) {
		b.WriteString(text[from:p[0]])
		fmt.Fprintf(&b, "\x1b[30;46m%s\x1b[0m", text[p[0]:p[1]])
		from = p[1]
	}
	b.WriteString(text[from:])
	return b.String()
}

// recorded is the entry of the first exchange and its proof.
func (d *demonstration) recorded() string {
	x := d.exchanges[0]
	f, ruling, out := x.shown.Fields, x.shown.Intent.Facts.Ruling, x.shown.Outcome.Facts.Outcome
	deed := x.shown.Intent.Facts.Deed
	simulated := ""
	if deed.Simulated {
		simulated = "  SIMULATED"
	}
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("exchange", "%s", x.got.exchange)
	line("time", "%s", f.Time)
	line("user", "%s (%s) from %s", f.User, f.Role, f.Address)
	line("patient", "%s", f.Patient)
	line("found", "%s", f.PHI)
	line("action", "%s through door %s, model %s%s", f.Action, deed.Door, deed.Model, simulated)
	line("ruling", "%s by policy %s, version %s", ruling.Decision, ruling.Profile, ruling.Version)
	line("result", "%s %s, %d placeholders restored", f.Result, f.Status, out.Restored)
	line("reason", "%s", f.Reason)
	for _, parts := range [][]string{partLines(x.shown.Intent.Facts.Parts), partLines(x.shown.Outcome.Facts.Parts)} {
		for _, p := range parts {
			line("sealed", "%s", p)
		}
	}
	line("proof", "leaf %d of a tree signed in its checkpoint, %d hashes, checked with the public key", x.proof.Seq, len(x.proof.Hashes))
	line("receipt", "%.60s…", x.got.receipt)
	state := "verified"
	if !d.report.OK() {
		state = "NOT VERIFIED"
	}
	line("record", "%d of %d records recomputed from outside: %s", d.report.Verified, d.report.Records, state)
	return b.String()
}
