// Package allowance holds how much may be asked: how often, how many tokens and for
// how much money, for each person, key, team and door. It owns the counters and
// their windows; it knows no prices and keeps nothing of its own, for what was used
// is in the record, from which the days and months are counted again at a start.
//
// It refuses to count what was refused, so that nobody stays locked out by trying
// again, and to let one person use up what everybody shares: see Check.
package allowance

import (
	"slices"
	"sync"
	"time"

	"chaperone"
)

// Scope says whose use is added up.
type Scope string

// The scopes.
const (
	Person Scope = "person"
	Key    Scope = "key"
	Team   Scope = "team"
	Door   Scope = "door"
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{Person, Key, Team, Door} }

// shared reports whether several people draw on it.
func (s Scope) shared() bool { return s == Team || s == Door }

// Rule is one allowance. Limits that are zero do not restrict.
type Rule struct {
	Each   Scope
	Only   string // the one that it is for; empty: each of them has as much
	Limits [kinds]int64
}

// Kind is what is counted, and in which window.
type Kind int

// The kinds. Windows are calendar minutes, days and months in UTC.
const (
	RequestsPerMinute Kind = iota
	TokensPerMinute
	TokensPerDay
	MoneyPerDay // millionths of a US dollar
	MoneyPerMonth
	kinds
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{RequestsPerMinute, TokensPerMinute, TokensPerDay, MoneyPerDay, MoneyPerMonth}
}

func (k Kind) money() bool { return k == MoneyPerDay || k == MoneyPerMonth }

// of is what of a use the kind counts.
func (k Kind) of(u Use) int64 {
	switch k {
	case RequestsPerMinute:
		return u.Requests
	case TokensPerMinute, TokensPerDay:
		return u.Tokens
	default:
		return u.MicroUSD
	}
}

// window is when the window of a moment begins and ends.
func (k Kind) window(t time.Time) (from, to time.Time) {
	t = t.UTC()
	switch k {
	case RequestsPerMinute, TokensPerMinute:
		from = t.Truncate(time.Minute)
		return from, from.Add(time.Minute)
	case MoneyPerMonth:
		from = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(0, 1, 0)
	default:
		from = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(0, 0, 1)
	}
}

// Asker is who asks, by each scope. An empty name is in none.
type Asker struct{ Person, Key, Team, Door string }

func (a Asker) in(s Scope) string {
	switch s {
	case Person:
		return a.Person
	case Key:
		return a.Key
	case Team:
		return a.Team
	case Door:
		return a.Door
	}
	return ""
}

// Use is what was used.
type Use struct{ Requests, Tokens, MicroUSD int64 }

// Keeper counts use against rules. It is safe for concurrent use. Its counters are
// as many as there are people, keys, teams and doors that the rules speak of.
type Keeper struct {
	rules []Rule
	mu    sync.Mutex
	used  map[counter]*tally
}

type counter struct {
	rule int
	kind Kind
	name string
}

type tally struct {
	from time.Time
	n    int64
}

// New returns a keeper of the rules, with nothing used.
func New(rules []Rule) *Keeper {
	return &Keeper{rules: slices.Clone(rules), used: map[counter]*tally{}}
}

// Ask counts a request, or says what is used up and how long that lasts. priced says
// whether the price of what is asked for is known; money cannot be kept to
// otherwise. A request that is refused is not counted.
//
// What an answer uses is known only when it is there, so requests at the same time
// can together go beyond a limit by what they use. The error is a *chaperone.Error
// of KindRateLimited or KindOverBudget.
func (k *Keeper) Ask(a Asker, priced bool, now time.Time) (wait time.Duration, err *chaperone.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, r := range k.rules {
		if !r.concerns(a) {
			continue
		}
		for _, kind := range Kinds() {
			limit := r.Limits[kind]
			if limit <= 0 {
				continue
			}
			if kind.money() && !priced {
				return 0, unpriced()
			}
			if t := k.tally(counter{i, kind, a.in(r.Each)}, now); t.n >= limit {
				_, to := kind.window(now)
				return to.Sub(now), usedUp(r.Each, kind)
			}
		}
	}
	k.add(a, Use{Requests: 1}, now)
	return 0, nil
}

// Spend counts what an exchange used.
func (k *Keeper) Spend(a Asker, u Use, at time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	u.Requests = 0
	k.add(a, u, at)
}

// Recall counts what was used before this keeper was made, on the day at. Whatever
// lies in the present windows of a day and a month counts.
func (k *Keeper) Recall(a Asker, u Use, at, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, r := range k.rules {
		for _, kind := range []Kind{TokensPerDay, MoneyPerDay, MoneyPerMonth} {
			from, _ := kind.window(now)
			if r.concerns(a) && r.Limits[kind] > 0 && !at.Before(from) {
				k.tally(counter{i, kind, a.in(r.Each)}, now).n += kind.of(u)
			}
		}
	}
}

// Remembers reports whether a window of the rules is longer than a minute, so that
// what was used before a start counts.
func (k *Keeper) Remembers() bool {
	return slices.ContainsFunc(k.rules, func(r Rule) bool {
		return r.Limits[TokensPerDay] > 0 || r.Limits[MoneyPerDay] > 0 || r.Limits[MoneyPerMonth] > 0
	})
}

func (k *Keeper) add(a Asker, u Use, at time.Time) {
	for i, r := range k.rules {
		if !r.concerns(a) {
			continue
		}
		for _, kind := range Kinds() {
			if r.Limits[kind] > 0 {
				k.tally(counter{i, kind, a.in(r.Each)}, at).n += kind.of(u)
			}
		}
	}
}

// tally is what was used in the window of a moment. A clock that stepped back stays
// in the window it was in.
func (k *Keeper) tally(c counter, at time.Time) *tally {
	from, _ := c.kind.window(at)
	t := k.used[c]
	if t == nil {
		t = &tally{from: from}
		k.used[c] = t
	}
	if from.After(t.from) {
		t.from, t.n = from, 0
	}
	return t
}

func (r Rule) concerns(a Asker) bool {
	name := a.in(r.Each)
	return name != "" && (r.Only == "" || r.Only == name)
}
