package answer_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/answer"
)

func write(t testing.TB, form answer.Form, a *audit.Answer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := answer.Write(&b, form, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What each form says, read by somebody else's reader: the places of its lines
// and its totals.
func TestEveryFormHasTheSameLinesAndTotals(t *testing.T) { // AUD-09
	h := busy(t)
	for range 70 { // more than a page
		h.happen("4471902", func(i *audit.Intent, _ *audit.Outcome) { i.Why.Purpose = chaperone.PurposeResearch })
	}
	a := h.ask(audit.Question{Accounting: true, About: aPatient("4471902")})
	var places []string
	for _, l := range a.Lines {
		places = append(places, strconv.FormatUint(l.Seq, 10))
	}
	totals := map[string]int{}
	for _, n := range a.Totals.List() {
		totals[n.Name] = n.N
	}
	if totals["lines"] < 70 || totals["disclosed"] != 70 {
		t.Fatalf("totals %v", totals)
	}
	for name, read := range map[string]func(*testing.T, *audit.Answer) ([]string, map[string]int){
		"JSON": readJSON, "CSV": readTable, "XLSX": readSheets, "PDF": readPages,
	} {
		t.Run(name, func(t *testing.T) {
			gotPlaces, gotTotals := read(t, a)
			if diff := cmp.Diff(places, gotPlaces); diff != "" {
				t.Errorf("lines: %s", diff)
			}
			if diff := cmp.Diff(totals, gotTotals); diff != "" {
				t.Errorf("totals: %s", diff)
			}
		})
	}
}

func readJSON(t *testing.T, a *audit.Answer) (places []string, totals map[string]int) {
	var got struct {
		Lines []struct {
			Seq uint64 `json:"seq"`
		} `json:"lines"`
		Totals map[string]int `json:"totals"`
	}
	if err := json.Unmarshal(write(t, answer.JSON, a), &got); err != nil {
		t.Fatal(err)
	}
	for _, l := range got.Lines {
		places = append(places, fmt.Sprint(l.Seq))
	}
	return places, got.Totals
}

func readTable(t *testing.T, a *audit.Answer) (places []string, totals map[string]int) {
	rows, err := csv.NewReader(bytes.NewReader(write(t, answer.Table, a))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	totals = map[string]int{}
	for _, r := range rows {
		switch r[0] {
		case "line":
			places = append(places, r[1])
		case "total":
			totals[r[1]], _ = strconv.Atoi(r[2])
		}
	}
	return places, totals
}

func readSheets(t *testing.T, a *audit.Answer) (places []string, totals map[string]int) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, answer.Sheets, a)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Lines")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		places = append(places, r[0])
	}
	totals = map[string]int{}
	if rows, err = f.GetRows("Totals"); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		totals[r[0]], _ = strconv.Atoi(r[1])
	}
	return places, totals
}

var (
	pdfTotal = regexp.MustCompile(`(?m)^([a-z]+): (\d+)$`)
	pdfPlace = regexp.MustCompile(`(?m)^(\d+)$`)
)

// pageLines is the text of a PDF, a piece of text a line.
func pageLines(t *testing.T, raw []byte) (text string, pages int) {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := 1; n <= r.NumPage(); n++ {
		s, err := r.Page(n).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(s + "\n")
	}
	return b.String(), r.NumPage()
}

func readPages(t *testing.T, a *audit.Answer) (places []string, totals map[string]int) {
	text, pages := pageLines(t, write(t, answer.Pages, a))
	for n := 1; n <= pages; n++ {
		if want := fmt.Sprintf("Page %d of %d", n, pages); !strings.Contains(text, want) {
			t.Errorf("%q is not there", want)
		}
	}
	if pages < 3 {
		t.Errorf("%d pages", pages)
	}
	totals = map[string]int{}
	for _, m := range pdfTotal.FindAllStringSubmatch(text, -1) {
		totals[m[1]], _ = strconv.Atoi(m[2])
	}
	for _, m := range pdfPlace.FindAllStringSubmatch(text, -1) {
		places = append(places, m[1])
	}
	return places, totals
}

func TestThePagesHaveATitleALanguageAndNothingIsCut(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("ward-3-notes.", 9)
	h.happen("4471902", func(i *audit.Intent, _ *audit.Outcome) { i.Who.ID = long })
	a := h.ask(audit.Question{About: aPatient("4471902")})
	a.Reason = "Request of the patient (no. 17): ×±é §"
	raw := write(t, answer.Pages, a)
	for _, want := range []string{"/Title ", "/Lang (en)"} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("the document has no %s", want)
		}
	}
	text, _ := pageLines(t, raw)
	if bare := strings.ReplaceAll(text, "\n", ""); !strings.Contains(bare, long) || !strings.Contains(bare, a.Reason) {
		t.Errorf("cut:\n%s", text)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	h := newHouse(t)
	h.happen("4471902", nil)
	for _, evil := range []string{`=HYPERLINK("http://x","y")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc"} {
		a := h.ask(audit.Question{About: aPatient("4471902")})
		a.Lines[0].Ten.User = evil
		a.Lines[0].Subject = evil
		rows, err := csv.NewReader(bytes.NewReader(write(t, answer.Table, a))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range rows[1] {
			if strings.Contains(cell, evil) && cell != "'"+evil {
				t.Errorf("CSV has the cell %q", cell)
			}
		}
		f, err := excelize.OpenReader(bytes.NewReader(write(t, answer.Sheets, a)))
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula("Lines", "G2"); formula != "" || err != nil {
			t.Errorf("XLSX has the formula %q, %v", formula, err)
		}
		if got, _ := f.GetCellValue("Lines", "G2"); got != evil {
			t.Errorf("XLSX has %q for %q", got, evil)
		}
		f.Close()
	}
}

// A patient's name must not be left behind in a temporary file: the forms make
// none, however long they are.
func TestNoFormTouchesADisk(t *testing.T) { // CRY
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	h := newHouse(t)
	h.happen("4471902", nil)
	a := h.ask(audit.Question{About: aPatient("4471902")})
	line := a.Lines[0]
	for n := range uint64(25_000) { // a sheet of more than the library keeps in memory of its own accord
		line.Seq = n
		a.Lines = append(a.Lines, line)
	}
	stop, seen := make(chan struct{}), make(chan []string)
	go func() {
		var files []string
		for {
			select {
			case <-stop:
				seen <- files
				return
			default:
				now, _ := filepath.Glob(filepath.Join(dir, "excelize*"))
				files = append(files, now...)
			}
		}
	}()
	raw := write(t, answer.Sheets, a)
	close(stop)
	if files := <-seen; len(files) > 0 || len(raw) == 0 {
		t.Errorf("temporary files: %v", files)
	}
	if left, _ := os.ReadDir(dir); len(left) > 1 { // the tree's own folder of the test
		t.Errorf("left behind: %v", left)
	}
}
