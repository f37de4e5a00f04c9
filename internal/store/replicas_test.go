package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/store"
)

// TestTwoGatewaysOnOneDatabaseKeepOneRecord: exchanges are spread over both, what
// one has under way the other leaves alone, and both sign the same tree.
func TestTwoGatewaysOnOneDatabaseKeepOneRecord(t *testing.T) {
	url := databases(t)()
	a := openHouse(t, &house{dir: filepath.Join(t.TempDir(), "data"), url: url})
	under, err := a.log.Intend(t.Context(), intent(9_000, "under way"))
	if err != nil {
		t.Fatal(err)
	}
	b := &house{dir: filepath.Join(t.TempDir(), "data"), url: url}
	key, err := os.ReadFile(store.RootKeyFile(a.dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(store.RootKeyFile(b.dir), key, 0o600); err != nil {
		t.Fatal(err)
	}
	openHouse(t, b)
	var wg sync.WaitGroup
	for w := range 8 {
		h := []*house{a, b}[w%2]
		wg.Go(func() {
			for n := range 20 {
				e, err := h.log.Intend(context.Background(), intent(1+w*20+n, "text"))
				if err == nil {
					err = e.Settle(context.Background(), audit.Outcome{Result: audit.OK, Status: 200})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := under.Settle(t.Context(), audit.Outcome{Result: audit.OK, Status: 200}); err != nil {
		t.Fatal(err)
	}
	rows, err := b.store.Journal.Find(t.Context(), audit.Match{Class: string(audit.Abandoned)})
	if err != nil || len(rows) != 0 {
		t.Errorf("%d exchanges of the first were closed by the second, %v", len(rows), err)
	}
	a.close(t)
	b.close(t)
	first, second := a.verify(t, nil), b.verify(t, nil)
	if !first.OK() || !second.OK() || first.Verified != 322 || second.Verified != 322 || first.Root != second.Root {
		t.Errorf("%+v\n%+v", first, second)
	}
}

// TestKilledUnderLoadOnADatabaseNothingAcknowledgedIsLost (R2): the gateway is
// killed without warning, five times; each start closes what the last one left.
func TestKilledUnderLoadOnADatabaseNothingAcknowledgedIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	url := databases(t)()
	dir := filepath.Join(t.TempDir(), "data")
	acked := map[string]bool{}
	for round := range 5 {
		cmd := command(t, roleWriter, dir)
		cmd.Env = append(cmd.Env, fmt.Sprintf("CHAPERONE_TEST_FROM=%d", round*1_000_000), childURL+"="+url)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acked[lines.Text()] = true
			if n == 100+round*37 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
	}
	h := openHouse(t, &house{dir: dir, url: url})
	for line := range acked {
		what, number, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("the child said %q", line)
		}
		id, err := audit.ParseID(string(exchange(n)))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := h.store.Journal.Find(t.Context(), audit.Match{About: id})
		if err != nil || len(rows) != 2 {
			t.Fatalf("exchange %d has %d rows (%v), want its intent and one outcome", n, len(rows), err)
		}
		if what == "outcome" && rows[1].Class != "ok" {
			t.Errorf("exchange %d was acknowledged as ok and is recorded as %s", n, rows[1].Class)
		}
	}
	h.close(t)
	r := h.verify(t, nil)
	if !r.OK() || r.Open != 0 || r.Pending != 0 || r.Verified != r.Records {
		t.Errorf("after five kills: %+v", r)
	}
	t.Logf("five kills: %d acknowledgements, %d records, all there and verified", len(acked), r.Records)
}

// TestACopyOfADirectoryWaitsForItsTurn: the next process of a directory begins
// only when the server has noticed that the last one is gone, and a copy of a
// directory in use does not begin at all.
func TestACopyOfADirectoryWaitsForItsTurn(t *testing.T) {
	url := databases(t)()
	a := openHouse(t, &house{dir: filepath.Join(t.TempDir(), "data"), url: url})
	copied := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(copied, os.DirFS(a.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(copied, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := store.OpenDatabase(ctx, copied, url); code(err) != "database_signed_in" {
		t.Errorf("while the first runs: %v", err)
	}
	a.close(t)
	s, err := store.OpenDatabase(t.Context(), copied, url)
	if err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	s.Close()
}
