package daemon

import (
	"context"
	"fmt"
	"time"

	"chaperone/internal/allowance"
	"chaperone/internal/gateway"
	"chaperone/regulation"
)

// allowances counts again from the record what was used this month, so that no limit
// is reset by a start.
func (d *Daemon) allowances(ctx context.Context) (gateway.Allowances, error) {
	cfg := d.opts.Config
	prices, err := regulation.LoadPrices()
	if err != nil {
		return gateway.Allowances{}, fmt.Errorf("daemon: prices: %w", err)
	}
	a := gateway.Allowances{Teams: cfg.Teams, Prices: prices}
	if len(cfg.Allowances) == 0 {
		return a, nil
	}
	a.Keeper = allowance.New(cfg.Allowances)
	if !a.Keeper.Remembers() {
		return a, nil
	}
	now := d.opts.Clock().UTC()
	usage, err := d.keep.log.Usage(ctx, cfg.Tenant, time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC), time.Time{})
	if err != nil {
		return a, err
	}
	for _, u := range usage.Uses {
		day, err := time.Parse(time.DateOnly, u.Day)
		if err != nil {
			return a, fmt.Errorf("daemon: usage: %w", err)
		}
		a.Keeper.Recall(allowance.Asker{Person: u.Person, Key: u.Key, Team: u.Team, Door: u.Door},
			allowance.Use{Tokens: u.Input + u.Output + u.CacheRead + u.CacheWrite, MicroUSD: u.MicroUSD}, day, now)
	}
	return a, nil
}
