package gateway

import (
	"net/http"

	"chaperone/internal/claude"
)

// dressed serves clients that were made for a cloud: the same walk, with the call
// put into the vendor's own form where it is read, and the answer into the
// client's where it is written. The form chooses no door.
func (g *Gateway) dressed(w http.ResponseWriter, r *http.Request) {
	d := claude.Dress(w, r.URL.Path)
	defer d.Finish()
	e, ok := claude.EndpointAt(r.URL.Path)
	if !ok || r.Method != http.MethodPost {
		g.unknownPath(d, r)
		return
	}
	g.exchange(e.String(), (*exchange).messages)(d, r)
}

// profiles answers Amazon's clients, which look for inference profiles where
// others list models: it is the list of models all the same.
func (g *Gateway) profiles(w http.ResponseWriter, r *http.Request) {
	d := claude.Dress(w, r.URL.Path)
	defer d.Finish()
	if r.Method != http.MethodGet {
		g.unknownPath(d, r)
		return
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery = "/v1/models", "", "limit=1000"
	r.Header.Set("Anthropic-Version", claude.Versions()[0])
	g.exchange("models.list", (*exchange).models)(d, r)
}
