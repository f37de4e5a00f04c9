package risk

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"chaperone/reference"
)

// portrait is what a text says of a person, as far as others may know it too.
type portrait struct {
	page
	judge   *Judge
	subject bool // a person is described

	age      ages
	birthday bool // the day of birth is said
	sex      sex
	traits   []reference.Trait
	when     float64 // how far a date narrows; 0 without one
	body     float64 // the share of adults as tall, short or heavy; 0 if not said

	where
}

// where is what the text says of places.
type where struct {
	places       []place
	areas        []reference.Area
	unsure       []unsureTown
	rural        bool
	institutions int
}

// base is the crowd that the description starts from: the smallest place that
// the text names, else the United States.
func (p *portrait) base() place {
	p.settleTowns()
	whole, _ := p.judge.people.Area("US")
	best := place{"in " + whole.Name, float64(whole.People), false}
	share := whole.Rural
	for i, a := range p.areas {
		if i == 0 || float64(a.People) < best.people {
			best, share = place{"in " + a.Name, float64(a.People), false}, a.Rural
		}
	}
	if p.rural && share > 0 {
		best.people *= share
		best.words += " outside cities"
	}
	for _, fine := range p.places {
		if fine.people > 0 && fine.people < best.people {
			best = fine
		}
	}
	if p.institutions > 0 && best.people > ofHospital {
		best.people = ofHospital
		best.words += ", treated in one hospital"
	}
	return best
}

// health reports whether the text says anything of the person's health.
func (p *portrait) health() bool {
	return slices.ContainsFunc(p.traits, func(t reference.Trait) bool {
		return among(t.Kind, "condition pregnancy birth death")
	})
}

// fine reports whether anything is said that Safe Harbor counts as an
// identifier of place or time.
func (p *portrait) fine() bool {
	return p.institutions > 0 || p.birthday || p.when > 0 && p.when < inYear ||
		slices.ContainsFunc(p.places, func(q place) bool { return q.fine })
}

// residual multiplies all that was found.
func (p *portrait) residual() Residual {
	if !p.subject || !p.says() {
		return Residual{Expected: math.Inf(1)}
	}
	base := p.base()
	expected := base.people
	var facts []Reason
	narrow := func(kind, text string, share float64) {
		expected *= share
		facts = append(facts, Reason{kind, text})
	}
	if len(p.areas)+len(p.places)+p.institutions > 0 || p.rural {
		facts = append(facts, Reason{"place", "a place is named: " + many(base.people) + " people live " + base.words})
	}
	if p.age.known {
		narrow("age", "the age is given", p.judge.people.Aged(p.age.first, p.age.last))
	}
	if p.birthday {
		narrow("date", "the day of birth is given", 1.0/365)
	}
	if p.sex != anySex && !slices.ContainsFunc(p.traits, func(t reference.Trait) bool { return among(t.Kind, "pregnancy birth") }) {
		narrow("sex", "the sex is given", 0.5)
	}
	for _, t := range p.known() {
		narrow(t.Kind, fmt.Sprintf("%s is named, for %s people", t.Name, oneIn(t.Share)), t.counted)
	}
	if p.when > 0 {
		narrow("date", "it is said when", p.when)
	}
	if p.body > 0 {
		narrow("body", fmt.Sprintf("a height or weight that %s adults have", oneIn(p.body)), p.body)
	}
	return p.rule(expected, base, facts)
}

// says reports whether there is anything to combine: being a patient alone
// singles nobody out.
func (p *portrait) says() bool {
	return p.age.known || len(p.traits) > 0 || p.when > 0 || p.body > 0 || p.birthday
}

// mostConditions is how many conditions an outsider is taken to know of one
// person. Whoever knows more has the record itself.
const mostConditions = 3

// knownTrait is a trait and what it is counted as.
type knownTrait struct {
	reference.Trait
	counted float64
}

