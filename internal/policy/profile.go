package policy

import (
	"slices"
	"strings"

	"chaperone"
)

// Profile names what becomes of the kinds that are found, in the words of
// package deid.
type Profile string

// The profiles a rule may ask for with @profile, the strictest first. SafeHarbor
// is what a rule gets that asks for none. The others leave something in that may
// identify, and each has its floor.
const (
	// ProfileSafeHarbor is 45 CFR 164.514(b)(2).
	ProfileSafeHarbor Profile = "safe-harbor"
	// ProfileExpert is what the registered expert determination says (45 CFR
	// 164.514(b)(1)). Without one that holds today it is locked (DEI-06).
	ProfileExpert Profile = "expert-determination"
	// ProfileLimited keeps dates, ages and places (45 CFR 164.514(e)). It needs a
	// data use agreement with who receives it, and one of three purposes (DEI-05).
	ProfileLimited Profile = "limited-data-set"
	// ProfileMinimum conceals names and numbers alone. What it leaves in still is
	// patient information, so it is sent only where identified text could be.
	ProfileMinimum Profile = "minimum"
)

// Profiles lists every profile, the strictest first.
func Profiles() []Profile {
	return []Profile{ProfileSafeHarbor, ProfileExpert, ProfileLimited, ProfileMinimum}
}

// strictness orders profiles: the lower, the stricter; negative if there is no
// such profile.
func (p Profile) strictness() int { return slices.Index(Profiles(), p) }

func profileNames() string {
	var names []string
	for _, p := range Profiles() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

// profile is the profile that is used where the rules permit this one, or what
// stands in its way. At the simulator nothing leaves, so nothing is needed.
func (d *deliberation) profile(asked Profile) (Profile, *chaperone.Error) {
	switch {
	case asked == ProfileMinimum && len(d.missing) > 0:
		return ProfileSafeHarbor, nil
	case asked == ProfileLimited && !d.facts.Door.simulated():
		return asked, dataUse(d.facts)
	case asked == ProfileExpert && !d.facts.Door.simulated():
		return asked, determined(d.facts)
	}
	return asked, nil
}

// dataUse refuses a limited data set that goes to somebody without a data use
// agreement, or for another purpose than the law names (45 CFR 164.514(e)(3)).
func dataUse(f Facts) *chaperone.Error {
	const next = "Ask your privacy officer about the data use agreement, or send it with placeholders for dates and places too"
	switch f.Door.DataUse.Standing(f.At) {
	case InForce:
	case Expired:
		return refusal("data_use_agreement_expired", "The data use agreement for this door has expired, so no limited data set goes there", next)
	default:
		return refusal("no_data_use_agreement", "There is no data use agreement in force for this door, so no limited data set goes there", next)
	}
	if f.Purpose != chaperone.PurposeResearch && f.Purpose != chaperone.PurposeOperations {
		return chaperone.NewError(chaperone.KindInvalid, "purpose_required",
			"A limited data set is for research, public health or health care operations", "State the purpose that is true of it: research, operations", nil)
	}
	return nil
}

// determined refuses the expert's profile where no determination holds.
func determined(f Facts) *chaperone.Error {
	const next = "Ask your privacy officer for a determination that holds, or send it under Safe Harbor"
	switch f.Determination.Standing(f.At) {
	case InForce:
		return nil
	case Expired:
		return refusal("determination_expired", "The expert determination has expired, so its profile is locked", next)
	default:
		return refusal("no_determination", "No expert determination is in force, so its profile is locked", next)
	}
}
