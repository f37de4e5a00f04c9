package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"chaperone"
)

// ID names an event: 16 bytes in the order of a UUID's text form (RFC 9562).
type ID [16]byte

// String is the UUID's text form.
func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// IsZero reports whether the id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// ParseID reads a UUID's text form. The error does not repeat the text.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, errors.New("audit: not a UUID")
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(raw) != len(id) {
		return id, errors.New("audit: not a UUID")
	}
	return ID(raw), nil
}

// Kind sorts rows. Kinds are only ever added.
type Kind uint8

// The kinds of rows.
const (
	KindIntent  Kind = 1 // an exchange is about to happen
	KindOutcome Kind = 2 // it ended; exactly one for each intent
	KindNote    Kind = 3 // something else that people did: a key made, a record read
)

// Row is a record at rest: a few facts in the clear by which it can be found,
// and two ciphertexts. Everything but Seq is decided before it is appended; Seq
// is its place in the journal and in the tree. All of it but Seq is bound by
// the leaf.
type Row struct {
	Seq     uint64
	ID      ID
	About   ID        // the intent's id, for an intent and its outcome; zero for a note
	At      time.Time // UTC, to the microsecond
	Kind    Kind
	Class   string // decision of an intent, result of an outcome, kind of a note
	Index   Index
	KeyID   string // key of Content; empty without content
	Facts   []byte // sealed
	Content []byte // sealed; nil if there is none
	Leaf    Leaf
}

// Index holds the keyed hashes by which rows are found; zero means not stated.
type Index struct {
	Patient, Person, Session [16]byte
}

// OutcomeID is the id of an intent's outcome. It is derived from the intent's,
// so that the uniqueness of ids makes a second outcome of one intent impossible,
// whoever writes it, and so that the one is found by the other. It is a UUIDv8.
func OutcomeID(intent ID) ID {
	sum := sha256.Sum256(append([]byte("chaperone outcome v1\n"), intent[:]...))
	id := ID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// newID makes a UUIDv7 (RFC 9562, section 5.7).
func newID(at time.Time, random io.Reader) (ID, error) {
	var id ID
	if _, err := io.ReadFull(random, id[6:]); err != nil {
		return id, fmt.Errorf("audit: randomness: %w", err)
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id, nil
}

func exchangeID(x chaperone.ExchangeID) (ID, error) { return ParseID(string(x)) }
