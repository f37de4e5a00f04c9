package api

import (
	"context"
	"net/http"

	"chaperone/internal/audit/witness"
)

// WitnessState is how the record stands with its second party.
type WitnessState = witness.State

// witness says how the record stands with its second party; where no gateway
// runs, nobody asks one.
func (s *Server) witness(*http.Request) (any, error) {
	if s.Witness == nil {
		return WitnessState{}, nil
	}
	return s.Witness(), nil
}

// Witness says how the record of the running gateway stands with its second
// party.
func (c *Client) Witness(ctx context.Context) (state WitnessState, err error) {
	return state, c.call(ctx, http.MethodGet, "/witness", nil, nil, &state)
}
