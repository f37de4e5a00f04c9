package audit

import (
	"context"
	"errors"
	"fmt"
)

const abandonBatch = 256

// abandonOpen gives every open intent the outcome "abandoned": the process that
// made it ended before the exchange did, and nobody can say more.
func (l *Log) abandonOpen(ctx context.Context) error {
	var last *uint64
	for {
		open, err := l.cfg.Journal.Find(ctx, Match{Open: true, After: last, Limit: abandonBatch})
		if err != nil {
			return errUnavailable(fmt.Errorf("audit: open intents: %w", err))
		}
		for _, intent := range open {
			if err := l.abandon(ctx, intent); err != nil {
				return err
			}
		}
		if len(open) < abandonBatch {
			return nil
		}
		last = &open[len(open)-1].Seq
	}
}

func (l *Log) abandon(ctx context.Context, intent Row) error {
	facts, err := l.openFacts(intent)
	if err != nil {
		// An intent that does not open was tampered with. It still gets its
		// outcome; verification names it.
		facts = Facts{Version: 1, Exchange: intent.ID.String()}
	}
	r, err := l.outcomeRow(ctx, intent, facts, Outcome{Result: Abandoned})
	if err != nil {
		return errUnavailable(fmt.Errorf("audit: abandon: %w", err))
	}
	if _, err := l.append(ctx, r); err != nil && !errors.Is(err, ErrTaken) {
		return errUnavailable(fmt.Errorf("audit: abandon: %w", err))
	}
	return nil
}
