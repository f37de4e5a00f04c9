package config

import (
	"slices"

	"chaperone/internal/allowance"
	"chaperone/internal/policy"
	"chaperone/regulation"

	"go.yaml.in/yaml/v4"
)

// doorList reads the names of doors, each once.
func (r *reader) doorList(n *yaml.Node, into *[]string) {
	r.list(n, func(item *yaml.Node) {
		var name string
		r.text(item, &name, nameForm, "write the name of a door")
		if slices.Contains(*into, name) && name != "" {
			r.fault(item, "this door is already in the list", "name each door once")
		}
		*into = append(*into, name)
	})
}

// fallbacks judges which doors stand in for which, now that all are known. An
// invented answer never stands in for a real one.
func (r *reader) fallbacks(doors *yaml.Node, f File) {
	if doors == nil || doors.Kind != yaml.SequenceNode || len(doors.Content) != len(f.Doors) {
		return
	}
	for i, d := range f.Doors {
		for _, name := range d.Fallback {
			other, ok := f.Door(name)
			switch {
			case name == "": // its own fault is reported
			case !ok:
				r.fault(doors.Content[i], "the door falls back to one that is not there", "name another of the doors, or take it out of fallback")
			case name == d.Name:
				r.fault(doors.Content[i], "the door falls back to itself", "to try it once more, set repeat: true")
			case (other.Kind == policy.DoorSimulator) != (d.Kind == policy.DoorSimulator):
				r.fault(doors.Content[i], "the simulator and a real door cannot stand in for each other", "take it out of fallback")
			default:
				r.unpriced(doors, f, other)
			}
		}
	}
}

// unpriced reports a door that is to stand in and never can: money cannot be kept to
// where no price is known, so it would be passed over.
func (r *reader) unpriced(doors *yaml.Node, f File, d Door) {
	prices, err := regulation.LoadPrices()
	if err != nil || len(d.Prices) > 0 || d.Kind == policy.DoorSimulator || slices.Contains(prices.Connections, d.connection()) {
		return // broken tables stop the start
	}
	budgeted := slices.ContainsFunc(f.Allowances, func(a allowance.Rule) bool {
		money := a.Limits[allowance.MoneyPerDay] > 0 || a.Limits[allowance.MoneyPerMonth] > 0
		return money && a.Each == allowance.Door && (a.Only == "" || a.Only == d.Name)
	})
	at := slices.IndexFunc(f.Doors, func(o Door) bool { return o.Name == d.Name })
	if budgeted && at >= 0 {
		r.fault(doors.Content[at], "this door has no prices, so it cannot stand in for another under a budget in money", "set its prices, or take it out of fallback")
	}
}
