// Package table measures how well the people in a table hide behind each other.
// It owns the reading of a table (Read), the privacy measures that the
// literature names (Measure), the three risks of re-identification (Attack), the
// estimates of how many are unique in the population (Estimate), the search for
// generalisations that bring the risk under a threshold (Suggest), and the
// report of all that (Examine, Report.Sign).
//
// It refuses to show a value: nothing that it returns holds the content of a
// cell, only counts, shares and the names of columns that the caller gave. It
// also refuses to determine: under 45 CFR 164.514(b)(1) a person with the
// knowledge and experience decides whether the risk is very small, and what is
// measured here is material for that person.
package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"chaperone"
)

// MaxRows is how many rows Read takes; a table of that size and ten columns
// needs about 400 MB.
const MaxRows = 10_000_000

// Table holds the columns that were asked for, every cell as a number that
// stands for its value. It never changes after Read and is safe for concurrent
// use.
type Table struct {
	names   []string
	columns []column
	rows    int
}

// column is one column: values[codes[r]] is the cell of row r. Codes count from
// 0 in the order in which the values are first met.
type column struct {
	codes  []uint32
	values []string
}

// Rows is how many records the table has, the header not counted.
func (t *Table) Rows() int { return t.rows }

// UnknownColumnError says that a column was asked for that the table's header
// does not have, or has twice. Name is as the caller wrote it.
type UnknownColumnError struct {
	Name  string
	Twice bool
}

// Error names the column.
func (e *UnknownColumnError) Error() string {
	if e.Twice {
		return fmt.Sprintf("the table has more than one column %q", e.Name)
	}
	return fmt.Sprintf("the table has no column %q", e.Name)
}

// Read reads the named columns of a table in CSV (RFC 4180) whose first row
// names the columns. Fields are parted by commas, semicolons or tabs, whichever
// the header has most of. Space around a cell does not count, nor does the case
// of a column's name. An empty cell is a value like any other: it hides nobody.
//
// The errors: *UnknownColumnError if a column is missing or ambiguous; a
// *chaperone.Error of KindInvalid if the table is malformed (not UTF-8, a row
// of another width, a stray quote), which names the line; of KindTooLarge if it
// has more than MaxRows rows. An error of the reader itself is returned as it
// is.
func Read(from io.Reader, names ...string) (*Table, error) {
	in := bufio.NewReaderSize(from, 1<<16)
	comma, err := separator(in)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(in)
	rows.Comma, rows.ReuseRecord = comma, true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, malformed("The table is empty", nil)
	}
	if err != nil {
		return nil, fault(err)
	}
	at, err := places(header, names)
	if err != nil {
		return nil, err
	}
	t := &Table{names: slices.Clone(names), columns: make([]column, len(names))}
	return t, t.fill(rows, at)
}

// separator takes the mark at the beginning of the file away and counts what
// parts the header's fields.
func separator(in *bufio.Reader) (rune, error) {
	if head, _ := in.Peek(3); string(head) == "\ufeff" {
		if _, err := in.Discard(3); err != nil {
			return 0, err
		}
	}
	head, err := in.Peek(1 << 14)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	best, most := ',', bytes.Count(head, []byte{','})
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(head, []byte{byte(c)}); n > most {
			best, most = c, n
		}
	}
	return best, nil
}

// places finds the index of each name in the header.
func places(header, names []string) ([]int, error) {
	at := make([]int, len(names))
	for i, name := range names {
		at[i] = -1
		for j, h := range header {
			if !strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) {
				continue
			}
			if at[i] >= 0 {
				return nil, &UnknownColumnError{Name: name, Twice: true}
			}
			at[i] = j
		}
		if at[i] < 0 {
			return nil, &UnknownColumnError{Name: name}
		}
	}
	return at, nil
}

func (t *Table) fill(rows *csv.Reader, at []int) error {
	known := make([]map[string]uint32, len(at))
	for i := range known {
		known[i] = map[string]uint32{}
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fault(err)
		}
		if t.rows++; t.rows > MaxRows {
			return chaperone.NewError(chaperone.KindTooLarge, "table_too_large",
				fmt.Sprintf("The table has more than %d rows", MaxRows), "Measure a part of it", nil)
		}
		for i, j := range at {
			if err := t.columns[i].add(known[i], strings.TrimSpace(row[j])); err != nil {
				line, _ := rows.FieldPos(j)
				return malformed(fmt.Sprintf("Line %d is not UTF-8", line), err)
			}
		}
	}
	if t.rows == 0 {
		return malformed("The table has a header and no rows", nil)
	}
	return nil
}

var errNotUTF8 = errors.New("table: a cell is not UTF-8")

func (c *column) add(known map[string]uint32, cell string) error {
	code, ok := known[cell]
	if !ok {
		if !utf8.ValidString(cell) {
			return errNotUTF8
		}
		cell = strings.Clone(cell) // the reader's memory is used again for the next row
		code = uint32(len(c.values))
		known[cell] = code
		c.values = append(c.values, cell)
	}
	c.codes = append(c.codes, code)
	return nil
}

// fault tells a malformed table from a reader that failed.
func fault(err error) error {
	var wrong *csv.ParseError
	if !errors.As(err, &wrong) {
		return err
	}
	what := "has a quotation mark that does not fit"
	if errors.Is(wrong.Err, csv.ErrFieldCount) {
		what = "has another number of fields than the header"
	}
	return malformed(fmt.Sprintf("Line %d %s", wrong.StartLine, what), err)
}

func malformed(public string, cause error) error {
	return chaperone.NewError(chaperone.KindInvalid, "table_malformed", public, "Save the table as CSV in UTF-8", cause)
}

// find yields the indexes of the named columns.
func (t *Table) find(names []string) ([]int, error) {
	at := make([]int, len(names))
	for i, name := range names {
		at[i] = slices.Index(t.names, name)
		if at[i] < 0 {
			return nil, &UnknownColumnError{Name: name}
		}
	}
	return at, nil
}
