package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"chaperone"
	"chaperone/internal/allowance"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// errand is one message as it is carried to a door, and to another if the first
// cannot take it.
type errand struct {
	ask   *claude.Ask
	said  stated
	lease *lease
}

// way is where an attempt leads and what was ruled on it.
type way struct {
	door    Door
	geo     string // the inference_geo that the answer must state; empty: any
	pins    bool   // it has to be put into the request
	verdict policy.Verdict
}

// attempt is one try at one door. Each has an intent of its own, durable before a
// byte leaves, and an outcome of its own.
type attempt struct {
	reply    *claude.Reply
	revealer claude.Revealer
	err      error
}

// carry sends the message through the door that was ruled on and, while that fails
// before the answer has begun, through the doors that stand in for it. Every one
// is ruled on anew, with its own agreement, place, model and features, and takes
// no more than the first was allowed to (RTE-05). What is left at the end is the
// last attempt as it is.
func (x *exchange) carry(e errand, ruling policy.Ruling) (*claude.Reply, claude.Revealer, error) {
	var a attempt
	if a.revealer, a.err = x.conceal(e.ask, e.said, ruling, e.lease); a.err != nil {
		return nil, nil, a.err
	}
	first := x.way
	x.try(e, &a)
	var passed []string // codes of why doors were passed over
	for _, door := range x.standIns(a) {
		if !x.movable(a) {
			break
		}
		next, code := x.again(e, a, first, door)
		if code != "" {
			passed = append(passed, code)
			continue
		}
		a = next
	}
	if a.err != nil && len(first.door.Fallback) > 0 && chaperone.AsError(a.err).Kind == chaperone.KindUnavailable && x.movable(a) {
		a.err = x.noDoor(a.err, passed)
	}
	return a.reply, a.revealer, a.err
}

// standIns lists the doors to try after the first attempt, in their order.
func (x *exchange) standIns(a attempt) []Door {
	var list []Door
	if x.door.Repeat && x.repeatable(a) {
		list = append(list, x.door)
	}
	for _, name := range x.door.Fallback {
		if d, err := x.g.door(name); err == nil {
			list = append(list, d)
		}
	}
	return list
}

// try makes the attempt: seal, intend, send.
func (x *exchange) try(e errand, a *attempt) {
	turn, wait := x.g.circuits[x.door.Name()].begin(x.g.parts.Clock())
	if wait > 0 {
		x.retryAfter(wait)
		a.err = errResting()
		return
	}
	if a.err = x.seal(e.lease); a.err != nil {
		return
	}
	if x.pins {
		x.intent.Sent = claude.PinGeo(x.intent.Sent, x.geo)
	}
	if a.err = x.intend(); a.err != nil {
		return
	}
	a.reply, a.err = x.send(claude.Call{
		Method: http.MethodPost, Path: e.ask.Endpoint().Path(), Query: e.ask.Query(),
		Header: e.ask.Header(), Body: x.intent.Sent,
	})
	x.judge(turn, *a)
}

// judge tells the door's circuit how the call went. What a client ended, what the door
// refused before anything left, and a key that is not there say nothing about what is
// behind the door.
func (x *exchange) judge(t turn, a attempt) {
	if a.err != nil {
		e := chaperone.AsError(a.err)
		if x.r.Context().Err() != nil || refusedAtDoor(e) || e.Code == "door_key" {
			return
		}
	}
	var asked time.Duration
	failed := a.err != nil
	if a.reply != nil {
		failed, asked = a.reply.Status >= 500, retryAfter(a.reply.Header)
	}
	t.end(x.g.parts.Clock(), failed, asked)
	x.g.parts.Metrics.Circuit(x.door.Name(), t.circuit.state(x.g.parts.Clock()))
}

// again makes another attempt. The code says why it was not made, and then all is
// as it was before. The attempt before it is settled as soon as it is certain that
// another is made.
func (x *exchange) again(e errand, before attempt, first way, door Door) (attempt, string) {
	kept, entry, outcome, was, come := x.intent, x.entry, x.outcome, x.way, x.w.Header().Get("Retry-After")
	back := func(code string) (attempt, string) {
		x.intent, x.entry, x.outcome, x.way = kept, entry, outcome, was
		x.w.Header().Set("Retry-After", come)
		if come == "" {
			x.w.Header().Del("Retry-After")
		}
		return before, code
	}
	if wait := x.g.circuits[door.Name()].resting(x.g.parts.Clock()); wait > 0 {
		return back("door_resting")
	}
	a, err := x.reconsider(e, first, door)
	if err != nil {
		return back(chaperone.AsError(err).Code)
	}
	if door.Name() == was.door.Name() && before.reply != nil {
		x.g.parts.Pause(x.r.Context(), retryAfter(before.reply.Header))
		if x.r.Context().Err() != nil {
			_ = before.reply.Body.Close() // nobody is there to be given it
			back("")
			return attempt{err: claude.ErrClientGone}, ""
		}
	}
	// From here on the former attempt is over.
	intent, verdict := x.intent, x.way
	x.intent, x.entry, x.outcome, x.way = kept, entry, outcome, was
	if err := x.giveUp(before); err != nil {
		return attempt{err: err}, ""
	}
	x.intent, x.entry, x.outcome, x.way, x.settled = intent, nil, audit.Outcome{}, verdict, false
	x.w.Header().Set("X-Chaperone-Exchange", string(x.intent.Exchange))
	x.w.Header().Set("Request-Id", string(x.intent.Exchange))
	x.w.Header().Del("Retry-After")
	x.try(e, &a)
	return a, ""
}

