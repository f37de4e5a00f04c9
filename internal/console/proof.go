package console

import (
	"context"
	"errors"
	"time"

	"chaperone"
)

// proofState says whether a row is proved to stand in the signed tree.
type proofState struct {
	State badge
	Tree  treeState // the checkpoint it was proved against
}

// proofPatience is how long a page waits for a checkpoint that covers a row.
const proofPatience = 500 * time.Millisecond

func (v *visit) prove(seq uint64) proofState {
	ctx, cancel := context.WithTimeout(v.r.Context(), proofPatience)
	defer cancel()
	proof, err := v.parts.Log.Proof(ctx, seq)
	if own, ok := errors.AsType[*chaperone.Error](err); ok && own.Kind == chaperone.KindTimeout {
		return proofState{State: badge{"durable, not yet in the signed tree", plain}}
	}
	key := ""
	if err == nil {
		key, err = v.parts.Log.PublicKey()
	}
	if err == nil {
		err = proof.Check(key)
	}
	if err != nil {
		v.report(v.r, err)
		return proofState{State: badge{"not proved", bad}}
	}
	return proofState{badge{"proved", good}, readCheckpoint(proof.Checkpoint)}
}
