package audit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Use is what one person used of one model through one door on one day, as the
// record has it.
type Use struct {
	UseOf
	Exchanges  int   `json:"exchanges"`
	Failed     int   `json:"failed"`  // that ended otherwise than ok, refusals apart
	Refused    int   `json:"refused"` // of which nothing left
	Input      int64 `json:"input_tokens"`
	Output     int64 `json:"output_tokens"`
	CacheRead  int64 `json:"cache_read_tokens"`
	CacheWrite int64 `json:"cache_write_tokens"`
	MicroUSD   int64 `json:"cost_microusd"` // of those whose price is known
	Unpriced   int   `json:"unpriced"`      // exchanges with tokens of no known price
	Received   int64 `json:"received_bytes"`
	Sent       int64 `json:"sent_bytes"`
}

// UseOf says of whom and of what. Day is a day in UTC.
type UseOf struct {
	Day       string `json:"day"`
	Person    string `json:"person"`
	Key       string `json:"key,omitempty"`
	Team      string `json:"team,omitempty"`
	Door      string `json:"door,omitempty"`
	Model     string `json:"model,omitempty"`
	Simulated bool   `json:"simulated,omitempty"`
}

// Add counts another use with this one, whatever it is of.
func (u *Use) Add(o Use) {
	u.Exchanges += o.Exchanges
	u.Failed += o.Failed
	u.Refused += o.Refused
	u.Input += o.Input
	u.Output += o.Output
	u.CacheRead += o.CacheRead
	u.CacheWrite += o.CacheWrite
	u.MicroUSD += o.MicroUSD
	u.Unpriced += o.Unpriced
	u.Received += o.Received
	u.Sent += o.Sent
}

// Usage is what was used in a time, by day, person, team, door and model.
type Usage struct {
	Uses    []Use `json:"uses"`
	Damaged int   `json:"damaged"` // outcomes that do not open, and are not counted
}

// Usage adds up the outcomes of a tenant from a moment on and before another; a zero
// time does not restrict. The error is a *chaperone.Error, record_unavailable.
func (l *Log) Usage(ctx context.Context, tenant string, from, to time.Time) (Usage, error) {
	const page = 1000
	var u Usage
	sums := map[UseOf]*Use{}
	for m := (Match{Kind: KindOutcome, From: from, To: to, Limit: page}); ; {
		rows, err := l.cfg.Journal.Find(ctx, m)
		if err != nil {
			return u, errUnavailable(fmt.Errorf("audit: usage: %w", err))
		}
		for _, row := range rows {
			facts, err := l.openFacts(row)
			if err != nil || facts.Outcome == nil {
				u.Damaged++
				continue
			}
			if facts.Who.Tenant != tenant {
				continue
			}
			use := facts.use(row.At)
			if sums[use.UseOf] == nil {
				sums[use.UseOf] = &Use{UseOf: use.UseOf}
			}
			sums[use.UseOf].Add(use)
		}
		if len(rows) < page {
			break
		}
		m.After = &rows[len(rows)-1].Seq
	}
	for _, of := range slices.SortedFunc(maps.Keys(sums), compareUse) {
		u.Uses = append(u.Uses, *sums[of])
	}
	return u, nil
}

// countTokens is the deed that counts tokens and uses none.
const countTokens = "messages.count_tokens"

// use is what one outcome adds.
func (f Facts) use(at time.Time) Use {
	o := f.Outcome
	u := Use{
		UseOf: UseOf{
			Day: at.UTC().Format(time.DateOnly), Person: f.Who.User, Key: f.Who.Key, Team: f.Deed.Team, Door: f.Deed.Door, Model: f.Deed.Model,
			Simulated: f.Deed.Simulated,
		},
		Exchanges: 1, Received: int64(o.Received), Sent: int64(o.Sent),
	}
	switch o.Result {
	case OK:
	case RefusedResult:
		u.Refused = 1
	default:
		u.Failed = 1
	}
	if o.Upstream == nil || f.Deed.Action == countTokens {
		return u
	}
	u.Input, u.Output = int64(o.Upstream.InputTokens), int64(o.Upstream.OutputTokens)
	u.CacheRead, u.CacheWrite = int64(o.Upstream.CacheRead), int64(o.Upstream.CacheWrite)
	switch {
	case o.Cost != nil:
		u.MicroUSD = *o.Cost
	case u.Input+u.Output+u.CacheRead+u.CacheWrite > 0:
		u.Unpriced = 1
	}
	return u
}

func compareUse(a, b UseOf) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Team, b.Team),
		cmp.Compare(a.Door, b.Door), cmp.Compare(a.Model, b.Model))
}
