package api

import (
	"context"
	"net/http"
	"net/url"

	"chaperone/internal/audit"
)

// Usage is what was used in a time.
type Usage = audit.Usage

// Use is what one person used of one model through one door on one day.
type Use = audit.Use

// usage adds up what was used. Looking is recorded.
func (s *Server) usage(r *http.Request) (any, error) {
	f, err := filterOf(r, s.Tenant)
	if err != nil {
		return nil, err
	}
	u, err := s.Log.Usage(r.Context(), s.Tenant, f.From, f.To)
	if err != nil {
		return nil, err
	}
	return u, s.Log.Note(r.Context(), audit.Event{Kind: audit.RecordQueried, Who: s.operator(), Subject: "usage"})
}

// Usage adds up what was used. The query takes from and to.
func (c *Client) Usage(ctx context.Context, query url.Values) (u Usage, err error) {
	return u, c.call(ctx, http.MethodGet, "/usage", query, nil, &u)
}
