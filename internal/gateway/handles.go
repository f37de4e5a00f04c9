package gateway

import (
	"math/big"

	"chaperone/internal/claude"
)

// handles makes the ids of tool calls that leave in place of those a client made
// up: a keyed hash, so that the same call has the same id at its result and in
// every turn of the session, and nobody can tell what it was called.
func (x *exchange) handles(l *lease) func(id string) string {
	return func(id string) string {
		h := x.g.parts.Vault.BlindIndex("tool call", string(l.id)+"\x00"+id)
		return claude.HandlePrefix(id) + "01" + new(big.Int).SetBytes(h[:]).Text(62)
	}
}
