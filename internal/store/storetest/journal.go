// Package storetest proves drivers: one suite for each thing that is kept, run
// by every driver against its own files or server. What the suite asks is what
// the interfaces promise, no more.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"chaperone/internal/audit"
)

// Journal runs the suite of audit.Journal. open opens the same journal each
// time it is called within one test; close closes what it opened.
func Journal(t *testing.T, open func(t *testing.T) (j audit.Journal, close func() error)) {
	for name, test := range map[string]func(*testing.T, audit.Journal){
		"places are dense and in order under 64 writers":     journalDense,
		"the same row again changes nothing":                 journalIdempotent,
		"an id that is taken is refused and changes nothing": journalTaken,
		"rows appended together stand together":              journalTogether,
		"rows come back as they were":                        journalSame,
		"rows are found by each thing that is indexed":       journalFind,
		"open intents are those without an outcome":          journalOpen,
		"a context that has ended writes nothing":            journalEnded,
	} {
		t.Run(name, func(t *testing.T) {
			j, done := open(t)
			defer func() {
				if err := done(); err != nil {
					t.Error(err)
				}
			}()
			test(t, j)
		})
	}
	t.Run("everything acknowledged is there after reopening", func(t *testing.T) {
		j, done := open(t)
		for n := range 10 {
			appendRows(t, j, row(n))
		}
		if err := done(); err != nil {
			t.Fatal(err)
		}
		j, done = open(t)
		defer done()
		if leaves, err := j.Leaves(t.Context(), 0, 100); err != nil || len(leaves) != 10 {
			t.Fatalf("%d leaves, %v", len(leaves), err)
		}
		if at := appendRows(t, j, row(10)); at != 10 {
			t.Errorf("the next row stands at %d", at)
		}
	})
}

// row is a well-formed row that differs for each n.
func row(n int) audit.Row {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
	r := audit.Row{
		ID: audit.ID(sum[:16]), At: time.UnixMicro(1_790_000_000_000_000 + int64(n)).UTC(),
		Kind: audit.KindNote, Class: "key.created", Facts: sum[:], KeyID: "k",
		Content: bytes.Repeat([]byte{byte(n)}, 300),
	}
	copy(r.Leaf[:], sum[:])
	return r
}

func intentAndOutcome(n int) (intent, outcome audit.Row) {
	intent, outcome = row(n), row(n+1)
	intent.Kind, intent.About, intent.Class = audit.KindIntent, intent.ID, "concealed"
	outcome.Kind, outcome.About, outcome.Class = audit.KindOutcome, intent.ID, "ok"
	return intent, outcome
}

