package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// BlindIndex is a keyed hash by which equal values of a field can be found
// without being known (16 bytes of HMAC-SHA-256). Equality only: who reads the
// store sees that two records share a patient, not who it is. The caller puts
// the tenant into value, or tenants would share it.
func (v *Vault) BlindIndex(field, value string) [16]byte {
	return [16]byte(v.hash(v.keys.index, field, []byte(value))[:16])
}

// MAC is HMAC-SHA-256 over the parts for a purpose: 32 bytes. Equal parts in
// another split, or for another purpose, yield another hash. It serves API key
// hashes and correlation in logs; it is not a signature.
func (v *Vault) MAC(purpose string, parts ...[]byte) []byte {
	return v.hash(v.keys.mac, purpose, parts...)
}

// hash writes each part after its length, so that no two lists of parts read
// the same.
func (v *Vault) hash(key []byte, purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	var size [8]byte
	write := func(part []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write(part)
	}
	write([]byte(purpose))
	for _, part := range parts {
		write(part)
	}
	return mac.Sum(nil)
}
