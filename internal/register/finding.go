package register

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chaperone/regulation"
)

// Light says how something stands.
type Light string

// The lights.
const (
	Green Light = "green" // in order
	Amber Light = "amber" // to be done
	Red   Light = "red"   // not as it must be
)

// Finding is one line of the report. One that is not green is a task: it follows
// from what is there and from the day, and goes away when what it asks for is
// there, never because somebody ticked it off.
type Finding struct {
	ID    string    `json:"id"` // the same from day to day: "certificate:BAA-1"
	Area  string    `json:"area"`
	About string    `json:"about"`
	Light Light     `json:"light"`
	Text  string    `json:"text"`
	Next  string    `json:"next,omitempty"` // what to do
	Due   time.Time `json:"due,omitzero"`
	Late  bool      `json:"overdue,omitempty"`
}

// The areas of the report, in its order.
const (
	areaAgreement  = "agreement"
	areaReview     = "review"
	areaChain      = "subcontractors"
	areaIncident   = "incident"
	areaEnd        = "termination"
	areaCommitment = "commitment"
	areaEvidence   = "evidence"
	areaDrill      = "drill"
	areaDecision   = "decision"
)

// judge collects findings on one day.
type judge struct {
	state   State
	house   House
	now     time.Time
	duties  regulation.Duties
	clauses []regulation.Clause
	list    []Finding
}

// Judge says how everything stands at the moment now: the report, worst first
// within its area. The error means that the build itself is broken.
func Judge(s State, h House, now time.Time) ([]Finding, error) {
	duties, err := regulation.LoadDuties()
	if err != nil {
		return nil, errTables(err)
	}
	known, err := clauses()
	if err != nil {
		return nil, err
	}
	j := &judge{state: s, house: h, now: now, duties: duties, clauses: known}
	j.configured()
	j.agreements()
	j.incidents()
	j.vendors()
	j.trials()
	slices.SortStableFunc(j.list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(order(a.Area), order(b.Area)), cmp.Compare(rank(a.Light), rank(b.Light)), strings.Compare(a.ID, b.ID))
	})
	return j.list, nil
}

// Tasks are the findings that ask for something, the most urgent first.
func Tasks(list []Finding) []Finding {
	tasks := slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return f.Light == Green })
	slices.SortStableFunc(tasks, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank(a.Light), rank(b.Light)), compareDue(a.Due, b.Due))
	})
	return tasks
}

// Worst is the light of the whole report; that of no findings is green.
func Worst(list []Finding) Light {
	worst := Green
	for _, f := range list {
		if rank(f.Light) < rank(worst) {
			worst = f.Light
		}
	}
	return worst
}

func compareDue(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

func order(area string) int {
	return slices.Index([]string{
		areaAgreement, areaReview, areaChain, areaIncident, areaEnd, areaCommitment, areaEvidence, areaDrill, areaDecision,
	}, area)
}

func rank(l Light) int { return slices.Index([]Light{Red, Amber, Green}, l) }

func (j *judge) find(area, what, about string, l Light, text, next string) *Finding {
	j.list = append(j.list, Finding{ID: what + ":" + about, Area: area, About: about, Light: l, Text: text, Next: next})
	return &j.list[len(j.list)-1]
}

// by sets the day by which a finding is to be settled. One that is past it is red.
func (f *Finding) by(due, now time.Time) {
	f.Due = due
	if !now.Before(due) {
		f.Late, f.Light = true, Red
	}
}

// term is one of the times that agreements set in motion.
func (j *judge) term(name string) time.Duration { return j.duties.Time(name) }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
