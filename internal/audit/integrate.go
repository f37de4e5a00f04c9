package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/transparency-dev/tessera"
)

// start runs the integrator. each is called about once a pace, for work that
// belongs to no request. close stops it.
func (t *tree) start(each func(context.Context)) {
	t.done = make(chan struct{})
	go t.run(each)
}

// wake says that there are new rows.
func (t *tree) wake() {
	select {
	case t.nudge <- struct{}{}:
	default:
	}
}

// run gathers for a while and then feeds all there is, so that a busy journal
// shares its disk with few, large batches.
func (t *tree) run(each func(context.Context)) {
	defer close(t.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tick := time.NewTicker(t.cfg.Pace / 2)
	defer tick.Stop()
	for {
		select {
		case <-t.quit:
			return
		case <-tick.C:
		}
		each(ctx)
		select {
		case <-t.nudge:
		default:
			continue
		}
		if err := t.catchUp(ctx); err != nil {
			t.wake() // what did not go in now is tried again
		}
		_ = t.unstick() // it is tried again at the next tick, and at close
	}
}

// catchUp feeds the tree until it holds every row. An error is of the disk and
// may pass; a contradiction between tree and journal stops recording and is
// returned too.
func (t *tree) catchUp(ctx context.Context) error {
	for {
		from, err := t.reached(ctx)
		if err != nil {
			return err
		}
		leaves, err := t.cfg.Journal.Leaves(ctx, from, integrateBatch)
		if err != nil {
			return fmt.Errorf("audit: leaves: %w", err)
		}
		if len(leaves) == 0 {
			return nil
		}
		if err := t.feed(ctx, from, leaves); err != nil {
			return err
		}
		t.sizes.reach(from + uint64(len(leaves)))
	}
}

// reached is the first place that is not in the tree. A batch that the driver
// called failed may be there all the same: a sync that fails after the state was
// put in its place leaves that open. If those leaves are the journal's, all is
// well; if the tree moved in any other way, recording stops.
func (t *tree) reached(ctx context.Context) (uint64, error) {
	size, err := t.reader.IntegratedSize(ctx)
	if err != nil {
		return 0, fmt.Errorf("audit: tree size: %w", err)
	}
	from := t.sizes.get()
	if size < from {
		return 0, t.outOfStep(size, from)
	}
	if size > from {
		if err := t.agree(ctx, from, size); errors.Is(err, errOutOfStep) {
			return 0, t.outOfStep(size, from)
		} else if err != nil {
			return 0, err
		}
		t.sizes.reach(size)
	}
	return size, nil
}

var errOutOfStep = errors.New("audit: a leaf's place in the tree is not its place in the journal")

// feed adds one batch and asserts that each leaf's place is its row's. The
// driver queues by time as well as by number, so a batch may be cut in two; if
// then the first part fails and the second does not, leaves stand in the wrong
// place. They are unsigned (see gate), and recording stops.
func (t *tree) feed(ctx context.Context, from uint64, leaves []Leaf) error {
	futures := make([]tessera.IndexFuture, len(leaves))
	for i := range leaves {
		futures[i] = t.add(ctx, tessera.NewEntry(leaves[i][:]))
	}
	var failed error
	for i, future := range futures {
		index, err := future()
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if want := from + uint64(i); index.Index != want {
			return t.outOfStep(index.Index, want)
		}
	}
	return failed
}

func (t *tree) outOfStep(got, want uint64) error {
	err := fmt.Errorf("%w: %d instead of %d", errOutOfStep, got, want)
	t.fail(err)
	return err
}
