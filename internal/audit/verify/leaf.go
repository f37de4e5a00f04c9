package verify

import (
	"crypto/sha256"
	"encoding/binary"
)

// A leaf is 132 bytes, big-endian: version (1), kind (1), flags (1), zero (1),
// microseconds since 1970 (8), records its writer knew to be durable (8), event
// id (16), head (32), SHA-256 of the sealed content (32), commitment to the
// content's key (32). See "Life of a record" in the architecture.
const (
	leafSize    = 132
	leafVersion = 1
)

const (
	kindIntent  = 1
	kindOutcome = 2
	kindNote    = 3
)

// differ says in plain words where a row is not what its leaf says; empty if it
// is.
func differ(r Row) string {
	l := r.Leaf
	if len(l) != leafSize || l[0] != leafVersion || l[2]&^1 != 0 || l[3] != 0 {
		return "the leaf is not one"
	}
	if l[1] != r.Kind || r.Kind < kindIntent || r.Kind > kindNote {
		return "the kind"
	}
	if binary.BigEndian.Uint64(l[4:]) != uint64(r.At.UnixMicro()) {
		return "the time"
	}
	if [16]byte(l[20:36]) != r.ID {
		return "the event id"
	}
	if [32]byte(l[36:68]) != headOf(r) {
		return "the facts, or what they are found by"
	}
	var content [32]byte
	if len(r.Content) > 0 {
		content = sha256.Sum256(r.Content)
	}
	if [32]byte(l[68:100]) != content {
		return "the content"
	}
	if len(r.Content) == 0 && [32]byte(l[100:132]) != [32]byte{} {
		return "the commitment"
	}
	return ""
}

// headOf is SHA-256 over the line "chaperone head v1", about, the three keyed
// hashes, class and key id (each after its length in 2 bytes), and the sealed
// facts.
func headOf(r Row) [32]byte {
	b := make([]byte, 0, 160+len(r.Facts))
	b = append(b, "chaperone head v1\n"...)
	for _, id := range [][16]byte{r.About, r.Patient, r.Person, r.Session} {
		b = append(b, id[:]...)
	}
	for _, s := range []string{r.Class, r.KeyID} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
		b = append(b, s...)
	}
	return sha256.Sum256(append(b, r.Facts...))
}

// seenBy is how many records the writer knew to be durable.
func seenBy(leaf []byte) uint64 { return binary.BigEndian.Uint64(leaf[12:20]) }
