package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store"
	"chaperone/internal/telemetry"
)

// proofPatience is how long a start waits for the record to be verified. What
// is not done by then goes on beside the exchanges.
const proofPatience = 3 * time.Second

// proof is the verification of the record that every start makes, from outside
// and before anything is added to it.
type proof struct {
	known  uint64 // faults that the operator has looked at
	cancel context.CancelFunc
	done   chan struct{}
	report *verify.Report // once done; nil if it could not be made
}

// prove begins to verify the record, if there is one to verify: a directory
// without data or without a signed checkpoint has none yet, and one that cannot
// be read is for those who open it to name.
func prove(dir string, known uint64) *proof {
	ctx, cancel := context.WithCancel(context.Background())
	p := &proof{known: known, cancel: cancel, done: make(chan struct{})}
	if _, err := os.Stat(filepath.Join(store.TreeDir(dir), "checkpoint")); err != nil {
		close(p.done)
		return p
	}
	go func() {
		defer close(p.done)
		if r, err := Verify(ctx, dir, VerifyOptions{}); err == nil {
			p.report = r
		}
	}()
	return p
}

// soon waits for the proof as long as a start may, and yields what it found.
func (p *proof) soon(ctx context.Context) error {
	wait := time.NewTimer(proofPatience)
	defer wait.Stop()
	select {
	case <-p.done:
		return p.fault()
	case <-wait.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// fault is why the house must not go on as if nothing were wrong; nil if the
// record verifies, or has just the faults that the operator knows of.
func (p *proof) fault() error {
	if p.report == nil || p.report.OK() || p.report.Total == p.known {
		return nil
	}
	return chaperone.NewError(chaperone.KindUnavailable, "record_faulty",
		fmt.Sprintf("The record does not verify: %d fault(s), the first at %s", p.report.Total, p.report.Faults[0]),
		fmt.Sprintf("Copy the data directory as it is, run 'chaperone audit verify', and compare with a backup. "+
			"To go on with what is there: chaperone up --known-faults %d", p.report.Total), nil)
}

// stop ends the proof and waits for its end.
func (p *proof) stop() {
	p.cancel()
	<-p.done
}

// proved is called when a proof that outlasted the start is done. A fault ends
// recording, and with it every exchange.
func (d *Daemon) proved(ctx context.Context) {
	err := d.proof.fault()
	if err == nil {
		return
	}
	d.logger.LogAttrs(ctx, slog.LevelError, "the record does not verify, so recording has stopped", telemetry.Cause(err))
	err = errors.Join(err, d.keep.log.Note(ctx, audit.Event{Kind: audit.RecordFaulty, Subject: fmt.Sprint(d.proof.report.Faults[0].Seq)}))
	d.keep.log.Stop(err)
}
