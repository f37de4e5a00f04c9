package register_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/register"

	"github.com/google/go-cmp/cmp"
)

func TestEveryVersionAndReviewStays_BAA05(t *testing.T) {
	o := newOffice(t)
	first := o.version()
	o.put(register.Deed{Version: first})
	o.put(useCase())
	o.put(review(1, register.Legal))
	second := o.version()
	second.File, second.Expires = o.file("the next paper"), date("2028-05-04")
	o.put(register.Deed{Version: second})
	o.reopen()
	a, _ := register.Fold(o.Entries()).Agreement("BAA-1")
	if len(a.Versions) != 2 || a.Versions[0].File != first.File || a.Versions[1].File != second.File || a.Versions[1].Expires != second.Expires {
		t.Fatalf("%+v", a.Versions)
	}
	for file, want := range map[string]string{first.File.Digest: "the signed paper", second.File.Digest: "the next paper"} {
		if got, err := o.Read(t.Context(), file); err != nil || string(got) != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	r, ok := a.Reviewed(1, register.Legal)
	if !ok || r.By != "privacy-officer" || !r.On.Equal(date("2026-05-05")) {
		t.Errorf("%+v", r)
	}
	if f := o.wants(house(), "review-legal:BAA-1", register.Amber, ""); !strings.Contains(f.Text, "version 2 was not reviewed by legal") {
		t.Errorf("a review of version 1 counts for version 2: %s", f.Text)
	}
}

func TestNoReviewWithoutAUseCase_BAA16(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	o.refused(review(1, register.Compliance), "register_no_use_case")
	o.wants(house(), "use-case:BAA-1", register.Amber, "")
	o.put(useCase())
	o.put(review(1, register.Compliance))
	if _, ok := o.found(house(), "use-case:BAA-1"); ok {
		t.Error("the task for the use case did not end")
	}
	if f := o.wants(house(), "review-compliance:BAA-1", register.Green, ""); !strings.Contains(f.Text, "privacy-officer (compliance) on 2026-05-05") {
		t.Error(f.Text)
	}
}

func TestMissingClausesAreAGapList_BAA04(t *testing.T) {
	o := newOffice(t)
	v := o.version()
	v.Clauses = slices.DeleteFunc(slices.Clone(everyClause), func(c string) bool { return c == "audit-rights" || c == "key-management" })
	o.put(register.Deed{Version: v})
	if f := o.wants(house(), "clauses:BAA-1", register.Amber, ""); !strings.Contains(f.Text, "that you may audit; who holds the keys") || strings.Contains(f.Text, "how it is protected") {
		t.Error(f.Text)
	}
	o.put(register.Deed{Version: o.version()})
	if f, ok := o.found(house(), "clauses:BAA-1"); ok {
		t.Errorf("all clauses are there: %s", f.Text)
	}
	v = o.version()
	v.Clauses = []string{"free-lunch"}
	o.refused(register.Deed{Version: v}, "register_malformed")
}

func TestAnAgreementThatEndsOpensATask_BAA06(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	o.wants(house(), "force:BAA-1", register.Green, "")
	o.now = date("2027-03-06")
	if f := o.wants(house(), "renew:BAA-1", register.Amber, "2027-05-04"); f.Late {
		t.Error("late before its day")
	}
	o.now = date("2027-05-04")
	if f := o.wants(house(), "renew:BAA-1", register.Red, "2027-05-04"); !f.Late || f.Next == "" {
		t.Errorf("%+v", f)
	}
}

func TestASubcontractorThatNothingBindsIsRed_BAA07(t *testing.T) {
	o := newOffice(t)
	v := o.version()
	v.Subcontractors = append(v.Subcontractors, register.Subcontractor{Name: "Cloud GmbH"})
	o.put(register.Deed{Version: v})
	o.wants(house(), "subcontractor:BAA-1/Cloud GmbH", register.Red, "")
	list, err := register.Judge(register.Fold(o.Entries()), house(), o.now)
	if err != nil || register.Worst(list) != register.Red {
		t.Errorf("the report as a whole is %s, %v", register.Worst(list), err)
	}
	o.put(register.Deed{Version: o.version()})
	o.wants(house(), "chain:BAA-1", register.Green, "")
}

func TestTheVendorsClockRunsByItsAgreement_BAA08(t *testing.T) {
	known := date("2026-06-01").Add(8 * time.Hour)
	incident := register.Deed{Incident: &register.Incident{ID: "INC-1", Agreement: "BAA-1", Known: known, Words: "A store was open"}}
	for name, c := range map[string]struct {
		hours int
		due   time.Time
		by    string
	}{
		"by the hours of the register":             {48, known.Add(48 * time.Hour), "48 hours of BAA-1"},
		"by other hours of another agreement":      {24, known.Add(24 * time.Hour), "24 hours of BAA-1"},
		"by the law where the agreement says none": {0, known.AddDate(0, 0, 60), "the law's term"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			v := o.version()
			v.NoticeHours = c.hours
			o.put(register.Deed{Version: v})
			o.put(incident)
			f := o.wants(house(), "notice:INC-1", register.Amber, "")
			if !f.Due.Equal(c.due) || !strings.Contains(f.Text, c.by) {
				t.Errorf("due %s: %s", f.Due, f.Text)
			}
			o.now = c.due
			if f := o.wants(house(), "notice:INC-1", register.Red, ""); !f.Late {
				t.Error("not late")
			}
			notice := &register.Notice{Incident: "INC-1", On: c.due}
			o.refused(register.Deed{Notice: notice}, "register_malformed") // without the report itself
			notice.File = o.file("the vendor's report")
			o.put(register.Deed{Notice: notice})
			o.wants(house(), "notice:INC-1", register.Green, "")
		})
	}
}

