package audit

import (
	"context"
	"fmt"
	"time"

	"chaperone"
)

// Filter selects exchanges and notes; zero fields do not restrict.
type Filter struct {
	Tenant  string               // whose rows; empty lists the house's own events alone
	Patient chaperone.PatientRef // every exchange about this patient (AUD-09)
	Person  string               // every exchange of this principal
	Session string               // keyed pseudonym of the session, as in What.Session
	From    time.Time            // at or after
	To      time.Time            // before
	Kind    Kind                 // KindIntent for exchanges, KindNote for events; both when zero
	Before  *uint64              // places below this one; to turn the page
	Limit   int                  // at most so many; 100 when zero, at most 1,000
}

// Summary is one exchange or event as a list shows it.
type Summary struct {
	Seq      uint64   `json:"seq"`
	Exchange string   `json:"exchange,omitempty"`
	Kind     string   `json:"kind"` // "exchange" or "event"
	Ten      Ten      `json:"fields"`
	Decision Decision `json:"decision,omitempty"`
	Subject  string   `json:"subject,omitempty"` // what an event was about
	Door     string   `json:"door,omitempty"`
	Model    string   `json:"model,omitempty"`
	Damaged  bool     `json:"damaged,omitempty"` // the row does not open as it was written
}

// The limits of a query.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// Query lists exchanges and events, newest first. An intent and its outcome are
// one line. A row that does not open is listed as damaged rather than left out.
// Looking is recorded by the caller, who knows who looks: Note with
// RecordQueried.
func (l *Log) Query(ctx context.Context, f Filter) ([]Summary, error) {
	limit := min(max(f.Limit, 0), maxLimit)
	if limit == 0 {
		limit = defaultLimit
	}
	kinds := []Kind{KindIntent, KindNote}
	if f.Kind != 0 {
		kinds = []Kind{f.Kind}
	}
	var list []Summary
	for before := f.Before; len(list) < limit; {
		lists := make([][]Row, len(kinds))
		for i, kind := range kinds {
			rows, err := l.cfg.Journal.Find(ctx, l.match(f, kind, before, limit))
			if err != nil {
				return nil, errUnavailable(fmt.Errorf("audit: query: %w", err))
			}
			lists[i] = rows
		}
		rows := newestFirst(lists, limit)
		for _, row := range rows {
			s, theirs, err := l.summary(ctx, row, f.Tenant)
			if err != nil {
				return nil, err
			}
			if theirs && len(list) < limit {
				list = append(list, s)
			}
		}
		if len(rows) < limit {
			break
		}
		before = &rows[len(rows)-1].Seq
	}
	return list, nil
}

func (l *Log) match(f Filter, kind Kind, before *uint64, limit int) Match {
	m := Match{Kind: kind, From: f.From, To: f.To, After: before, Newest: true, Limit: limit}
	if !f.Patient.IsZero() {
		m.Index.Patient = l.PatientIndex(f.Tenant, f.Patient)
	}
	if f.Person != "" {
		m.Index.Person = l.PersonIndex(f.Tenant, f.Person)
	}
	if f.Session != "" {
		m.Index.Session = l.sessionIndex(f.Tenant, f.Session)
	}
	return m
}

// concerns reports whether a row is a tenant's to see: its own, and what the
// house did by itself. Rows are found by tenant only where a person or a patient
// is asked for, so the rest is decided here, from what was sealed.
func (f Facts) concerns(tenant string) bool {
	return f.Who.Tenant == tenant || f.Who.Tenant == "" && f.Note != nil
}

// newestFirst merges lists that are each newest first.
func newestFirst(lists [][]Row, limit int) []Row {
	var out []Row
	for len(out) < limit {
		best := -1
		for i, list := range lists {
			if len(list) > 0 && (best < 0 || list[0].Seq > lists[best][0].Seq) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		out = append(out, lists[best][0])
		lists[best] = lists[best][1:]
	}
	return out
}

// summary is one line, and whether it is the tenant's to see. Of a row that does
// not open, only that it does not is shown, to everybody.
func (l *Log) summary(ctx context.Context, row Row, tenant string) (_ Summary, theirs bool, _ error) {
	s := Summary{Seq: row.Seq, Kind: "event"}
	if row.Kind == KindIntent {
		s.Kind, s.Exchange = "exchange", row.ID.String()
	}
	facts, err := l.openFacts(row)
	if err != nil {
		s.Damaged = true
		s.Ten = damagedTen(row)
		return s, true, nil
	}
	if !facts.concerns(tenant) {
		return s, false, nil
	}
	outcome := facts.Outcome
	if row.Kind == KindIntent {
		o, ok, err := l.outcomeOf(ctx, row)
		if err != nil {
			return s, false, err
		}
		s.Damaged = ok && o == nil
		outcome = o
	}
	s.Ten = facts.Ten(outcome)
	s.Door, s.Model = facts.Deed.Door, facts.Deed.Model
	if facts.Note != nil {
		s.Subject = facts.Note.Subject
	}
	if facts.Ruling != nil {
		s.Decision = facts.Ruling.Decision
	}
	return s, true, nil
}

// outcomeOf finds an intent's outcome; ok says whether there is one, and the
// facts are nil if it does not open.
func (l *Log) outcomeOf(ctx context.Context, intent Row) (facts *OutcomeFacts, ok bool, err error) {
	rows, err := l.cfg.Journal.Find(ctx, Match{About: intent.ID, Kind: KindOutcome, Limit: 1})
	if err != nil {
		return nil, false, errUnavailable(fmt.Errorf("audit: query: %w", err))
	}
	if len(rows) == 0 {
		return nil, false, nil
	}
	f, err := l.openFacts(rows[0])
	if err != nil {
		return nil, true, nil
	}
	return f.Outcome, true, nil
}

// damagedWord stands in the ten fields of a row that does not open.
const damagedWord = "damaged"

func damagedTen(row Row) Ten {
	const what = damagedWord
	return Ten{
		Time: row.At.UTC().Format(time.RFC3339Nano), User: what, Role: what, Patient: what, PHI: what,
		Action: what, Result: what, Reason: what, Address: what, Status: what,
	}
}

// openFacts opens a row's facts after comparing the row with its leaf.
func (l *Log) openFacts(row Row) (Facts, error) {
	if err := row.Leaf.CheckFacts(row); err != nil {
		return Facts{}, errDamaged(err)
	}
	plain, err := l.cfg.Sealer.OpenFacts(row.ID.String(), row.Facts)
	if err != nil {
		return Facts{}, errDamaged(fmt.Errorf("audit: open: %w", err))
	}
	f, err := parseFacts(plain)
	if err != nil {
		return Facts{}, errDamaged(err)
	}
	return f, nil
}

// find yields the one row that matches.
func (l *Log) find(ctx context.Context, m Match) (Row, error) {
	m.Limit = 1
	rows, err := l.cfg.Journal.Find(ctx, m)
	if err != nil {
		return Row{}, errUnavailable(fmt.Errorf("audit: find: %w", err))
	}
	if len(rows) == 0 {
		return Row{}, errNoRecord()
	}
	return rows[0], nil
}
