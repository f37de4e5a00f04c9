package audit

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
)

// The tree's driver is told these.
const (
	integrateBatch = 1024                  // leaves it takes at once
	integrateAge   = 20 * time.Millisecond // how long it waits for a batch to fill
	collectEvery   = 10 * time.Second      // removal of partial tiles that are obsolete
	finishPatience = 5 * time.Second       // for the last checkpoint
	bundleWidth    = 256                   // entries in a bundle (C2SP tlog-tiles)
)

// tree is the transparency log over the journal, and the goroutine that feeds
// it.
type tree struct {
	cfg    Config
	sizes  *mark // leaves in the tree that were compared with the journal
	add    tessera.AddFn
	reader tessera.LogReader
	finish func(context.Context) error // waits for the last checkpoint
	cancel context.CancelFunc
	fail   func(error) // stops recording for good
	nudge  chan struct{}
	quit   chan struct{}
	done   chan struct{} // nil until start
	once   sync.Once
}

// openTree opens or makes the tree and compares its end with the journal, which
// holds rows rows. The integrator does not run before start.
func openTree(ctx context.Context, cfg Config, rows uint64, fail func(error)) (*tree, error) {
	if err := os.MkdirAll(cfg.Tree, 0o700); err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: tree: %w", err))
	}
	t := &tree{cfg: cfg, sizes: newMark(), fail: fail, nudge: make(chan struct{}, 1), quit: make(chan struct{})}
	g, public, err := newGate(cfg.Signer, cfg.Origin, t.sizes)
	if err != nil {
		return nil, errUnavailable(err)
	}
	if err := keepPublicKey(cfg.Tree, public); err != nil {
		return nil, unavailable(fmt.Errorf("audit: public key: %w", err))
	}
	if err := t.attach(g); err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: tree: %w", err))
	}
	if err := t.compare(ctx, rows); err != nil {
		t.cancel()
		return nil, err
	}
	return t, nil
}

// attach opens the tree's files.
func (t *tree) attach(g *gate) error {
	ctx, cancel := context.WithCancel(context.Background())
	driver, err := posix.New(ctx, posix.Config{Path: t.cfg.Tree})
	if err != nil {
		cancel()
		return err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(g).
		WithBatching(integrateBatch, integrateAge).
		WithCheckpointInterval(t.cfg.Pace).
		WithGarbageCollectionInterval(collectEvery).
		WithShutdownTimeout(finishPatience)
	appender, finish, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		cancel()
		return err
	}
	t.add, t.reader, t.finish, t.cancel = appender.Add, reader, finish, cancel
	return nil
}

// compare proves that the tree's newest leaves are the journal's, and that the
// journal is not shorter than the tree. A full comparison is verify's work.
func (t *tree) compare(ctx context.Context, rows uint64) error {
	size, err := t.reader.IntegratedSize(ctx)
	if err != nil {
		return errUnavailable(fmt.Errorf("audit: tree size: %w", err))
	}
	if size > rows {
		return errMismatch(fmt.Errorf("audit: the tree has %d leaves, the journal %d rows", size, rows))
	}
	if size == 0 {
		return nil
	}
	if err := t.agree(ctx, size-1, size); err != nil {
		return errMismatch(err)
	}
	t.sizes.reach(size)
	return nil
}

// agree compares the tree's bundles that hold the places from from up to size
// with the journal. It wraps errOutOfStep where they differ; any other error is
// of the disk.
func (t *tree) agree(ctx context.Context, from, size uint64) error {
	for at := from / bundleWidth * bundleWidth; at < size; at += bundleWidth {
		n := min(size-at, bundleWidth)
		leaves, err := t.cfg.Journal.Leaves(ctx, at, int(n))
		if err != nil {
			return fmt.Errorf("audit: leaves: %w", err)
		}
		if len(leaves) != int(n) {
			return fmt.Errorf("%w: the journal has %d rows from %d on, the tree %d", errOutOfStep, len(leaves), at, n)
		}
		// A full bundle has width 0 in the driver's terms, as uint8(256) is.
		entries, err := t.reader.ReadEntryBundle(ctx, at/bundleWidth, uint8(n))
		if err != nil {
			return fmt.Errorf("audit: bundle: %w", err)
		}
		var want []byte
		for _, leaf := range leaves {
			want = binary.BigEndian.AppendUint16(want, LeafSize)
			want = append(want, leaf[:]...)
		}
		if !bytes.HasPrefix(entries, want) {
			return fmt.Errorf("%w: the leaves from %d on", errOutOfStep, at)
		}
	}
	return nil
}

// checkpoint is the newest signed checkpoint.
func (t *tree) checkpoint(ctx context.Context) ([]byte, error) {
	cp, err := t.reader.ReadCheckpoint(ctx)
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: checkpoint: %w", err))
	}
	return cp, nil
}

// unstick undoes what a clock that stepped back does to the driver, which would
// publish no checkpoint before the old one's time has come again.
func (t *tree) unstick() error {
	path := filepath.Join(t.cfg.Tree, "checkpoint")
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	now := time.Now() //nolint:forbidigo // the driver compares with the machine's clock, so this must too
	if info.ModTime().After(now.Add(t.cfg.Pace)) {
		return os.Chtimes(path, now, now)
	}
	return nil
}

// close feeds what is left, waits for the last checkpoint and stops. Closing
// again does nothing.
func (t *tree) close(ctx context.Context) (err error) {
	t.once.Do(func() { err = t.end(ctx) })
	return err
}

func (t *tree) end(ctx context.Context) error {
	var behind error
	if t.done != nil {
		close(t.quit)
		<-t.done
		behind = t.catchUp(ctx)
		behind = errors.Join(behind, t.unstick(), t.finish(ctx))
	}
	t.cancel()
	if behind != nil {
		return fmt.Errorf("audit: close: the tree is behind the journal: %w", behind)
	}
	return nil
}
