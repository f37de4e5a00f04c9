package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chaperone/e2e/lossy"
)

// deadline is how long a clinic may wait for a refusal when the record hangs:
// the record's own limit, and something for a machine that is busy.
const deadline = 12 * time.Second

// refuses asks until the program refuses for lack of a record, then asks a few
// times more: each is refused in time, in plain words and before a byte leaves.
func (c *clinic) refuses(url string) {
	c.t.Helper()
	until(c.t, "a refusal", func() bool {
		status, code, _, _ := c.ask(url, 1)
		return status == http.StatusServiceUnavailable && unrecorded(code)
	})
	calls := c.vendor.calls()
	for n := range 4 {
		began := time.Now()
		status, code, _, err := c.ask(url, n)
		if status != http.StatusServiceUnavailable || !unrecorded(code) {
			c.t.Errorf("asked while nothing can be recorded: %d %s %v", status, code, err)
		}
		if took := time.Since(began); took > deadline {
			c.t.Errorf("the refusal took %v", took)
		}
	}
	if after := c.vendor.calls(); after != calls {
		c.t.Errorf("the vendor was called %d times while nothing could be recorded", after-calls)
	}
}

// unrecorded are the words for it: the record, the vault's seals or the keys of
// callers, whichever is asked first.
func unrecorded(code string) bool {
	return code == "record_unavailable" || code == "vault_unavailable" || code == "identity_unavailable"
}

// recovers waits until the program serves again, without help.
func (c *clinic) recovers(url string) {
	c.t.Helper()
	until(c.t, "an answer", func() bool {
		_, _, a, _ := c.ask(url, 1)
		if a.receipt != "" {
			c.acked = append(c.acked, a)
		}
		return a.whole
	})
	r, err := http.Get(url + "/readyz")
	if err != nil {
		c.t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		c.t.Errorf("/readyz says %d after an exchange was served", r.StatusCode)
	}
}

// settle ends the program, cuts the power and looks at what is left.
func (c *clinic) settle(disk *lossy.Disk, d *daemon) verified {
	c.t.Helper()
	d.kill()
	if err := disk.Cut(); err != nil {
		c.t.Fatal(err)
	}
	d, _ = c.up()
	d.stop(c.t)
	v := c.verify(0)
	c.oracle()
	if v.Verified != v.Records {
		c.t.Errorf("%d of %d records verified", v.Verified, v.Records)
	}
	return v
}

func TestFaultDiskRefusesAndServesAgain(t *testing.T) { // AUD-03; R4, R5
	for name, trials := range map[string]lossy.Trials{
		"is full":                {Space: 1},
		"is read-only":           {ReadOnly: true},
		"fails to write":         {WriteFails: true},
		"fails every sync":       {SyncFails: 1},
		"is full with some left": {Space: 4 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			c, disk := onDisk(t, lossy.Strict)
			d, _ := c.up()
			stop := c.load(d.URL, 0)
			called := c.vendor.calls()
			until(t, "the first calls", func() bool { return c.vendor.calls() > called+*clients })
			disk.Set(trials)
			time.Sleep(500 * time.Millisecond)
			if trials.Space > 1 {
				until(t, "the disk to be full", func() bool { s, _, _, _ := c.ask(d.URL, 1); return s == http.StatusServiceUnavailable })
			}
			stop()
			c.refuses(d.URL)
			disk.Set(lossy.Trials{})
			c.recovers(d.URL)
			c.summary(name, 1, c.settle(disk, d), 0)
		})
	}
}

func TestFaultSomeSyncsFail(t *testing.T) { // R4
	c, disk := onDisk(t, lossy.Strict)
	for round := range *windows {
		d, _ := c.up()
		stop := c.load(d.URL, round*100_000)
		for window := range 3 {
			disk.Set(lossy.Trials{SyncFails: 0.3, Seed: uint64(round*10 + window)})
			time.Sleep(300 * time.Millisecond)
			disk.Set(lossy.Trials{})
			time.Sleep(200 * time.Millisecond)
		}
		stop()
		c.recovers(d.URL)
		d.kill()
		if err := disk.Cut(); err != nil {
			t.Fatal(err)
		}
		c.rebuild()
	}
	d, _ := c.up()
	c.settle(disk, d)
	c.summary("failing syncs", *windows, c.verify(0), 0)
}

// rebuild does what the guide says of a tree that a failing disk left with holes:
// it is put aside and made again from the journal. Its newest checkpoint, kept,
// proves that it is the same.
func (c *clinic) rebuild() {
	c.t.Helper()
	tree := filepath.Join(c.dir, "record", "tree")
	kept, err := os.ReadFile(filepath.Join(tree, "checkpoint"))
	if err != nil {
		c.t.Fatal(err)
	}
	aside := filepath.Join(c.t.TempDir(), "checkpoint")
	if err := os.WriteFile(aside, kept, 0o600); err != nil {
		c.t.Fatal(err)
	}
	if err := os.RemoveAll(tree); err != nil {
		c.t.Fatal(err)
	}
	d, _ := c.up()
	d.stop(c.t)
	if list, code := c.findings("--checkpoint", aside); code != 0 || len(list) > 0 {
		c.t.Errorf("the tree made again has faults, or another past: %v", list)
	}
}

