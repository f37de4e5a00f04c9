package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/e2e/lossy"

	_ "modernc.org/sqlite" // reads the journal as its format is documented, without the product's code
)

// The fault tests take minutes, so they run when they are asked for:
// `make e2e FAULTS=1`, or go test -run TestFault . -args -faults.
var (
	faults  = flag.Bool("faults", false, "run the fault tests")
	kills   = flag.Int("kills", 50, "fault tests: rounds of kill -9")
	cuts    = flag.Int("cuts", 50, "fault tests: rounds of power loss, half of them strict")
	windows = flag.Int("windows", 10, "fault tests: rounds of failing syncs")
	clients = flag.Int("clients", 64, "fault tests: clients at once")
)

// clinic is a data directory, the program on it and a fake of the vendor, which
// outlive each other.
type clinic struct {
	t      *testing.T
	dir    string
	config string
	vendor *claude
	key    string
	http   *http.Client
	acked  []ack
}

// ack is what a client was told.
type ack struct {
	receipt string // that an exchange is recorded
	whole   bool   // and that it ended well
}

func newClinic(t *testing.T, dir string) *clinic {
	t.Helper()
	if !*faults {
		t.Skip("fault tests run with -faults: make e2e FAULTS=1")
	}
	c := &clinic{t: t, dir: dir, vendor: newClaude(t)}
	c.config = configure(t, c.vendor)
	c.http = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: *clients}}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// disk mounts a disk that fails, with the clinic's data on it.
func onDisk(t *testing.T, names lossy.Names) (*clinic, *lossy.Disk) {
	t.Helper()
	if !*faults {
		t.Skip("fault tests run with -faults: make e2e FAULTS=1")
	}
	if err := lossy.Able(); err != nil {
		t.Skip("no disk can be mounted here: ", err)
	}
	mnt := t.TempDir()
	d, err := lossy.Mount(mnt, names)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Unmount(); err != nil {
			t.Error(err)
		}
	})
	return newClinic(t, filepath.Join(mnt, "data")), d
}

// up starts the program and reports how long it took to be ready.
func (c *clinic) up() (*daemon, time.Duration) {
	c.t.Helper()
	began := time.Now()
	d := up(c.t, c.dir, "--config", c.config)
	if d.APIKey != "" {
		c.key = d.APIKey
	}
	return d, time.Since(began)
}

// ask sends one note and yields what came back.
func (c *clinic) ask(url string, n int) (status int, code string, a ack, err error) {
	body, _ := json.Marshal(map[string]any{
		"model": "claude-sonnet-5", "max_tokens": 100, "stream": n%2 == 0,
		"messages": []any{map[string]any{"role": "user", "content": person(n).note()}},
	})
	r, err := http.NewRequest(http.MethodPost, url+"/v1/messages", bytes.NewReader(body))
	if err != nil {
		return 0, "", a, err
	}
	r.Header.Set("x-api-key", c.key)
	r.Header.Set("anthropic-version", "2023-06-01")
	r.Header.Set("content-type", "application/json")
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, "", a, err
	}
	defer answer.Body.Close()
	a.receipt = answer.Header.Get("X-Chaperone-Receipt")
	text, err := io.ReadAll(answer.Body)
	var fault struct {
		Error struct {
			Details struct {
				Code string `json:"error_code"`
			}
		}
	}
	json.Unmarshal(text, &fault)
	a.whole = err == nil && answer.StatusCode == http.StatusOK &&
		(n%2 == 1 || bytes.Contains(text, []byte("event: message_stop")))
	return answer.StatusCode, fault.Error.Details.Code, a, err
}

// load talks to the program from many clients until stop is called, which
// yields how often each status came back.
func (c *clinic) load(url string, from int) (stop func() map[int]int) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]int{}
	for worker := range *clients {
		wg.Go(func() {
			for n := from + worker; ctx.Err() == nil; n += *clients {
				status, _, a, _ := c.ask(url, n)
				mu.Lock()
				seen[status]++
				if a.receipt != "" {
					c.acked = append(c.acked, a)
				}
				mu.Unlock()
				if status == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	return func() map[int]int {
		cancel()
		wg.Wait()
		return seen
	}
}

// until waits for a condition, at most a minute.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !cond(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for %s", what)
		}
	}
}

