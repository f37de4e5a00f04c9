package gateway

import (
	"context"
	"slices"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// uses is what a request shows of its features, in the words of policies.
func uses(ask *claude.Ask) []policy.Use {
	list := ask.Uses()
	out := make([]policy.Use, len(list))
	for i, u := range list {
		out[i] = policy.Use{Kind: u.Kind, Name: u.Name}
	}
	return out
}

// listedPath refuses a path of the API that is not served, and says so by the name
// of its feature where the door's arrangement excludes it. The body is not read.
func (x *exchange) listedPath() error {
	said, err := x.admit()
	if err != nil {
		return err
	}
	if err := x.choose(said.door, ""); err != nil && x.door.Door == nil {
		return err
	}
	facts := x.facts(said, policy.EndpointModels) // nothing that could be about a person
	facts.Uses = []policy.Use{{Kind: "path", Name: x.r.URL.Path}}
	if ruling := x.policy.Decide(facts); ruling.Err != nil {
		return ruling.Err
	}
	return notOffered()
}

// noteOutOfPlace records that text was processed where it must not be: what a
// privacy officer has to look into.
func (x *exchange) noteOutOfPlace(status int) error {
	return x.g.parts.Log.Note(context.WithoutCancel(x.r.Context()), audit.Event{
		Kind: audit.OutOfPlace, Subject: string(x.intent.Exchange), Status: status, Who: x.intent.Who, Patient: x.intent.Why.Patient,
	})
}

// failing lists the gates that do not hold now, whoever signed for them: those of
// the set-up, and the record where it cannot be written.
func (g *Gateway) failing() []policy.Gate {
	if g.parts.Log.Ready() == nil {
		return g.parts.Settings.Failing
	}
	return append(slices.Clone(g.parts.Settings.Failing), policy.GateAudit)
}
