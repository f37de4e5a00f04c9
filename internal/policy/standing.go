package policy

import "chaperone"

// Load is what a door may carry at most, whatever a policy adds.
type Load string

// The loads.
const (
	LoadNothing      Load = "nothing"
	LoadPlaceholders Load = "placeholders" // text without identifiers
	LoadIdentified   Load = "identified"   // as it is; also where nothing leaves the machine
)

// Admits reports why not even text that identifies nobody may pass this door: the
// floors on plan, place and arrangement. Nil: it may, as far as they go.
func (f Facts) Admits() error {
	for _, floor := range []func(Facts) *chaperone.Error{consumer, residency, outsideArrangement} {
		if e := floor(f); e != nil {
			return e
		}
	}
	return nil
}

// Carries is what the floors let pass at this door at this moment.
func (f Facts) Carries() Load {
	switch {
	case f.Door.simulated():
		return LoadIdentified
	case f.Admits() != nil:
		return LoadNothing
	case f.live() && crossing(f) == nil:
		return LoadIdentified
	default:
		return LoadPlaceholders
	}
}

// Within reports whether everything that this door's call could lead to lies in
// the countries that are allowed.
func (f Facts) Within() bool { return f.local() }
