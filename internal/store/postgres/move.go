package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
)

// BeginMove claims an empty database for the record whose log has the public key
// source. A database that was claimed by the same before is gone on with. whole
// says that everything has arrived already.
func (d *Database) BeginMove(ctx context.Context, source string) (whole bool, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockHead); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT whole FROM chaperone.move WHERE source = $1`, source).Scan(&whole)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		var some bool
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM chaperone.record) OR EXISTS (SELECT 1 FROM chaperone.session)
			OR EXISTS (SELECT 1 FROM chaperone.key) OR EXISTS (SELECT 1 FROM chaperone.credential) OR EXISTS (SELECT 1 FROM chaperone.move)`).Scan(&some)
		if err != nil {
			return err
		}
		if some {
			return errNotEmpty("The database holds data already, and nothing was copied", "Name an empty database")
		}
		_, err = tx.Exec(ctx, `INSERT INTO chaperone.move (source, whole) VALUES ($1, false)`, source)
		return err
	})
	if err != nil {
		return false, Unavailable(fmt.Errorf("move: %w", err))
	}
	return whole, nil
}

// EndMove notes that all has arrived.
func (d *Database) EndMove(ctx context.Context, source string) error {
	if _, err := d.pool.Exec(ctx, `UPDATE chaperone.move SET whole = true WHERE source = $1`, source); err != nil {
		return Unavailable(fmt.Errorf("move: %w", err))
	}
	return nil
}

// FillTable puts rows in place of all that a table holds.
func (d *Database) FillTable(ctx context.Context, name string, columns []string, rows iter.Seq2[[]any, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		table := pgx.Identifier{"chaperone", name}
		if _, err := tx.Exec(ctx, `DELETE FROM `+table.Sanitize()); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, table, columns, pgx.CopyFromFunc(func() ([]any, error) {
			row, err, ok := next()
			if !ok || err != nil {
				return nil, err
			}
			return row, nil
		}))
		return err
	})
	if err != nil {
		return Unavailable(fmt.Errorf("move: %s: %w", name, err))
	}
	return nil
}

// Table yields the rows of a table as they are kept.
func (d *Database) Table(ctx context.Context, name string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := d.pool.Query(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+pgx.Identifier{"chaperone", name}.Sanitize())
		if err != nil {
			yield(nil, fmt.Errorf("postgres: table: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			values, err := rows.Values()
			if !yield(values, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("postgres: table: %w", err))
		}
	}
}
