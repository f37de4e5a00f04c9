package allowance

import (
	"sync"
	"testing"
	"time"

	"chaperone"
)

var noon = time.Date(2026, time.November, 30, 12, 0, 30, 0, time.UTC)

func rule(each Scope, only string, k Kind, n int64) Rule {
	r := Rule{Each: each, Only: only}
	r.Limits[k] = n
	return r
}

// What is used up says so until its window ends, and no longer (RTE-09).
func TestWhatIsUsedUpIsRefusedUntilItsWindowEnds_RTE09(t *testing.T) {
	ann := Asker{Person: "ann", Key: "k1", Team: "heart", Door: "claude"}
	for name, c := range map[string]struct {
		rule Rule
		use  Use
		kind chaperone.Kind
		code string
		wait time.Duration
	}{
		"requests of a minute":  {rule(Person, "", RequestsPerMinute, 1), Use{}, chaperone.KindRateLimited, "too_many_requests", 30 * time.Second},
		"tokens of a minute":    {rule(Key, "", TokensPerMinute, 100), Use{Tokens: 100}, chaperone.KindRateLimited, "too_many_tokens", 30 * time.Second},
		"tokens of a day":       {rule(Team, "heart", TokensPerDay, 100), Use{Tokens: 250}, chaperone.KindOverBudget, "tokens_used_up", 12*time.Hour - 30*time.Second},
		"the budget of a day":   {rule(Door, "", MoneyPerDay, 5), Use{MicroUSD: 5}, chaperone.KindOverBudget, "budget_used_up", 12*time.Hour - 30*time.Second},
		"the budget of a month": {rule(Person, "ann", MoneyPerMonth, 5), Use{MicroUSD: 6}, chaperone.KindOverBudget, "budget_used_up", 12*time.Hour - 30*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			k := New([]Rule{c.rule})
			if _, err := k.Ask(ann, true, noon); err != nil {
				t.Fatal(err)
			}
			k.Spend(ann, c.use, noon)
			wait, err := k.Ask(ann, true, noon)
			if err == nil || err.Kind != c.kind || err.Code != c.code || wait != c.wait {
				t.Fatalf("wait %s: %+v", wait, err)
			}
			if _, err := k.Ask(Asker{Person: "bob", Key: "k2", Team: "lung", Door: "other"}, true, noon); err != nil {
				t.Errorf("somebody else is refused: %v", err)
			}
			if _, err := k.Ask(ann, true, noon.Add(wait)); err != nil {
				t.Errorf("still refused when the window has ended: %v", err)
			}
		})
	}
}

// Whoever is refused and tries again is not refused for trying.
func TestWhatIsRefusedIsNotCounted(t *testing.T) {
	k := New([]Rule{rule(Person, "", RequestsPerMinute, 2), rule(Door, "", RequestsPerMinute, 3)})
	ann, bob := Asker{Person: "ann", Door: "claude"}, Asker{Person: "bob", Door: "claude"}
	for range 50 {
		k.Ask(ann, true, noon)
	}
	if _, err := k.Ask(bob, true, noon); err != nil {
		t.Errorf("one person's tries have used up what others share: %v", err)
	}
}

func TestABudgetIsNotKeptToWhereThePriceIsNotKnown(t *testing.T) {
	k := New([]Rule{rule(Door, "claude", MoneyPerMonth, 1_000_000)})
	if _, err := k.Ask(Asker{Door: "claude"}, false, noon); err == nil || err.Code != "price_unknown" {
		t.Errorf("%v", err)
	}
	if _, err := k.Ask(Asker{Door: "other"}, false, noon); err != nil {
		t.Errorf("a door without a budget: %v", err)
	}
}

func TestWhatTheRecordHoldsCountsAfterAStart(t *testing.T) {
	k := New([]Rule{rule(Person, "", MoneyPerDay, 10), rule(Person, "", MoneyPerMonth, 100)})
	ann := Asker{Person: "ann"}
	k.Recall(ann, Use{MicroUSD: 500}, noon.AddDate(0, -1, 0), noon) // last month
	k.Recall(ann, Use{MicroUSD: 50}, noon.AddDate(0, 0, -3), noon)  // this month
	k.Recall(ann, Use{MicroUSD: 9}, noon.Add(-time.Hour), noon)     // today
	if _, err := k.Ask(ann, true, noon); err != nil {
		t.Fatalf("59 of 100 and 9 of 10: %v", err)
	}
	k.Recall(ann, Use{MicroUSD: 1}, noon.Add(-time.Hour), noon)
	if _, err := k.Ask(ann, true, noon); err == nil {
		t.Error("today's budget was forgotten")
	}
	if !k.Remembers() || New([]Rule{rule(Person, "", RequestsPerMinute, 1)}).Remembers() {
		t.Error("a window longer than a minute is what must be remembered")
	}
}

func TestOnePersonCannotUseUpWhatEverybodyShares(t *testing.T) {
	for name, c := range map[string]struct {
		rules []Rule
		want  int
	}{
		"no rules":                           {nil, -1},
		"a person's own":                     {[]Rule{rule(Person, "", MoneyPerDay, 5)}, -1},
		"a door's with nothing below":        {[]Rule{rule(Door, "", MoneyPerDay, 5)}, 0},
		"a door's with a person's below":     {[]Rule{rule(Person, "", MoneyPerDay, 4), rule(Door, "", MoneyPerDay, 5)}, -1},
		"a person's that is as large":        {[]Rule{rule(Person, "", MoneyPerDay, 5), rule(Team, "", MoneyPerDay, 5)}, 1},
		"a person's of another kind":         {[]Rule{rule(Person, "", TokensPerDay, 1), rule(Team, "", MoneyPerDay, 5)}, 1},
		"a person's that is for one alone":   {[]Rule{rule(Person, "ann", MoneyPerDay, 1), rule(Team, "", MoneyPerDay, 5)}, 1},
		"a key's, of which one may have two": {[]Rule{rule(Key, "", MoneyPerDay, 1), rule(Team, "", MoneyPerDay, 5)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Check(c.rules); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestManyAskAtOnceAndNoMoreThanTheLimitPass(t *testing.T) {
	k := New([]Rule{rule(Person, "", RequestsPerMinute, 40)})
	var passed sync.Map
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if _, err := k.Ask(Asker{Person: "ann"}, true, noon); err == nil {
				passed.Store(i, true)
			}
		})
	}
	wg.Wait()
	n := 0
	passed.Range(func(any, any) bool { n++; return true })
	if n != 40 {
		t.Errorf("%d passed", n)
	}
}

// A clock that steps back does not give a window back.
func TestAClockThatStepsBackGivesNothingBack(t *testing.T) {
	k := New([]Rule{rule(Person, "", MoneyPerDay, 5)})
	ann := Asker{Person: "ann"}
	k.Spend(ann, Use{MicroUSD: 5}, noon)
	if _, err := k.Ask(ann, true, noon.AddDate(0, 0, -1)); err == nil {
		t.Error("yesterday's clock has opened today's budget")
	}
}