// known yields the traits, the rarest first. Of several conditions only the
// rarest counts in full and two others by the square root of their share,
// because diseases come together.
func (p *portrait) known() []knownTrait {
	var list []knownTrait
	conditions := 0
	for _, t := range slices.SortedStableFunc(slices.Values(p.traits), func(a, b reference.Trait) int { return cmp.Compare(a.Share, b.Share) }) {
		counted := t.Share
		switch t.Kind {
		case "pregnancy":
			if slices.ContainsFunc(list, func(o knownTrait) bool { return o.Kind == "birth" }) {
				continue // it is part of the rarer one
			}
		case "condition":
			if conditions++; conditions > mostConditions {
				continue
			}
			if conditions > 1 {
				counted = math.Sqrt(counted)
			}
		}
		list = append(list, knownTrait{t, counted})
	}
	return list
}

func (p *portrait) rule(expected float64, base place, facts []Reason) Residual {
	r := Residual{Expected: expected, K: int(max(1, min(expected, 1e15))), Score: score(expected)}
	r.High = expected < SmallCrowd
	r.Likely = r.High || p.health() && p.fine()
	crowd := Reason{"crowd", p.sentenceOf(expected, base)}
	if r.Likely && !r.High {
		r.Score = max(r.Score, 0.5)
		r.Reasons = []Reason{{"rule", "somebody's health is described together with a place smaller than a state, an institution or a date finer than a year"}, crowd}
	} else {
		r.Reasons = []Reason{crowd}
	}
	r.Reasons = append(r.Reasons, facts...)
	return r
}

// score falls with the logarithm of the crowd: 1 for one person, 0.8 at
// SmallCrowd, 0.5 at the 20,000 of Safe Harbor, 0 at the whole country.
func score(expected float64) float64 {
	at := func(x, x0, y0, x1, y1 float64) float64 {
		return y0 + (y1-y0)*(math.Log(x)-math.Log(x0))/(math.Log(x1)-math.Log(x0))
	}
	switch {
	case expected <= 1:
		return 1
	case expected <= SmallCrowd:
		return at(expected, 1, 1, SmallCrowd, 0.8)
	case expected <= 20_000:
		return at(expected, SmallCrowd, 0.8, 20_000, 0.5)
	default:
		return max(0, at(expected, 20_000, 0.5, 330_000_000, 0))
	}
}

// sentenceOf says the crowd in one plain sentence.
func (p *portrait) sentenceOf(expected float64, base place) string {
	var are, have []string
	if p.age.known {
		if p.age.first == p.age.last {
			are = append(are, fmt.Sprint(p.age.first))
		} else {
			are = append(are, fmt.Sprintf("%d to %d", p.age.first, p.age.last))
		}
	}
	switch p.sex {
	case female:
		are = append(are, "female")
	case male:
		are = append(are, "male")
	}
	for _, t := range p.known() {
		switch t.Kind {
		case "death":
			are = append(are, "dead")
		case "occupation", "origin":
			are = append(are, t.Name)
		case "language":
			have = append(have, t.Name+" as their language")
		case "publicity", "alone":
			have = append(have, "such "+t.Name)
		default:
			have = append(have, t.Name)
		}
	}
	if p.body > 0 {
		have = append(have, "such a height or weight")
	}
	var said []string
	if len(are) > 0 {
		said = append(said, "are "+strings.Join(are, ", "))
	}
	if len(are)+len(have) == 0 {
		have = append(have, "a record")
	}
	if len(have) > 0 {
		said = append(said, "have "+strings.Join(have, ", "))
	}
	who := "about " + many(expected) + " people "
	if expected < 1 {
		who = "fewer than one of the people "
	} else if expected < 1.5 {
		who = "about one of the people "
	}
	at := ""
	if p.when > 0 {
		at = ", at such a time"
	}
	return who + base.words + " " + strings.Join(said, " and ") + at
}

// many writes a number of people with two digits that say something.
func many(n float64) string {
	if n < 100 {
		return fmt.Sprintf("%.0f", n)
	}
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	digits := fmt.Sprintf("%.0f", math.Round(n/unit)*unit)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func oneIn(share float64) string { return "one in " + many(1/share) }
