// Package daemon builds the parts of the house, runs them, and takes them down
// in order. It owns the data directory, the listener and the start and stop of
// everything else; it makes no decision about a request. It refuses to start
// with a configuration that has a fault, a data directory that another process
// holds, a key that is missing or wrong, or a record that cannot be written.
package daemon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"chaperone"
	"chaperone/deid"
	"chaperone/deid/pack"
	"chaperone/deid/risk"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/config"
	"chaperone/internal/export"
	"chaperone/internal/gateway"
	"chaperone/internal/identity"
	"chaperone/internal/policy"
	"chaperone/internal/telemetry"

	"k8s.io/klog/v2"
)

// Options say what to run. Config is needed; the rest has defaults.
type Options struct {
	Config    config.File
	Reload    func() (config.File, error) // reads the configuration again on SIGHUP; nil: no reload
	Version   string
	Log       io.Writer        // where log lines go; os.Stderr when nil
	Clock     func() time.Time // time.Now when nil
	Random    io.Reader        // crypto/rand when nil
	Simulator time.Duration    // pause between two events of a simulated stream
	Faults    uint64           // in the record that the operator has looked at: with just so many it starts
}

// Daemon is the running house.
type Daemon struct {
	opts     Options
	keep     *keep
	gateway  *gateway.Gateway
	engine   *deid.Engine // without rule packs
	packs    *pack.Set    // in force; nil: none
	identity *identity.Identity
	metrics  *telemetry.Metrics
	logger   *slog.Logger
	listener net.Listener
	server   *http.Server
	halt     context.CancelCauseFunc // ends the exchanges under way
	first    *FirstStart
	unmanage func() error
	proof    *proof
	exporter *export.Exporter // nil: the record is passed on to nobody
}

// FirstStart is what is shown once, when the data directory was made.
type FirstStart struct {
	AdminLink string // one-time link to the console
	APIKey    string // first API key
}

// Open builds everything and begins to listen; Run serves. The error is a
// *chaperone.Error where there is something a person can do about it.
func Open(ctx context.Context, opts Options) (_ *Daemon, err error) {
	opts = opts.withDefaults()
	d := &Daemon{opts: opts}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close(context.WithoutCancel(ctx)))
		}
	}()
	level := slog.LevelInfo
	if err := level.UnmarshalText([]byte(opts.Config.Log.Level)); err != nil {
		return nil, fmt.Errorf("daemon: log level: %w", err)
	}
	d.metrics = telemetry.NewMetrics(doorNames(opts.Config))
	d.logger = telemetry.NewLogger(opts.Log, level, d.metrics.LogValueRefused)
	// The tree's library writes free text through klog; what matters of it comes
	// back as errors.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	if d.listener, err = listen(opts.Config.Listen); err != nil {
		return nil, err
	}
	d.proof = prove(opts.Config.Data, opts.Faults)
	if err := d.proof.soon(ctx); err != nil {
		return nil, err
	}
	if d.keep, err = openKeep(ctx, opts); err != nil {
		return nil, err
	}
	if err := d.build(ctx); err != nil {
		return nil, err
	}
	if err := d.firstStart(ctx); err != nil {
		return nil, err
	}
	if err := d.openExports(ctx); err != nil {
		return nil, err
	}
	if d.unmanage, err = manage(d.keep, d.identity, d.gateway.DoorStates, d.exportStates(), opts); err != nil {
		return nil, err
	}
	if err := d.noteStart(ctx); err != nil {
		return nil, err
	}
	d.startCourier()
	debug.FreeOSMemory() // what reading the lists left behind is half of what is kept
	return d, nil
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = os.Stderr
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return o
}

