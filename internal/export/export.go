// Package export passes the record on to whoever must see it: a SIEM, a FHIR
// audit repository, a file. It owns the forms in which a record leaves, what of
// it may leave, and how far each receiver has got.
//
// Each receiver gets every row in the order of the record, at least once: its
// place is moved, durably, only after it has acknowledged. A duplicate has the
// same place and id as the first. A receiver that is down holds up nobody but
// itself; it is tried again and again, and its lag is counted and recorded.
//
// It refuses to let identifying fields out to a receiver that was not approved
// for them, to skip a row, and to go on where the record is no longer the one
// that was passed on before.
package export

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"chaperone/internal/audit"
)

// Record is where the rows come from; audit.Log is one.
type Record interface {
	OpenRows(ctx context.Context, from uint64, limit int) ([]audit.OpenRow, error)
	Origin() string
	Size() uint64
	Note(ctx context.Context, e audit.Event) error
}

// Sink is the way to a receiver. Send returns nil once the receiver has taken
// over all events; after an error, some may have arrived, and all are sent again.
type Sink interface {
	Send(ctx context.Context, events []Event) error
	Close() error
}

// Receiver is somebody to whom the record is passed on.
type Receiver struct {
	Name     string
	Sink     Sink
	Approved string // who approved it for identifying fields; empty: nobody, and none are sent
	From     Start  // where a receiver begins that has got nothing yet
}

// Start says where a new receiver begins.
type Start struct {
	Now bool   // with what is recorded from now on
	Seq uint64 // else with this place; 0 is the beginning
}

// Config says what an Exporter is made of. Record, Mask and Dir are needed.
type Config struct {
	Record    Record
	Mask      Mask
	Dir       string // where each receiver's place is kept; made if it is not there
	Receivers []Receiver
	Meter     Meter        // nil: nothing is counted
	Logger    *slog.Logger // nil: nothing is logged
	Clock     func() time.Time

	Poll    time.Duration // how often to look for new rows; 1 s when zero
	Retry   time.Duration // the first pause after a failure, doubled up to a minute; 1 s when zero
	Timeout time.Duration // for one batch; 1 min when zero
	Stall   time.Duration // failing for so long is recorded; 1 min when zero
}

// Meter counts. telemetry has one.
type Meter interface {
	Exported(name string, n int)
	ExportLag(name string, records uint64, behind time.Duration)
	ExportFailing(name string, failing bool)
}

// The limits of an exporter.
const (
	batch    = 256 // rows sent at once
	maxRetry = time.Minute
)

// Exporter passes the record on until it is closed.
type Exporter struct {
	runners []*runner
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

// Open notes in the record to whom it is passed on and in which form, and begins.
// The error is a *chaperone.Error: record_unavailable, or export_place when a
// receiver's place cannot be kept.
func Open(ctx context.Context, cfg Config) (*Exporter, error) {
	cfg = cfg.withDefaults()
	x := &Exporter{}
	for _, to := range cfg.Receivers {
		r, err := newRunner(cfg, to)
		if err != nil {
			return nil, errors.Join(err, x.Close())
		}
		x.runners = append(x.runners, r)
		if err := cfg.Record.Note(ctx, audit.Event{Kind: audit.ExportOpened, Subject: to.Name + ":" + to.form()}); err != nil {
			return nil, errors.Join(err, x.Close())
		}
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	x.cancel = cancel
	for _, r := range x.runners {
		x.done.Go(func() { r.run(running) })
	}
	return x, nil
}

// form is the word in the record for what a receiver gets.
func (to Receiver) form() string {
	if to.Approved != "" {
		return "identified"
	}
	return "pseudonyms"
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&c.Poll, time.Second)
	set(&c.Retry, time.Second)
	set(&c.Timeout, time.Minute)
	set(&c.Stall, time.Minute)
	if c.Clock == nil {
		c.Clock = time.Now //nolint:forbidigo // the default of an injected clock
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// Close ends what is under way and closes every sink. What was not acknowledged
// is sent at the next start.
func (x *Exporter) Close() error {
	if x.cancel != nil {
		x.cancel()
	}
	x.done.Wait()
	var err error
	for _, r := range x.runners {
		err = errors.Join(err, r.to.Sink.Close())
	}
	return err
}

// Status says how each receiver stands, in the order of the configuration.
func (x *Exporter) Status() []Status {
	list := make([]Status, 0, len(x.runners))
	for _, r := range x.runners {
		list = append(list, r.status())
	}
	return list
}

// Status is how a receiver stands.
type Status struct {
	Name       string        `json:"name"`
	Identified bool          `json:"identified"`
	Next       uint64        `json:"next"`   // the place that it gets next
	Lag        uint64        `json:"lag"`    // rows it has not got
	Behind     time.Duration `json:"behind"` // age of the oldest of them, in nanoseconds
	Failing    time.Time     `json:"failing_since,omitzero"`
	Error      string        `json:"error,omitempty"` // code of the last failure
	Text       string        `json:"text,omitempty"`  // the same in words
	Hint       string        `json:"next_step,omitempty"`
}
