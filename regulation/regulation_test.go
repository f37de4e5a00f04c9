package regulation

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryTableSaysWhereItComesFrom(t *testing.T) {
	s, errS := LoadSafeHarbor()
	z, errZ := LoadZIP3()
	c, errC := LoadCoverage()
	for name, table := range map[string]struct {
		source Source
		err    error
	}{"safe harbor": {s.Source, errS}, "zip3": {z.Source, errZ}, "coverage": {c.Source, errC}} {
		if table.err != nil {
			t.Errorf("%s: %v", name, table.err)
			continue
		}
		if table.source.Status != InForce || !strings.HasPrefix(table.source.Cite, "45 CFR 164.") {
			t.Errorf("%s: %+v", name, table.source)
		}
		if table.source.VerifiedOn.Before(table.source.Effective.Time) {
			t.Errorf("%s: verified before it was in force", name)
		}
	}
}

func TestSafeHarborHasAllEighteenLetters_DLP02(t *testing.T) {
	s, err := LoadSafeHarbor()
	if err != nil {
		t.Fatal(err)
	}
	var letters string
	seen := map[string]string{}
	for _, id := range s.Identifiers {
		letters += id.Letter
		for _, k := range id.Kinds {
			if other, twice := seen[k]; twice {
				t.Errorf("kind %s covers both %s and %s", k, other, id.Letter)
			}
			seen[k] = id.Letter
		}
	}
	if letters != "ABCDEFGHIJKLMNOPQR" {
		t.Errorf("%s", letters)
	}
}

func TestTheRestrictedZIP3AreTheUnionOfBothCensuses_DEI03(t *testing.T) {
	z, err := LoadZIP3()
	if err != nil {
		t.Fatal(err)
	}
	all := z.Restricted()
	if len(all) != 23 || !slices.IsSorted(all) {
		t.Errorf("%d: %v", len(all), all)
	}
	if len(z.Lists) != 2 || len(z.Lists[0].Prefixes) != 17 || len(z.Lists[1].Prefixes) != 18 {
		t.Errorf("%+v", z.Lists)
	}
	for prefix, want := range map[string]bool{"036": true, "893": true, "063": true, "753": true, "021": false, "000": false} {
		if slices.Contains(all, prefix) != want {
			t.Errorf("%s: %v", prefix, !want)
		}
	}
}

func TestAConnectionThatIsNotListedIsNotCovered_BAA02(t *testing.T) {
	c, err := LoadCoverage()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Availability{
		"anthropic-hipaa": Available, "foundry": Never, "claude-platform-aws": Never, "simulator": NotNeeded, "": Never, "anthropic-hipaa ": Never, "telepathy": Never,
	} {
		if got := c.Connection(name); got.Agreement != want || got.Plain == "" || got.Reliability == "" {
			t.Errorf("%q: %+v, want %s", name, got, want)
		}
	}
}

func TestATableThatIsNotCompleteIsRefused(t *testing.T) {
	good := "cite: c\ntitle: t\nstatus: in_force\neffective: 2026-01-01\nverified_on: 2026-11-21\nreliability: confirmed\nsource: s\n"
	for name, src := range map[string]string{
		"no citation":            strings.Replace(good, "cite: c\n", "", 1),
		"an unknown status":      strings.Replace(good, "in_force", "soon", 1),
		"an unknown reliability": strings.Replace(good, "confirmed", "sure", 1),
		"no date of checking":    strings.Replace(good, "verified_on: 2026-11-21\n", "", 1),
		"a date that is none":    strings.Replace(good, "2026-01-01", "2026-13-01", 1),
		"an unknown field":       good + "colour: red\n",
		"a repeated field":       good + "cite: d\n",
		"nothing":                "",
	} {
		var z ZIP3
		if err := decode("test", []byte(src), &z, func() Source { return z.Source }); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	var z ZIP3
	if err := decode("test", []byte(good), &z, func() Source { return z.Source }); err != nil || !z.VerifiedOn.Equal(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %+v", err, z.Source)
	}
}
