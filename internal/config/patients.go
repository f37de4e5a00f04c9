package config

import (
	"regexp"

	"chaperone/internal/policy"

	"go.yaml.in/yaml/v4"
)

// Patients says where text about a patient may be processed by the law that the
// patient is under. It only narrows residency.
type Patients struct {
	Jurisdiction policy.Jurisdiction              // taken where a request states none; empty: none
	Laws         map[policy.Jurisdiction][]string // countries by jurisdiction; one that is not listed keeps text in its country
}

var lawForm = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

const lawHint = "write a country or its part, like AU or CA-ON"

func (r *reader) patients(n *yaml.Node, p *Patients) {
	var stated string
	r.mapping(n, []field{
		{"jurisdiction", func(n *yaml.Node) { r.text(n, &stated, lawForm, lawHint) }},
		{"laws", func(n *yaml.Node) {
			p.Laws = map[policy.Jurisdiction][]string{}
			r.list(n, func(item *yaml.Node) { r.law(item, p.Laws) })
		}},
	})
	p.Jurisdiction = policy.Jurisdiction(stated)
}

// law reads one rule and requires all of it.
func (r *reader) law(item *yaml.Node, into map[policy.Jurisdiction][]string) {
	var name string
	var countries []string
	before := len(r.faults)
	r.mapping(item, []field{
		{"law", func(n *yaml.Node) { r.text(n, &name, lawForm, lawHint) }},
		{"countries", func(n *yaml.Node) { r.countryList(n, &countries) }},
	})
	if len(r.faults) > before {
		return
	}
	if name == "" || len(countries) == 0 {
		r.fault(item, "the rule is not complete", "set law and countries")
		return
	}
	if _, twice := into[policy.Jurisdiction(name)]; twice {
		r.fault(item, "another rule is for this jurisdiction", "keep one")
		return
	}
	into[policy.Jurisdiction(name)] = countries
}
