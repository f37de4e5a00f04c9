// Package regulation holds the law and the vendors' terms as dated data: what a
// rule asks in plain words, where it stands, whether it is in force and when
// somebody last looked. It gives no legal advice and decides nothing; code
// elsewhere refers to it instead of quoting sections. It imports nothing of
// ours.
package regulation

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

//go:embed *.yaml
var files embed.FS

// Source says where a table comes from and how far it can be trusted.
type Source struct {
	Cite        string      `yaml:"cite"` // "45 CFR 164.514(b)(2)(i)"
	Title       string      `yaml:"title"`
	Status      Status      `yaml:"status"`
	Effective   Day         `yaml:"effective"`
	VerifiedOn  Day         `yaml:"verified_on"`
	Reliability Reliability `yaml:"reliability"`
	From        string      `yaml:"source"` // where it can be read
}

// Status says whether a rule holds.
type Status string

// The statuses.
const (
	InForce  Status = "in_force"
	Proposed Status = "proposed"
	Enacted  Status = "enacted_not_in_force"
)

// Reliability says how a fact was checked.
type Reliability string

// The reliabilities.
const (
	Confirmed Reliability = "confirmed"  // checked in a published source on VerifiedOn
	Reported  Reliability = "reported"   // known from a third party or in part
	ToRecheck Reliability = "to_recheck" // check the citation before relying on it as a legal claim
)

// Day is a calendar day, at its beginning in UTC.
type Day struct{ time.Time }

// UnmarshalYAML reads year-month-day.
func (d *Day) UnmarshalYAML(n *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		return fmt.Errorf("regulation: line %d: a date is written like 2026-11-21", n.Line)
	}
	d.Time = t
	return nil
}

// load reads an embedded table strictly: an unknown or repeated field is an
// error, since data that nobody reads is data that nobody checks.
func load(name string, into any, source func() Source) error {
	src, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("regulation: %w", err)
	}
	return decode(name, src, into, source)
}

func decode(name string, src []byte, into any, source func() Source) error {
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithKnownFields())
	if err != nil {
		return fmt.Errorf("regulation: %s: %w", name, err)
	}
	if err := loader.Load(into); err != nil {
		return fmt.Errorf("regulation: %s: %w", name, err)
	}
	return source().check(name)
}

// check refuses a table that does not say where it comes from.
func (s Source) check(name string) error {
	switch {
	case s.Cite == "" || s.Title == "" || s.From == "":
		return fmt.Errorf("regulation: %s: cite, title and source are needed", name)
	case !slices.Contains([]Status{InForce, Proposed, Enacted}, s.Status):
		return fmt.Errorf("regulation: %s: unknown status", name)
	case !slices.Contains([]Reliability{Confirmed, Reported, ToRecheck}, s.Reliability):
		return fmt.Errorf("regulation: %s: unknown reliability", name)
	case s.Effective.IsZero() || s.VerifiedOn.IsZero():
		return fmt.Errorf("regulation: %s: effective and verified_on are needed", name)
	}
	return nil
}
