package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"chaperone"
	"chaperone/internal/audit"
)

// runner serves one receiver.
type runner struct {
	cfg   Config
	to    Receiver
	at    place
	fresh bool // nothing was checked against the record yet

	mu      sync.Mutex // guards what follows, for status
	next    uint64
	oldest  time.Time // of the rows it has not got; zero: it has all
	failing time.Time
	fault   *chaperone.Error

	stalled bool // the record says so
}

func newRunner(cfg Config, to Receiver) (*runner, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, errPlace(err)
	}
	at, known, err := loadPlace(cfg.Dir, to.Name)
	if err != nil {
		return nil, errPlace(err)
	}
	if !known {
		at = place{Log: cfg.Record.Origin(), Next: to.From.Seq}
		if to.From.Now {
			at.Next = cfg.Record.Size()
		}
		if err := at.save(cfg.Dir, to.Name); err != nil {
			return nil, errPlace(err)
		}
	}
	return &runner{cfg: cfg, to: to, at: at, fresh: true, next: at.Next}, nil
}

// run sends what is there, and waits for more, until ctx ends.
func (r *runner) run(ctx context.Context) {
	retry := r.cfg.Retry
	for ctx.Err() == nil {
		n, err := r.step(ctx)
		wait := r.cfg.Poll
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.failed(ctx, err)
			wait, retry = retry, min(2*retry, maxRetry)
		default:
			r.worked(ctx, n)
			retry = r.cfg.Retry
			if n == batch {
				wait = 0
			}
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// step sends one batch and moves the place, in this order. It returns how many
// rows went.
func (r *runner) step(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	if r.fresh {
		if err := r.check(ctx); err != nil {
			return 0, err
		}
		r.fresh = false
	}
	lines, err := r.cfg.Record.OpenRows(ctx, r.at.Next, batch)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	r.waiting(lines[0].At)
	events := make([]Event, len(lines))
	for i, line := range lines {
		if want := r.at.Next + uint64(i); line.Seq != want {
			return 0, errChanged(fmt.Errorf("export: row %d stands where %d should", line.Seq, want))
		}
		events[i] = r.cfg.Mask.Event(r.cfg.Record.Origin(), line, r.to.Approved != "")
	}
	if err := r.to.Sink.Send(ctx, events); err != nil {
		return 0, err
	}
	last := lines[len(lines)-1]
	at := place{Log: r.at.Log, Next: last.Seq + 1, Leaf: last.Leaf[:]}
	if err := at.save(r.cfg.Dir, r.to.Name); err != nil {
		return 0, errPlace(err)
	}
	r.at = at
	return len(lines), nil
}

// check compares the record with what was passed on before. A receiver is a
// witness too: what it has cannot be taken back.
func (r *runner) check(ctx context.Context) error {
	if r.at.Log != r.cfg.Record.Origin() {
		return errChanged(errors.New("export: it is another log"))
	}
	if len(r.at.Leaf) == 0 {
		return nil
	}
	lines, err := r.cfg.Record.OpenRows(ctx, r.at.Next-1, 1)
	if err != nil {
		return err
	}
	if len(lines) == 0 || lines[0].Seq != r.at.Next-1 {
		return errChanged(errors.New("export: the last row that was sent is gone"))
	}
	if !bytes.Equal(lines[0].Leaf[:], r.at.Leaf) {
		return errChanged(errors.New("export: the last row that was sent is another"))
	}
	return nil
}

func (r *runner) waiting(since time.Time) {
	r.mu.Lock()
	r.oldest = since
	r.mu.Unlock()
}

func (r *runner) worked(ctx context.Context, n int) {
	r.mu.Lock()
	since := r.failing
	r.next, r.oldest, r.failing, r.fault = r.at.Next, time.Time{}, time.Time{}, nil
	r.mu.Unlock()
	r.count(n)
	if since.IsZero() {
		return
	}
	r.cfg.Logger.LogAttrs(ctx, slog.LevelInfo, "a receiver of the record takes it again", slog.String("export", r.to.Name))
	if r.stalled {
		r.stalled = r.note(ctx, audit.ExportResumed) != nil
	}
}

func (r *runner) failed(ctx context.Context, err error) {
	fault := chaperone.AsError(err)
	now := r.cfg.Clock()
	r.mu.Lock()
	first := r.failing.IsZero()
	if first {
		r.failing = now
	}
	since := r.failing
	r.fault = fault
	r.mu.Unlock()
	r.count(0)
	if first {
		r.cfg.Logger.LogAttrs(ctx, slog.LevelError, "a receiver of the record does not take it", slog.String("export", r.to.Name),
			slog.Any("cause", fault))
	}
	if !r.stalled && now.Sub(since) >= r.cfg.Stall {
		r.stalled = r.note(ctx, audit.ExportStalled) == nil
	}
}

func (r *runner) note(ctx context.Context, kind audit.EventKind) error {
	err := r.cfg.Record.Note(ctx, audit.Event{Kind: kind, Subject: r.to.Name})
	if err != nil {
		r.cfg.Logger.LogAttrs(ctx, slog.LevelError, "that a receiver of the record stands still or goes on could not be recorded",
			slog.String("export", r.to.Name))
	}
	return err
}

func (r *runner) count(sent int) {
	if r.cfg.Meter == nil {
		return
	}
	s := r.status()
	r.cfg.Meter.Exported(r.to.Name, sent)
	r.cfg.Meter.ExportLag(r.to.Name, s.Lag, s.Behind)
	r.cfg.Meter.ExportFailing(r.to.Name, !s.Failing.IsZero())
}

func (r *runner) status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Status{Name: r.to.Name, Identified: r.to.Approved != "", Next: r.next, Failing: r.failing}
	if size := r.cfg.Record.Size(); size > r.next {
		s.Lag = size - r.next
	}
	if !r.oldest.IsZero() {
		s.Behind = max(r.cfg.Clock().Sub(r.oldest), 0)
	}
	if r.fault != nil {
		s.Error, s.Text, s.Hint = r.fault.Code, r.fault.Public, r.fault.Next
	}
	return s
}
