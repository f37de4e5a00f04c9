// Package gateway walks one exchange through the house: admit, read, rule,
// conceal, seal, intend, send, reveal, settle. It owns the order of those steps
// and nothing else: who may, what identifies, how a record looks and how a door
// speaks are decided in the rooms below, whose answers it carries from one to
// the next as values.
//
// It refuses to send a byte that no ruling allows or no record holds, and to
// release the end of an answer whose outcome is not durable.
package gateway

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/risk"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
	"chaperone/internal/telemetry"
	"chaperone/internal/vault"
	"chaperone/regulation"
)

// Door is a way to Claude together with what policies and records need to know
// of it.
type Door struct {
	claude.Door
	Facts  policy.DoorFacts
	Models []string // model ids that may be asked for; empty: any
	Named  []string // model ids that the operator has given a name at this door, beside Models
	// Fallback names the doors that are asked in place of this one when it fails
	// before it begins to answer, in order. Each is ruled on anew.
	Fallback []string
	Prices   []regulation.Price // of this door's contract, by model; before the list prices
	Repeat   bool               // a door that was not reached, or asks for a short pause, is tried once more
}

// Parts is what a gateway is made of. All of it is needed.
type Parts struct {
	Identity *identity.Identity
	Policy   *policy.Policy // the one in force at the start; see SetPolicy
	Engine   *deid.Engine   // the one at work at the start; see SetEngine
	Judge    *risk.Judge
	Vault    *vault.Vault
	Log      *audit.Log
	Doors    []Door // the first is taken when a request names none
	Settings Settings
	Clock    func() time.Time
	Random   io.Reader
	Logger   *slog.Logger
	Metrics  *telemetry.Metrics
	// Pause waits before a door is tried once more; a real wait when nil.
	Pause func(context.Context, time.Duration)
	// Ended reports whether the register says that an agreement has ended by a
	// moment (BAA-09). Nil: there is no register.
	Ended func(agreement string, at time.Time) bool
}

// Settings are the limits of the gateway. Zero fields stand for defaults.
type Settings struct {
	Tenant      string
	Limits      claude.Limits
	Residency   []string          // countries where text may be processed; empty: any
	CrossBorder policy.Assessment // countries besides, for text without identifiers
	Failing     []policy.Gate     // gates that do not hold as this house is set up
	Session     time.Duration     // how long a session is remembered after its last use; 12 h when zero
	Concurrency int               // exchanges at once; 256 when zero
	Allowances  Allowances
	// DateOrder is how a date is read that could be either way round.
	DateOrder deid.DateOrder
	// Jurisdictions are the countries where text about a patient under a law may be
	// processed, by ISO 3166 code; one that is not among them stays in its country.
	Jurisdictions map[policy.Jurisdiction][]string
	// Jurisdiction is taken where none is stated; empty: the tenant's residency alone
	// counts then.
	Jurisdiction policy.Jurisdiction
	// Determination is the registered expert determination; nil: none.
	Determination *deid.Determination
}

// Gateway serves the Messages API. It is safe for concurrent use.
type Gateway struct {
	parts    Parts
	policy   atomic.Pointer[policy.Policy]
	engine   atomic.Pointer[deid.Engine]
	sessions *sessions
	slots    chan struct{}
	circuits map[string]*circuit // of each door, by its name
	files    chan struct{}
}

// New returns a gateway over its parts.
func New(p Parts) *Gateway {
	if p.Settings.Session <= 0 {
		p.Settings.Session = vault.DefaultIdle
	}
	if p.Settings.Concurrency <= 0 {
		p.Settings.Concurrency = 256
	}
	if p.Pause == nil {
		p.Pause = pause
	}
	g := &Gateway{
		parts:    p,
		sessions: newSessions(p.Vault, p.Random, p.Clock, p.Settings.Session),
		slots:    make(chan struct{}, p.Settings.Concurrency),
		files:    make(chan struct{}, filesAtOnce),
		circuits: make(map[string]*circuit, len(p.Doors)),
	}
	for _, d := range p.Doors {
		g.circuits[d.Name()] = &circuit{}
	}
	g.policy.Store(p.Policy)
	g.engine.Store(p.Engine)
	return g
}

// SetPolicy puts a policy in force for every exchange that begins after it.
// One exchange is ruled by one policy throughout.
func (g *Gateway) SetPolicy(p *policy.Policy) { g.policy.Store(p) }

