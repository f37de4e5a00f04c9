package deid

import (
	"strings"

	"chaperone/phi"
)

// Bounds of a table's head: longer cells and more of them are prose.
const (
	maxHeadCell  = 32 // bytes
	maxHeadCells = 40
)

// cell is the place of one cell in the folded text, without blanks and quotes.
type cell struct{ start, end int }

// findTables reads tables that were pasted as text: a line of labels with tabs,
// strokes, semicolons or commas between them, and lines of as many cells below
// it. Each cell is the value of its label.
func (p *page) findTables() {
	s := p.txt
	for at := 0; at < len(s); {
		end, head := lineEnd(s, at), at
		labels, mark := p.tableHead(at, end)
		at = end + 1
		if labels == nil {
			continue
		}
		p.heads = append(p.heads, cell{head, end})
		for at < len(s) {
			end = lineEnd(s, at)
			row := cells(s, at, end, mark)
			if strings.TrimSpace(s[at:end]) == "" {
				break
			}
			if len(row) == len(labels) {
				p.tableRow(labels, row)
			} else if len(row) < 2 {
				break
			}
			at = end + 1
		}
	}
}

func lineEnd(s string, at int) int {
	if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(s)
}

// inHead says whether token i stands in the head of a table, where no label has
// its value beside it. It is asked of tokens in their order.
func (p *page) inHead(i int) bool {
	at := int(p.tok[i].start)
	for len(p.heads) > 0 && p.heads[0].end <= at {
		p.heads = p.heads[1:]
	}
	return len(p.heads) > 0 && at >= p.heads[0].start
}

// tableHead yields the label of each cell of the line, nil where a cell has
// none, and the mark between cells; no labels where the line heads no table.
func (p *page) tableHead(at, end int) ([]*labelPhrase, byte) {
	if end-at > maxHeadCell*maxHeadCells || end == len(p.txt) {
		return nil, 0
	}
	for _, mark := range []byte("\t|;,") {
		if strings.IndexByte(p.txt[at:end], mark) < 0 {
			continue
		}
		head := cells(p.txt, at, end, mark)
		if len(head) < 2 || len(head) > maxHeadCells {
			continue
		}
		labels, known := make([]*labelPhrase, len(head)), 0
		for i, c := range head {
			if c.end-c.start > maxHeadCell || strings.IndexByte(p.txt[c.start:c.end], ':') >= 0 || strings.Count(p.txt[c.start:c.end], " ") > 3 {
				return nil, 0
			}
			if labels[i] = p.columnLabel(p.txt[c.start:c.end]); labels[i] != nil {
				known++
			}
		}
		if known >= 2 {
			return labels, mark
		}
	}
	return nil, 0
}

// columnLabel reads the head of a column as a label. A head with digits in it
// is a value.
func (p *page) columnLabel(head string) *labelPhrase {
	if strings.ContainsAny(head, "0123456789") {
		return nil
	}
	return p.labelOfField(strings.TrimSpace(head))
}

// cells cuts a line at a mark; quotes keep commas together.
func cells(s string, at, end int, mark byte) []cell {
	var list []cell
	from, quoted := at, false
	for i := at; i <= end && len(list) <= maxHeadCells; i++ {
		switch {
		case i < end && s[i] == '"' && mark == ',':
			quoted = !quoted
		case i == end || s[i] == mark && !quoted:
			a, b := from, i
			for a < b && (s[a] == ' ' || s[a] == '"' || s[a] == '\r' || s[a] == '\t') {
				a++
			}
			for b > a && (s[b-1] == ' ' || s[b-1] == '"' || s[b-1] == '\r' || s[b-1] == '\t') {
				b--
			}
			if mark != '|' || a < b || from > at && i < end {
				list = append(list, cell{a, b})
			}
			from = i + 1
		}
	}
	return list
}

// tableRow takes the cells of one row as the values of their labels.
func (p *page) tableRow(labels []*labelPhrase, row []cell) {
	for i, c := range row {
		l := labels[i]
		if l == nil || c.start == c.end {
			continue
		}
		a, b := p.tokenAt(c.start), p.tokenAt(c.end-1)+1
		if b-a > 24 || p.held(a, b) {
			continue
		}
		if next := p.value(l, split{value: a, strong: true}, true); next > a {
			continue
		}
		switch {
		case l.form == formName && p.looksLikeNames(a, b):
			p.put(phi.Name, a, b, 0.92, "column")
		case (l.form == formCode || l.form == formDigits || l.form == formPhone) && p.hasDigit(a, b) && p.countDigits(a, b) >= 3:
			p.put(l.kind, a, b, 0.92, "column")
		}
	}
}
