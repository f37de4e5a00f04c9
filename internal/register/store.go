package register

import (
	"context"
	"errors"
)

// Store keeps the register. What it holds it cannot read. All its methods are safe
// for concurrent use.
type Store interface {
	// AddEntry keeps a row durably before it returns. The error is ErrTaken if the
	// tenant has a row of that number, and ErrGap if the number before it is missing.
	AddEntry(ctx context.Context, r Row) error
	// Entries lists a tenant's rows by number.
	Entries(ctx context.Context, tenant string) ([]Row, error)
	// AddDocument keeps a document durably before it returns. One that is there
	// already stays as it is: it has the same content.
	AddDocument(ctx context.Context, d Document) error
	// Document reads a document; ErrUnknown if there is none.
	Document(ctx context.Context, tenant, digest string) (Document, error)
}

// Sealer seals what is kept. The vault is one.
type Sealer interface {
	SealFacts(record string, plain []byte) ([]byte, error)
	OpenFacts(record string, sealed []byte) ([]byte, error)
	SealContent(ctx context.Context, record, kind string, plain []byte) (sealed []byte, keyID string, commitment [32]byte, err error)
	OpenContent(ctx context.Context, record, kind, keyID string, sealed []byte) ([]byte, error)
}

// Row is a sealed entry.
type Row struct {
	Tenant string
	Number int // from 1, without a gap
	Sealed []byte
}

// Document is a sealed file.
type Document struct {
	Tenant string
	Digest string // SHA-256 of the plain content, hexadecimal
	Key    string // id of the key that opens it
	Sealed []byte
}

// What a Store may answer.
var (
	ErrTaken   = errors.New("register: this number is taken")
	ErrGap     = errors.New("register: the number before it is missing")
	ErrUnknown = errors.New("register: there is no such document")
)
