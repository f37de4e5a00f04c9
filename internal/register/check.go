package register

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chaperone"
	"chaperone/regulation"
)

var (
	idForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,63}$`)
	digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// The longest texts, in bytes.
const (
	maxName  = 200
	maxWords = 4000
	maxList  = 100
)

// about says what kind of entry it is and what it is about, in words fit for the
// record.
func (e Entry) about() (kind, subject string) {
	switch d := e.Deed; {
	case d.Version != nil:
		return "version", d.Version.Agreement
	case d.Review != nil:
		return "review", d.Review.Agreement
	case d.UseCase != nil:
		return "use-case", d.UseCase.Agreement
	case d.Termination != nil:
		return "termination", d.Termination.Agreement
	case d.Certificate != nil:
		return "certificate", d.Certificate.Agreement
	case d.Incident != nil:
		return "incident", d.Incident.ID
	case d.Notice != nil:
		return "notice", d.Notice.Incident
	case d.Evidence != nil:
		return "evidence", ""
	case d.Commitment != nil:
		return "commitment", d.Commitment.Plan
	case d.Decision != nil:
		return "decision", d.Decision.Chosen
	default:
		return "drill", d.Drill.Down
	}
}

// files lists the documents that an entry rests on.
func (e Entry) files() []File {
	switch d := e.Deed; {
	case d.Version != nil:
		return []File{d.Version.File}
	case d.Certificate != nil:
		return []File{d.Certificate.File}
	case d.Notice != nil:
		return []File{d.Notice.File}
	case d.Evidence != nil:
		return []File{d.Evidence.File}
	case d.Commitment != nil:
		return []File{d.Commitment.File}
	default:
		return nil
	}
}

// deeds is how many fields are set.
func (d Deed) deeds() int {
	n := 0
	for _, set := range []bool{
		d.Version != nil, d.Review != nil, d.UseCase != nil, d.Evidence != nil, d.Commitment != nil, d.Termination != nil,
		d.Certificate != nil, d.Incident != nil, d.Notice != nil, d.Decision != nil, d.Drill != nil,
	} {
		if set {
			n++
		}
	}
	return n
}

// check judges an entry by its form and by what is there already.
func (e Entry) check(s State) error {
	if e.deeds() != 1 {
		return malformed("An entry of the register is one thing", "Use the chaperone of the same version")
	}
	if !named(e.By) {
		return malformed("Nobody is named who puts this down", "Name yourself with --by")
	}
	for _, f := range e.files() {
		if !digestForm.MatchString(f.Digest) || !named(f.Name) {
			return malformed("There is no document with it", "Give the signed document with --file")
		}
	}
	switch d := e.Deed; {
	case d.Version != nil:
		return d.Version.check(s)
	case d.Review != nil:
		return d.Review.check(s, e.At)
	case d.UseCase != nil:
		return d.UseCase.check(s)
	case d.Termination != nil:
		return d.Termination.check(s)
	case d.Certificate != nil:
		return d.Certificate.check(s, e.At)
	case d.Incident != nil:
		return d.Incident.check(s, e.At)
	case d.Notice != nil:
		return d.Notice.check(s, e.At)
	case d.Evidence != nil:
		return d.Evidence.check(e.At)
	case d.Commitment != nil:
		return d.Commitment.check(e.At)
	case d.Decision != nil:
		return d.Decision.check()
	default:
		return d.Drill.check()
	}
}

func (v *Version) check(s State) error {
	switch {
	case !idForm.MatchString(v.Agreement):
		return malformed("The agreement has no id", "Write up to 64 letters, digits and . _ : @ / - , the id that the configuration has")
	case !named(v.Holder):
		return malformed("It is not said who signed on the other side", "Name them with --holder")
	case v.Signed.IsZero() || v.Expires.IsZero():
		return malformed("The agreement has no days", "Give the day it was signed and its end, or the day by which you review it")
	case !v.Expires.After(v.Signed):
		return malformed("The agreement ends before it begins", "Check --signed and --expires")
	case v.NoticeHours < 0 || v.NoticeHours > 24*365:
		return malformed("The term to report a breach is out of its bounds", "Give hours, like 48h")
	case v.ReturnDays < 0 || v.ReturnDays > 3650 || v.Audit != "" && !named(v.Audit):
		return malformed("The term to return everything, or the right to audit, does not have its form", "Give days, and a few words")
	case len(v.Subcontractors) > maxList:
		return malformed("There are too many subcontractors", "List those who process text")
	}
	known, err := clauses()
	if err != nil {
		return err
	}
	for _, c := range v.Clauses {
		if !slices.ContainsFunc(known, func(k regulation.Clause) bool { return k.Name == c }) {
			return malformed("There is no clause of that name", "The clauses are "+clauseNames(known))
		}
	}
	for _, c := range v.Subcontractors {
		if !named(c.Name) || c.Agreement != "" && !idForm.MatchString(c.Agreement) {
			return malformed("A subcontractor does not have its form", "Write NAME or NAME=AGREEMENT")
		}
	}
	if a, ok := s.Agreement(v.Agreement); ok && a.Termination != nil {
		return untimely("register_ended", "This agreement was ended", "Put a new agreement down under an id of its own")
	}
	return nil
}

func (r *Review) check(s State, now time.Time) error {
	a, ok := s.Agreement(r.Agreement)
	switch {
	case !ok || r.Version < 1 || r.Version > len(a.Versions):
		return errNoAgreement()
	case !slices.Contains(Reviewers(), r.As):
		return malformed("It is not said as what this was reviewed", "Write --as legal or --as compliance")
	case r.On.IsZero() || r.On.After(now):
		return errFuture()
	case len(r.Words) > maxWords || r.Objects && !worded(r.Words):
		return malformed("An objection says what it is", "Write it with --words, in at most 4000 bytes")
	case len(a.UseCases) == 0:
		return untimely("register_no_use_case", "Nobody has written down what this agreement is for",
			"Write it with 'chaperone register usecase add', then review the agreement")
	}
	return nil
}

func (u *UseCase) check(s State) error {
	if _, ok := s.Agreement(u.Agreement); !ok && !idForm.MatchString(u.Agreement) {
		return errNoAgreement()
	}
	if !worded(u.Words) {
		return malformed("The use case has no words", "Say with --words what it is for, in at most 4000 bytes")
	}
	return nil
}

func (t *Termination) check(s State) error {
	a, ok := s.Agreement(t.Agreement)
	switch {
	case !ok || len(a.Versions) == 0:
		return errNoAgreement()
	case a.Termination != nil:
		return untimely("register_ended", "This agreement was ended already", "")
	case t.On.IsZero():
		return malformed("The end has no day", "Give it with --on")
	case !worded(t.Words):
		return malformed("The end has no ground", "Say with --words why it ends")
	}
	return nil
}

func (c *Certificate) check(s State, now time.Time) error {
	a, ok := s.Agreement(c.Agreement)
	switch {
	case !ok || len(a.Versions) == 0:
		return errNoAgreement()
	case a.Termination == nil:
		return untimely("register_not_ended", "This agreement was not ended", "End it first with 'chaperone register agreement terminate'")
	case a.Certificate != nil:
		return untimely("register_ended", "There is a certificate already", "")
	case c.On.IsZero() || c.On.After(now):
		return errFuture()
	}
	return nil
}

func (i *Incident) check(s State, now time.Time) error {
	a, ok := s.Agreement(i.Agreement)
	switch {
	case !ok || len(a.Versions) == 0:
		return errNoAgreement()
	case !idForm.MatchString(i.ID):
		return malformed("The incident has no id", "Give it one of up to 64 letters and digits")
	case s.incident(i.ID) >= 0:
		return untimely("register_taken", "There is an incident of this id", "Give it another")
	case i.Known.IsZero() || i.Known.After(now):
		return errFuture()
	case !worded(i.Words):
		return malformed("The incident has no words", "Say with --words what is known, and no patient's name")
	}
	return nil
}

func (n *Notice) check(s State, now time.Time) error {
	i := s.incident(n.Incident)
	switch {
	case i < 0:
		return chaperone.NewError(chaperone.KindNotFound, "register_unknown", "The register has no such incident", "List them with 'chaperone register incident list'", nil)
	case s.Incidents[i].Notice != nil:
		return untimely("register_ended", "The notice of this incident is there already", "")
	case n.On.IsZero() || n.On.After(now):
		return errFuture()
	}
	return nil
}

func (v *Evidence) check(now time.Time) error {
	switch {
	case !named(v.Vendor) || !named(v.Title):
		return malformed("Evidence has a vendor and a title", "Give --vendor and --title")
	case v.Issued.IsZero() || v.Issued.After(now):
		return errFuture()
	case !v.Expires.After(v.Issued):
		return malformed("The evidence ends before it begins", "Check --issued and --expires")
	}
	return nil
}

func (c *Commitment) check(now time.Time) error {
	t, err := regulation.LoadCoverage()
	switch {
	case err != nil:
		return errTables(err)
	case !slices.ContainsFunc(t.Plans, func(p regulation.Plan) bool { return p.Name == c.Plan }):
		return malformed("There is no plan of that name", "The plans are "+planNames(t.Plans))
	case !named(c.Vendor) || !worded(c.Words):
		return malformed("A commitment has a vendor and words", "Give --vendor, and with --words the sentence of the document")
	case c.On.IsZero() || c.On.After(now):
		return errFuture()
	}
	return nil
}

func (d *Decision) check() error {
	switch {
	case !idForm.MatchString(d.Chosen) || !idForm.MatchString(d.Advice.Route):
		return malformed("The decision names no route", "Take it from 'chaperone advise'")
	case d.Chosen != d.Advice.Route && !worded(d.Words):
		return malformed("Another route was chosen than was advised, without a word why", "Say why with --words")
	case len(d.Words) > maxWords || len(d.Doors) > maxList || len(d.Advice.Reasons) > maxList:
		return malformed("The decision is too long", "")
	}
	return nil
}

func (d *Drill) check() error {
	if !idForm.MatchString(d.Down) || len(d.Probes) > maxList || len(d.Resulted) > maxWords {
		return malformed("The drill does not have its form", "Use the chaperone of the same version")
	}
	return nil
}

// named reports whether text can name a person, a company or a file.
func named(s string) bool {
	return s != "" && len(s) <= maxName && plain(s, "")
}

// worded reports whether text says something.
func worded(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= maxWords && plain(s, "\n\t")
}

func plain(s, but string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0) && !strings.ContainsRune(but, r)
	})
}

func errFuture() error {
	return malformed("The day is missing or is yet to come", "Give the day on which it was")
}

func errNoAgreement() error {
	return chaperone.NewError(chaperone.KindNotFound, "register_unknown", "The register has no such agreement or version",
		"List them with 'chaperone register agreement list'", nil)
}

func errTables(cause error) error {
	return chaperone.NewError(chaperone.KindInternal, "register_tables", "The tables that the register reads are broken", "Tell your administrator", cause)
}

func clauses() ([]regulation.Clause, error) {
	t, err := regulation.LoadCoverage()
	if err != nil {
		return nil, errTables(err)
	}
	return t.Clauses, nil
}

func clauseNames(list []regulation.Clause) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func planNames(list []regulation.Plan) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
