package answer

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/xuri/excelize/v2"

	"chaperone/internal/audit"
)

// The sheets of a workbook.
const (
	sheetAbout       = "About"
	sheetLines       = "Lines"
	sheetDisclosures = "Disclosures"
	sheetTotals      = "Totals"
)

// writeSheets writes an XLSX workbook (ECMA-376). Every cell but a count is text,
// so nothing in it is a formula.
func writeSheets(w io.Writer, a *audit.Answer) (err error) {
	// No directory for temporary files can be made below this one: the library
	// keeps what it writes in memory then, and nobody's name comes to a disk.
	f := excelize.NewFile(excelize.Options{TmpDir: os.DevNull})
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			err = fmt.Errorf("answer: sheets: %w", err)
		}
	}()
	if err := f.SetDocProps(&excelize.DocProperties{Title: a.Title, Creator: "Chaperone", Language: "en"}); err != nil {
		return err
	}
	if err := f.SetSheetName("Sheet1", sheetAbout); err != nil {
		return err
	}
	for _, s := range []struct {
		name  string
		write func(*excelize.StreamWriter, *audit.Answer) error
	}{
		{sheetAbout, sheetOfFacts},
		{sheetLines, sheetOfLines},
		{sheetDisclosures, sheetOfSeries},
		{sheetTotals, sheetOfTotals},
	} {
		if _, err := f.NewSheet(s.name); err != nil {
			return err
		}
		sheet, err := f.NewStreamWriter(s.name)
		if err != nil {
			return err
		}
		if err := s.write(sheet, a); err != nil {
			return err
		}
		if err := sheet.Flush(); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func setRow(w *excelize.StreamWriter, n int, cells ...any) error {
	return w.SetRow("A"+strconv.Itoa(n), cells)
}

func texts(cells []string) []any {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return row
}

func sheetOfFacts(w *excelize.StreamWriter, a *audit.Answer) error {
	if err := w.SetColWidth(1, 2, 40); err != nil {
		return err
	}
	n := 0
	for _, f := range about(a) {
		n++
		if err := setRow(w, n, f.name, f.value); err != nil {
			return err
		}
	}
	for _, r := range a.Remarks {
		n++
		if err := setRow(w, n, "Remark", r); err != nil {
			return err
		}
	}
	return nil
}

func sheetOfLines(w *excelize.StreamWriter, a *audit.Answer) error {
	if err := w.SetColWidth(1, len(columns), 18); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := setRow(w, 1, texts(columns)...); err != nil {
		return err
	}
	for i, l := range a.Lines {
		if err := setRow(w, i+2, texts(cells(l))...); err != nil {
			return err
		}
	}
	return nil
}

func sheetOfSeries(w *excelize.StreamWriter, a *audit.Answer) error {
	if err := setRow(w, 1, "recipient", "purpose", "what", "first", "last", "times", "frequency"); err != nil {
		return err
	}
	for i, s := range a.Series {
		if err := setRow(w, i+2, s.Recipient, s.Purpose, s.What, moment(s.First), moment(s.Last), s.Times, s.Frequency); err != nil {
			return err
		}
	}
	return nil
}

func sheetOfTotals(w *excelize.StreamWriter, a *audit.Answer) error {
	for i, t := range a.Totals.List() {
		if err := setRow(w, i+1, t.Name, t.N); err != nil {
			return err
		}
	}
	return nil
}
