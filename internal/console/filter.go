package console

import (
	"net/url"
	"strconv"
	"time"

	"chaperone"
	"chaperone/internal/audit"
)

// filter is what a person asked of the record, as they wrote it.
type filter struct {
	Patient  string // stands in forms only, never in an address
	Person   string
	From, To string // days, YYYY-MM-DD, in UTC; both included
	Decision string // one of audit's decisions; empty: any
	Events   bool   // events too, such as signing in
	Before   string // place to go on from; empty: the newest
}

// fieldFault is what is wrong with one field of a form.
type fieldFault struct {
	Field string // id of the input
	Text  string
}

func filterOf(q url.Values) filter {
	return filter{
		Patient: q.Get("patient"), Person: q.Get("person"), From: q.Get("from"), To: q.Get("to"),
		Decision: q.Get("decision"), Events: q.Get("events") != "", Before: q.Get("before"),
	}
}

// Link is where this filter's list is found. The patient is not in it:
// addresses are kept by browsers and by what stands between.
func (f filter) Link() string {
	q := url.Values{}
	for name, value := range map[string]string{
		"person": f.Person, "from": f.From, "to": f.To, "decision": f.Decision, "before": f.Before,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Events {
		q.Set("events", "yes")
	}
	if len(q) == 0 {
		return "/console/record"
	}
	return "/console/record?" + q.Encode()
}

// ask turns the filter into the record's own, or says everything that is wrong.
func (f filter) ask(tenant string) (audit.Filter, []fieldFault) {
	a := audit.Filter{Tenant: tenant, Person: f.Person}
	var faults []fieldFault
	wrong := func(field, text string) { faults = append(faults, fieldFault{field, text}) }
	var err error
	if a.Patient, err = chaperone.NewPatientRef(f.Patient); err != nil {
		wrong("patient", "A patient's reference has letters, digits and . _ : / | - only")
	}
	if f.From != "" {
		if a.From, err = time.Parse(time.DateOnly, f.From); err != nil {
			wrong("from", "The first day is a date such as 2026-11-21")
		}
	}
	if f.To != "" {
		if a.To, err = time.Parse(time.DateOnly, f.To); err != nil {
			wrong("to", "The last day is a date such as 2026-11-21")
		}
		a.To = a.To.AddDate(0, 0, 1)
	}
	if len(faults) == 0 && !a.From.IsZero() && !a.To.IsZero() && !a.From.Before(a.To) {
		wrong("to", "The last day is before the first")
	}
	if f.Decision != "" && decisionBadge(audit.Decision(f.Decision)) == (badge{}) {
		wrong("decision", "There is no such decision")
	}
	if !f.Events || f.Decision != "" {
		a.Kind = audit.KindIntent
	}
	if f.Before != "" {
		n, err := strconv.ParseUint(f.Before, 10, 64)
		if err != nil {
			wrong("before", "A place in the record is a number")
		}
		a.Before = &n
	}
	return a, faults
}

// what names the filter for the record of this look, in words that hold nobody's
// name: the patient goes into the record's index instead.
func (f filter) what() string {
	kind := "exchanges"
	if f.Events {
		kind = "all"
	}
	if f.Decision != "" {
		kind = f.Decision
	}
	if f.Before != "" {
		kind += ":before:" + f.Before
	}
	return kind
}
