package config

import (
	"strings"

	"chaperone/internal/policy"

	"go.yaml.in/yaml/v4"
)

// agreementWhole judges the settings of an agreement together.
func (r *reader) agreementWhole(n *yaml.Node, a *Agreement) {
	for _, m := range []struct {
		name   string
		absent bool
		hint   string
	}{
		{"id", a.ID == "", "the id under which you keep it"},
		{"holder", a.Holder == "", "the party that signed it"},
		{"signed", a.Signed.IsZero(), "the day from which it is in force"},
		{"expires", a.Expires.IsZero(), "its end, or the day by which you review it"},
		{"approved_by", a.ApprovedBy == "", "the person who approved it"},
		{"approved_on", a.ApprovedOn.IsZero(), "the day on which they did"},
	} {
		if m.absent {
			r.fault(n, "the agreement has no "+m.name, "add "+m.hint)
		}
	}
	if !a.Signed.IsZero() && !a.Expires.IsZero() && !a.Expires.After(a.Signed) {
		r.fault(n, "the agreement ends before it begins", "check signed and expires")
	}
	if a.Signed.Before(a.ApprovedOn) && (a.CountersignedBy == "" || a.CountersignedBy == a.ApprovedBy) {
		r.fault(n, "the agreement begins before it was approved", "set countersigned_by to a second person, or signed to the day of the approval")
	}
}

// gates reads who found what in place, and when (BAA-10).
func (r *reader) gates(n *yaml.Node, a *Agreement) {
	a.Gates = map[policy.Gate]policy.Signature{}
	one := func(g policy.Gate) func(*yaml.Node) {
		return func(n *yaml.Node) {
			var s policy.Signature
			before := len(r.faults)
			r.mapping(n, []field{
				{"on", func(n *yaml.Node) { r.day(n, &s.On) }},
				{"by", func(n *yaml.Node) { r.text(n, &s.By, wordsForm, "write who found it in place") }},
			})
			if len(r.faults) == before && (s.On.IsZero() || s.By == "") {
				r.fault(n, "this gate is not signed for", "set on and by")
			}
			a.Gates[g] = s
		}
	}
	var list []field
	for _, g := range policy.Gates() {
		list = append(list, field{string(g), one(g)})
	}
	r.mapping(n, list)
}

// names reads what the agreement expressly covers of what the table leaves open.
func (r *reader) names(n *yaml.Node, a *Agreement) {
	namable, _ := policy.Namable() // a broken table lets nothing be named
	r.choices(n, &a.Names, namable)
}

// clauses reads what the agreement states (BAA-04).
func (r *reader) clauses(n *yaml.Node, a *Agreement) {
	known, _ := policy.Clauses() // a broken table knows no clause
	r.choices(n, &a.Clauses, known)
}

// subcontractors reads who works for the holder, and under what (BAA-07).
func (r *reader) subcontractors(n *yaml.Node, a *Agreement) {
	r.list(n, func(item *yaml.Node) {
		var s policy.Subcontractor
		before := len(r.faults)
		r.mapping(item, []field{
			{"name", func(n *yaml.Node) { r.text(n, &s.Name, wordsForm, "write who it is") }},
			{"agreement", func(n *yaml.Node) { r.text(n, &s.Agreement, modelForm, "write the id of what they signed") }},
		})
		if s.Name == "" && len(r.faults) == before {
			r.fault(item, "the subcontractor has no name", "set name")
		}
		a.Subcontractors = append(a.Subcontractors, s)
	})
}

func (r *reader) choices(n *yaml.Node, into *[]string, known []string) {
	r.list(n, func(item *yaml.Node) {
		var name string
		r.choice(item, &name, known)
		*into = append(*into, name)
	})
}

// FailingGates lists the gates that do not hold with these settings, whoever signs
// for them: text that travels unencrypted is not encrypted.
func (f File) FailingGates() []policy.Gate {
	plain := f.InsecureListen && !loopback(strings.Trim(f.Listen[:max(0, strings.LastIndex(f.Listen, ":"))], "[]"))
	for _, d := range f.Doors {
		plain = plain || d.InsecureHTTP
	}
	if plain {
		return []policy.Gate{policy.GateEncryption}
	}
	return nil
}
