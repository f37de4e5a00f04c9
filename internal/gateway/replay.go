package gateway

import (
	"context"

	"chaperone/internal/vault"
)

// replay turns thinking that was restored for the client back into the exact
// text that came from Claude. A thinking block is signed over its text; made
// anew from the client's copy it could differ in a single character, and Claude
// would refuse it.
type replay struct {
	vault *vault.Vault
	id    vault.SessionID
	ctx   context.Context //nolint:containedctx // lives as long as the one exchange it serves
	err   error           // the first thing that went wrong; the exchange must not go on
}

func (g *Gateway) newReplay(ctx context.Context, id vault.SessionID) *replay {
	return &replay{vault: g.parts.Vault, id: id, ctx: ctx}
}

// original returns what Claude wrote for what the client was shown.
func (r *replay) original(shown string) (string, bool) {
	blob, ok, err := r.vault.Recall(r.ctx, r.id, shown)
	if err != nil && r.err == nil {
		r.err = err
	}
	return string(blob), ok && err == nil
}

// keep remembers what Claude wrote for what the client is shown.
func (r *replay) keep(shown, original string) error {
	return r.vault.Remember(r.ctx, r.id, shown, []byte(original))
}
