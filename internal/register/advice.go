package register

import (
	"maps"
	"slices"
	"strings"
	"time"

	"chaperone"
	"chaperone/regulation"
)

// Answers are what a house says of itself when it asks which way to take.
type Answers struct {
	Identified bool     `json:"identified"`          // text that identifies patients is to be sent
	People     int      `json:"people"`              // who will use it
	Clouds     []string `json:"clouds,omitempty"`    // "aws", "google"
	Countries  []string `json:"countries,omitempty"` // where text may be processed, ISO 3166-1 alpha-2; empty: any
	Standby    bool     `json:"standby"`             // work must go on when one platform fails
	Volume     Volume   `json:"volume,omitzero"`     // what is to be sent; zero: not said
}

// smallHouse is how many people a small house has at most.
const smallHouse = 25

// Advice is which way to take, and why.
type Advice struct {
	Route   string    `json:"route"`
	Plain   string    `json:"plain"`
	Doors   []string  `json:"doors"`  // connections of the coverage table
	Policy  string    `json:"policy"` // the shipped policy to begin with
	Places  []string  `json:"places"` // regions and profiles that stay inside, by connection: "bedrock au"
	Reasons []Reason  `json:"reasons"`
	Against []Against `json:"against"` // the routes that were tried before, and what stands against each
	Next    []string  `json:"next"`
	Cost    *Estimate `json:"estimate,omitempty"` // nil: no volume was said
	Checked time.Time `json:"tables_checked"`     // when somebody last looked at the tree
}

// Reason is one ground of an advice.
type Reason struct {
	Says   string `json:"says"`
	Source string `json:"source"`
}

// Against is a route that does not fit.
type Against struct {
	Route string `json:"route"`
	Why   Reason `json:"why"`
}

// Advise goes down the tree of routes with the answers (RTE-07). It is a pure
// question. The error is a *chaperone.Error that says which answer has no meaning.
func Advise(a Answers) (Advice, error) {
	if err := a.check(); err != nil {
		return Advice{}, err
	}
	tree, err := regulation.LoadRoutes()
	if err != nil {
		return Advice{}, errTables(err)
	}
	places, err := regulation.LoadResidency()
	if err != nil {
		return Advice{}, errTables(err)
	}
	w := &walk{answers: a, tree: tree, places: places}
	advice := Advice{Checked: tree.VerifiedOn.Time}
	for _, route := range tree.Routes {
		reasons, against := w.try(route)
		if against != nil {
			advice.Against = append(advice.Against, Against{route.Name, *against})
			continue
		}
		if len(reasons) == 0 {
			reasons = w.deadEnd()
		}
		advice.Route, advice.Plain, advice.Doors, advice.Policy, advice.Next = route.Name, route.Plain, route.Doors, route.Policy, route.Next
		advice.Reasons = reasons
		for _, d := range route.Doors {
			advice.Places = append(advice.Places, w.inside(d)...)
		}
		break
	}
	advice.Cost, err = estimate(a.Volume, advice.Doors, w.pinned())
	return advice, err
}

func (a Answers) check() error {
	bad := func(what, next string) error {
		return chaperone.NewError(chaperone.KindInvalid, "advice_answer", what, next, nil)
	}
	if a.People < 1 {
		return bad("It is not said how many people will use it", "Give a number from 1 on")
	}
	if err := a.Volume.check(); err != nil {
		return err
	}
	for _, c := range a.Clouds {
		if c != "aws" && c != "google" {
			return bad("There is no such cloud", "Write aws or google")
		}
	}
	for _, c := range a.Countries {
		if len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return bad("A country has two capital letters", "Write like US or CA")
		}
	}
	return nil
}

// walk is one way down the tree.
type walk struct {
	answers Answers
	tree    regulation.Routes
	places  regulation.Residency
}

// try yields the reasons of a route, or the first that stands against it.
func (w *walk) try(r regulation.Route) (reasons []Reason, against *Reason) {
	for _, when := range r.When {
		name, denied := strings.CutPrefix(when, "not ")
		c, _ := w.tree.Condition(name) // the tree was checked
		holds := w.holds(name)
		why := Reason{c.Fails, c.Cite}
		if holds {
			why.Says = c.Holds
		}
		if holds == denied {
			return nil, &why
		}
		reasons = append(reasons, why)
	}
	return reasons, nil
}

// deadEnd says why nothing else was left: no platform stays inside the countries.
func (w *walk) deadEnd() []Reason {
	var list []Reason
	for _, c := range w.tree.Conditions {
		if strings.HasSuffix(c.Name, "-inside") && !w.holds(c.Name) {
			list = append(list, Reason{c.Fails, c.Cite})
		}
	}
	return list
}

func (w *walk) holds(condition string) bool {
	a := w.answers
	switch condition {
	case "identified":
		return a.Identified
	case "small":
		return a.People <= smallHouse && len(a.Clouds) == 0
	case "standby":
		return a.Standby
	case "aws", "google":
		return slices.Contains(a.Clouds, condition)
	case "direct-inside":
		return len(w.inside("anthropic-standard")) > 0
	case "bedrock-inside":
		return len(w.inside("bedrock")) > 0
	case "google-inside":
		return len(w.inside("google-cloud")) > 0
	}
	return false
}

// inside lists the places of a connection that are known to keep text in the
// countries; every one, where the house allows any country.
func (w *walk) inside(connection string) []string {
	p, ok := w.places.Platform(connection)
	if !ok {
		return nil
	}
	places := slices.Sorted(maps.Keys(p.Places))
	if len(w.answers.Countries) > 0 {
		places = w.places.Keeping(p, w.answers.Countries)
	}
	for i := range places {
		places[i] = connection + " " + places[i]
	}
	return places
}