func TestATermThatWasAgreedAfterwardsDoesNotMoveTheClock_BAA08(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	o.put(register.Deed{Incident: &register.Incident{ID: "INC-1", Agreement: "BAA-1", Known: date("2026-06-01"), Words: "A store was open"}})
	later := o.version()
	later.Signed, later.NoticeHours = date("2026-06-02"), 2000
	o.put(register.Deed{Version: later})
	o.wants(house(), "notice:INC-1", register.Amber, "2026-06-03")
}

func TestAnEndWaitsForItsCertificate_BAA09(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	certificate := &register.Certificate{Agreement: "BAA-1", On: o.now, File: o.file("all was destroyed")}
	o.refused(register.Deed{Certificate: certificate}, "register_not_ended")
	o.put(register.Deed{Termination: &register.Termination{Agreement: "BAA-1", On: date("2026-06-01"), Words: "Another vendor"}})
	if f := o.wants(house(), "certificate:BAA-1", register.Amber, "2026-07-01"); f.Late {
		t.Error("late on the first day")
	}
	o.wants(house(), "ended:BAA-1", register.Red, "") // it still stands in the configuration
	if f, ok := o.found(house(), "force:BAA-1"); ok {
		t.Errorf("it is said to be %s: %s", f.Light, f.Text)
	}
	o.now = date("2026-07-01")
	if f := o.wants(house(), "certificate:BAA-1", register.Red, "2026-07-01"); !f.Late {
		t.Error("not late after 30 days")
	}
	o.refused(register.Deed{Certificate: &register.Certificate{Agreement: "BAA-1", On: o.now}}, "register_malformed")
	o.refused(register.Deed{Certificate: &register.Certificate{Agreement: "BAA-1", On: o.now, File: register.File{Name: "x", Digest: strings.Repeat("a", 64)}}}, "register_no_file")
	o.put(register.Deed{Certificate: certificate})
	o.wants(house(), "certificate:BAA-1", register.Green, "")
	o.refused(register.Deed{Version: o.version()}, "register_ended")
}

