package e2e

import (
	"math/rand/v2"
	"testing"
	"time"

	"chaperone/e2e/lossy"
)

func TestFaultPowerIsLost(t *testing.T) { // AUD-03; R3, R16
	for name, names := range map[string]lossy.Names{"strict": lossy.Strict, "as ext4 keeps names": lossy.Ext4} {
		t.Run(name, func(t *testing.T) {
			c, disk := onDisk(t, names)
			random := rand.New(rand.NewPCG(5, uint64(names)))
			var slowest time.Duration
			rounds := (*cuts + 1) / 2
			for round := range rounds {
				d, took := c.up()
				slowest = max(slowest, took)
				from := len(c.acked)
				stop := c.load(d.URL, round*100_000)
				called := c.vendor.calls()
				until(t, "the first calls", func() bool { return c.vendor.calls() > called+*clients/4 })
				time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
				d.kill()
				stop()
				if err := disk.Cut(); err != nil {
					t.Fatal(err)
				}
				c.verify(from)
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
			c.summary("power loss", rounds, v, slowest)
		})
	}
}

// TestFaultPowerIsLostAtTheFirstStart cuts the power right after the program
// has said that it is ready: the key it showed once must still be good.
func TestFaultPowerIsLostAtTheFirstStart(t *testing.T) { // R3
	for name, names := range map[string]lossy.Names{"strict": lossy.Strict, "as ext4 keeps names": lossy.Ext4} {
		t.Run(name, func(t *testing.T) {
			c, disk := onDisk(t, names)
			d, _ := c.up()
			d.kill()
			if err := disk.Cut(); err != nil {
				t.Fatal(err)
			}
			d, _ = c.up()
			if d.APIKey != "" {
				t.Fatal("the second start believes that it is the first")
			}
			if status, code, _, err := c.ask(d.URL, 1); status != 200 {
				t.Errorf("the first key is answered with %d %s %v", status, code, err)
			}
			d.stop(t)
			c.verify(0)
			c.oracle()
		})
	}
}
