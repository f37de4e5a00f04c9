package gateway

import (
	"chaperone"
	"chaperone/deid"
	"chaperone/internal/policy"
)

// ground is the agreement or determination that a profile rests on, by its id;
// empty where it needs none.
func (x *exchange) ground(p policy.Profile) string {
	switch p {
	case policy.ProfileLimited:
		return x.door.Facts.DataUse.ID
	case policy.ProfileExpert:
		return x.g.parts.Settings.determination().ID
	default:
		return ""
	}
}

// profile is what the profile of a verdict means for this exchange. The policy
// has checked that it may be used; at the simulator, where nothing leaves, it may
// be used without its ground, and then Safe Harbor stands in for an expert.
func (x *exchange) profile(p policy.Profile) (deid.Profile, error) {
	profile, err := deid.SafeHarbor(), error(nil)
	switch p {
	case policy.ProfileMinimum:
		profile = deid.Minimum()
	case policy.ProfileLimited:
		id := x.ground(p)
		if id == "" && x.door.Simulated() {
			id = "simulator"
		}
		profile, err = deid.LimitedDataSet(id)
	case policy.ProfileExpert:
		if d := x.g.parts.Settings.Determination; d != nil {
			profile, err = d.Profile(x.started)
		} else if !x.door.Simulated() {
			err = deid.ErrNoAgreement
		}
	}
	if err != nil {
		return deid.SafeHarbor(), chaperone.NewError(chaperone.KindInternal, "profile_unusable",
			"The rule's profile cannot be used, so nothing was sent", "Tell your privacy officer", err)
	}
	return profile.Reading(x.g.parts.Settings.DateOrder), nil
}

// determination is the registered determination as the policy sees it.
func (s Settings) determination() policy.Agreement {
	d := s.Determination
	if d == nil {
		return policy.Agreement{}
	}
	return policy.Agreement{
		ID:     "determination-" + d.Determined.Format("2006-01-02"),
		Signed: d.Determined, Expires: d.Expires.AddDate(0, 0, 1), ApprovedBy: d.Expert,
	}
}
