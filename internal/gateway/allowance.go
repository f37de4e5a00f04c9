package gateway

import (
	"chaperone/internal/allowance"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/telemetry"
	"chaperone/regulation"
)

// Allowances are who may use how much, and what it costs. The zero value lets
// everybody use what they like and knows no price.
type Allowances struct {
	Keeper *allowance.Keeper // nil: nothing is limited
	Teams  map[string]string // the team of a person
	Prices regulation.Prices // list prices; a door's own come first
}

// asker is who asks, for the counters.
func (x *exchange) asker() allowance.Asker {
	return allowance.Asker{Person: x.intent.Who.ID, Key: x.intent.Who.KeyID, Team: x.intent.What.Team, Door: x.door.Name()}
}

// afford asks whether there is something left for who asks, and tells the client
// when there will be (RTE-09).
func (x *exchange) afford(a allowance.Asker) error {
	k := x.g.parts.Settings.Allowances.Keeper
	if k == nil {
		return nil
	}
	_, priced := x.price()
	wait, err := k.Ask(a, priced, x.g.parts.Clock())
	if err == nil {
		return nil
	}
	if wait > 0 {
		x.retryAfter(wait)
	}
	return err
}

// price is what the model costs at the door, if that is known. Nothing is bought of
// the simulator, and counting tokens is free.
func (x *exchange) price() (regulation.Price, bool) {
	if x.door.Simulated() || x.intent.What.Action == claude.CountTokens.String() {
		return regulation.Price{}, true
	}
	for _, p := range x.door.Prices {
		if p.ID == x.intent.Where.Model {
			return p, true
		}
	}
	return x.g.parts.Settings.Allowances.Prices.Price(x.door.Facts.Connection, x.intent.Where.Model)
}

// priced writes into the outcome what was used and what that cost.
func (x *exchange) priced(d claude.Delivery) {
	u := &x.outcome.Upstream
	u.InputTokens, u.OutputTokens = int(d.Usage.Input), int(d.Usage.Output)
	u.CacheRead, u.CacheWrite = int(d.Usage.CacheRead), int(d.Usage.CacheWrite)
	price, known := x.price()
	if !known {
		return
	}
	t := regulation.Tokens{
		Input: d.Usage.Input, Output: d.Usage.Output, CacheRead: d.Usage.CacheRead,
		CacheWrite: d.Usage.CacheWrite, CacheWriteHour: d.Usage.CacheWriteHour,
	}
	x.outcome.Cost = audit.Cost{Known: true, MicroUSD: x.g.parts.Settings.Allowances.Prices.Cost(price, t, d.Geo)}
}

// spent counts what a settled exchange used.
func (x *exchange) spent() {
	if x.intent.What.Action == claude.CountTokens.String() {
		return
	}
	u := x.outcome.Upstream
	x.g.parts.Metrics.Used(x.door.Name(), telemetry.Used{
		Input: u.InputTokens, Output: u.OutputTokens, CacheRead: u.CacheRead, CacheWrite: u.CacheWrite, MicroUSD: x.outcome.Cost.MicroUSD,
	})
	if k := x.g.parts.Settings.Allowances.Keeper; k != nil {
		tokens := int64(u.InputTokens) + int64(u.OutputTokens) + int64(u.CacheRead) + int64(u.CacheWrite)
		k.Spend(x.asker(), allowance.Use{Tokens: tokens, MicroUSD: x.outcome.Cost.MicroUSD}, x.g.parts.Clock())
	}
}
