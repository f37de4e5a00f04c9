package gateway

import (
	"slices"
	"strings"

	"chaperone"
	"chaperone/internal/policy"
)

// homeOf says where text about the patient may be processed: what is stated counts
// before what is configured.
func (g *Gateway) homeOf(stated policy.Jurisdiction) policy.Home {
	if stated == "" {
		stated = g.parts.Settings.Jurisdiction
	}
	return policy.HomeUnder(stated, g.parts.Settings.Jurisdictions)
}

// nearest makes a refusal for the patient's jurisdiction say what would do: the
// configured doors that stay inside, or else that none does and which ways are known
// to. Nothing is sent there by itself.
func (x *exchange) nearest(f policy.Facts, refused error) error {
	if f.Patient.Law == "" || chaperone.AsError(refused).Code != "outside_residency" {
		return refused
	}
	var doors []string
	for _, d := range x.g.parts.Doors {
		other := f
		other.Door = x.g.standing(d).Facts
		if other.Within() && !other.Door.Simulated {
			doors = append(doors, d.Name())
		}
	}
	e := *chaperone.AsError(refused)
	if len(doors) > 0 {
		slices.Sort(doors)
		e.Next = "Use a door that stays inside: " + strings.Join(doors, ", ")
		return &e
	}
	e.Code = "no_door_in_residency"
	e.Public = "No door of this house stays in the countries that your organisation and the patient's jurisdiction (" + string(f.Patient.Law) + ") allow"
	e.Next = f.WouldDo()
	return &e
}
