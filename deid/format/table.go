package format

import (
	"bytes"
	"fmt"
	"strings"

	"chaperone/phi"
)

// columns is what the rows of one table share: the delimiter, the headers and
// the number of the next row. It goes with the table when that is read piece by
// piece.
type columns struct {
	delimiter byte
	labels    []string
	kinds     []phi.Kind
	row       int // rows read so far, the header among them
	start     int // where the first row begins, after a byte order mark
}

// parseTable reads a delimited table (RFC 4180, with any of the usual
// delimiters, quoted line ends, and a byte order mark). known is nil at the
// table's beginning.
func parseTable(name Name, raw []byte, known *columns) (*Document, error) {
	b := &builder{name: name, raw: raw}
	t := known
	if t == nil {
		t = newColumns(name, raw)
	}
	rows, err := t.cut(name, raw, t.start)
	if err != nil {
		return nil, err
	}
	t.start = 0
	if t.row == 0 {
		t.headers(rows)
	}
	for _, cells := range rows {
		t.row++
		for i, c := range cells {
			l := Locus{Path: fmt.Sprintf("row %d, column %d", t.row, i+1), Row: t.row, Column: i + 1}
			if t.row > 1 {
				l = t.under(l, i, c.text)
			}
			b.add(c, l)
		}
	}
	return b.document(), nil
}

// under is the locus of a cell under the header of its column, the first being 0.
func (t *columns) under(l Locus, column int, text string) Locus {
	if column < len(t.labels) {
		l.Label, l.Kind = t.labels[column], t.kinds[column]
	}
	if l.Kind == phi.Date && !dateLike(text) || l.Kind != phi.None && empty(text) {
		// A year alone stays, and a remark in a date's place is free text.
		l.Kind = phi.None
	}
	if l.Kind == phi.None && (decimal(text) || len(text) < 4 && plainLabel(l.Label) == "id") {
		l.Label = "" // a measure or the number of the row
	}
	return l
}

// newColumns looks at a table's beginning.
func newColumns(name Name, raw []byte) *columns {
	t := &columns{delimiter: delimiterOf(name, raw)}
	if bytes.HasPrefix(raw, []byte(byteOrderMark)) {
		t.start = len(byteOrderMark)
	}
	return t
}

// empty reports whether a cell says that there is nothing.
func empty(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "-", "--", "n/a", "na", "none", "null", "nil", "unknown", "?", "inconnu", "aucun", "desconocido", "ninguno", "false", "true", "yes", "no":
		return true
	}
	return false
}

// dateLike reports whether a cell under a date's header is a date finer than a
// year.
func dateLike(text string) bool {
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	return digits >= 5 && len(text) <= 40
}

// decimal reports whether a cell is a number with a fraction.
func decimal(text string) bool {
	whole, fraction, ok := strings.Cut(strings.TrimSpace(text), ".")
	return ok && allDigits(whole) && allDigits(fraction) && len(whole)+len(fraction) <= 8
}

// mostColumns bounds a row: as many as spreadsheet programs have. Whatever has
// more is no table, and would take far more memory than its bytes.
const mostColumns = 16384

// cut cuts a table into rows of cells.
func (t *columns) cut(name Name, raw []byte, start int) ([][]token, error) {
	var (
		rows  [][]token
		cells []token
	)
	for i := start; i < len(raw); {
		c, next, ok := t.cell(raw, i)
		if !ok {
			return nil, &Fault{Format: name, Line: newLines(raw).of(i), Where: fmt.Sprintf("row %d, column %d", t.row+len(rows)+1, len(cells)+1), What: "a quote is not closed"}
		}
		cells = append(cells, c)
		if len(cells) > mostColumns {
			return nil, &Fault{Format: name, Line: newLines(raw).of(i), Where: fmt.Sprintf("row %d", t.row+len(rows)+1), What: fmt.Sprintf("it has more than %d columns", mostColumns)}
		}
		i = next
		if i >= len(raw) || raw[i] == '\n' || raw[i] == '\r' {
			rows, cells = append(rows, cells), nil
			if i < len(raw) && raw[i] == '\r' && i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		}
		i++
	}
	if len(cells) > 0 {
		rows = append(rows, cells)
	}
	return rows, nil
}

