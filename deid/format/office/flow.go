package office

import (
	"strconv"
	"strings"

	"chaperone/phi"
)

// piece is a stretch of a text and the bytes of the part that it stands in.
type piece struct {
	from, to   int     // of the text
	start, end int     // of the part
	at         []int32 // where each byte stands, and the end; nil if the bytes are the same
	space      int     // where its tag can be told to keep blanks; 0 if it does or cannot
	section    bool    // it stands in a CDATA section
}

func (p *piece) offset(i int) int {
	if p.at == nil {
		return p.start + i - p.from
	}
	return int(p.at[i-p.from])
}

// whole makes one piece of a text.
func whole(d decoded, start, end int) piece {
	return piece{to: len(d.text), start: start, end: end, at: d.at}
}

// runs is a text in pieces of one part.
type runs struct {
	part   *part
	pieces []piece
	also   []change // what changes with it
}

// put writes each edit into the first piece that it touches, and takes its text
// out of the others. What stands between pieces, a line break, stays.
func (r *runs) put(d *draft, text string, edits []Edit) {
	for _, c := range r.also {
		d.change(r.part, c.start, c.end, c.text)
	}
	for i := range r.pieces {
		p := &r.pieces[i]
		left := []byte(nil)
		from, changed := p.from, false
		for _, e := range edits {
			if e.End <= p.from && !(e.Start == e.End && e.Start == p.from) || e.Start >= p.to {
				continue
			}
			s, end := max(e.Start, p.from), min(e.End, p.to)
			left = append(left, text[from:s]...)
			from, changed = end, true
			to := ""
			if i == first(r.pieces, e) {
				to = e.Text
			}
			left = append(left, to...)
			d.change(r.part, p.offset(s), p.offset(end), r.escape(p, p.offset(s), to))
		}
		if !changed {
			continue
		}
		left = append(left, text[from:p.to]...)
		if s := string(left); p.space > 0 && strings.TrimSpace(s) != s {
			d.change(r.part, p.space, p.space, ` xml:space="preserve"`)
		}
	}
}

// first is the piece that takes an edit's text.
func first(pieces []piece, e Edit) int {
	for i := range pieces {
		if e.Start < pieces[i].to && e.End > pieces[i].from {
			return i
		}
	}
	return -1
}

// escape writes text as the part and the piece need it at a place.
func (r *runs) escape(p *piece, at int, text string) string {
	switch {
	case r.part.rich && at > 0 && isAlnum(r.part.raw[at-1]) && at == p.start:
		return " " + escapeRTF(text) // or it would be read as the end of the control word before
	case r.part.rich:
		return escapeRTF(text)
	case p.section:
		return strings.ReplaceAll(text, "]]>", "")
	}
	return escape(text)
}

func isAlnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// maxFlow is about how long a text of many paragraphs may get.
const maxFlow = 32 << 10

// flow gathers a text from its pieces.
type flow struct {
	text   strings.Builder
	pieces []piece
	line   int // on which the text begins
	at     int // on which it ends
	label  string
	kind   phi.Kind
	cell   *Cell
	path   string
	around *flow
	codes  *flow // field codes, which are a text of their own
	also   []change
	hidden string // a value that stands here without being shown
}

func newFlow(path string, around *flow) *flow {
	return &flow{path: path, around: around, line: 1, at: 1}
}

// take adds text with its bytes.
func (f *flow) take(d decoded, start, end, space int, section bool) {
	from := f.text.Len()
	f.text.WriteString(d.text)
	f.at += strings.Count(d.text, "\n")
	f.pieces = append(f.pieces, piece{from, from + len(d.text), start, end, d.at, space, section})
}

// gap adds what an element stands for.
func (f *flow) gap(mark string) {
	if f.text.Len() == 0 {
		f.at += strings.Count(mark, "\n")
		f.line = f.at
		return
	}
	f.text.WriteString(mark)
	f.at += strings.Count(mark, "\n")
}

// flush lists what the flow holds, and empties it.
func (r *reader) flush(p *part, f *flow) {
	if f.codes != nil {
		codes := f.codes
		f.codes = nil
		r.flush(p, codes)
	}
	if text := f.text.String(); strings.TrimSpace(text) != "" {
		r.f.add(Text{Path: f.path, Label: f.label, Kind: f.kind, Text: text, Line: f.line, Cell: f.cell}, &runs{p, f.pieces, f.also})
	} else if strings.TrimSpace(f.hidden) != "" {
		r.f.add(Text{Path: f.path, Text: f.hidden, Line: f.line, Cell: f.cell}, &runs{part: p, also: f.also})
	}
	f.text = strings.Builder{}
	f.pieces = nil
	f.line = f.at
}

func decimal(n int) string { return strconv.Itoa(n) }