// reconsider rules on the message for another door and conceals it for that one.
// It is refused where the first door would have carried less.
func (x *exchange) reconsider(e errand, first way, door Door) (attempt, error) {
	after := x.intent.What.After
	if x.entry != nil {
		after = string(x.intent.Exchange)
		x.intent.Exchange = x.g.newExchangeID()
	}
	x.intent.What.After = after
	x.intent.Where = audit.Where{Model: x.intent.Where.Model}
	x.intent.Ruling = audit.Ruling{
		PolicyVersion: x.intent.Ruling.PolicyVersion, PolicyProfile: x.intent.Ruling.PolicyProfile, RulesVersion: x.intent.Ruling.RulesVersion,
	}
	e.said.door = door.Name()
	ruling, err := x.rule(e.ask, e.said)
	if err != nil {
		return attempt{}, err
	}
	var a attempt
	if a.revealer, err = x.conceal(e.ask, e.said, ruling, e.lease); err != nil {
		return attempt{}, err
	}
	if x.verdict.LaxerThan(first.verdict) || door.Simulated() != first.door.Simulated() {
		return attempt{}, errLaxer
	}
	return a, x.afford(allowance.Asker{Door: door.Name()})
}

// errLaxer is why a door is passed over; nobody is told.
var errLaxer = errors.New("gateway: the door would carry more than the first one")

// giveUp settles an attempt after which another is made, if it came as far as an
// intent. Its answer is not read.
func (x *exchange) giveUp(a attempt) error {
	if x.entry == nil {
		return nil
	}
	x.outcome.ErrorCode = codeOf(a)
	x.g.parts.Logger.LogAttrs(x.r.Context(), slog.LevelWarn, "a door failed, and another attempt is made",
		slog.Any("exchange", x.intent.Exchange), slog.Any("fault", fault(x.outcome.ErrorCode)))
	if a.reply != nil {
		_ = a.reply.Body.Close() // what is not used is not worth an error
		return x.settle(audit.UpstreamError)
	}
	return x.settle(resultOf(x.r.Context(), true, a.err))
}

// codeOf names what was wrong with an attempt, in a closed word.
func codeOf(a attempt) string {
	switch {
	case a.err != nil:
		return chaperone.AsError(a.err).Code
	case a.reply.Status == http.StatusTooManyRequests:
		return "rate_limit_error"
	case a.reply.Status == 529:
		return "overloaded_error"
	default:
		return "api_error"
	}
}

// movable reports whether another door may be asked in place of this one: nothing
// of an answer has come, and the client is still there.
func (x *exchange) movable(a attempt) bool {
	if x.r.Context().Err() != nil {
		return false
	}
	if a.err == nil {
		return slices.Contains([]int{429, 500, 502, 503, 504, 529}, a.reply.Status)
	}
	e := chaperone.AsError(a.err)
	switch e.Code {
	case "door_resting", "door_key", "door_timeout", "door_address", "door_certificate", "door_connect_timeout",
		"door_tls", "door_unreachable", "door_broken", "door_redirect", "door_credential", "door_encoding",
		"door_clock", "door_expired", "door_region":
		return true
	}
	return false
}

// longestPause is the longest that a client is made to wait for a second try at the
// same door.
const longestPause = 2 * time.Second

// repeatable reports whether the same door may be tried once more: it was not
// reached, or it asks for a short pause. A client that counts its retries makes
// them itself, and they are not multiplied here.
func (x *exchange) repeatable(a attempt) bool {
	if x.r.Header.Get("X-Stainless-Retry-Count") != "" {
		return false
	}
	if a.err != nil {
		code := chaperone.AsError(a.err).Code
		return code == "door_unreachable" || code == "door_connect_timeout"
	}
	pause := retryAfter(a.reply.Header)
	return slices.Contains([]int{429, 503, 529}, a.reply.Status) && pause > 0 && pause <= longestPause
}

// retryAfter reads how long a door asks to be left alone, in whole seconds or in
// milliseconds; 0 where it does not say so in numbers.
func retryAfter(h http.Header) time.Duration {
	for name, unit := range map[string]time.Duration{"Retry-After-Ms": time.Millisecond, "Retry-After": time.Second} {
		if n, err := strconv.ParseUint(h.Get(name), 10, 31); err == nil && n > 0 {
			return time.Duration(n) * unit
		}
	}
	return 0
}

// retryAfter tells the client when to come again: in whole seconds, at least one.
func (x *exchange) retryAfter(wait time.Duration) {
	x.w.Header().Set("Retry-After", strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10))
}

func errResting() *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "door_resting",
		"This door has failed several times in a row and is left alone for a moment; nothing was sent",
		"Try again after the stated time", nil)
}

// noDoor says that no door took the message, and why no other was asked.
func (x *exchange) noDoor(cause error, passed []string) error {
	if x.w.Header().Get("Retry-After") == "" {
		x.retryAfter(firstRest)
	}
	if slices.Contains(passed, "outside_residency") {
		return chaperone.NewError(chaperone.KindUnavailable, "no_door_in_residency",
			"The door does not answer, and no other that answers processes text in the countries that your organisation allows",
			"Try again after the stated time; the text is not sent elsewhere", cause)
	}
	if slices.Contains(passed, "price_unknown") {
		return chaperone.NewError(chaperone.KindUnavailable, "all_doors_down",
			"The door does not answer, and another was not asked because a budget in money holds for it and its price of this model is not known",
			"Try again after the stated time, and ask your administrator to set prices for that door", cause)
	}
	return chaperone.NewError(chaperone.KindUnavailable, "all_doors_down",
		"No door that may carry this request can be reached", "Try again after the stated time", cause)
}

// pause waits as long as it is told or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
