package office

import (
	"strings"
	"unicode/utf8"

	"chaperone/phi"
)

// walker reads one part: every text between tags and every attribute that can
// hold words.
type walker struct {
	r        *reader
	p        *part
	x        *lexer
	where    string
	stack    []frame
	flow     *flow
	foreign  bool // data of somebody's own, whose words mean anything
	strings  bool // a spreadsheet's part, with its escapes
	listener listener
	grids    []*grid
	numbers  map[string]int // of comments and notes so far
	dated    bool           // the numbers of a chart are days
}

// frame is an element that is open.
type frame struct {
	full, name string
	insert     int // where its tag takes another attribute
	keeps      bool
	opened     bool   // it began a flow
	grid       bool   // it began a table
	label      string // what its words are about
	start      int
	removed    bool     // it goes with all that it holds
	also       []change // what changes with the text of the flow that it began
	repeated   int      // columns that it stands for
	hidden     string   // a value that it holds
}

// grid counts the cells of a table.
type grid struct{ number, row, column int }

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	// flows are elements whose paragraphs are a text of their own.
	flows = set("txbxContent textbox tc comment footnote endnote txBody rich si is rPh rt table-cell covered-table-cell note-body annotation text-box frame")
	// paragraphs end in a line end.
	paragraphs = set("p h docPart")
	// words are elements whose text goes into the flow around them.
	words = set("t delText")
	codes = set("instrText delInstrText")
	// gaps are what an element stands for in the text.
	gaps = map[string]string{"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "line-break": "\n", "s": " "}
	// removed are elements that lean on what is dropped.
	removed = set("generator creator-initials sender-initials author-initials embedRegular embedBold embedItalic embedBoldItalic embeddedFontLst pivotCaches pivotSource pivotTableReferences")
	// measures are elements whose text is a number that a page is laid out by.
	measures = set("posOffset pctPosHOffset pctPosVOffset pctWidth pctHeight")
	// fields are elements whose text is of one kind.
	fields = map[string]phi.Kind{
		"creator": phi.Name, "lastModifiedBy": phi.Name, "Manager": phi.Name, "Company": phi.Org, "author": phi.Name, "initial-creator": phi.Name, "printed-by": phi.Name,
		"sender-firstname": phi.Name, "sender-lastname": phi.Name, "author-name": phi.Name,
	}
)

// walk reads a part of words.
func (r *reader) walk(p *part, foreign bool, l listener) error {
	raw, err := upright(p.raw)
	if err != nil {
		return located(p, err)
	}
	p.raw = raw
	w := &walker{
		r: r, p: p, x: &lexer{raw: raw}, where: r.where(p), foreign: foreign, listener: l, numbers: map[string]int{},
		strings: r.f.kind == Sheet && !foreign,
	}
	w.flow = newFlow(w.where, nil)
	for {
		t, ok, err := w.x.next()
		if err == nil && ok {
			err = w.token(t)
		}
		if len(r.f.texts) > r.limits.Texts {
			err = refused("split it, or save it as CSV", "a document of more than %d cells and texts", r.limits.Texts)
		}
		if err != nil {
			return located(p, err)
		}
		if !ok {
			r.flush(p, w.flow)
			return nil
		}
	}
}

func (w *walker) token(t token) error {
	switch t.kind {
	case opening:
		if err := w.open(t); err != nil {
			return err
		}
		if t.closed {
			w.close(t)
		}
	case closing:
		w.close(t)
	case remark:
		if !isDeclaration(w.p.raw, t) {
			w.p.fixed = append(w.p.fixed, change{t.start, t.end, ""})
		}
	default:
		return w.characters(t)
	}
	return nil
}

func (w *walker) top() *frame {
	if len(w.stack) == 0 {
		return &frame{}
	}
	return &w.stack[len(w.stack)-1]
}

