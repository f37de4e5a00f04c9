package policy

import (
	"slices"
	"strings"
	"testing"

	"chaperone"
	"chaperone/regulation"
)

func table(t *testing.T) tables {
	t.Helper()
	all, err := terms()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// with is a clinician's complete request that uses one feature, at a door of one
// connection.
func with(connection string, mark regulation.Mark) Facts {
	f := careFacts()
	f.Door.Connection = connection
	f.Uses = []Use{{Kind: "path", Name: "/v1/messages"}, {Kind: mark.Kind, Name: strings.TrimSuffix(mark.Name, "*")}}
	return f
}

// Every feature × every connection × text that identifies, text with placeholders,
// and clean text.
func TestTheWholeMatrixIsRuledLocally_BAA14(t *testing.T) {
	all, care, hide := table(t), shipped(t, "baa-direct"), shipped(t, "conceal-everything")
	for _, c := range all.connections.Connections {
		if c.Name == "simulator" {
			continue
		}
		for _, row := range all.matrix.Features {
			for _, mark := range row.Marks {
				f := with(c.Name, mark)
				identified, hidden, clean := "identified", "concealed", "clean"
				switch verdict := row.Under(c.Arrangement); {
				case verdict == regulation.NotCovered:
					identified, hidden, clean = "feature_not_covered", "feature_not_covered", "feature_not_covered"
				case c.Agreement == regulation.Never:
					identified = "connection_not_covered"
				case verdict == regulation.IfNamed:
					identified = "feature_not_covered"
				}
				for i, got := range []string{
					outcome(care.Decide(f).With(chart())), outcome(hide.Decide(f).With(chart())), outcome(hide.Decide(f).With(Found{})),
				} {
					if want := []string{identified, hidden, clean}[i]; got != want {
						t.Errorf("%s with %s: %s, want %s", c.Name, mark, got, want)
					}
				}
				f.Door.Agreement.Names = []string{row.Name}
				if row.Under(c.Arrangement) == regulation.IfNamed && outcome(care.Decide(f).With(chart())) != "identified" {
					t.Errorf("%s with %s, which the agreement names: refused", c.Name, mark)
				}
			}
		}
	}
}

func TestARefusalNamesTheFeatureAndQuotesItsLine_BAA14(t *testing.T) {
	for _, row := range table(t).matrix.Features {
		if row.HIPAA != regulation.NotCovered {
			continue
		}
		e := shipped(t, "baa-direct").Decide(with("anthropic-hipaa", row.Marks[0])).Err
		if e == nil || e.Code != "feature_not_covered" || e.Kind != chaperone.KindForbidden {
			t.Errorf("%s: %v", row.Name, e)
			continue
		}
		for _, part := range []string{row.Plain, `"` + row.Line + `"`, "https://", "2026-11-21"} {
			if !strings.Contains(e.Public, part) {
				t.Errorf("%s: %q is missing in %q", row.Name, part, e.Public)
			}
		}
		if e.Next != row.Instead || e.Next == "" {
			t.Errorf("%s: next is %q", row.Name, e.Next)
		}
	}
}

func TestWhatNoRowListsCarriesNothingThatIdentifies_BAA14(t *testing.T) {
	care, hide := shipped(t, "baa-direct"), shipped(t, "conceal-everything")
	for mark, named := range map[Use]bool{
		{Kind: "beta", Name: "message-threads-2026-08-12"}: true,
		{Kind: "tool", Name: "telepathy_20270101"}:         true,
		{Kind: "tool", Name: "john_smith"}:                 false,
		{Kind: "beta", Name: "john-smith"}:                 false,
		{Kind: "field", Name: "thread"}:                    true,
		{Kind: "source", Name: "url"}:                      true,
		{Kind: "field", Name: "?"}:                         false,
	} {
		f := with("anthropic-hipaa", mark)
		v := care.Decide(f).With(chart())
		if outcome(v) != "feature_not_covered" || strings.Contains(v.Err.Public, mark.Name) != named {
			t.Errorf("%s: %s, %v", mark, outcome(v), v.Err)
		}
		if got := outcome(hide.Decide(f).With(chart())); got != "concealed" {
			t.Errorf("%s with placeholders: %s", mark, got)
		}
	}
}

func TestOnlyAListedModelCarriesWhatIdentifies_BAA14(t *testing.T) {
	care, hide := shipped(t, "baa-direct"), shipped(t, "conceal-everything")
	for _, c := range []struct{ connection, model, identified, hidden string }{
		{"anthropic-hipaa", "claude-sonnet-5-5", "identified", "concealed"},
		{"anthropic-hipaa", "claude-fable-5", "identified", "concealed"},
		{"anthropic-hipaa", "claude-sonnet-9", "model_not_covered", "concealed"},
		{"anthropic-hipaa", "", "model_not_covered", "concealed"},
		{"anthropic-zdr", "claude-sonnet-5-5", "identified", "concealed"},
		{"anthropic-zdr", "claude-fable-5", "model_not_covered", "model_not_covered"}, // RTE-11: it cannot have zero retention
		{"anthropic-standard", "claude-sonnet-5-5", "connection_not_covered", "concealed"},
		{"foundry", "claude-sonnet-5-5", "connection_not_covered", "concealed"}, // X3
		{"bedrock", "us.anthropic.claude-opus-4-6-v1:0", "identified", "concealed"},
		{"telepathy", "claude-sonnet-5-5", "connection_not_covered", "concealed"}, // BAA-02
		{"", "claude-sonnet-5-5", "connection_not_covered", "concealed"},
	} {
		f := careFacts()
		f.Door.Connection, f.Model = c.connection, c.model
		if got := outcome(care.Decide(f).With(chart())); got != c.identified {
			t.Errorf("%s, %s: %s, want %s", c.connection, c.model, got, c.identified)
		}
		if got := outcome(hide.Decide(f).With(chart())); got != c.hidden {
			t.Errorf("%s, %s, concealed: %s, want %s", c.connection, c.model, got, c.hidden)
		}
	}
}

func TestAGatewayEndsTheCoverageOfClaudeCodeAndCowork_BAA14(t *testing.T) {
	care, hide := shipped(t, "baa-direct"), shipped(t, "conceal-everything")
	for _, c := range []struct {
		surface    Surface
		connection string
		names      []string
		want       string
	}{
		{SurfaceAPI, "anthropic-hipaa", nil, "identified"},
		{SurfaceClaudeCode, "anthropic-hipaa", nil, "surface_not_covered"},
		{SurfaceClaudeCode, "anthropic-hipaa", []string{"claude-code"}, "surface_not_covered"},
		{SurfaceClaudeCode, "anthropic-zdr", nil, "surface_not_covered"},
		{SurfaceClaudeCode, "anthropic-zdr", []string{"claude-code"}, "identified"},
		{SurfaceCowork, "anthropic-zdr", []string{"claude-code"}, "surface_not_covered"},
		{SurfaceClaudeCode, "bedrock", nil, "identified"},
	} {
		f := careFacts()
		f.Surface, f.Door.Connection, f.Door.Agreement.Names = c.surface, c.connection, c.names
		if got := outcome(care.Decide(f).With(chart())); got != c.want {
			t.Errorf("%s, %s, %v: %s, want %s", c.surface, c.connection, c.names, got, c.want)
		}
		if got := outcome(hide.Decide(f).With(chart())); got != "concealed" {
			t.Errorf("%s, %s with placeholders: %s", c.surface, c.connection, got)
		}
	}
}

func TestRetentionIsOfTheModelAndTheDoor_RTE11(t *testing.T) {
	for _, c := range []struct{ connection, model, want string }{
		{"anthropic-hipaa", "claude-sonnet-5", "standard"},
		{"anthropic-hipaa", "claude-fable-5", "30-days"},
		{"anthropic-zdr", "claude-sonnet-5", "zero"},
		{"bedrock", "claude-sonnet-5", "provider"},
		{"telepathy", "claude-sonnet-5", "unknown"},
		{"anthropic-zdr", "", "zero"},
	} {
		if got := (DoorFacts{Kind: DoorAnthropic, Connection: c.connection}).Retention(c.model); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.connection, c.model, got, c.want)
		}
	}
	sim := simulator()
	sim.Connection = "simulator"
	if got := sim.Retention("claude-fable-5"); got != "none" {
		t.Errorf("at the simulator: %s", got)
	}
}

