package policy

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"chaperone"
	"chaperone/regulation"
)

// Use is one sign of a feature in a request, in the words of the coverage table.
type Use = regulation.Mark

// The coverage firewall (BAA-14): a door carries text that identifies only with
// features, products and models that its arrangement covers, and carries nothing
// at all with those that its arrangement excludes. What no row lists is not
// covered.

// tables are the vendors' terms, read once.
type tables struct {
	connections regulation.Coverage
	matrix      regulation.Matrix
	residency   regulation.Residency
}

var terms = sync.OnceValues(func() (tables, error) {
	connections, err := regulation.LoadCoverage()
	if err != nil {
		return tables{}, err
	}
	matrix, err := regulation.LoadMatrix()
	if err != nil {
		return tables{}, err
	}
	residency, err := regulation.LoadResidency()
	return tables{connections, matrix, residency}, err
})

func noTerms(err error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "no_coverage_table", "The table of what agreements cover cannot be read, so nothing is sent", "Tell your administrator", err)
}

// arrangement is what stands behind the door.
func (t tables) arrangement(d DoorFacts) regulation.Arrangement {
	return t.connections.Connection(d.Connection).Arrangement
}

// Retention says in one word what is kept of a request by whoever processes it:
// "none", "zero", "standard", "30-days", "provider" or "unknown" (RTE-11). It is a
// property of the model and the door together.
func (d DoorFacts) Retention(model string) string {
	t, err := terms()
	if err != nil {
		return "unknown"
	}
	if row, ok := t.matrix.Model(model); ok && row.Retention != "" && !d.simulated() {
		return row.Retention
	}
	return t.connections.Connection(d.Connection).Retention
}

// outsideArrangement refuses what the door's arrangement excludes, whatever the
// text says: the vendor refuses it, or it ends the arrangement without a word.
// Without an arrangement there is nothing to leave.
func outsideArrangement(f Facts) *chaperone.Error {
	if f.Door.simulated() {
		return nil
	}
	t, err := terms()
	if err != nil {
		return noTerms(err)
	}
	a := t.arrangement(f.Door)
	if row, ok := t.matrix.Model(f.Model); ok && row.Under(a) == regulation.NotCovered {
		return t.refuse("model_not_covered", row)
	}
	for _, u := range f.Uses {
		if row, ok := t.matrix.Feature(u); ok && row.Under(a) == regulation.NotCovered {
			return t.refuse("feature_not_covered", row)
		}
	}
	return nil
}

// connection refuses a way for which there is no agreement to sign, whatever the
// register says (BAA-02).
func connection(f Facts) *chaperone.Error {
	t, err := terms()
	if err != nil {
		return noTerms(err)
	}
	if c := t.connections.Connection(f.Door.Connection); c.Agreement == regulation.Never {
		return refusal("connection_not_covered", c.Plain+" is not covered by any agreement",
			"Ask your administrator for a door that is, or send it with placeholders")
	}
	return nil
}

// coverage refuses identifying text with a product, a model or a feature that the
// agreement does not cover, and with what no row lists.
func coverage(f Facts) *chaperone.Error {
	t, err := terms()
	if err != nil {
		return noTerms(err)
	}
	if row, ok := t.matrix.Surface(string(f.Surface)); ok && !t.covers(row, f) {
		return t.refuse("surface_not_covered", row)
	}
	if f.Endpoint == EndpointModels {
		return nil
	}
	switch row, ok := t.matrix.Model(f.Model); {
	case f.Endpoint == EndpointFiles:
	case !ok:
		return refusal("model_not_covered", "The table of what agreements cover does not list this model",
			"Ask for a model that it lists, or send it with placeholders")
	case !t.covers(row, f):
		return t.refuse("model_not_covered", row)
	}
	for _, u := range f.Uses {
		switch row, ok := t.matrix.Feature(u); {
		case !ok:
			return refusal("feature_not_covered", "The request uses "+spokenUse(u)+", which the table of what agreements cover does not list",
				"Leave it out, or send it with placeholders")
		case !t.covers(row, f):
			return t.refuse("feature_not_covered", row)
		}
	}
	return nil
}

