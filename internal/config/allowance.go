package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chaperone/internal/allowance"
	"chaperone/regulation"

	"go.yaml.in/yaml/v4"
)

var usdForm = regexp.MustCompile(`^[0-9]{1,7}(\.[0-9]{1,6})?$`)

// usd reads an amount of US dollars above zero, into millionths.
func (r *reader) usd(n *yaml.Node, into *int64) {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || !usdForm.MatchString(n.Value) || err != nil || v <= 0 {
		r.fault(n, "this is not an amount of US dollars", "write it like 20 or 0.5, above zero")
		return
	}
	*into = int64(v*1e6 + 0.5)
}

func (r *reader) allowances(n *yaml.Node, into *[]allowance.Rule) {
	before := len(r.faults)
	var at []*yaml.Node
	r.list(n, func(item *yaml.Node) {
		var rule allowance.Rule
		count := func(k allowance.Kind) func(*yaml.Node) {
			return func(n *yaml.Node) {
				var v int
				r.whole(n, &v, 1, 1_000_000_000)
				rule.Limits[k] = int64(v)
			}
		}
		var each string
		r.mapping(item, []field{
			{"each", func(n *yaml.Node) { r.choice(n, &each, scopes()) }},
			{"only", func(n *yaml.Node) {
				r.text(n, &rule.Only, tenantForm, "write the name of one person, key, team or door")
			}},
			{"requests_per_minute", func(n *yaml.Node) { count(allowance.RequestsPerMinute)(n) }},
			{"tokens_per_minute", func(n *yaml.Node) { count(allowance.TokensPerMinute)(n) }},
			{"tokens_per_day", func(n *yaml.Node) { count(allowance.TokensPerDay)(n) }},
			{"usd_per_day", func(n *yaml.Node) { r.usd(n, &rule.Limits[allowance.MoneyPerDay]) }},
			{"usd_per_month", func(n *yaml.Node) { r.usd(n, &rule.Limits[allowance.MoneyPerMonth]) }},
		})
		rule.Each = allowance.Scope(each)
		if each == "" && item.Kind == yaml.MappingNode {
			r.lacks(item, "each", "the allowance does not say whose it is")
		}
		if rule.Limits == (allowance.Rule{}).Limits && item.Kind == yaml.MappingNode && !names(item, allowanceLimits) {
			r.fault(item, "the allowance limits nothing", "set one of "+strings.Join(allowanceLimits, ", "))
		}
		*into, at = append(*into, rule), append(at, item)
	})
	if i := allowance.Check(*into); i >= 0 && len(r.faults) == before {
		r.fault(at[i], "one person could use up what others share", "add an allowance of each person for the same window, smaller than this one")
	}
}

// allowanceLimits are the settings of which an allowance needs one.
var allowanceLimits = []string{"requests_per_minute", "tokens_per_minute", "tokens_per_day", "usd_per_day", "usd_per_month"}

// names reports whether a mapping has one of the settings, whatever its value.
func names(item *yaml.Node, settings []string) bool {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if slices.Contains(settings, item.Content[i].Value) {
			return true
		}
	}
	return false
}

func scopes() []string {
	var names []string
	for _, s := range allowance.Scopes() {
		names = append(names, string(s))
	}
	return names
}

// teams reads who belongs to which team; a person is in one at most.
func (r *reader) teams(n *yaml.Node, into *map[string]string) {
	*into = map[string]string{}
	r.list(n, func(item *yaml.Node) {
		var name string
		var people []*yaml.Node
		r.mapping(item, []field{
			{"name", func(n *yaml.Node) {
				r.text(n, &name, nameForm, "write lower-case letters and digits joined by hyphens")
			}},
			{"people", func(n *yaml.Node) { r.list(n, func(p *yaml.Node) { people = append(people, p) }) }},
		})
		if name == "" && item.Kind == yaml.MappingNode {
			r.lacks(item, "name", "the team has no name")
		}
		for _, p := range people {
			var owner string
			r.text(p, &owner, tenantForm, "write the owner of a key")
			if _, taken := (*into)[owner]; taken && owner != "" {
				r.fault(p, "this person is already in a team", "name each person once")
			}
			(*into)[owner] = name
		}
	})
}

// prices reads what a contract says instead of the vendor's list.
func (r *reader) prices(n *yaml.Node, into *[]regulation.Price) {
	r.list(n, func(item *yaml.Node) {
		var p regulation.Price
		dollars := func(into *float64) func(*yaml.Node) {
			return func(n *yaml.Node) {
				var micro int64
				r.usd(n, &micro)
				*into = float64(micro) / 1e6
			}
		}
		r.mapping(item, []field{
			{"model", func(n *yaml.Node) { r.text(n, &p.ID, modelForm, "write a model id") }},
			{"input", func(n *yaml.Node) { dollars(&p.Input)(n) }},
			{"output", func(n *yaml.Node) { dollars(&p.Output)(n) }},
			{"cache_write", func(n *yaml.Node) { dollars(&p.CacheWrite)(n) }},
			{"cache_write_hour", func(n *yaml.Node) { dollars(&p.CacheWriteHour)(n) }},
			{"cache_read", func(n *yaml.Node) { dollars(&p.CacheRead)(n) }},
		})
		if item.Kind == yaml.MappingNode && (p.ID == "" || p.Input*p.Output*p.CacheWrite*p.CacheWriteHour*p.CacheRead == 0) {
			r.fault(item, "the price is not complete", "set model, input, output, cache_write, cache_write_hour and cache_read, in US dollars for a million tokens")
		}
		*into = append(*into, p)
	})
}

// lacks reports a needed setting that is not there at all.
func (r *reader) lacks(item *yaml.Node, name, what string) {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == name {
			return // it is there and its own fault is reported
		}
	}
	r.fault(item, what, "set "+name)
}
