// Package audittest holds a journal and a sealer in memory, with faults that
// tests can turn on. Nothing in it outlives the process, and its sealer hides
// nothing from whoever holds it.
package audittest

import (
	"context"
	"slices"
	"sync"

	"chaperone/internal/audit"
)

// Journal is an audit.Journal in memory. The zero Journal is empty and ready.
type Journal struct {
	mu   sync.Mutex
	rows []audit.Row

	// Fault, if set, is asked before each Append: an error refuses it, after
	// the rows were kept if keep is true (a commit whose acknowledgement was
	// lost).
	Fault func(ctx context.Context, rows []audit.Row) (keep bool, err error)
}

var _ audit.Journal = (*Journal)(nil)

// Rows yields a copy of what is kept.
func (j *Journal) Rows() []audit.Row {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.rows)
}

// Change edits a kept row in place: a tampering hand.
func (j *Journal) Change(seq uint64, edit func(*audit.Row)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	edit(&j.rows[seq])
}

// Truncate forgets the rows from a place on.
func (j *Journal) Truncate(seq uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rows = j.rows[:seq]
}

// Append implements audit.Journal.
func (j *Journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	var lost error
	if j.Fault != nil {
		keep, err := j.Fault(ctx, rows)
		if err != nil && !keep {
			return 0, err
		}
		lost = err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, r := range rows {
		at := slices.IndexFunc(j.rows, func(k audit.Row) bool { return k.ID == r.ID })
		if at < 0 {
			continue
		}
		if i > 0 || j.rows[at].Leaf != r.Leaf {
			return 0, audit.ErrTaken
		}
		return uint64(at), lost
	}
	first := uint64(len(j.rows))
	for i, r := range rows {
		r.Seq = first + uint64(i)
		j.rows = append(j.rows, r)
	}
	return first, lost
}

// Leaves implements audit.Journal.
func (j *Journal) Leaves(_ context.Context, from uint64, limit int) ([]audit.Leaf, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []audit.Leaf
	for i := from; i < uint64(len(j.rows)) && len(out) < limit; i++ {
		out = append(out, j.rows[i].Leaf)
	}
	return out, nil
}

// Content implements audit.Journal.
func (j *Journal) Content(_ context.Context, seq uint64) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if seq >= uint64(len(j.rows)) {
		return nil, nil
	}
	return j.rows[seq].Content, nil
}

// Find implements audit.Journal.
func (j *Journal) Find(_ context.Context, m audit.Match) ([]audit.Row, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	closed := map[audit.ID]bool{}
	for _, r := range j.rows {
		if r.Kind == audit.KindOutcome {
			closed[r.About] = true
		}
	}
	var out []audit.Row
	for _, r := range j.rows {
		if matches(r, m) && (!m.Open || r.Kind == audit.KindIntent && !closed[r.ID]) {
			r.Content = nil
			out = append(out, r)
		}
	}
	if m.Newest {
		slices.Reverse(out)
	}
	limit := m.Limit
	if limit == 0 {
		limit = 1000
	}
	return out[:min(len(out), limit)], nil
}

func matches(r audit.Row, m audit.Match) bool {
	same := func(want, got [16]byte) bool { return want == [16]byte{} || want == got }
	switch {
	case m.Seq != nil && r.Seq != *m.Seq,
		!m.About.IsZero() && r.About != m.About,
		m.Kind != 0 && r.Kind != m.Kind,
		m.Class != "" && r.Class != m.Class,
		!same(m.Index.Patient, r.Index.Patient), !same(m.Index.Person, r.Index.Person), !same(m.Index.Session, r.Index.Session),
		!m.From.IsZero() && r.At.Before(m.From),
		!m.To.IsZero() && !r.At.Before(m.To):
		return false
	}
	if m.After == nil {
		return true
	}
	if m.Newest {
		return r.Seq < *m.After
	}
	return r.Seq > *m.After
}
