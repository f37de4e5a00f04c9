package export

import (
	"maps"
	"regexp"
	"slices"

	"chaperone"
	"chaperone/internal/audit"
)

// Mask says what of a record may leave without identifying anyone. It lets
// through what it knows: closed words, numbers, and what the operator's own
// configuration says. Who somebody is becomes a pseudonym; everything else is
// left out. A field that is new to the record stays in until it is named here.
type Mask struct {
	// Name is a keyed hash of a value: equal values of a kind have equal names,
	// and without the key none can be guessed back.
	Name func(kind, value string) string
}

const (
	notStated = "not stated" // as the record has it
	other     = "other"      // stands for a word that is not of the closed list
)

var (
	// houseForm is the form of words of the program and of the configuration.
	houseForm = regexp.MustCompile(`^[a-z0-9][a-zA-Z0-9._:/@+-]{0,127}$`)
	uuidForm  = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	// modelForm admits the vendor's names of models and no others: what a request
	// asks for is the client's word.
	modelForm = regexp.MustCompile(`^((us|eu|apac|au|ca|jp|global)\.)?(anthropic[./])?claude(-(opus|sonnet|haiku|instant|fable|mythos|fast|latest|v?[0-9]{1,2}|20[23][0-9][01][0-9][0-3][0-9]))+([@:-](v?[0-9]{1,2}|20[23][0-9][01][0-9][0-3][0-9]))*$`)
	placeForm = regexp.MustCompile(`^([a-z]{2}|[A-Z]{2}|global|any)$`)

	environments = []string{string(chaperone.EnvironmentProduction), string(chaperone.EnvironmentDevelopment)}
	bases        = []string{"role", "declared", "care-team", "break-glass", notStated}
	stops        = []string{"end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"}
	// subjects are the events whose subject is a word of the house.
	subjects = []audit.EventKind{
		audit.Started, audit.Stopped, audit.PolicyLoaded, audit.RulesLoaded, audit.ConfigLoaded, audit.Weakened,
		audit.KeyCreated, audit.KeyRevoked, audit.RecordResumed, audit.ExportOpened, audit.ExportStalled, audit.ExportResumed, audit.RecordExported,
	}
)

func (m Mask) facts(f audit.Facts) audit.Facts {
	out := audit.Facts{
		Version: f.Version, Time: f.Time, Exchange: shaped(f.Exchange, uuidForm),
		Who:    m.who(f.Who),
		Deed:   m.deed(f.Who.Tenant, f.Deed),
		Ruling: ruling(f.Ruling),
	}
	out.Outcome = outcome(f.Outcome, f.Deed.Region)
	if f.Note != nil {
		out.Note = &audit.NoteFacts{Event: f.Note.Event}
		if slices.Contains(subjects, f.Note.Event) {
			out.Note.Subject = f.Note.Subject
		}
	}
	return out
}

func (m Mask) who(w audit.WhoFacts) audit.WhoFacts {
	return audit.WhoFacts{
		Tenant: w.Tenant, User: m.named(w.Tenant, "person", w.User), Role: one(w.Role, roles()),
		Key: m.named(w.Tenant, "key", w.Key), Environment: one(w.Environment, environments),
		Address: m.named(w.Tenant, "address", w.Address),
	}
}

func (m Mask) deed(tenant string, d audit.DeedFacts) audit.DeedFacts {
	return audit.DeedFacts{
		Action: shaped(d.Action, houseForm), Patient: m.named(tenant, "patient", d.Patient),
		Purpose: one(d.Purpose, purposes()), Reason: one(d.Reason, []string{"given", notStated}), Basis: one(d.Basis, bases),
		Surface: shaped(d.Surface, houseForm), Form: shaped(d.Form, houseForm), Session: m.named(tenant, "session", d.Session),
		After: shaped(d.After, uuidForm), Team: d.Team, Door: d.Door, Simulated: d.Simulated, Model: shaped(d.Model, modelForm),
		Region: d.Region, Agreement: d.Agreement, Retention: d.Retention, Places: slices.Clone(d.Places),
	}
}

// ruling is what the rules said: their own words and counts by kind.
func ruling(r *audit.RulingFacts) *audit.RulingFacts {
	if r == nil {
		return nil
	}
	out := &audit.RulingFacts{
		Decision: r.Decision, Reasons: slices.Clone(r.Reasons), Version: r.Version, Profile: r.Profile, Rules: r.Rules,
		Conceals: r.Conceals, Ground: r.Ground, Findings: maps.Clone(r.Findings), Categories: slices.Clone(r.Categories),
	}
	if r.Residual != nil {
		out.Residual = &audit.ResidualFacts{Crowd: r.Residual.Crowd, Score: r.Residual.Score, Why: slices.Clone(r.Residual.Why)}
	}
	return out
}

// outcome leaves out what the other side may have put in words of its own.
func outcome(o *audit.OutcomeFacts, region string) *audit.OutcomeFacts {
	if o == nil {
		return nil
	}
	out := &audit.OutcomeFacts{
		Result: o.Result, Status: o.Status, ErrorCode: o.ErrorCode, Restored: o.Restored, Unknown: o.Unknown,
		Brought: maps.Clone(o.Brought), Withheld: o.Withheld, TookMicros: o.TookMicros, Cost: o.Cost, Received: o.Received, Sent: o.Sent,
	}
	if u := o.Upstream; u != nil {
		out.Upstream = &audit.UpstreamFacts{
			Model: shaped(u.Model, modelForm), Status: u.Status, StopReason: one(u.StopReason, stops),
			InputTokens: u.InputTokens, OutputTokens: u.OutputTokens, CacheRead: u.CacheRead, CacheWrite: u.CacheWrite,
		}
		if out.Upstream.Region = u.Region; u.Region != region {
			out.Upstream.Region = shaped(u.Region, placeForm)
		}
	}
	return out
}

// named is the pseudonym of a value; what was not stated stays so, and the house
// itself is nobody.
func (m Mask) named(tenant, kind, value string) string {
	switch value {
	case "", notStated, house:
		return value
	}
	return kind + "-" + m.Name(kind, tenant+"\x00"+value)
}

// house is the user of what the house did itself.
const house = "chaperone"

func shaped(s string, form *regexp.Regexp) string {
	if s == "" || s == notStated || form.MatchString(s) {
		return s
	}
	return other
}

func one(s string, list []string) string {
	if s == "" || s == notStated || slices.Contains(list, s) {
		return s
	}
	return other
}

func roles() []string {
	list := []string{house}
	for _, r := range chaperone.Roles() {
		list = append(list, string(r))
	}
	return list
}

func purposes() []string {
	var list []string
	for _, p := range chaperone.Purposes() {
		list = append(list, string(p))
	}
	return list
}
