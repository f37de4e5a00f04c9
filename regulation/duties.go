package regulation

import (
	"fmt"
	"slices"
	"time"
)

// Duties are the times that an agreement sets in motion (BAA-06, BAA-08, BAA-09).
type Duties struct {
	Source `yaml:",inline"`
	Terms  []Term `yaml:"terms"`
}

// Term is one of them, in calendar days.
type Term struct {
	Name  string `yaml:"name"`
	Plain string `yaml:"plain"`
	Days  int    `yaml:"days"`
	Basis Basis  `yaml:"basis"`
	Line  string `yaml:"line"` // why it is as long as it is
}

// Basis says who set a term.
type Basis string

// The bases.
const (
	ByLaw   Basis = "law"
	ByHouse Basis = "house" // the product's own; the law names none
)

// The terms there are.
const (
	VendorNotice    = "vendor-notice"
	ReturnOrDestroy = "return-or-destroy"
	Renewal         = "renewal"
	FreshEvidence   = "evidence"
	YearlyDrill     = "drill"
	FreshDecision   = "decision"
)

// LoadDuties reads the embedded table. The error means that the data is wrong; a
// table without one of the terms is.
func LoadDuties() (Duties, error) {
	var d Duties
	if err := load("duties.yaml", &d, func() Source { return d.Source }); err != nil {
		return Duties{}, err
	}
	for _, name := range []string{VendorNotice, ReturnOrDestroy, Renewal, FreshEvidence, YearlyDrill, FreshDecision} {
		i := slices.IndexFunc(d.Terms, func(t Term) bool { return t.Name == name })
		if i < 0 || d.Terms[i].Days <= 0 || d.Terms[i].Plain == "" || d.Terms[i].Line == "" || !slices.Contains([]Basis{ByLaw, ByHouse}, d.Terms[i].Basis) {
			return Duties{}, fmt.Errorf("regulation: duties.yaml: the term %s is not complete", name)
		}
	}
	return d, nil
}

// Time is how long a term is. LoadDuties holds that each of the names above is
// there; any other is no time at all, so that nothing waits for it.
func (d Duties) Time(name string) time.Duration {
	for _, t := range d.Terms {
		if t.Name == name {
			return time.Duration(t.Days) * 24 * time.Hour
		}
	}
	return 0
}
