package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Every key below comes from the root by HKDF with a purpose of its own, so
// that none can be used in another's place.
const derivePrefix = "chaperone vault v1: "

type derived struct {
	sessions cipher.AEAD // wraps session keys
	content  cipher.AEAD // wraps content keys
	signing  cipher.AEAD // wraps signing keys
	facts    []byte      // parent of one key for each record's facts
	index    []byte      // blind indexes
	mac      []byte      // everything else that is hashed with a key
	check    []byte      // proves that store and root belong together
}

func derive(r *Root) (d derived, err error) {
	if d.sessions, err = deriveAEAD(r.key[:], "wrap session keys"); err != nil {
		return d, err
	}
	if d.content, err = deriveAEAD(r.key[:], "wrap content keys"); err != nil {
		return d, err
	}
	if d.signing, err = deriveAEAD(r.key[:], "wrap signing keys"); err != nil {
		return d, err
	}
	for purpose, key := range map[string]*[]byte{
		"facts of records": &d.facts, "blind index": &d.index, "keyed hash": &d.mac, "key check": &d.check,
	} {
		if *key, err = deriveKey(r.key[:], purpose); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (d *derived) forget() {
	for _, key := range [][]byte{d.facts, d.index, d.mac, d.check} {
		clear(key)
	}
}

func deriveKey(parent []byte, purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, parent, nil, derivePrefix+purpose, rootSize)
}

func deriveAEAD(parent []byte, purpose string) (cipher.AEAD, error) {
	key, err := deriveKey(parent, purpose)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return newAEAD(key)
}

// newAEAD copies what it needs of key; the caller may clear it.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// claimID names the row that ties a store to its root.
const claimID = "root"

// claim writes the check value into a new store, or compares it.
func (v *Vault) claim(ctx context.Context) error {
	mine := []byte(v.RootID() + " " + hex.EncodeToString(v.hash(v.keys.check, "claim", []byte(v.RootID()))))
	row := KeyRow{ID: claimID, Sealed: mine, Made: v.cfg.Clock().UTC()}
	err := v.cfg.Keys.PutKey(ctx, row)
	if err == nil {
		return nil
	}
	if !errors.Is(err, ErrExists) {
		return errStore(fmt.Errorf("vault: claim: %w", err))
	}
	kept, ok, err := v.cfg.Keys.Key(ctx, claimID)
	if err != nil || !ok {
		return errStore(fmt.Errorf("vault: claim: %w", errors.Join(err, errDamaged)))
	}
	if hmac.Equal(kept.Sealed, mine) {
		return nil
	}
	return errKeyWrong(claimedBy(kept.Sealed))
}

// claimedBy is the root id in a check value, or empty if it is not one: it is
// shown, so it must be what it seems.
func claimedBy(check []byte) string {
	id, _, _ := strings.Cut(string(check), " ")
	if raw, err := hex.DecodeString(id); err != nil || len(raw) != rootIDBytes {
		return ""
	}
	return id
}
