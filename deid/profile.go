package deid

import "chaperone/phi"

// Profile says which kinds are concealed. The zero Profile is SafeHarbor, the
// strictest.
type Profile uint8

// The profiles.
const (
	// SafeHarbor conceals every kind of 45 CFR 164.514(b)(2)(i); years alone,
	// ages up to 89, states and provinces are no findings and stay.
	SafeHarbor Profile = iota
	// Minimum conceals names, contact details and numbers, and keeps dates,
	// ages and places. What remains is still protected health information.
	Minimum
)

// ParseProfile returns the profile of that name ("safe-harbor", "minimum"), and
// false if there is none.
func ParseProfile(name string) (Profile, bool) {
	for _, p := range []Profile{SafeHarbor, Minimum} {
		if p.String() == name {
			return p, true
		}
	}
	return SafeHarbor, false
}

// String is the profile's name in policies and records.
func (p Profile) String() string {
	if p == Minimum {
		return "minimum"
	}
	return "safe-harbor"
}

// conceals reports whether findings of kind k are replaced. A Literal always
// is: left alone, the user's own text could be taken for a placeholder.
func (p Profile) conceals(k phi.Kind) bool {
	if k == phi.Literal {
		return true
	}
	if p == Minimum {
		switch k {
		case phi.Date, phi.Age, phi.Place, phi.Org, phi.Postal:
			return false
		}
	}
	return k.Identifies()
}
