package config

import "go.yaml.in/yaml/v4"

func (r *reader) countryList(n *yaml.Node, into *[]string) {
	r.list(n, func(item *yaml.Node) {
		var c string
		r.text(item, &c, countryForm, "write a two-letter country code, like CA")
		*into = append(*into, c)
	})
}

// crossBorder reads an assessment and requires all of it: half an assessment
// permits nothing (RTE-04).
func (r *reader) crossBorder(n *yaml.Node, c *CrossBorder) {
	before := len(r.faults)
	r.mapping(n, []field{
		{"id", func(n *yaml.Node) { r.text(n, &c.ID, modelForm, "write the id under which you keep it") }},
		{"approved_by", func(n *yaml.Node) { r.text(n, &c.ApprovedBy, wordsForm, "write who approved it") }},
		{"from", func(n *yaml.Node) { r.day(n, &c.From) }},
		{"until", func(n *yaml.Node) { r.day(n, &c.Until) }},
		{"countries", func(n *yaml.Node) { r.countryList(n, &c.Countries) }},
	})
	if len(r.faults) > before {
		return
	}
	if c.ID == "" || c.ApprovedBy == "" || c.From.IsZero() || c.Until.IsZero() || len(c.Countries) == 0 {
		r.fault(n, "the assessment is not complete", "set id, approved_by, from, until and countries")
	} else if !c.Until.After(c.From) {
		r.fault(n, "the assessment ends before it begins", "check from and until")
	}
}
