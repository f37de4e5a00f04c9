package register

import "time"

// House is what the configuration says, as far as the register judges it. The
// doors are ruled by it alone; the register holds the documents against it.
type House struct {
	Residency []string
	Doors     []HouseDoor
}

// HouseDoor is one configured door.
type HouseDoor struct {
	Name      string
	Simulated bool
	Holder    string // the agreement's; empty: who stands behind the door, or nobody known
	Plan      string
	Agreement HouseAgreement // zero: none
}

// HouseAgreement is what a door is ruled by.
type HouseAgreement struct {
	ID      string
	Signed  time.Time
	Expires time.Time
	Open    []string // gates that are open, in plain words (BAA-10)
}
