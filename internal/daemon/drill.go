package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/config"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
	"chaperone/internal/register"
)

// drill tries what happens when a door is down (RTE-06). Every other door that the
// rules admit is asked one harmless question about nobody, and each call has its
// intent and its outcome in the record like any other. A door outside the allowed
// countries is not asked: a drill breaks no rule.
type drill struct {
	cfg    config.File
	log    *audit.Log
	clock  func() time.Time
	random io.Reader
}

// drillWait is how long one door may take.
const drillWait = 30 * time.Second

// drillQuestion is what a door is asked: text that the product itself wrote.
const drillQuestion = "This is a drill of a gateway. Answer with the one word: ready"

func (d drill) hold(ctx context.Context, down string) (register.Drill, error) {
	failed, ok := d.cfg.Door(down)
	if !ok {
		return register.Drill{}, chaperone.NewError(chaperone.KindNotFound, "unknown_door", "There is no door of that name", "Name one of the configuration", nil)
	}
	done := register.Drill{Down: down}
	for _, door := range others(d.cfg, failed) {
		p, err := d.probe(ctx, door)
		if err != nil {
			return done, err
		}
		p.StandsIn = slices.Contains(failed.Fallback, door.Name)
		done.Probes = append(done.Probes, p)
		if done.Stand == "" && p.StandsIn {
			done.Took += p.Took
			if p.Reached && p.Inside && p.Simulated == (failed.Kind == policy.DoorSimulator) {
				done.Stand = p.Door
			}
		}
	}
	if done.Stand == "" {
		done.Took = 0
	}
	done.Resulted = resulted(done)
	return done, nil
}

// others are the doors besides one that failed: those that stand in for it, in their
// order, and then the rest.
func others(cfg config.File, failed config.Door) []config.Door {
	var list []config.Door
	for _, name := range failed.Fallback {
		if d, ok := cfg.Door(name); ok {
			list = append(list, d)
		}
	}
	for _, d := range orderedDoors(cfg) {
		if d.Name != failed.Name && !slices.Contains(failed.Fallback, d.Name) {
			list = append(list, d)
		}
	}
	return list
}

func resulted(d register.Drill) string {
	answers := ""
	for _, p := range d.Probes {
		if p.Door == d.Stand && p.Covered {
			return "with " + d.Down + " down, " + d.Stand + " stands in and is covered"
		}
		if answers == "" && p.Reached && p.Inside && !p.Simulated {
			answers = p.Door
		}
	}
	switch {
	case d.Stand != "":
		return "with " + d.Down + " down, " + d.Stand + " stands in, for text without identifiers only"
	case answers != "":
		return "with " + d.Down + " down, work stops: " + answers + " answers, and no fallback names it"
	}
	return "with " + d.Down + " down, work stops until it is back: no other door answers inside the rules"
}

// probe asks one door. The error means that it could not be recorded, and then
// nothing more is asked.
func (d drill) probe(ctx context.Context, door config.Door) (register.Probe, error) {
	now := d.clock()
	facts := doorFacts(d.cfg, door, now)
	p := register.Probe{
		Door: door.Name, Inside: facts.Within(), Covered: facts.Carries() == policy.LoadIdentified && !facts.Door.Simulated,
		Simulated: facts.Door.Simulated,
	}
	if err := facts.Admits(); err != nil {
		p.Fault = chaperone.AsError(err).Code
		return p, nil
	}
	call, err := drillCall(facts)
	if err != nil {
		return p, err
	}
	way, err := buildDoor(d.cfg, door, 0)
	if err != nil {
		p.Fault = "door_configuration"
		return p, nil
	}
	entry, err := d.intend(ctx, facts, call.Body)
	if err != nil {
		return p, err
	}
	ctx, cancel := context.WithTimeout(ctx, drillWait)
	defer cancel()
	out := audit.Outcome{Result: audit.OK}
	reply, err := way.Send(ctx, call)
	if err != nil {
		e := chaperone.AsError(err)
		p.Fault, out.Result, out.ErrorCode = e.Code, audit.UpstreamError, e.Code
	} else {
		p.Status = reply.Status
		out.Answered, err = io.ReadAll(io.LimitReader(reply.Body, 1<<20))
		err = errors.Join(err, reply.Body.Close())
		p.Reached = err == nil && reply.Status == http.StatusOK
		out.Upstream.Status = reply.Status
		if !p.Reached {
			p.Fault, out.Result = "door_answered_badly", audit.UpstreamError
		}
	}
	p.Took = d.clock().Sub(now)
	out.Took = p.Took
	return p, entry.Settle(context.WithoutCancel(ctx), out)
}

// drillCall is the question, kept in place as any other message would be.
func drillCall(f policy.Facts) (claude.Call, error) {
	body, err := json.Marshal(map[string]any{
		"model": f.Model, "max_tokens": 16, "messages": []any{map[string]string{"role": "user", "content": drillQuestion}},
	})
	if err != nil {
		return claude.Call{}, err
	}
	if geo := f.PinnedGeo(); geo != "" {
		body = claude.PinGeo(body, geo)
	}
	return claude.Call{
		Method: http.MethodPost, Path: "/v1/messages", Body: body,
		Header: http.Header{"Anthropic-Version": {"2023-06-01"}, "Content-Type": {"application/json"}, "Accept": {"application/json"}},
	}, nil
}

func (d drill) intend(ctx context.Context, f policy.Facts, sent []byte) (*audit.Entry, error) {
	i := audit.Intent{
		Exchange: gateway.NewExchangeID(d.clock(), d.random), Who: chaperone.Principal{Tenant: d.cfg.Tenant, ID: "operator", Role: chaperone.RoleAdministrator, KeyID: "local-socket"},
		Why:    audit.Why{Purpose: chaperone.PurposeOperations, Basis: "drill"},
		What:   audit.What{Action: "drill.failover"},
		Where:  audit.Where{Door: f.Door.Name, Simulated: f.Door.Simulated, Model: f.Model, Region: f.Door.Region, Places: f.Destinations(), Retention: f.Door.Retention(f.Model)},
		Ruling: audit.Ruling{Decision: audit.Clean, Reasons: []string{"drill"}},
		Sent:   sent,
	}
	if f.Door.Agreement.Standing(f.At) == policy.InForce {
		i.Where.Agreement = f.Door.Agreement.ID
	}
	return d.log.Intend(ctx, i)
}
