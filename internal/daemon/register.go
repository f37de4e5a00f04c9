package daemon

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chaperone"
	"chaperone/internal/api"
	"chaperone/internal/audit"
	"chaperone/internal/config"
	"chaperone/internal/policy"
	"chaperone/internal/register"
	"chaperone/regulation"
)

// openRegister opens the register over what is kept. What is put down stands in
// the record first.
func openRegister(ctx context.Context, k *keep, opts Options) (*register.Register, error) {
	return register.Open(ctx, register.Config{
		Store: k.store.Register, Sealer: k.vault, Tenant: opts.Config.Tenant, Clock: opts.Clock,
		Note: func(ctx context.Context, c register.Change) error {
			subject := c.Kind
			if c.Subject != "" {
				subject += ":" + c.Subject
			}
			who := chaperone.Principal{Tenant: opts.Config.Tenant, ID: "operator", Role: chaperone.RoleAdministrator, KeyID: "local-socket"}
			return k.log.Note(ctx, audit.Event{Kind: audit.RegisterChanged, Who: who, Subject: subject, Detail: audit.Content(c.Detail)})
		},
	})
}

// House is what the configuration says, as far as the register judges it, at the
// moment t.
func House(cfg config.File, t time.Time) register.House {
	h := register.House{Residency: cfg.Residency}
	for _, d := range orderedDoors(cfg) {
		f := d.Facts()
		door := register.HouseDoor{Name: d.Name, Simulated: f.Simulated, Holder: holder(d), Plan: d.Plan}
		if a := d.Agreement; a.ID != "" {
			door.Agreement = register.HouseAgreement{ID: a.ID, Signed: a.Signed, Expires: a.Expires}
			for _, g := range f.Agreement.Open(t, cfg.FailingGates()) {
				door.Agreement.Open = append(door.Agreement.Open, g.Plain())
			}
		}
		h.Doors = append(h.Doors, door)
	}
	return h
}

// holder is who stands behind a door: who signed for it, or who runs what it leads
// to, as the coverage table knows it.
func holder(d config.Door) string {
	if d.Agreement.Holder != "" {
		return d.Agreement.Holder
	}
	switch d.Kind {
	case policy.DoorAnthropic, policy.DoorPlatformAWS, policy.DoorGoogleCloud, policy.DoorFoundry:
		return "Anthropic"
	case policy.DoorSimulator, policy.DoorCompatible:
		return ""
	}
	t, err := regulation.LoadCoverage()
	if err != nil {
		return ""
	}
	return t.Connection(d.Facts().Connection).Holder
}

// keptRegister is what the register of a running Chaperone holds; nothing where it
// does not say, which examineRegister reports.
func keptRegister(ctx context.Context, cfg config.File) register.State {
	path, err := socketPath(cfg.Data)
	if err != nil {
		return register.State{}
	}
	entries, err := api.NewClient(path).Register(ctx)
	if err != nil {
		return register.State{}
	}
	return register.Fold(entries)
}

// examineRegister says how the register of a running Chaperone stands. Where there
// is no real door nothing is expected of it.
func examineRegister(ctx context.Context, cfg config.File) []Check {
	path, err := socketPath(cfg.Data)
	if err != nil || !slices.ContainsFunc(cfg.Doors, func(d config.Door) bool { return d.Kind != policy.DoorSimulator }) {
		return nil
	}
	now := time.Now()
	entries, err := api.NewClient(path).Register(ctx)
	if err != nil {
		return []Check{{"register", Note, "the running Chaperone does not say how its register stands", "is it of another version? Start it again"}}
	}
	list, err := register.Judge(register.Fold(entries), House(cfg, now), now)
	if err != nil {
		return []Check{{"register", Wrong, "the tables that the register reads are broken", "tell whoever built this"}}
	}
	count := map[register.Light]int{}
	for _, f := range list {
		count[f.Light]++
	}
	text := fmt.Sprintf("%d red, %d amber, %d green", count[register.Red], count[register.Amber], count[register.Green])
	if register.Worst(list) == register.Green {
		return []Check{{"register", Right, text, ""}}
	}
	return []Check{{"register", Note, text, "see 'chaperone register tasks'"}}
}
