package office

import (
	"slices"
	"strconv"
	"strings"
)

// book is what the sheets of a spreadsheet share.
type book struct {
	sheets  []*sheetReader
	strings *part
	shared  *sharedTexts
	dated   []bool // whether a cell's style shows a date, by style
	since04 bool   // days are counted from 1904
}

func (b *book) sheetOf(p *part) *sheetReader {
	for _, s := range b.sheets {
		if s.part == p {
			return s
		}
	}
	return nil
}

// readBook reads the workbook, its styles and its shared texts.
func (r *reader) readBook() error {
	r.book = &book{shared: &sharedTexts{}}
	var workbook *part
	for _, l := range r.root.links {
		if l.kind == "officeDocument" {
			workbook = l.to
		}
	}
	for _, l := range workbook.links {
		switch {
		case l.to == nil || l.to.gone:
		case l.kind == "sharedStrings":
			r.book.strings = l.to
		case l.kind == "styles":
			if err := r.styles(l.to); err != nil {
				return err
			}
		}
	}
	if err := r.sheets(workbook); err != nil {
		return err
	}
	if r.book.strings == nil {
		return nil
	}
	r.book.shared.part = r.book.strings
	return r.walk(r.book.strings, false, r.book.shared)
}

// sheets lists the sheets in the order of their tabs.
func (r *reader) sheets(workbook *part) error {
	byID := map[string]*part{}
	for _, l := range workbook.links {
		byID[l.id] = l.to
	}
	return r.glance(workbook, func(name string, value func(string) string) {
		switch name {
		case "workbookPr":
			r.book.since04 = value("date1904") == "1" || value("date1904") == "true"
		case "sheet":
			if p := byID[value("id")]; p != nil && !p.gone {
				r.tables++
				r.book.sheets = append(r.book.sheets, &sheetReader{book: r.book, part: p, number: len(r.book.sheets) + 1, table: r.tables})
			}
		}
	})
}

// styles finds which styles of cells show dates.
func (r *reader) styles(p *part) error {
	codes := map[string]string{}
	var formats []string
	inCells := false
	err := r.glance(p, func(name string, value func(string) string) {
		switch name {
		case "numFmt":
			codes[value("numFmtId")] = value("formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				formats = append(formats, value("numFmtId"))
			}
		}
	})
	for _, id := range formats {
		code, own := codes[id]
		r.book.dated = append(r.book.dated, own && showsDate(code) || !own && usualDates[id])
	}
	return err
}

// glance goes through the elements of a part that is read in full later.
func (r *reader) glance(p *part, each func(name string, value func(string) string)) error {
	raw, err := upright(p.raw)
	if err != nil {
		return located(p, err)
	}
	x := &lexer{raw: raw}
	for {
		t, ok, err := x.next()
		if err != nil {
			return located(p, err)
		}
		if !ok {
			return nil
		}
		if t.kind != opening {
			continue
		}
		each(local(t.name), func(name string) string {
			for _, a := range t.attrs {
				if local(a.name) == name {
					if d, err := x.decode(a.start, a.end, false); err == nil {
						return d.text
					}
				}
			}
			return ""
		})
	}
}

// usualDates are the number formats of ECMA-376-1, 18.8.30 that show dates.
var usualDates = set("14 15 16 17 22 27 28 29 30 31 34 35 36 50 51 52 53 54 57 58")

// showsDate reports whether a number format shows a day, a month or a year.
func showsDate(code string) bool {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"', '[':
			shut := byte('"')
			if c == '[' {
				shut = ']'
			}
			for i++; i < len(code) && code[i] != shut; i++ {
			}
		default:
			b.WriteByte(c | 0x20)
		}
	}
	plain := b.String()
	return plain != "general" && (strings.ContainsAny(plain, "dy") || strings.Contains(plain, "mmm"))
}

// sharedTexts are the texts that cells refer to by number. It listens while
// their part is read.
type sharedTexts struct {
	part  *part
	texts []*sharedText
	end   int    // where another can be put
	tag   string // the prefix of its elements
}

type sharedText struct {
	text  string
	at    *runs
	cells []*sharedCell
}

func (s *sharedTexts) open(w *walker, t token, name string) error {
	if name == "sst" {
		s.tag = strings.TrimSuffix(t.name, "sst")
		for _, a := range t.attrs {
			if a.name == "count" || a.name == "uniqueCount" {
				w.p.fixed = append(w.p.fixed, change{a.before, a.end + 1, ""})
			}
		}
	}
	if name == "si" && t.closed {
		s.texts = append(s.texts, &sharedText{at: &runs{part: s.part}})
	}
	return nil
}

func (s *sharedTexts) characters(*walker, token, decoded, string) bool { return false }

func (s *sharedTexts) close(_ *walker, name string, start, _ int) {
	if name == "sst" {
		s.end = start
	}
}

// takes keeps a text until it is known which cells show it.
func (s *sharedTexts) takes(w *walker, name string, closed bool) bool {
	if name == "si" && !closed {
		s.texts = append(s.texts, &sharedText{text: w.flow.text.String(), at: &runs{part: s.part, pieces: w.flow.pieces}})
	}
	return name == "si"
}

// bookEnds lists the shared texts that no cell shows.
func (r *reader) bookEnds() {
	if r.book == nil {
		return
	}
	for i, s := range r.book.shared.texts {
		if len(s.cells) == 0 && strings.TrimSpace(s.text) != "" {
			r.f.add(Text{Path: "shared text " + decimal(i+1), Text: s.text}, s.at)
		}
	}
}

// sharedCell is a cell that shows a shared text.
type sharedCell struct {
	part       *part
	start, end int // where its number stands
	number     int
	of         *sharedTexts
}

func (c *sharedCell) put(d *draft, _ string, edits []Edit) {
	if d.shared == nil {
		d.shared = map[*sharedTexts]map[int]map[*sharedCell][]Edit{}
	}
	if d.shared[c.of] == nil {
		d.shared[c.of] = map[int]map[*sharedCell][]Edit{}
	}
	if d.shared[c.of][c.number] == nil {
		d.shared[c.of][c.number] = map[*sharedCell][]Edit{}
	}
	d.shared[c.of][c.number][c] = edits
}

// settle changes the shared texts. Where not all cells of one ask for the same,
// because another column says that it means something else there, the others
// get a text of their own.
func (d *draft) settle() {
	for of, byNumber := range d.shared {
		next := len(of.texts)
		numbers := make([]int, 0, len(byNumber))
		for n := range byNumber {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		for _, n := range numbers {
			shared := of.texts[n]
			made := map[string]int{}
			for _, c := range shared.cells {
				edits, edited := byNumber[n][c]
				text := apply(shared.text, edits)
				if len(made) == 0 && edited {
					shared.at.put(d, shared.text, edits)
					made[text] = n
				}
			}
			for _, c := range shared.cells {
				text := apply(shared.text, byNumber[n][c])
				to, ok := made[text]
				if !ok {
					to = next
					next++
					made[text] = to
					d.change(of.part, of.end, of.end, "<"+of.tag+`si><`+of.tag+`t xml:space="preserve">`+escape(text)+"</"+of.tag+"t></"+of.tag+"si>")
				}
				if to != n {
					d.change(c.part, c.start, c.end, strconv.Itoa(to))
				}
			}
		}
	}
	d.shared = nil
}

// apply makes edits in a text.
func apply(text string, edits []Edit) string {
	var b strings.Builder
	from := 0
	for _, e := range edits {
		b.WriteString(text[from:e.Start])
		b.WriteString(e.Text)
		from = e.End
	}
	b.WriteString(text[from:])
	return b.String()
}
