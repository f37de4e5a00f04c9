package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"chaperone/internal/audit/verify"
)

// Proof waits until a signed checkpoint covers the record at that place, and
// yields the proof that it stands there. Use a context with a deadline: the
// wait is about a pace, and long if the disk is full. The error is a
// *chaperone.Error: record_not_in_tree when the time was up, record_not_found
// when no such record is durable, record_unavailable.
func (l *Log) Proof(ctx context.Context, seq uint64) (*verify.Proof, error) {
	if seq >= l.seen.Load() {
		return nil, errNoRecord()
	}
	l.tree.wake()
	if err := l.tree.sizes.wait(ctx, seq+1); err != nil {
		return nil, errNotYet(err)
	}
	key, err := l.PublicKey()
	if err != nil {
		return nil, err
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		proof, err := verify.Prove(os.DirFS(l.cfg.Tree), key, seq)
		if err == nil {
			return proof, nil
		}
		if !errors.Is(err, verify.ErrNotCovered) {
			return nil, errUnavailable(fmt.Errorf("audit: proof: %w", err))
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil, errNotYet(ctx.Err())
		}
	}
}

// PublicKey is the log's public key in the form of signed notes: name+hash+key.
// An auditor keeps a copy of his own.
func (l *Log) PublicKey() (string, error) {
	text, err := os.ReadFile(filepath.Join(l.cfg.Tree, PublicKeyFile))
	if err != nil {
		return "", errUnavailable(fmt.Errorf("audit: public key: %w", err))
	}
	return strings.TrimSpace(string(text)), nil
}
