package vault

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
)

// Signer signs with an Ed25519 key (RFC 8032) that never leaves the vault.
type Signer struct {
	key ed25519.PrivateKey
}

// Signer yields the signer of that name. The key is made at first use and kept
// sealed by the root; the same name yields the same key ever after.
func (v *Vault) Signer(ctx context.Context, name string) (*Signer, error) {
	id := "sign:" + name
	seed, err := v.random(ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	sealed, err := v.seal(v.keys.signing, seed, bindRecord("signing key", id, ""))
	if err != nil {
		return nil, err
	}
	err = v.cfg.Keys.PutKey(ctx, KeyRow{ID: id, Sealed: sealed, Made: v.cfg.Clock().UTC()})
	if err == nil {
		return &Signer{key: ed25519.NewKeyFromSeed(seed)}, nil
	}
	if !errors.Is(err, ErrExists) {
		return nil, errStore(fmt.Errorf("vault: signer: %w", err))
	}
	row, ok, err := v.cfg.Keys.Key(ctx, id)
	if err != nil || !ok {
		return nil, errStore(fmt.Errorf("vault: signer: %w", errors.Join(err, errDamaged)))
	}
	kept, err := open(v.keys.signing, row.Sealed, bindRecord("signing key", id, ""))
	if err != nil || len(kept) != ed25519.SeedSize {
		return nil, errOpen(fmt.Errorf("vault: signer: %w", errors.Join(err, errDamaged)))
	}
	defer clear(kept)
	return &Signer{key: ed25519.NewKeyFromSeed(kept)}, nil
}

// Public is the key by which others check the signatures.
func (s *Signer) Public() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

// Sign signs a message. It never fails with this kind of key; the error is for
// signers that stand elsewhere.
func (s *Signer) Sign(message []byte) ([]byte, error) { return ed25519.Sign(s.key, message), nil }

// String hides the key.
func (s *Signer) String() string { return "vault.Signer" }

// GoString hides the key.
func (s *Signer) GoString() string { return "vault.Signer{}" }
