package daemon

import (
	"fmt"
	"net/http"

	"chaperone/internal/config"
	"chaperone/internal/signin"
)

// registerSignIn puts the paths by which programs sign in on a multiplexer.
func (d *Daemon) registerSignIn(mux *http.ServeMux) error {
	cfg := d.opts.Config
	settings := signin.Settings{None: cfg.ManagedSettings == config.NoManagedSettings}
	src, err := cfg.ReadManagedSettings()
	if err == nil && src != nil {
		settings, err = signin.ParseSettings(src)
	}
	if err != nil {
		return fmt.Errorf("daemon: managed settings: %w", err)
	}
	signin.New(signin.Parts{
		Identity: d.identity, Log: d.keep.log, Tenant: cfg.Tenant, PublicURL: cfg.PublicURL, Settings: settings, Logger: d.logger,
	}).Register(mux)
	return nil
}
