package office

import (
	"math"
	"strconv"
	"strings"
	"time"

	"chaperone/phi"
)

// listener follows the reading of a part that has more than words.
type listener interface {
	// open is told of every opening tag.
	open(w *walker, t token, name string) error
	// characters is told of text in an element, and says whether it has taken it.
	characters(w *walker, t token, d decoded, name string) bool
	// close is told of every closing tag, with the bytes where it begins and ends.
	close(w *walker, name string, start, end int)
	// takes says whether it takes the text that the walker has gathered in an element.
	takes(w *walker, name string, closed bool) bool
}

// sheetReader reads the cells of one sheet.
type sheetReader struct {
	book        *book
	part        *part
	number      int
	table       int
	row, column int
	cell        *cell
	formulas    map[string]*formula // that several cells share
}

// cell is a cell while it is read.
type cell struct {
	part       *part
	start, end int // with its tags
	style      string
	kind       string
	value      decoded
	from, to   int // where the value stands
	inline     *flow
	formula    *formula
	rule       decoded // the formula's text
}

// formula is a formula, or one that several cells share.
type formula struct {
	part  *part
	spans [][2]int
}

// put takes the formula away: the value that the cell shows stays.
func (f *formula) put(d *draft, _ string, _ []Edit) {
	for _, s := range f.spans {
		d.change(f.part, s[0], s[1], "")
	}
}

func (s *sheetReader) open(w *walker, t token, name string) error {
	value := func(name string) string {
		for _, a := range t.attrs {
			if a.name == name {
				return string(w.p.raw[a.start:a.end])
			}
		}
		return ""
	}
	switch {
	case name == "row":
		s.row++
		if n, err := strconv.Atoi(value("r")); err == nil && n > 0 {
			s.row = n
		}
		s.column = 0
	case name == "c" && w.top().name == "row":
		s.column++
		if n := columnOf(value("r")); n > 0 {
			s.column = n
		}
		s.cell = &cell{part: w.p, start: t.start, style: value("s"), kind: value("t")}
	case name == "f" && s.cell != nil && w.top().name == "c":
		s.cell.formula = s.formulaOf(value("t"), value("si"))
		s.cell.formula.spans = append(s.cell.formula.spans, [2]int{t.start, t.end})
	}
	return nil
}

func (s *sheetReader) formulaOf(kind, group string) *formula {
	if kind != "shared" || group == "" {
		return &formula{part: s.part}
	}
	if s.formulas == nil {
		s.formulas = map[string]*formula{}
	}
	if s.formulas[group] == nil {
		s.formulas[group] = &formula{part: s.part}
	}
	return s.formulas[group]
}

func (s *sheetReader) characters(_ *walker, t token, d decoded, name string) bool {
	if s.cell == nil {
		return false
	}
	switch name {
	case "v":
		s.cell.value, s.cell.from, s.cell.to = d, t.start, t.end
	case "f":
		s.cell.rule = d
	default:
		return false
	}
	return true
}

func (s *sheetReader) close(w *walker, name string, _, end int) {
	switch {
	case s.cell == nil:
	case name == "f" && s.cell.formula != nil:
		spans := s.cell.formula.spans
		spans[len(spans)-1][1] = end
	case name == "c":
		s.cell.end = end
		s.list(w, s.cell)
		s.cell = nil
	}
}

func (s *sheetReader) takes(w *walker, name string, _ bool) bool {
	if name != "is" || s.cell == nil {
		return false
	}
	s.cell.inline = w.flow
	return true
}

// list lists the texts of a cell.
func (s *sheetReader) list(w *walker, c *cell) {
	at := "sheet " + decimal(s.number) + ", " + letters(s.column) + decimal(s.row)
	one := Text{Path: at, Line: s.row, Cell: &Cell{s.table, s.row, s.column}}
	var to place
	switch {
	case c.inline != nil:
		one.Text, to = c.inline.text.String(), &runs{part: c.part, pieces: c.inline.pieces}
	case c.value.text == "" || c.kind == "b" || c.kind == "e":
	case c.kind == "s":
		n, err := strconv.Atoi(strings.TrimSpace(c.value.text))
		if err == nil && n >= 0 && n < len(s.book.shared.texts) {
			shared := s.book.shared.texts[n]
			at := &sharedCell{c.part, c.from, c.to, n, s.book.shared}
			shared.cells = append(shared.cells, at)
			one.Text, to = shared.text, at
		}
	case c.kind == "str":
		one.Text, to = c.value.text, &anew{c.part, c.start, c.end, c.formula}
	default:
		one.Text, to = s.measure(c, &one), &anew{c.part, c.start, c.end, c.formula}
	}
	if strings.TrimSpace(one.Text) != "" {
		w.r.f.add(one, to)
	}
	if strings.TrimSpace(c.rule.text) != "" {
		w.r.f.add(Text{Path: at + ", formula", Text: c.rule.text, Line: s.row}, c.formula)
	}
}

