package answer

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"chaperone/internal/audit"
)

// The measures of a page: US Letter, landscape, in millimetres.
const (
	margin    = 12.0
	pageWidth = 279.4 - 2*margin
	lineStep  = 3.9
	bodySize  = 7.5 // points
)

// pages is a PDF document under way.
type pages struct{ *fpdf.Fpdf }

// writePages writes a PDF with a title, a language and page numbers. Its text is
// text, in order of reading.
func writePages(w io.Writer, a *audit.Answer) error {
	p := pages{fpdf.New("L", "mm", "Letter", "")}
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, margin+4)
	p.SetTitle(a.Title, true)
	p.SetAuthor("Chaperone", true)
	p.SetLang("en")
	p.SetCreationDate(a.AskedAt)
	p.SetModificationDate(a.AskedAt)
	p.SetCatalogSort(true)
	p.AliasNbPages("")
	p.SetFooterFunc(func() {
		p.SetY(-margin)
		p.SetFont("go", "", bodySize)
		p.CellFormat(0, lineStep, fmt.Sprintf("%s. Confidential. Page %d of {nb}", a.Title, p.PageNo()), "", 0, "C", false, 0, "")
	})
	p.AddPage()
	p.head(a)
	p.totals(a)
	p.series(a)
	p.lines(a)
	if err := p.Output(w); err != nil {
		return fmt.Errorf("answer: pages: %w", err)
	}
	return nil
}

func (p pages) heading(text string) {
	p.Ln(2)
	p.SetFont("go", "B", 10)
	p.CellFormat(0, 6, text, "", 1, "L", false, 0, "")
	p.SetFont("go", "", bodySize)
}

func (p pages) head(a *audit.Answer) {
	p.SetFont("go", "B", 15)
	p.CellFormat(0, 9, a.Title, "", 1, "L", false, 0, "")
	p.SetFont("go", "", bodySize+1)
	for _, f := range about(a) {
		p.MultiCell(0, lineStep+0.6, printable(f.name+": "+f.value), "", "L", false)
	}
	if len(a.Remarks) > 0 {
		p.heading("Remarks")
		for _, r := range a.Remarks {
			p.MultiCell(0, lineStep, r, "", "L", false)
		}
	}
}

func (p pages) totals(a *audit.Answer) {
	p.heading("Totals")
	for _, t := range a.Totals.List() {
		p.CellFormat(0, lineStep, t.Name+": "+strconv.Itoa(t.N), "", 1, "L", false, 0, "")
	}
}

func (p pages) series(a *audit.Answer) {
	if !a.Question.Accounting {
		return
	}
	p.heading("Disclosures")
	if len(a.Series) == 0 {
		p.CellFormat(0, lineStep, "There were none that an accounting must list.", "", 1, "L", false, 0, "")
		return
	}
	widths := []float64{60, 30, 70, 32, 32, 31}
	p.row(widths, "B", "Recipient", "Purpose", "What", "First", "Last", "How often")
	for _, s := range a.Series {
		p.row(widths, "", s.Recipient, s.Purpose, s.What, moment(s.First), moment(s.Last), s.Frequency)
	}
}

// lines writes two rows a line: what happened, and under it what it was about.
func (p pages) lines(a *audit.Answer) {
	p.heading("Lines")
	widths := []float64{16, 40, 52, 36, 24, 30, pageWidth - 198}
	head := func() {
		p.row(widths, "B", "Place", "Time (UTC)", "Who", "Action", "Decision", "Result", "Door and model")
	}
	head()
	page := p.PageNo()
	for _, l := range a.Lines {
		if p.PageNo() != page {
			page = p.PageNo()
			head()
		}
		t := l.Ten
		p.row(widths, "", strconv.FormatUint(l.Seq, 10), t.Time, t.User+" ("+t.Role+")", t.Action, string(l.Decision), t.Result+" "+t.Status,
			strings.TrimSpace(l.Door+" "+l.Model))
		p.SetX(margin + widths[0])
		p.MultiCell(pageWidth-widths[0], lineStep, printable(under(l)), "B", "L", false)
	}
}

// under is what stands under a line: the rest of its fields.
func under(l audit.Line) string {
	parts := []string{"patient " + l.Ten.Patient, "found by " + l.Found, "identifiers " + l.Ten.PHI, "why " + l.Ten.Reason}
	for _, f := range []fact{
		{"basis", l.Basis},
		{"from", l.Ten.Address},
		{"by way of", l.Surface},
		{"agreement", l.Agreement},
		{"about", l.Subject},
	} {
		if f.value != "" {
			parts = append(parts, f.name+" "+f.value)
		}
	}
	if l.Disclosed {
		parts = append(parts, "disclosed")
	}
	if l.Damaged {
		parts = append(parts, "does not read as it was written")
	}
	return strings.Join(append(parts, "id "+l.ID), "; ")
}

// row writes cells beside each other; a text that is wider than its cell is
// broken, and never cut.
func (p pages) row(widths []float64, style string, cells ...string) {
	p.SetFont("go", style, bodySize)
	broken := make([][]string, len(cells))
	height := 1
	for i, c := range cells {
		c = printable(c)
		broken[i] = []string{c}
		if p.GetStringWidth(c) > widths[i]-2.1 {
			broken[i] = p.split(c, widths[i]-2.1)
		}
		height = max(height, len(broken[i]))
	}
	_, pageHeight := p.GetPageSize()
	if p.GetY()+float64(height+1)*lineStep > pageHeight-margin-4 {
		p.AddPage()
		p.SetFont("go", style, bodySize)
	}
	y := p.GetY()
	x := margin
	for i, lines := range broken {
		for n, text := range lines {
			p.SetXY(x, y+float64(n)*lineStep)
			p.CellFormat(widths[i], lineStep, text, "", 0, "L", false, 0, "")
		}
		x += widths[i]
	}
	p.SetXY(margin, y+float64(height)*lineStep)
}

// split breaks a text that may have no spaces to break it at.
func (p pages) split(text string, width float64) []string {
	var lines []string
	line := ""
	for _, r := range text {
		if p.GetStringWidth(line+string(r)) > width && line != "" {
			lines = append(lines, line)
			line = ""
		}
		line += string(r)
	}
	return append(lines, line)
}

// printable writes what the fonts have no sign for as a question mark, so that it
// is seen to be there.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r > 0x2fff:
			return '?'
		}
		return r
	}, s)
}
