package export

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"chaperone/internal/audit"

	"github.com/google/go-cmp/cmp"
)

func upTo(n uint64) []uint64 {
	var list []uint64
	for i := range n {
		list = append(list, i)
	}
	return list
}

// AUD-07: the receiver has each event once after a restart.
func TestAReceiverGetsEveryRowOnceAndInOrderAcrossRestarts(t *testing.T) {
	r, dir, s := &record{}, t.TempDir(), &sink{}
	r.grow(3 * batch / 2)
	for round := range 3 {
		x := begin(t, r, dir, Receiver{Name: "siem", Sink: s})
		r.grow(10)
		want := r.Size()
		eventually(t, "the receiver has all", func() bool { return x.Status()[0].Lag == 0 && uint64(len(s.has())) == want })
		if err := x.Close(); err != nil {
			t.Fatal(round, err)
		}
		r.grow(7) // while it is closed
	}
	if diff := cmp.Diff(upTo(r.Size()-7), s.has()); diff != "" {
		t.Error(diff)
	}
}

func TestABatchWhoseAcknowledgementWasLostComesAgainWhole(t *testing.T) {
	r, dir, s := &record{}, t.TempDir(), &sink{}
	r.grow(5)
	lost := true
	s.fail = func(uint64) (bool, error) {
		if lost {
			lost = false
			return true, errDown
		}
		return false, nil
	}
	begin(t, r, dir, Receiver{Name: "siem", Sink: s})
	eventually(t, "the batch came twice", func() bool { return len(s.has()) == 10 })
	if diff := cmp.Diff(append(upTo(5), upTo(5)...), s.has()); diff != "" {
		t.Error(diff)
	}
}

// A crash between the acknowledgement and the keeping of the place.
func TestAPlaceThatWasNotKeptRepeatsRowsAndLosesNone(t *testing.T) {
	r, dir, s := &record{}, t.TempDir(), &sink{}
	r.grow(4)
	x := begin(t, r, dir, Receiver{Name: "siem", Sink: s})
	eventually(t, "all is there", func() bool { return len(s.has()) == 4 })
	x.Close()
	old, err := os.ReadFile(placeFile(dir, "siem"))
	if err != nil {
		t.Fatal(err)
	}
	r.grow(3)
	x = begin(t, r, dir, Receiver{Name: "siem", Sink: s})
	eventually(t, "all is there", func() bool { return len(s.has()) == 7 })
	x.Close()
	if err := os.WriteFile(placeFile(dir, "siem"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	begin(t, r, dir, Receiver{Name: "siem", Sink: s})
	eventually(t, "the last rows came again", func() bool { return len(s.has()) == 10 })
	if diff := cmp.Diff([]uint64{0, 1, 2, 3, 4, 5, 6, 4, 5, 6}, s.has()); diff != "" {
		t.Error(diff)
	}
}

func TestADeadReceiverHoldsUpNobodyElseAndIsInTheRecord(t *testing.T) {
	r, dead, alive := &record{}, &sink{}, &sink{}
	dead.fail = func(uint64) (bool, error) { return false, errDown }
	x := begin(t, r, t.TempDir(), Receiver{Name: "dead", Sink: dead}, Receiver{Name: "alive", Sink: alive, Approved: "privacy-officer"})
	r.grow(20)
	eventually(t, "the other has all", func() bool { return len(alive.has()) == 20 })
	eventually(t, "the stall is in the record", func() bool { return slices.Contains(r.noted(), "export.stalled dead") })
	got := x.Status()[0]
	if got.Lag != 20 || got.Failing.IsZero() || got.Error != "export_unreachable" || got.Hint == "" || got.Behind <= 0 {
		t.Errorf("the status does not say that it fails: %+v", got)
	}
	dead.failWith(nil)
	eventually(t, "it has all that it missed", func() bool { return len(dead.has()) == 20 })
	eventually(t, "that it goes on is in the record", func() bool { return slices.Contains(r.noted(), "export.resumed dead") })
	want := []string{"export.opened dead:pseudonyms", "export.opened alive:identified", "export.stalled dead", "export.resumed dead"}
	if diff := cmp.Diff(want, r.noted()); diff != "" {
		t.Error(diff)
	}
	if s := x.Status()[0]; !s.Failing.IsZero() || s.Error != "" {
		t.Errorf("it is still said to fail: %+v", s)
	}
}

func TestARecordThatIsNotTheOneSentBeforeIsNotPassedOn(t *testing.T) {
	for name, edit := range map[string]func([]audit.OpenRow) []audit.OpenRow{
		"rolled back": func(l []audit.OpenRow) []audit.OpenRow { return l[:3] },
		"rewritten at the last row that was sent": func(l []audit.OpenRow) []audit.OpenRow {
			l[4].Leaf[0] ^= 1
			return append(l, line(5))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, dir, s := &record{}, t.TempDir(), &sink{}
			r.grow(5)
			x := begin(t, r, dir, Receiver{Name: "siem", Sink: s})
			eventually(t, "all is there", func() bool { return len(s.has()) == 5 })
			eventually(t, "the place is kept", func() bool { return x.Status()[0].Next == 5 })
			x.Close()
			r.rewrite(edit)
			x = begin(t, r, dir, Receiver{Name: "siem", Sink: s})
			eventually(t, "it is said", func() bool { return x.Status()[0].Error == "export_record_changed" })
			if len(s.has()) != 5 {
				t.Errorf("rows were sent: %v", s.has())
			}
		})
	}
}

func TestARowThatIsMissingIsNotSkipped(t *testing.T) {
	r, s := &record{}, &sink{}
	r.grow(5)
	r.rewrite(func(l []audit.OpenRow) []audit.OpenRow { return slices.Delete(l, 2, 3) })
	x := begin(t, r, t.TempDir(), Receiver{Name: "siem", Sink: s})
	eventually(t, "it is said", func() bool { return x.Status()[0].Error == "export_record_changed" })
	if len(s.has()) != 0 {
		t.Errorf("rows were sent: %v", s.has())
	}
}

func TestWhereANewReceiverBegins(t *testing.T) {
	for name, c := range map[string]struct {
		from Start
		want []uint64
	}{
		"at the beginning": {Start{}, []uint64{0, 1, 2, 3, 4, 5}},
		"at a place":       {Start{Seq: 3}, []uint64{3, 4, 5}},
		"now":              {Start{Now: true}, []uint64{5}},
	} {
		t.Run(name, func(t *testing.T) {
			r, s, dir := &record{}, &sink{}, t.TempDir()
			r.grow(5)
			begin(t, r, dir, Receiver{Name: "siem", Sink: s, From: c.from})
			r.grow(1)
			eventually(t, "all is there", func() bool { return len(s.has()) == len(c.want) })
			if diff := cmp.Diff(c.want, s.has()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPlaceThatCannotBeReadIsAnErrorAndNotANewBeginning(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "siem.place"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Record: &record{}, Mask: masked, Dir: dir, Clock: time.Now, Receivers: []Receiver{{Name: "siem", Sink: &sink{}}}}); err == nil {
		t.Error("it began anew")
	}
}
