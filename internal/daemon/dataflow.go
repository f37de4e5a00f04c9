package daemon

import (
	"fmt"
	"net"
	"time"

	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/internal/register"
)

// Dataflow is where data goes under a configuration at the moment t (RTE-08). It is
// read from the same facts that doors are ruled by, so it cannot say another thing.
// The error is that of reading the policy.
func Dataflow(cfg config.File, t time.Time) (register.Flow, error) {
	rules, err := cfg.OpenPolicy()
	if err != nil {
		return register.Flow{}, err
	}
	host, _, _ := net.SplitHostPort(cfg.Listen) // the configuration was checked
	f := register.Flow{
		Tenant: cfg.Tenant, Listen: cfg.Listen, Encrypted: localHost(host), Policy: rules.Name() + " " + rules.Version(),
		Residency: cfg.Residency, Assessment: cfg.CrossBorder.ID, Patients: string(cfg.Patients.Jurisdiction),
		Kept: []register.FlowKept{
			{What: "Record", How: "encrypted, append-only, a key per text"},
			{What: "Placeholders", How: fmt.Sprintf("encrypted, gone after %g unused hours", cfg.Session.Idle.Hours())},
			{What: "Register", How: "agreements and evidence, encrypted"},
		},
	}
	for _, d := range orderedDoors(cfg) {
		f.Doors = append(f.Doors, flowDoor(cfg, d, t))
	}
	return f, nil
}

func localHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func flowDoor(cfg config.File, d config.Door, t time.Time) register.FlowDoor {
	facts := doorFacts(cfg, d, t)
	door := register.FlowDoor{
		Name: d.Name, Kind: string(d.Kind), To: holder(d), Simulated: facts.Door.Simulated, Region: d.Region,
		Places: facts.Destinations(), Retention: facts.Door.Retention(facts.Model), Agreement: d.Agreement.ID, Expires: d.Agreement.Expires,
		TLS: d.TLSMin, Plan: d.Plan, Configured: d.Configuration, Fallback: d.Fallback, Carries: string(facts.Carries()),
	}
	if door.To == "" && !door.Simulated {
		door.To = "an endpoint of your own"
	}
	for _, s := range d.Agreement.Subcontractors {
		door.Chain = append(door.Chain, s.Name)
	}
	return door
}

// usualModel stands for the models of a door that takes any.
const usualModel = "claude-sonnet-5-5"

// doorFacts is what is known of a door without a request.
func doorFacts(cfg config.File, d config.Door, t time.Time) policy.Facts {
	f := policy.Facts{
		Door: d.Facts(), Model: usualModel, Residency: cfg.Residency, CrossBorder: cfg.CrossBorder.Assessment(),
		Patient: policy.HomeUnder(cfg.Patients.Jurisdiction, cfg.Patients.Laws), Failing: cfg.FailingGates(), At: t,
	}
	if len(d.Models) > 0 {
		f.Model = d.Models[0]
	}
	return f
}
