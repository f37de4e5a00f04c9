package register_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/register"
	"chaperone/regulation"
)

func TestTheTreeRecommendsAWayAndSaysWhy_RTE07(t *testing.T) {
	for name, c := range map[string]struct {
		answers register.Answers
		route   string
		place   string // one that must be among the places; empty: none may be
		because string
	}{
		"a small clinic in the United States": {
			register.Answers{Identified: true, People: 12, Countries: []string{"US"}}, "small-clinic", "anthropic-hipaa us", "at most 25 people",
		},
		"a hospital without a cloud": {
			register.Answers{Identified: true, People: 400}, "direct", "anthropic-hipaa us", "agreement with whoever processes it comes first",
		},
		"a hospital on Amazon's cloud": {
			register.Answers{Identified: true, People: 400, Clouds: []string{"aws"}, Countries: []string{"US"}}, "bedrock", "bedrock us-east-1", "Amazon's cloud",
		},
		"a hospital that must not stop": {
			register.Answers{Identified: true, People: 400, Clouds: []string{"aws"}, Countries: []string{"US"}, Standby: true}, "hybrid", "bedrock us", "a second door in the same countries",
		},
		"a hospital on Google's cloud": {
			register.Answers{Identified: true, People: 400, Clouds: []string{"google"}, Countries: []string{"US"}}, "google-cloud", "google-cloud us", "Google's cloud",
		},
		"an Australian hospital: the vendor's own API is pinned to the US alone (X20)": {
			register.Answers{Identified: true, People: 400, Countries: []string{"AU"}}, "bedrock-new", "bedrock au", "stay inside the countries",
		},
		"a Canadian clinic: nothing stays, so text is concealed first (X20)": {
			register.Answers{Identified: true, People: 12, Countries: []string{"CA"}}, "conceal-and-cross", "", "pinned to the United States and nowhere else",
		},
		"a house that sends nothing about anybody": {
			register.Answers{People: 5, Countries: []string{"US"}}, "placeholders-only", "anthropic-standard us", "placeholders",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := register.Advise(c.answers)
			if err != nil {
				t.Fatal(err)
			}
			if a.Route != c.route {
				t.Errorf("recommended %s, want %s", a.Route, c.route)
			}
			if c.place == "" && len(a.Places) > 0 || c.place != "" && !slices.Contains(a.Places, c.place) {
				t.Errorf("places %q", a.Places)
			}
			if !slices.ContainsFunc(a.Reasons, func(r register.Reason) bool { return strings.Contains(r.Says, c.because) && r.Source != "" }) {
				t.Errorf("nothing says %q: %+v", c.because, a.Reasons)
			}
			for _, r := range a.Against {
				if r.Route == a.Route || r.Why.Says == "" || r.Why.Source == "" {
					t.Errorf("against: %+v", r)
				}
			}
			if a.Checked.IsZero() || len(a.Next) == 0 || a.Policy == "" || len(a.Doors) == 0 {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestNoPlaceOutsideTheCountriesIsEverNamed_RTE02(t *testing.T) {
	table, err := regulation.LoadResidency()
	if err != nil {
		t.Fatal(err)
	}
	for _, country := range []string{"US", "AU", "JP", "DE", "SG", "CA", "BR"} {
		a, err := register.Advise(register.Answers{Identified: true, People: 400, Countries: []string{country}, Clouds: []string{"aws", "google"}, Standby: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range a.Places {
			connection, name, _ := strings.Cut(place, " ")
			p, _ := table.Platform(connection)
			if got := p.Places[name]; len(got) != 1 || got[0] != country || country == "CA" {
				t.Errorf("%s was named for %s and leads to %q", place, country, got)
			}
		}
	}
}

func TestTheCostOfAVolumeIsEstimated_RTE09(t *testing.T) {
	volume := register.Volume{Model: "claude-sonnet-5-5", Requests: 10_000, Input: 2000, Output: 500}
	prices, err := regulation.LoadPrices()
	if err != nil {
		t.Fatal(err)
	}
	p, ok := prices.Price("anthropic-hipaa", volume.Model)
	if !ok {
		t.Fatal("no price")
	}
	a, err := register.Advise(register.Answers{Identified: true, People: 400, Clouds: []string{"aws"}, Countries: []string{"US"}, Standby: true, Volume: volume})
	if err != nil || a.Cost == nil || len(a.Cost.Doors) != 2 {
		t.Fatalf("%+v, %v", a.Cost, err)
	}
	want := 10_000 * (2000*p.Input + 500*p.Output) / 1e6 * prices.USOnly
	if got := a.Cost.Doors[0]; got.Connection != "anthropic-hipaa" || got.Unknown || math.Abs(got.Dollars-want) > 0.02 {
		t.Errorf("%+v, want %.2f", got, want)
	}
	if got := a.Cost.Doors[1]; got.Connection != "bedrock" || !got.Unknown || got.Dollars != 0 {
		t.Errorf("a way with a list of its own: %+v", got)
	}
	if a.Cost.Source == "" || a.Cost.Checked == "" {
		t.Errorf("%+v", a.Cost)
	}
}

func TestAnswersWithoutAMeaningAreRefused_RTE07(t *testing.T) {
	for name, a := range map[string]register.Answers{
		"nobody":                    {},
		"a cloud that is none":      {People: 1, Clouds: []string{"cumulus"}},
		"a country in words":        {People: 1, Countries: []string{"Canada"}},
		"a volume without its text": {People: 1, Volume: register.Volume{Requests: 1}},
		"fewer than no requests":    {People: 1, Volume: register.Volume{Requests: -1}},
	} {
		if _, err := register.Advise(a); chaperone.AsError(err).Code != "advice_answer" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
