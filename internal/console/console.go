// Package console is the web console: how an administrator signs in, sees
// whether Chaperone is well and which answers are simulated, reads the record,
// and makes and revokes keys. It owns the pages, their words and who may see
// which. Every page is complete without script.
//
// It refuses to show a page that a role may not see, to show any of the record
// before the look itself is recorded (AUD-18), to show an exchange's words
// unless they are asked for one exchange at a time, to put a patient's
// reference into an address, and to change anything but by a POST from its own
// pages. It decides nothing about text and reaches no model.
package console

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
)

// Parts is what a console is made of. All fields are needed but the last two.
type Parts struct {
	Identity   *identity.Identity
	Log        *audit.Log
	Policy     func() *policy.Policy  // the one in force now
	PolicyText func() ([]byte, error) // the text at the place it was loaded from
	Doors      []policy.DoorFacts     // the first is taken when a request names none
	Tenant     string                 // the organisation whose keys and record are shown
	Clock      func() time.Time
	Logger     *slog.Logger
	Alarm      func() string // what every page says first: that nobody vouches for the record; nil: nothing

	// SkipReaderSeparation lets an administrator read the record in the place
	// of a privacy officer, for a house in which nobody else can sign in yet.
	// Without it only compliance and security staff read it (IAM-11). Whoever
	// sets it records that at the start as audit.Weakened.
	SkipReaderSeparation bool
}

// Console serves the pages below /console/. It is safe for concurrent use.
type Console struct {
	parts  Parts
	sheets sheets
	assets assets
	csrf   *http.CrossOriginProtection
	mux    *http.ServeMux
}

// New returns the console over its parts. The error says which part is missing,
// or which template does not fit its page; it is a fault of the program.
func New(p Parts) (*Console, error) {
	if p.Identity == nil || p.Log == nil || p.Policy == nil || p.PolicyText == nil ||
		p.Tenant == "" || p.Clock == nil || p.Logger == nil {
		return nil, errors.New("console: a part is missing")
	}
	c := &Console{parts: p, csrf: http.NewCrossOriginProtection()}
	var err error
	if c.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if c.sheets, err = readSheets(); err != nil {
		return nil, err
	}
	c.mux = c.routes()
	return c, nil
}

// routes is every address the console has.
func (c *Console) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console/{$}", c.guarded(seeOverview, (*visit).overview))
	mux.HandleFunc("GET /console/record", c.guarded(readRecord, (*visit).record))
	mux.HandleFunc("POST /console/record", c.guarded(readRecord, (*visit).search))
	mux.HandleFunc("GET /console/record/{which}", c.guarded(readRecord, (*visit).entry))
	mux.HandleFunc("POST /console/record/{which}/words", c.guarded(readWords, (*visit).words))
	mux.HandleFunc("GET /console/keys", c.guarded(seeKeys, (*visit).keys))
	mux.HandleFunc("POST /console/keys", c.guarded(changeKeys, (*visit).createKey))
	mux.HandleFunc("GET /console/keys/{id}/revoke", c.guarded(changeKeys, (*visit).askRevoke))
	mux.HandleFunc("POST /console/keys/{id}/revoke", c.guarded(changeKeys, (*visit).revoke))
	mux.HandleFunc("GET /console/device", c.guarded(approveDevice, (*visit).device))
	mux.HandleFunc("POST /console/device", c.guarded(approveDevice, (*visit).answerDevice))
	mux.HandleFunc("GET /console/policy", c.guarded(seePolicy, (*visit).policy))
	mux.HandleFunc("GET /console/link", c.open((*visit).link))
	mux.HandleFunc("POST /console/link", c.open((*visit).redeem))
	mux.HandleFunc("POST /console/signout", c.open((*visit).signOut))
	mux.HandleFunc("GET /console/static/{file}", c.assets.serve)
	mux.HandleFunc("/", c.open((*visit).nowhere))
	return mux
}

// ServeHTTP answers one request. A POST that another site caused is refused
// before anything is done (http.CrossOriginProtection).
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guardHeaders(w.Header())
	if err := c.csrf.Check(r); err != nil {
		c.fail(w, r, chaperone.NewError(chaperone.KindForbidden, "cross_origin",
			"This request came from another site, so nothing was done", "Go back to the console and try again there", err))
		return
	}
	c.mux.ServeHTTP(w, r)
}

// contentSecurity lets the browser load this console's own files and nothing
// else, and refuses to turn any string into markup or script.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// guardHeaders sets what every answer of the console carries. The referrer
// policy is same-origin and not no-referrer, because under the latter browsers
// send a form's origin as null.
func guardHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurity)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}
