package conformance

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Write writes the report as a table by area, and then what failed or was left
// out, each with its reason.
func (r Report) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "area\tpassed\tfailed\tskipped\tkept\trestored\trefused\tleaked\t")
	for _, area := range r.Areas() {
		row(table, area, r.In(area))
	}
	row(table, "all", r)
	if err := table.Flush(); err != nil {
		return err
	}
	for _, s := range []Status{Failed, Skipped} {
		for _, c := range r {
			if c.Status != s {
				continue
			}
			if _, err := fmt.Fprintf(w, "%s  %s: %s\n         %s\n", s, c.Area, c.Name, c.Detail); err != nil {
				return err
			}
		}
	}
	return nil
}

func row(w io.Writer, area string, r Report) {
	t := r.Tally()
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", area, r.Count(Passed), r.Count(Failed), r.Count(Skipped), t.Kept, t.Restored, t.Refused, t.Leaked)
}