// build makes the gateway over what is kept.
func (d *Daemon) build(ctx context.Context) error {
	cfg := d.opts.Config
	rules, err := cfg.OpenPolicy()
	if err != nil {
		return err
	}
	packs, err := cfg.OpenRules()
	if err != nil {
		return err
	}
	judge, err := risk.NewJudge()
	if err != nil {
		return err
	}
	engine, err := deid.NewEngine()
	if err != nil {
		return err
	}
	d.engine = engine.In(d.opts.Clock().Year())
	determination, err := cfg.OpenDetermination()
	if err != nil {
		return err
	}
	doors, err := buildDoors(cfg, d.opts.Simulator)
	if err != nil {
		return err
	}
	allowances, err := d.allowances(ctx)
	if err != nil {
		return err
	}
	d.identity = identity.Open(d.keep.state, d.keep.vault.MAC, d.opts.Clock, d.opts.Random)
	d.gateway = gateway.New(gateway.Parts{
		Identity: d.identity, Policy: rules, Engine: d.ruled(packs), Judge: judge, Vault: d.keep.vault, Log: d.keep.log, Doors: doors,
		Settings: gateway.Settings{
			Tenant: cfg.Tenant,
			Limits: claude.Limits{
				Encoded: cfg.Limits.RequestBytes, Decoded: cfg.Limits.DecodedBytes, AllowUnknownBlocks: cfg.InsecureUnknownBlocks,
			},
			Residency: cfg.Residency, CrossBorder: cfg.CrossBorder.Assessment(),
			Jurisdictions: cfg.Patients.Laws, Jurisdiction: cfg.Patients.Jurisdiction, Failing: cfg.FailingGates(),
			Session: cfg.Session.Idle, Concurrency: cfg.Limits.Concurrency,
			DateOrder: dateOrders[cfg.Detection.DateOrder], Determination: determination, Allowances: allowances,
		},
		Clock: d.opts.Clock, Random: d.opts.Random, Logger: d.logger, Metrics: d.metrics,
		Ended: d.keep.papers.Ended,
	})
	routes, err := d.routes()
	if err != nil {
		return err
	}
	life, halt := context.WithCancelCause(context.Background())
	d.halt = halt
	d.server = &http.Server{
		BaseContext:       func(net.Listener) context.Context { return life },
		Handler:           routes,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       cfg.Limits.ReadTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    cfg.Limits.HeaderBytes,
		ErrorLog:          telemetry.Foreign(d.logger, "the HTTP server reports a fault"),
	}
	return nil
}

var dateOrders = map[string]deid.DateOrder{"month-first": deid.MonthFirst, "day-first": deid.DayFirst}

// ruled is the engine with the rule packs, which are in force from now on.
func (d *Daemon) ruled(packs *pack.Set) *deid.Engine {
	d.packs = packs
	if packs == nil {
		return d.engine
	}
	return d.engine.With(packs)
}

// firstStart makes the administrator's link and the first key, if there has
// never been a key.
func (d *Daemon) firstStart(ctx context.Context) error {
	tenant := d.opts.Config.Tenant
	if keys, err := d.identity.ListKeys(ctx, tenant); err != nil || len(keys) > 0 {
		return err
	}
	link, err := d.identity.CreateAdminLink(ctx, tenant)
	if err != nil {
		return err
	}
	key, secret, err := d.identity.CreateKey(ctx, identity.KeySpec{
		Tenant: tenant, Owner: "first-key", Role: chaperone.RoleClinician,
		Environment: chaperone.EnvironmentProduction, Label: "made at the first start",
	})
	if err != nil {
		return err
	}
	d.first = &FirstStart{AdminLink: d.URL() + "/console/link?token=" + link, APIKey: secret}
	if err := d.keep.log.Note(ctx, audit.Event{Kind: audit.LinkCreated}); err != nil {
		return err
	}
	return d.keep.log.Note(ctx, audit.Event{Kind: audit.KeyCreated, Subject: key.ID})
}

