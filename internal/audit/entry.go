package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"chaperone"
)

// Entry is an intent that is durable and waits for its outcome.
type Entry struct {
	log     *Log
	intent  Row
	facts   Facts
	receipt Receipt

	mu      sync.Mutex
	settled bool
}

// Intend records what is about to happen. When it returns an entry, the intent
// is durable, and only then may a byte leave (AUD-03). When it returns an
// error, nothing may be sent: a *chaperone.Error of KindUnavailable with code
// record_unavailable (the disk, the key table or the time was lacking), of
// KindInternal with code record_intent_invalid (the exchange id is not a UUID
// or was used before), record_tree_mismatch, or that of Config.Vouched. An intent that was refused for
// lack of a record is recorded, with the outcome "failed", once recording works
// again.
//
// Intend, Refuse, Settle and Note outlive ctx's cancellation, because a client
// that left is an event too; they wait no longer than the log's Wait, a tenth of
// it while recording does not work, and a second more for each 8 MiB of content.
func (l *Log) Intend(ctx context.Context, i Intent) (*Entry, error) {
	ctx, cancel := l.patience(ctx, i.Received, i.Sent)
	defer cancel()
	if err := l.vouched(); err != nil {
		return nil, err
	}
	r, facts, err := l.intentRow(ctx, i)
	if err != nil {
		return nil, l.failed(err)
	}
	seq, err := l.append(ctx, r)
	if errors.Is(err, ErrTaken) {
		return nil, errIntent(err)
	}
	if err != nil {
		l.doubt(r, facts, true)
		return nil, l.failed(err)
	}
	r.Seq, r.Content, r.Facts = seq, nil, nil
	e := &Entry{log: l, intent: r, facts: facts}
	if e.receipt, err = l.receipt(r); err != nil {
		l.doubt(r, facts, false)
		return nil, l.failed(err)
	}
	return e, nil
}

// Refuse records an exchange that will not happen: its intent and its outcome
// together, both or neither.
func (l *Log) Refuse(ctx context.Context, i Intent, o Outcome) (Receipt, error) {
	ctx, cancel := l.patience(ctx, i.Received, i.Sent)
	defer cancel()
	intent, facts, err := l.intentRow(ctx, i)
	if err != nil {
		return Receipt{}, l.failed(err)
	}
	outcome, err := l.outcomeRow(ctx, intent, facts, o)
	if err != nil {
		return Receipt{}, l.failed(err)
	}
	seq, err := l.append(ctx, intent, outcome)
	if errors.Is(err, ErrTaken) {
		return Receipt{}, errIntent(err)
	}
	if err != nil {
		l.doubt(intent, facts, true)
		return Receipt{}, l.failed(err)
	}
	intent.Seq = seq
	return l.receipt(intent)
}

// Settle records how the exchange ended. It is done when it returns nil; before
// that, the last event of an answer must not be released. Settling again
// changes nothing: an intent has exactly one outcome, the first that became
// durable. After an error it may be
// called again, with another outcome if things have changed; if nobody does,
// the log records "failed" as soon as it can.
func (e *Entry) Settle(ctx context.Context, o Outcome) error {
	ctx, cancel := e.log.patience(ctx, o.Answered, o.Delivered)
	defer cancel()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.settled {
		return nil
	}
	r, err := e.log.outcomeRow(ctx, e.intent, e.facts, o)
	if err == nil {
		_, err = e.log.append(ctx, r)
	}
	if err != nil && !errors.Is(err, ErrTaken) {
		e.log.doubt(e.intent, e.facts, false)
		return e.log.failed(err)
	}
	e.settled = true
	return nil
}

// Receipt proves what was recorded, before the tree covers it.
func (e *Entry) Receipt() Receipt { return e.receipt }

// Seq is the intent's place in the record.
func (e *Entry) Seq() uint64 { return e.intent.Seq }

// perSecond is how much content is granted another second of waiting, in bytes:
// slow for a disk, so that a large request is not refused for its size.
const perSecond = 8 << 20

// inTrouble is the share of the usual wait that is left to a request while
// recording does not work: it is tried, because the disk may be back, but
// nobody is kept waiting for what most likely fails.
const inTrouble = 10

// patience is how long the journal is waited for.
func (l *Log) patience(ctx context.Context, contents ...Content) (context.Context, context.CancelFunc) {
	wait := l.cfg.Wait
	if l.Ready() != nil {
		wait /= inTrouble
	}
	for _, c := range contents {
		wait += time.Duration(len(c)/perSecond) * time.Second
	}
	return context.WithTimeout(context.WithoutCancel(ctx), wait)
}

func (l *Log) intentRow(ctx context.Context, i Intent) (Row, Facts, error) {
	id, err := exchangeID(i.Exchange)
	if err != nil {
		return Row{}, Facts{}, errIntent(err)
	}
	switch i.Ruling.Decision {
	case Identified, Concealed, Clean, Refused:
	default:
		return Row{}, Facts{}, errIntent(errors.New("audit: the decision is none of the closed list"))
	}
	facts := i.facts(stamp(l.cfg.Clock()))
	r, err := l.row(ctx, draft{
		id: id, about: id, kind: KindIntent, class: string(i.Ruling.Decision), index: l.index(i), facts: facts,
		content: []named{{"reason", i.Why.Reason}, {"received", i.Received}, {"sent", i.Sent}},
	})
	return r, facts, err
}

// outcomeRow repeats who and what, so that an outcome can be read by itself.
func (l *Log) outcomeRow(ctx context.Context, intent Row, facts Facts, o Outcome) (Row, error) {
	if !o.Result.known() {
		o.Result = Failed
	}
	facts.Ruling, facts.Parts, facts.Outcome = nil, nil, o.facts()
	return l.row(ctx, draft{
		id: OutcomeID(intent.ID), about: intent.ID, kind: KindOutcome, class: string(o.Result),
		index: intent.Index, facts: facts,
		content: []named{{"answered", o.Answered}, {"delivered", o.Delivered}},
	})
}

// index makes the keyed hashes. The tenant is part of each, so that equal
// numbers of two organisations do not meet.
func (l *Log) index(i Intent) Index {
	var x Index
	if !i.Why.Patient.IsZero() {
		x.Patient = l.PatientIndex(i.Who.Tenant, i.Why.Patient)
	}
	if i.Who.ID != "" {
		x.Person = l.PersonIndex(i.Who.Tenant, i.Who.ID)
	}
	if i.What.Session != "" {
		x.Session = l.sessionIndex(i.Who.Tenant, i.What.Session)
	}
	return x
}

// PatientIndex is the keyed hash under which a patient's records are found.
func (l *Log) PatientIndex(tenant string, p chaperone.PatientRef) [16]byte {
	return l.cfg.Index("patient", tenant+"\x00"+p.Expose())
}

// PersonIndex is the keyed hash under which a principal's records are found.
func (l *Log) PersonIndex(tenant, person string) [16]byte {
	return l.cfg.Index("person", tenant+"\x00"+person)
}

func (l *Log) sessionIndex(tenant, session string) [16]byte {
	return l.cfg.Index("session", tenant+"\x00"+session)
}

// failed notes that recording does not work now and yields the error to return.
func (l *Log) failed(cause error) *chaperone.Error {
	if own, ok := errors.AsType[*chaperone.Error](cause); ok && own.Kind != chaperone.KindUnavailable {
		return own
	} else if ok && own.Code == codeMismatch {
		return own
	}
	e := errUnavailable(fmt.Errorf("audit: record: %w", cause))
	l.trouble.CompareAndSwap(nil, e)
	return e
}
