package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"chaperone"
)

// maxLines bounds an answer: what it takes of memory, and what people can read.
const maxLines = 100_000

// Ask answers a question. Who asks, what and why is durable before any line is
// read (AUD-18): no record, no answer. Only what the patient is linked to is read
// before, so that the question is found by the patient too. An answer is whole or there is none. The
// error is a *chaperone.Error: question_malformed, question_reason, answer_large,
// record_not_found, record_damaged, record_unavailable.
func (l *Log) Ask(ctx context.Context, by chaperone.Principal, reason Content, q Question) (*Answer, error) {
	now := stamp(l.cfg.Clock())
	if err := q.settle(now); err != nil {
		return nil, err
	}
	if by.Tenant != q.Tenant {
		return nil, errQuestion("A question is asked by somebody of that tenant")
	}
	if len(strings.TrimSpace(string(reason))) == 0 {
		return nil, errReason()
	}
	var patient known
	if !q.About.IsZero() {
		var err error
		if patient, err = l.resolve(ctx, q.Tenant, q.About); err != nil {
			return nil, err
		}
	}
	if err := l.noteQuestion(ctx, by, reason, q, patient); err != nil {
		return nil, err
	}
	a := &Answer{
		Version: 1, Title: title(q), Question: q,
		Asked: Asked{Tenant: q.Tenant, AskedBy: by.ID, Role: string(by.Role), AskedAt: now, Reason: string(reason)},
		Known: patient.aliases, Lines: []Line{},
	}
	g := &gathering{log: l, q: q, at: map[ID]int{}}
	if err := g.gather(ctx, patient); err != nil {
		return nil, err
	}
	a.Exchange = g.whole
	a.Lines = append(a.Lines, g.finish()...)
	a.Totals = totalsOf(a.Lines)
	if q.Accounting {
		a.Series = seriesOf(a.Lines)
	}
	a.addRemarks(patient)
	return a, nil
}

// noteQuestion records the question. Its words are sealed; by which patient it
// is found is the first reference they are known by.
func (l *Log) noteQuestion(ctx context.Context, by chaperone.Principal, reason Content, q Question, patient known) error {
	detail, err := json.Marshal(struct {
		Question Question `json:"question"`
		Reason   string   `json:"reason"`
	}{q, string(reason)})
	if err != nil {
		return errQuestion("The question cannot be written down")
	}
	e := Event{Kind: RecordAsked, Who: by, Subject: q.kind(), Detail: detail}
	if refs := patient.references(); len(refs) > 0 {
		if e.Patient, err = chaperone.NewPatientRef(refs[0]); err != nil {
			return errQuestion("The patient's reference does not have its form")
		}
	}
	return l.Note(ctx, e)
}

func title(q Question) string {
	switch q.kind() {
	case "exchange":
		return "One exchange, whole"
	case "accounting":
		return "Accounting of disclosures"
	case "unrelated":
		return "Exchanges about patients without a relation that others vouch for"
	case "patient":
		return "Everything the record holds about one patient"
	case "person":
		return "Everything one person did"
	case "outcome":
		return "Exchanges by how they ended"
	}
	return "Everything in a time"
}

func (a *Answer) addRemarks(patient known) {
	if a.Totals.Damaged > 0 {
		a.remark("%d lines do not read as they were written: run chaperone audit verify, and compare with a backup.", a.Totals.Damaged)
	}
	if patient.lost > 0 {
		a.remark("%d links to other names of this patient do not open any more, so exchanges under those may be missing.", patient.lost)
	}
	if slices.ContainsFunc(a.Lines, func(l Line) bool { return l.Found == foundSameSession }) {
		a.remark("Lines found by 'same-session' name no patient; they are here because this patient was named in the same session. They are not counted as disclosed.")
	}
	if !a.Question.About.IsZero() {
		a.remark("A name or a placeholder is found only once it was linked to the patient; text itself is not searched.")
	}
	if a.Question.Accounting {
		a.remark("Counted as disclosed: text with identifiers that left for a purpose other than treatment, payment and operations. All other uses are listed too.")
		a.remark("Postal addresses of recipients are not in the record; add them before this is handed to the patient.")
	}
	if a.Exchange != nil && a.Exchange.Gone {
		a.remark("The words of this exchange were destroyed with their key; what remains are the facts and the digests.")
	}
}

