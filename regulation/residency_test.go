package regulation

import (
	"slices"
	"strings"
	"testing"
)

func TestWhereACallIsProcessed_RTE02_RTE03(t *testing.T) {
	r, err := LoadResidency()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ connection, region, model, geo, want string }{
		{"anthropic-hipaa", "", "claude-opus-4-6", "us", "US"},
		{"anthropic-hipaa", "us", "claude-opus-4-6", "", "any"},
		{"anthropic-hipaa", "", "claude-opus-4-6", "global", "any"},
		{"anthropic-zdr", "", "claude-sonnet-5-20260501", "us", "US"},
		{"anthropic-zdr", "", "claude-opus-4-5", "us", "any"}, // too old to be pinned (F7)
		{"anthropic-zdr", "", "claude-sonnet-99", "us", "any"},
		{"bedrock", "ap-southeast-2", "anthropic.claude-sonnet-5-v1:0", "", "AU"},
		{"bedrock", "ap-southeast-2", "au.anthropic.claude-sonnet-5-v1:0", "", "AU"},
		{"bedrock", "ap-southeast-2", "apac.anthropic.claude-sonnet-5-v1:0", "", "AU IN JP KR SG"},
		{"bedrock", "ap-southeast-2", "global.anthropic.claude-sonnet-5-v1:0", "", "any"},
		{"bedrock", "ca-central-1", "us.anthropic.claude-sonnet-5-v1:0", "", "US"}, // the Canadian trap
		{"bedrock", "ca-central-1", "ca.anthropic.claude-sonnet-5-v1:0", "", "any"},
		{"bedrock", "nowhere-1", "anthropic.claude-sonnet-5-v1:0", "", "any"},
		{"google-cloud", "us", "claude-sonnet-5", "", "US"},
		{"google-cloud", "global", "claude-sonnet-5", "us", "any"},
	} {
		p, ok := r.Platform(c.connection)
		if got := strings.Join(p.Destinations(c.region, c.model, c.geo), " "); !ok || got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if _, ok := r.Platform("foundry"); ok {
		t.Error("a connection that is not listed has a platform")
	}
}

func TestEveryConnectionOfTheResidencyTableIsListed(t *testing.T) {
	r, err := LoadResidency()
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadCoverage()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Platforms {
		for _, name := range p.Connections {
			if !slices.ContainsFunc(c.Connections, func(n Connection) bool { return n.Name == name }) {
				t.Errorf("%s: %s is no connection", p.Name, name)
			}
		}
	}
	for name, broken := range map[string]Residency{
		"no source":                      {Platforms: []Platform{{Name: "a", Connections: []string{"b"}, Chooses: ByGeo, Places: map[string][]string{"x": {"US"}}, Reliability: Reported}}},
		"nobody says how it was checked": {Platforms: []Platform{{Name: "a", Connections: []string{"b"}, Chooses: ByGeo, Places: map[string][]string{"x": {"US"}}, From: "s"}}},
		"a country that is none":         {Platforms: []Platform{{Name: "a", Connections: []string{"b"}, Chooses: ByGeo, Places: map[string][]string{"x": {"Usa"}}, Reliability: Reported, From: "s"}}},
		"a place without one":            {Platforms: []Platform{{Name: "a", Connections: []string{"b"}, Chooses: ByGeo, Places: map[string][]string{"x": {}}, Reliability: Reported, From: "s"}}},
		"no chooser":                     {Platforms: []Platform{{Name: "a", Connections: []string{"b"}, Places: map[string][]string{"x": {"US"}}}}},
	} {
		if broken.check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
