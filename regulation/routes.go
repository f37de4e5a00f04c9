package regulation

import (
	"fmt"
	"slices"
	"strings"
)

// Routes is the decision tree of ways to Claude (RTE-07).
type Routes struct {
	Source     `yaml:",inline"`
	Conditions []Condition `yaml:"conditions"`
	Routes     []Route     `yaml:"routes"` // in the order in which they are tried; the last one has no condition
}

// Condition is something that holds of a house or does not.
type Condition struct {
	Name  string `yaml:"name"`
	Plain string `yaml:"plain"`
	Holds string `yaml:"holds"`  // the reason where it holds
	Fails string `yaml:"fails"`  // the reason where it does not
	Cite  string `yaml:"source"` // where that can be read
}

// Route is one way.
type Route struct {
	Name   string   `yaml:"name"`
	Plain  string   `yaml:"plain"`
	When   []string `yaml:"when"`   // names of conditions, which may begin with "not "
	Doors  []string `yaml:"doors"`  // connections of the coverage table
	Policy string   `yaml:"policy"` // the shipped policy to begin with
	Next   []string `yaml:"next"`   // what to do then
}

// LoadRoutes reads the embedded tree. The error means that the data is wrong.
func LoadRoutes() (Routes, error) {
	var r Routes
	if err := load("routes.yaml", &r, func() Source { return r.Source }); err != nil {
		return Routes{}, err
	}
	return r, r.check()
}

func (r Routes) check() error {
	for _, c := range r.Conditions {
		if c.Name == "" || c.Plain == "" || c.Holds == "" || c.Fails == "" || c.Cite == "" {
			return fmt.Errorf("regulation: routes.yaml: the condition %q is not complete", c.Name)
		}
	}
	coverage, err := LoadCoverage()
	if err != nil {
		return err
	}
	for i, route := range r.Routes {
		if route.Name == "" || route.Plain == "" || route.Policy == "" || len(route.Doors) == 0 || len(route.Next) == 0 {
			return fmt.Errorf("regulation: routes.yaml: the route %q is not complete", route.Name)
		}
		for _, w := range route.When {
			if _, ok := r.Condition(strings.TrimPrefix(w, "not ")); !ok {
				return fmt.Errorf("regulation: routes.yaml: %s asks for %q, which is no condition", route.Name, w)
			}
		}
		for _, d := range route.Doors {
			if !slices.ContainsFunc(coverage.Connections, func(c Connection) bool { return c.Name == d }) {
				return fmt.Errorf("regulation: routes.yaml: %s leads to %q, which the coverage table does not list", route.Name, d)
			}
		}
		if last := i == len(r.Routes)-1; last != (len(route.When) == 0) {
			return fmt.Errorf("regulation: routes.yaml: the last route, and no other, has no condition")
		}
	}
	if len(r.Routes) == 0 {
		return fmt.Errorf("regulation: routes.yaml: there is no route")
	}
	return nil
}

// Condition returns the condition of that name, and false if there is none.
func (r Routes) Condition(name string) (Condition, bool) {
	for _, c := range r.Conditions {
		if c.Name == name {
			return c, true
		}
	}
	return Condition{}, false
}
