package sqlite

import (
	"context"
	"fmt"
	"iter"
	"time"

	"chaperone/internal/audit/verify"
)

// All yields every row of the journal in order, with its content, for the
// verifier. It reads one snapshot: rows that come later are not in it.
func (j *Journal) All(ctx context.Context) iter.Seq2[verify.Row, error] { return j.all(ctx, 0) }

func (j *Journal) all(ctx context.Context, from uint64) iter.Seq2[verify.Row, error] {
	return func(yield func(verify.Row, error) bool) {
		rows, err := j.f.read.QueryContext(ctx, `SELECT `+rowColumns+`, content FROM record WHERE seq >= ? ORDER BY seq`, int64(from))
		if err != nil {
			yield(verify.Row{}, fmt.Errorf("sqlite: all: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var r verify.Row
			var id, about, patient, person, session []byte
			var at, kind int64
			err := rows.Scan(&r.Seq, &id, &about, &at, &kind, &r.Class, &patient, &person, &session,
				&r.KeyID, &r.Leaf, &r.Facts, &r.Content)
			if err != nil {
				yield(verify.Row{}, fmt.Errorf("sqlite: all: %w", err))
				return
			}
			r.At, r.Kind = time.UnixMicro(at).UTC(), uint8(kind)
			copy(r.ID[:], id)
			copy(r.About[:], about)
			copy(r.Patient[:], patient)
			copy(r.Person[:], person)
			copy(r.Session[:], session)
			if !yield(r, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(verify.Row{}, fmt.Errorf("sqlite: all: %w", err))
		}
	}
}