// How a line was found, besides by the alias's kind.
const (
	foundSameSession = "same-session"
	foundPerson      = "person"
	foundTime        = "time"
	foundExchange    = "exchange"
)

// gathering collects the lines of one answer.
type gathering struct {
	log   *Log
	q     Question
	lines []Line
	at    map[ID]int // where the line of an exchange or event is
	done  int        // lines whose outcome was looked for
	whole *Whole
}

func (g *gathering) gather(ctx context.Context, patient known) error {
	m := Match{From: g.q.From, To: g.q.To}
	if g.q.Person != "" {
		m.Index.Person = g.log.PersonIndex(g.q.Tenant, g.q.Person)
	}
	switch {
	case g.q.Exchange != "":
		return g.one(ctx)
	case !g.q.About.IsZero():
		return g.about(ctx, m, patient)
	case g.q.Person != "":
		return g.scan(ctx, m, foundPerson, false)
	}
	return g.scan(ctx, m, foundTime, false)
}

// about reads what is found by each reference and session of a patient, and then
// what else happened in the sessions in which the patient was named.
func (g *gathering) about(ctx context.Context, m Match, patient known) error {
	for _, a := range patient.aliases {
		with := m
		switch a.Kind {
		case AliasSession:
			with.Index.Session = g.log.sessionIndex(g.q.Tenant, a.Value)
		case AliasReference, AliasName, AliasPlaceholder:
			with.Index.Patient = g.log.aliasIndex(g.q.Tenant, a)
		}
		if err := g.scan(ctx, with, string(a.Kind), false); err != nil {
			return err
		}
	}
	sessions := map[string]bool{}
	for _, l := range g.lines {
		if l.session == "" || sessions[l.session] {
			continue
		}
		sessions[l.session] = true
	}
	for session := range sessions {
		with := m
		with.Index.Session = g.log.sessionIndex(g.q.Tenant, session)
		if err := g.scan(ctx, with, foundSameSession, true); err != nil {
			return err
		}
	}
	return nil
}

// scan adds what matches. With unnamed, only exchanges that name no patient.
func (g *gathering) scan(ctx context.Context, m Match, found string, unnamed bool) error {
	add := func(r Row) error { return g.add(r, found, unnamed) }
	switch {
	case g.q.Outcome == Pending:
		m.Kind, m.Open = KindIntent, true
	case g.q.Outcome != "":
		// Outcomes say how exchanges ended, and point at them: whatever ended
		// otherwise need not be opened. An exchange may end after the time asked for.
		m.Kind, m.Class, m.To = KindOutcome, string(g.q.Outcome), time.Time{}
		add = func(r Row) error {
			intent, err := g.log.find(ctx, Match{About: r.About, Kind: KindIntent})
			if own, ok := errors.AsType[*chaperone.Error](err); ok && own.Kind == chaperone.KindNotFound {
				return errDamaged(errors.New("audit: ask: an outcome without its intent"))
			}
			if err != nil {
				return err
			}
			if !g.q.To.IsZero() && !intent.At.Before(g.q.To) {
				return nil
			}
			return errorsFirst(g.add(intent, found, unnamed), func() error { return g.add(r, found, unnamed) })
		}
	case g.q.Decision != "" || g.q.Unrelated:
		m.Kind, m.Class = KindIntent, string(g.q.Decision)
	}
	if err := g.log.eachRow(ctx, m, add); err != nil {
		return err
	}
	return g.complete(ctx)
}