func TestTheTermToReturnEverythingIsTheShorterOfBoth_BAA09(t *testing.T) {
	for days, due := range map[int]string{0: "2026-07-01", 10: "2026-06-11", 90: "2026-07-01"} {
		o := newOffice(t)
		v := o.version()
		v.ReturnDays, v.Audit = days, "once a year, 30 days notice"
		o.put(register.Deed{Version: v})
		if _, said := o.found(house(), "return-term:BAA-1"); said != (days > 30) {
			t.Errorf("%d days are said to be long: %t", days, said)
		}
		o.put(register.Deed{Termination: &register.Termination{Agreement: "BAA-1", On: date("2026-06-01"), Words: "Another vendor"}})
		o.wants(house(), "certificate:BAA-1", register.Amber, due)
	}
}

func TestAnEndedAgreementIsKnownAtOnce_BAA09(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	o.put(register.Deed{Termination: &register.Termination{Agreement: "BAA-1", On: date("2026-06-10"), Words: "Another vendor"}})
	for day, want := range map[string]bool{"2026-06-09": false, "2026-06-10": true, "2026-09-01": true} {
		if o.Ended("BAA-1", date(day)) != want {
			t.Errorf("ended on %s: %t", day, !want)
		}
	}
	if o.Ended("BAA-2", o.now) {
		t.Error("an agreement that nobody put down has ended")
	}
	o.reopen()
	if !o.Ended("BAA-1", date("2026-06-10")) {
		t.Error("forgotten after a restart")
	}
}

func TestEachPlanNeedsTheVendorsWord_BAA12(t *testing.T) {
	o := newOffice(t)
	o.wants(house(), "no-training:Anthropic/api", register.Amber, "")
	o.put(register.Deed{Commitment: &register.Commitment{
		Vendor: "Anthropic", Plan: "api", Words: "We do not train on your content", On: date("2026-05-04"), File: o.file("the terms"),
	}})
	f := o.wants(house(), "no-training:Anthropic/api", register.Green, "")
	for _, want := range []string{"We do not train on your content", "signed.pdf", "2026-05-04"} {
		if !strings.Contains(f.Text, want) {
			t.Errorf("the report does not show %q: %s", want, f.Text)
		}
	}
	team := house()
	team.Doors[0].Plan = "team"
	o.wants(team, "no-training:Anthropic/team", register.Amber, "") // another plan, another word
}

func TestEvidenceThatHasEndedIsAmber_BAA13(t *testing.T) {
	o := newOffice(t)
	o.wants(house(), "evidence:Anthropic", register.Amber, "")
	o.put(register.Deed{Evidence: &register.Evidence{
		Vendor: "Anthropic", Title: "SOC 2 Type II", Issued: date("2026-03-01"), Expires: date("2026-12-01"), File: o.file("the report"),
	}})
	o.wants(house(), "evidence:Anthropic/SOC 2 Type II", register.Green, "")
	o.now = date("2026-11-02")
	o.wants(house(), "evidence:Anthropic/SOC 2 Type II", register.Amber, "2026-12-01")
	o.now = date("2026-12-01")
	if f := o.wants(house(), "evidence:Anthropic/SOC 2 Type II", register.Amber, "2026-12-01"); !f.Late {
		t.Error("an expired report is not late")
	}
}

func TestADoorIsLiveOnlyWithAllGates_BAA10(t *testing.T) {
	o := newOffice(t)
	h := house()
	h.Doors[0].Agreement.Open = []string{"access control", "training"}
	if f := o.wants(h, "gates:claude", register.Amber, ""); !strings.Contains(f.Text, "access control, training") {
		t.Error(f.Text)
	}
}

func TestTheConfigurationMustSayWhatTheDocumentSays(t *testing.T) {
	o := newOffice(t)
	o.wants(house(), "document:BAA-1", register.Amber, "")
	v := o.version()
	v.Expires = date("2026-12-31")
	o.put(register.Deed{Version: v})
	o.wants(house(), "days:BAA-1", register.Red, "")
	o.put(register.Deed{Version: o.version()})
	if _, ok := o.found(house(), "days:BAA-1"); ok {
		t.Error("they agree")
	}
}

