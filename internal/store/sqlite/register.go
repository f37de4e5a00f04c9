package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"chaperone/internal/register"
)

//go:embed register.sql
var registerSQL string

var registerSchema = schema{steps: []string{registerSQL}}

// Register is the register in one file. It is a register.Store.
type Register struct{ f *file }

var _ register.Store = (*Register)(nil)

// OpenRegister opens or makes the file. Close it when done.
func OpenRegister(ctx context.Context, path string) (*Register, error) {
	f, err := openFile(ctx, path, registerSchema)
	if err != nil {
		return nil, err
	}
	return &Register{f}, nil
}

// Close waits for the commit under way and closes the file.
func (r *Register) Close() error { return r.f.close() }

// AddEntry keeps a row; see register.Store.
func (r *Register) AddEntry(ctx context.Context, row register.Row) error {
	err := r.f.do(ctx, func(ctx context.Context, w *conn) error {
		var last int
		if _, err := w.one(ctx, `SELECT coalesce(max(number), 0) FROM entry WHERE tenant = ?`, []any{row.Tenant}, &last); err != nil {
			return err
		}
		switch {
		case row.Number <= last:
			return soft{register.ErrTaken}
		case row.Number > last+1:
			return soft{register.ErrGap}
		}
		_, err := w.exec(ctx, `INSERT INTO entry (tenant, number, sealed) VALUES (?, ?, ?)`, row.Tenant, row.Number, row.Sealed)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: add entry: %w", err)
	}
	return nil
}

// Entries lists a tenant's rows; see register.Store.
func (r *Register) Entries(ctx context.Context, tenant string) ([]register.Row, error) {
	rows, err := r.f.read.QueryContext(ctx, `SELECT number, sealed FROM entry WHERE tenant = ? ORDER BY number`, tenant)
	if err != nil {
		return nil, fmt.Errorf("sqlite: entries: %w", err)
	}
	defer rows.Close()
	var list []register.Row
	for rows.Next() {
		row := register.Row{Tenant: tenant}
		if err := rows.Scan(&row.Number, &row.Sealed); err != nil {
			return nil, fmt.Errorf("sqlite: entries: %w", err)
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: entries: %w", err)
	}
	return list, nil
}

// AddDocument keeps a document; see register.Store.
func (r *Register) AddDocument(ctx context.Context, d register.Document) error {
	err := r.f.do(ctx, func(ctx context.Context, w *conn) error {
		_, err := w.exec(ctx, `INSERT INTO document (tenant, digest, key, sealed) VALUES (?, ?, ?, ?)
			ON CONFLICT (tenant, digest) DO NOTHING`, d.Tenant, d.Digest, d.Key, d.Sealed)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: add document: %w", err)
	}
	return nil
}

// Document reads a document; see register.Store.
func (r *Register) Document(ctx context.Context, tenant, digest string) (register.Document, error) {
	d := register.Document{Tenant: tenant, Digest: digest}
	err := r.f.read.QueryRowContext(ctx, `SELECT key, sealed FROM document WHERE tenant = ? AND digest = ?`, tenant, digest).Scan(&d.Key, &d.Sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return register.Document{}, register.ErrUnknown
	}
	if err != nil {
		return register.Document{}, fmt.Errorf("sqlite: document: %w", err)
	}
	return d, nil
}
