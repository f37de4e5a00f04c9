package daemon

import (
	"net/http"
	"net/netip"
	"os"
	"path"
	"strings"

	"chaperone/internal/console"
	"chaperone/internal/policy"
)

// routes puts the faces of the house on one address.
func (d *Daemon) routes() (http.Handler, error) {
	courier := d.keep.courier
	pages, err := console.New(console.Parts{
		Identity: d.identity, Log: d.keep.log, Policy: d.gateway.Policy, PolicyText: d.policyText, Doors: d.Doors(),
		Tenant: d.opts.Config.Tenant, Clock: d.opts.Clock, Logger: d.logger,
		Alarm: func() string { return courier.State().Alarm() },
		// The administrator's link is the only way in; see weakened.
		SkipReaderSeparation: true,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	gateway := d.gateway.Handler()
	mux.Handle("/", gateway)
	mux.Handle("/console/", pages)
	if err := d.registerSignIn(mux); err != nil {
		return nil, err
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			gateway.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "/console/", http.StatusSeeOther)
	})
	metrics := d.metrics.Handler()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		// Counts tell how busy a clinic is; only a scraper on this machine gets them.
		if from, err := netip.ParseAddrPort(r.RemoteAddr); err != nil || !from.Addr().Unmap().IsLoopback() {
			gateway.ServeHTTP(w, r)
			return
		}
		metrics.ServeHTTP(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would answer a path such as //v1/messages with a redirect;
		// the gateway says that it does not serve it.
		if r.URL.Path != path.Clean("/"+r.URL.Path) && !strings.HasPrefix(r.URL.Path, "/console/") {
			gateway.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}), nil
}

// policyText reads the text of the policy in force from where it was loaded. A
// policy's name is that place: a shipped policy's, or a file's.
func (d *Daemon) policyText() ([]byte, error) {
	name := d.gateway.Policy().Name()
	if policy.IsShipped(name) {
		return policy.ShippedSource(name)
	}
	return os.ReadFile(name)
}
