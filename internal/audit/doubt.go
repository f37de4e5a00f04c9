package audit

import (
	"context"
	"errors"
	"sync"
)

// What could not be written is remembered here, so that it is on the record once
// the journal works again: an intent that was answered with 503 and an outcome
// that was cut off are events too. The list is bounded; what does not fit is
// covered at the next start, if its intent reached the journal at all.
const (
	maxDoubts     = 256
	maxDoubtBytes = 32 << 20
)

type doubtful struct {
	intent Row
	facts  Facts
	write  bool // the intent itself may be missing
}

type doubts struct {
	mu    sync.Mutex
	list  []doubtful
	bytes int
}

func (l *Log) doubt(intent Row, facts Facts, write bool) {
	d := &l.doubtful
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.list) >= maxDoubts || d.bytes+len(intent.Content) > maxDoubtBytes {
		return
	}
	d.bytes += len(intent.Content)
	d.list = append(d.list, doubtful{intent, facts, write})
}

// mend is called by the integrator now and then. It writes what is in doubt and,
// after trouble, a note that says recording has resumed; that note is what
// makes the log ready again when nothing else is asked of it.
func (l *Log) mend(ctx context.Context) {
	if l.stopped() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Wait) // nobody waits for it, so it may be patient
	defer cancel()
	if l.trouble.Load() != nil && l.note(ctx, Event{Kind: RecordResumed}) != nil {
		return
	}
	if l.stepped.Swap(false) && l.note(ctx, Event{Kind: ClockBack}) != nil {
		l.stepped.Store(true)
		return
	}
	for {
		d, ok := l.firstDoubt()
		if !ok || l.clear(ctx, d) != nil {
			return
		}
		l.dropDoubt(d)
	}
}

// clear gives a doubtful exchange its rows. Ids make every step repeatable.
func (l *Log) clear(ctx context.Context, d doubtful) error {
	if d.write {
		if _, err := l.append(ctx, d.intent); err != nil && !errors.Is(err, ErrTaken) {
			return err
		}
	}
	o, err := l.outcomeRow(ctx, d.intent, d.facts, Outcome{Result: Failed, ErrorCode: "record_unavailable"})
	if err != nil {
		return err
	}
	if _, err := l.append(ctx, o); err != nil && !errors.Is(err, ErrTaken) {
		return err
	}
	return nil
}

func (l *Log) firstDoubt() (doubtful, bool) {
	l.doubtful.mu.Lock()
	defer l.doubtful.mu.Unlock()
	if len(l.doubtful.list) == 0 {
		return doubtful{}, false
	}
	return l.doubtful.list[0], true
}

func (l *Log) dropDoubt(d doubtful) {
	l.doubtful.mu.Lock()
	defer l.doubtful.mu.Unlock()
	l.doubtful.list = l.doubtful.list[1:]
	l.doubtful.bytes -= len(d.intent.Content)
}

// recovered is called when something became durable.
func (l *Log) recovered() {
	if e := l.trouble.Load(); e != nil && e.Code != codeMismatch {
		l.trouble.CompareAndSwap(e, nil)
	}
}
