package regulation

import (
	"fmt"
	"slices"
)

// Coverage says which connections to Claude an agreement can cover.
type Coverage struct {
	Source      `yaml:",inline"`
	Connections []Connection `yaml:"connections"`
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
			(n.Agreement == Available) != (n.Holder != "") {
			return Coverage{}, fmt.Errorf("regulation: coverage.yaml: connection %d is not complete", i+1)
		}
	}
	return c, nil
}

// Connection returns the connection of that name. One that is not listed has no
// agreement.
func (c Coverage) Connection(name string) Connection {
	for _, n := range c.Connections {
		if n.Name == name {
			return n
		}
	}
	return Connection{Name: name, Plain: "A connection that is not listed", Agreement: Never, Reliability: c.Reliability}
}
