package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"chaperone/internal/audit"
)

// defaultFind is the limit of a search that names none.
const defaultFind = 1000

const rowColumns = `seq, id, about, at, kind, class, patient, person, session, key, leaf, facts`

// Find reads the rows that match; see audit.Journal.
func (j *Journal) Find(ctx context.Context, m audit.Match) ([]audit.Row, error) {
	query, args := findQuery(m)
	rows, err := j.f.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find: %w", err)
	}
	defer rows.Close()
	var out []audit.Row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, fmt.Errorf("sqlite: find: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: find: %w", err)
	}
	return out, nil
}

// findQuery writes the question. Only values of the closed columns below reach
// the text; everything else is a parameter.
func findQuery(m audit.Match) (string, []any) {
	var where []string
	var args []any
	and := func(clause string, arg ...any) {
		where = append(where, clause)
		args = append(args, arg...)
	}
	if m.Seq != nil {
		and("seq = ?", int64(*m.Seq))
	}
	if !m.About.IsZero() {
		outcome := audit.OutcomeID(m.About)
		and("id IN (?, ?) AND about = ?", m.About[:], outcome[:], m.About[:])
	}
	if m.Kind != 0 {
		and("kind = ?", int64(m.Kind))
	}
	if m.Class != "" {
		and("class = ?", m.Class)
	}
	if m.Open {
		and("seq IN (SELECT seq FROM open_intent)")
	}
	for column, hash := range map[string][16]byte{
		"patient": m.Index.Patient, "person": m.Index.Person, "session": m.Index.Session,
	} {
		if hash != ([16]byte{}) {
			and(column+" = ?", hash[:])
		}
	}
	if !m.From.IsZero() {
		and("at >= ?", m.From.UnixMicro())
	}
	if !m.To.IsZero() {
		and("at < ?", m.To.UnixMicro())
	}
	order, beyond := "ASC", "seq > ?"
	if m.Newest {
		order, beyond = "DESC", "seq < ?"
	}
	if m.After != nil {
		and(beyond, int64(*m.After))
	}
	limit := m.Limit
	if limit <= 0 {
		limit = defaultFind
	}
	query := "SELECT " + rowColumns + " FROM record"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return query + " ORDER BY seq " + order + " LIMIT ?", append(args, limit)
}

func scanRow(rows *sql.Rows) (audit.Row, error) {
	var r audit.Row
	var id, about, patient, person, session, leaf []byte
	var at int64
	err := rows.Scan(&r.Seq, &id, &about, &at, &r.Kind, &r.Class, &patient, &person, &session, &r.KeyID, &leaf, &r.Facts)
	if err != nil {
		return r, err
	}
	if len(leaf) != audit.LeafSize {
		return r, fmt.Errorf("the leaf of place %d is damaged", r.Seq)
	}
	r.At = time.UnixMicro(at).UTC()
	r.Leaf = audit.Leaf(leaf)
	copy(r.ID[:], id)
	copy(r.About[:], about)
	copy(r.Index.Patient[:], patient)
	copy(r.Index.Person[:], person)
	copy(r.Index.Session[:], session)
	return r, nil
}
