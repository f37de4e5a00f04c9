package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"chaperone/internal/vault"
)

//go:embed vault.sql
var vaultSQL string

var vaultSchema = schema{steps: []string{vaultSQL}, pragma: []string{"secure_delete(1)"}}

// Vault is the vault's store in one file. It is a vault.Sessions and a
// vault.Keys.
type Vault struct{ f *file }

var (
	_ vault.Sessions = (*Vault)(nil)
	_ vault.Keys     = (*Vault)(nil)
)

// OpenVault opens or makes the vault's file. Close it when done.
func OpenVault(ctx context.Context, path string) (*Vault, error) {
	f, err := openFile(ctx, path, vaultSchema)
	if err != nil {
		return nil, err
	}
	return &Vault{f}, nil
}

// Close waits for the commit under way and closes the file.
func (v *Vault) Close() error { return v.f.close() }

// Session reads a session; see vault.Sessions.
func (v *Vault) Session(ctx context.Context, id vault.Handle) (vault.SessionRow, bool, error) {
	row := vault.SessionRow{ID: id}
	var expires int64
	err := v.f.read.QueryRowContext(ctx, `SELECT key, expires FROM session WHERE id = ?`, id[:]).Scan(&row.Key, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("sqlite: session: %w", err)
	}
	row.Expires = time.UnixMilli(expires).UTC()
	return row, true, nil
}

// Put keeps a session and items; see vault.Sessions.
func (v *Vault) Put(ctx context.Context, s vault.SessionRow, items []vault.Item) error {
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		var key []byte
		var expires int64
		found, err := c.one(ctx, `SELECT key, expires FROM session WHERE id = ?`, []any{s.ID[:]}, &key, &expires)
		if err != nil {
			return err
		}
		if found && !bytes.Equal(key, s.Key) {
			return soft{vault.ErrSessionChanged}
		}
		fresh, err := freshItems(ctx, c, s.ID, items)
		if err != nil {
			return err
		}
		if !found || s.Expires.UnixMilli() > expires {
			if _, err := c.exec(ctx, `INSERT INTO session (id, key, expires) VALUES (?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET expires = excluded.expires`, s.ID[:], s.Key, s.Expires.UnixMilli()); err != nil {
				return err
			}
		}
		return putItems(ctx, c, s.ID, fresh)
	})
	if err != nil {
		return fmt.Errorf("sqlite: put: %w", err)
	}
	return nil
}

// freshItems leaves out the surrogates that are kept already.
func freshItems(ctx context.Context, c *conn, id vault.Handle, items []vault.Item) ([]vault.Item, error) {
	var fresh []vault.Item
	here := map[string][16]byte{}
	for _, item := range items {
		if item.Space != vault.SpaceSurrogates {
			fresh = append(fresh, item)
			continue
		}
		var mark []byte
		found, err := c.one(ctx, `SELECT mark FROM item WHERE session = ? AND space = ? AND name = ?`,
			[]any{id[:], string(rune(item.Space)), item.Name}, &mark)
		if err != nil {
			return nil, err
		}
		earlier, twice := here[item.Name]
		switch {
		case found && !bytes.Equal(mark, item.Check[:]), twice && earlier != item.Check:
			return nil, soft{vault.ErrExists}
		case !found && !twice:
			here[item.Name] = item.Check
			fresh = append(fresh, item)
		}
	}
	return fresh, nil
}

func putItems(ctx context.Context, c *conn, id vault.Handle, items []vault.Item) error {
	for _, item := range items {
		_, err := c.exec(ctx, `INSERT INTO item (session, space, name, mark, sealed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (session, space, name) DO UPDATE SET mark = excluded.mark, sealed = excluded.sealed`,
			id[:], string(rune(item.Space)), item.Name, item.Check[:], item.Sealed)
		if err != nil {
			return err
		}
	}
	return nil
}

// Items reads a session's items; see vault.Sessions.
func (v *Vault) Items(ctx context.Context, id vault.Handle, space vault.Space, name string) ([]vault.Item, error) {
	rows, err := v.f.read.QueryContext(ctx, `SELECT name, mark, sealed FROM item
		WHERE session = ? AND space = ? AND (? = '' OR name = ?) ORDER BY name`, id[:], string(rune(space)), name, name)
	if err != nil {
		return nil, fmt.Errorf("sqlite: items: %w", err)
	}
	defer rows.Close()
	var out []vault.Item
	for rows.Next() {
		item := vault.Item{Space: space}
		var mark []byte
		if err := rows.Scan(&item.Name, &mark, &item.Sealed); err != nil {
			return nil, fmt.Errorf("sqlite: items: %w", err)
		}
		copy(item.Check[:], mark)
		out = append(out, item)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: items: %w", err)
	}
	return out, nil
}

// Expire removes sessions; see vault.Sessions. The write-ahead log is folded in
// afterwards, so that what was overwritten does not live on in it.
func (v *Vault) Expire(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `DELETE FROM item WHERE session IN (SELECT id FROM session WHERE expires <= ?)`, before.UnixMilli())
		if err != nil {
			return err
		}
		n, err = c.exec(ctx, `DELETE FROM session WHERE expires <= ?`, before.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: expire: %w", err)
	}
	if n > 0 {
		if err := v.f.fold(ctx); err != nil {
			return int(n), err
		}
	}
	return int(n), nil
}

// PutKey keeps a wrapped key; see vault.Keys.
func (v *Vault) PutKey(ctx context.Context, k vault.KeyRow) error {
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		n, err := c.exec(ctx, `INSERT INTO key (id, owner, sealed, made) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			k.ID, k.Owner, k.Sealed, k.Made.UnixMilli())
		if err == nil && n == 0 {
			return soft{vault.ErrExists}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: put key: %w", err)
	}
	return nil
}

// Key reads a wrapped key; see vault.Keys.
func (v *Vault) Key(ctx context.Context, id string) (vault.KeyRow, bool, error) {
	row := vault.KeyRow{ID: id}
	var made int64
	err := v.f.read.QueryRowContext(ctx, `SELECT owner, sealed, made FROM key WHERE id = ?`, id).Scan(&row.Owner, &row.Sealed, &made)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("sqlite: key: %w", err)
	}
	row.Made = time.UnixMilli(made).UTC()
	return row, true, nil
}

// ReplaceKey puts a row in place of another; see vault.Keys. The write-ahead log
// is folded in afterwards, so that the old one does not live on in it.
func (v *Vault) ReplaceKey(ctx context.Context, k vault.KeyRow) error {
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		n, err := c.exec(ctx, `UPDATE key SET owner = ?, sealed = ?, made = ? WHERE id = ?`, k.Owner, k.Sealed, k.Made.UnixMilli(), k.ID)
		if err == nil && n == 0 {
			return soft{vault.ErrNoKey}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: replace key: %w", err)
	}
	return v.f.fold(ctx)
}

// DropKey destroys a wrapped key; see vault.Keys.
func (v *Vault) DropKey(ctx context.Context, id string) error {
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		_, err := c.exec(ctx, `DELETE FROM key WHERE id = ?`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: drop key: %w", err)
	}
	return v.f.fold(ctx)
}

// LookVault opens a vault's file for reading only. What changes it fails.
func LookVault(ctx context.Context, path string) (*Vault, error) {
	f, err := lookFile(ctx, path, vaultSchema)
	if err != nil {
		return nil, err
	}
	return &Vault{f}, nil
}
