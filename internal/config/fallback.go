package config

import (
	"slices"

	"chaperone/internal/policy"

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
			}
		}
	}
}
