package office

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"chaperone/phi"
)

// maxGroups bounds how deep groups may stand within each other.
const maxGroups = 1000

func isRTF(raw []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n\xEF\xBB\xBF"), []byte(`{\rtf`))
}

// wording is a document in RTF (Rich Text Format 1.9.1).
type wording struct{ part *part }

func (w *wording) write(d *draft) ([]byte, error) {
	return w.part.content(d)
}

// group is an open group and what holds within it.
type group struct {
	start  int
	flow   *flow
	own    bool // the flow ends with it
	star   bool // it began with \*
	fresh  bool // nothing but \* was read in it
	mute   bool // its text is the format's
	gone   bool // it is dropped
	fonts  bool // it is the table of fonts
	field  string
	skip   int // characters that stand for one of \u, in other writing
	page   *codePage
	styled bool
}

// rtf reads a document in RTF from its beginning to its end.
type rtf struct {
	r       *reader
	p       *part
	i       int
	groups  []group
	usual   *codePage
	fonts   map[int]*codePage
	font    int // whose charset is being told
	base    int // the font that \plain goes back to
	skip    int // characters still to be passed over
	high    uint16
	highAt  int
	lead    int // the first byte of a character of two, or -1
	leadAt  int
	numbers map[string]int
	table   Cell // the last cell that was read
}

func readRTF(raw []byte, limits Limits) (*File, error) {
	p := &part{raw: raw, at: 1, rich: true}
	f := &File{kind: RTF, rich: &wording{p}}
	t := &rtf{
		r: &reader{f: f, limits: limits, drops: map[string]int{}}, p: p,
		usual: codePages[1252], fonts: map[int]*codePage{}, lead: -1, numbers: map[string]int{},
	}
	if err := t.read(); err != nil {
		return nil, err
	}
	return f, t.r.refusals()
}

func (t *rtf) fault(what string) error {
	return &Fault{Where: fmt.Sprintf("byte %d", min(t.i, len(t.p.raw))), What: what}
}

func (t *rtf) top() *group { return &t.groups[len(t.groups)-1] }

func (t *rtf) read() error {
	raw := t.p.raw
	t.i = bytes.IndexByte(raw, '{')
	for {
		if t.i >= len(raw) {
			return t.fault("a group is not closed")
		}
		start := t.i
		switch c := raw[t.i]; c {
		case '{':
			if err := t.begin(); err != nil {
				return err
			}
		case '}':
			t.i++
			if len(t.groups) == 1 && t.top().gone {
				return t.fault("all of it is one object")
			}
			if t.end(); len(t.groups) == 0 {
				if t.i < len(raw) {
					t.p.fixed = append(t.p.fixed, change{t.i, len(raw), ""}) // what stands after the end
				}
				return nil
			}
		case '\\':
			if err := t.control(); err != nil {
				return err
			}
		case '\r', '\n', 0:
			t.i++
		default:
			t.i++
			t.char(c, start, t.i)
		}
	}
}

func (t *rtf) begin() error {
	if len(t.groups) == maxGroups {
		return t.fault("groups stand too deep within each other")
	}
	t.skip, t.lead, t.high = 0, -1, 0
	g := group{start: t.i, fresh: true, skip: 1, page: t.usual}
	if len(t.groups) > 0 {
		around := t.top()
		around.fresh = false
		g.flow, g.mute, g.gone, g.fonts, g.skip, g.page, g.field, g.styled = around.flow, around.mute, around.gone, around.fonts, around.skip, around.page, around.field, around.styled
		if g.styled || around.field == "revtbl" {
			g.flow, g.own = t.fresh(t.top().field), true
		}
	} else {
		g.flow, g.own = newFlow("document", nil), true
	}
	t.groups = append(t.groups, g)
	t.i++
	return nil
}

// fresh is a flow for a field of its own.
func (t *rtf) fresh(field string) *flow {
	kind := destinations[field]
	t.numbers[kind.path]++
	f := newFlow(kind.path, nil)
	if kind.counted {
		f.path += " " + decimal(t.numbers[kind.path])
	}
	f.kind, f.label = kind.kind, kind.label
	return f
}

func (t *rtf) end() {
	t.skip, t.lead, t.high = 0, -1, 0
	g := *t.top()
	t.groups = t.groups[:len(t.groups)-1]
	around := group{}
	if len(t.groups) > 0 {
		around = *t.top()
	}
	switch {
	case g.gone && !around.gone:
		// An empty group keeps apart what stood before it and after it.
		t.p.fixed = append(t.p.fixed, change{g.start, t.i, "{}"})
	case g.own && !g.gone && !g.mute:
		t.r.flush(t.p, g.flow)
	}
}