// verify asks the program whether the record is whole and holds what the
// receipts from place from on promise.
func (c *clinic) verify(from int) verified {
	c.t.Helper()
	v := verified{}
	for {
		args := []string{"audit", "verify", "--data", c.dir, "--json"}
		for ; from < len(c.acked) && len(args) < 4000; from++ {
			args = append(args, "--receipt", c.acked[from].receipt)
		}
		cmd := exec.Command(chaperone(c.t), args...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if jerr := json.Unmarshal(out, &v); err != nil || jerr != nil || len(v.Faults) > 0 {
			c.t.Fatalf("audit verify: %v %v\n%s%s", err, jerr, out, &errs)
		}
		if from >= len(c.acked) {
			return v
		}
	}
}

// oracle compares the journal with what the vendor got and the clients were
// told, out of the journal's file alone: as many intents to send as there were
// calls, one outcome for each intent, "ok" for each answer that a client got
// whole, every place and every leaf once.
func (c *clinic) oracle() (intents int) {
	c.t.Helper()
	db := openJournal(c.t, c.dir)
	defer db.Close()
	one := func(query string) (n int) {
		c.t.Helper()
		if err := db.QueryRow(query).Scan(&n); err != nil {
			c.t.Fatal(err)
		}
		return n
	}
	intents = one(`SELECT count(*) FROM record WHERE kind = 1 AND class <> 'refused'`)
	if calls := c.vendor.calls(); calls > intents {
		c.t.Errorf("the vendor was called %d times, the record intends %d", calls, intents)
	}
	for what, query := range map[string]string{
		"intents without exactly one outcome": `SELECT count(*) FROM record i WHERE i.kind = 1
			AND 1 <> (SELECT count(*) FROM outcome o WHERE o.about = i.id)`,
		"outcomes without an intent": `SELECT count(*) FROM record o WHERE o.kind = 2 AND NOT EXISTS (SELECT 1 FROM record i WHERE i.kind = 1 AND i.id = o.about)`,
		"leaves there twice":         `SELECT count(*) - count(DISTINCT leaf) FROM record`,
		"places left out":            `SELECT coalesce(max(seq) + 1, 0) - count(*) FROM record`,
	} {
		if n := one(query); n != 0 {
			c.t.Errorf("%d %s", n, what)
		}
	}
	for _, a := range c.acked {
		if !a.whole {
			continue
		}
		seq, err := strconv.Atoi(strings.Split(a.receipt, ".")[1])
		if err != nil {
			c.t.Fatal(err)
		}
		var class string
		err = db.QueryRow(`SELECT o.class FROM record i JOIN outcome o ON o.about = i.id WHERE i.seq = ?`, seq).Scan(&class)
		if err != nil || class != "ok" {
			c.t.Errorf("exchange %d was answered whole, its outcome is %q, %v", seq, class, err)
		}
	}
	return intents
}

// openJournal opens a copy of the journal, so that nothing of the original is
// touched and no page of a failing disk is mapped into this process.
func openJournal(t *testing.T, dir string) *sql.DB {
	t.Helper()
	to := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(dir, "record", "journal.db"+suffix))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, "journal.db"+suffix), data, 0o600)
		}
		if err != nil && (suffix == "" || !os.IsNotExist(err)) {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(to, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, step := range []string{
		`CREATE TEMP TABLE outcome AS SELECT about, class FROM main.record WHERE kind = 2`,
		`CREATE INDEX temp.by_about ON outcome (about)`,
	} {
		if _, err := db.Exec(step); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// summary logs what a test went through.
func (c *clinic) summary(what string, rounds int, v verified, slowest time.Duration) {
	whole := 0
	for _, a := range c.acked {
		if a.whole {
			whole++
		}
	}
	c.t.Log(fmt.Sprintf("%d rounds of %s: %d exchanges acknowledged, %d answered whole, vendor called %d times, %d records, all verified; slowest start %v",
		rounds, what, len(c.acked), whole, c.vendor.calls(), v.Records, slowest.Round(10*time.Millisecond)))
}

// upFails starts the program where it must refuse to, and yields what it says.
func (c *clinic) upFails() string {
	c.t.Helper()
	cmd := exec.Command(chaperone(c.t), "up", "--data", c.dir, "--listen", "127.0.0.1:0", "--json", "--config", c.config)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err == nil {
			c.t.Errorf("up ended well where it had to refuse: %s", &errs)
		}
	case <-time.After(10 * time.Second):
		cmd.Process.Kill()
		<-done
		c.t.Errorf("up serves where it had to refuse: %s", &errs)
	}
	return errs.String()
}
