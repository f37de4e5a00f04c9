package gateway

import "chaperone/internal/policy"

// standing is a door as it stands at this moment: an agreement that the register
// says has ended covers nothing, whatever the configuration says (BAA-09). The
// register can only close: what it does not know stays as it is configured.
func (g *Gateway) standing(d Door) Door {
	if g.parts.Ended == nil {
		return d
	}
	now := g.parts.Clock()
	for _, a := range []*policy.Agreement{&d.Facts.Agreement, &d.Facts.DataUse} {
		if a.ID != "" && g.parts.Ended(a.ID, now) {
			*a = policy.Agreement{}
		}
	}
	return d
}
