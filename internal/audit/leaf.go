package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"
)

// LeafSize is the length of a leaf in bytes.
const LeafSize = 132

// Leaf is what the tree holds of a record: digests of ciphertext and a few facts
// that identify nobody. Big-endian, fixed:
//
//	  0   1  version, 1
//	  1   1  kind
//	  2   1  flags; bit 0: the clock stood earlier than at the record before
//	  3   1  zero
//	  4   8  time, microseconds since 1970 UTC
//	 12   8  records the writer knew to be durable when it made this one;
//	         the record cannot stand before that position
//	 20  16  event id
//	 36  32  head: SHA-256 of the row's clear facts and sealed facts, see head
//	 68  32  SHA-256 of the sealed content, zero if there is none
//	100  32  commitment to the content's key, zero if there is none
//
// Package verify reads the same layout with code of its own.
type Leaf [LeafSize]byte

const (
	leafVersion = 1

	// FlagClockBack says that the clock stood earlier than at the record made
	// before. Order is by sequence, never by time.
	FlagClockBack = 1 << 0
)

var errLeaf = errors.New("audit: the leaf does not match its row")

// ClockBack reports whether the clock had stepped back when the record was made.
func (l Leaf) ClockBack() bool { return l[2]&FlagClockBack != 0 }

// Seen is the number of records the writer knew to be durable.
func (l Leaf) Seen() uint64 { return binary.BigEndian.Uint64(l[12:20]) }

// Commitment is the commitment to the content's key.
func (l Leaf) Commitment() [32]byte { return [32]byte(l[100:132]) }

// CheckFacts is Check for a row that was read without its content.
func (l Leaf) CheckFacts(r Row) error {
	r.Content = nil
	if want := makeLeaf(r, l[2], l.Seen(), [32]byte{}); [68]byte(l[:68]) != [68]byte(want[:68]) {
		return errLeaf
	}
	return nil
}

// Check reports that the leaf is not the row's; nil if it is.
func (l Leaf) Check(r Row) error {
	if want := makeLeaf(r, l[2], l.Seen(), l.Commitment()); l != want {
		return errLeaf
	}
	return nil
}

func makeLeaf(r Row, flags byte, seen uint64, commitment [32]byte) Leaf {
	var l Leaf
	l[0], l[1], l[2] = leafVersion, byte(r.Kind), flags
	binary.BigEndian.PutUint64(l[4:12], uint64(r.At.UnixMicro()))
	binary.BigEndian.PutUint64(l[12:20], seen)
	copy(l[20:36], r.ID[:])
	h := head(r)
	copy(l[36:68], h[:])
	if len(r.Content) > 0 {
		sum := sha256.Sum256(r.Content)
		copy(l[68:100], sum[:])
		copy(l[100:132], commitment[:])
	}
	return l
}

// head is SHA-256 over: the line "chaperone head v1", about (16 bytes), the
// keyed hashes of patient, person and session (16 each), class and key id (each
// after its length in 2 bytes), and the sealed facts to the end.
func head(r Row) [32]byte {
	h := sha256.New()
	h.Write([]byte("chaperone head v1\n"))
	h.Write(r.About[:])
	h.Write(r.Index.Patient[:])
	h.Write(r.Index.Person[:])
	h.Write(r.Index.Session[:])
	for _, s := range []string{r.Class, r.KeyID} {
		h.Write(binary.BigEndian.AppendUint16(nil, uint16(len(s))))
		h.Write([]byte(s))
	}
	h.Write(r.Facts)
	return [32]byte(h.Sum(nil))
}

// stamp is the time as rows keep it.
func stamp(t time.Time) time.Time { return t.UTC().Round(0).Truncate(time.Microsecond) }
