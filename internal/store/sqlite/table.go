package sqlite

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"chaperone/internal/audit/verify"
)

// Table yields the rows of one of the vault's tables as they are kept, for a
// move to another store.
func (v *Vault) Table(ctx context.Context, name string, columns []string) iter.Seq2[[]any, error] {
	return v.f.table(ctx, name, columns)
}

// Table yields the rows of one of the tables as they are kept, for a move to
// another store.
func (s *State) Table(ctx context.Context, name string, columns []string) iter.Seq2[[]any, error] {
	return s.f.table(ctx, name, columns)
}

// table reads a table; its name and its columns are words of ours.
func (f *file) table(ctx context.Context, name string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := f.read.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+name) //nolint:gosec // see above
		if err != nil {
			yield(nil, fmt.Errorf("sqlite: table: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				yield(nil, fmt.Errorf("sqlite: table: %w", err))
				return
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("sqlite: table: %w", err))
		}
	}
}

// From is All from a place on.
func (j *Journal) From(ctx context.Context, place uint64) iter.Seq2[verify.Row, error] {
	return j.all(ctx, place)
}
