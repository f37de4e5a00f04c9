package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// OpenRow is one row of the record as it is passed on to others: its facts, opened,
// and the hash of its leaf. It has no content.
type OpenRow struct {
	Seq     uint64
	ID      ID
	At      time.Time
	Kind    Kind
	Class   string   // decision of an intent, result of an outcome, kind of a note
	Leaf    [32]byte // hash of the leaf as the tree and the receipts have it
	Facts   Facts    // of an outcome, with the ruling of its intent
	Damaged bool     // the row does not open as it was written; Facts is zero
}

// Origin is the name of the log in its checkpoints.
func (l *Log) Origin() string { return l.cfg.Origin }

// OpenRows reads the record in its own order from a place on, at most limit rows;
// fewer at the end, none beyond it. A row that does not open is a line that says
// so, never left out. The error is a *chaperone.Error: record_unavailable.
func (l *Log) OpenRows(ctx context.Context, from uint64, limit int) ([]OpenRow, error) {
	m := Match{Limit: limit}
	if from > 0 {
		before := from - 1
		m.After = &before
	}
	rows, err := l.cfg.Journal.Find(ctx, m)
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: open rows: %w", err))
	}
	rulings := map[ID]*RulingFacts{}
	out := make([]OpenRow, 0, len(rows))
	for _, row := range rows {
		line := OpenRow{
			Seq: row.Seq, ID: row.ID, At: row.At, Kind: row.Kind, Class: row.Class,
			Leaf: tlog.RecordHash(row.Leaf[:]),
		}
		facts, err := l.openFacts(row)
		if err != nil {
			line.Damaged = true
			out = append(out, line)
			continue
		}
		switch row.Kind {
		case KindIntent:
			rulings[row.ID] = facts.Ruling
		case KindOutcome:
			if facts.Ruling, err = l.rulingOf(ctx, row.About, rulings); err != nil {
				return nil, err
			}
		}
		line.Facts = facts
		out = append(out, line)
	}
	return out, nil
}

// rulingOf is the ruling of an intent: one of those just read, or looked up. It
// is nil if the intent does not open.
func (l *Log) rulingOf(ctx context.Context, about ID, known map[ID]*RulingFacts) (*RulingFacts, error) {
	if r, ok := known[about]; ok {
		return r, nil
	}
	rows, err := l.cfg.Journal.Find(ctx, Match{About: about, Kind: KindIntent, Limit: 1})
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: open rows: %w", err))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	facts, err := l.openFacts(rows[0])
	if err != nil {
		return nil, nil //nolint:nilerr // the intent is damaged, and its own line says so
	}
	return facts.Ruling, nil
}
