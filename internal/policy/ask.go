package policy

import (
	"sort"

	"chaperone"
	"chaperone/phi"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

// Action is what a rule permits or forbids.
type Action string

// The actions, in the order in which they are asked.
const (
	SendUninspected Action = "send-uninspected"
	SendIdentified  Action = "send-identified"
	SendConcealed   Action = "send-concealed"
)

// answer is what the rules say to one action. Permits and forbids are judged
// apart, so that an explanation can show both sides; together they decide as
// Cedar does: at least one permit and no forbid.
type answer struct {
	action  Action
	permits []Reason
	forbids []Reason
	profile Profile
	answers Answers
	broken  bool // a rule failed while it was evaluated
}

// allowed reports whether the action may be taken. A rule that failed could
// have been the forbid that mattered, so a failure denies.
func (a answer) allowed() bool {
	return !a.broken && len(a.permits) > 0 && len(a.forbids) == 0
}

// ask puts one action to the rules.
func (p *Policy) ask(action Action, f Facts, found Found) answer {
	a := answer{action: action, profile: ProfileSafeHarbor}
	if p == nil {
		return a
	}
	req := cedar.Request{
		Principal: types.NewEntityUID("Person", types.String(f.Principal.ID)),
		Action:    types.NewEntityUID("Action", types.String(action)),
		Resource:  types.NewEntityUID("Door", types.String(f.Door.Name)),
		Context:   p.context(f, found),
	}
	entities := p.entities(f, req)
	_, yes := cedar.Authorize(p.permits, entities, req)
	_, no := cedar.Authorize(p.forbids, entities, req)
	a.permits, a.profile = p.reasons(yes), p.profileOf(yes)
	a.answers = p.answersOf(yes)
	a.forbids = p.reasons(no)
	a.broken = len(yes.Errors)+len(no.Errors) > 0
	return a
}

func (p *Policy) reasons(d cedar.Diagnostic) []Reason {
	var list []Reason
	for _, r := range d.Reasons {
		list = append(list, p.rules[r.PolicyID].Reason)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].PolicyID < list[j].PolicyID })
	return list
}

// profileOf is the strictest profile of the permits that applied.
func (p *Policy) profileOf(d cedar.Diagnostic) Profile {
	strictest := ProfileSafeHarbor
	for i, r := range d.Reasons {
		if one := p.rules[r.PolicyID].profile; i == 0 || one.strictness() < strictest.strictness() {
			strictest = one
		}
	}
	return strictest
}

func (p *Policy) entities(f Facts, req cedar.Request) types.EntityMap {
	role := types.NewEntityUID("Role", types.String(f.Principal.Role))
	env := f.Principal.Environment
	if env != chaperone.EnvironmentDevelopment {
		env = chaperone.EnvironmentProduction
	}
	return types.EntityMap{
		req.Principal: {
			UID:     req.Principal,
			Parents: types.NewEntityUIDSet(role),
			Attributes: types.NewRecord(types.RecordMap{
				"role":        role,
				"environment": types.NewEntityUID("Environment", types.String(env)),
			}),
		},
		req.Resource: {
			UID: req.Resource,
			Attributes: types.NewRecord(types.RecordMap{
				"kind":      types.NewEntityUID("DoorKind", types.String(f.Door.Kind)),
				"simulated": types.Boolean(f.Door.simulated()),
				"agreement": types.Boolean(f.live()),
				"country":   types.String(f.Door.Country),
				"region":    types.String(f.Door.Region),
				"covers":    p.categories(f.covers()),
			}),
		},
	}
}

func (p *Policy) context(f Facts, found Found) types.Record {
	var kinds, opaque []types.Value
	for _, k := range phi.Kinds() {
		if k.Identifies() && found.Kinds[k] > 0 {
			kinds = append(kinds, types.NewEntityUID("Kind", types.String(k.String())))
		}
	}
	for _, o := range unread(f, found) {
		opaque = append(opaque, p.words.word("Opaque", string(o), string(OpaqueOther)))
	}
	return types.NewRecord(types.RecordMap{
		"purpose":       p.words.word("Purpose", string(f.Purpose), "none"),
		"reasonGiven":   types.Boolean(f.Reason == ReasonGiven),
		"patientStated": types.Boolean(f.PatientStated),
		"relation":      p.words.word("Relation", string(f.Relation), "none"),
		"kinds":         types.NewSet(kinds...),
		"opaque":        types.NewSet(opaque...),
		"synthetic":     types.Boolean(f.synthetic()),
		"surface":       p.words.word("Surface", string(f.Surface), "unknown"),
		"endpoint":      p.words.word("Endpoint", string(f.Endpoint), "messages"),
		"model":         types.String(f.Model),
		"residualCrowd": types.Long(crowd(found)),
		"pages":         types.Long(found.Pages),
		"unlisted":      types.Boolean(f.unlisted()),
		"categories":    p.categories(found.Sensitive()),
	})
}

// everybody is the crowd where nobody is described.
const everybody = 8_000_000_000

func crowd(found Found) int {
	if found.Crowd <= 0 {
		return everybody
	}
	return found.Crowd
}

func (p *Policy) categories(list []Category) types.Set {
	var set []types.Value
	for _, c := range list {
		set = append(set, types.NewEntityUID("Category", types.String(c)))
	}
	return types.NewSet(set...)
}

// simulated reports whether nothing leaves the machine through the door. Both
// the kind and the flag must say so.
func (d DoorFacts) simulated() bool { return d.Simulated && d.Kind == DoorSimulator }

// synthetic reports whether the mark counts: only where nothing can leave.
func (f Facts) synthetic() bool { return f.Mark == Synthetic && f.Door.simulated() }

// unread lists what cannot be inspected, from both sources, once each.
func unread(f Facts, found Found) []Opaque {
	var list []Opaque
	seen := map[Opaque]bool{}
	for _, from := range [][]Opaque{f.Opaque, found.Opaque} {
		for _, o := range from {
			if o = ParseOpaque(string(o)); !seen[o] {
				seen[o] = true
				list = append(list, o)
			}
		}
	}
	return list
}
