// Package register is where a privacy officer keeps what was signed and what is
// known about it: agreements in all their versions with their files, who reviewed
// them, what they are meant for, what vendors show of themselves, how an agreement
// ended, which way to Claude was chosen and why, and what a drill showed.
//
// It owns what follows from that on a given day: what is in order, what is missing
// and what is due. It changes and removes nothing: a thing that was put down stays,
// and a task ends only when what it asks for is there. It lets nothing through a
// door; that is ruled by the configuration, and the register can only close.
package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// MaxFile is the largest document that is kept, in bytes.
const MaxFile = 32 << 20

// Config says what a register is made of. All of it is needed.
type Config struct {
	Store  Store
	Sealer Sealer
	Tenant string
	Clock  func() time.Time
	// Note writes into the record that something is put down. It returns before
	// anything is kept; its error ends the deed: no record, no change. subject is a
	// word, detail is sealed.
	Note func(ctx context.Context, what Change) error
}

// Change is what the record is told.
type Change struct {
	Kind    string // "version", "review", "document"
	Subject string // what it is about: an id or a digest
	Detail  []byte // the entry as JSON; empty for a document
}

// Register is an open register. It is safe for concurrent use.
type Register struct {
	cfg     Config
	mu      sync.Mutex // one who writes at a time
	entries []Entry
	state   State
	// ended are the days on which agreements ended. Every exchange asks, so it is read
	// without waiting for somebody who puts a document down.
	ended atomic.Pointer[map[string]time.Time]
}

// Open reads the register. The error is a *chaperone.Error with code
// register_damaged when an entry is missing or does not open.
func Open(ctx context.Context, cfg Config) (*Register, error) {
	rows, err := cfg.Store.Entries(ctx, cfg.Tenant)
	if err != nil {
		return nil, errUnavailable(err)
	}
	r := &Register{cfg: cfg}
	for i, row := range rows {
		e, err := r.open(row, i+1)
		if err != nil {
			return nil, errDamaged(err)
		}
		r.take(e)
	}
	return r, nil
}

// take makes an entry count.
func (r *Register) take(e Entry) {
	r.entries = append(r.entries, e)
	r.state.apply(e)
	if t := e.Termination; t != nil {
		days := map[string]time.Time{}
		if now := r.ended.Load(); now != nil {
			maps.Copy(days, *now)
		}
		days[t.Agreement] = t.On
		r.ended.Store(&days)
	}
}

func (r *Register) open(row Row, number int) (Entry, error) {
	var e Entry
	if row.Number != number {
		return e, fmt.Errorf("register: entry %d is missing", number)
	}
	plain, err := r.cfg.Sealer.OpenFacts(r.record(number), row.Sealed)
	if err != nil {
		return e, fmt.Errorf("register: entry %d: %w", number, err)
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, fmt.Errorf("register: entry %d: %w", number, err)
	}
	if e.Number != number {
		return e, fmt.Errorf("register: entry %d says that it is %d", number, e.Number)
	}
	return e, nil
}

// record is the name under which an entry is sealed: none can stand in the place
// of another, or of another tenant's.
func (r *Register) record(number int) string {
	return "register\x00" + r.cfg.Tenant + "\x00" + strconv.Itoa(number)
}

func (r *Register) file(digest string) string {
	return "register\x00" + r.cfg.Tenant + "\x00" + digest
}

// Entries lists everything that was put down, in order.
func (r *Register) Entries() []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Entry(nil), r.entries...)
}

// Ended reports whether an agreement was terminated with effect from the moment t
// or before it. An id that the register does not know has not ended.
func (r *Register) Ended(agreement string, t time.Time) bool {
	days := r.ended.Load()
	if days == nil {
		return false
	}
	on, ok := (*days)[agreement]
	return ok && !t.Before(on)
}

// Add puts something down. The record has it before the register does. The error
// is a *chaperone.Error that says which rule of the register it breaks, and then
// nothing was put down.
func (r *Register) Add(ctx context.Context, by string, d Deed) (Entry, error) {
	ctx = context.WithoutCancel(ctx) // what was begun is ended, so that memory and disk agree
	r.mu.Lock()
	defer r.mu.Unlock()
	e := Entry{Number: len(r.entries) + 1, At: r.cfg.Clock().UTC(), By: by, Deed: d}
	if err := e.check(r.state); err != nil {
		return Entry{}, err
	}
	for _, f := range e.files() {
		if _, err := r.cfg.Store.Document(ctx, r.cfg.Tenant, f.Digest); err != nil {
			return Entry{}, errFile(err)
		}
	}
	plain, err := json.Marshal(e)
	if err != nil {
		return Entry{}, fmt.Errorf("register: add: %w", err)
	}
	sealed, err := r.cfg.Sealer.SealFacts(r.record(e.Number), plain)
	if err != nil {
		return Entry{}, fmt.Errorf("register: add: %w", err)
	}
	kind, about := e.about()
	if err := r.cfg.Note(ctx, Change{kind, about, plain}); err != nil {
		return Entry{}, err
	}
	if err := r.cfg.Store.AddEntry(ctx, Row{r.cfg.Tenant, e.Number, sealed}); err != nil {
		return Entry{}, errUnavailable(err)
	}
	r.take(e)
	return e, nil
}

// Keep keeps a document, sealed, and returns its digest. The error is a
// *chaperone.Error.
func (r *Register) Keep(ctx context.Context, content []byte) (string, error) {
	if len(content) == 0 || len(content) > MaxFile {
		return "", errSize()
	}
	ctx = context.WithoutCancel(ctx)
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	r.mu.Lock()
	defer r.mu.Unlock()
	switch _, err := r.cfg.Store.Document(ctx, r.cfg.Tenant, digest); {
	case err == nil:
		return digest, nil
	case !errors.Is(err, ErrUnknown):
		return "", errUnavailable(err)
	}
	if err := r.cfg.Note(ctx, Change{Kind: "document", Subject: digest}); err != nil {
		return "", err
	}
	sealed, key, _, err := r.cfg.Sealer.SealContent(ctx, r.file(digest), "document", content)
	if err != nil {
		return "", err
	}
	if err := r.cfg.Store.AddDocument(ctx, Document{r.cfg.Tenant, digest, key, sealed}); err != nil {
		return "", errUnavailable(err)
	}
	return digest, nil
}

// Read returns a document as it was kept. The error is a *chaperone.Error, with
// code register_damaged where the content is not what the digest says.
func (r *Register) Read(ctx context.Context, digest string) ([]byte, error) {
	d, err := r.cfg.Store.Document(ctx, r.cfg.Tenant, digest)
	if err != nil {
		return nil, errFile(err)
	}
	plain, err := r.cfg.Sealer.OpenContent(ctx, r.file(digest), "document", d.Key, d.Sealed)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(plain); hex.EncodeToString(sum[:]) != digest {
		return nil, errDamaged(fmt.Errorf("register: document %s is not what it was", digest))
	}
	return plain, nil
}
