package e2e

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anthropics/anthropic-sdk-go/v2/option"

	anthropic "github.com/anthropics/anthropic-sdk-go/v2"
)

// TestKillDuringLoadLosesNoAcknowledgedExchange kills the program without
// warning ten times while eight clients are talking to it (AUD-03; reliability
// goals R2 and R16): the vendor was never sent more than the record intends,
// and after each restart the whole record verifies.
func TestKillDuringLoadLosesNoAcknowledgedExchange(t *testing.T) {
	fake := newClaude(t)
	dir, config := t.TempDir(), configure(t, fake)
	key := ""
	var completed atomic.Int64
	for round := range 10 {
		d := up(t, dir, "--config", config)
		if d.APIKey != "" {
			key = d.APIKey
		}
		client := anthropic.NewClient(option.WithBaseURL(d.URL), option.WithAPIKey(key), option.WithMaxRetries(0))
		var wg sync.WaitGroup
		var dead atomic.Bool
		target := completed.Load() + 25
		for worker := range 8 {
			wg.Go(func() {
				for n := 0; !dead.Load(); n++ {
					note := person(round*1000 + worker*100 + n).note()
					if got, err := streamV2(t, client, note); err == nil && got == note {
						completed.Add(1)
					}
				}
			})
		}
		for deadline := time.Now().Add(time.Minute); completed.Load() < target && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		d.kill()
		dead.Store(true)
		wg.Wait()
		if completed.Load() < target {
			t.Fatalf("round %d: only %d exchanges completed\n%s", round, completed.Load(), d.stderr)
		}
	}
	// One more start settles what was open, and the whole record is checked.
	d := up(t, dir, "--config", config)
	d.stop(t)
	v, code := auditVerify(t, dir)
	if code != 0 || len(v.Faults) != 0 || v.Verified != v.Records {
		t.Fatalf("audit verify after ten kills: exit %d, %d of %d verified, faults %v", code, v.Verified, v.Records, v.Faults)
	}
	intents, pending := auditCount(t, dir)
	if intents < fake.calls() {
		t.Errorf("the vendor was called %d times, the record intends only %d", fake.calls(), intents)
	}
	if int64(intents) < completed.Load() || pending != 0 {
		t.Errorf("%d intents, %d of them without an outcome, %d exchanges completed", intents, pending, completed.Load())
	}
}