func TestNothingIsExcludedAtTheSimulator_BAA14(t *testing.T) {
	f := with("simulator", regulation.Mark{Kind: "tool", Name: "code_execution_20250825"})
	f.Door = simulator()
	if got := outcome(shipped(t, "conceal-everything").Decide(f).With(chart())); got != "concealed" {
		t.Error(got)
	}
}

func TestPathsOfExcludedFeaturesAreKnown_BAA14(t *testing.T) {
	for path, want := range map[string]bool{
		"/v1/files": true, "/v1/files/f_1": true, "/v1/messages/batches": true, "/v1/skills": true, "/v1/tunnels": true,
		"/v1/messages": false, "/v1/models": false, "/v1/complete": false, "/": false,
	} {
		if d := careFacts().Door; d.Excludes(path) != want || (DoorFacts{Connection: "anthropic-standard"}).Excludes(path) {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

func TestWhatAnAgreementMayName_BAA14(t *testing.T) {
	list, err := Namable()
	if err != nil || !slices.Contains(list, "computer-use") || !slices.Contains(list, "claude-code") || slices.Contains(list, "batches") {
		t.Errorf("%v, %v", list, err)
	}
}

func TestResidencyByTheTableOfPlaces_RTE02_RTE03_RTE04(t *testing.T) {
	hide, care := shipped(t, Default), shipped(t, "baa-direct")
	assessed := Assessment{ID: "CB-1", ApprovedBy: "officer", From: noon.AddDate(0, 0, -1), Until: noon.AddDate(0, 0, 1), Countries: []string{"US"}}
	for _, c := range []struct {
		name, connection, region, model, geo string
		endpoint                             Endpoint
		allowed                              []string
		assessment                           Assessment
		hidden, identified, pin              string
	}{
		{name: "no rule", connection: "anthropic-hipaa", hidden: "concealed", identified: "identified"},
		{name: "US only", connection: "anthropic-hipaa", allowed: []string{"US"}, hidden: "concealed", identified: "identified", pin: "us"},
		{name: "US, said by the client", connection: "anthropic-hipaa", geo: "us", allowed: []string{"US"}, hidden: "concealed", identified: "identified", pin: "us"},
		{name: "global, said by the client", connection: "anthropic-hipaa", geo: "global", allowed: []string{"US"}, hidden: "outside_residency", identified: "outside_residency"},
		{name: "something else, said by the client", connection: "anthropic-hipaa", geo: "?", allowed: []string{"US"}, hidden: "outside_residency", identified: "outside_residency"},
		{name: "an older model", connection: "anthropic-hipaa", model: "claude-opus-4-5", allowed: []string{"US"}, hidden: "outside_residency", identified: "outside_residency"},
		{name: "counting tokens", connection: "anthropic-hipaa", endpoint: EndpointCountTokens, allowed: []string{"US"}, hidden: "outside_residency", identified: "outside_residency"},
		{name: "Canada", connection: "anthropic-hipaa", allowed: []string{"CA"}, hidden: "outside_residency", identified: "outside_residency", pin: "us"},
		{name: "Canada, assessed", connection: "anthropic-hipaa", allowed: []string{"CA"}, assessment: assessed, hidden: "concealed", identified: "concealed or refused", pin: "us"},
		{name: "Canada, assessed by nobody", connection: "anthropic-hipaa", allowed: []string{"CA"}, assessment: Assessment{ID: "CB-1", From: assessed.From, Until: assessed.Until, Countries: []string{"US"}}, hidden: "outside_residency", identified: "outside_residency", pin: "us"},
		{name: "Canada, its assessment ended", connection: "anthropic-hipaa", allowed: []string{"CA"}, assessment: Assessment{ID: "CB-1", ApprovedBy: "o", From: assessed.From, Until: noon, Countries: []string{"US"}}, hidden: "outside_residency", identified: "outside_residency", pin: "us"},
		{name: "Sydney", connection: "bedrock", region: "ap-southeast-2", model: "anthropic.claude-opus-4-6-v1:0", allowed: []string{"AU"}, hidden: "concealed", identified: "identified"},
		{name: "the au profile", connection: "bedrock", region: "ap-southeast-2", model: "au.anthropic.claude-opus-4-6-v1:0", allowed: []string{"AU"}, hidden: "concealed", identified: "identified"},
		{name: "the apac profile", connection: "bedrock", region: "ap-southeast-2", model: "apac.anthropic.claude-opus-4-6-v1:0", allowed: []string{"AU"}, hidden: "outside_residency", identified: "outside_residency"},
		{name: "the global profile", connection: "bedrock", region: "ap-southeast-2", model: "global.anthropic.claude-opus-4-6-v1:0", allowed: []string{"AU"}, hidden: "outside_residency", identified: "outside_residency"},
	} {
		f := careFacts()
		f.Door.Connection, f.Door.Region, f.Geo, f.Endpoint = c.connection, c.region, c.geo, c.endpoint
		f.Residency, f.CrossBorder = c.allowed, c.assessment
		if c.model != "" {
			f.Model = c.model
		}
		if got := outcome(hide.Decide(f).With(chart())); got != c.hidden {
			t.Errorf("%s, concealed: %s, want %s", c.name, got, c.hidden)
		}
		got := outcome(care.Decide(f).With(chart()))
		if ok := got == c.identified || c.identified == "concealed or refused" && got != "identified"; !ok {
			t.Errorf("%s, identified: %s, want %s", c.name, got, c.identified)
		}
		if got := f.PinnedGeo(); got != c.pin {
			t.Errorf("%s: pinned to %q, want %q", c.name, got, c.pin)
		}
	}
}

func TestARuleMayForbidWhatNoRowLists_BAA14(t *testing.T) {
	p := parsed(t, `
@id("conceal") @reason("with placeholders") permit (principal, action == Action::"send-concealed", resource);
@id("listed-only") @reason("Only what the table lists") forbid (principal, action, resource) when { context.unlisted };`)
	for name, c := range map[string]struct {
		change func(*Facts)
		want   string
	}{
		"nothing unlisted":  {func(*Facts) {}, "concealed"},
		"a listed feature":  {func(f *Facts) { f.Uses = []Use{{Kind: "field", Name: "thinking"}} }, "concealed"},
		"an unlisted beta":  {func(f *Facts) { f.Uses = []Use{{Kind: "beta", Name: "new-2027-01-01"}} }, "phi_not_allowed"},
		"an unlisted model": {func(f *Facts) { f.Model = "claude-sonnet-99" }, "phi_not_allowed"},
		"a list of models":  {func(f *Facts) { f.Model, f.Endpoint = "", EndpointModels }, "concealed"},
	} {
		f := careFacts()
		c.change(&f)
		if got := outcome(p.Decide(f).With(chart())); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
