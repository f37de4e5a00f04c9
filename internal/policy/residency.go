package policy

import (
	"slices"
	"strings"
	"time"

	"chaperone"
	"chaperone/regulation"
)

// Assessment is the recorded judgment that text without identifiers may be
// processed in countries outside the residency rule (RTE-04). The zero Assessment
// permits nothing.
type Assessment struct {
	ID         string
	ApprovedBy string
	From       time.Time
	Until      time.Time // zero: it permits nothing
	Countries  []string  // ISO 3166-1 alpha-2
}

// permits lists the countries on the day t.
func (a Assessment) permits(t time.Time) []string {
	if a.ID == "" || a.ApprovedBy == "" || a.From.IsZero() || t.Before(a.From) || !t.Before(a.Until) {
		return nil
	}
	return a.Countries
}

// PinnedGeo is the inference_geo that must be put into the request and verified in
// the answer; empty where there is none to put (RTE-03). It is put only where a
// residency rule asks for it.
func (f Facts) PinnedGeo() string {
	t, err := terms()
	if err != nil || f.Door.simulated() || !f.confined() || f.Endpoint != EndpointMessages || f.Geo != "" && f.Geo != pinnable {
		return ""
	}
	if p, ok := t.residency.Platform(f.Door.Connection); ok && p.TakesChoice(f.Model) {
		return pinnable
	}
	return ""
}

// pinnable is the one place that the vendor's own API can be pinned to (F7).
const pinnable = "us"

// Destinations lists the countries where the text may be processed, in order, or
// regulation.Anywhere alone where nobody pins that down.
func (f Facts) Destinations() []string {
	if f.Door.simulated() {
		return nil // nothing leaves
	}
	t, err := terms()
	if err != nil {
		return []string{regulation.Anywhere}
	}
	if p, ok := t.residency.Platform(f.Door.Connection); ok {
		geo := f.PinnedGeo()
		if geo == "" && f.Endpoint == EndpointMessages {
			geo = f.Geo
		}
		return p.Destinations(f.Door.Region, f.Model, geo)
	}
	if f.Door.Country == "" {
		return []string{regulation.Anywhere}
	}
	return []string{strings.ToUpper(f.Door.Country)}
}

// within reports whether every destination is an allowed country.
func (f Facts) within(allowed []string) bool {
	list := f.Destinations()
	return len(list) > 0 && !slices.ContainsFunc(list, func(c string) bool {
		return c == regulation.Anywhere || !slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, c) })
	})
}

// local reports whether no residency rule stands in the way: there is none,
// nothing leaves, nothing of anybody is sent, or it stays where it may be.
func (f Facts) local() bool {
	return !f.confined() || f.Door.simulated() || f.Endpoint == EndpointModels || f.within(f.allowed())
}

// residency refuses a way outside the allowed countries and those of the
// assessment. A place that is not known is outside (RTE-02, RTE-04, RTE-05).
func residency(f Facts) *chaperone.Error {
	if f.local() || f.within(f.crossable()) {
		return nil
	}
	next := "Use a door in an allowed country"
	if t, err := terms(); err == nil {
		if p, ok := t.residency.Platform(f.Door.Connection); ok && p.Chooses == regulation.ByGeo && slices.Contains(f.allowed(), "US") {
			next = "Ask a message of a model that takes inference_geo, and leave the field out or set it to us; or use a door in an allowed country"
		}
	}
	return refusal("outside_residency", "This way processes text outside the countries that "+f.whose()+": "+spokenPlaces(f.Destinations()), next)
}

// crossing refuses identifying text where only the assessment lets text leave: it
// is concealed first, or not sent (X20).
func crossing(f Facts) *chaperone.Error {
	if f.local() {
		return nil
	}
	return refusal("outside_residency", "Text that identifies stays in the countries that "+f.whose()+", and this way leads to "+spokenPlaces(f.Destinations()),
		"Send it with placeholders, or use a door in an allowed country")
}

func spokenPlaces(list []string) string {
	if slices.Contains(list, regulation.Anywhere) {
		return "a place that nobody pins down"
	}
	return strings.Join(list, ", ")
}
