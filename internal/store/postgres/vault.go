package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"chaperone/internal/vault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Vault is the vault's store in a database. It is a vault.Sessions, a vault.Keys
// and a vault.Forgetter. What it removes, the server clears away with its next
// vacuum; a write-ahead log that is archived, and backups, hold it longer.
type Vault struct{ pool *pgxpool.Pool }

var (
	_ vault.Sessions  = (*Vault)(nil)
	_ vault.Keys      = (*Vault)(nil)
	_ vault.Forgetter = (*Vault)(nil)
)

// Session reads a session; see vault.Sessions.
func (v *Vault) Session(ctx context.Context, id vault.Handle) (vault.SessionRow, bool, error) {
	row := vault.SessionRow{ID: id}
	var expires int64
	err := v.pool.QueryRow(ctx, `SELECT key, expires FROM chaperone.session WHERE id = $1`, id[:]).Scan(&row.Key, &expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("postgres: session: %w", err)
	}
	row.Expires = time.UnixMilli(expires).UTC()
	return row, true, nil
}

// Put keeps a session and items; see vault.Sessions. The session's row is locked
// until the commit, so that puts into one session follow each other. Should the
// connection be lost during the commit, all of it may be there although the
// error says no; to put it again is then harmless.
func (v *Vault) Put(ctx context.Context, s vault.SessionRow, items []vault.Item) error {
	err := pgx.BeginFunc(ctx, v.pool, func(tx pgx.Tx) error {
		var key []byte
		err := tx.QueryRow(ctx, `INSERT INTO chaperone.session AS s (id, key, expires) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET expires = greatest(s.expires, excluded.expires) RETURNING key`,
			s.ID[:], s.Key, s.Expires.UnixMilli()).Scan(&key)
		if err != nil {
			return err
		}
		if !bytes.Equal(key, s.Key) {
			return vault.ErrSessionChanged
		}
		if len(items) == 0 {
			return nil
		}
		return putItems(ctx, tx, s.ID, items)
	})
	if err != nil {
		return fmt.Errorf("postgres: put: %w", err)
	}
	return nil
}

// putItems adds items in one round trip. A surrogate that is there stays, and
// its mark must be the same; a memory is replaced.
func putItems(ctx context.Context, tx pgx.Tx, id vault.Handle, items []vault.Item) error {
	var b pgx.Batch
	var names []string
	for _, item := range items {
		onto := `UPDATE SET mark = excluded.mark, sealed = excluded.sealed`
		if item.Space == vault.SpaceSurrogates {
			onto = `NOTHING`
			names = append(names, item.Name)
		}
		b.Queue(`INSERT INTO chaperone.item (session, space, name, mark, sealed) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (session, space, name) DO `+onto, id[:], string(rune(item.Space)), item.Name, item.Check[:], item.Sealed)
	}
	marks := map[string][]byte{}
	b.Queue(`SELECT name, mark FROM chaperone.item WHERE session = $1 AND space = $2 AND name = ANY ($3)`,
		id[:], string(rune(vault.SpaceSurrogates)), names).Query(func(rows pgx.Rows) error {
		var name string
		var mark []byte
		_, err := pgx.ForEachRow(rows, []any{&name, &mark}, func() error {
			marks[name] = bytes.Clone(mark)
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	for _, item := range items {
		if item.Space == vault.SpaceSurrogates && !bytes.Equal(marks[item.Name], item.Check[:]) {
			return vault.ErrExists
		}
	}
	return nil
}

// Items reads a session's items; see vault.Sessions.
func (v *Vault) Items(ctx context.Context, id vault.Handle, space vault.Space, name string) ([]vault.Item, error) {
	rows, err := v.pool.Query(ctx, `SELECT name, mark, sealed FROM chaperone.item
		WHERE session = $1 AND space = $2 AND ($3 = '' OR name = $3) ORDER BY name`, id[:], string(rune(space)), name)
	if err != nil {
		return nil, fmt.Errorf("postgres: items: %w", err)
	}
	defer rows.Close()
	var out []vault.Item
	for rows.Next() {
		item := vault.Item{Space: space}
		var mark []byte
		if err := rows.Scan(&item.Name, &mark, &item.Sealed); err != nil {
			return nil, fmt.Errorf("postgres: items: %w", err)
		}
		copy(item.Check[:], mark)
		out = append(out, item)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("postgres: items: %w", err)
	}
	return out, nil
}

// Expire removes sessions; see vault.Sessions. A session whose time was moved on
// meanwhile stays, with all it has.
func (v *Vault) Expire(ctx context.Context, before time.Time) (int, error) {
	var n int
	err := v.pool.QueryRow(ctx, `WITH gone AS (DELETE FROM chaperone.session WHERE expires <= $1 RETURNING id),
		emptied AS (DELETE FROM chaperone.item WHERE session IN (SELECT id FROM gone))
		SELECT count(*) FROM gone`, before.UnixMilli()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("postgres: expire: %w", err)
	}
	return n, nil
}

// Forget removes one session; see vault.Forgetter.
func (v *Vault) Forget(ctx context.Context, id vault.Handle) error {
	err := pgx.BeginFunc(ctx, v.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM chaperone.session WHERE id = $1`, id[:]); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM chaperone.item WHERE session = $1`, id[:])
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: forget: %w", err)
	}
	return nil
}

// PutKey keeps a wrapped key; see vault.Keys.
func (v *Vault) PutKey(ctx context.Context, k vault.KeyRow) error {
	done, err := v.pool.Exec(ctx, `INSERT INTO chaperone.key (id, owner, sealed, made) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
		k.ID, k.Owner, k.Sealed, k.Made.UnixMilli())
	if err == nil && done.RowsAffected() == 0 {
		err = vault.ErrExists
	}
	if err != nil {
		return fmt.Errorf("postgres: put key: %w", err)
	}
	return nil
}

// Key reads a wrapped key; see vault.Keys.
func (v *Vault) Key(ctx context.Context, id string) (vault.KeyRow, bool, error) {
	row := vault.KeyRow{ID: id}
	var made int64
	err := v.pool.QueryRow(ctx, `SELECT owner, sealed, made FROM chaperone.key WHERE id = $1`, id).Scan(&row.Owner, &row.Sealed, &made)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("postgres: key: %w", err)
	}
	row.Made = time.UnixMilli(made).UTC()
	return row, true, nil
}

// ReplaceKey puts a row in place of another; see vault.Keys.
func (v *Vault) ReplaceKey(ctx context.Context, k vault.KeyRow) error {
	done, err := v.pool.Exec(ctx, `UPDATE chaperone.key SET owner = $1, sealed = $2, made = $3 WHERE id = $4`, k.Owner, k.Sealed, k.Made.UnixMilli(), k.ID)
	if err == nil && done.RowsAffected() == 0 {
		err = vault.ErrNoKey
	}
	if err != nil {
		return fmt.Errorf("postgres: replace key: %w", err)
	}
	return nil
}

// DropKey destroys a wrapped key; see vault.Keys.
func (v *Vault) DropKey(ctx context.Context, id string) error {
	if _, err := v.pool.Exec(ctx, `DELETE FROM chaperone.key WHERE id = $1`, id); err != nil {
		return fmt.Errorf("postgres: drop key: %w", err)
	}
	return nil
}
