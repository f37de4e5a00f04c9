package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// maxContent bounds what one record may hold when it is opened again, in bytes
// after decompression.
const maxContent = 512 << 20

// The first plain byte says how the rest is packed.
const (
	packedRaw  = 0
	packedZstd = 1
)

// SealContent seals the content of one record under a key of its own, which
// follows from what is kept durably before it returns. Destroying that key
// (DestroyContent) destroys the content and nothing else. keyID names the key;
// commitment is HMAC-SHA-256 of the record id under it, because AES-GCM alone
// does not commit to a key.
func (v *Vault) SealContent(ctx context.Context, record, kind string, plain []byte) (sealed []byte, keyID string, commitment [32]byte, err error) {
	fail := func(err error) ([]byte, string, [32]byte, error) {
		return nil, "", [32]byte{}, fmt.Errorf("vault: seal content: %w", err)
	}
	keyID, raw, err := v.newContentKey(ctx)
	if err != nil {
		return fail(err)
	}
	defer clear(raw[:])
	aead, err := newAEAD(raw[:])
	if err != nil {
		return fail(err)
	}
	if sealed, err = v.seal(aead, v.pack(plain), bindRecord("content", record, kind)); err != nil {
		return fail(err)
	}
	return sealed, keyID, commit(raw[:], record), nil
}

// OpenContent opens what SealContent sealed. The error is a *chaperone.Error
// with code content_gone when its key has been destroyed, and vault_damaged
// when a bit of it, or of what it is bound to, has changed.
func (v *Vault) OpenContent(ctx context.Context, record, kind, keyID string, sealed []byte) ([]byte, error) {
	aead, err := v.contentKey(ctx, record, keyID)
	if err != nil {
		return nil, err
	}
	packed, err := open(aead, sealed, bindRecord("content", record, kind))
	if err != nil {
		return nil, errOpen(fmt.Errorf("vault: open content: %w", err))
	}
	return v.unpack(packed)
}

// SealFacts seals the small facts of a record. They live as long as the record
// does, so their key is derived from the root and the record's id, and cannot
// be destroyed apart from the root. The result begins with a commitment to the
// key.
func (v *Vault) SealFacts(record string, plain []byte) ([]byte, error) {
	key, err := deriveKey(v.keys.facts, record)
	if err != nil {
		return nil, fmt.Errorf("vault: seal facts: %w", err)
	}
	defer clear(key)
	aead, err := newAEAD(key)
	if err != nil {
		return nil, fmt.Errorf("vault: seal facts: %w", err)
	}
	sealed, err := v.seal(aead, plain, bindRecord("facts", record, ""))
	if err != nil {
		return nil, fmt.Errorf("vault: seal facts: %w", err)
	}
	c := commit(key, record)
	return append(c[:], sealed...), nil
}

// OpenFacts opens what SealFacts sealed, for the same record only. The error is
// a *chaperone.Error with code vault_damaged when it does not open.
func (v *Vault) OpenFacts(record string, sealed []byte) ([]byte, error) {
	key, err := deriveKey(v.keys.facts, record)
	if err != nil {
		return nil, fmt.Errorf("vault: open facts: %w", err)
	}
	defer clear(key)
	c := commit(key, record)
	if len(sealed) < len(c) || !hmac.Equal(sealed[:len(c)], c[:]) {
		return nil, errOpen(fmt.Errorf("vault: open facts: %w", errDamaged))
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, fmt.Errorf("vault: open facts: %w", err)
	}
	plain, err := open(aead, sealed[len(c):], bindRecord("facts", record, ""))
	if err != nil {
		return nil, errOpen(fmt.Errorf("vault: open facts: %w", err))
	}
	return plain, nil
}

// pack compresses when that makes it smaller. Plain text is compressed before
// it is sealed, never next to text that an attacker may repeat at will and
// measure: the length at rest is seen by those who hold the disk alone.
func (v *Vault) pack(plain []byte) []byte {
	packed := v.zip.EncodeAll(plain, append(make([]byte, 0, len(plain)/2+64), packedZstd))
	if len(packed) <= len(plain) {
		return packed
	}
	return append([]byte{packedRaw}, plain...)
}

func (v *Vault) unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 {
		return nil, errOpen(errDamaged)
	}
	switch packed[0] {
	case packedRaw:
		return packed[1:], nil
	case packedZstd:
		plain, err := v.unz.DecodeAll(packed[1:], nil)
		if err != nil {
			return nil, errOpen(fmt.Errorf("vault: unpack: %w", err))
		}
		return plain, nil
	}
	return nil, errOpen(errDamaged)
}

func commit(key []byte, record string) [32]byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(derivePrefix + "commitment\x00" + record))
	return [32]byte(mac.Sum(nil))
}

func bindRecord(what, record, kind string) []byte {
	return []byte("v1\x00" + what + "\x00" + record + "\x00" + kind)
}
