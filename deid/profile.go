package deid

import (
	"errors"
	"strings"

	"chaperone/phi"
)

// Treatment is what becomes of a finding.
type Treatment uint8

// The treatments, the strictest first.
const (
	// Conceal puts a random placeholder in its place, which can be restored. A
	// date keeps its day on the session's own timeline beside it (see Veil).
	Conceal Treatment = iota
	// Generalise leaves what Safe Harbor lets stand (45 CFR 164.514(b)(2)(i)): of a
	// date its year, of a ZIP code three digits, of a Canadian postal code its first
	// letter, of an age over 89 "90 or older". What it takes away cannot be
	// restored. What cannot be read with certainty is concealed instead.
	Generalise
	// Area is Generalise for postal codes, but leaves the forward sortation area of
	// a Canadian one unless it is rural. Safe Harbor does not allow that.
	Area
	// Band leaves of every age its ten years: "50–59".
	Band
	// Shift moves a date by the session's own number of days (see Session). Safe
	// Harbor does not allow that.
	Shift
	// Keep leaves it as it is.
	Keep
)

var treatmentWords = [...]string{"conceal", "generalise", "area", "band", "shift", "keep"}

// String is the treatment's word in profile files.
func (t Treatment) String() string {
	if int(t) < len(treatmentWords) {
		return treatmentWords[t]
	}
	return treatmentWords[Conceal]
}

func parseTreatment(word string) (Treatment, bool) {
	for t, w := range treatmentWords {
		if w == word {
			return Treatment(t), true
		}
	}
	return Conceal, false
}

// fits reports whether findings of kind k can be treated so.
func (t Treatment) fits(k phi.Kind) bool {
	switch t {
	case Conceal, Keep:
		return k.Identifies()
	case Generalise:
		return k == phi.Date || k == phi.Postal || k == phi.Age
	case Area:
		return k == phi.Postal
	case Band:
		return k == phi.Age
	case Shift:
		return k == phi.Date
	}
	return false
}

// Profile says what becomes of each kind of finding. It is a value: two that
// treat everything alike and stand on the same ground are equal. The zero
// Profile is Safe Harbor with placeholders, the strictest.
type Profile struct {
	name   string
	basis  string
	treat  [phi.Literal + 1]Treatment
	order  DateOrder
	invent bool
}

// SafeHarbor conceals every kind of 45 CFR 164.514(b)(2)(i) with placeholders
// that can be restored; years alone, ages up to 89, states and provinces are no
// findings and stay. It is the zero Profile.
func SafeHarbor() Profile { return Profile{} }

// SafeHarborDataset is Safe Harbor for what leaves for good: dates, postal codes
// and ages are generalised, and only the rest gets placeholders.
func SafeHarborDataset() Profile {
	return Profile{name: "safe-harbor-dataset"}.with(Generalise, phi.Date, phi.Postal, phi.Age)
}

// Minimum conceals names, contact details and numbers, and keeps dates, ages
// and places. What remains is still protected health information.
func Minimum() Profile {
	return Profile{name: "minimum"}.with(Keep, phi.Date, phi.Age, phi.Place, phi.Org, phi.Postal)
}

// ErrNoAgreement says that a limited data set was asked for without a data use
// agreement. Ask for the agreement's reference, or take another profile.
var ErrNoAgreement = errors.New("deid: a limited data set needs a data use agreement with whoever receives it (45 CFR 164.514(e)(4)): name its reference")

// LimitedDataSet keeps dates, ages, towns, states and postal codes, and conceals
// the rest (45 CFR 164.514(e)(2)). What remains is still protected health
// information, and may go only to somebody with whom there is a data use
// agreement; agreement is its reference, and without one the error is
// ErrNoAgreement. Whether it holds is for the caller to know.
func LimitedDataSet(agreement string) (Profile, error) {
	agreement = strings.TrimSpace(agreement)
	if agreement == "" {
		return Profile{}, ErrNoAgreement
	}
	return Profile{name: "limited-data-set", basis: "data use agreement " + agreement}.
		with(Keep, phi.Date, phi.Age, phi.Place, phi.Postal), nil
}

// ParseProfile returns the profile of that name, and false if there is none that
// stands on nothing but its name. "limited-data-set", "expert-determination" and
// "custom" need more: see LimitedDataSet, Determination and ParseCustom.
func ParseProfile(name string) (Profile, bool) {
	for _, p := range []Profile{SafeHarbor(), SafeHarborDataset(), Minimum()} {
		if p.String() == name {
			return p, true
		}
	}
	return Profile{}, false
}

// Realistic returns the profile with invented names, places, organisations,
// telephone numbers, e-mail addresses and numbers where it conceals them with
// placeholders. Read what that costs at Session before you ask for it.
func (p Profile) Realistic() Profile {
	p.invent = true
	return p
}

// Reading returns the profile with dates read in the given order where they
// could be read both ways.
func (p Profile) Reading(o DateOrder) Profile {
	p.order = o
	return p
}

// String is the profile's name in policies and records. Profiles of different
// files have different names.
func (p Profile) String() string {
	name := p.name
	if name == "" {
		name = "safe-harbor"
	}
	if p.invent {
		name += "+realistic"
	}
	switch p.order {
	case MonthFirst:
		name += "+month-first"
	case DayFirst:
		name += "+day-first"
	}
	return name
}

// Basis is what a profile beyond Safe Harbor stands on, for the record: a data
// use agreement or a determination. It is empty for the others.
func (p Profile) Basis() string { return p.basis }

// Treats is what becomes of findings of kind k. A Literal is always concealed:
// left alone, the user's own text could be taken for a placeholder.
func (p Profile) Treats(k phi.Kind) Treatment {
	if k == phi.Literal || int(k) >= len(p.treat) {
		return Conceal
	}
	return p.treat[k]
}

// Conceals reports whether findings of kind k are replaced, by whatever.
func (p Profile) Conceals(k phi.Kind) bool {
	return k == phi.Literal || k.Identifies() && p.Treats(k) != Keep
}

func (p Profile) with(t Treatment, kinds ...phi.Kind) Profile {
	for _, k := range kinds {
		p.treat[k] = t
	}
	return p
}
