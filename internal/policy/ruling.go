package policy

import (
	"slices"
	"strings"

	"chaperone"
)

// Mode is the form in which text may be sent.
type Mode uint8

// The modes. Refused is the zero value.
const (
	Refused    Mode = iota
	Concealed       // every identifier found is replaced
	Clean           // nothing in it identifies; sent as it is
	Identified      // sent as it is, identifiers included
)

// String is the mode's name in records and reports.
func (m Mode) String() string {
	switch m {
	case Concealed:
		return "concealed"
	case Clean:
		return "clean"
	case Identified:
		return "identified"
	default:
		return "refused"
	}
}

// MarshalText yields the mode's name.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Ruling is what can be said before the text is read. If Err is set the request
// is refused and its text need not be read at all.
type Ruling struct {
	Err    *chaperone.Error
	policy *Policy
	facts  Facts
}

// Verdict is the decision about one request.
type Verdict struct {
	Mode        Mode
	Reasons     []Reason         // the rules that spoke, in words fit to show
	Profile     Profile          // which kinds are concealed; for Concealed
	Answers     Answers          // what becomes of identifiers that only the answer brings
	Uninspected []Opaque         // content that may pass although it cannot be read
	Err         *chaperone.Error // set if and only if Mode is Refused
}

// LaxerThan reports whether v lets more leave than o: identified text where that
// one asks for placeholders, or a profile that keeps more.
func (v Verdict) LaxerThan(o Verdict) bool {
	if v.Mode == Concealed && o.Mode == Concealed {
		return v.Profile.strictness() > o.Profile.strictness()
	}
	return v.Mode == Identified && o.Mode != Identified || v.Mode != Refused && o.Mode == Refused
}

// Decide rules on a request before its text is read: whether anything could be
// sent through this door at all. The nil Policy refuses everything.
func (p *Policy) Decide(f Facts) Ruling {
	r := Ruling{policy: p, facts: f}
	if p == nil {
		r.Err = chaperone.NewError(chaperone.KindUnavailable, "no_policy", "No policy is loaded, so nothing may be sent", "Tell your administrator", nil)
		return r
	}
	r.Err = admission(f)
	return r
}

// With decides, now that the text has been read. It asks in order: may this be
// sent as it is, else with placeholders, else not at all. The zero Ruling
// refuses.
func (r Ruling) With(found Found) Verdict {
	d := r.deliberate(found)
	return d.verdict
}

// deliberation is a decision with everything that led to it.
type deliberation struct {
	facts   Facts
	found   Found
	opaque  []Opaque
	asked   []answer
	missing []*chaperone.Error // floors between the text and being sent as it is
	verdict Verdict
}

func (r Ruling) deliberate(found Found) *deliberation {
	d := &deliberation{facts: r.facts, found: found, opaque: unread(r.facts, found)}
	switch {
	case r.Err != nil:
		return d.refuse(r.Err)
	case r.policy == nil:
		return d.refuse((*Policy)(nil).Decide(r.facts).Err)
	}
	identifying := found.Identifies() || len(d.opaque) > 0
	if e := schemaFloor(found); e != nil {
		return d.refuse(e)
	}
	if e := development(d.facts, identifying); e != nil {
		return d.refuse(e)
	}
	d.missing = identified(d.facts, found)
	if len(d.opaque) > 0 && !d.passUnread(r.policy) {
		return d
	}
	return d.choose(r.policy)
}

// passUnread asks about content that cannot be inspected. Whatever cannot be
// read must be taken for identifying: the same floors hold.
func (d *deliberation) passUnread(p *Policy) bool {
	a := d.ask(p, SendUninspected, d.facts)
	switch {
	case a.broken:
		d.refuse(brokenRule())
	case !a.allowed():
		d.refuse(opaqueRefusal(a), a.forbids...)
	case len(d.missing) > 0:
		d.refuse(d.missing[0])
	default:
		d.verdict.Uninspected = d.opaque
		d.verdict.Reasons = a.permits
		return true
	}
	return false
}

