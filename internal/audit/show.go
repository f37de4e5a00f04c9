package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"chaperone"
)

// Full is everything the record holds about an exchange or event, opened.
type Full struct {
	Ten     Ten
	Intent  *Record // nil for a note
	Outcome *Record // nil while an exchange has not ended
	Note    *Record // nil for an exchange
}

// Concerns reports whether this is a tenant's to see: its own, or an event of the
// house itself.
func (f *Full) Concerns(tenant string) bool {
	for _, r := range []*Record{f.Intent, f.Note} {
		if r != nil {
			return r.Facts.concerns(tenant)
		}
	}
	return false
}

// Record is one row, opened.
type Record struct {
	Seq     uint64
	ID      ID
	Class   string
	Facts   Facts
	Receipt string
	Content map[string]Content // by name: "reason", "received", "sent", "answered", "delivered", "detail"
	Gone    bool               // there was content, and its key was destroyed
}

// Show opens one exchange or event: by the exchange's id, or by the place of
// any of its rows. Looking is recorded by the caller: Note with RecordRead. The
// error is a *chaperone.Error: record_not_found, record_damaged,
// record_unavailable.
func (l *Log) Show(ctx context.Context, which string) (*Full, error) {
	var m Match
	if id, err := ParseID(which); err == nil {
		m.About = id
	} else if seq, err := strconv.ParseUint(which, 10, 64); err == nil {
		m.Seq = &seq
	} else {
		return nil, errNoRecord()
	}
	row, err := l.find(ctx, m)
	if err != nil {
		return nil, err
	}
	if row.Kind == KindNote {
		note, err := l.open(ctx, row)
		if err != nil {
			return nil, err
		}
		return &Full{Ten: note.Facts.Ten(note.Facts.Outcome), Note: note}, nil
	}
	return l.showExchange(ctx, row.About)
}

func (l *Log) showExchange(ctx context.Context, about ID) (*Full, error) {
	rows, err := l.cfg.Journal.Find(ctx, Match{About: about, Limit: 2})
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: show: %w", err))
	}
	full := &Full{}
	for _, row := range rows {
		record, err := l.open(ctx, row)
		if err != nil {
			return nil, err
		}
		if row.Kind == KindIntent {
			full.Intent = record
		} else {
			full.Outcome = record
		}
	}
	if full.Intent == nil {
		return nil, errNoRecord()
	}
	var outcome *OutcomeFacts
	if full.Outcome != nil {
		outcome = full.Outcome.Facts.Outcome
	}
	full.Ten = full.Intent.Facts.Ten(outcome)
	return full, nil
}

// open opens a row, comparing all it holds with its leaf and its digests.
func (l *Log) open(ctx context.Context, row Row) (*Record, error) {
	facts, err := l.openFacts(row)
	if err != nil {
		return nil, err
	}
	r := &Record{Seq: row.Seq, ID: row.ID, Class: row.Class, Facts: facts}
	receipt, err := l.receipt(row)
	if err != nil {
		return nil, errUnavailable(err)
	}
	r.Receipt = receipt.String()
	if row.Content, err = l.cfg.Journal.Content(ctx, row.Seq); err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: content: %w", err))
	}
	if err := row.Leaf.Check(row); err != nil {
		return nil, errDamaged(err)
	}
	if row.KeyID == "" {
		return r, nil
	}
	blob, err := l.cfg.Sealer.OpenContent(ctx, row.ID.String(), contentKind, row.KeyID, row.Content)
	if own, ok := errors.AsType[*chaperone.Error](err); ok && own.Kind == chaperone.KindNotFound {
		r.Gone = true
		return r, nil
	}
	if err != nil {
		return nil, errDamaged(fmt.Errorf("audit: content: %w", err))
	}
	if r.Content, err = split(blob, facts.Parts); err != nil {
		return nil, errDamaged(err)
	}
	return r, nil
}

// MarshalJSON shows a record without its content's words: digests and lengths
// are in its facts. Whoever must show the words takes them from Content by name.
func (r Record) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Seq     uint64 `json:"seq"`
		ID      string `json:"id"`
		Class   string `json:"class"`
		Facts   Facts  `json:"facts"`
		Receipt string `json:"receipt"`
		Gone    bool   `json:"content_gone,omitempty"`
	}{r.Seq, r.ID.String(), r.Class, r.Facts, r.Receipt, r.Gone})
}