func (d *Daemon) noteStart(ctx context.Context) error {
	p := d.gateway.Policy()
	if behind := d.keep.log.ClockBehind(); behind > time.Minute {
		d.logger.LogAttrs(ctx, slog.LevelError, "the clock stands before the newest record: set it, times in the record will not be in order",
			slog.Duration("behind", behind))
	}
	if err := d.keep.log.Note(ctx, audit.Event{Kind: audit.Started, Subject: d.opts.Version}); err != nil {
		return err
	}
	if err := d.keep.log.Note(ctx, audit.Event{Kind: audit.PolicyLoaded, Subject: p.Name() + ":" + p.Version()}); err != nil {
		return err
	}
	if err := d.noteRules(ctx, d.packs); err != nil {
		return err
	}
	list := weakened(d.opts.Config)
	if d.opts.Faults > 0 {
		list = append(list, fmt.Sprintf("record_faults:%d", d.opts.Faults))
	}
	for _, what := range list {
		if err := d.keep.log.Note(ctx, audit.Event{Kind: audit.Weakened, Subject: what}); err != nil {
			return err
		}
	}
	d.logger.LogAttrs(ctx, slog.LevelInfo, "chaperone is up",
		slog.String("url", d.URL()), slog.String("policy", p.Name()), slog.String("policy_version", p.Version()),
		slog.String("version", d.opts.Version))
	return nil
}

// noteRules records which rule packs are in force from now on.
func (d *Daemon) noteRules(ctx context.Context, packs *pack.Set) error {
	if packs == nil {
		if d.packs == nil {
			return nil // there were none before
		}
		return d.keep.log.Note(ctx, audit.Event{Kind: audit.RulesLoaded, Subject: "none"})
	}
	for _, p := range packs.Packs() {
		if err := d.keep.log.Note(ctx, audit.Event{Kind: audit.RulesLoaded, Subject: p.Name + ":" + p.Version + ":" + p.Digest()}); err != nil {
			return err
		}
	}
	return nil
}

// weakened lists what makes the house less strict than its rules.
func weakened(cfg config.File) []string {
	// The record is for compliance and security staff (IAM-11). Until people can
	// sign in under names of their own, the administrator reads it in their place.
	list := []string{"administrator_reads_record"}
	if cfg.InsecureListen {
		list = append(list, "insecure_listen")
	}
	if cfg.InsecureUnknownBlocks {
		list = append(list, "insecure_unknown_blocks")
	}
	for _, e := range cfg.Exports {
		if e.InsecureHTTP {
			list = append(list, "insecure_http:"+e.Name)
		}
	}
	for _, w := range cfg.Witnesses {
		if w.InsecureHTTP {
			list = append(list, "insecure_http:witness")
		}
	}
	for _, d := range cfg.Doors {
		if d.InsecureHTTP {
			list = append(list, "insecure_http:"+d.Name)
		}
		if d.InsecurePrivateAddress {
			list = append(list, "insecure_private_address:"+d.Name)
		}
		if d.Key.Secret.InsecurePrivateAddress {
			list = append(list, "insecure_store_address:"+d.Name)
		}
	}
	return list
}

// Run serves until ctx ends, then lets exchanges under way finish, and closes
// everything. SIGHUP reads the policy and the rule packs
// again.
func (d *Daemon) Run(ctx context.Context) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	served := make(chan error, 1)
	go func() { served <- d.server.Serve(d.listener) }()
	sweep := time.NewTicker(10 * time.Minute)
	defer sweep.Stop()
	proved := d.proof.done
	for {
		select {
		case <-proved:
			proved = nil // it is looked at once
			d.proved(ctx)
		case <-ctx.Done():
			return d.Close()
		case err := <-served:
			return errors.Join(fmt.Errorf("daemon: serve: %w", err), d.Close())
		case <-hup:
			d.reload(ctx)
		case <-sweep.C:
			if err := d.gateway.Sweep(ctx); err != nil {
				d.logger.LogAttrs(ctx, slog.LevelError, "expired sessions could not be removed", telemetry.Cause(err))
			}
			if err := d.identity.Sweep(ctx, d.keep.state); err != nil {
				d.logger.LogAttrs(ctx, slog.LevelError, "expired tokens could not be removed", telemetry.Cause(err))
			}
		}
	}
}

