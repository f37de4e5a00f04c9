package format

import (
	"bytes"
	"fmt"
	"strings"
)

// parseMarkdown reads Markdown: the cells of its tables under their headers,
// everything else as text, block by block.
func parseMarkdown(raw []byte) *Document {
	b := &builder{name: Markdown, raw: raw}
	m := markdown{b: b}
	for start := 0; start < len(raw); {
		end := start
		for end < len(raw) && raw[end] != '\n' {
			end++
		}
		m.line(start, end)
		start = min(end+1, len(raw))
	}
	m.flush(len(raw))
	return b.document()
}

type markdown struct {
	b       *builder
	from    int      // where the text begins that is not yet taken
	row     []piece  // the last line, if it can be the header of a table
	rowAt   int      // where that line begins
	headers []string // of the table that is being read
	count   int
}

func (m *markdown) line(start, end int) {
	line := bytes.TrimSpace(m.b.raw[start:end])
	isRow := bytes.IndexByte(line, '|') >= 0
	switch {
	case m.headers != nil && isRow:
		m.cells(start, end)
		m.from = end
	case isRow && m.row != nil && rulesOff(line):
		m.flush(m.rowAt)
		m.headers = []string{}
		for _, c := range m.row {
			m.headers = append(m.headers, strings.TrimSpace(string(m.b.raw[c.from:c.to])))
			m.b.add(token{start: c.from, end: c.to, text: string(m.b.raw[c.from:c.to])}, Locus{Path: "table header"})
		}
		m.from, m.count = end, 0
	default:
		m.headers, m.row = nil, nil
		if isRow {
			m.row, m.rowAt = rowCells(m.b.raw, start, end), start
		}
	}
}

// cells takes a row of a table.
func (m *markdown) cells(start, end int) {
	m.count++
	for i, c := range rowCells(m.b.raw, start, end) {
		path, label := fmt.Sprintf("table row %d, column %d", m.count, i+1), ""
		if i < len(m.headers) {
			label = m.headers[i]
		}
		text := string(m.b.raw[c.from:c.to])
		m.b.add(token{start: c.from, end: c.to, text: text}, labelled(path, label, text))
	}
}

// flush takes the text up to a byte.
func (m *markdown) flush(to int) {
	if m.from < to {
		m.b.add(token{start: m.from, end: to, text: string(m.b.raw[m.from:to])}, Locus{Path: "text"})
	}
	m.from = to
}

// rulesOff reports whether a line divides a table's header from its rows.
func rulesOff(line []byte) bool {
	return bytes.IndexByte(line, '-') >= 0 && len(bytes.Trim(line, "|-: \t")) == 0
}

// rowCells cuts a row at its bars; an escaped bar is text.
func rowCells(raw []byte, start, end int) []piece {
	var list []piece
	from, first := start, true
	for i := start; i <= end; i++ {
		if i < end && (raw[i] != '|' || i > start && raw[i-1] == '\\') {
			continue
		}
		blank := len(bytes.TrimSpace(raw[from:i])) == 0
		if !blank || !first && i != end { // the bars at both ends are optional
			list = append(list, piece{from, i})
		}
		first = false
		from = i + 1
	}
	return list
}
