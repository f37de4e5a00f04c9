package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chaperone/internal/audit"
)

// journalModel is what a journal promises, in so few lines that one can see that
// it is right: rows in the order they came, none of an id twice.
type journalModel []audit.Row

// append is audit.Journal's Append.
func (m *journalModel) append(rows ...audit.Row) (first uint64, err error) {
	for i, r := range rows {
		for seq, old := range *m {
			switch {
			case old.ID != r.ID:
			case i == 0 && old.Leaf == r.Leaf:
				return uint64(seq), nil
			default:
				return 0, audit.ErrTaken
			}
		}
	}
	first = uint64(len(*m))
	for _, r := range rows {
		r.Seq = uint64(len(*m))
		*m = append(*m, r)
	}
	return first, nil
}

// find is audit.Journal's Find, over every row.
func (m journalModel) find(q audit.Match) []uint64 {
	settled := map[audit.ID]bool{}
	for _, r := range m {
		if r.Kind == audit.KindOutcome {
			settled[r.About] = true
		}
	}
	none := [16]byte{}
	out := []uint64{}
	for n := range m {
		if q.Newest {
			n = len(m) - 1 - n
		}
		r := m[n]
		switch {
		case q.Seq != nil && r.Seq != *q.Seq,
			q.Kind != 0 && r.Kind != q.Kind,
			q.Class != "" && r.Class != q.Class,
			q.Open && (r.Kind != audit.KindIntent || settled[r.ID]),
			q.Index.Patient != none && r.Index.Patient != q.Index.Patient,
			q.Index.Person != none && r.Index.Person != q.Index.Person,
			!q.From.IsZero() && r.At.Before(q.From),
			!q.To.IsZero() && !r.At.Before(q.To),
			q.After != nil && !q.Newest && r.Seq <= *q.After,
			q.After != nil && q.Newest && r.Seq >= *q.After:
			continue
		}
		out = append(out, r.Seq)
		if len(out) == q.Limit {
			break
		}
	}
	return out
}

// JournalModel makes random histories of a journal (rows, pairs, repetitions,
// collisions, closing and opening again, questions) and holds every answer
// against the model's. open is as for Journal, but yields a journal of its own,
// empty, for every history, and reopen closes and opens that one again.
func JournalModel(t *testing.T, open func() (j audit.Journal, reopen func() audit.Journal, done func())) {
	rapid.Check(t, func(t *rapid.T) {
		j, reopen, done := open()
		defer done()
		var model journalModel
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				rows := []audit.Row{drawRow(t)}
				if rapid.Bool().Draw(t, "pair") {
					intent, outcome := intentAndOutcome(rapid.IntRange(0, 30).Draw(t, "pair of"))
					rows = []audit.Row{intent, outcome}
				}
				got, err := j.Append(context.Background(), rows...)
				want, wantErr := model.append(rows...)
				if got != want && wantErr == nil || !errors.Is(err, wantErr) || err != nil && wantErr == nil {
					t.Fatalf("Append yields %d, %v; the model %d, %v", got, err, want, wantErr)
				}
			},
			"open again": func(*rapid.T) { j = reopen() },
			"ask": func(t *rapid.T) {
				q := drawMatch(t)
				rows, err := j.Find(context.Background(), q)
				if diff := cmp.Diff(model.find(q), places(rows)); diff != "" || err != nil {
					t.Fatalf("Find %+v (-model +journal): %v\n%s", q, err, diff)
				}
			},
			"": func(t *rapid.T) {
				from := rapid.IntRange(0, len(model)).Draw(t, "from")
				leaves, err := j.Leaves(context.Background(), uint64(from), 1000)
				if err != nil || len(leaves) != len(model)-from {
					t.Fatalf("%d leaves from %d on, the model has %d rows: %v", len(leaves), from, len(model), err)
				}
				for n, leaf := range leaves {
					if leaf != model[from+n].Leaf {
						t.Fatalf("the leaf at %d is another than the model's", from+n)
					}
				}
			},
		})
	})
}

func drawRow(t *rapid.T) audit.Row {
	r := row(rapid.IntRange(0, 60).Draw(t, "row"))
	r.Index.Patient[0] = rapid.ByteRange(0, 3).Draw(t, "patient")
	r.Index.Person[0] = rapid.ByteRange(0, 3).Draw(t, "person")
	r.Leaf[1] = rapid.ByteRange(0, 1).Draw(t, "other contents")
	return r
}

func drawMatch(t *rapid.T) audit.Match {
	q := audit.Match{Newest: rapid.Bool().Draw(t, "newest"), Limit: rapid.IntRange(1, 50).Draw(t, "limit")}
	q.Open = rapid.Bool().Draw(t, "open")
	q.Index.Patient[0] = rapid.ByteRange(0, 3).Draw(t, "patient")
	q.Kind = audit.Kind(rapid.ByteRange(0, 3).Draw(t, "kind"))
	if rapid.Bool().Draw(t, "by time") {
		from := rapid.IntRange(0, 60).Draw(t, "from")
		q.From, q.To = row(from).At, row(from+20).At
	}
	if rapid.Bool().Draw(t, "after") {
		after := uint64(rapid.IntRange(0, 40).Draw(t, "after place"))
		q.After = &after
	}
	return q
}
