package gateway

import (
	"context"
	"net/http"
	"time"

	"chaperone/deid"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// exchange is one walk from the client's request to the settled record. It
// belongs to one goroutine.
type exchange struct {
	g       *Gateway
	action  string // what was asked, in the record's words
	w       *answer
	r       *http.Request
	started time.Time
	policy  *policy.Policy
	engine  *deid.Engine
	way                   // the door, and what was ruled on it
	intent  audit.Intent  // filled on the way to step 6
	entry   *audit.Entry  // set from step 6 on
	outcome audit.Outcome // filled from step 7 on
	hearing *hearing      // of the answer; nil where none is expected
	settled bool
	waited  time.Duration // spent waiting for the door to begin to answer
}

// messages is the walk of one message, the nine steps of the architecture.
func (x *exchange) messages() error {
	said, err := x.admit() // 1
	if err != nil {
		return err
	}
	ask, err := x.read() // 2
	if err != nil {
		return err
	}
	ruling, err := x.rule(ask, said) // 3
	if err != nil {
		return err
	}
	if err := x.afford(x.asker()); err != nil {
		return err
	}
	lease, err := x.g.sessions.take(x.r.Context(), sessionID(x.intent.Who, ask.ClientSession()))
	if err != nil {
		return err
	}
	defer lease.release()
	reply, revealer, err := x.carry(errand{ask, said, lease}, ruling) // 4 to 7
	if err != nil {
		return err
	}
	return x.deliver(reply, revealer, lease) // 8 and 9
}

// admit decides who asks and reads what they state.
func (x *exchange) admit() (stated, error) {
	who, err := x.g.parts.Identity.Authenticate(x.r)
	x.g.parts.Metrics.Authenticated(err == nil)
	if err != nil {
		return stated{}, err
	}
	if who.Tenant == "" {
		who.Tenant = x.g.parts.Settings.Tenant
	}
	x.intent.Who = who
	x.intent.What.Team = x.g.parts.Settings.Allowances.Teams[who.ID]
	x.intent.What.Surface, x.intent.What.Form = string(surface(x.r.Header)), string(claude.FormOf(x.r.URL.Path))
	said, err := readStated(x.r.Header)
	if err != nil {
		return said, err
	}
	x.intent.Why = audit.Why{
		Patient: said.patient, Purpose: said.purpose,
		Reason: audit.Content(said.reason), Basis: basis(said.relation),
	}
	return said, x.g.parts.Identity.Permits(x.r.Context(), who, said.purpose)
}

// basis says what the caller's right rests on (AUD-12).
func basis(r policy.Relation) string {
	if r == policy.RelationNone {
		return "role"
	}
	return string(r)
}

// read parses the request once. Whatever cannot be understood is refused here.
func (x *exchange) read() (*claude.Ask, error) {
	ask, err := claude.ReadRequest(x.r, x.g.parts.Settings.Limits)
	if err != nil {
		return nil, err
	}
	x.intent.What.Action = ask.Endpoint().String()
	x.intent.Where.Model = ask.Model()
	x.intent.Received = ask.Body()
	session := sessionID(x.intent.Who, ask.ClientSession())
	x.intent.What.Session = pseudonym(x.g.parts.Vault.BlindIndex("session", string(session)))
	return ask, nil
}

// rule asks what could be sent at all, and through which door.
func (x *exchange) rule(ask *claude.Ask, said stated) (policy.Ruling, error) {
	if err := x.choose(said.door, ask.Model()); err != nil {
		return policy.Ruling{}, err
	}
	facts := x.facts(said, policyEndpoint(ask.Endpoint()))
	facts.Model, facts.Uses, facts.Geo = ask.Model(), uses(ask), ask.Geo()
	x.intent.Where.Places, x.geo = facts.Destinations(), facts.PinnedGeo()
	x.pins = x.geo != "" && ask.Geo() == ""
	x.intent.Where.Jurisdiction = string(facts.Patient.Law)
	ruling := x.policy.Decide(facts)
	if ruling.Err != nil {
		return ruling, x.nearest(facts, ruling.Err)
	}
	return ruling, nil
}

// facts is what a rule may look at of who asks, why, and through which door.
func (x *exchange) facts(said stated, e policy.Endpoint) policy.Facts {
	return policy.Facts{
		Principal: x.intent.Who, Purpose: said.purpose, Reason: policy.JudgeReason(said.reason),
		PatientStated: !said.patient.IsZero(), Relation: said.relation, Mark: said.mark,
		Door: x.door.Facts, Surface: surface(x.r.Header), Endpoint: e,
		Determination: x.g.parts.Settings.determination(),
		Residency:     x.g.parts.Settings.Residency, CrossBorder: x.g.parts.Settings.CrossBorder, Failing: x.g.failing(), At: x.started,
		Patient: x.g.homeOf(said.law),
	}
}

// choose picks the door and writes it into the intent.
func (x *exchange) choose(name, model string) error {
	door, err := x.g.door(name)
	if err != nil {
		return err
	}
	x.door = door
	x.intent.Where.Door = door.Name()
	x.intent.Where.Simulated = door.Simulated()
	x.intent.Where.Region = door.Facts.Region
	if door.Facts.Agreement.Standing(x.started) == policy.InForce {
		x.intent.Where.Agreement = door.Facts.Agreement.ID
	}
	x.intent.Where.Retention = door.Facts.Retention(model)
	return door.admits(model)
}

// conceal reads every text, asks for the verdict on what was found, and makes
// the request that may leave, with what restores its answer.
func (x *exchange) conceal(ask *claude.Ask, said stated, ruling policy.Ruling, l *lease) (claude.Revealer, error) {
	texts := readTexts(ask.EachLeaf, deid.NewVeil(x.engine, l.session), said.roster)
	texts.named = x.handles(l)
	if err := texts.judgeBetas(ask.Betas()); err != nil {
		return nil, err
	}
	left := texts.weigh(x.g.parts.Judge, deid.SafeHarbor())
	files, err := x.filesOf(ask)
	if err != nil {
		return nil, err
	}
	found := texts.found(files.unread(ask.Opaque()), left)
	files.join(&found)
	verdict := ruling.With(found)
	x.verdict = verdict
	profile, err := x.profile(verdict.Profile)
	if verdict.Profile != policy.ProfileSafeHarbor {
		left = texts.weigh(x.g.parts.Judge, profile)
	}
	x.ruled(verdict, found, left)
	if verdict.Err != nil {
		return nil, verdict.Err
	}
	if err != nil {
		return nil, err
	}
	if err := files.fit(verdict.Mode); err != nil {
		return nil, err
	}
	x.hearing = &hearing{rule: verdict.Answers, engine: x.engine, session: l.session, request: texts}
	if verdict.Mode == policy.Identified {
		x.intent.Sent = ask.Body()
		return files.reveals(asItIs{}), nil
	}
	texts.veil.Under(profile)
	replay := x.g.newReplay(x.r.Context(), l.id)
	x.intent.Sent = ask.MapText(func(leaf claude.Leaf) string {
		if leaf.Class == claude.Thinking {
			if original, ok := replay.original(leaf.Text); ok {
				return original
			}
		}
		return texts.conceal(leaf)
	})
	if replay.err != nil {
		return nil, replay.err
	}
	if texts.err != nil {
		return nil, texts.err
	}
	return files.reveals(revealer{deid.NewRevealer(l.session)}), nil
}

// intend writes the intent. When it returns nil, the intent is durable and the
// exchange may send.
func (x *exchange) intend() error {
	entry, err := x.g.parts.Log.Intend(x.r.Context(), x.intent)
	if err != nil {
		return err
	}
	x.entry = entry
	x.w.Header().Set("X-Chaperone-Receipt", entry.Receipt().String())
	x.w.Header().Set("X-Chaperone-Decision", string(x.intent.Ruling.Decision))
	x.w.Header().Set("X-Chaperone-Retention", x.intent.Where.Retention)
	x.w.Header().Set("X-Chaperone-Door", x.intent.Where.Door)
	return nil
}

// send passes the call through the door that was ruled on.
func (x *exchange) send(c claude.Call) (*claude.Reply, error) {
	before := x.g.parts.Clock()
	reply, err := x.door.Send(x.r.Context(), c)
	waited := x.g.parts.Clock().Sub(before)
	x.waited += waited
	x.g.parts.Metrics.DoorAnswered(x.door.Name(), statusOf(reply), waited)
	if err != nil {
		return nil, err
	}
	x.outcome.Upstream.Status = reply.Status
	x.outcome.Upstream.RequestID = reply.Header.Get("Request-Id")
	if reply.Simulated {
		x.w.Header().Set("X-Chaperone-Simulated", "true")
	}
	return reply, nil
}

// statusOf is the status of what came back; 0 where nothing did.
func statusOf(reply *claude.Reply) int {
	if reply == nil {
		return 0
	}
	return reply.Status
}

// settle writes the outcome, once. It uses a context of its own: an exchange is
// settled whether or not its client still waits.
func (x *exchange) settle(result audit.Result) error {
	if x.settled {
		return nil
	}
	x.outcome.Result = result
	x.outcome.Took = x.took()
	x.outcome.Received, x.outcome.Sent = len(x.intent.Received), len(x.intent.Sent)
	if result == audit.RefusedResult || neverReached(x.outcome.ErrorCode) {
		x.outcome.Sent = 0
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.r.Context()), settleWait)
	defer cancel()
	if err := x.entry.Settle(ctx, x.outcome); err != nil {
		return err
	}
	x.settled = true
	x.spent()
	return nil
}

// settleWait is how long an outcome may take to become durable. Past it the
// answer is cut, and the next start writes "abandoned".
const settleWait = 5 * time.Second