func TestADrillAndADecisionAreHeldWithinAYear_RTE06_RTE07(t *testing.T) {
	o := newOffice(t)
	o.wants(house(), "drill:failover", register.Amber, "")
	o.wants(house(), "decision:route", register.Amber, "")
	o.put(register.Deed{Drill: &register.Drill{Down: "claude", Stand: "sydney", Resulted: "with claude down, sydney stands in"}})
	a, err := register.Advise(register.Answers{Identified: true, People: 3})
	if err != nil {
		t.Fatal(err)
	}
	o.put(register.Deed{Decision: &register.Decision{Advice: a, Chosen: a.Route}})
	o.wants(house(), "drill:failover", register.Green, "2027-06-01")
	if f := o.wants(house(), "decision:route", register.Green, "2027-06-01"); !strings.Contains(f.Text, "small-clinic, signed by privacy-officer on 2026-06-01") {
		t.Error(f.Text)
	}
	o.now = o.now.AddDate(1, 0, 0)
	for _, id := range []string{"drill:failover", "decision:route"} {
		if f := o.wants(house(), id, register.Amber, ""); !f.Late {
			t.Errorf("%s is not late after a year", id)
		}
	}
	o.refused(register.Deed{Decision: &register.Decision{Advice: a, Chosen: "bedrock"}}, "register_malformed") // against the advice without a word
}

func TestAnObjectionIsRedUntilItIsSettled_BAA05(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	o.put(useCase())
	objection := review(1, register.Legal)
	objection.Review.Objects = true
	o.refused(objection, "register_malformed") // without a word
	objection.Review.Words = "No term for the return"
	o.put(objection)
	o.wants(house(), "review-legal:BAA-1", register.Red, "")
	o.put(review(1, register.Legal))
	o.wants(house(), "review-legal:BAA-1", register.Green, "")
}

func TestWithoutTheRecordNothingIsPutDown(t *testing.T) {
	o := newOffice(t)
	v := o.version()
	o.noRecord = errors.New("disk full")
	if _, err := o.Add(t.Context(), "me", register.Deed{Version: v}); !errors.Is(err, o.noRecord) {
		t.Error(err)
	}
	if _, err := o.Keep(t.Context(), []byte("another paper")); !errors.Is(err, o.noRecord) {
		t.Error(err)
	}
	if len(o.Entries()) != 0 || len(o.shelf.rows) != 0 || len(o.shelf.files) != 1 {
		t.Error("something was kept that the record does not know")
	}
	o.noRecord = nil
	o.put(register.Deed{Version: v})
	want := []string{"document:" + v.File.Digest + " (false)", "version:BAA-1 (true)"}
	if diff := cmp.Diff(want, o.noted); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
}

func TestAFaultOfTheDiskPutsNothingDown(t *testing.T) {
	o := newOffice(t)
	v := o.version()
	o.shelf.fail = errors.New("disk full")
	o.refused(register.Deed{Version: v}, "register_unavailable")
	o.shelf.fail = nil
	if e := o.put(register.Deed{Version: v}); e.Number != 1 {
		t.Errorf("entry %d", e.Number)
	}
}

