package sqlite

import (
	"context"
	"fmt"

	"chaperone/internal/vault"
)

var _ vault.Forgetter = (*Vault)(nil)

// Forget removes one session; see vault.Forgetter. The write-ahead log is folded
// in afterwards, so that what was overwritten does not live on in it.
func (v *Vault) Forget(ctx context.Context, id vault.Handle) error {
	err := v.f.do(ctx, func(ctx context.Context, c *conn) error {
		if _, err := c.exec(ctx, `DELETE FROM item WHERE session = ?`, id[:]); err != nil {
			return err
		}
		_, err := c.exec(ctx, `DELETE FROM session WHERE id = ?`, id[:])
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: forget: %w", err)
	}
	return v.f.fold(ctx)
}
