package daemon

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"chaperone/internal/api"
	"chaperone/internal/audit"
	"chaperone/internal/audit/witness"
	"chaperone/internal/config"
	"chaperone/internal/store"
	"chaperone/internal/vault"

	"golang.org/x/mod/sumdb/note"
)

// newCourier makes what takes the record's checkpoints to its witnesses. It does
// nothing before it is started.
func newCourier(opts Options, signer *vault.Signer) (*witness.Courier, error) {
	key, err := note.NewEd25519VerifierKey(audit.DefaultOrigin, signer.Public())
	if err != nil {
		return nil, fmt.Errorf("daemon: witness: %w", err)
	}
	cfg, dir := opts.Config, opts.Config.Data
	route := witness.Route{
		Tree: os.DirFS(store.TreeDir(dir)), Key: key, File: store.CosignedFile(dir),
		Folder: cfg.Record.Second.Folder, Webhook: cfg.Record.Second.Webhook,
		Pace: cfg.Record.Checkpoint, Limit: cfg.Record.Second.Limit, Client: outward(), Clock: opts.Clock,
	}
	for _, w := range cfg.Witnesses {
		route.Witnesses = append(route.Witnesses, witness.Peer{URL: w.URL, Key: w.Key})
	}
	return witness.NewCourier(route)
}

// outward is a client that goes where it was told and nowhere else: no proxy of
// the environment, no redirect.
func outward() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13}, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// required is what the record asks before an exchange, if the house requires a
// second party.
func required(cfg config.File, c *witness.Courier) func() error {
	if !cfg.Record.Second.Require {
		return nil
	}
	return c.Ready
}

// startCourier takes checkpoints away once a pace from now on; the keep's close
// stops it.
func (d *Daemon) startCourier() {
	k, second := d.keep, d.opts.Config.Record.Second
	d.metrics.Witnessed(true, 0, time.Time{})
	if len(d.opts.Config.Witnesses) == 0 && second.Folder == "" && second.Webhook == "" {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	alarm := ""
	go func() {
		defer close(done)
		k.courier.Run(ctx, func(s witness.State) {
			alarm = d.witnessed(ctx, s, alarm)
		})
	}()
	k.uncourier = func() {
		cancel()
		<-done
	}
}

// witnessed tells metrics, log and record how the record stands with its second
// party, the latter two when that has changed. before is what was wrong last.
func (d *Daemon) witnessed(ctx context.Context, s witness.State, before string) string {
	alarm := s.Alarm()
	d.metrics.Witnessed(alarm != "", s.Size, s.At)
	what := "unwitnessed"
	for _, f := range s.Faults {
		d.metrics.WitnessFailed(string(f.What))
		if f.Betrayed() {
			what = string(f.What) + ":" + f.Who
		}
	}
	if alarm == before || s.Witnesses == 0 || ctx.Err() != nil || alarm != "" && s.Round < firstRounds && what == "unwitnessed" {
		return before
	}
	event := audit.Event{Kind: audit.WitnessAlarm, Subject: what}
	if alarm == "" {
		event = audit.Event{Kind: audit.WitnessBack}
		d.logger.LogAttrs(ctx, slog.LevelInfo, "a second party witnesses the record", slog.Uint64("records", s.Size))
	} else {
		d.logger.LogAttrs(ctx, slog.LevelError, "the record is not witnessed", slog.String("why", alarm))
	}
	if err := d.keep.log.Note(ctx, event); err != nil {
		return before // it is said again after the next round
	}
	return alarm
}

// firstRounds is how often a witness may be missed after a start before that is
// an event.
const firstRounds = 5

// lastRounds is how long the last checkpoint may take to be cosigned when
// stopping.
const lastRounds = 5 * time.Second

// bringLast takes the last checkpoint away once the record is closed.
func (k *keep) bringLast(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastRounds)
	defer cancel()
	k.courier.Round(ctx)
}

// examineWitness says whether a second party vouches for the record: as the
// running daemon has it, or else as it was left.
func examineWitness(ctx context.Context, cfg config.File, running bool) Check {
	const next = "let somebody else run 'chaperone witness', and name it under witnesses"
	if len(cfg.Witnesses) == 0 {
		return Check{"witness", Note, "no second party witnesses this record", next}
	}
	if !running {
		return Check{"witness", Right, fmt.Sprintf("%d configured; they are asked while Chaperone runs", len(cfg.Witnesses)), ""}
	}
	path, err := socketPath(cfg.Data)
	var s witness.State
	if err == nil {
		s, err = api.NewClient(path).Witness(ctx)
	}
	if err != nil {
		return Check{"witness", Note, "the running Chaperone does not say how its witnesses stand", "is it of another version? Start it again"}
	}
	if alarm := s.Alarm(); alarm != "" {
		return Check{"witness", Wrong, alarm, nextFor(s)}
	}
	text := fmt.Sprintf("%d records were cosigned at %s", s.Size, s.At.UTC().Format(time.RFC3339))
	if len(s.Faults) > 0 {
		return Check{"witness", Note, text + "; " + s.Faults[0].Error(), "look at that one"}
	}
	return Check{"witness", Right, text, ""}
}

func nextFor(s witness.State) string {
	for _, f := range s.Faults {
		switch {
		case f.Betrayed():
			return "change nothing; run 'chaperone audit verify' with what the witness has cosigned, and find out who put an older or another record here"
		case f.What == witness.Unknown:
			return "give the witness this record's log.pub"
		}
	}
	return "look whether the witness runs, and whether it can be reached from here"
}
