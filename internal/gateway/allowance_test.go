package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"chaperone/internal/allowance"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
	"chaperone/regulation"
)

// allowed is what a house lets people use: 10 input and 5 output tokens of the
// answers here cost 70 millionths of a dollar at the price of claude-sonnet-5.
func allowed(t *testing.T, rules ...allowance.Rule) gateway.Settings {
	prices, err := regulation.LoadPrices()
	must(t, err)
	return gateway.Settings{Allowances: gateway.Allowances{
		Keeper: allowance.New(rules), Teams: map[string]string{"test-client": "cardiology"}, Prices: prices,
	}}
}

func limit(each allowance.Scope, k allowance.Kind, n int64) allowance.Rule {
	r := allowance.Rule{Each: each}
	r.Limits[k] = n
	return r
}

// A rate passes by itself; a budget is a decision of people, and a client that
// retries is told that it need not.
func TestABudgetOrARateThatIsUsedUp_RTE09(t *testing.T) {
	for name, c := range map[string]struct {
		rule                   allowance.Rule
		kind, code, wait, tell string
	}{
		"requests of a minute": {limit(allowance.Person, allowance.RequestsPerMinute, 1), "rate_limit_error", "too_many_requests", "60", ""},
		"tokens of a minute":   {limit(allowance.Key, allowance.TokensPerMinute, 15), "rate_limit_error", "too_many_tokens", "60", ""},
		"tokens of a day":      {limit(allowance.Team, allowance.TokensPerDay, 15), "billing_error", "tokens_used_up", "54000", "false"},
		"money of a day":       {limit(allowance.Door, allowance.MoneyPerDay, 70), "billing_error", "budget_used_up", "54000", "false"},
		"money of a month":     {limit(allowance.Person, allowance.MoneyPerMonth, 70), "billing_error", "budget_used_up", "831600", "false"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, plan{settings: allowed(t, c.rule)})
			h.upstream.answer = h.answer(reply)
			w := h.send("POST", "/v1/messages", ask(note))
			if w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			o := h.shown(w).Outcome.Facts.Outcome
			if o.Cost == nil || *o.Cost != 70 || o.Upstream.InputTokens != 10 || o.Received == 0 || o.Sent == 0 {
				t.Errorf("%+v", o)
			}
			w = h.send("POST", "/v1/messages", ask(note))
			e := wantError(t, w, http.StatusTooManyRequests, c.code)
			if e.Error.Type != c.kind || w.Header().Get("Retry-After") != c.wait || w.Header().Get("X-Should-Retry") != c.tell {
				t.Errorf("%s after %q, X-Should-Retry %q", e.Error.Type, w.Header().Get("Retry-After"), w.Header().Get("X-Should-Retry"))
			}
			if full := h.shown(w); full.Ten.Result != "refused" || full.Ten.Status != "429" || h.upstream.count() != 1 {
				t.Errorf("%d calls, %+v", h.upstream.count(), full.Ten)
			}
		})
	}
}

func TestWhatIsAddedUpIsWhatTheRecordHolds_RTE09(t *testing.T) {
	h := newHouse(t, plan{settings: allowed(t)})
	h.upstream.answer = h.answer("200\nContent-Type: text/event-stream\n\nevent: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5\",\"content\":[],\"usage\":{\"input_tokens\":100,\"cache_read_input_tokens\":1000,\"cache_creation_input_tokens\":40,\"cache_creation\":{\"ephemeral_1h_input_tokens\":10},\"output_tokens\":1}}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":20}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
	h.send("POST", "/v1/messages", ask(note))
	h.upstream.answer = h.answer("200\nContent-Type: application/json\n\n{\"input_tokens\":5000}")
	h.send("POST", "/v1/messages/count_tokens", `{"model":"claude-sonnet-5","messages":[{"role":"user","content":"hello"}]}`)
	h.upstream.answer = h.answer(strings.ReplaceAll(reply, "claude-sonnet-5", "claude-opus-99"))
	h.send("POST", "/v1/messages", strings.ReplaceAll(ask(note), "claude-sonnet-5", "claude-opus-99"))
	h.upstream.answer = h.answer(overloaded)
	h.send("POST", "/v1/messages", ask(note))
	u, err := h.log.Usage(context.Background(), "clinic", time.Time{}, time.Time{})
	must(t, err)
	var known, unknown bool
	for _, use := range u.Uses {
		if use.Person != "test-client" || use.Team != "cardiology" || use.Door != "claude" || use.Day != "2026-11-21" {
			t.Errorf("%+v", use.UseOf)
		}
		switch use.Model {
		case "claude-sonnet-5": // 100×2 + 1000×0.2 + 30×2.5 + 10×4 + 20×10
			known = use.MicroUSD == 715 && use.Exchanges == 3 && use.Failed == 1 && use.Input == 100 && use.Output == 20 && use.CacheRead == 1000 && use.CacheWrite == 40 && use.Unpriced == 0
		case "claude-opus-99":
			unknown = use.MicroUSD == 0 && use.Unpriced == 1
		}
	}
	if !known || !unknown || u.Damaged != 0 {
		t.Errorf("%+v", u)
	}
	if other, err := h.log.Usage(context.Background(), "clinic", start.AddDate(0, 0, 1), time.Time{}); err != nil || len(other.Uses) != 0 {
		t.Errorf("tomorrow: %+v %v", other, err)
	}
	m := string(h.metricsText())
	for _, want := range []string{
		`chaperone_door_answers_total{door="claude",status="200"} 3`, `chaperone_door_answers_total{door="claude",status="529"} 1`,
		`chaperone_tokens_total{door="claude",kind="cache_read"} 1000`, `chaperone_cost_usd_total{door="claude"} 0.000715`,
	} {
		if !strings.Contains(m, want) {
			t.Errorf("the metrics lack %s (RTE-10)", want)
		}
	}
}

func TestAModelOfNoKnownPriceIsNotAskedUnderABudget(t *testing.T) {
	h := newHouse(t, plan{settings: allowed(t, limit(allowance.Person, allowance.MoneyPerMonth, 1_000_000))})
	h.upstream.answer = h.answer(reply)
	body := strings.ReplaceAll(ask(note), "claude-sonnet-5", "claude-opus-99")
	wantError(t, h.send("POST", "/v1/messages", body), http.StatusTooManyRequests, "price_unknown")
	h.plan.adjust = func(d *gateway.Door) {
		d.Prices = []regulation.Price{{ID: "claude-opus-99", Input: 1, Output: 1, CacheWrite: 1, CacheWriteHour: 1, CacheRead: 1}}
	}
	h.furnish()
	if w := h.send("POST", "/v1/messages", body); w.Code != http.StatusOK || *h.shown(w).Outcome.Facts.Outcome.Cost != 15 {
		t.Errorf("with a price of the house's own: %d %s", w.Code, w.Body)
	}
}

// A door whose budget is used up does not stand in for another.
func TestADoorWithoutABudgetLeftDoesNotStandIn(t *testing.T) {
	r := limit(allowance.Door, allowance.RequestsPerMinute, 1)
	r.Only = "second"
	h := newHouse(t, plan{door: unreachable, adjust: standIn("second"), settings: allowed(t, r)})
	other := h.second(policy.DoorFacts{}, reply)
	if w := h.send("POST", "/v1/messages", ask(note)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "all_doors_down")
	if other.count() != 1 {
		t.Errorf("%d calls", other.count())
	}
}
