package postgres

import (
	"context"
	"fmt"
	"iter"
	"time"

	"chaperone/internal/audit/verify"

	"github.com/jackc/pgx/v5"
)

// pageOfAll is how many rows are asked for at once; they arrive one by one.
const pageOfAll = 1000

// All yields every row of the journal in order, with its content, for the
// verifier. It reads one snapshot: rows that come later are not in it.
func (j *Journal) All(ctx context.Context) iter.Seq2[verify.Row, error] {
	return j.From(ctx, 0)
}

// From is All from a place on.
func (j *Journal) From(ctx context.Context, place uint64) iter.Seq2[verify.Row, error] {
	return func(yield func(verify.Row, error) bool) {
		over := false
		err := pgx.BeginTxFunc(ctx, j.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			for more := true; more && !over; {
				var err error
				place, more, err = page(ctx, tx, place, func(r verify.Row) bool {
					over = over || !yield(r, nil)
					return !over
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !over {
			yield(verify.Row{}, fmt.Errorf("postgres: all: %w", err))
		}
	}
}

// page reads rows from a place on and says where the next page begins.
func page(ctx context.Context, tx pgx.Tx, from uint64, give func(verify.Row) bool) (next uint64, more bool, err error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+`, content FROM chaperone.record WHERE seq >= $1 ORDER BY seq LIMIT $2`, int64(from), pageOfAll)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var r verify.Row
		var id, about, patient, person, session []byte
		var at int64
		var kind int16
		err := rows.Scan(&r.Seq, &id, &about, &at, &kind, &r.Class, &patient, &person, &session, &r.KeyID, &r.Leaf, &r.Facts, &r.Content)
		if err != nil {
			return 0, false, err
		}
		r.At, r.Kind = time.UnixMicro(at).UTC(), uint8(kind)
		copy(r.ID[:], id)
		copy(r.About[:], about)
		copy(r.Patient[:], patient)
		copy(r.Person[:], person)
		copy(r.Session[:], session)
		next = r.Seq + 1
		if !give(r) {
			return next, false, nil
		}
	}
	return next, n == pageOfAll, rows.Err()
}
