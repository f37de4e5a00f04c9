package policy

// Explanation shows how a decision came about, for people and for tools. It
// holds no words of the request.
type Explanation struct {
	Policy  string   `json:"policy"`
	Version string   `json:"version"`
	Mode    Mode     `json:"mode"`
	Profile Profile  `json:"profile,omitempty"` // for concealed
	Reasons []Reason `json:"reasons"`           // the rules that decided
	Code    string   `json:"code,omitempty"`    // for refused
	Public  string   `json:"public,omitempty"`  // for refused
	Next    string   `json:"next,omitempty"`    // for refused
	Asked   []Asked  `json:"asked"`             // every action that was asked, in order
	Floors  []Reason `json:"floors,omitempty"`  // what stands between the text and being sent as it is
}

// Asked is one action and what the rules said to it.
type Asked struct {
	Action  Action   `json:"action"`
	Allowed bool     `json:"allowed"`
	Permits []Reason `json:"permits,omitempty"`
	Forbids []Reason `json:"forbids,omitempty"`
	Failed  bool     `json:"failed,omitempty"` // a rule could not be evaluated, which denies
}

// Explain decides as Decide and With do, and shows the steps.
func (p *Policy) Explain(f Facts, found Found) Explanation {
	d := p.Decide(f).deliberate(found)
	v := d.verdict
	e := Explanation{Policy: p.Name(), Version: p.Version(), Mode: v.Mode, Reasons: v.Reasons, Asked: []Asked{}}
	if v.Mode == Concealed {
		e.Profile = v.Profile
	}
	if v.Err != nil {
		e.Code, e.Public, e.Next = v.Err.Code, v.Err.Public, v.Err.Next
	}
	for _, a := range d.asked {
		e.Asked = append(e.Asked, Asked{a.action, a.allowed(), a.permits, a.forbids, a.broken})
	}
	for _, m := range d.missing {
		e.Floors = append(e.Floors, floorReason(m))
	}
	return e
}

// RuleCount says how many rules the policy has.
func (p *Policy) RuleCount() int {
	if p == nil {
		return 0
	}
	return len(p.rules)
}