// measure is a number as its reader sees it: a day where the style shows one.
func (s *sheetReader) measure(c *cell, one *Text) string {
	raw := strings.TrimSpace(c.value.text)
	if c.kind == "d" {
		one.Kind = phi.Date
		return raw
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	style, _ := strconv.Atoi(c.style) // no style is the first style
	if style >= 0 && style < len(s.book.dated) && s.book.dated[style] && n >= 1 && n < lastDay+1 {
		one.Kind = phi.Date
		return day(n, s.book.since04)
	}
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return raw
}

// day is the date that a number of days stands for (ECMA-376-1, 18.17.4).
func day(n float64, since04 bool) string {
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since04:
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		from = from.AddDate(0, 0, 1) // that calendar has a 29 February 1900
	}
	at := from.AddDate(0, 0, int(n)).Add(time.Duration((n - math.Trunc(n)) * 24 * float64(time.Hour))).Round(time.Second)
	if n == math.Trunc(n) {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02 15:04")
}

// plotted lists a day that a chart keeps as a number; false if it is none. Its
// year can be left of it.
func (w *walker) plotted(t token, d decoded) bool {
	n, err := strconv.ParseFloat(strings.TrimSpace(d.text), 64)
	if err != nil || n < 1 || n > lastDay {
		return false
	}
	if text := day(n, false); !strings.HasSuffix(text, "-01-01") {
		at := &runs{part: w.p, pieces: []piece{whole(d, t.start, t.end)}}
		w.r.f.add(Text{Path: w.where, Kind: phi.Date, Text: text}, &plottedDay{at, len(d.text)})
	}
	return true
}

// plottedDay is a day in a chart.
type plottedDay struct {
	*runs
	length int // of the number
}

func (p *plottedDay) put(d *draft, text string, _ []Edit) {
	year, err := time.Parse("2006", text[:4])
	if err != nil {
		return // it was made of a year
	}
	days := int(year.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	number := strings.Repeat(" ", p.length)
	p.runs.put(d, number, []Edit{{0, p.length, strconv.Itoa(days)}})
}

// lastDay is the last that spreadsheets count: 31 December 9999.
const lastDay = 2958465

// anew is a cell that is written anew when it is edited.
type anew struct {
	part       *part
	start, end int // with its tags
	formula    *formula
}

// put writes the cell as text and without its formula.
func (c *anew) put(d *draft, text string, edits []Edit) {
	if c.formula != nil {
		c.formula.put(d, "", nil)
	}
	x := &lexer{raw: c.part.raw, i: c.start}
	t, err := x.tag()
	if err != nil {
		return // it was read before
	}
	tag := strings.TrimSuffix(t.name, "c")
	var b strings.Builder
	b.WriteString("<" + t.name)
	for _, a := range t.attrs {
		if a.name == "r" || a.name == "s" {
			b.Write(c.part.raw[a.before : a.end+1])
		}
	}
	b.WriteString(` t="inlineStr"><` + tag + `is><` + tag + `t xml:space="preserve">` + escape(apply(text, edits)) + `</` + tag + `t></` + tag + `is></` + t.name + `>`)
	d.change(c.part, c.start, c.end, b.String())
}

// columnOf is the number of the column of a reference: 28 of "AB12"; 0 if it
// is none.
func columnOf(ref string) int {
	n := 0
	for i := range len(ref) {
		if ref[i] < 'A' || ref[i] > 'Z' || n > 1<<20 {
			break
		}
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n
}

// letters is the name of a column: "AB" of 28.
func letters(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}
