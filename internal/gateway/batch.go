package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
	"chaperone/internal/vault"
)

// createBatch is the walk of a batch. Each line is read, ruled on and concealed
// as a message of its own; one that may not leave stops all of them, because a
// batch is one call. One intent stands for the call and holds every line; what
// concerns a patient of its own is in the record under that patient besides.
func (x *exchange) createBatch() error {
	said, h, err := x.admitKept()
	if err != nil {
		return err
	}
	if _, err := x.ruleKept(said, h); err != nil { // before the lines are read
		return err
	}
	batch, err := claude.ReadBatch(x.r, x.g.parts.Settings.Limits)
	if err != nil {
		return err
	}
	x.intent.Received = batch.Body()
	own := x.ownSession()
	x.intent.What.Session = pseudonym(x.g.parts.Vault.BlindIndex("session", string(own)))
	lease, err := x.g.sessions.take(x.r.Context(), own)
	if err != nil {
		return err
	}
	defer lease.release()
	lines, err := x.concealLines(batch, said, lease)
	if err != nil {
		return err
	}
	if err := x.sealBatch(lease, lines); err != nil {
		return err
	}
	if err := x.intend(); err != nil {
		return err
	}
	if err := x.noteLines(x.r.Context(), lines); err != nil {
		return err
	}
	reply, err := x.send(claude.Call{
		Method: http.MethodPost, Path: claude.BatchesPath, Query: batch.Query(), Header: batch.Header(), Body: x.intent.Sent,
	})
	if err != nil {
		return err
	}
	return x.object(reply, func(obj object) error {
		made := holding{ID: obj.text("id"), Session: own}
		if !claude.BatchID(made.ID) {
			return errNotTheThing()
		}
		// The batch is there by now: a client that left comes back for it.
		if err := x.hold(context.WithoutCancel(x.r.Context()), made, keepBatch); err != nil {
			return err
		}
		return obj.own(made)
	})
}

// lineID is what a line is called outside the house: its place, and nothing of
// what the client calls it.
func lineID(n int) string { return "line-" + strconv.Itoa(n) }

// lineOf is the place of a line by its name outside.
func lineOf(id string, lines int) (int, bool) {
	n, err := strconv.Atoi(id[min(len(id), len("line-")):])
	return n, err == nil && n >= 0 && n < lines && id == lineID(n)
}

// concealLines makes the batch that may leave and the ruling that stands for it.
func (x *exchange) concealLines(b *claude.Batch, said stated, l *lease) (batchLines, error) {
	var body claude.BatchBody
	var all lineRulings
	lines := batchLines{Lines: make([]claude.BatchLine, b.Len()), found: make([]map[string]int, b.Len())}
	for n := range b.Len() {
		if err := context.Cause(x.r.Context()); err != nil {
			return lines, fmt.Errorf("gateway: batch: %w: %w", claude.ErrClientGone, err)
		}
		lines.Lines[n] = b.Line(n)
		one, files, err := x.concealLine(b, n, said, l)
		if err != nil {
			x.intent.Ruling, x.intent.Where = one.intent.Ruling, one.intent.Where
			return lines, err
		}
		lines.found[n] = maps.Clone(one.intent.Ruling.Findings)
		all.add(one)
		lines.Geo = one.geo
		lines.Files = union(lines.Files, files)
		body.Add(lineID(n), one.intent.Sent)
	}
	x.intent.Ruling, x.intent.Where = all.ruling, all.where
	x.geo = lines.Geo
	x.intent.Sent = body.Bytes()
	return lines, nil
}

// concealLine walks steps 2 to 4 with one line, and says whose files it refers
// to. It works on a copy of the exchange, whose intent is then that of the line.
func (x *exchange) concealLine(b *claude.Batch, n int, said stated, l *lease) (*exchange, []vault.SessionID, error) {
	one := *x
	ask, err := b.Ask(n)
	if err != nil {
		return &one, nil, err
	}
	if said, err = said.ofLine(b.Line(n)); err != nil {
		return &one, nil, claude.InLine(n, err)
	}
	one.intent.Where.Model = ask.Model()
	ruling, err := one.rule(ask, said)
	if err != nil {
		return &one, nil, claude.InLine(n, err)
	}
	if _, err = one.conceal(ask, said, ruling, l); err != nil {
		return &one, nil, claude.InLine(n, err)
	}
	if one.pins {
		one.intent.Sent = claude.PinGeo(one.intent.Sent, one.geo)
	}
	used, err := one.filesOf(ask)
	if err != nil {
		return &one, nil, claude.InLine(n, err)
	}
	var files []vault.SessionID
	for _, h := range used.list {
		files = append(files, h.Session)
	}
	return &one, files, nil
}

