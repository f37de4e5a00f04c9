package e2e

import (
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// startLimit is how long the program may take to be ready again (R2).
const startLimit = 5 * time.Second

func TestFaultKilledAtAnyPointUnderLoad(t *testing.T) { // AUD-03; R2, R16
	c := newClinic(t, filepath.Join(t.TempDir(), "data"))
	random := rand.New(rand.NewPCG(2, 3))
	var slowest time.Duration
	for round := range *kills {
		d, took := c.up()
		slowest = max(slowest, took)
		from := len(c.acked)
		stop := c.load(d.URL, round*100_000)
		watched := c.watch()
		called := c.vendor.calls()
		until(t, "the first calls", func() bool { return c.vendor.calls() > called+*clients/4 })
		time.Sleep(time.Duration(random.IntN(600)) * time.Millisecond)
		d.kill()
		stop()
		watched()
		c.verify(from) // as the crash left it
	}
	d, took := c.up()
	slowest = max(slowest, took)
	d.stop(t)
	v := c.verify(0)
	c.oracle()
	if v.Verified != v.Records {
		t.Errorf("%d of %d records verified", v.Verified, v.Records)
	}
	if slowest > startLimit {
		t.Errorf("a start took %v", slowest)
	}
	c.summary("kill -9", *kills, v, slowest)
}

// watch holds the vendor's count against the journal all the while: there are
// never more calls than intents that are durable (R16).
func (c *clinic) watch() (stop func()) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.dir, "record", "journal.db")+"?mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(1000)")
	if err != nil {
		c.t.Fatal(err)
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		looks := 0
		for {
			calls, intents := c.vendor.calls(), 0 // in this order: both only grow
			if err := db.QueryRow(`SELECT count(*) FROM record WHERE kind = 1 AND class <> 'refused'`).Scan(&intents); err == nil {
				looks++
				if calls > intents {
					c.t.Errorf("at one moment the vendor had been called %d times, the record intended %d", calls, intents)
				}
			}
			select {
			case <-quit:
				if looks == 0 {
					c.t.Error("the journal was never looked at")
				}
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(quit)
		<-done
		db.Close()
	}
}