// unlisted reports whether the request uses a model or a feature of which the table
// says nothing.
func (f Facts) unlisted() bool {
	t, err := terms()
	if err != nil {
		return true
	}
	if _, ok := t.matrix.Model(f.Model); !ok && f.Endpoint != EndpointModels && f.Endpoint != EndpointFiles {
		return true
	}
	return slices.ContainsFunc(f.Uses, func(u Use) bool { _, ok := t.matrix.Feature(u); return !ok })
}

// covers reports whether the agreement of this door covers the row.
func (t tables) covers(r regulation.Row, f Facts) bool {
	switch r.Under(t.arrangement(f.Door)) {
	case regulation.Covered:
		return true
	case regulation.IfNamed:
		return f.Door.Agreement.Standing(f.At) == InForce && slices.Contains(f.Door.Agreement.Names, r.Name)
	default:
		return false
	}
}

// refuse names what is not covered, quotes the line of the table and says what to
// use in its place.
func (t tables) refuse(code string, r regulation.Row) *chaperone.Error {
	return chaperone.NewError(chaperone.KindForbidden, code,
		fmt.Sprintf("%s is not covered at this door. The terms: \"%s\" (%s, checked on %s)", r.Plain, r.Line, t.matrix.From, t.matrix.VerifiedOn.Format(time.DateOnly)),
		r.Instead, nil)
}

// dated are the names that a vendor gives, with their day: no text of a request
// looks like it.
var dated = regexp.MustCompile(`^[a-z][a-z_-]*[-_](20\d{6}|20\d\d-\d\d-\d\d)$`)

// Excludes reports whether a path of the API belongs to a feature that the door's
// arrangement excludes, so that asking for it deserves more than "not found".
func (d DoorFacts) Excludes(path string) bool {
	t, err := terms()
	if err != nil || d.simulated() {
		return false
	}
	row, ok := t.matrix.Feature(Use{Kind: "path", Name: path})
	return ok && row.Under(t.arrangement(d)) == regulation.NotCovered
}

// spokenUse names a sign as far as it is certain to be a word of the API.
func spokenUse(u Use) string {
	what := map[string]string{
		"beta": "a beta feature", "field": "a field", "tool": "a type of tool", "caller": "a caller of tools", "call": "a tool of the vendor's",
		"block": "a content block", "source": "a source of content", "role": "a role", "edit": "an edit of the context", "path": "a path",
	}[u.Kind]
	switch {
	case what == "":
		return "something"
	case dated.MatchString(u.Name), u.Name != "?" && slices.Contains([]string{"field", "path", "block", "source"}, u.Kind):
		return what + " (" + u.Name + ")"
	default:
		return what
	}
}

// Namable lists the names that an agreement may state as expressly covered, in
// order. The error means that the build itself is broken.
func Namable() ([]string, error) {
	t, err := terms()
	var list []string
	for _, rows := range [][]regulation.Row{t.matrix.Features, t.matrix.Surfaces, t.matrix.Models} {
		for _, r := range rows {
			if slices.Contains([]regulation.Verdict{r.HIPAA, r.ZDR, r.Cloud}, regulation.IfNamed) {
				list = append(list, r.Name)
			}
		}
	}
	slices.Sort(list)
	return list, err
}

// UseNamed is a use of the feature that the table calls by this name: by the first of
// its signs. It is false for a name that is not in the table.
func UseNamed(name string) (Use, bool) {
	t, err := terms()
	if err != nil {
		return Use{}, false
	}
	for _, row := range t.matrix.Features {
		if row.Name == name && len(row.Marks) > 0 {
			return row.Marks[0], true
		}
	}
	return Use{}, false
}
