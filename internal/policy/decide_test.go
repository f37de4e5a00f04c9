package policy

import (
	"fmt"
	"testing"
	"time"

	"chaperone"
	"chaperone/phi"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func shipped(t *testing.T, name string) *Policy {
	t.Helper()
	p, err := OpenShipped(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parsed(t *testing.T, src string) *Policy {
	t.Helper()
	p, err := Parse("test.cedar", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// careFacts is a clinician's complete request at a real door whose agreement is
// in force. Each test changes what it is about.
func careFacts() Facts {
	return Facts{
		Principal: chaperone.Principal{Tenant: "t", ID: "dr-synthetic", Role: chaperone.RoleClinician, Environment: chaperone.EnvironmentProduction},
		Purpose:   chaperone.PurposeTreatment, Reason: ReasonGiven, PatientStated: true, Relation: RelationCareTeam,
		Door: DoorFacts{Name: "direct", Kind: DoorAnthropic, Connection: "anthropic-hipaa", Country: "US", Agreement: inForce()},
		At:   noon, Model: "claude-sonnet-5-5",
	}
}

func inForce() Agreement {
	return Agreement{ID: "BAA-1", Signed: noon.AddDate(0, -6, 0), Expires: noon.AddDate(0, 6, 0), ApprovedBy: "officer", Gates: closed()}
}

// closed are the gates, all signed for half a year ago.
func closed() map[Gate]Signature {
	all := map[Gate]Signature{}
	for _, g := range Gates() {
		all[g] = Signature{On: noon.AddDate(0, -6, 0), By: "officer"}
	}
	return all
}

func simulator() DoorFacts {
	return DoorFacts{Name: "simulator", Kind: DoorSimulator, Simulated: true}
}

func chart() Found { return Found{Kinds: map[phi.Kind]int{phi.Name: 2, phi.Record: 1}} }

// outcome is the verdict in one line: the mode, or the code of the refusal.
func outcome(v Verdict) string {
	if v.Mode == Refused {
		if v.Err == nil {
			return "refused without an error"
		}
		return v.Err.Code
	}
	if v.Err != nil {
		return v.Mode.String() + " with an error"
	}
	return v.Mode.String()
}

func TestTheSamePromptHasItsOwnOutcomeUnderEachPolicy_DLP04(t *testing.T) {
	got := map[string]string{}
	for _, name := range Shipped() {
		v := shipped(t, name).Decide(careFacts()).With(chart())
		got[name] = outcome(v) + " by " + v.Reasons[0].PolicyID
	}
	want := map[string]string{
		"conceal-everything":       "concealed by conceal-for-staff",
		"clinic-no-phi":            "phi_not_allowed by no-patient-information",
		"baa-direct":               "identified by care",
		"developer-synthetic-only": "phi_not_allowed by synthetic-only",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every cell of role × shipped policy, for a chart and for clean text (IAM-02).
func TestWhatEachRoleMaySendUnderEachPolicy_IAM02(t *testing.T) {
	const no = "phi_not_allowed/not_permitted"
	want := map[string]map[chaperone.Role]string{
		"conceal-everything": {
			"clinician": "concealed/clean", "coder": "concealed/clean", "researcher": "concealed/clean",
			"front-desk": "concealed/clean", "privacy-officer": "concealed/clean", "administrator": "concealed/clean",
			"developer": "concealed/clean", "security": no, "auditor": no,
		},
		"clinic-no-phi": {
			"clinician": "phi_not_allowed/clean", "coder": "phi_not_allowed/clean", "researcher": "phi_not_allowed/clean",
			"front-desk": "phi_not_allowed/clean", "privacy-officer": "phi_not_allowed/clean",
			"administrator": "phi_not_allowed/clean", "developer": "phi_not_allowed/clean", "security": no, "auditor": no,
		},
		"baa-direct": {
			"clinician": "identified/clean", "coder": "phi_not_allowed/clean", "researcher": "concealed/clean",
			"front-desk": "concealed/clean", "privacy-officer": "concealed/clean", "administrator": "concealed/clean",
			"developer": "phi_not_allowed/clean", "security": no, "auditor": no,
		},
		"developer-synthetic-only": {
			"clinician": "phi_not_allowed/clean", "coder": "phi_not_allowed/clean", "researcher": "phi_not_allowed/clean",
			"front-desk": "phi_not_allowed/clean", "privacy-officer": "phi_not_allowed/clean",
			"administrator": "phi_not_allowed/clean", "developer": "phi_not_allowed/clean", "security": no, "auditor": no,
		},
	}
	for _, name := range Shipped() {
		p, got := shipped(t, name), map[chaperone.Role]string{}
		for _, role := range chaperone.Roles() {
			f := careFacts()
			f.Principal.Role = role
			r := p.Decide(f)
			got[role] = outcome(r.With(chart())) + "/" + outcome(r.With(Found{}))
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Every cell of purpose × role for identified text under an agreement.
func TestWhoMayUseIdentifiedTextForWhichPurpose(t *testing.T) {
	p := shipped(t, "baa-direct")
	for _, c := range []struct {
		role chaperone.Role
		want map[chaperone.Purpose]string
	}{
		{chaperone.RoleClinician, map[chaperone.Purpose]string{
			"": "purpose_required", "treatment": "identified", "operations": "identified", "patient-request": "identified",
			"payment": "phi_not_allowed", "research": "phi_not_allowed", "training": "phi_not_allowed", "curiosity": "purpose_required",
		}},
		{chaperone.RoleCoder, map[chaperone.Purpose]string{
			"": "purpose_required", "payment": "identified", "operations": "identified", "treatment": "phi_not_allowed",
			"patient-request": "phi_not_allowed", "research": "phi_not_allowed", "training": "phi_not_allowed",
		}},
		{chaperone.RoleResearcher, map[chaperone.Purpose]string{"": "concealed", "research": "concealed", "treatment": "concealed"}},
	} {
		for purpose, want := range c.want {
			f := careFacts()
			f.Principal.Role, f.Purpose = c.role, purpose
			if got := outcome(p.Decide(f).With(chart())); got != want {
				t.Errorf("%s for %q: %s, want %s", c.role, purpose, got, want)
			}
		}
	}
}

func TestNoIdentifiedTextLeavesWithoutAnAgreementInForce(t *testing.T) {
	p := shipped(t, "baa-direct")
	day := 24 * time.Hour
	for _, c := range []struct {
		name      string
		agreement Agreement
		want      string
	}{
		{"BAA-01: an agreement in force", inForce(), "identified"},
		{"BAA-02: a new door has none", Agreement{}, "no_agreement"},
		{"BAA-01: an id alone is none", Agreement{ID: "BAA-1", ApprovedBy: "o"}, "no_agreement"},
		{"BAA-03: it begins tomorrow", Agreement{ID: "BAA-1", Signed: noon.Add(day), Expires: noon.Add(9 * day), ApprovedBy: "o"}, "agreement_not_begun"},
		{"BAA-03: it begins this very moment", Agreement{ID: "BAA-1", Signed: noon, Expires: noon.Add(day), ApprovedBy: "o", Gates: closed()}, "identified"},
		{"BAA-03: nobody approved it", Agreement{ID: "BAA-1", Signed: noon.Add(-day), Expires: noon.Add(day), ApprovedBy: ""}, "agreement_not_approved"},
		{"BAA-06: it ended yesterday", Agreement{ID: "BAA-1", Signed: noon.Add(-9 * day), Expires: noon.Add(-day), ApprovedBy: "o"}, "agreement_expired"},
		{"BAA-06: it ends this very moment", Agreement{ID: "BAA-1", Signed: noon.Add(-9 * day), Expires: noon, ApprovedBy: "o"}, "agreement_expired"},
		{"BAA-06: nobody said when to look again", Agreement{ID: "BAA-1", Signed: noon.Add(-day), ApprovedBy: "o"}, "no_agreement"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := careFacts()
			f.Door.Agreement = c.agreement
			v := p.Decide(f).With(chart())
			if got := outcome(v); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if v.Err != nil && (v.Err.Kind != chaperone.KindForbidden || v.Err.Next == "") {
				t.Errorf("not a refusal with a next step: %+v", v.Err)
			}
			// The floor stands above the rules: not even a policy that permits
			// everything passes it.
			all := parsed(t, `@id("all") @reason("everything") permit (principal, action == Action::"send-identified", resource);`)
			if got := outcome(all.Decide(f).With(chart())); got != c.want {
				t.Errorf("under a policy that permits everything: %s, want %s", got, c.want)
			}
		})
	}
}

func TestClockPastExpiryTakesTheDoorBack_BAA06(t *testing.T) {
	p, f := shipped(t, "baa-direct"), careFacts()
	for at, want := range map[time.Time]string{
		f.Door.Agreement.Expires.Add(-time.Second): "identified",
		f.Door.Agreement.Expires:                   "agreement_expired",
		f.Door.Agreement.Signed.Add(-time.Second):  "agreement_not_begun",
	} {
		f.At = at
		if got := outcome(p.Decide(f).With(chart())); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}

func TestDevelopmentNeverSendsWhatMayBeAPerson_IAM13(t *testing.T) {
	everything := parsed(t, `@id("all") @reason("everything") permit (principal, action, resource);`)
	for _, role := range chaperone.Roles() {
		f := careFacts()
		f.Principal.Role, f.Principal.Environment = role, chaperone.EnvironmentDevelopment
		if got := outcome(everything.Decide(f).With(chart())); got != "development_environment" {
			t.Errorf("%s: %s", role, got)
		}
		f.Opaque = []Opaque{OpaqueImage}
		if got := outcome(everything.Decide(f).With(Found{})); got != "development_environment" {
			t.Errorf("%s with an image: %s", role, got)
		}
		f.Opaque = nil
		if got := outcome(everything.Decide(f).With(Found{})); got != "clean" {
			t.Errorf("%s with clean text: %s", role, got)
		}
		f.Door = simulator()
		if got := outcome(everything.Decide(f).With(chart())); got != "identified" {
			t.Errorf("%s at the simulator: %s", role, got)
		}
	}
}

func TestIdentifiedTextNeedsAReason_AUD11(t *testing.T) {
	p := shipped(t, "baa-direct")
	for state, want := range map[ReasonState]string{ReasonMissing: "reason_required", ReasonMeaningless: "reason_required", ReasonGiven: "identified"} {
		f := careFacts()
		f.Reason = state
		v := p.Decide(f).With(chart())
		if got := outcome(v); got != want {
			t.Errorf("%v: %s, want %s", state, got, want)
		}
		if v.Err != nil && v.Err.Kind != chaperone.KindInvalid {
			t.Errorf("a missing reason is the request's fault (400), not %v", v.Err.Kind)
		}
	}
	f := careFacts()
	f.Door, f.Reason = simulator(), ReasonMissing
	if got := outcome(p.Decide(f).With(chart())); got != "reason_required" {
		t.Errorf("the simulator asks for a reason too, so that it can be practised: %s", got)
	}
}

func TestAMissingPurposeIsAnsweredWithThoseThatWouldDo(t *testing.T) {
	f := careFacts()
	f.Principal.Role, f.Purpose = chaperone.RoleCoder, chaperone.PurposeNone
	v := shipped(t, "baa-direct").Decide(f).With(chart())
	if want := "State the purpose that is true of it: payment, operations"; v.Err == nil || v.Err.Next != want {
		t.Errorf("%+v", v.Err)
	}
}

func TestTheSyntheticMarkCountsOnlyWhereNothingCanLeave(t *testing.T) {
	p := shipped(t, "developer-synthetic-only")
	for _, c := range []struct {
		name string
		door DoorFacts
		mark Mark
		want string
	}{
		{"marked, at the simulator", simulator(), Synthetic, "identified"},
		{"unmarked, at the simulator", simulator(), Unmarked, "phi_not_allowed"},
		{"marked, at a real door", careFacts().Door, Synthetic, "development_environment"},
		{"an unknown mark", simulator(), "invented", "phi_not_allowed"},
		{"a real door that claims to be simulated", DoorFacts{Name: "d", Kind: DoorAnthropic, Simulated: true}, Synthetic, "unknown_door"},
		{"a simulator that is not simulated", DoorFacts{Name: "d", Kind: DoorSimulator}, Synthetic, "unknown_door"},
	} {
		f := careFacts()
		f.Principal.Role, f.Principal.Environment = chaperone.RoleDeveloper, chaperone.EnvironmentDevelopment
		f.Purpose, f.Reason, f.PatientStated, f.Relation = "", ReasonMissing, false, RelationNone
		f.Door, f.Mark = c.door, c.mark
		got := outcome(p.Decide(f).With(chart()))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		f.Principal.Environment = chaperone.EnvironmentProduction
		if got := outcome(p.Decide(f).With(chart())); got == "identified" && c.want != "identified" {
			t.Errorf("%s, with a production key: %s", c.name, got)
		}
	}
}

func TestResidencyKeepsTextInAllowedCountries_RTE02(t *testing.T) {
	p := shipped(t, Default)
	for _, c := range []struct {
		country string
		allowed []string
		want    string
	}{
		{"US", nil, "concealed"},
		{"", nil, "concealed"},
		{"US", []string{"US", "CA"}, "concealed"},
		{"us", []string{"US"}, "concealed"},
		{"US", []string{"CA"}, "outside_residency"},
		{"", []string{"CA"}, "outside_residency"},
		{"", []string{""}, "outside_residency"},
	} {
		f := careFacts()
		f.Door.Connection = "own-hardware" // of which the table knows no place: the door says it
		f.Door.Country, f.Residency = c.country, c.allowed
		r := p.Decide(f)
		if got := outcome(r.With(chart())); got != c.want || (r.Err != nil) != (c.want == "outside_residency") {
			t.Errorf("%q in %q: %s, want %s before the text is read", c.country, c.allowed, got, c.want)
		}
	}
	f := careFacts()
	f.Door, f.Residency = simulator(), []string{"CA"}
	if got := outcome(p.Decide(f).With(chart())); got != "concealed" {
		t.Errorf("the simulator is nowhere else: %s", got)
	}
}

func TestIdentifiersInSchemasAreRefusedEverywhere_BAA15(t *testing.T) {
	for _, name := range Shipped() {
		for _, door := range []DoorFacts{careFacts().Door, simulator()} {
			f := careFacts()
			f.Door = door
			if got := outcome(shipped(t, name).Decide(f).With(Found{Schema: 1})); got != "phi_in_schema" {
				t.Errorf("%s at %s: %s", name, door.Name, got)
			}
		}
	}
}

func TestWhatCannotBeInspectedNeedsItsOwnPermission(t *testing.T) {
	none := Agreement{}
	for _, c := range []struct {
		policy    string
		opaque    Opaque
		agreement Agreement
		want      string
	}{
		{"conceal-everything", OpaqueImage, inForce(), "opaque_content"},
		{"clinic-no-phi", OpaquePDF, inForce(), "opaque_content"},
		{"developer-synthetic-only", OpaqueImage, inForce(), "opaque_content"},
		{"baa-direct", OpaqueImage, inForce(), "identified"},
		{"baa-direct", OpaquePDF, inForce(), "identified"},
		{"baa-direct", OpaqueURL, inForce(), "opaque_content"},
		{"baa-direct", OpaqueFile, inForce(), "opaque_content"},
		{"baa-direct", OpaqueOther, inForce(), "opaque_content"},
		{"baa-direct", "hologram", inForce(), "opaque_content"},
		{"baa-direct", OpaqueImage, none, "opaque_content"},
	} {
		for _, found := range []Found{{}, chart()} {
			f := careFacts()
			f.Opaque, f.Door.Agreement = []Opaque{c.opaque}, c.agreement
			v := shipped(t, c.policy).Decide(f).With(found)
			if got := outcome(v); got != c.want {
				t.Errorf("%s, %s: %s, want %s", c.policy, c.opaque, got, c.want)
			}
			if v.Mode != Refused && len(v.Uninspected) != 1 {
				t.Errorf("%s: what passes unread is not named", c.policy)
			}
			f.Opaque, found.Opaque = nil, []Opaque{c.opaque}
			if got := outcome(shipped(t, c.policy).Decide(f).With(found)); got != c.want {
				t.Errorf("%s, %s met while reading: %s, want %s", c.policy, c.opaque, got, c.want)
			}
		}
	}
	// Even under a policy that permits it, an image goes nowhere without an
	// agreement, a purpose and a reason.
	all := parsed(t, `@id("all") @reason("everything") permit (principal, action, resource);`)
	for want, change := range map[string]func(*Facts){
		"no_agreement":     func(f *Facts) { f.Door.Agreement = none },
		"purpose_required": func(f *Facts) { f.Purpose = "" },
		"reason_required":  func(f *Facts) { f.Reason = ReasonMeaningless },
	} {
		f := careFacts()
		f.Opaque = []Opaque{OpaqueImage}
		change(&f)
		if got := outcome(all.Decide(f).With(Found{})); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestAFloorBelowAPermitFallsBackToPlaceholdersAndSaysWhy(t *testing.T) {
	p := parsed(t, `
@id("as-is") @reason("as it is") permit (principal, action == Action::"send-identified", resource);
@id("hidden") @reason("hidden") permit (principal, action == Action::"send-concealed", resource);`)
	f := careFacts()
	f.Door.Agreement = Agreement{}
	v := p.Decide(f).With(chart())
	if outcome(v) != "concealed" || len(v.Reasons) != 2 || v.Reasons[0].PolicyID != "floor:no_agreement" || v.Reasons[1].PolicyID != "hidden" {
		t.Errorf("%s %+v", outcome(v), v.Reasons)
	}
}

func TestTheMinimumProfileNeedsWhatIdentifiedTextNeeds(t *testing.T) {
	minimum := `@id("m") @reason("names and numbers only") @profile("minimum") permit (principal, action == Action::"send-concealed", resource);`
	strict := `@id("s") @reason("all") permit (principal, action == Action::"send-concealed", resource);`
	complete, bare := careFacts(), careFacts()
	bare.Door.Agreement = Agreement{}
	for _, c := range []struct {
		name, src string
		facts     Facts
		want      Profile
	}{
		{"everything in place", minimum, complete, ProfileMinimum},
		{"no agreement", minimum, bare, ProfileSafeHarbor},
		{"a stricter rule applies too", minimum + strict, complete, ProfileSafeHarbor},
		{"a rule that names none", strict, complete, ProfileSafeHarbor},
	} {
		v := parsed(t, c.src).Decide(c.facts).With(chart())
		if v.Mode != Concealed || v.Profile != c.want {
			t.Errorf("%s: %v %v, want %v", c.name, v.Mode, v.Profile, c.want)
		}
	}
}

func TestNothingIsSentWhereSomethingIsMissing(t *testing.T) {
	p := shipped(t, Default)
	for want, change := range map[string]func(*Facts){
		"no_door":      func(f *Facts) { f.Door = DoorFacts{} },
		"unknown_door": func(f *Facts) { f.Door.Kind = "teapot" },
		"unknown_role": func(f *Facts) { f.Principal.Role = "" },
		"no_clock":     func(f *Facts) { f.At = time.Time{} },
	} {
		f := careFacts()
		change(&f)
		r := p.Decide(f)
		if r.Err == nil || r.Err.Code != want || outcome(r.With(Found{})) != want {
			t.Errorf("%v, want %s", r.Err, want)
		}
	}
	if got := outcome((*Policy)(nil).Decide(careFacts()).With(Found{})); got != "no_policy" {
		t.Errorf("no policy: %s", got)
	}
	if got := outcome(Ruling{}.With(Found{})); got != "no_policy" {
		t.Errorf("the zero ruling: %s", got)
	}
	if v := (Verdict{}); v.Mode != Refused {
		t.Errorf("the zero verdict: %v", v.Mode)
	}
}

func TestARuleThatFailsDenies(t *testing.T) {
	// The forbid overflows for this model name's length and could have mattered.
	p := parsed(t, `
@id("yes") @reason("yes") permit (principal, action, resource);
@id("no") @reason("no") forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };`)
	if got := outcome(p.Decide(careFacts()).With(chart())); got != "policy_error" {
		t.Errorf("%s", got)
	}
}

func TestLiteralsAreNoFindings(t *testing.T) {
	found := Found{Kinds: map[phi.Kind]int{phi.Literal: 3, phi.None: 1, phi.Name: 0}}
	if got := outcome(shipped(t, "clinic-no-phi").Decide(careFacts()).With(found)); got != "clean" {
		t.Errorf("%s", got)
	}
}

func TestRulesSeeEveryFact(t *testing.T) {
	f := careFacts()
	f.Principal.Environment = chaperone.EnvironmentProduction
	f.Surface, f.Endpoint, f.Door.Region = SurfaceConsole, EndpointCountTokens, "us-east"
	for _, condition := range []string{
		`principal in Role::"clinician"`, `principal.role == Role::"clinician"`, `principal.environment == Environment::"production"`,
		`principal == Person::"dr-synthetic"`, `resource == Door::"direct"`, `resource.kind == DoorKind::"anthropic"`, `!resource.simulated`,
		`resource.agreement`, `resource.country == "US"`, `resource.region == "us-east"`, `context.purpose == Purpose::"treatment"`,
		`context.reasonGiven`, `context.patientStated`, `context.relation == Relation::"care-team"`,
		`context.kinds.containsAll([Kind::"name", Kind::"record"])`, `!context.kinds.contains(Kind::"date")`, `context.opaque.isEmpty()`,
		`!context.synthetic`, `context.surface == Surface::"console"`, `context.endpoint == Endpoint::"count-tokens"`, `context.model like "claude-sonnet-*"`,
	} {
		src := fmt.Sprintf(`@id("c") @reason("c") permit (principal, action == Action::"send-concealed", resource) when { %s };`, condition)
		if got := outcome(parsed(t, src).Decide(f).With(chart())); got != "concealed" {
			t.Errorf("%s: %s", condition, got)
		}
		src = fmt.Sprintf(`@id("c") @reason("c") permit (principal, action == Action::"send-concealed", resource) unless { %s };`, condition)
		if got := outcome(parsed(t, src).Decide(f).With(chart())); got != "phi_not_allowed" {
			t.Errorf("unless %s: %s", condition, got)
		}
	}
}

func TestAnExplanationShowsEveryStepAndAgreesWithTheVerdict(t *testing.T) {
	for _, name := range Shipped() {
		p := shipped(t, name)
		for _, role := range chaperone.Roles() {
			for _, purpose := range append(chaperone.Purposes(), "") {
				for _, found := range []Found{{}, chart(), {Schema: 1}} {
					f := careFacts()
					f.Principal.Role, f.Purpose = role, purpose
					v, e := p.Decide(f).With(found), p.Explain(f, found)
					if e.Mode != v.Mode || (v.Err != nil) != (e.Code != "") || !cmp.Equal(e.Reasons, v.Reasons) {
						t.Fatalf("%s %s %q: %+v\n%+v", name, role, purpose, v, e)
					}
					if len(v.Reasons) == 0 || v.Reasons[0].Text == "" {
						t.Errorf("%s %s %q: a verdict without a reason", name, role, purpose)
					}
					if v.Mode == Refused && v.Err.Public == "" {
						t.Errorf("%s %s: a refusal without words", name, role)
					}
				}
			}
		}
	}
	f := careFacts()
	f.Door.Agreement = Agreement{}
	e := shipped(t, "baa-direct").Explain(f, chart())
	want := Explanation{
		Policy: "baa-direct", Version: e.Version, Mode: Refused, Code: "no_agreement",
		Public: "This door has no signed agreement that covers patient information",
		Next:   "Ask your privacy officer about the agreement, or send it with placeholders",
	}
	floor := Reason{PolicyID: "floor:no_agreement", Text: want.Public, Next: want.Next}
	want.Reasons, want.Floors = []Reason{floor}, []Reason{floor}
	want.Asked = []Asked{
		{Action: SendIdentified, Allowed: true, Permits: []Reason{{PolicyID: "care", Text: "A clinician uses the record of a patient for treatment, operations or at the patient's request"}}},
		{Action: SendConcealed},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkDecide(b *testing.B) {
	p, err := OpenShipped("baa-direct")
	if err != nil {
		b.Fatal(err)
	}
	f, found := careFacts(), chart()
	for b.Loop() {
		if p.Decide(f).With(found).Mode != Identified {
			b.Fatal("not identified")
		}
	}
}
