package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"chaperone"
	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
)

// batchResults is the walk of the results of a batch. Every line is restored and
// recorded before it is released; lines that the other side leaves out, cuts or
// garbles are named and never lost.
func (x *exchange) batchResults() error {
	thing, h, err := x.own()
	if err != nil {
		return err
	}
	lines, err := x.recallLines(thing)
	if err != nil {
		return err
	}
	lease, err := x.g.sessions.take(x.r.Context(), thing.Session)
	if err != nil {
		return err
	}
	defer lease.release()
	if err := x.intend(); err != nil {
		return err
	}
	reply, err := x.send(claude.Call{Method: http.MethodGet, Path: x.r.URL.Path, Query: betaQuery(x.r.URL.Query()), Header: bare(h)})
	if err != nil {
		return err
	}
	if reply.Status != http.StatusOK {
		return x.deliver(reply, asItIs{}, nil)
	}
	defer reply.Body.Close()
	d := &resultsDelivery{x: x, lines: lines, seen: make([]bool, len(lines.Lines)), rv: revealers{revealer{deid.NewRevealer(lease.session)}}}
	for _, id := range lines.Files {
		known, err := x.g.parts.Vault.Unseal(x.r.Context(), id)
		if err != nil {
			return err
		}
		d.rv = append(d.rv, revealer{deid.NewRevealer(deid.NewSession(known, x.g.parts.Random))})
	}
	d.replay = x.g.newReplay(context.WithoutCancel(x.r.Context()), sessionID(x.intent.Who, x.r.Header.Get("X-Chaperone-Session")))
	err = d.run(claude.NewResults(reply.Body))
	x.outcome.Restored, x.outcome.Unknown = d.rv.Restored(), d.rv.Unknown()
	x.w.cut = err != nil && x.w.begun()
	return err
}

func (x *exchange) recallLines(h holding) (batchLines, error) {
	var lines batchLines
	blob, ok, err := x.g.parts.Vault.Recall(x.r.Context(), h.Session, memoryLines)
	if err != nil {
		return lines, err
	}
	if !ok {
		return lines, errNoBatch()
	}
	if err := json.Unmarshal(blob, &lines); err != nil {
		return lines, fmt.Errorf("gateway: batch: lines: %w", err)
	}
	return lines, nil
}

// resultsDelivery carries results on, a piece at a time: lines are gathered,
// recorded, and only then released.
type resultsDelivery struct {
	x      *exchange
	lines  batchLines
	seen   []bool
	rv     revealers
	replay *replay
	piece  []result
	bytes  int
	bad    int  // lines of the upstream's that are no result of this batch
	away   bool // an answer came from outside the allowed countries
}

// result is one line on its way.
type result struct {
	patient   string
	answered  []byte // as it came; empty for a line that did not come
	delivered []byte // as it goes on; empty for one that does not
}

// mostBad is how many lines more than were asked for may be no results of the
// batch before the rest is given up.
const mostBad = 100

// A piece is released when it has so many lines or bytes.
const (
	pieceLines = 128
	pieceBytes = 1 << 20
)

// run delivers all lines. At the end of the last piece the exchange is settled.
func (d *resultsDelivery) run(in *claude.Results) error {
	d.x.w.Header().Set("Content-Type", "application/x-jsonl")
	d.x.w.Header().Set("Cache-Control", "no-store")
	d.x.outcome.Status = http.StatusOK
	for {
		line, err := in.Next()
		switch {
		case errors.Is(err, claude.ErrClientGone):
			return err
		case errors.Is(err, io.EOF):
			return d.end(nil)
		case err != nil:
			return d.end(chaperone.AsError(err))
		}
		if err := d.take(line); err != nil {
			return err
		}
		if d.bad > len(d.seen)+mostBad {
			return d.end(chaperone.AsError(errNotTheThing())) // it might go on for ever
		}
		if len(d.piece) < pieceLines && d.bytes < pieceBytes {
			continue
		}
		if err := d.flush(nil); err != nil {
			return err
		}
	}
}

