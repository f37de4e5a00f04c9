package register

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chaperone/regulation"
)

// configured judges every agreement that a door is ruled by: is it in force, is it
// ready, is its document here, and does the document say the same.
func (j *judge) configured() {
	var seen []string
	for _, d := range j.house.Doors {
		c := d.Agreement
		switch {
		case d.Simulated:
			continue
		case c.ID == "":
			j.find(areaAgreement, "door", d.Name, Amber, "no agreement covers this door, so text that identifies is refused here",
				"sign one and set it in the configuration, or leave the door to placeholders")
			continue
		}
		if len(c.Open) > 0 {
			j.find(areaAgreement, "gates", d.Name, Amber, "this door is not ready, so text that identifies is refused here; still open: "+strings.Join(c.Open, ", "),
				"close them under the agreement's gates in the configuration")
		}
		if slices.Contains(seen, c.ID) {
			continue
		}
		seen = append(seen, c.ID)
		if a, _ := j.state.Agreement(c.ID); !a.EndedBefore(j.now) {
			j.force(c)
		}
		j.paper(c)
	}
}

// force says whether a configured agreement is in force, and reminds of its end
// (BAA-06).
func (j *judge) force(c HouseAgreement) {
	switch renew := c.Expires.Add(-j.term(regulation.Renewal)); {
	case !j.now.Before(c.Expires):
		j.find(areaAgreement, "renew", c.ID, Red, "it ended on "+day(c.Expires)+", so its doors are not covered any more",
			"sign a new version, put it down here and set its days in the configuration").by(c.Expires, j.now)
	case j.now.Before(c.Signed):
		j.find(areaAgreement, "begin", c.ID, Amber, "it is in force from "+day(c.Signed)+" on", "")
	case !j.now.Before(renew):
		j.find(areaAgreement, "renew", c.ID, Amber, "it ends on "+day(c.Expires),
			"sign a new version, put it down here and set its days in the configuration").by(c.Expires, j.now)
	default:
		j.find(areaAgreement, "force", c.ID, Green, "in force until "+day(c.Expires), "")
	}
}

// paper holds the configuration against the document.
func (j *judge) paper(c HouseAgreement) {
	a, _ := j.state.Agreement(c.ID)
	v, ok := a.Newest()
	if !ok {
		j.find(areaAgreement, "document", c.ID, Amber, "a door is ruled by it, and its document is not here",
			"put it down with 'chaperone register agreement add'")
		return
	}
	if a.EndedBefore(j.now) {
		j.find(areaAgreement, "ended", c.ID, Red, "it was ended on "+day(a.Termination.On)+" and still stands in the configuration; its doors are closed to text that identifies",
			"take it out of the configuration")
	}
	if day(v.Expires) != day(c.Expires) || day(v.Signed) != day(c.Signed) {
		j.find(areaAgreement, "days", c.ID, Red,
			fmt.Sprintf("the configuration has it from %s to %s, version %d of the document from %s to %s", day(c.Signed), day(c.Expires), v.Number, day(v.Signed), day(v.Expires)),
			"set in the configuration what the document says, or put the right document down")
	}
}

// agreements judges what the register itself holds of each agreement.
func (j *judge) agreements() {
	for _, a := range j.state.Agreements {
		v, ok := a.Newest()
		switch {
		case !ok:
			j.find(areaReview, "document", a.ID, Amber, "what it is for is written down, and no document is here", "put it down with 'chaperone register agreement add'")
		case a.Termination != nil:
			j.ended(a)
		default:
			j.gaps(a.ID, v)
			j.longReturn(a.ID, v)
			j.reviews(a, v)
			j.chain(a.ID, v)
		}
	}
}

// gaps lists the clauses that the newest version does not have (BAA-04).
func (j *judge) gaps(id string, v KeptVersion) {
	var missing []string
	for _, c := range j.clauses {
		if !slices.Contains(v.Clauses, c.Name) {
			missing = append(missing, c.Plain)
		}
	}
	if len(missing) > 0 {
		j.find(areaReview, "clauses", id, Amber, fmt.Sprintf("version %d does not say %s", v.Number, strings.Join(missing, "; ")),
			"have it put into the next version, or have legal write down why it may be missing")
	}
	if v.NoticeHours == 0 {
		j.find(areaReview, "notice-term", id, Amber, fmt.Sprintf("version %d names no hours in which the vendor reports a breach; the law's %d days hold", v.Number, int(j.term(regulation.VendorNotice).Hours()/24)),
			"agree on 24 to 48 hours")
	}
}

