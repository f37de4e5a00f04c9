package main

import (
	"fmt"
	"io"
	"strings"

	"chaperone/deid/risk/table"
)

// printRisk prints a report for people to read. Like the report, it holds no
// value of any cell.
func printRisk(out io.Writer, r table.Report) error {
	var w strings.Builder
	line := func(name, text string, args ...any) {
		fmt.Fprintf(&w, "%-16s %s\n", name, fmt.Sprintf(text, args...))
	}
	line("records", "%d", r.Rows)
	line("known", "%s", strings.Join(r.Quasi, ", "))
	if len(r.Sensitive) > 0 {
		line("sensitive", "%s", strings.Join(r.Sensitive, ", "))
	}
	line("threshold", "%s (classes of %d and more)", percent(r.Tau), r.K)
	verdict := "met"
	if !r.Met {
		verdict = "not met"
	}
	line("verdict", "%s", verdict)
	fmt.Fprintln(&w)
	printAttack(line, r.Attack)
	fmt.Fprintln(&w)
	printMeasures(line, r)
	if e := r.Estimate; e != nil {
		fmt.Fprintln(&w)
		line("population", "about %.0f people unique (%s), estimated by %s from a sample of %s", e.Uniques, percent(e.Share), e.Model, percent(e.Fraction))
	}
	if r.Suggestion != nil {
		fmt.Fprintln(&w)
		printSuggestion(line, *r.Suggestion)
	}
	fmt.Fprintf(&w, "\n%s\n", r.Statement)
	_, err := io.WriteString(out, w.String())
	return err
}

func printAttack(line func(string, string, ...any), a table.Attack) {
	risk := func(name string, r table.Risk) {
		line(name, "%s at most, %s on average, %s of records above the threshold", percent(r.Max), percent(r.Mean), percent(r.Over))
	}
	risk("prosecutor", a.Prosecutor)
	risk("journalist", a.Journalist)
	line("marketer", "%s of records would be matched rightly", percent(a.Marketer))
	line("unique", "%s of records are alone in their class", percent(a.Unique))
	if !a.PopulationKnown {
		line("", "the population is not known, so that the table is taken for it (the worst case)")
	}
}

func printMeasures(line func(string, string, ...any), r table.Report) {
	m := r.Measures
	line("k", "%d", m.K)
	if len(r.Sensitive) == 0 {
		return
	}
	line("(α,k)", "%.4f, %d", m.Alpha, m.K)
	line("l", "%d distinct, %d by entropy", m.L, m.EntropyL)
	if m.L > 1 {
		line("recursive (c,l)", "(%d, %d); as pyCANON counts: (%d, %d)", m.RecursiveC, m.L, m.RecursiveCRare, m.L)
	}
	line("t", "%.4f", m.T)
	line("β", "%.4f basic, %.4f enhanced", m.Beta, m.EnhancedBeta)
	line("δ", "%.4f", m.Delta)
}

func printSuggestion(line func(string, string, ...any), s table.Suggestion) {
	for _, step := range s.Steps {
		line("suggestion", "%s: %s", step.Column, step.How)
	}
	if s.LeaveOut > 0 {
		line("suggestion", "leave out what is still in small classes: %s of records (%d)", percent(s.LeaveOutShare), s.LeaveOut)
	}
	if s.Met {
		line("", "then every class has %d records or more", s.K)
		return
	}
	line("", "no steps were found that meet the threshold with 5 %% of records left out")
}

// percent writes a share with as many digits as say something.
func percent(share float64) string {
	switch p := share * 100; {
	case share != 0 && p < 0.1:
		return fmt.Sprintf("%.2g %%", p)
	default:
		return fmt.Sprintf("%.1f %%", p)
	}
}
