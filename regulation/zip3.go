package regulation

import (
	"fmt"
	"slices"
)

// ZIP3 is the set of three-digit ZIP codes that may not be kept, because too few
// people live there (45 CFR 164.514(b)(2)(i)(B)).
type ZIP3 struct {
	Source `yaml:",inline"`
	Lists  []ZIP3List `yaml:"lists"`
}

// ZIP3List is what one census gives.
type ZIP3List struct {
	Name     string   `yaml:"name"`
	Prefixes []string `yaml:"prefixes"` // three digits each
}

// LoadZIP3 reads the embedded lists. The error means that the data is wrong.
func LoadZIP3() (ZIP3, error) {
	var z ZIP3
	if err := load("zip3.yaml", &z, func() Source { return z.Source }); err != nil {
		return ZIP3{}, err
	}
	for _, l := range z.Lists {
		for _, p := range l.Prefixes {
			if len(p) != 3 || p < "000" || p > "999" {
				return ZIP3{}, fmt.Errorf("regulation: zip3.yaml: %s: %q is not three digits", l.Name, p)
			}
		}
	}
	return z, nil
}

// Restricted is the union of the lists, sorted.
func (z ZIP3) Restricted() []string {
	var all []string
	for _, l := range z.Lists {
		all = append(all, l.Prefixes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