// take restores one line. One that nobody asked for, or that came before, is kept
// for the record and not passed on.
func (d *resultsDelivery) take(line claude.ResultLine) error {
	n, ok := lineOf(line.ID, len(d.lines.Lines))
	if !ok || d.seen[n] {
		d.bad++
		d.put(result{answered: line.Raw})
		return nil
	}
	d.seen[n] = true
	asked := d.lines.Lines[n]
	out := result{patient: asked.Patient, answered: line.Raw}
	if geo, answers := line.Geo(); answers && d.lines.Geo != "" && geo != d.lines.Geo {
		d.away = true
		out.delivered = claude.LostResult(asked.ID, "residency_echo",
			"The answer did not come from where this text may be processed, and is withheld. Tell your privacy officer.")
		d.put(out)
		return nil
	}
	var forgot error
	out.delivered = line.Restored(asked.ID, d.rv, func(shown, original string) {
		if err := d.replay.keep(shown, original); err != nil && forgot == nil {
			forgot = err
		}
	})
	d.put(out)
	return forgot
}

func (d *resultsDelivery) put(r result) {
	d.piece = append(d.piece, r)
	d.bytes += len(r.answered) + len(r.delivered)
}

// end names every line that did not come, settles, and releases the last piece.
func (d *resultsDelivery) end(broke *chaperone.Error) error {
	missing := 0
	for n, came := range d.seen {
		if came {
			continue
		}
		missing++
		id, code, words := d.lines.Lines[n].ID, "batch_result_missing", "Claude's results have no readable line for this request. Ask for the results again, or send it again."
		if broke != nil {
			code, words = "batch_results_cut", "The results broke off before this request. Ask for the results again."
		}
		d.put(result{patient: d.lines.Lines[n].Patient, delivered: claude.LostResult(id, code, words)})
		if d.bytes >= pieceBytes {
			if err := d.flush(nil); err != nil {
				return err
			}
		}
	}
	return d.flush(func() error {
		o := &d.x.outcome
		o.Restored, o.Unknown = d.rv.Restored(), d.rv.Unknown()
		how := audit.OK
		switch {
		case d.away:
			how, o.ErrorCode = audit.UpstreamError, "residency_echo"
			if err := d.x.noteOutOfPlace(o.Status); err != nil {
				return err
			}
		case broke != nil:
			o.ErrorCode = broke.Code
			how = resultOf(d.x.r.Context(), true, broke)
		case missing > 0:
			how, o.ErrorCode = audit.UpstreamError, "batch_result_missing"
		case d.bad > 0:
			how, o.ErrorCode = audit.UpstreamError, "batch_result_unknown"
		}
		return d.x.settle(how)
	})
}

// flush records a piece under everyone whom it concerns, and then releases it.
// last is what must hold before the end is released; nil where more follows.
func (d *resultsDelivery) flush(last func() error) error {
	if err := d.record(); err != nil {
		return err
	}
	if last != nil {
		if err := last(); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	for _, r := range d.piece {
		if len(r.delivered) > 0 {
			out.Write(r.delivered)
			out.WriteByte('\n')
		}
	}
	d.piece, d.bytes = d.piece[:0], 0
	if _, err := d.x.w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("gateway: results: %w: %w", claude.ErrClientGone, err)
	}
	if err := http.NewResponseController(d.x.w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("gateway: results: %w: %w", claude.ErrClientGone, err)
	}
	return nil
}

// record writes the piece down: one event for each patient in it, with the lines
// as they came and as they go on.
func (d *resultsDelivery) record() error {
	var patients []string
	of := map[string]*bytes.Buffer{}
	for _, r := range d.piece {
		b := of[r.patient]
		if b == nil {
			b = &bytes.Buffer{}
			of[r.patient], patients = b, append(patients, r.patient)
		}
		line, err := json.Marshal(struct {
			Answered  string `json:"answered,omitempty"`
			Delivered string `json:"delivered,omitempty"`
		}{string(r.answered), string(r.delivered)})
		if err != nil {
			return fmt.Errorf("gateway: results: %w", err)
		}
		b.Write(append(line, '\n'))
	}
	for _, named := range patients {
		patient := d.x.intent.Why.Patient
		if named != "" {
			var err error
			if patient, err = chaperone.NewPatientRef(named); err != nil {
				return err
			}
		}
		if err := d.x.g.parts.Log.Note(d.x.r.Context(), audit.Event{
			Kind: audit.BatchResults, Who: d.x.intent.Who, Patient: patient,
			Subject: string(d.x.intent.Exchange), Status: http.StatusOK, Detail: of[named].Bytes(),
		}); err != nil {
			return err
		}
	}
	return nil
}
