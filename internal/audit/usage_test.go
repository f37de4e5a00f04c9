package audit_test

import (
	"context"
	"testing"
	"time"

	"chaperone/internal/audit"
)

// What does not open is said to be missing from the sum, and another tenant's use is
// nobody's business.
func TestUsageCountsWhatOpensAndSaysWhatDoesNot(t *testing.T) {
	d := newDesk(t)
	for n := range 4 {
		i := anIntent(n)
		if n == 3 {
			i.Who.Tenant = "another"
		}
		e, err := d.log.Intend(context.Background(), i)
		if err != nil {
			t.Fatal(err)
		}
		o := audit.Outcome{Result: audit.OK, Cost: audit.Cost{Known: n == 0, MicroUSD: 7}, Upstream: audit.Upstream{InputTokens: 10, OutputTokens: 2}}
		if err := e.Settle(context.Background(), o); err != nil {
			t.Fatal(err)
		}
	}
	sum := func() (s audit.Use, damaged int) {
		u, err := d.log.Usage(context.Background(), anIntent(0).Who.Tenant, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range u.Uses {
			s.Add(use)
		}
		return s, u.Damaged
	}
	if s, damaged := sum(); s.Exchanges != 3 || s.Input != 30 || s.MicroUSD != 7 || s.Unpriced != 2 || damaged != 0 {
		t.Errorf("%+v, %d damaged", s, damaged)
	}
	d.journal.Change(1, func(r *audit.Row) { r.Facts[3] ^= 1 })
	if s, damaged := sum(); s.Exchanges != 2 || s.MicroUSD != 0 || damaged != 1 {
		t.Errorf("%+v, %d damaged", s, damaged)
	}
}
