package policy

import (
	"slices"
	"strings"
	"time"

	"chaperone"
	"chaperone/regulation"
)

// Gate is something that must be in place before a door carries identified text: a
// signed agreement alone is not compliance (BAA-10).
type Gate string

// The gates, in the order in which people are shown them.
const (
	GateAccessControl  Gate = "access_control"
	GateEncryption     Gate = "encryption"
	GateAudit          Gate = "audit"
	GateTraining       Gate = "training"
	GateRiskAssessment Gate = "risk_assessment"
)

// Gates lists every gate.
func Gates() []Gate {
	return []Gate{GateAccessControl, GateEncryption, GateAudit, GateTraining, GateRiskAssessment}
}

// Plain is the gate in words fit for a sentence.
func (g Gate) Plain() string { return strings.ReplaceAll(string(g), "_", " ") }

// Signature says who found a gate in place, and when.
type Signature struct {
	On time.Time
	By string
}

// Open lists the gates that nobody has signed for by the moment t, and those that
// fail now, in the order of Gates.
func (a Agreement) Open(t time.Time, failing []Gate) []Gate {
	return slices.DeleteFunc(Gates(), func(g Gate) bool {
		s, ok := a.Gates[g]
		return ok && s.By != "" && !s.On.IsZero() && !t.Before(s.On) && !slices.Contains(failing, g)
	})
}

// Gaps lists the clauses that the agreement does not have (BAA-04) and the
// subcontractors without one of their own (BAA-07), in plain words. They are shown; whether to use the agreement all the same is the owner's decision.
func (a Agreement) Gaps() []string {
	t, err := terms()
	if err != nil {
		return nil
	}
	var list []string
	for _, c := range t.connections.Clauses {
		if !slices.Contains(a.Clauses, c.Name) {
			list = append(list, c.Plain)
		}
	}
	for _, s := range a.Subcontractors {
		if s.Agreement == "" {
			list = append(list, "what binds the subcontractor "+s.Name)
		}
	}
	return list
}

// Clauses lists the names of the clauses that an agreement should have. The error
// means that the build itself is broken.
func Clauses() ([]string, error) {
	t, err := terms()
	var list []string
	for _, c := range t.connections.Clauses {
		list = append(list, c.Name)
	}
	return list, err
}

// Plans lists the names of the plans there are. The error means that the build
// itself is broken.
func Plans() ([]string, error) {
	t, err := terms()
	var list []string
	for _, p := range t.connections.Plans {
		list = append(list, p.Name)
	}
	return list, err
}

// gates refuses a door that is not ready, whatever is signed.
func gates(f Facts) *chaperone.Error {
	if f.Door.Agreement.Standing(f.At) != InForce {
		return nil // that it is not in force is said by itself
	}
	open := f.Door.Agreement.Open(f.At, f.Failing)
	if len(open) == 0 {
		return nil
	}
	words := make([]string, len(open))
	for i, g := range open {
		words[i] = g.Plain()
	}
	return refusal("gates_open", "This door is not ready for patient information. Still open: "+strings.Join(words, ", "),
		"Ask your privacy officer to close what is open, or send it with placeholders")
}

// live reports whether the door is covered and ready at this moment.
func (f Facts) live() bool {
	return f.Door.Agreement.Standing(f.At) == InForce && gates(f) == nil && admin(f) == nil && connection(f) == nil
}

// plan is what was bought, and what it may carry.
func plan(f Facts) (regulation.Plan, *chaperone.Error) {
	t, err := terms()
	if err != nil {
		return regulation.Plan{}, noTerms(err)
	}
	name := f.Door.Plan
	if name == "" {
		name = "api"
	}
	return t.connections.Plan(name), nil
}

// consumer refuses a plan that never carries an organisation's text (BAA-11).
func consumer(f Facts) *chaperone.Error {
	if f.Door.simulated() {
		return nil
	}
	p, e := plan(f)
	if e == nil && p.Carries == regulation.CarriesNothing {
		e = refusal("plan_not_allowed", p.Plain+" carries nothing of an organisation", "Ask your administrator for a door on the API or on an Enterprise plan")
	}
	return e
}

// admin refuses identifying text on a plan for administrative work (BAA-11).
func admin(f Facts) *chaperone.Error {
	p, e := plan(f)
	if e == nil && p.Carries != regulation.CarriesIdentified {
		e = refusal("plan_not_allowed", p.Plain+" is for text that identifies nobody", "Send it with placeholders, or use a door on the API")
	}
	return e
}
