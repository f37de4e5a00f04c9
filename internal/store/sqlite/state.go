package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"chaperone/internal/identity"
)

//go:embed state.sql
var stateSQL string

//go:embed state-devices.sql
var stateDevicesSQL string

var stateSchema = schema{steps: []string{stateSQL, stateDevicesSQL}}

// State is the state of identities in one file. It is an identity.Store.
type State struct {
	f     *file
	known known
}

var (
	_ identity.Store     = (*State)(nil)
	_ identity.Forgetter = (*State)(nil)
)

// OpenState opens or makes the file. Close it when done.
func OpenState(ctx context.Context, path string) (*State, error) {
	f, err := openFile(ctx, path, stateSchema)
	if err != nil {
		return nil, err
	}
	return &State{f: f}, nil
}

// Close waits for the commit under way and closes the file.
func (s *State) Close() error { return s.f.close() }

//nolint:gosec // names of columns, no secret
const credentialColumns = `kind, id, parent, tenant, owner, role, environment, purposes, networks, label,
	hash, created, expires, last_used, ended`

// PutCredential adds a credential; see identity.Store.
func (s *State) PutCredential(ctx context.Context, c identity.Credential) error {
	purposes, err := json.Marshal(c.Holder.Purposes)
	if err != nil {
		return fmt.Errorf("sqlite: put credential: %w", err)
	}
	networks, err := json.Marshal(c.Holder.CIDRs)
	if err != nil {
		return fmt.Errorf("sqlite: put credential: %w", err)
	}
	err = s.f.do(ctx, func(ctx context.Context, w *conn) error {
		n, err := w.exec(ctx, `INSERT INTO credential (`+credentialColumns+`)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING`,
			string(c.Kind), c.ID, c.Parent, c.Holder.Tenant, c.Holder.Owner, string(c.Holder.Role), string(c.Holder.Environment),
			string(purposes), string(networks), c.Holder.Label, c.Hash,
			c.Created.UnixMicro(), microsOrNull(c.Expires), microsOrNull(c.LastUsed), microsOrNull(c.Ended))
		if err == nil && n == 0 {
			return soft{identity.ErrTaken}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: put credential: %w", err)
	}
	return nil
}

// Credential reads a credential; see identity.Store.
func (s *State) Credential(ctx context.Context, kind identity.CredentialKind, id string) (identity.Credential, error) {
	c, turn, ok := s.known.get(kind, id)
	if ok {
		return c, nil
	}
	row := s.f.read.QueryRowContext(ctx, `SELECT `+credentialColumns+` FROM credential WHERE kind = ? AND id = ?`, string(kind), id)
	c, err := scanCredential(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Credential{}, identity.ErrUnknown
	}
	if err != nil {
		return identity.Credential{}, fmt.Errorf("sqlite: credential: %w", err)
	}
	s.known.keep(c, turn)
	return c, nil
}

// Credentials lists a tenant's credentials; see identity.Store.
func (s *State) Credentials(ctx context.Context, kind identity.CredentialKind, tenant string) ([]identity.Credential, error) {
	rows, err := s.f.read.QueryContext(ctx, `SELECT `+credentialColumns+` FROM credential
		WHERE tenant = ? AND kind = ? ORDER BY created, id`, tenant, string(kind))
	if err != nil {
		return nil, fmt.Errorf("sqlite: credentials: %w", err)
	}
	defer rows.Close()
	var out []identity.Credential
	for rows.Next() {
		c, err := scanCredential(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("sqlite: credentials: %w", err)
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: credentials: %w", err)
	}
	return out, nil
}

// TouchCredential notes a use; see identity.Store.
func (s *State) TouchCredential(ctx context.Context, kind identity.CredentialKind, id string, at time.Time) error {
	s.known.forget(kind, id)
	defer s.known.forget(kind, id)
	err := s.f.do(ctx, func(ctx context.Context, w *conn) error {
		n, err := w.exec(ctx, `UPDATE credential SET last_used = ? WHERE kind = ? AND id = ?`, at.UnixMicro(), string(kind), id)
		if err == nil && n == 0 {
			return soft{identity.ErrUnknown}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: touch credential: %w", err)
	}
	return nil
}

// EndCredential ends a credential once; see identity.Store.
func (s *State) EndCredential(ctx context.Context, kind identity.CredentialKind, id string, at time.Time) (bool, error) {
	s.known.forget(kind, id)
	defer s.known.forget(kind, id)
	var first bool
	err := s.f.do(ctx, func(ctx context.Context, w *conn) error {
		n, err := w.exec(ctx, `UPDATE credential SET ended = ? WHERE kind = ? AND id = ? AND ended IS NULL`,
			at.UnixMicro(), string(kind), id)
		if err != nil || n > 0 {
			first = n > 0
			return err
		}
		first = false
		var one int
		found, err := w.one(ctx, `SELECT 1 FROM credential WHERE kind = ? AND id = ?`, []any{string(kind), id}, &one)
		if err == nil && !found {
			return soft{identity.ErrUnknown}
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("sqlite: end credential: %w", err)
	}
	return first, nil
}

// ForgetCredentials removes those of a kind that expired before a moment; see
// identity.Forgetter.
func (s *State) ForgetCredentials(ctx context.Context, kind identity.CredentialKind, before time.Time) error {
	s.known.forgetAll()
	defer s.known.forgetAll()
	err := s.f.do(ctx, func(ctx context.Context, w *conn) error {
		_, err := w.exec(ctx, `DELETE FROM credential WHERE kind = ? AND expires < ?`, string(kind), before.UnixMicro())
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: forget credentials: %w", err)
	}
	return nil
}

func scanCredential(scan func(...any) error) (identity.Credential, error) {
	var c identity.Credential
	var purposes, networks string
	var created int64
	var expires, lastUsed, ended sql.NullInt64
	err := scan(&c.Kind, &c.ID, &c.Parent, &c.Holder.Tenant, &c.Holder.Owner, &c.Holder.Role, &c.Holder.Environment,
		&purposes, &networks, &c.Holder.Label, &c.Hash, &created, &expires, &lastUsed, &ended)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(purposes), &c.Holder.Purposes); err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(networks), &c.Holder.CIDRs); err != nil {
		return c, err
	}
	c.Created = time.UnixMicro(created).UTC()
	c.Expires, c.LastUsed, c.Ended = timeOrZero(expires), timeOrZero(lastUsed), timeOrZero(ended)
	return c, nil
}

func microsOrNull(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

func timeOrZero(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
