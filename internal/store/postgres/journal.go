package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"

	"chaperone/internal/audit"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The first number of our advisory locks; the second is 0, or a writer's number.
const (
	lockPrepare int32 = 0x63681 + iota
	lockRecord
	lockWriter
)

// lockHead is held until the commit by whoever adds rows: places are given out
// one commit after the other, by however many processes.
var lockHead = fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d, 0)`, lockRecord)

// Journal is the record's journal in a database. It is an audit.Journal.
type Journal struct {
	pool   *pgxpool.Pool
	writer *writer // nil when opened for reading only
}

var _ audit.Journal = (*Journal)(nil)

// Append writes rows next to each other; see audit.Journal.
func (j *Journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	if len(rows) == 0 {
		return 0, errors.New("postgres: append: no rows")
	}
	first, err := j.writer.add(ctx, rows)
	if err != nil {
		return 0, fmt.Errorf("postgres: append: %w", err)
	}
	return first, nil
}

// sender is a connection, or a transaction on it.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

const (
	// insertRows adds rows at the end.
	insertRows = `INSERT INTO chaperone.record (seq, id, about, at, kind, class, patient, person, session, key, leaf, facts, content)
	SELECT head.next + r.n - 1, r.id, r.about, r.at, r.kind, r.class, r.patient, r.person, r.session, r.key, r.leaf, r.facts, r.content
	FROM (SELECT coalesce(max(seq) + 1, 0) AS next FROM chaperone.record) head,
		unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::smallint[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[],
			$9::text[], $10::bytea[], $11::bytea[], $12::bytea[])
			WITH ORDINALITY AS r(id, about, at, kind, class, patient, person, session, key, leaf, facts, content, n)
	RETURNING seq`
	openIntent  = `INSERT INTO chaperone.open_intent (id, writer) SELECT unnest($1::bytea[]), $2`
	closeIntent = `DELETE FROM chaperone.open_intent WHERE id = ANY ($1::bytea[])`
)

// insert adds rows, keeps the list of open intents, and yields the place of the
// first row. The statements travel together and, outside a transaction, are one.
func insert(ctx context.Context, on sender, writer int32, rows []audit.Row) (first uint64, err error) {
	var b pgx.Batch
	b.Queue(lockHead)
	b.Queue(insertRows, columns(rows)...).Query(func(placed pgx.Rows) error {
		first = math.MaxUint64
		var seq uint64
		_, err := pgx.ForEachRow(placed, []any{&seq}, func() error {
			first = min(first, seq)
			return nil
		})
		return err
	})
	opened, closed := underWay(rows)
	if len(opened) > 0 {
		b.Queue(openIntent, opened, writer)
	}
	if len(closed) > 0 {
		b.Queue(closeIntent, closed)
	}
	err = on.SendBatch(ctx, &b).Close()
	return first, err
}

// underWay lists the intents that begin with these rows, and those that end. A
// pair of intent and outcome that arrives together was never open.
func underWay(rows []audit.Row) (opened, closed [][]byte) {
	ended := map[audit.ID]bool{}
	for i := range rows {
		if rows[i].Kind == audit.KindOutcome {
			ended[rows[i].About] = true
			closed = append(closed, rows[i].About[:])
		}
	}
	for i := range rows {
		if rows[i].Kind == audit.KindIntent && !ended[rows[i].ID] {
			opened = append(opened, rows[i].ID[:])
		}
	}
	return opened, closed
}

// columns turns rows by their side.
func columns(rows []audit.Row) []any {
	n := len(rows)
	id, about := make([][]byte, n), make([][]byte, n)
	at, kind, class := make([]int64, n), make([]int16, n), make([]string, n)
	patient, person, session := make([][]byte, n), make([][]byte, n), make([][]byte, n)
	key, leaf, facts, content := make([]string, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	for i := range rows {
		r := &rows[i]
		id[i], about[i], at[i], kind[i], class[i] = r.ID[:], orNull(r.About), r.At.UnixMicro(), int16(r.Kind), r.Class
		patient[i], person[i], session[i] = orNull(r.Index.Patient), orNull(r.Index.Person), orNull(r.Index.Session)
		key[i], leaf[i], facts[i], content[i] = r.KeyID, r.Leaf[:], r.Facts, r.Content
	}
	return []any{id, about, at, kind, class, patient, person, session, key, leaf, facts, content}
}

// orNull keeps what was not stated out of the indexes.
func orNull[T ~[16]byte](id T) []byte {
	if id == (T{}) {
		return nil
	}
	b := [16]byte(id)
	return b[:]
}

// kept reports where rows stand that were appended before, or ErrTaken.
func kept(ctx context.Context, tx pgx.Tx, rows []audit.Row) (seq uint64, found bool, err error) {
	for i, r := range rows {
		var leaf []byte
		err := tx.QueryRow(ctx, `SELECT seq, leaf FROM chaperone.record WHERE id = $1`, r.ID[:]).Scan(&seq, &leaf)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return 0, false, err
		}
		if i > 0 || string(leaf) != string(r.Leaf[:]) {
			return 0, false, audit.ErrTaken
		}
		return seq, true, nil
	}
	return 0, false, nil
}

// Leaves reads leaves in order; see audit.Journal.
func (j *Journal) Leaves(ctx context.Context, from uint64, limit int) ([]audit.Leaf, error) {
	rows, err := j.pool.Query(ctx, `SELECT seq, leaf FROM chaperone.record WHERE seq >= $1 ORDER BY seq LIMIT $2`, int64(from), limit)
	if err != nil {
		return nil, fmt.Errorf("postgres: leaves: %w", err)
	}
	defer rows.Close()
	var out []audit.Leaf
	for rows.Next() {
		var seq uint64
		var leaf []byte
		if err := rows.Scan(&seq, &leaf); err != nil {
			return nil, fmt.Errorf("postgres: leaves: %w", err)
		}
		if want := from + uint64(len(out)); seq != want || len(leaf) != audit.LeafSize {
			return nil, fmt.Errorf("postgres: leaves: place %d is missing or damaged", want)
		}
		out = append(out, audit.Leaf(leaf))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("postgres: leaves: %w", err)
	}
	return out, nil
}

// Content reads a row's sealed content; see audit.Journal.
func (j *Journal) Content(ctx context.Context, seq uint64) ([]byte, error) {
	var content []byte
	err := j.pool.QueryRow(ctx, `SELECT content FROM chaperone.record WHERE seq = $1`, int64(seq)).Scan(&content)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("postgres: content: %w", err)
	}
	return content, nil
}
