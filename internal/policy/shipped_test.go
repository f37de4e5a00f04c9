package policy

import "testing"

func TestEveryShippedPolicyIsValid(t *testing.T) {
	for _, name := range Shipped() {
		if p, err := OpenShipped(name); err != nil {
			t.Errorf("%s:\n%v", name, err)
		} else if p.Name() != name || len(p.Version()) != 12 || p.RuleCount() == 0 {
			t.Errorf("%s: name %q version %q rules %d", name, p.Name(), p.Version(), p.RuleCount())
		}
	}
}