func TestARegisterThatWasChangedDoesNotOpen(t *testing.T) {
	for name, change := range map[string]func(*shelf){
		"an entry is gone":        func(s *shelf) { s.rows = s.rows[1:] },
		"two changed their place": func(s *shelf) { s.rows[0].Sealed, s.rows[1].Sealed = s.rows[1].Sealed, s.rows[0].Sealed },
		"one was altered":         func(s *shelf) { s.rows[0].Sealed[40] ^= 1 },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.put(register.Deed{Version: o.version()})
			o.put(useCase())
			change(o.shelf)
			if _, err := o.open(); chaperone.AsError(err).Code != "register_damaged" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestADocumentThatIsNotWhatItWasIsNotShown(t *testing.T) {
	o := newOffice(t)
	f := o.file("the signed paper")
	o.shelf.files[0].Sealed = append(o.shelf.files[0].Sealed, '!')
	if _, err := o.Read(t.Context(), f.Digest); chaperone.AsError(err).Code != "register_damaged" {
		t.Errorf("%v", err)
	}
	if _, err := o.Read(t.Context(), strings.Repeat("0", 64)); chaperone.AsError(err).Code != "register_no_file" {
		t.Errorf("%v", err)
	}
}

func TestBadEntriesAreRefusedWithTheirReason(t *testing.T) {
	o := newOffice(t)
	o.put(register.Deed{Version: o.version()})
	with := func(f func(*register.Version)) register.Deed {
		v := o.version()
		f(v)
		return register.Deed{Version: v}
	}
	for name, c := range map[string]struct {
		deed register.Deed
		code string
	}{
		"nothing":                      {register.Deed{}, "register_malformed"},
		"two things at once":           {register.Deed{Version: o.version(), UseCase: useCase().UseCase}, "register_malformed"},
		"an id with a space":           {with(func(v *register.Version) { v.Agreement = "BAA 1" }), "register_malformed"},
		"nobody on the other side":     {with(func(v *register.Version) { v.Holder = "" }), "register_malformed"},
		"a name of two lines":          {with(func(v *register.Version) { v.Holder = "A\nB" }), "register_malformed"},
		"an end before the beginning":  {with(func(v *register.Version) { v.Expires = v.Signed }), "register_malformed"},
		"no paper":                     {with(func(v *register.Version) { v.File = register.File{} }), "register_malformed"},
		"a paper that nobody kept":     {with(func(v *register.Version) { v.File.Digest = strings.Repeat("0", 64) }), "register_no_file"},
		"a term of a negative length":  {with(func(v *register.Version) { v.NoticeHours = -1 }), "register_malformed"},
		"a review of another version":  {review(2, register.Legal), "register_unknown"},
		"a review by nobody":           {register.Deed{Review: &register.Review{Agreement: "BAA-1", Version: 1, On: o.now}}, "register_malformed"},
		"a review of tomorrow":         {register.Deed{Review: &register.Review{Agreement: "BAA-1", Version: 1, As: register.Legal, On: o.now.AddDate(0, 0, 1)}}, "register_malformed"},
		"an end of what is not there":  {register.Deed{Termination: &register.Termination{Agreement: "BAA-9", On: o.now, Words: "x"}}, "register_unknown"},
		"an incident of nobody":        {register.Deed{Incident: &register.Incident{ID: "I", Agreement: "BAA-9", Known: o.now, Words: "x"}}, "register_unknown"},
		"a notice of no incident":      {register.Deed{Notice: &register.Notice{Incident: "I", On: o.now, File: o.file("x")}}, "register_unknown"},
		"evidence that never began":    {register.Deed{Evidence: &register.Evidence{Vendor: "A", Title: "B", Expires: o.now, File: o.file("x")}}, "register_malformed"},
		"a plan that is none":          {register.Deed{Commitment: &register.Commitment{Vendor: "A", Plan: "gold", Words: "x", On: o.now, File: o.file("x")}}, "register_malformed"},
		"a use case without a word":    {register.Deed{UseCase: &register.UseCase{Agreement: "BAA-1", Words: " "}}, "register_malformed"},
		"a drill of a door with slips": {register.Deed{Drill: &register.Drill{Down: "a b"}}, "register_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			o.t = t
			o.refused(c.deed, c.code)
		})
	}
	if _, err := o.Add(t.Context(), "", useCase()); chaperone.AsError(err).Code != "register_malformed" {
		t.Errorf("put down by nobody: %v", err)
	}
	for name, content := range map[string][]byte{"an empty file": nil, "a file that is too large": make([]byte, register.MaxFile+1)} {
		if _, err := o.Keep(t.Context(), content); chaperone.AsError(err).Code != "register_file_size" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTasksAreTheMostUrgentFirst(t *testing.T) {
	list := []register.Finding{
		{ID: "g", Light: register.Green},
		{ID: "a", Light: register.Amber},
		{ID: "late", Light: register.Amber, Due: date("2026-01-01")},
		{ID: "later", Light: register.Amber, Due: date("2026-02-01")},
		{ID: "r", Light: register.Red},
	}
	var ids []string
	for _, f := range register.Tasks(list) {
		ids = append(ids, f.ID)
	}
	if diff := cmp.Diff([]string{"r", "late", "later", "a"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list[0].ID != "g" || len(list) != 5 {
		t.Error("the report was changed")
	}
}