// longReturn names an agreement that lets the vendor keep everything for longer than
// is usual. The task at its end is due after the usual term all the same.
func (j *judge) longReturn(id string, v KeptVersion) {
	if usual := int(j.term(regulation.ReturnOrDestroy).Hours() / 24); v.ReturnDays > usual {
		j.find(areaReview, "return-term", id, Amber, fmt.Sprintf("version %d gives the vendor %d days to return or destroy everything", v.Number, v.ReturnDays),
			fmt.Sprintf("agree on %d days or fewer", usual))
	}
}

// reviews asks for both reviewers of the newest version (BAA-05).
func (j *judge) reviews(a Agreement, v KeptVersion) {
	for _, as := range Reviewers() {
		what := "review-" + string(as)
		switch r, ok := a.Reviewed(v.Number, as); {
		case !ok:
			j.find(areaReview, what, a.ID, Amber, fmt.Sprintf("version %d was not reviewed by %s", v.Number, as),
				"have them read it, then 'chaperone register agreement review'")
		case r.Objects:
			j.find(areaReview, what, a.ID, Red, fmt.Sprintf("%s (%s) objected to version %d on %s", r.By, as, v.Number, day(r.On)), "settle it, then have it reviewed again")
		default:
			j.find(areaReview, what, a.ID, Green, fmt.Sprintf("version %d was reviewed by %s (%s) on %s", v.Number, r.By, as, day(r.On)), "")
		}
	}
	if len(a.UseCases) == 0 {
		j.find(areaReview, "use-case", a.ID, Amber, "nobody has written down what it is for", "write it with 'chaperone register usecase add'")
	}
}

// chain asks that everybody who works for the holder is bound too (BAA-07).
func (j *judge) chain(id string, v KeptVersion) {
	bound := 0
	for _, c := range v.Subcontractors {
		if c.Agreement == "" {
			j.find(areaChain, "subcontractor", id+"/"+c.Name, Red, c.Name+" works for "+v.Holder+", and nothing is known that binds them",
				"ask "+v.Holder+" what they have signed, and put the version down again with it")
			continue
		}
		bound++
	}
	if bound > 0 && bound == len(v.Subcontractors) {
		j.find(areaChain, "chain", id, Green, fmt.Sprintf("%d subcontractor(s), each bound", bound), "")
	}
}

// ended waits for the certificate, which nothing but a file is (BAA-09).
func (j *judge) ended(a Agreement) {
	if a.Certificate != nil {
		j.find(areaEnd, "certificate", a.ID, Green, "ended on "+day(a.Termination.On)+"; certificate of "+day(a.Certificate.On), "")
		return
	}
	term := j.term(regulation.ReturnOrDestroy)
	if v, _ := a.Newest(); v.ReturnDays > 0 {
		term = min(term, time.Duration(v.ReturnDays)*24*time.Hour)
	}
	due := a.Termination.On.Add(term)
	j.find(areaEnd, "certificate", a.ID, Amber, "ended on "+day(a.Termination.On)+", and no certificate says that everything was returned or destroyed",
		"ask the vendor for it, then 'chaperone register agreement certificate'").by(due, j.now)
}

// incidents runs the vendors' clocks, by the term of their agreement (BAA-08).
func (j *judge) incidents() {
	for _, i := range j.state.Incidents {
		due, basis := j.noticeDue(i)
		switch {
		case i.Notice == nil:
			j.find(areaIncident, "notice", i.ID, Amber, "the vendor owes its report by "+due.UTC().Format("2006-01-02 15:04 UTC")+", by "+basis,
				"ask for it, then 'chaperone register incident notice'").by(due, j.now)
		case i.Notice.On.After(due):
			j.find(areaIncident, "notice", i.ID, Amber, "the vendor's report came on "+day(i.Notice.On)+", after its term by "+basis, "raise it at the next review of the agreement")
		default:
			j.find(areaIncident, "notice", i.ID, Green, "the vendor's report came on "+day(i.Notice.On), "")
		}
	}
}
