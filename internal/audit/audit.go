// Package audit is the record: what was asked, by whom, why, under which ruling,
// and how it ended. An intent is durable before a byte leaves the house, an
// outcome before the answer's last event is released, and a transparency log
// behind them makes every later change visible.
//
// It owns the form of a record, the order of records and the tree over them. It
// refuses to send anything on that it could not record, to change or remove a
// record, and to hold a patient's words: its fields take closed words, numbers
// and references, and whatever text an exchange carried goes in as Content,
// which is sealed before it is written.
//
// Package verify, below, checks all of this from outside.
package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"chaperone"
)

// Sealer seals what a record holds. The record's id binds each ciphertext to
// its place. Errors that say something to people are *chaperone.Error.
type Sealer interface {
	// SealFacts and OpenFacts seal the small facts, which live as long as the record.
	SealFacts(record string, plain []byte) ([]byte, error)
	OpenFacts(record string, sealed []byte) ([]byte, error)

	// SealContent seals content under a key of its own, durable before it
	// returns; destroying that key destroys the content alone.
	SealContent(ctx context.Context, record, kind string, plain []byte) (sealed []byte, keyID string, commitment [32]byte, err error)
	OpenContent(ctx context.Context, record, kind, keyID string, sealed []byte) ([]byte, error)
}

// Signer signs checkpoints and receipts with an Ed25519 key (RFC 8032).
type Signer interface {
	Public() ed25519.PublicKey
	Sign(message []byte) ([]byte, error)
}

// Config says what a Log is made of.
type Config struct {
	Journal Journal                                // where rows are kept
	Sealer  Sealer                                 // what seals them
	Index   func(field, value string) (h [16]byte) // keyed hash for finding without knowing
	Signer  Signer                                 // signs checkpoints and receipts
	Origin  string                                 // name of the log in checkpoints: no spaces, no plus sign; "chaperone/record" when empty
	Tree    string                                 // directory of the tree; made with mode 0700 if it is not there
	Clock   func() time.Time                       // time.Now when nil
	Random  io.Reader                              // crypto/rand when nil
	Wait    time.Duration                          // how long to wait for the journal before refusing; 5 s when zero
	Pace    time.Duration                          // the tree is at most about this far behind; 1 s when zero, never below 100 ms
	Vouched func() error                           // nil, or why nothing may be sent for want of a second party; not asked for when nil
}

// The defaults of a Config.
const (
	DefaultOrigin = "chaperone/record"
	DefaultWait   = 5 * time.Second
	DefaultPace   = time.Second
	minPace       = 100 * time.Millisecond // the tree's driver accepts nothing shorter
)

// Log is the open record. It is safe for concurrent use.
type Log struct {
	cfg  Config
	tree *tree

	mu   sync.Mutex
	last time.Time // time of the newest row made here or found at start

	closed   atomic.Bool
	stepped  atomic.Bool   // the clock went back, and no event says so yet
	seen     atomic.Uint64 // rows known to be durable
	trouble  atomic.Pointer[chaperone.Error]
	doubtful doubts
}

// Open opens the record and closes what a crash left open: every intent without
// an outcome gets one that says "abandoned". It starts the integrator, which
// Close stops. The error is a *chaperone.Error: record_unavailable when journal
// or tree cannot be used, record_tree_mismatch when they contradict each other,
// record_key_changed when the signing key is not the one of this record.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	cfg = cfg.withDefaults()
	l := &Log{cfg: cfg}
	newest, err := cfg.Journal.Find(ctx, Match{Newest: true, Limit: 1})
	if err != nil {
		return nil, errUnavailable(fmt.Errorf("audit: open: %w", err))
	}
	if len(newest) > 0 {
		l.seen.Store(newest[0].Seq + 1)
		l.last = newest[0].At
	}
	if l.tree, err = openTree(ctx, cfg, l.seen.Load(), l.stop); err != nil {
		return nil, err
	}
	if err := l.abandonOpen(ctx); err != nil {
		return nil, errors.Join(err, l.tree.close(ctx))
	}
	l.tree.wake()
	l.tree.start(l.mend)
	return l, nil
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = time.Now //nolint:forbidigo // the default of an injected clock
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Origin == "" {
		c.Origin = DefaultOrigin
	}
	if c.Wait <= 0 {
		c.Wait = DefaultWait
	}
	if c.Pace <= 0 {
		c.Pace = DefaultPace
	}
	c.Pace = max(c.Pace, minPace)
	return c
}

// Close brings the tree up to the journal, has a last checkpoint signed and
// stops the integrator. From then on everything is refused. It does not close the journal. The error says that the
// tree is behind; it catches up at the next start.
func (l *Log) Close(ctx context.Context) error {
	l.closed.Store(true)
	return l.tree.close(ctx)
}

// Ready reports whether an exchange could be recorded now: nil, or the
// *chaperone.Error that the next Intend would most likely return.
func (l *Log) Ready() error {
	if e := l.trouble.Load(); e != nil {
		return e
	}
	return l.vouched()
}

// vouched asks for the second party, where one is required. Only what would be
// sent waits for it: outcomes, refusals and events are recorded all the same.
func (l *Log) vouched() error {
	if l.cfg.Vouched == nil {
		return nil
	}
	return l.cfg.Vouched()
}

// Size is the number of records known to be durable.
func (l *Log) Size() uint64 { return l.seen.Load() }

// ClockBehind is how far the clock stands before the newest record; 0 if it does
// not. Records keep their order whatever the clock says, and each that was made
// after a step back is flagged.
func (l *Log) ClockBehind() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.last.Sub(l.cfg.Clock()))
}

// Checkpoint is the newest signed checkpoint of the tree, a signed note
// (C2SP tlog-checkpoint). Whoever keeps a copy elsewhere can prove later that
// the record was not rolled back or rewritten.
func (l *Log) Checkpoint(ctx context.Context) ([]byte, error) { return l.tree.checkpoint(ctx) }

// Stop ends recording, because the record was found to be other than it was
// written: from then on everything is refused, until a restart.
func (l *Log) Stop(cause error) { l.stop(cause) }

// stop ends recording: the journal and the tree contradict each other, and
// going on would bury the evidence. Only a restart after an examination helps.
func (l *Log) stop(cause error) {
	l.trouble.Store(errMismatch(cause))
}

// stopped reports a trouble that does not pass by itself.
func (l *Log) stopped() error {
	if e := l.trouble.Load(); e != nil && e.Code == codeMismatch {
		return e
	}
	return nil
}