// open takes an opening tag.
func (w *walker) open(t token) error {
	around := w.top()
	name := local(t.name)
	f := frame{full: t.name, name: name, insert: t.start + 1 + len(t.name), start: t.start, label: around.label, removed: around.removed || removed[name] && !w.foreign}
	if f.removed {
		w.stack = append(w.stack, f)
		return nil
	}
	if w.foreign {
		f.label = name
	}
	for _, a := range t.attrs {
		if a.name == "xml:space" {
			f.keeps = true
		}
	}
	if name == "numCache" || name == "numLit" {
		w.dated = false
	}
	if err := w.attributes(t, &f); err != nil {
		return err
	}
	if !w.foreign {
		if mark, ok := gaps[name]; ok && around.name != "tabs" && (name != "s" || w.r.f.kind >= OpenText) {
			w.flow.gap(mark)
		}
		w.begin(&f, name)
		if w.listener != nil {
			if err := w.listener.open(w, t, name); err != nil {
				return err
			}
		}
	}
	w.stack = append(w.stack, f)
	return nil
}

// begin begins what an element begins: a table, a row, a text of its own.
func (w *walker) begin(f *frame, name string) {
	switch name {
	case "tbl", "table":
		w.r.tables++
		f.grid = true
		w.grids = append(w.grids, &grid{number: w.r.tables})
	case "tr", "table-row":
		if g := w.grid(); g != nil {
			g.row++
			g.column = 0
		}
	}
	if !flows[name] || name == "txBody" && w.top().name == "tc" {
		return
	}
	f.opened = true
	next := newFlow(w.where, w.flow)
	next.line, next.at = w.flow.at, w.flow.at
	switch g := w.grid(); {
	case (name == "tc" || strings.HasSuffix(name, "table-cell")) && g != nil:
		g.column++
		next.cell, next.also, next.hidden = &Cell{g.number, g.row, g.column}, f.also, f.hidden
		g.column += max(0, min(f.repeated, 1<<14)-1)
		next.path = w.where + ", table " + decimal(g.number) + ", row " + decimal(g.row) + ", column " + decimal(g.column)
		next.line, next.at = 1, 1
		if w.flow.cell == nil {
			w.r.flush(w.p, w.flow) // what stands before a table and after it are two texts
		}
	case name == "comment" || name == "footnote" || name == "endnote" || name == "annotation":
		w.numbers[name]++
		next.path = w.where + ", " + noteWords[name] + " " + decimal(w.numbers[name])
		next.line, next.at = 1, 1
	case name == "si" && w.listener == nil:
		w.numbers[name]++
		next.path = "shared text " + decimal(w.numbers[name])
	}
	w.flow = next
}

var noteWords = map[string]string{"comment": "comment", "footnote": "note", "endnote": "note", "annotation": "comment"}

func (w *walker) grid() *grid {
	if len(w.grids) == 0 {
		return nil
	}
	return w.grids[len(w.grids)-1]
}

// close takes a closing tag.
func (w *walker) close(t token) {
	f := w.top()
	if f.removed {
		w.stack = w.stack[:len(w.stack)-1]
		if !w.top().removed {
			w.p.fixed = append(w.p.fixed, change{f.start, t.end, ""})
		}
		return
	}
	if w.listener != nil && !w.foreign {
		w.listener.close(w, f.name, t.start, t.end)
	}
	switch {
	case w.foreign:
	case paragraphs[f.name]:
		w.flow.gap("\n")
		if w.flow.codes != nil {
			w.flow.codes.gap("\n")
		}
		if w.flow.text.Len() > maxFlow {
			w.r.flush(w.p, w.flow)
		}
	case f.name == "fldChar" && w.flow.codes != nil:
		w.flow.codes.gap("\n")
	}
	if f.opened {
		if w.listener == nil || !w.listener.takes(w, f.name, t.closed) {
			w.r.flush(w.p, w.flow)
		}
		w.flow = w.flow.around
	}
	if f.grid {
		w.grids = w.grids[:len(w.grids)-1]
	}
	w.stack = w.stack[:len(w.stack)-1]
}

