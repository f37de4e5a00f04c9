package daemon

import (
	"net/http"
	"net/netip"
)

// routes puts the faces of the house on one address.
func (d *Daemon) routes() http.Handler {
	mux := http.NewServeMux()
	gateway := d.gateway.Handler()
	mux.Handle("/", gateway)
	metrics := d.metrics.Handler()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		// Counts tell how busy a clinic is; only a scraper on this machine gets them.
		if from, err := netip.ParseAddrPort(r.RemoteAddr); err != nil || !from.Addr().Unmap().IsLoopback() {
			gateway.ServeHTTP(w, r)
			return
		}
		metrics.ServeHTTP(w, r)
	})
	return mux
}
