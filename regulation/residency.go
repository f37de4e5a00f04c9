package regulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Residency says where a call is processed (RTE-02, RTE-03).
type Residency struct {
	Source    `yaml:",inline"`
	Unproven  []string   `yaml:"unproven"` // countries where current models are not known to stay
	Platforms []Platform `yaml:"platforms"`
}

// Platform is one company's way of choosing the place.
type Platform struct {
	Name        string              `yaml:"name"`
	Connections []string            `yaml:"connections"` // rows of the coverage table
	Chooses     Chooser             `yaml:"chooses"`
	Places      map[string][]string `yaml:"places"` // to countries, ISO 3166-1 alpha-2, or Anywhere
	Models      []string            `yaml:"models"` // that take the choice; empty: all
	Reliability Reliability         `yaml:"reliability"`
	From        string              `yaml:"source"` // where its places can be read
}

// Chooser is what decides where a platform processes a call.
type Chooser string

// The choosers.
const (
	ByGeo     Chooser = "inference_geo" // a field of the request
	ByProfile Chooser = "profile"       // the prefix of the model's id, else the region
	ByRegion  Chooser = "region"        // of the door
)

// Anywhere stands for a place that nobody pins down.
const Anywhere = "any"

// LoadResidency reads the embedded table. The error means that the data is wrong.
func LoadResidency() (Residency, error) {
	var r Residency
	if err := load("residency.yaml", &r, func() Source { return r.Source }); err != nil {
		return Residency{}, err
	}
	return r, r.check()
}

func (r Residency) check() error {
	for _, p := range r.Platforms {
		if p.Name == "" || len(p.Connections) == 0 || len(p.Places) == 0 || !slices.Contains([]Chooser{ByGeo, ByProfile, ByRegion}, p.Chooses) {
			return fmt.Errorf("regulation: residency.yaml: platform %q is not complete", p.Name)
		}
		if p.From == "" || !slices.Contains([]Reliability{Confirmed, Reported, ToRecheck}, p.Reliability) {
			return fmt.Errorf("regulation: residency.yaml: platform %q does not say where its places are from, or how they were checked", p.Name)
		}
		for place, countries := range p.Places {
			for _, c := range countries {
				if c != Anywhere && (len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
					return fmt.Errorf("regulation: residency.yaml: %s: %q is no country", place, c)
				}
			}
			if len(countries) == 0 {
				return fmt.Errorf("regulation: residency.yaml: %s leads nowhere", place)
			}
		}
	}
	return nil
}

// Keeping lists the places of a platform, in order, that are known to keep text in
// the countries; none of them is unproven.
func (r Residency) Keeping(p Platform, countries []string) []string {
	outside := func(c string) bool {
		return c == Anywhere || slices.Contains(r.Unproven, c) || !slices.Contains(countries, c)
	}
	var list []string
	for _, place := range slices.Sorted(maps.Keys(p.Places)) {
		if !slices.ContainsFunc(p.Places[place], outside) {
			list = append(list, place)
		}
	}
	return list
}

// Platform returns the platform of a connection, and false where the table knows
// none: then whoever runs the door must say where it is.
func (r Residency) Platform(connection string) (Platform, bool) {
	for _, p := range r.Platforms {
		if slices.Contains(p.Connections, connection) {
			return p, true
		}
	}
	return Platform{}, false
}

// TakesChoice reports whether a model lets the request choose the place.
func (p Platform) TakesChoice(model string) bool {
	return p.Chooses == ByGeo && slices.Contains(p.Models, plainModel(model))
}

// Destinations lists the countries where a call may be processed; Anywhere alone
// where that is not pinned down. geo is the inference_geo of the request.
func (p Platform) Destinations(region, model, geo string) []string {
	place := region
	switch p.Chooses {
	case ByGeo:
		place = geo
		if !p.TakesChoice(model) {
			place = ""
		}
	case ByProfile:
		if prefix, _, ok := strings.Cut(model, ".anthropic."); ok {
			place = prefix
		}
	}
	if countries, ok := p.Places[place]; ok {
		return countries
	}
	return []string{Anywhere}
}
