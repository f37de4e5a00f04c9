package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
	"chaperone/internal/telemetry"
	"chaperone/phi"
)

// exchange serves one request with a walk, and ends it whatever happens on the
// way: success, refusal, disconnect, timeout and panic alike.
func (g *Gateway) exchange(action string, walk func(*exchange) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{
			g: g, action: action, w: &answer{ResponseWriter: w}, r: r, started: g.parts.Clock(),
			policy: g.policy.Load(), engine: g.engine.Load(),
		}
		x.intent.Exchange = g.newExchangeID()
		x.intent.Ruling.PolicyVersion, x.intent.Ruling.PolicyProfile = x.policy.Version(), x.policy.Name()
		x.intent.Ruling.RulesVersion = x.engine.RulesDigest()
		x.w.Header().Set("X-Chaperone-Exchange", string(x.intent.Exchange))
		x.w.Header().Set("Request-Id", string(x.intent.Exchange))
		defer func() {
			if x.w.cut {
				panic(http.ErrAbortHandler) // the server breaks the connection off
			}
		}()
		defer g.parts.Metrics.Begin()()
		defer func() { g.parts.Metrics.Settled(x.measured()) }()
		defer func() {
			if p := recover(); p != nil {
				x.crashed(panicked(p))
			}
		}()
		select {
		case g.slots <- struct{}{}:
			defer func() { <-g.slots }()
		default:
			x.w.Header().Set("Retry-After", "1") // a slot is free again after any one exchange
			x.fail(chaperone.NewError(chaperone.KindOverloaded, "busy",
				"Chaperone is serving as many requests as it may at once", "Try again in a moment", nil))
			return
		}
		if err := walk(x); err != nil {
			x.fail(err)
		}
	}
}

// measured is what the metrics count: kinds and numbers.
func (x *exchange) measured() telemetry.Exchange {
	total, mode := x.took(), x.intent.Ruling.Decision
	if mode == "" {
		mode = audit.Refused // it ended before it was ruled on
	}
	m := telemetry.Exchange{
		Outcome: string(x.outcome.Result), Mode: string(mode), Door: x.intent.Where.Door,
		Total: total, Added: max(0, total-x.waited),
		Restored: x.outcome.Restored, Unknown: x.outcome.Unknown, Brought: byKind(x.outcome.Brought),
	}
	if x.intent.Ruling.Decision == audit.Concealed {
		m.Concealed = byKind(x.intent.Ruling.Findings)
	}
	return m
}

func byKind(counts map[string]int) map[phi.Kind]int {
	kinds := map[phi.Kind]int{}
	for name, n := range counts {
		if k, ok := phi.ParseKind(name); ok {
			kinds[k] = n
		}
	}
	return kinds
}

// took is how long the exchange has lasted. A clock that stepped back in the
// meantime does not make it less than nothing.
func (x *exchange) took() time.Duration { return max(0, x.g.parts.Clock().Sub(x.started)) }

// fail records how the exchange ended, and then tells the client, if it has not
// been told anything yet. A record that cannot be written outranks what had gone
// wrong before, unless that was the record too.
func (x *exchange) fail(err error) {
	err = whyEnded(x.r.Context(), err)
	if rerr := x.tryRecord(err); rerr != nil && !strings.HasPrefix(chaperone.AsError(err).Code, "record_") {
		err = rerr
	}
	e := chaperone.AsError(err)
	x.log(e)
	if !x.w.begun() && !errors.Is(err, claude.ErrClientGone) {
		claude.WriteError(x.w, string(x.intent.Exchange), e)
	}
}

// crashed ends an exchange that crashed. A stream that had begun ends with an
// error, so that nobody takes what there is of it for the whole.
func (x *exchange) crashed(err error) {
	begun := x.w.begun()
	x.fail(err)
	if begun && strings.HasPrefix(x.w.Header().Get("Content-Type"), "text/event-stream") {
		event := append([]byte("\n\n"), claude.ErrorEvent(string(x.intent.Exchange), err)...)
		_, _ = x.w.Write(event) // a client that is gone cannot be told so
	}
}