// choose picks the mode: identified, else concealed, else refused.
func (d *deliberation) choose(p *Policy) *deliberation {
	asIs := d.ask(p, SendIdentified, d.facts)
	if asIs.allowed() && len(d.missing) == 0 {
		return d.send(Identified, asIs)
	}
	hidden := d.ask(p, SendConcealed, d.facts)
	if asIs.broken || hidden.broken {
		return d.refuse(brokenRule())
	}
	if hidden.allowed() {
		if d.found.Count() > 0 && len(d.missing) > 0 && len(d.wouldPermit(p)) > 0 {
			d.verdict.Reasons = append(d.verdict.Reasons, floorReason(d.missing[0]))
		}
		return d.send(Concealed, hidden)
	}
	// Where few people fit, a floor that is met would not help; the rule's own
	// words say what to take out.
	if tooFew := d.found.singlesOut() && len(hidden.forbids) > 0; len(d.missing) > 0 && !tooFew {
		if wanted := d.wouldPermit(p); len(wanted) > 0 {
			return d.refuse(withPurposes(d.missing[0], wanted))
		}
	}
	return d.refuse(d.cedarRefusal(asIs, hidden), append(hidden.forbids, asIs.forbids...)...)
}

func (d *deliberation) ask(p *Policy, action Action, f Facts) answer {
	a := p.ask(action, f, d.found)
	d.asked = append(d.asked, a)
	return a
}

// wouldPermit lists the purposes under which some rule would permit the text as
// it is. Only the stated purpose counts if there is one; without one, every
// purpose is tried, so that the refusal can say what is missing.
func (d *deliberation) wouldPermit(p *Policy) []chaperone.Purpose {
	var list []chaperone.Purpose
	for _, purpose := range chaperone.Purposes() {
		if slices.Contains(chaperone.Purposes(), d.facts.Purpose) && purpose != d.facts.Purpose {
			continue
		}
		f := d.facts
		f.Purpose = purpose
		if len(p.ask(SendIdentified, f, d.found).permits) > 0 {
			list = append(list, purpose)
		}
	}
	return list
}

func (d *deliberation) send(m Mode, a answer) *deliberation {
	if !d.found.Identifies() && len(d.opaque) == 0 {
		m = Clean
	}
	d.verdict.Mode, d.verdict.Answers = m, a.answers
	d.verdict.Reasons = append(d.verdict.Reasons, a.permits...)
	if a.action != SendConcealed || m == Clean {
		d.verdict.Profile = ProfileSafeHarbor
		return d
	}
	profile, e := d.profile(a.profile)
	if e != nil {
		return d.refuse(e)
	}
	d.verdict.Profile = profile
	return d
}

func (d *deliberation) refuse(err *chaperone.Error, spoke ...Reason) *deliberation {
	if len(spoke) == 0 {
		spoke = []Reason{floorReason(err)}
	}
	d.verdict = Verdict{Mode: Refused, Reasons: dedupe(spoke), Profile: ProfileSafeHarbor, Err: err}
	return d
}

// cedarRefusal is a refusal in the words of the rules.
func (d *deliberation) cedarRefusal(asIs, hidden answer) *chaperone.Error {
	code := "not_permitted"
	if d.found.Identifies() || len(d.opaque) > 0 {
		code = "phi_not_allowed"
	}
	for _, a := range []answer{hidden, asIs} {
		if len(a.forbids) > 0 {
			return refusal(code, a.forbids[0].Text, a.forbids[0].Next)
		}
	}
	return refusal(code, "No rule lets your role send this text for this purpose",
		"Ask your privacy officer, or take out what identifies a person")
}

func opaqueRefusal(a answer) *chaperone.Error {
	e := refusal("opaque_content", "The request holds something that cannot be inspected, such as an image or a linked file",
		"Paste the words that matter as text")
	if len(a.forbids) > 0 {
		e.Public = a.forbids[0].Text
		if a.forbids[0].Next != "" {
			e.Next = a.forbids[0].Next
		}
	}
	return e
}

func brokenRule() *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "policy_error", "A rule of the policy failed while it was evaluated, so nothing was sent",
		"Tell your privacy officer", nil)
}

// withPurposes names the purposes that would do, if the purpose is what lacks.
func withPurposes(e *chaperone.Error, would []chaperone.Purpose) *chaperone.Error {
	if e.Code != "purpose_required" {
		return e
	}
	names := make([]string, len(would))
	for i, p := range would {
		names[i] = string(p)
	}
	return chaperone.NewError(e.Kind, e.Code, e.Public, "State the purpose that is true of it: "+strings.Join(names, ", "), nil)
}

func floorReason(e *chaperone.Error) Reason {
	return Reason{PolicyID: "floor:" + e.Code, Text: e.Public, Next: e.Next}
}

func dedupe(list []Reason) []Reason {
	var kept []Reason
	for _, r := range list {
		if !slices.Contains(kept, r) {
			kept = append(kept, r)
		}
	}
	return kept
}
