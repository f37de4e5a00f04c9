package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chaperone/internal/audit"

	"github.com/jackc/pgx/v5"
)

// defaultFind is the limit of a search that names none.
const defaultFind = 1000

const rowColumns = `seq, id, about, at, kind, class, patient, person, session, key, leaf, facts`

// Find reads the rows that match; see audit.Journal. Open intents are those of
// this process and of processes that have ended: another one that lives, on the
// same database, settles its own.
func (j *Journal) Find(ctx context.Context, m audit.Match) ([]audit.Row, error) {
	query, args := j.question(m)
	rows, err := j.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("postgres: find: %w", err)
	}
	defer rows.Close()
	var out []audit.Row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, fmt.Errorf("postgres: find: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("postgres: find: %w", err)
	}
	return out, nil
}

// aliveWriters are the numbers of the processes that hold their lock.
var aliveWriters = fmt.Sprintf(`SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = %d AND objsubid = 2
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, lockWriter)

// openIntents are the intents whose writer is this one or holds no
// lock any more.
var openIntents = `id IN (SELECT id FROM chaperone.open_intent WHERE writer = ? OR writer NOT IN (` + aliveWriters + `))`

// question writes a search. Only values of the closed columns below reach the
// text; everything else is a parameter.
func (j *Journal) question(m audit.Match) (string, []any) {
	var where []string
	var args []any
	and := func(clause string, arg ...any) {
		for _, a := range arg {
			args = append(args, a)
			clause = strings.Replace(clause, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		where = append(where, clause)
	}
	if m.Seq != nil {
		and("seq = ?", int64(*m.Seq))
	}
	if !m.About.IsZero() {
		outcome := audit.OutcomeID(m.About)
		and("id IN (?, ?) AND about = ?", m.About[:], outcome[:], m.About[:])
	}
	if m.Kind != 0 {
		and("kind = ?", int16(m.Kind))
	}
	if m.Class != "" {
		and("class = ?", m.Class)
	}
	if m.Open {
		var own int32
		if j.writer != nil {
			own = j.writer.number
		}
		and(openIntents, own)
	}
	for _, by := range []struct {
		clause string
		hash   [16]byte
	}{{"patient = ?", m.Index.Patient}, {"person = ?", m.Index.Person}, {"session = ?", m.Index.Session}} {
		if by.hash != ([16]byte{}) {
			and(by.clause, by.hash[:])
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
	query := "SELECT " + rowColumns + " FROM chaperone.record"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return query + " ORDER BY seq " + order + " LIMIT " + strconv.Itoa(limit), args
}

func scanRow(rows pgx.Rows) (audit.Row, error) {
	var r audit.Row
	var id, about, patient, person, session, leaf []byte
	var at int64
	var kind int16
	err := rows.Scan(&r.Seq, &id, &about, &at, &kind, &r.Class, &patient, &person, &session, &r.KeyID, &leaf, &r.Facts)
	if err != nil {
		return r, err
	}
	if len(leaf) != audit.LeafSize {
		return r, fmt.Errorf("the leaf of place %d is damaged", r.Seq)
	}
	r.At, r.Kind, r.Leaf = time.UnixMicro(at).UTC(), audit.Kind(kind), audit.Leaf(leaf)
	copy(r.ID[:], id)
	copy(r.About[:], about)
	copy(r.Index.Patient[:], patient)
	copy(r.Index.Person[:], person)
	copy(r.Index.Session[:], session)
	return r, nil
}
