package register

import (
	"fmt"
	"slices"
	"time"

	"chaperone/regulation"
)

// noticeDue is when a vendor's report is due, and by what.
func (j *judge) noticeDue(i OpenIncident) (time.Time, string) {
	a, _ := j.state.Agreement(i.Agreement)
	// The version that was in force when it was discovered counts, not one that was
	// agreed on afterwards.
	for _, v := range slices.Backward(a.Versions) {
		if v.NoticeHours > 0 && !i.Known.Before(v.Signed) {
			return i.Known.Add(time.Duration(v.NoticeHours) * time.Hour), fmt.Sprintf("the %d hours of %s, version %d", v.NoticeHours, a.ID, v.Number)
		}
	}
	return i.Known.Add(j.term(regulation.VendorNotice)), "the law's term: its agreement names none"
}

// vendors asks whoever stands behind a door for evidence and for their word that
// nothing is learned from what is sent (BAA-12, BAA-13).
func (j *judge) vendors() {
	var vendors, plans []string
	for _, d := range j.house.Doors {
		if d.Simulated || d.Holder == "" {
			continue
		}
		plan := d.Plan
		if plan == "" {
			plan = "api"
		}
		if !slices.Contains(vendors, d.Holder) {
			vendors = append(vendors, d.Holder)
		}
		if about := d.Holder + "/" + plan; !slices.Contains(plans, about) {
			plans = append(plans, about)
			j.commitment(d.Holder, plan)
		}
	}
	for _, v := range vendors {
		if !slices.ContainsFunc(j.state.Evidence, func(e KeptEvidence) bool { return e.Vendor == v }) {
			j.find(areaEvidence, "evidence", v, Amber, "nothing is here that shows how "+v+" protects what it is sent",
				"ask for its SOC 2 Type II report or the like, then 'chaperone register evidence add'")
		}
	}
	for _, e := range j.newestEvidence() {
		j.evidence(e)
	}
}

func (j *judge) commitment(vendor, plan string) {
	about := vendor + "/" + plan
	for _, c := range slices.Backward(j.state.Commitments) {
		if c.Vendor == vendor && c.Plan == plan {
			j.find(areaCommitment, "no-training", about, Green, fmt.Sprintf("%q (%s, of %s)", c.Words, c.File.Name, day(c.On)), "")
			return
		}
	}
	j.find(areaCommitment, "no-training", about, Amber, "nothing is here by which "+vendor+" promises not to learn from what is sent under this plan",
		"keep the page or the clause with 'chaperone register commitment add'")
}

// newestEvidence is the newest of each vendor and title.
func (j *judge) newestEvidence() []KeptEvidence {
	var list []KeptEvidence
	for _, e := range j.state.Evidence {
		i := slices.IndexFunc(list, func(o KeptEvidence) bool { return o.Vendor == e.Vendor && o.Title == e.Title })
		switch {
		case i < 0:
			list = append(list, e)
		case e.Expires.After(list[i].Expires):
			list[i] = e
		}
	}
	return list
}

// evidence is amber when it has ended: it says less than it did, and closes nothing.
func (j *judge) evidence(e KeptEvidence) {
	about := e.Vendor + "/" + e.Title
	switch {
	case !j.now.Before(e.Expires):
		f := j.find(areaEvidence, "evidence", about, Amber, "ended on "+day(e.Expires), "ask for the next one")
		f.Due, f.Late = e.Expires, true
	case !j.now.Before(e.Expires.Add(-j.term(regulation.FreshEvidence))):
		j.find(areaEvidence, "evidence", about, Amber, "ends on "+day(e.Expires), "ask for the next one").Due = e.Expires
	default:
		j.find(areaEvidence, "evidence", about, Green, "until "+day(e.Expires), "")
	}
}

// trials asks for a drill (RTE-06) and a signed decision (RTE-07) within a year,
// where there is a real door.
func (j *judge) trials() {
	if !slices.ContainsFunc(j.house.Doors, func(d HouseDoor) bool { return !d.Simulated }) {
		return
	}
	if n := len(j.state.Drills); n == 0 {
		j.find(areaDrill, "drill", "failover", Amber, "what happens when a door fails was never tried", "run 'chaperone drill failover'")
	} else {
		last := j.state.Drills[n-1]
		due := last.At.Add(j.term(regulation.YearlyDrill))
		f := j.find(areaDrill, "drill", "failover", Green, "last held on "+day(last.At)+" by "+last.By+": "+last.Resulted, "")
		if f.Due = due; !j.now.Before(due) {
			f.Light, f.Late, f.Next = Amber, true, "run 'chaperone drill failover' again"
		}
	}
	if n := len(j.state.Decisions); n == 0 {
		j.find(areaDecision, "decision", "route", Amber, "nobody has signed for why this way to Claude was chosen", "run 'chaperone advise --sign NAME'")
	} else {
		last := j.state.Decisions[n-1]
		due := last.At.Add(j.term(regulation.FreshDecision))
		f := j.find(areaDecision, "decision", "route", Green, last.Chosen+", signed by "+last.By+" on "+day(last.At), "")
		if f.Due = due; !j.now.Before(due) {
			f.Light, f.Late, f.Next = Amber, true, "look at it again: 'chaperone advise --sign NAME'"
		}
	}
}
