package api

import (
	"context"
	"net/http"

	"chaperone/internal/gateway"
)

// DoorState is how a door is held at this moment.
type DoorState = gateway.DoorState

// doors says how the doors are held; there is nothing to say where no gateway runs.
func (s *Server) doors(*http.Request) (any, error) {
	if s.Doors == nil {
		return []DoorState{}, nil
	}
	return s.Doors(), nil
}

// Doors says how the doors of the running gateway are held.
func (c *Client) Doors(ctx context.Context) (list []DoorState, err error) {
	return list, c.call(ctx, http.MethodGet, "/doors", nil, nil, &list)
}