// Close stops listening, waits for exchanges under way as long as the
// configuration allows, tells those that are left that it stops, and closes what is
// kept, in order.
func (d *Daemon) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), d.opts.Config.Limits.Shutdown)
	defer cancel()
	err := d.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = d.cut()
	}
	if d.keep != nil {
		err = errors.Join(err, d.keep.log.Note(context.Background(), audit.Event{Kind: audit.Stopped, Subject: d.opts.Version}))
	}
	return errors.Join(err, d.close(context.Background()))
}

// cutWait is how long exchanges that are ended may take to tell their clients and
// to be settled.
const cutWait = 10 * time.Second

// cut ends the exchanges that are left.
func (d *Daemon) cut() error {
	d.halt(gateway.Stopping())
	ctx, cancel := context.WithTimeout(context.Background(), cutWait)
	defer cancel()
	if err := d.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return d.server.Close()
}

func (d *Daemon) close(ctx context.Context) error {
	var err error
	if d.proof != nil {
		d.proof.stop()
	}
	if d.listener != nil {
		if cerr := d.listener.Close(); !errors.Is(cerr, net.ErrClosed) {
			err = cerr
		}
	}
	if d.unmanage != nil {
		err = errors.Join(err, d.unmanage())
		d.unmanage = nil
	}
	if d.exporter != nil {
		err = errors.Join(err, d.exporter.Close())
		d.exporter = nil
	}
	if d.keep != nil {
		err = errors.Join(err, d.keep.close(ctx))
		d.keep = nil
	}
	return err
}

// reload puts the policy and the rule packs of the configuration in force, if
// neither has a fault.
func (d *Daemon) reload(ctx context.Context) {
	if d.opts.Reload == nil {
		return
	}
	rules, packs, err := d.readAgain()
	if err == nil {
		err = d.keep.log.Note(ctx, audit.Event{Kind: audit.PolicyLoaded, Subject: rules.Name() + ":" + rules.Version()})
	}
	if err == nil {
		err = d.noteRules(ctx, packs)
	}
	if err != nil {
		d.logger.LogAttrs(ctx, slog.LevelError, "the policy or a rule pack has faults or could not be recorded; the old ones stay in force", telemetry.Cause(err))
		return
	}
	d.gateway.SetPolicy(rules)
	engine := d.ruled(packs)
	d.gateway.SetEngine(engine)
	d.logger.LogAttrs(ctx, slog.LevelInfo, "policy loaded", slog.String("policy", rules.Name()), slog.String("policy_version", rules.Version()),
		slog.String("rules_version", engine.RulesDigest()))
}

// readAgain reads the configuration with its policy and its rule packs.
func (d *Daemon) readAgain() (*policy.Policy, *pack.Set, error) {
	cfg, err := d.opts.Reload()
	if err != nil {
		return nil, nil, err
	}
	rules, err := cfg.OpenPolicy()
	if err != nil {
		return nil, nil, err
	}
	packs, err := cfg.OpenRules()
	return rules, packs, err
}

// URL is where the gateway listens: http://host:port.
func (d *Daemon) URL() string { return "http://" + d.listener.Addr().String() }

// FirstStart is what to show once, nil if this is not the first start.
func (d *Daemon) FirstStart() *FirstStart { return d.first }

// DataDir is the data directory.
func (d *Daemon) DataDir() string { return d.opts.Config.Data }

// PolicyName is the name of the policy in force.
func (d *Daemon) PolicyName() string { return d.gateway.Policy().Name() }

// Doors lists the configured doors, the default first.
func (d *Daemon) Doors() []policy.DoorFacts {
	var list []policy.DoorFacts
	for _, door := range orderedDoors(d.opts.Config) {
		list = append(list, door.Facts())
	}
	return list
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, chaperone.NewError(chaperone.KindUnavailable, "listen",
			"The address "+addr+" cannot be listened on",
			"Is another Chaperone running? Stop it, or choose another address with --listen", err)
	}
	return l, nil
}