// ofLine is what is stated of one line: its own patient, where it names one.
func (s stated) ofLine(line claude.BatchLine) (stated, error) {
	if line.Patient == "" {
		return s, nil
	}
	var err error
	if s.patient, err = chaperone.NewPatientRef(line.Patient); err != nil {
		return s, chaperone.NewError(chaperone.KindInvalid, "batch_malformed", "The member chaperone.patient does not have its form",
			"Send 1 to 128 characters out of letters, digits and . _ : / | -", err)
	}
	if s.relation == policy.RelationNone {
		s.relation = policy.RelationDeclared
	}
	return s, nil
}

// lineRulings is the ruling on a batch in the making: of its lines, what is said
// of any one.
type lineRulings struct {
	ruling audit.Ruling
	where  audit.Where
	lines  int
}

// severalModels stands where the lines ask for more than one.
const severalModels = "several"

func (a *lineRulings) add(one *exchange) {
	r, w := one.intent.Ruling, one.intent.Where
	if a.lines++; a.lines == 1 {
		a.ruling, a.where = r, w
		return
	}
	t := &a.ruling
	if exposes(r.Decision) > exposes(t.Decision) {
		t.Decision, t.Concealment, t.Ground = r.Decision, r.Concealment, r.Ground
	}
	for kind, n := range r.Findings {
		t.Findings[kind] += n
	}
	t.Reasons = union(t.Reasons, r.Reasons)
	t.Categories = union(t.Categories, r.Categories)
	if r.Residual.Crowd > 0 && (t.Residual.Crowd == 0 || r.Residual.Crowd < t.Residual.Crowd) {
		t.Residual = r.Residual
	}
	if w.Model != a.where.Model {
		a.where.Model = severalModels
	}
	a.where.Places = union(a.where.Places, w.Places)
	if w.Retention != a.where.Retention {
		a.where.Retention = severalModels
	}
}

// exposes orders decisions by how much of a patient they let out.
func exposes(d audit.Decision) int {
	return slices.Index([]audit.Decision{audit.Refused, audit.Clean, audit.Concealed, audit.Identified}, d)
}

func union[T comparable](list, more []T) []T {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// sealBatch keeps, before a byte leaves, what the results will need, for as long
// as the vendor has them.
func (x *exchange) sealBatch(l *lease, lines batchLines) error {
	ctx, cancel := context.WithTimeout(x.r.Context(), vaultWait)
	defer cancel()
	if err := x.g.parts.Vault.KeepUntil(ctx, l.id, x.started.Add(keepBatch)); err != nil {
		return err
	}
	blob, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("gateway: batch: %w", err)
	}
	if err := x.g.parts.Vault.Remember(ctx, l.id, memoryLines, blob); err != nil {
		return err
	}
	return l.sealMany(x.r.Context())
}

// noteLines records under each patient that a line names which lines concern
// them. It is durable before the batch leaves.
func (x *exchange) noteLines(ctx context.Context, lines batchLines) error {
	of, found := map[string][]int{}, map[string]map[string]int{}
	for n, line := range lines.Lines {
		if line.Patient == "" {
			continue
		}
		of[line.Patient] = append(of[line.Patient], n+1)
		if found[line.Patient] == nil {
			found[line.Patient] = map[string]int{}
		}
		for kind, times := range lines.found[n] {
			found[line.Patient][kind] += times
		}
	}
	for _, named := range slices.Sorted(maps.Keys(of)) {
		patient, err := chaperone.NewPatientRef(named)
		if err != nil {
			return err
		}
		detail, err := json.Marshal(struct {
			Requests []int `json:"requests"`
		}{of[named]})
		if err != nil {
			return fmt.Errorf("gateway: batch: %w", err)
		}
		if err := x.g.parts.Log.Note(ctx, audit.Event{
			Kind: audit.BatchLines, Who: x.intent.Who, Patient: patient, Subject: string(x.intent.Exchange), Detail: detail,
			Found: found[named],
		}); err != nil {
			return err
		}
	}
	return nil
}