// tryRecord is record, in which a crash is an error like any other.
func (x *exchange) tryRecord(err error) (rerr error) {
	defer func() {
		if p := recover(); p != nil {
			rerr = panicked(p)
		}
	}()
	return x.record(err)
}

// record writes down an exchange that did not end well.
func (x *exchange) record(err error) error {
	if x.settled {
		return nil
	}
	e := chaperone.AsError(err)
	var attempt *identity.Attempt
	result := resultOf(x.r.Context(), x.entry != nil, err)
	var crash *panicError
	if errors.As(err, &crash) {
		result = audit.Panicked
	}
	x.outcome.Result = result
	if errors.As(err, &attempt) {
		return x.noteAttempt(attempt)
	}
	x.outcome.ErrorCode = e.Code
	x.outcome.Status = x.w.status
	if x.outcome.Status == 0 && result != audit.ClientGone {
		x.outcome.Status = claude.StatusOf(e)
	}
	if x.entry == nil {
		return x.refused(e, result)
	}
	return x.settle(result)
}

// refused records an exchange that ends before anything could be sent: intent
// and outcome together.
func (x *exchange) refused(e *chaperone.Error, result audit.Result) error {
	if x.intent.Who.ID == "" {
		return nil // nobody was admitted, so there is nobody to record
	}
	x.intent.Sent = nil
	x.intent.Ruling.Decision = audit.Refused
	if len(x.intent.Ruling.Reasons) == 0 || result != audit.RefusedResult {
		x.intent.Ruling.Reasons = []string{"floor:" + e.Code}
	}
	if x.intent.What.Action == "" {
		x.intent.What.Action = x.action
	}
	x.outcome.Took = x.took()
	x.outcome.Received = len(x.intent.Received)
	receipt, err := x.g.parts.Log.Refuse(context.WithoutCancel(x.r.Context()), x.intent, x.outcome)
	if err != nil {
		return err
	}
	x.settled = true
	if !x.w.begun() {
		x.w.Header().Set("X-Chaperone-Receipt", receipt.String())
		x.w.Header().Set("X-Chaperone-Decision", string(audit.Refused))
	}
	return nil
}

// panicError is a crash of ours. Its text is where it happened, never what the
// values were: those may be a patient's.
type panicError struct{ where string }

func (p *panicError) Error() string { return "panic at " + p.where }

// LogValue yields the place.
func (p *panicError) LogValue() slog.Value { return slog.StringValue(p.where) }

func panicked(value any) error {
	where := "an unknown place"
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !isRuntime(f.Function) {
			where = fmt.Sprintf("%s:%d", f.Function, f.Line)
			break
		}
		if !more {
			break
		}
	}
	return chaperone.NewError(chaperone.KindInternal, "panic",
		"Something failed inside Chaperone", "Try again, and tell your administrator the request id if it stays",
		&panicError{where: fmt.Sprintf("%s (%T)", where, value)})
}

func isRuntime(function string) bool {
	return len(function) > 8 && function[:8] == "runtime." || function == "panic"
}

// fault is the code of an error in a log line. The public words stay out: some
// name a type or a place out of the request.
type fault string

// log writes one line about an exchange that did not end well: codes and
// numbers, and where a crash happened.
func (x *exchange) log(e *chaperone.Error) {
	attrs := []slog.Attr{
		slog.Any("exchange", x.intent.Exchange),
		slog.Any("result", x.outcome.Result),
		slog.Any("fault", fault(e.Code)),
		slog.Int("status", claude.StatusOf(e)),
	}
	if cause := errors.Unwrap(e); cause != nil {
		attrs = append(attrs, telemetry.Cause(cause))
	}
	var crash *panicError
	if errors.As(e, &crash) {
		attrs = append(attrs, slog.Any("at", crash))
	}
	level := slog.LevelInfo
	if claude.StatusOf(e) >= 500 && x.outcome.Result != audit.ClientGone {
		level = slog.LevelError
	}
	x.g.parts.Logger.LogAttrs(x.r.Context(), level, "exchange did not succeed", attrs...)
}
