package gateway

import (
	"context"
	"errors"
	"strings"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
)

// revealer is deid's Revealer in the words that package claude asks for.
type revealer struct{ *deid.Revealer }

// Scan finds the live placeholders in buf and how much of its end may still
// become one.
func (r revealer) Scan(buf string) ([]claude.Span, int) {
	hits, hold := r.Revealer.Scan(buf)
	if len(hits) == 0 {
		return nil, hold
	}
	spans := make([]claude.Span, len(hits))
	for i, h := range hits {
		spans[i] = claude.Span{Start: h.Start, End: h.End, Value: h.Value.Expose()}
	}
	return spans, hold
}

// asItIs restores nothing: the answer to a request that went out as it was.
type asItIs struct{}

func (asItIs) Reveal(text string) string        { return text }
func (asItIs) Scan(string) ([]claude.Span, int) { return nil, 0 }

// deliver restores the answer on its way to the client and settles before its
// end is released: steps 8 and 9. l is nil where nothing can need replaying.
func (x *exchange) deliver(reply *claude.Reply, rv claude.Revealer, l *lease) error {
	var answered, delivered tape
	var forgot error // thinking that could not be remembered
	opt := claude.CopyOptions{
		RequestID: string(x.intent.Exchange),
		Answered:  &answered, Delivered: &delivered,
		MaxAnswer: mostTaped,
		Geo:       x.geo,
		BeforeLast: func(d claude.Delivery) error {
			x.delivered(d, rv, &answered, &delivered)
			err := forgot
			if err == nil {
				err = x.holdMade(answered.kept, l)
			}
			if err == nil {
				err = x.settle(x.ended(d))
			}
			if err != nil {
				delivered.withdraw() // the end is not released
			}
			return err
		},
	}
	if l != nil {
		opt.Locate = locator(claude.Documents(x.intent.Sent), l.session)
		replay := x.g.newReplay(context.WithoutCancel(x.r.Context()), l.id)
		opt.Thinking = func(shown, original string) {
			if err := replay.keep(shown, original); err != nil && forgot == nil {
				forgot = err
			}
		}
	}
	hears := rv
	if x.hearing != nil && reply.Status < 400 {
		hears, opt.Said = x.hearing.around(rv), x.hearing.listen
	}
	d, err := reply.CopyText(x.w, hears, opt)
	if !x.settled {
		x.delivered(d, rv, &answered, &delivered)
	}
	if d.Fault != nil && d.Fault.Code == "residency_echo" {
		return errors.Join(err, x.noteOutOfPlace(d.Status))
	}
	return err
}

// delivered takes down what is known of the answer so far.
func (x *exchange) delivered(d claude.Delivery, rv claude.Revealer, answered, delivered *tape) {
	o := &x.outcome
	o.Status = d.Status
	o.Upstream.RequestID = d.UpstreamRequestID
	o.Upstream.Model = d.Model
	o.Upstream.Region = d.Geo
	o.Upstream.StopReason = d.StopReason
	x.priced(d)
	o.Answered, o.Delivered = answered.kept, delivered.kept
	if x.hearing != nil {
		o.Brought, o.Withheld = x.hearing.brought(), x.hearing.withheld
	}
	if r, ok := rv.(counts); ok {
		o.Restored, o.Unknown = r.Restored(), r.Unknown()
	}
}

// ended names how an answer that has an end has ended.
func (x *exchange) ended(d claude.Delivery) audit.Result {
	switch {
	case d.Fault != nil:
		x.outcome.ErrorCode = d.Fault.Code
		return resultOf(x.r.Context(), true, d.Fault)
	case d.ErrorType != "":
		x.outcome.ErrorCode = d.ErrorType
		return audit.UpstreamError
	default:
		return audit.OK
	}
}

// refusedAtDoor reports whether the door itself refused a call, of which then
// nothing has left: another model, profile or version than it is set to.
func refusedAtDoor(e *chaperone.Error) bool {
	refuses := e.Kind == chaperone.KindInvalid || e.Kind == chaperone.KindForbidden || e.Kind == chaperone.KindNotFound
	return refuses && strings.HasPrefix(e.Code, "door_")
}

// neverReached reports whether a call ended before a byte of it left: the client is
// told that nothing was sent, and the record says the same.
func neverReached(code string) bool {
	switch code {
	case "door_key", "door_address", "door_certificate", "door_connect_timeout", "door_tls", "door_unreachable":
		return true
	}
	return false
}

// resultOf names how an exchange that did not end well has ended.
func resultOf(ctx context.Context, sent bool, err error) audit.Result {
	e := chaperone.AsError(err)
	switch {
	case e.Code == "request_body_timeout": // the server has given the connection up by then
		return audit.Timeout
	case errors.Is(err, claude.ErrClientGone), errors.Is(context.Cause(ctx), context.Canceled):
		return audit.ClientGone
	case !sent && e.Kind != chaperone.KindInternal && e.Kind != chaperone.KindUnavailable:
		return audit.RefusedResult
	case refusedAtDoor(e):
		return audit.RefusedResult
	case e.Kind == chaperone.KindTimeout:
		return audit.Timeout
	case e.Code == "upstream_truncated", e.Code == "door_cut":
		return audit.Truncated
	case e.Kind == chaperone.KindUpstream, sent && strings.HasPrefix(e.Code, "door_"):
		return audit.UpstreamError
	default:
		return audit.Failed
	}
}