// characters takes text between tags.
func (w *walker) characters(t token) error {
	d := decoded{text: string(w.p.raw[t.start:t.end])}
	if t.kind == characters {
		var err error
		if d, err = w.x.decode(t.start, t.end, w.strings); err != nil {
			return err
		}
	}
	f := w.top()
	if f.removed {
		return nil
	}
	blank := strings.TrimSpace(d.text) == ""
	switch {
	case w.listener != nil && w.listener.characters(w, t, d, f.name):
	case !w.foreign && (words[f.name] || w.r.f.kind >= OpenText && w.inParagraph()):
		space := 0
		if !f.keeps && w.keepsBlanks(f.full) {
			space = f.insert
		}
		w.flow.take(d, t.start, t.end, space, t.kind == section)
	case blank:
	case !w.foreign && codes[f.name]:
		if w.flow.codes == nil {
			w.flow.codes = newFlow(w.where+", field code", nil)
		}
		w.flow.codes.take(d, t.start, t.end, 0, t.kind == section)
	case !w.foreign && measures[f.name] && digits(strings.TrimPrefix(strings.TrimSpace(d.text), "-")):
	case !w.foreign && headers[f.name]:
		w.header(t, d)
	case !w.foreign && f.name == "v" && w.dated && w.plotted(t, d):
	default:
		if f.name == "formatCode" {
			w.dated = showsDate(d.text)
		}
		w.single(f, t, d)
	}
	return nil
}

// single lists the text of an element on its own.
func (w *walker) single(f *frame, t token, d decoded) {
	if !w.foreign && (d.text == "true" || d.text == "false") {
		return
	}
	one := Text{Path: w.where, Label: f.label, Text: d.text}
	kind, known := fields[f.name]
	switch {
	case isInstant(strings.TrimSpace(d.text)):
		one.Kind, one.Instant = phi.Date, true
	case isShut(d.text):
		one.Kind, one.Label = phi.Image, ""
	case known && !w.foreign:
		one.Kind, one.Label = kind, ""
	case one.Label == "":
		one.Label = labelWords[f.name]
	}
	at := whole(d, t.start, t.end)
	at.section = t.kind == section
	w.r.f.add(one, &runs{part: w.p, pieces: []piece{at}})
}

var labelWords = map[string]string{"keywords": "", "subject": "subject", "title": "title"}

// inParagraph reports whether an OpenDocument paragraph is open.
func (w *walker) inParagraph() bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if n := w.stack[i].name; n == "p" || n == "h" {
			return true
		}
		if w.stack[i].opened {
			return false
		}
	}
	return false
}

// keepsBlanks reports whether an element may say that its blanks count: those
// of the part's own vocabulary may, those of drawings may not.
func (w *walker) keepsBlanks(full string) bool {
	return (w.r.f.kind == Word || w.r.f.kind == Sheet) && prefix(full) == prefix(w.stack[0].full)
}

// isInstant reports whether text is a point in time: 2024-05-06T07:08:09Z.
func isInstant(text string) bool {
	if len(text) < 19 || len(text) > 35 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return false
	}
	return strings.Trim(text, "0123456789-:+.TZ") == ""
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

var headers = set("oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter")

// header takes the header or footer of a sheet, whose text has codes within:
// &L, &"Arial,Bold", &12 (ECMA-376-1, 18.3.1.46).
func (w *walker) header(t token, d decoded) {
	f := newFlow(w.where+", header or footer", nil)
	whole := whole(d, t.start, t.end)
	for i := 0; i < len(d.text); {
		n := headerCode(d.text[i:])
		if n > 0 {
			f.gap(" ")
			i += n
			continue
		}
		end := i + 1
		for end < len(d.text) && headerCode(d.text[end:]) == 0 {
			end++
		}
		part := decoded{text: d.text[i:end]}
		if d.at != nil {
			part.at = d.at[i : end+1]
		}
		f.take(part, whole.offset(i), whole.offset(end), 0, t.kind == section)
		i = end
	}
	w.r.flush(w.p, f)
}

// headerCode is the length of the code that s begins with, or 0.
func headerCode(s string) int {
	if len(s) < 2 || s[0] != '&' {
		return 0
	}
	switch c := s[1]; {
	case c == '"':
		if n := strings.IndexByte(s[2:], '"'); n >= 0 {
			return n + 3
		}
	case c == 'K' && len(s) >= 8:
		return 8
	case c >= '0' && c <= '9':
		n := 2
		for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	}
	_, n := utf8.DecodeRuneInString(s[1:])
	return 1 + n
}
