package console

import (
	"slices"

	"chaperone"
)

// right is something a signed-in person may do here.
type right uint8

// The rights. There is none for roles that are not named below: clinicians and
// the like sign in elsewhere.
const (
	seeOverview right = iota
	readRecord        // who did what and how it ended
	readWords         // the words of one exchange
	seeKeys
	changeKeys
	approveDevice // let a program sign in
	seePolicy
	rightEnd
)

// holders says which roles have a right (IAM-02). The record is for compliance
// and security staff (IAM-11), and the words in it for those who must judge
// them: security staff work with who, when and how often.
func (r right) holders() []chaperone.Role {
	const (
		administrator = chaperone.RoleAdministrator
		officer       = chaperone.RolePrivacyOfficer
		security      = chaperone.RoleSecurity
		auditor       = chaperone.RoleAuditor
	)
	switch r {
	case seeOverview, seeKeys, seePolicy:
		return []chaperone.Role{administrator, officer, security, auditor}
	case readRecord:
		return []chaperone.Role{officer, security, auditor}
	case readWords:
		return []chaperone.Role{officer, auditor}
	case changeKeys, approveDevice:
		return []chaperone.Role{administrator}
	default:
		return nil
	}
}

// may reports whether a role has a right here.
func (c *Console) may(role chaperone.Role, r right) bool {
	return slices.Contains(r.holders(), role) || c.standsIn(role) && (r == readRecord || r == readWords)
}

// standsIn reports whether the role reads the record in a privacy officer's
// place. Today the only way in is the administrator's link: without this, a
// house with one person in it could not look at its own record here.
func (c *Console) standsIn(role chaperone.Role) bool {
	return c.parts.SkipReaderSeparation && role == chaperone.RoleAdministrator
}
