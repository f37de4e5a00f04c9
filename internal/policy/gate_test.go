package policy

import (
	"maps"
	"strings"
	"testing"
)

func TestASignedAgreementAloneIsNotEnough_BAA10(t *testing.T) {
	p := shipped(t, "baa-direct")
	f := careFacts()
	f.Door.Agreement.Gates = nil
	v := p.Decide(f).With(chart())
	if outcome(v) != "gates_open" {
		t.Fatal(outcome(v))
	}
	for _, g := range Gates() {
		if !strings.Contains(v.Err.Public, g.Plain()) {
			t.Errorf("%s is not listed: %s", g, v.Err.Public)
		}
		for name, spoil := range map[string]func(f *Facts){
			"nobody signed":         func(f *Facts) { delete(f.Door.Agreement.Gates, g) },
			"signed without a name": func(f *Facts) { f.Door.Agreement.Gates[g] = Signature{On: noon.AddDate(0, 0, -1)} },
			"signed without a day":  func(f *Facts) { f.Door.Agreement.Gates[g] = Signature{By: "officer"} },
			"signed for tomorrow":   func(f *Facts) { f.Door.Agreement.Gates[g] = Signature{On: noon.AddDate(0, 0, 1), By: "officer"} },
			"failing now":           func(f *Facts) { f.Failing = []Gate{g} },
		} {
			f := careFacts()
			f.Door.Agreement.Gates = maps.Clone(f.Door.Agreement.Gates)
			spoil(&f)
			v := p.Decide(f).With(chart())
			if outcome(v) != "gates_open" || !strings.HasSuffix(v.Err.Public, "Still open: "+g.Plain()) {
				t.Errorf("%s, %s: %s, %v", g, name, outcome(v), v.Err)
			}
			if got := outcome(shipped(t, Default).Decide(f).With(chart())); got != "concealed" {
				t.Errorf("%s, %s, with placeholders: %s", g, name, got)
			}
		}
	}
}

// A policy that trusts the agreement of a door does not trust one with open gates.
func TestTheRulesSeeAnAgreementOnlyWhereTheDoorIsReady_BAA10(t *testing.T) {
	p := parsed(t, `@id("agreed") @reason("an agreement") permit (principal, action == Action::"send-concealed", resource) when { resource.agreement };`)
	for name, spoil := range map[string]func(*Facts){
		"open gates":      func(f *Facts) { f.Door.Agreement.Gates = nil },
		"a Team plan":     func(f *Facts) { f.Door.Plan = "team" },
		"no arrangement":  func(f *Facts) { f.Door.Connection = "foundry" },
		"nothing at all":  func(f *Facts) { f.Door.Agreement = Agreement{} },
		"a failing audit": func(f *Facts) { f.Failing = []Gate{GateAudit} },
	} {
		f := careFacts()
		if got := outcome(p.Decide(f).With(chart())); got != "concealed" {
			t.Fatal(got)
		}
		spoil(&f)
		if got := outcome(p.Decide(f).With(chart())); got == "concealed" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAnAgreementDatedBackNeedsTwoPeople_BAA03(t *testing.T) {
	p := shipped(t, "baa-direct")
	for _, c := range []struct {
		name, countersigned string
		approved, want      string
	}{
		{"approved on the day", "", "same", "identified"},
		{"approved before", "", "before", "identified"},
		{"approved later, by one", "", "later", "agreement_backdated"},
		{"approved later, by the same twice", "officer", "later", "agreement_backdated"},
		{"approved later, by two", "director", "later", "identified"},
		{"approved tomorrow, by two", "director", "tomorrow", "agreement_not_approved"},
	} {
		f := careFacts()
		a := &f.Door.Agreement
		a.CountersignedBy = c.countersigned
		switch c.approved {
		case "same":
			a.ApprovedOn = a.Signed
		case "before":
			a.ApprovedOn = a.Signed.AddDate(0, 0, -9)
		case "later":
			a.ApprovedOn = a.Signed.AddDate(0, 0, 1)
		case "tomorrow":
			a.ApprovedOn = noon.AddDate(0, 0, 1)
		}
		if got := outcome(p.Decide(f).With(chart())); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestConsumerPlansNeverCarryAnything_BAA11(t *testing.T) {
	for plan, want := range map[string][2]string{
		"": {"identified", "concealed"}, "api": {"identified", "concealed"}, "enterprise": {"identified", "concealed"},
		"team": {"plan_not_allowed", "concealed"},
		"pro":  {"plan_not_allowed", "plan_not_allowed"}, "max": {"plan_not_allowed", "plan_not_allowed"},
		"free": {"plan_not_allowed", "plan_not_allowed"}, "platinum": {"plan_not_allowed", "plan_not_allowed"},
	} {
		f := careFacts()
		f.Door.Plan = plan
		if got := outcome(shipped(t, "baa-direct").Decide(f).With(chart())); got != want[0] {
			t.Errorf("%q, identified: %s, want %s", plan, got, want[0])
		}
		if got := outcome(shipped(t, Default).Decide(f).With(chart())); got != want[1] {
			t.Errorf("%q, concealed: %s, want %s", plan, got, want[1])
		}
	}
}

func TestASubcontractorWithoutAnAgreementIsAGap_BAA07(t *testing.T) {
	all, err := Clauses()
	if err != nil {
		t.Fatal(err)
	}
	a := Agreement{Clauses: all, Subcontractors: []Subcontractor{{Name: "Cloud One", Agreement: "BAA-9"}, {Name: "Cloud Two"}}}
	if gaps := a.Gaps(); len(gaps) != 1 || gaps[0] != "what binds the subcontractor Cloud Two" {
		t.Errorf("%v", gaps)
	}
}

func TestMissingClausesAreListed_BAA04(t *testing.T) {
	all, err := Clauses()
	if err != nil || len(all) != 9 {
		t.Fatalf("%v, %v", all, err)
	}
	if gaps := (Agreement{}).Gaps(); len(gaps) != len(all) {
		t.Errorf("of an empty agreement: %v", gaps)
	}
	if gaps := (Agreement{Clauses: all}).Gaps(); len(gaps) != 0 {
		t.Errorf("of a whole one: %v", gaps)
	}
	if gaps := (Agreement{Clauses: all[1:]}).Gaps(); len(gaps) != 1 || gaps[0] != "what the text may be used for" {
		t.Errorf("of one without permitted uses: %v", gaps)
	}
}
