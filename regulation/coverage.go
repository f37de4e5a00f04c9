package regulation

import (
	"fmt"
	"slices"
)

// Coverage says which connections to Claude an agreement can cover.
type Coverage struct {
	Source      `yaml:",inline"`
	Connections []Connection `yaml:"connections"`
	Plans       []Plan       `yaml:"plans"`
	Clauses     []Clause     `yaml:"clauses"`
}

// Plan is what somebody has bought of a vendor (BAA-11).
type Plan struct {
	Name    string `yaml:"name"`
	Plain   string `yaml:"plain"`
	Carries Load   `yaml:"carries"`
}

// Load is what a plan may carry.
type Load string

// The loads.
const (
	CarriesIdentified   Load = "identified"
	CarriesUnidentified Load = "unidentified"
	CarriesNothing      Load = "nothing"
)

// Clause is something that an agreement should say (BAA-04).
type Clause struct {
	Name  string `yaml:"name"`
	Plain string `yaml:"plain"`
}

// Availability says whether there is an agreement to sign.
type Availability string

// The availabilities.
const (
	Available Availability = "available"  // the holder signs one; whether you did is in your register
	NotNeeded Availability = "not_needed" // nothing leaves the machine
	Never     Availability = "none"       // there is none to sign
)

// Connection is one way to reach Claude.
type Connection struct {
	Name        string       `yaml:"name"`
	Plain       string       `yaml:"plain"`
	Agreement   Availability `yaml:"agreement"`
	Holder      string       `yaml:"holder"`      // who signs; empty where there is none
	Arrangement Arrangement  `yaml:"arrangement"` // the column of the matrix that counts; empty where there is no agreement
	Retention   string       `yaml:"retention"`   // what is kept there, in one word; a model may set its own
	Reliability Reliability  `yaml:"reliability"` // empty: that of the table
	Note        string       `yaml:"note"`
}

// LoadCoverage reads the embedded table. The error means that the data is wrong.
func LoadCoverage() (Coverage, error) {
	var c Coverage
	if err := load("coverage.yaml", &c, func() Source { return c.Source }); err != nil {
		return Coverage{}, err
	}
	for i := range c.Connections {
		n := &c.Connections[i]
		if n.Reliability == "" {
			n.Reliability = c.Reliability
		}
		if n.Name == "" || n.Plain == "" || !slices.Contains([]Availability{Available, NotNeeded, Never}, n.Agreement) ||
			(n.Agreement == Available) != (n.Holder != "") || (n.Agreement == Available) != (n.Arrangement != NoArrangement) || n.Retention == "" {
			return Coverage{}, fmt.Errorf("regulation: coverage.yaml: connection %d is not complete", i+1)
		}
	}
	for _, p := range c.Plans {
		if p.Name == "" || p.Plain == "" || !slices.Contains([]Load{CarriesIdentified, CarriesUnidentified, CarriesNothing}, p.Carries) {
			return Coverage{}, fmt.Errorf("regulation: coverage.yaml: plan %q is not complete", p.Name)
		}
	}
	return c, nil
}

// Plan returns the plan of that name. One that is not listed carries nothing.
func (c Coverage) Plan(name string) Plan {
	for _, p := range c.Plans {
		if p.Name == name {
			return p
		}
	}
	return Plan{Name: name, Plain: "A plan that is not listed", Carries: CarriesNothing}
}

// Connection returns the connection of that name. One that is not listed has no
// agreement.
func (c Coverage) Connection(name string) Connection {
	for _, n := range c.Connections {
		if n.Name == name {
			return n
		}
	}
	return Connection{Name: name, Plain: "A connection that is not listed", Agreement: Never, Retention: "unknown", Reliability: c.Reliability}
}