func appendRows(t *testing.T, j audit.Journal, rows ...audit.Row) uint64 {
	t.Helper()
	at, err := j.Append(t.Context(), rows...)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func find(t *testing.T, j audit.Journal, m audit.Match) []audit.Row {
	t.Helper()
	rows, err := j.Find(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func places(rows []audit.Row) []uint64 {
	out := []uint64{}
	for _, r := range rows {
		out = append(out, r.Seq)
	}
	return out
}

func journalDense(t *testing.T, j audit.Journal) {
	const writers, each = 64, 20
	var mu sync.Mutex
	at := map[uint64]audit.Leaf{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				r := row(w*each + n)
				seq, err := j.Append(context.Background(), r)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if _, twice := at[seq]; twice {
					t.Errorf("place %d was given twice", seq)
				}
				at[seq] = r.Leaf
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	leaves, err := j.Leaves(t.Context(), 0, 2*writers*each)
	if err != nil || len(leaves) != writers*each {
		t.Fatalf("%d leaves, %v", len(leaves), err)
	}
	for seq, leaf := range leaves {
		if at[uint64(seq)] != leaf {
			t.Errorf("place %d holds another row than was acknowledged", seq)
		}
	}
	if some, err := j.Leaves(t.Context(), 1270, 5); err != nil || len(some) != 5 || some[0] != leaves[1270] {
		t.Errorf("five from 1270: %d, %v", len(some), err)
	}
	if none, err := j.Leaves(t.Context(), 5000, 5); err != nil || len(none) != 0 {
		t.Errorf("beyond the end: %d, %v", len(none), err)
	}
}

func journalIdempotent(t *testing.T, j audit.Journal) {
	appendRows(t, j, row(0))
	a, b := row(1), row(2)
	first := appendRows(t, j, a, b)
	if again := appendRows(t, j, a, b); again != first {
		t.Errorf("at %d first, at %d again", first, again)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if at, err := j.Append(context.Background(), row(3)); err != nil || at != 3 {
				t.Errorf("at %d, %v", at, err)
			}
		})
	}
	wg.Wait()
	if rows := find(t, j, audit.Match{}); len(rows) != 4 {
		t.Errorf("%d rows", len(rows))
	}
}

func journalTaken(t *testing.T, j audit.Journal) {
	r := row(0)
	appendRows(t, j, r)
	r.Leaf[0] ^= 1
	if _, err := j.Append(t.Context(), r); !errors.Is(err, audit.ErrTaken) {
		t.Errorf("another leaf under the same id: %v", err)
	}
	if _, err := j.Append(t.Context(), row(1), row(0)); !errors.Is(err, audit.ErrTaken) {
		t.Errorf("a second row that is there already: %v", err)
	}
	if rows := find(t, j, audit.Match{}); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
}

func journalTogether(t *testing.T, j audit.Journal) {
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for n := range 10 {
				intent, outcome := intentAndOutcome(2 * (w*10 + n))
				if _, err := j.Append(context.Background(), intent, outcome); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	rows := find(t, j, audit.Match{})
	for n := 0; n+1 < len(rows); n += 2 {
		if rows[n].About != rows[n+1].About || rows[n].Kind != audit.KindIntent {
			t.Errorf("rows %d and %d are not a pair", n, n+1)
		}
	}
}

func journalSame(t *testing.T, j audit.Journal) {
	want, _ := intentAndOutcome(7)
	want.Index = audit.Index{Patient: [16]byte{1}, Session: [16]byte{3}}
	appendRows(t, j, want)
	bare := row(9)
	bare.Content, bare.KeyID = nil, ""
	appendRows(t, j, bare)
	for seq, want := range []audit.Row{want, bare} {
		at := uint64(seq)
		got := find(t, j, audit.Match{Seq: &at})
		if len(got) != 1 {
			t.Fatalf("%d rows at %d", len(got), at)
		}
		content, err := j.Content(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		got[0].Content = content
		want.Seq = at
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("row %d came back changed (-want +got):\n%s", at, diff)
		}
	}
}

func journalFind(t *testing.T, j audit.Journal) {
	for n := range 10 {
		r := row(n)
		r.Index.Person = [16]byte{1}
		if n%2 == 0 {
			r.Index.Patient, r.Class, r.Kind = [16]byte{2}, "signed.in", audit.KindIntent
			r.About = r.ID
		}
		if n >= 8 {
			r.Index.Session = [16]byte{3}
		}
		appendRows(t, j, r)
	}
	five := uint64(5)
	for name, c := range map[string]struct {
		match audit.Match
		want  []uint64
	}{
		"patient":         {audit.Match{Index: audit.Index{Patient: [16]byte{2}}}, []uint64{0, 2, 4, 6, 8}},
		"person, newest":  {audit.Match{Index: audit.Index{Person: [16]byte{1}}, Newest: true, Limit: 3}, []uint64{9, 8, 7}},
		"session":         {audit.Match{Index: audit.Index{Session: [16]byte{3}}}, []uint64{8, 9}},
		"both":            {audit.Match{Index: audit.Index{Session: [16]byte{3}, Patient: [16]byte{2}}}, []uint64{8}},
		"nobody":          {audit.Match{Index: audit.Index{Patient: [16]byte{9}}}, []uint64{}},
		"class":           {audit.Match{Class: "signed.in", Limit: 2}, []uint64{0, 2}},
		"kind":            {audit.Match{Kind: audit.KindNote}, []uint64{1, 3, 5, 7, 9}},
		"time":            {audit.Match{From: row(3).At, To: row(6).At}, []uint64{3, 4, 5}},
		"place":           {audit.Match{Seq: &five}, []uint64{5}},
		"beyond a place":  {audit.Match{After: &five}, []uint64{6, 7, 8, 9}},
		"before a place":  {audit.Match{After: &five, Newest: true}, []uint64{4, 3, 2, 1, 0}},
		"about":           {audit.Match{About: row(4).ID}, []uint64{4}},
		"the newest only": {audit.Match{Newest: true, Limit: 1}, []uint64{9}},
	} {
		if diff := cmp.Diff(c.want, places(find(t, j, c.match))); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", name, diff)
		}
	}
}

func journalOpen(t *testing.T, j audit.Journal) {
	for n := range 6 {
		intent, outcome := intentAndOutcome(2 * n)
		appendRows(t, j, intent)
		if n%3 == 0 {
			appendRows(t, j, outcome)
		}
	}
	open := find(t, j, audit.Match{Open: true})
	if diff := cmp.Diff([]uint64{2, 3, 5 + 1, 7}, places(open)); diff != "" {
		t.Errorf("open intents (-want +got):\n%s", diff)
	}
}

func journalEnded(t *testing.T, j audit.Journal) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Append(ctx, row(0)); !errors.Is(err, context.Canceled) {
		t.Errorf("Append: %v", err)
	}
	if rows := find(t, j, audit.Match{}); len(rows) != 0 {
		t.Errorf("%d rows", len(rows))
	}
}