// cell takes the cell at raw[i:] and returns where it ends.
func (t *columns) cell(raw []byte, i int) (token, int, bool) {
	if raw[i] != '"' {
		end := i
		for end < len(raw) && raw[end] != t.delimiter && raw[end] != '\n' && raw[end] != '\r' {
			end++
		}
		return t.bare(raw, i, end), end, true
	}
	u := unescaped{}
	end := i + 1
	for {
		n := bytes.IndexByte(raw[end:], '"')
		if n < 0 {
			return token{}, 0, false
		}
		end += n
		if end+1 < len(raw) && raw[end+1] == '"' {
			end += 2
			continue
		}
		break
	}
	u.raw = string(raw[i+1 : end])
	for k := 0; k < len(u.raw); {
		if u.raw[k] == '"' {
			u.escape(k, `"`, k+2)
			k += 2
			continue
		}
		u.literal(k, 1)
		k++
	}
	c := token{start: i + 1, end: end, encode: func(s string) string { return strings.ReplaceAll(s, `"`, `""`) }}
	c.text, c.at = u.done()
	// What stands between the closing quote and the delimiter is malformed; it is
	// read as a cell without quotes, so that nothing is passed over.
	stop := end + 1
	for stop < len(raw) && raw[stop] != t.delimiter && raw[stop] != '\n' && raw[stop] != '\r' {
		stop++
	}
	if stop > end+1 && strings.TrimSpace(string(raw[end+1:stop])) != "" {
		return t.bare(raw, i, stop), stop, true
	}
	return c, stop, true
}

// bare is a cell without quotes; it gets them if what is put into it needs them.
func (t *columns) bare(raw []byte, from, to int) token {
	special := string(t.delimiter) + "\r\n"
	return token{start: from, end: to, text: string(raw[from:to]), wrap: func(s string) []byte {
		if strings.ContainsAny(s, special) || strings.HasPrefix(s, `"`) {
			return []byte(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
		}
		return []byte(s)
	}}
}

// headers decides whether the first row names the columns: it does if one of
// its cells is a known label, or if none holds a digit and the row below does.
func (t *columns) headers(rows [][]token) {
	if len(rows) == 0 {
		return
	}
	named, digits, words := false, false, true
	for _, c := range rows[0] {
		named = named || kindOfLabel(c.text) != phi.None || tableWords[plainLabel(c.text)]
		words = words && len(c.text) < 60 && !strings.ContainsAny(c.text, "0123456789@")
	}
	if len(rows) > 1 {
		for _, c := range rows[1] {
			digits = digits || strings.ContainsAny(c.text, "0123456789@")
		}
	}
	if !named && (!words || !digits) {
		return
	}
	typed, catalogue := 0, false
	for _, c := range rows[0] {
		kind, plain := kindOfLabel(c.text), plainLabel(c.text)
		t.labels, t.kinds = append(t.labels, c.text), append(t.kinds, kind)
		if kind != phi.None || personWords[plain] {
			typed++
		}
		catalogue = catalogue || catalogueWords[plain]
	}
	// A table whose only telling header is "name" may be one of drugs or tests.
	for i, label := range t.labels {
		if typed == 1 && vague[plainLabel(label)] {
			t.kinds[i] = phi.None
			if catalogue {
				t.labels[i] = ""
			}
		}
	}
}

// personWords are headers of tables of people, and catalogueWords of tables of
// things; neither identifies by itself.
var (
	personWords    = set("age sex gender sexe sexo race ethnicity diagnosis diagnostic diagnostico ward room bed admission discharge insurance marital edad occupation")
	catalogueWords = set("rxcui ndc drug drugid code loinc cpt icd icd10 snomed unit dose price cost sku version din atc strength route category class severity")
)

// vague are labels that name the identifiers of people and of things alike.
var vague = set("name nom nombre provider patient account serial phone address city link login mail")

// tableWords are headers that identify nobody and tell a row of headers.
var tableWords = set("id age sex gender sexe sexo date diagnosis diagnostic diagnostico notes note comments comment state province country code result value unit status type description race ethnicity language icd10 icd cpt height weight")

// delimiterOf finds the delimiter by the first lines: the mark that cuts them
// into the same number of cells, and into the most.
func delimiterOf(name Name, raw []byte) byte {
	if name == TSV {
		return '\t'
	}
	best, most := byte(','), 0
	for _, d := range []byte{',', ';', '\t', '|'} {
		if n := cellsPerLine(raw, d); n > most {
			best, most = d, n
		}
	}
	return best
}

// cellsPerLine is the number of marks that each of the first lines has, quotes
// left out; 0 if they differ.
func cellsPerLine(raw []byte, d byte) int {
	first, marks, lines, quoted := -1, 0, 0, false
	for _, c := range raw[:min(len(raw), 1<<16)] {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == d:
			marks++
		case c == '\n':
			if first < 0 {
				first = marks
			} else if marks != first && marks != 0 {
				return 0
			}
			marks = 0
			if lines++; lines == 20 {
				return first
			}
		}
	}
	if first < 0 {
		return marks
	}
	return first
}

// looksLikeTable reports whether several lines have the same marks in them.
func looksLikeTable(raw []byte, d byte) bool {
	return bytes.Count(raw[:min(len(raw), 1<<16)], []byte{'\n'}) >= 2 && cellsPerLine(raw, d) >= 2
}