func errorsFirst(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// add takes one row in: an intent or event as a line, an outcome into its line.
func (g *gathering) add(r Row, found string, unnamed bool) error {
	if r.Kind == KindOutcome {
		g.end(r)
		return nil
	}
	if _, there := g.at[r.ID]; there {
		return nil
	}
	line, ok := g.line(r)
	if !ok || unnamed && (line.Kind == "event" || line.Ten.Patient != notStated) {
		return nil
	}
	if len(g.lines) >= maxLines {
		return errLarge(fmt.Sprintf("The answer has more than %d lines", maxLines))
	}
	line.Found = found
	// It names no patient, so it is not known to be a disclosure of this one's data.
	line.Disclosed = line.Disclosed && found != foundSameSession
	g.at[r.ID] = len(g.lines)
	g.lines = append(g.lines, line)
	return nil
}

// line reads an intent or an event; false if it is not part of the answer.
func (g *gathering) line(r Row) (Line, bool) {
	l := Line{Seq: r.Seq, ID: r.ID.String(), Kind: "event", at: r.At}
	if r.Kind == KindIntent {
		l.Kind = "exchange"
	}
	f, err := g.log.openFacts(r)
	if err != nil {
		l.Damaged, l.Ten = true, damagedTen(r)
		return l, true
	}
	if !f.concerns(g.q.Tenant) || g.q.Unrelated && !unrelated(f) {
		return l, false
	}
	l.Ten, l.Basis, l.Surface, l.Door = f.Ten(f.Outcome), f.Deed.Basis, f.Deed.Surface, f.Deed.Door
	l.Model, l.Agreement, l.session, l.purpose = f.Deed.Model, f.Deed.Agreement, f.Deed.Session, f.Deed.Purpose
	if f.Ruling != nil {
		l.Decision = f.Ruling.Decision
	}
	if f.Note != nil {
		l.Subject = f.Note.Subject
	}
	l.Disclosed = f.discloses(nil)
	return l, true
}

// unrelated reports an exchange about a patient for which nobody but the caller
// vouches for a relation: the right rests on a role, on the caller's own word, or
// on breaking the glass.
func unrelated(f Facts) bool {
	if f.Deed.Patient == notStated {
		return false
	}
	switch f.Deed.Basis {
	case notStated, "role", "declared", "break-glass":
		return true
	}
	return false
}

// end puts an outcome into its line. An outcome without one is of an exchange
// that is not part of the answer.
func (g *gathering) end(r Row) {
	at, ok := g.at[r.About]
	if !ok || g.lines[at].Ended != nil {
		return
	}
	l := &g.lines[at]
	l.Ended = &r.Seq
	f, err := g.log.openFacts(r)
	if err != nil || f.Outcome == nil {
		l.Damaged = true
		return
	}
	l.Ten.Result, l.Ten.Status = string(f.Outcome.Result), "none"
	if f.Outcome.Status > 0 {
		l.Ten.Status = fmt.Sprint(f.Outcome.Status)
	}
	if f.Outcome.Result == RefusedResult {
		l.Disclosed = false
	}
}

// complete looks for the outcomes that did not match by themselves: those after
// the time asked for, or where only intents were read.
func (g *gathering) complete(ctx context.Context) error {
	for ; g.done < len(g.lines); g.done++ {
		i := g.done
		if g.lines[i].Kind != "exchange" || g.lines[i].Ended != nil || g.q.Outcome == Pending {
			continue
		}
		id, err := ParseID(g.lines[i].ID)
		if err != nil {
			return errDamaged(err)
		}
		rows, err := g.log.cfg.Journal.Find(ctx, Match{About: id, Kind: KindOutcome, Limit: 1})
		if err != nil {
			return errUnavailable(fmt.Errorf("audit: ask: %w", err))
		}
		for _, r := range rows {
			g.end(r)
		}
	}
	return nil
}

// one reads one exchange or event with its words.
func (g *gathering) one(ctx context.Context) error {
	full, err := g.log.Show(ctx, g.q.Exchange)
	if err != nil {
		return err
	}
	if !full.Concerns(g.q.Tenant) {
		return errNoRecord()
	}
	first := full.Intent
	if first == nil {
		first = full.Note
	}
	row, err := g.log.find(ctx, Match{Seq: &first.Seq})
	if err != nil {
		return err
	}
	g.whole = wholeOf(full)
	return errorsFirst(g.add(row, foundExchange, false), func() error { return g.complete(ctx) })
}

// finish yields the lines in order of their places.
func (g *gathering) finish() []Line {
	slices.SortFunc(g.lines, func(a, b Line) int { return cmp.Compare(a.Seq, b.Seq) })
	return g.lines
}
