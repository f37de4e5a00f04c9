package audit_test

import (
	"net/http"
	"testing"

	"chaperone/internal/audit"
)

// An event says how it ended for whoever asked, and never that nothing was found
// where nothing was looked at.
func TestAnEventSaysHowItEndedAndWhatWasFound(t *testing.T) {
	for name, c := range map[string]struct {
		event       audit.Event
		result, phi string
	}{
		"a key":                           {audit.Event{Kind: audit.KeyCreated}, "ok", "not looked at"},
		"a credential that did not count": {audit.Event{Kind: audit.AccessDenied, Status: http.StatusTooManyRequests}, "refused", "not looked at"},
		"an answer out of place":          {audit.Event{Kind: audit.OutOfPlace, Status: http.StatusBadGateway}, "upstream_error", "not looked at"},
		"lines that hold identifiers":     {audit.Event{Kind: audit.BatchLines, Found: map[string]int{"name": 2, "date": 1}}, "ok", "date×1 name×2"},
		"lines that hold none":            {audit.Event{Kind: audit.BatchLines, Found: map[string]int{}}, "ok", "none found"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if err := d.log.Note(t.Context(), c.event); err != nil {
				t.Fatal(err)
			}
			full, err := d.log.Show(t.Context(), "0")
			if err != nil {
				t.Fatal(err)
			}
			if full.Ten.Result != c.result || full.Ten.PHI != c.phi {
				t.Errorf("it says %s and %q, want %s and %q", full.Ten.Result, full.Ten.PHI, c.result, c.phi)
			}
		})
	}
}
