package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"chaperone/internal/audit"
)

//go:embed journal.sql
var journalSQL string

//go:embed journal2.sql
var journal2SQL string

// The cache holds the pages that every row touches, however long the record is.
// The log is folded in every 8 MiB: a page that many rows touched meanwhile is
// written back once.
var journalSchema = schema{
	steps:  []string{journalSQL, journal2SQL},
	pragma: []string{"cache_size(-8192)", "wal_autocheckpoint(2048)"},
}

// Journal is the record's journal in one file. It is an audit.Journal.
type Journal struct {
	f *file

	// Used in the committer's transactions alone.
	next    uint64 // where the next row goes
	counted uint64 // the turn in which that was read; 0: never
}

var _ audit.Journal = (*Journal)(nil)

// OpenJournal opens or makes the journal. Close it when done.
func OpenJournal(ctx context.Context, path string) (*Journal, error) {
	f, err := openFile(ctx, path, journalSchema)
	if err != nil {
		return nil, err
	}
	return &Journal{f: f}, nil
}

// LookJournal opens a journal for reading only, also while a daemon writes.
// Append fails on it.
func LookJournal(ctx context.Context, path string) (*Journal, error) {
	f, err := lookFile(ctx, path, journalSchema)
	if err != nil {
		return nil, err
	}
	return &Journal{f: f}, nil
}

// Close waits for the commit under way and closes the file.
func (j *Journal) Close() error { return j.f.close() }

// Append writes rows next to each other; see audit.Journal.
func (j *Journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	if len(rows) == 0 {
		return 0, errors.New("sqlite: append: no rows")
	}
	var first uint64
	err := j.f.do(ctx, func(ctx context.Context, c *conn) error {
		var err error
		first, err = j.appendRows(ctx, c, rows)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: append: %w", err)
	}
	return first, nil
}

// appendRows adds rows in the transaction that runs. A single row is written at
// once and asked about only if that fails: nearly every one is new.
func (j *Journal) appendRows(ctx context.Context, c *conn, rows []audit.Row) (uint64, error) {
	if len(rows) > 1 {
		if seq, found, err := kept(ctx, c, rows); found || err != nil {
			return seq, err
		}
	}
	first, err := j.place(ctx, c)
	if err != nil {
		return 0, err
	}
	for i, r := range rows {
		if err := insertRow(ctx, c, first+uint64(i), r); err != nil {
			if seq, found, ferr := kept(ctx, c, rows); len(rows) == 1 && (found || ferr != nil) {
				return seq, ferr
			}
			return 0, err
		}
	}
	j.next = first + uint64(len(rows))
	return first, nil
}

// kept reports where rows stand that were appended before, or ErrTaken.
func kept(ctx context.Context, c *conn, rows []audit.Row) (seq uint64, found bool, err error) {
	for i, r := range rows {
		var leaf []byte
		found, err := c.one(ctx, `SELECT seq, leaf FROM record WHERE id = ?`, []any{r.ID[:]}, &seq, &leaf)
		if err != nil {
			return 0, false, err
		}
		if !found {
			continue
		}
		if i > 0 || string(leaf) != string(r.Leaf[:]) {
			return 0, false, soft{audit.ErrTaken}
		}
		return seq, true, nil
	}
	return 0, false, nil
}

// place is where the next row goes. It is read once in every transaction: one
// that was undone leaves no trace in it.
func (j *Journal) place(ctx context.Context, c *conn) (uint64, error) {
	if j.counted == c.turn {
		return j.next, nil
	}
	if _, err := c.one(ctx, `SELECT coalesce(max(seq) + 1, 0) FROM record`, nil, &j.next); err != nil {
		return 0, err
	}
	j.counted = c.turn
	return j.next, nil
}

func insertRow(ctx context.Context, c *conn, seq uint64, r audit.Row) error {
	_, err := c.exec(ctx, `INSERT OR FAIL INTO record
		(seq, id, about, at, kind, class, patient, person, session, key, leaf, facts, content)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(seq), r.ID[:], orNull(r.About), r.At.UnixMicro(), int64(r.Kind), r.Class,
		orNull(r.Index.Patient), orNull(r.Index.Person), orNull(r.Index.Session),
		r.KeyID, r.Leaf[:], r.Facts, r.Content)
	if err != nil {
		return err
	}
	switch r.Kind {
	case audit.KindIntent:
		_, err = c.exec(ctx, `INSERT INTO open_intent (id, seq) VALUES (?, ?)`, r.ID[:], int64(seq))
	case audit.KindOutcome:
		_, err = c.exec(ctx, `DELETE FROM open_intent WHERE id = ?`, r.About[:])
	}
	return err
}

// orNull keeps what was not stated out of the indexes.
func orNull[T ~[16]byte](id T) any {
	if id == (T{}) {
		return nil
	}
	return id[:]
}

// Leaves reads leaves in order; see audit.Journal.
func (j *Journal) Leaves(ctx context.Context, from uint64, limit int) ([]audit.Leaf, error) {
	rows, err := j.f.read.QueryContext(ctx,
		`SELECT seq, leaf FROM record WHERE seq >= ? ORDER BY seq LIMIT ?`, int64(from), limit)
	if err != nil {
		return nil, fmt.Errorf("sqlite: leaves: %w", err)
	}
	defer rows.Close()
	var out []audit.Leaf
	for rows.Next() {
		var seq uint64
		var leaf []byte
		if err := rows.Scan(&seq, &leaf); err != nil {
			return nil, fmt.Errorf("sqlite: leaves: %w", err)
		}
		if want := from + uint64(len(out)); seq != want || len(leaf) != audit.LeafSize {
			return nil, fmt.Errorf("sqlite: leaves: place %d is missing or damaged", want)
		}
		out = append(out, audit.Leaf(leaf))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: leaves: %w", err)
	}
	return out, nil
}

// Content reads a row's sealed content; see audit.Journal.
func (j *Journal) Content(ctx context.Context, seq uint64) ([]byte, error) {
	var content []byte
	err := j.f.read.QueryRowContext(ctx, `SELECT content FROM record WHERE seq = ?`, int64(seq)).Scan(&content)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("sqlite: content: %w", err)
	}
	return content, nil
}
