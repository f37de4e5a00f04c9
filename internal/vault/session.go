package vault

import (
	"bytes"
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"time"

	"chaperone/phi"
)

// A session's row can be replaced between reading and writing it (another
// request was first, or Sweep removed it). Each retry reads afresh.
const sessionRetries = 4

// Seal keeps the pairs of a session durably before it returns. A pair that is
// kept already is left alone; a placeholder that already stands for something
// else is refused with code surrogate_conflict, and then nothing was kept.
// Sealing moves the session's expiry on. The error is a *chaperone.Error;
// nothing may be sent to a model when it is not nil.
func (v *Vault) Seal(ctx context.Context, session SessionID, pairs []phi.Surrogate) error {
	return v.put(ctx, session, func(h Handle, key cipher.AEAD) ([]Item, error) {
		items := make([]Item, 0, len(pairs))
		for _, p := range pairs {
			plain := append([]byte{byte(p.Kind)}, p.Value.Expose()...)
			sealed, err := v.seal(key, plain, bind(SpaceSurrogates, h, p.Placeholder))
			if err != nil {
				return nil, err
			}
			items = append(items, Item{
				Space: SpaceSurrogates, Name: p.Placeholder, Sealed: sealed,
				Check: [16]byte(v.MAC("surrogate check", h[:], plain)[:16]),
			})
			clear(plain)
		}
		return items, nil
	})
}

// Unseal yields the pairs of a session, and none for a session that is not
// known or has expired. It moves the session's expiry on. The error is a
// *chaperone.Error; code vault_damaged means that a pair was changed at rest.
func (v *Vault) Unseal(ctx context.Context, session SessionID) ([]phi.Surrogate, error) {
	h := v.handle(session)
	key, row, err := v.live(ctx, h)
	if err != nil || key == nil {
		return nil, err
	}
	if err := v.touch(ctx, row); err != nil {
		return nil, err
	}
	items, err := v.cfg.Sessions.Items(ctx, h, SpaceSurrogates, "")
	if err != nil {
		return nil, errStore(fmt.Errorf("vault: unseal: %w", err))
	}
	pairs := make([]phi.Surrogate, 0, len(items))
	for _, item := range items {
		plain, err := open(key, item.Sealed, bind(SpaceSurrogates, h, item.Name))
		if err != nil || len(plain) == 0 {
			return nil, errOpen(fmt.Errorf("vault: unseal: %w", errors.Join(err, errDamaged)))
		}
		pairs = append(pairs, phi.Surrogate{
			Placeholder: item.Name, Kind: phi.Kind(plain[0]), Value: phi.Seal(string(plain[1:])),
		})
		clear(plain)
	}
	return pairs, nil
}

// Until is when a session ends if it is not used again, UTC, and false for one
// that is not known or has expired. Asking is no use of it. The error is a
// *chaperone.Error.
func (v *Vault) Until(ctx context.Context, session SessionID) (time.Time, bool, error) {
	key, row, err := v.live(ctx, v.handle(session))
	if err != nil || key == nil {
		return time.Time{}, false, err
	}
	return row.Expires, true, nil
}

// Sweep removes the sessions that have expired, with their keys and all that
// was sealed under them, and says how many. Call it now and then; an expired
// session is never used in the meantime either.
func (v *Vault) Sweep(ctx context.Context) (int, error) {
	n, err := v.cfg.Sessions.Expire(ctx, v.cfg.Clock().UTC())
	if err != nil {
		return n, errStore(fmt.Errorf("vault: sweep: %w", err))
	}
	return n, nil
}

// put seals items into a session, making the session if it must.
func (v *Vault) put(ctx context.Context, session SessionID, items func(Handle, cipher.AEAD) ([]Item, error)) error {
	h := v.handle(session)
	for range sessionRetries {
		key, row, err := v.live(ctx, h)
		if err != nil {
			return err
		}
		if key == nil {
			if key, row, err = v.newSession(ctx, h, row); err != nil {
				return err
			}
		}
		list, err := items(h, key)
		if err != nil {
			return err
		}
		row.Expires = v.cfg.Clock().UTC().Add(v.cfg.Idle)
		err = v.cfg.Sessions.Put(ctx, row, list)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrExists):
			return errConflict()
		case !errors.Is(err, ErrSessionChanged):
			return errStore(fmt.Errorf("vault: seal: %w", err))
		}
	}
	return errStore(fmt.Errorf("vault: seal: %w", ErrSessionChanged))
}

// live reads a session. The key is nil if there is none or it has expired; the
// row then tells which.
func (v *Vault) live(ctx context.Context, h Handle) (cipher.AEAD, SessionRow, error) {
	row, ok, err := v.cfg.Sessions.Session(ctx, h)
	if err != nil {
		return nil, row, errStore(fmt.Errorf("vault: session: %w", err))
	}
	if !ok || !row.Expires.After(v.cfg.Clock()) {
		return nil, row, nil
	}
	raw, err := open(v.keys.sessions, row.Key, bind('k', h, ""))
	if err != nil {
		return nil, row, errOpen(fmt.Errorf("vault: session key: %w", err))
	}
	defer clear(raw)
	key, err := newAEAD(raw)
	if err != nil {
		return nil, row, errOpen(fmt.Errorf("vault: session key: %w", err))
	}
	return key, row, nil
}

// newSession makes a key for a session that is not there. One that has expired
// is removed first: what was sealed under it is gone for good.
func (v *Vault) newSession(ctx context.Context, h Handle, old SessionRow) (cipher.AEAD, SessionRow, error) {
	if old.Key != nil {
		if _, err := v.Sweep(ctx); err != nil {
			return nil, old, err
		}
	}
	raw, err := v.random(rootSize)
	if err != nil {
		return nil, old, err
	}
	defer clear(raw)
	key, err := newAEAD(raw)
	if err != nil {
		return nil, old, err
	}
	wrapped, err := v.seal(v.keys.sessions, raw, bind('k', h, ""))
	return key, SessionRow{ID: h, Key: wrapped}, err
}

// touch moves a session's expiry on, but not at every use: an eighth of the
// idle time may pass unwritten.
func (v *Vault) touch(ctx context.Context, row SessionRow) error {
	due := v.cfg.Clock().UTC().Add(v.cfg.Idle)
	if due.Sub(row.Expires) < v.cfg.Idle/8 {
		return nil
	}
	row.Expires = due
	err := v.cfg.Sessions.Put(ctx, row, nil)
	if err != nil && !errors.Is(err, ErrSessionChanged) {
		return errStore(fmt.Errorf("vault: session expiry: %w", err))
	}
	return nil
}

func (v *Vault) handle(session SessionID) Handle {
	return Handle(v.MAC("session", []byte(session))[:16])
}

// bind names what a ciphertext belongs to, so that it opens nowhere else.
func bind(space Space, h Handle, name string) []byte {
	return bytes.Join([][]byte{[]byte("v1"), {byte(space)}, h[:], []byte(name)}, []byte{0})
}
