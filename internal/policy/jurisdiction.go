package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Jurisdiction is the law that a patient is under, as a country or one of its parts:
// "AU", "CA-ON" (ISO 3166-1 alpha-2, ISO 3166-2). Empty: none is known.
type Jurisdiction string

var jurisdictionForm = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)

// ParseJurisdiction returns the jurisdiction of that code; empty text is none.
func ParseJurisdiction(s string) (Jurisdiction, error) {
	if s != "" && !jurisdictionForm.MatchString(s) {
		return "", fmt.Errorf("policy: a jurisdiction is written like AU or CA-ON")
	}
	return Jurisdiction(s), nil
}

// Country is the country that the jurisdiction is or belongs to.
func (j Jurisdiction) Country() string {
	country, _, _ := strings.Cut(string(j), "-")
	return country
}

// Home is where text about a patient may be processed, besides what the tenant
// allows: the strictest set of both wins (RTE-02, RTE-04). The zero Home confines
// nothing.
type Home struct {
	Law       Jurisdiction
	Countries []string
}

// HomeUnder is the home of a patient under a law, by the rules that a house has for
// laws. A part of a country without a rule has that of its country, and a country
// without one keeps text within itself.
func HomeUnder(law Jurisdiction, rules map[Jurisdiction][]string) Home {
	if law == "" {
		return Home{}
	}
	for _, name := range []Jurisdiction{law, Jurisdiction(law.Country())} {
		if countries, ok := rules[name]; ok {
			return Home{law, countries}
		}
	}
	return Home{law, []string{law.Country()}}
}

// confined reports whether there is any rule about places.
func (f Facts) confined() bool { return len(f.Residency) > 0 || f.Patient.Law != "" }

// allowed lists the countries that the tenant and the patient's law both allow. It
// may be empty although there is a rule: then no place is allowed.
func (f Facts) allowed() []string { return f.narrow(f.Residency) }

// crossable lists the countries where text without identifiers may go: those of the
// tenant's assessment besides. The assessment was made for the tenant's own law, so
// it does not speak for a patient whose country the tenant's rule does not name.
func (f Facts) crossable() []string {
	if f.Patient.Law != "" && !slices.Contains(f.Residency, f.Patient.Law.Country()) {
		return f.allowed()
	}
	return append(slices.Clone(f.allowed()), f.CrossBorder.permits(f.At)...)
}

// narrow leaves of the tenant's countries those that the patient's law allows; an
// empty list of the tenant's is any country.
func (f Facts) narrow(tenant []string) []string {
	switch {
	case f.Patient.Law == "":
		return tenant
	case len(tenant) == 0:
		return f.Patient.Countries
	}
	var both []string
	for _, c := range tenant {
		if slices.ContainsFunc(f.Patient.Countries, func(p string) bool { return strings.EqualFold(p, c) }) {
			both = append(both, c)
		}
	}
	return both
}

// whose says in words who allows the countries.
func (f Facts) whose() string {
	if f.Patient.Law == "" {
		return "your organisation allows"
	}
	return "your organisation and the patient's jurisdiction (" + string(f.Patient.Law) + ") allow"
}

// WouldDo says in words what would do where no door stays in the countries that are
// allowed: ways that the table of places knows, or that there is none.
func (f Facts) WouldDo() string {
	t, err := terms()
	if err != nil {
		return "Ask your administrator"
	}
	allowed := f.allowed()
	if len(allowed) == 0 {
		return "No country is allowed by both, so it cannot be sent; ask your privacy officer"
	}
	var list []string
	for _, p := range t.residency.Platforms {
		for _, place := range t.residency.Keeping(p, allowed) {
			if len(list) < mostNamed {
				list = append(list, p.Name+" with "+place)
			}
		}
	}
	if len(list) == 0 {
		return "No platform is known to stay there; ask your privacy officer for an assessment under which text crosses the border with placeholders"
	}
	return "Ask your administrator for a door that would do: " + strings.Join(list, ", ")
}

// mostNamed is how many ways a refusal names.
const mostNamed = 4
