package postgres_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/store/postgres"
	"chaperone/internal/store/postgres/postgrestest"
)

func aRow(n int) audit.Row {
	r := audit.Row{Kind: audit.KindNote, Class: "key.created", Facts: []byte{1}, At: time.UnixMicro(int64(n))}
	binary.BigEndian.PutUint64(r.ID[8:], uint64(n)+1)
	binary.BigEndian.PutUint64(r.Leaf[:], uint64(n)+1)
	return r
}

func code(err error) string {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own.Code
	}
	return fmt.Sprint(err)
}

// demand asks that every row is there once, and that each stands at the place
// that was acknowledged.
func demand(t *testing.T, j *postgres.Journal, placed map[uint64]audit.Leaf) {
	t.Helper()
	leaves, err := j.Leaves(t.Context(), 0, 1<<20)
	for range 20 { // a connection that a dead server left behind is noticed when it is used
		if err == nil {
			break
		}
		leaves, err = j.Leaves(t.Context(), 0, 1<<20)
	}
	if err != nil || len(leaves) != len(placed) {
		t.Errorf("%d rows, %d acknowledged, %v", len(leaves), len(placed), err)
	}
	for place, leaf := range leaves {
		if placed[uint64(place)] != leaf {
			t.Errorf("place %d holds another row than was acknowledged", place)
		}
	}
}

// TestACommitWhoseOutcomeIsUnknownIsResolvedByItsID (R9): the connection is cut
// at every step of a commit, before and after the server has heard of it.
func TestACommitWhoseOutcomeIsUnknownIsResolvedByItsID(t *testing.T) {
	_, direct := prepared(t)
	p, url := newProxy(t, direct)
	d := open(t, url)
	placed := map[uint64]audit.Leaf{}
	n := 0
	for range 3 {
		for step := 1; step <= 8; step++ {
			for _, arrives := range []bool{false, true} {
				p.cut(step, arrives)
				for range 3 {
					r := aRow(n)
					n++
					at, err := d.Journal.Append(t.Context(), r)
					if err != nil {
						t.Fatalf("cut at piece %d (arrives %v): %v", step, arrives, err)
					}
					placed[at] = r.Leaf
				}
			}
		}
	}
	p.cut(0, false)
	demand(t, d.Journal, placed)
}

func TestManyWritersLoseNothingWhenTheConnectionIsCutUnderThem(t *testing.T) {
	_, direct := prepared(t)
	p, url := newProxy(t, direct)
	d := open(t, url)
	var mu sync.Mutex
	placed := map[uint64]audit.Leaf{}
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for n := range 30 {
				r := aRow(w*1000 + n)
				at, err := d.Journal.Append(context.Background(), r)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				placed[at] = r.Leaf
				mu.Unlock()
				if w == 0 {
					p.cut(1+n%7, n%2 == 0)
				}
			}
		})
	}
	wg.Wait()
	p.cut(0, false)
	if len(placed) != 480 {
		t.Errorf("%d places for 480 rows", len(placed))
	}
	demand(t, d.Journal, placed)
}

// TestAServerThatGoesAwayIsWaitedForAndThenRefuses (R8): nothing acknowledged is
// lost, and what is asked meanwhile is refused and not half done.
func TestAServerThatGoesAwayIsWaitedForAndThenRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("stops and starts a server of its own")
	}
	own := startServer(t)
	name := own.Database(t)
	url := own.URL(name, postgrestest.Writer)
	if err := postgres.Prepare(t.Context(), own.URL(name, postgrestest.Owner), url, postgres.Version); err != nil {
		t.Fatal(err)
	}
	d := open(t, url)
	placed := map[uint64]audit.Leaf{}
	n := 0
	add := func() error {
		r := aRow(n)
		at, err := d.Journal.Append(t.Context(), r)
		if err == nil {
			placed[at] = r.Leaf
			n++ // what failed is tried again under the same id
		}
		return err
	}
	for _, end := range []func() error{own.Down, own.Kill} {
		for range 5 {
			if err := add(); err != nil {
				t.Fatal(err)
			}
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if err := add(); err == nil {
			t.Error("a row was acknowledged without a server")
		}
		if _, err := postgres.Open(t.Context(), url); code(err) != "database_unavailable" {
			t.Errorf("Open: %v", err)
		}
		if err := own.Up(); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := add(); err != nil {
				t.Fatalf("with the server back: %v", err)
			}
		}
	}
	demand(t, d.Journal, placed)
}

// TestKilledUnderLoadTheServerLosesNothingAcknowledged (R8): kill -9 of the
// server's own kind, under 32 writers.
func TestKilledUnderLoadTheServerLosesNothingAcknowledged(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a server of its own")
	}
	own := startServer(t)
	name := own.Database(t)
	url := own.URL(name, postgrestest.Writer)
	if err := postgres.Prepare(t.Context(), own.URL(name, postgrestest.Owner), url, postgres.Version); err != nil {
		t.Fatal(err)
	}
	d := open(t, url)
	var mu sync.Mutex
	placed := map[uint64]audit.Leaf{}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				r := aRow(w*1_000_000 + n)
				for {
					at, err := d.Journal.Append(context.Background(), r)
					if err == nil {
						mu.Lock()
						placed[at] = r.Leaf
						mu.Unlock()
						break
					}
				}
			}
		})
	}
	for range 3 {
		for before := count(&mu, placed); count(&mu, placed) < before+500; {
			time.Sleep(time.Millisecond)
		}
		if err := own.Kill(); err != nil {
			t.Error(err)
		}
		if err := own.Up(); err != nil {
			t.Error(err)
		}
	}
	stop()
	wg.Wait()
	demand(t, d.Journal, placed)
	t.Logf("%d rows acknowledged over three kills, all there", len(placed))
}

func count(mu *sync.Mutex, placed map[uint64]audit.Leaf) int {
	mu.Lock()
	defer mu.Unlock()
	return len(placed)
}

func startServer(t *testing.T, settings ...string) *postgrestest.Server {
	t.Helper()
	s, err := postgrestest.Start(settings...)
	if errors.Is(err, postgrestest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
