package vault

import (
	"context"
	"encoding/hex"
)

// SealUnderOwnKey seals as was done before there were trees of keys: a random
// key with a row of its own.
func (v *Vault) SealUnderOwnKey(ctx context.Context, record, kind string, plain []byte) (sealed []byte, keyID string, err error) {
	raw, err := v.random(rootSize)
	if err != nil {
		return nil, "", err
	}
	id, err := v.random(16)
	if err != nil {
		return nil, "", err
	}
	keyID = hex.EncodeToString(id)
	aead, err := newAEAD(raw)
	if err != nil {
		return nil, "", err
	}
	if sealed, err = v.seal(aead, v.pack(plain), bindRecord("content", record, kind)); err != nil {
		return nil, "", err
	}
	wrapped, err := v.seal(v.keys.content, raw, bindRecord("content key", record, keyID))
	if err != nil {
		return nil, "", err
	}
	return sealed, keyID, v.cfg.Keys.PutKey(ctx, KeyRow{ID: keyID, Owner: record, Sealed: wrapped, Made: v.cfg.Clock().UTC()})
}
