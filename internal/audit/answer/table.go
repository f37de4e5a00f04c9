package answer

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"chaperone/internal/audit"
)

// writeTable writes CSV (RFC 4180). The first column says what a row is: "line",
// "disclosures" or "total".
func writeTable(w io.Writer, a *audit.Answer) error {
	out := csv.NewWriter(w)
	width := 1 + len(columns)
	write := func(cells ...string) error {
		row := make([]string, width)
		for i, c := range cells {
			row[i] = inert(c)
		}
		return out.Write(row)
	}
	if err := write(append([]string{"row"}, columns...)...); err != nil {
		return fmt.Errorf("answer: table: %w", err)
	}
	for _, l := range a.Lines {
		if err := write(append([]string{"line"}, cells(l)...)...); err != nil {
			return fmt.Errorf("answer: table: %w", err)
		}
	}
	for _, s := range a.Series {
		err := write("disclosures", s.Recipient, s.Purpose, s.What, moment(s.First), moment(s.Last), strconv.Itoa(s.Times), s.Frequency)
		if err != nil {
			return fmt.Errorf("answer: table: %w", err)
		}
	}
	for _, t := range a.Totals.List() {
		if err := write("total", t.Name, strconv.Itoa(t.N)); err != nil {
			return fmt.Errorf("answer: table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("answer: table: %w", err)
	}
	return nil
}

// inert keeps a cell from being read as a formula by a spreadsheet: one that
// begins as a formula does gets an apostrophe in front.
func inert(cell string) string {
	begins := strings.TrimLeft(cell, " \u00a0")
	if begins == "" {
		return cell
	}
	if strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(begins)[0]) {
		return "'" + cell
	}
	return cell
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
