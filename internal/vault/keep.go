package vault

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Forgetter is what a store of sessions does besides: it removes one at once.
type Forgetter interface {
	// Forget removes a session with its key and items, durably and beyond
	// reading. It is no error if there is none.
	Forget(ctx context.Context, id Handle) error
}

// KeepUntil makes a session live until a moment at least, however long nobody
// uses it. It makes the session if there is none. What was sent under it may be
// answered weeks later, and in another process. The error is a *chaperone.Error.
func (v *Vault) KeepUntil(ctx context.Context, session SessionID, until time.Time) error {
	h := v.handle(session)
	for range sessionRetries {
		key, row, err := v.live(ctx, h)
		if err != nil {
			return err
		}
		if key == nil {
			if _, row, err = v.newSession(ctx, h, row); err != nil {
				return err
			}
		}
		row.Expires = until.UTC()
		err = v.cfg.Sessions.Put(ctx, row, nil)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, ErrSessionChanged):
			return errStore(fmt.Errorf("vault: keep: %w", err))
		}
	}
	return errStore(fmt.Errorf("vault: keep: %w", ErrSessionChanged))
}

// Forget destroys a session before its time: its key, its pairs and its memory.
// The error is a *chaperone.Error, also where the store cannot forget one.
func (v *Vault) Forget(ctx context.Context, session SessionID) error {
	store, ok := v.cfg.Sessions.(Forgetter)
	if !ok {
		return errStore(errors.New("vault: forget: the store cannot"))
	}
	if err := store.Forget(ctx, v.handle(session)); err != nil {
		return errStore(fmt.Errorf("vault: forget: %w", err))
	}
	return nil
}
