package main

import (
	"fmt"
	"strings"
	"testing"

	"chaperone/regulation"
)

// The table in the guide is the table in the program, row by row (BAA-14).
func TestTheGuideShowsTheWholeMatrix_BAA14(t *testing.T) {
	m, err := regulation.LoadMatrix()
	if err != nil {
		t.Fatal(err)
	}
	guide := pages(t)["docs/guide/coverage.md"]
	for _, rows := range [][]regulation.Row{m.Features, m.Surfaces, m.Models} {
		for _, r := range rows {
			row := fmt.Sprintf("| %s | `%s` | %s | %s | %s |", r.Plain, r.Name, inTheGuide(r.HIPAA), inTheGuide(r.ZDR), inTheGuide(r.Cloud))
			if !strings.Contains(guide, row) {
				t.Errorf("coverage.md lacks the row\n%s", row)
			}
		}
	}
	if !strings.Contains(guide, m.VerifiedOn.Format("2006-01-02")) {
		t.Errorf("coverage.md does not say when the table was checked")
	}
}

func inTheGuide(v regulation.Verdict) string {
	return map[regulation.Verdict]string{regulation.Covered: "yes", regulation.IfNamed: "if named", regulation.NotCovered: "no"}[v]
}