// Policy is the policy in force.
func (g *Gateway) Policy() *policy.Policy { return g.policy.Load() }

// SetEngine puts another engine, with other rules, to work for every exchange
// that begins after it. One exchange is read by one engine throughout.
func (g *Gateway) SetEngine(e *deid.Engine) { g.engine.Store(e) }

// Handler serves the Messages API, its models and its probes. Every other path
// is answered in the API's own error envelope.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/messages", g.exchange("messages.create", (*exchange).messages))
	mux.HandleFunc("POST /v1/messages/count_tokens", g.exchange("messages.count_tokens", (*exchange).messages))
	mux.HandleFunc("GET /v1/models", g.exchange("models.list", (*exchange).models))
	mux.HandleFunc("GET /v1/models/{id}", g.exchange("models.get", (*exchange).models))
	mux.HandleFunc("/model/", g.dressed)
	mux.HandleFunc("/v1/projects/", g.dressed)
	mux.HandleFunc("/projects/", g.dressed)
	mux.HandleFunc("/anthropic/", g.dressed)
	mux.HandleFunc("/inference-profiles", g.profiles)
	g.keeping(mux)
	mux.HandleFunc("POST /v1/chaperone/inspect", g.inspect)
	mux.HandleFunc("HEAD /{$}", probe)
	mux.HandleFunc("HEAD /api/hello", probe)
	mux.HandleFunc("GET /livez", live)
	mux.HandleFunc("GET /readyz", g.ready)
	mux.HandleFunc("/", g.unknownPath)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The multiplexer would redirect what is not written plainly, in HTML.
		if r.URL.Path != path.Clean("/"+r.URL.Path) {
			g.unknownPath(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// probe answers what clients ask to see whether anyone is there.
func probe(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n") //nolint:errcheck // a client that left needs no answer
}

// ready says whether an exchange could be recorded now (AUD-13).
func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	if err := g.parts.Log.Ready(); err != nil {
		claude.WriteError(w, string(g.newExchangeID()), err)
		return
	}
	live(w, r)
}

// unknownPath answers in the API's envelope: the wrong method on a path that is
// served, or a path that is not.
func (g *Gateway) unknownPath(w http.ResponseWriter, r *http.Request) {
	if slices.ContainsFunc(g.parts.Doors, func(d Door) bool { return d.Facts.Excludes(r.URL.Path) }) {
		g.exchange("path.refused", (*exchange).listedPath)(w, r)
		return
	}
	id := string(g.newExchangeID())
	if allow := allowed(r.URL.Path); allow != "" {
		w.Header().Set("Allow", allow)
		claude.WriteError(w, id, chaperone.NewError(chaperone.KindMethod, "method_not_allowed",
			"This path is not asked with this method", "Use "+allow, nil))
		return
	}
	claude.WriteError(w, id, notOffered())
}

func notOffered() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "not_offered",
		"Chaperone does not serve this path", "It serves /v1/messages, /v1/messages/count_tokens, /v1/messages/batches, /v1/files and /v1/models", nil)
}

// allowed is the method that a served path is asked with, or "".
func allowed(p string) string {
	switch p {
	case "/v1/chaperone/inspect":
		return http.MethodPost
	case "/v1/models", "/livez", "/readyz", "/inference-profiles":
		return http.MethodGet
	}
	if _, ok := claude.EndpointAt(p); ok {
		return http.MethodPost
	}
	if id, ok := strings.CutPrefix(p, "/v1/models/"); ok && id != "" {
		return http.MethodGet
	}
	return keepingAllows(p)
}

// door returns the door of that name, or the first if the name is empty.
func (g *Gateway) door(name string) (Door, error) {
	for _, d := range g.parts.Doors {
		if name == "" || d.Name() == name {
			return g.standing(d), nil
		}
	}
	return Door{}, chaperone.NewError(chaperone.KindNotFound, "unknown_door", "There is no door of that name",
		"Leave X-Chaperone-Door out, or ask your administrator which doors there are", nil)
}

// Sweep forgets sessions that have expired, in memory and in the vault.
func (g *Gateway) Sweep(ctx context.Context) error {
	g.sessions.sweep()
	_, err := g.parts.Vault.Sweep(ctx)
	return err
}
