// Package vault is the only place where a placeholder and the person it stands
// for meet at rest. It owns the keys: the root key file, one key for each
// session, one key for each record's content, the signing keys, and the keyed
// hashes that let others find things without knowing them.
//
// It refuses to open with a key that is missing, damaged, readable by others or
// not the one the data was sealed with, to hand out a key, and to keep anything
// in the clear: whatever reaches a Store is ciphertext, a keyed hash, a
// placeholder or a time.
//
// Sealing is AES-256-GCM with random 96-bit nonces (NIST SP 800-38D); keys are
// derived with HKDF-SHA-256 (RFC 5869).
package vault

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// DefaultIdle is how long a session's pairs are kept after their last use when
// Config.Idle is zero.
const DefaultIdle = 12 * time.Hour

// Config says what a vault is made of.
type Config struct {
	Root     *Root            // from LoadKeys
	Sessions Sessions         // where sessions and their sealed items are kept
	Keys     Keys             // where wrapped keys are kept
	Clock    func() time.Time // time.Now when nil
	Random   io.Reader        // crypto/rand when nil
	Idle     time.Duration    // how long a session lives after its last use; DefaultIdle when zero
}

// Vault seals and opens. It is safe for concurrent use and holds no goroutine.
type Vault struct {
	cfg  Config
	keys derived
	zip  *zstd.Encoder
	unz  *zstd.Decoder
	ring keyring
}

// Open derives the vault's keys from the root and proves that the store was
// sealed under the same root. A store that has never been used is claimed for
// this root. The error is a *chaperone.Error with code vault_key_wrong when the
// store belongs to another root, vault_key_missing when there is no root, and
// vault_unavailable when the store cannot be read.
func Open(ctx context.Context, cfg Config) (*Vault, error) {
	if cfg.Root == nil {
		return nil, errKeyMissing(nil)
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now //nolint:forbidigo // the default of an injected clock
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Idle <= 0 {
		cfg.Idle = DefaultIdle
	}
	v := &Vault{cfg: cfg, ring: keyring{turn: make(chan struct{}, 1)}}
	var err error
	if v.keys, err = derive(cfg.Root); err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	if v.zip, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20)); err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	if v.unz, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxContent)); err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	if err := v.claim(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// Close forgets the derived keys. The vault must not be used afterwards.
func (v *Vault) Close() error {
	v.keys.forget()
	if err := v.ring.take(context.Background()); err != nil {
		return err
	}
	v.ring.put("", nil)
	v.ring.leave()
	v.unz.Close()
	return nil
}

// RootID is the public id of the root key; it may be shown and logged.
func (v *Vault) RootID() string { return v.cfg.Root.ID() }

// random fills a fresh slice of n bytes from the injected source.
func (v *Vault) random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(v.cfg.Random, b); err != nil {
		return nil, fmt.Errorf("vault: randomness: %w", err)
	}
	return b, nil
}

// seal yields nonce and ciphertext.
func (v *Vault) seal(key cipher.AEAD, plain, bound []byte) ([]byte, error) {
	nonce, err := v.random(key.NonceSize())
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(nonce), len(nonce)+len(plain)+key.Overhead())
	copy(out, nonce)
	return key.Seal(out, nonce, plain, bound), nil
}

// open undoes seal. It fails if a bit of the ciphertext or of what it is bound
// to has changed.
func open(key cipher.AEAD, sealed, bound []byte) ([]byte, error) {
	n := key.NonceSize()
	if len(sealed) < n+key.Overhead() {
		return nil, errDamaged
	}
	plain, err := key.Open(nil, sealed[:n], sealed[n:], bound)
	if err != nil {
		return nil, errDamaged
	}
	return plain, nil
}
