package regulation

import (
	"strings"
	"testing"
)

func TestTheTreeAndTheDutiesSayWhereTheyComeFrom_RTE07(t *testing.T) {
	r, err := LoadRoutes()
	if err != nil {
		t.Fatal(err)
	}
	d, err := LoadDuties()
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Source{"routes": r.Source, "duties": d.Source} {
		if s.VerifiedOn.Before(s.Effective.Time) || !strings.Contains(s.Cite, "45 CFR 164.") {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if days := d.Time(VendorNotice).Hours() / 24; days != 60 {
		t.Errorf("a business associate has %g days", days)
	}
	if d.Time("no such term") != 0 {
		t.Error("a term that is not there has a length")
	}
}

func TestATreeWithAHoleIsRefused(t *testing.T) {
	whole, err := LoadRoutes()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Routes){
		"a condition that is none":       func(r *Routes) { r.Routes[0].When = []string{"not rich"} },
		"a door that is none":            func(r *Routes) { r.Routes[0].Doors = []string{"cellar"} },
		"no way for everybody else":      func(r *Routes) { r.Routes = r.Routes[:2] },
		"a way for everybody at the top": func(r *Routes) { r.Routes[0].When = nil },
		"a condition without a source":   func(r *Routes) { r.Conditions[0].Cite = "" },
		"a route without a next step":    func(r *Routes) { r.Routes[0].Next = nil },
		"nothing":                        func(r *Routes) { r.Routes = nil },
	} {
		r := whole
		r.Routes = append([]Route(nil), whole.Routes...)
		r.Conditions = append([]Condition(nil), whole.Conditions...)
		change(&r)
		if r.check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