// control takes a control word or symbol with its number and its delimiter.
func (t *rtf) control() error {
	raw := t.p.raw
	start := t.i
	t.i++
	if t.i >= len(raw) {
		return t.fault("it ends within a control word")
	}
	if c := raw[t.i]; c|0x20 < 'a' || c|0x20 > 'z' {
		t.i++
		return t.symbol(c, start)
	}
	for t.i < len(raw) && raw[t.i]|0x20 >= 'a' && raw[t.i]|0x20 <= 'z' {
		t.i++
	}
	word := string(raw[start+1 : t.i])
	from := t.i
	if t.i < len(raw) && raw[t.i] == '-' {
		t.i++
	}
	for t.i < len(raw) && raw[t.i] >= '0' && raw[t.i] <= '9' && t.i-from < 12 {
		t.i++
	}
	number, err := strconv.Atoi(string(raw[from:t.i]))
	if err != nil {
		t.i = from
	}
	if t.i < len(raw) && raw[t.i] == ' ' {
		t.i++
	}
	if word == "bin" {
		if number < 0 || number > len(raw)-t.i {
			return t.fault("binary data is not whole")
		}
		t.i += number
		t.r.drops["embedded objects"] += btoi(!t.top().gone)
		return nil
	}
	if len(t.groups) > 0 {
		t.word(word, number, start)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// symbol takes a control symbol.
func (t *rtf) symbol(c byte, start int) error {
	raw := t.p.raw
	switch c {
	case '\'':
		if t.i+2 > len(raw) {
			return t.fault("an escape is not whole")
		}
		n, err := strconv.ParseUint(string(raw[t.i:t.i+2]), 16, 8)
		if err != nil {
			return t.fault("an escape is not two digits")
		}
		t.i += 2
		t.char(byte(n), start, t.i)
	case '\\', '{', '}':
		t.char(c, start, t.i)
	case '~':
		t.rune(' ', start, t.i)
	case '_':
		t.rune('-', start, t.i)
	case '\r', '\n':
		t.mark("\n")
	case '*':
		if g := t.top(); g.fresh {
			g.star = true
		}
	}
	return nil
}

// mark adds what a control word stands for.
func (t *rtf) mark(text string) {
	g := t.top()
	g.fresh = false
	if t.skip > 0 {
		t.skip--
		return
	}
	if !g.mute && !g.gone {
		g.flow.gap(text)
		if g.flow.text.Len() > maxFlow && text == "\n" {
			t.r.flush(t.p, g.flow)
		}
	}
}

// char takes a byte of text.
func (t *rtf) char(c byte, start, end int) {
	if len(t.groups) == 0 {
		return
	}
	g := t.top()
	g.fresh = false
	if t.skip > 0 {
		t.skip--
		t.stretch(start, end)
		return
	}
	t.high = 0
	if c == ';' && (g.field == "revtbl" || g.field == "stylesheet") {
		return // it ends an entry
	}
	if t.lead >= 0 {
		text := g.page.pair(byte(t.lead), c)
		t.lead = -1
		t.take(text, t.leadAt, end)
		return
	}
	if c >= 0x80 && g.page.leads(c) {
		t.lead, t.leadAt = int(c), start
		return
	}
	t.take(g.page.single(c), start, end)
}

func (t *rtf) rune(r rune, start, end int) {
	t.top().fresh = false
	t.lead = -1
	t.take(string(r), start, end)
}

// stretch lets the character before reach over its other writing.
func (t *rtf) stretch(start, end int) {
	f := t.top().flow
	if n := len(f.pieces); n > 0 && f.pieces[n-1].end == start {
		p := &f.pieces[n-1]
		p.end, p.at[len(p.at)-1] = end, int32(end)
	}
}

// take adds a character with its bytes, to the piece before if they touch.
func (t *rtf) take(text string, start, end int) {
	g := t.top()
	if g.mute || g.gone || text == "" {
		return
	}
	f := g.flow
	from := f.text.Len()
	f.text.WriteString(text)
	n := len(f.pieces)
	if n == 0 || f.pieces[n-1].end != start || f.pieces[n-1].to != from {
		f.pieces = append(f.pieces, piece{from: from, to: from, start: start, end: start, at: []int32{int32(start)}})
		n++
	}
	p := &f.pieces[n-1]
	for k := range len(text) {
		if k > 0 {
			p.at = append(p.at, int32(end))
		}
	}
	p.at = append(p.at, int32(end))
	p.to, p.end = from+len(text), end
}

// unicode takes \u: one unit of UTF-16, of which two may make a character.
func (t *rtf) unicode(n, start int) {
	unit := uint16(int16(n))
	switch {
	case utf16.IsSurrogate(rune(unit)) && unit < 0xDC00:
		t.high, t.highAt = unit, start
	case utf16.IsSurrogate(rune(unit)) && t.high != 0:
		t.rune(utf16.DecodeRune(rune(t.high), rune(unit)), t.highAt, t.i)
		t.high = 0
	default:
		t.high = 0
		t.rune(rune(unit), start, t.i)
	}
	t.skip = t.top().skip
}

// escapeRTF writes text in RTF, in ASCII.
func escapeRTF(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\\' || r == '{' || r == '}':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\line `)
		case r == '\t':
			b.WriteString(`\tab `)
		case r < ' ':
		case r < 0x80:
			b.WriteRune(r)
		default:
			for _, u := range utf16.Encode([]rune{r}) {
				b.WriteString(`{\uc0\u` + strconv.Itoa(int(int16(u))) + ` }`)
			}
		}
	}
	return b.String()
}

// destination is what a group holds whose first control word names it.
type destination struct {
	path    string // of its text; "" for none of its own
	kind    phi.Kind
	label   string
	counted bool
	mute    bool // the words of the format
	gone    bool // it is dropped
}