func TestFaultSlowDisk(t *testing.T) { // R6
	c, disk := onDisk(t, lossy.Strict)
	d, _ := c.up()
	disk.Set(lossy.Trials{SyncTakes: 200 * time.Millisecond})
	stop := c.load(d.URL, 0)
	time.Sleep(5 * time.Second)
	seen := stop()
	if seen[http.StatusOK] == 0 {
		t.Errorf("nothing was served: %v", seen)
	}
	for status := range seen {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("some were answered with %d", status)
		}
	}
	disk.Set(lossy.Trials{})
	c.recovers(d.URL)
	c.summary("200 ms syncs", 1, c.settle(disk, d), 0)
	t.Logf("in 5 s: %v", seen)
}

// TestFaultDiskHangs blocks everything that writes. The file system stands still
// under the program as it does when a disk or a network behind it is lost.
func TestFaultDiskHangs(t *testing.T) { // R7
	for name, before := range map[string]int{"before the first exchange": 0, "after some": 3} {
		t.Run(name, func(t *testing.T) {
			c, disk := onDisk(t, lossy.Strict)
			d, _ := c.up()
			for range before {
				c.recovers(d.URL)
			}
			release := disk.Hang("-shm")
			defer release()
			stop := c.load(d.URL, 0) // a whole clinic asks at once, and none of it waits for ever
			time.Sleep(100 * time.Millisecond)
			began := time.Now()
			seen := stop()
			if took := time.Since(began); took > deadline {
				t.Errorf("the last of %d clients was answered after %v: %v", *clients, took, seen)
			}
			if seen[http.StatusOK] > 0 || seen[0] > 0 {
				t.Errorf("served while nothing could be recorded, or not answered: %v", seen)
			}
			c.refuses(d.URL)
			release()
			c.recovers(d.URL)
			c.summary("a disk that hangs", 1, c.settle(disk, d), 0)
		})
	}
}

// TestFaultStoppedProgram stops the whole program in the middle of its work and
// lets it go on: nothing is lost or done twice.
func TestFaultStoppedProgram(t *testing.T) { // R7
	c := newClinic(t, filepath.Join(t.TempDir(), "data"))
	d, _ := c.up()
	for range 5 {
		stop := c.load(d.URL, 0)
		called := c.vendor.calls()
		until(t, "the first calls", func() bool { return c.vendor.calls() > called+*clients })
		if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		calls := c.vendor.calls()
		time.Sleep(time.Second)
		if after := c.vendor.calls(); after > calls+*clients {
			t.Errorf("a program that stands still made %d calls", after-calls)
		}
		if err := d.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		stop()
	}
	d.stop(t)
	v := c.verify(0)
	c.oracle()
	c.summary("standing still", 5, v, 0)
}

// TestFaultSecondProgram starts a second program on the same data.
func TestFaultSecondProgram(t *testing.T) {
	c := newClinic(t, filepath.Join(t.TempDir(), "data"))
	d, _ := c.up()
	c.recovers(d.URL)
	if said := c.upFails(); !strings.Contains(said, "Another Chaperone is running") && !strings.Contains(said, "another Chaperone is running") {
		t.Errorf("the second says: %s", said)
	}
	c.recovers(d.URL)
	d.stop(t)
	c.verify(0)
	c.oracle()
}

// TestFaultRootKey loses the key file, or puts another in its place. Nothing is
// made anew over data that exists, and with the key put back nothing is lost.
func TestFaultRootKey(t *testing.T) { // CRY-02
	c := newClinic(t, filepath.Join(t.TempDir(), "data"))
	d, _ := c.up()
	c.recovers(d.URL)
	d.stop(t)
	key := filepath.Join(c.dir, "root.key")
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	other := newClinic(t, filepath.Join(t.TempDir(), "data"))
	od, _ := other.up()
	od.stop(t)
	wrong, err := os.ReadFile(filepath.Join(other.dir, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c2 := range map[string]struct {
		text []byte
		want string
	}{
		"lost":     {nil, "root key"},
		"another":  {wrong, "root key"},
		"cut off":  {text[:len(text)/2], "root key"},
		"one byte": {flipped(text), "root key"},
	} {
		if err := os.Remove(key); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if c2.text != nil {
			if err := os.WriteFile(key, c2.text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if said := c.upFails(); !strings.Contains(said, c2.want) || !strings.Contains(said, "hint:") {
			t.Errorf("%s: up says %s", name, said)
		}
		c.verify(0) // needs no key
	}
	if err := os.WriteFile(key, text, 0o600); err != nil {
		t.Fatal(err)
	}
	d, _ = c.up()
	c.recovers(d.URL)
	d.stop(t)
	c.verify(0)
	c.oracle()
}

func flipped(text []byte) []byte {
	out := append([]byte(nil), text...)
	at := len(out) * 3 / 4
	for out[at] == '\n' || out[at] == ' ' {
		at--
	}
	out[at] ^= 1
	return out
}
