package vault

import (
	"context"
	"crypto/cipher"
	"encoding/hex"
	"fmt"
)

// Remember keeps a blob under a key in a session, replacing what was kept there.
// The key may be any text: only a keyed hash of it is kept. The blob lives as
// long as the session does. It serves the replay of thinking blocks, whose
// original signed form must come back to the model unchanged.
func (v *Vault) Remember(ctx context.Context, session SessionID, key string, blob []byte) error {
	return v.put(ctx, session, func(h Handle, aead cipher.AEAD) ([]Item, error) {
		name := v.memoryName(h, key)
		sealed, err := v.seal(aead, blob, bind(SpaceMemory, h, name))
		if err != nil {
			return nil, err
		}
		return []Item{{
			Space: SpaceMemory, Name: name, Sealed: sealed,
			Check: [16]byte(v.MAC("memory check", h[:], blob)[:16]),
		}}, nil
	})
}

// Recall yields what Remember kept, and false if there is nothing under that
// key or the session has expired.
func (v *Vault) Recall(ctx context.Context, session SessionID, key string) ([]byte, bool, error) {
	h := v.handle(session)
	aead, _, err := v.live(ctx, h)
	if err != nil || aead == nil {
		return nil, false, err
	}
	name := v.memoryName(h, key)
	items, err := v.cfg.Sessions.Items(ctx, h, SpaceMemory, name)
	if err != nil {
		return nil, false, errStore(fmt.Errorf("vault: recall: %w", err))
	}
	if len(items) == 0 {
		return nil, false, nil
	}
	blob, err := open(aead, items[0].Sealed, bind(SpaceMemory, h, name))
	if err != nil {
		return nil, false, errOpen(fmt.Errorf("vault: recall: %w", err))
	}
	return blob, true, nil
}

func (v *Vault) memoryName(h Handle, key string) string {
	return hex.EncodeToString(v.MAC("memory name", h[:], []byte(key))[:16])
}
