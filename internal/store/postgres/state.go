package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"chaperone/internal/identity"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// State is the state of identities in a database. It is an identity.Store
// and an identity.Forgetter.
// Nothing is remembered between two calls: another process on the same database
// may have ended a credential a moment ago.
type State struct{ pool *pgxpool.Pool }

var (
	_ identity.Store     = (*State)(nil)
	_ identity.Forgetter = (*State)(nil)
)

//nolint:gosec // names of columns, no secret
const credentialColumns = `kind, id, parent, tenant, owner, role, environment, purposes, networks, label,
	hash, created, expires, last_used, ended`

// PutCredential adds a credential; see identity.Store.
func (s *State) PutCredential(ctx context.Context, c identity.Credential) error {
	purposes, err := json.Marshal(c.Holder.Purposes)
	if err != nil {
		return fmt.Errorf("postgres: put credential: %w", err)
	}
	networks, err := json.Marshal(c.Holder.CIDRs)
	if err != nil {
		return fmt.Errorf("postgres: put credential: %w", err)
	}
	done, err := s.pool.Exec(ctx, `INSERT INTO chaperone.credential (`+credentialColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (kind, id) DO NOTHING`,
		string(c.Kind), c.ID, c.Parent, c.Holder.Tenant, c.Holder.Owner, string(c.Holder.Role), string(c.Holder.Environment),
		string(purposes), string(networks), c.Holder.Label, c.Hash,
		c.Created.UnixMicro(), microsOrNull(c.Expires), microsOrNull(c.LastUsed), microsOrNull(c.Ended))
	if err == nil && done.RowsAffected() == 0 {
		err = identity.ErrTaken
	}
	if err != nil {
		return fmt.Errorf("postgres: put credential: %w", err)
	}
	return nil
}

// Credential reads a credential; see identity.Store.
func (s *State) Credential(ctx context.Context, kind identity.CredentialKind, id string) (identity.Credential, error) {
	row := s.pool.QueryRow(ctx, `SELECT `+credentialColumns+` FROM chaperone.credential WHERE kind = $1 AND id = $2`, string(kind), id)
	c, err := scanCredential(row)
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.Credential{}, identity.ErrUnknown
	}
	if err != nil {
		return identity.Credential{}, fmt.Errorf("postgres: credential: %w", err)
	}
	return c, nil
}

// Credentials lists a tenant's credentials; see identity.Store.
func (s *State) Credentials(ctx context.Context, kind identity.CredentialKind, tenant string) ([]identity.Credential, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+credentialColumns+` FROM chaperone.credential
		WHERE tenant = $1 AND kind = $2 ORDER BY created, id`, tenant, string(kind))
	if err != nil {
		return nil, fmt.Errorf("postgres: credentials: %w", err)
	}
	defer rows.Close()
	var out []identity.Credential
	for rows.Next() {
		c, err := scanCredential(rows)
		if err != nil {
			return nil, fmt.Errorf("postgres: credentials: %w", err)
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("postgres: credentials: %w", err)
	}
	return out, nil
}

// TouchCredential notes a use; see identity.Store.
func (s *State) TouchCredential(ctx context.Context, kind identity.CredentialKind, id string, at time.Time) error {
	done, err := s.pool.Exec(ctx, `UPDATE chaperone.credential SET last_used = $1 WHERE kind = $2 AND id = $3`, at.UnixMicro(), string(kind), id)
	if err == nil && done.RowsAffected() == 0 {
		err = identity.ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("postgres: touch credential: %w", err)
	}
	return nil
}

// EndCredential ends a credential once; see identity.Store. The server lets one
// of many at once be the first.
func (s *State) EndCredential(ctx context.Context, kind identity.CredentialKind, id string, at time.Time) (bool, error) {
	done, err := s.pool.Exec(ctx, `UPDATE chaperone.credential SET ended = $1 WHERE kind = $2 AND id = $3 AND ended IS NULL`,
		at.UnixMicro(), string(kind), id)
	if err != nil {
		return false, fmt.Errorf("postgres: end credential: %w", err)
	}
	if done.RowsAffected() > 0 {
		return true, nil
	}
	var there bool
	err = s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM chaperone.credential WHERE kind = $1 AND id = $2)`, string(kind), id).Scan(&there)
	if err == nil && !there {
		err = identity.ErrUnknown
	}
	if err != nil {
		return false, fmt.Errorf("postgres: end credential: %w", err)
	}
	return false, nil
}

// ForgetCredentials removes those of a kind that expired before a moment; see
// identity.Forgetter.
func (s *State) ForgetCredentials(ctx context.Context, kind identity.CredentialKind, before time.Time) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM chaperone.credential WHERE kind = $1 AND expires < $2`, string(kind), before.UnixMicro()); err != nil {
		return fmt.Errorf("postgres: forget credentials: %w", err)
	}
	return nil
}

func scanCredential(row pgx.Row) (identity.Credential, error) {
	var c identity.Credential
	var purposes, networks string
	var created int64
	var expires, lastUsed, ended *int64
	err := row.Scan(&c.Kind, &c.ID, &c.Parent, &c.Holder.Tenant, &c.Holder.Owner, &c.Holder.Role, &c.Holder.Environment,
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

func microsOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	micros := t.UnixMicro()
	return &micros
}

func timeOrZero(micros *int64) time.Time {
	if micros == nil {
		return time.Time{}
	}
	return time.UnixMicro(*micros).UTC()
}
