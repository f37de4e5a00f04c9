// Package risk judges how well a person in a text hides in the crowd, and which
// matters the law guards more closely the text speaks of. It owns the
// combination of quasi-identifiers (Judge.Of) and the sensitive categories
// (Judge.Categories); package table below it judges tables.
//
// Age, place and diagnosis identify nobody alone and may together identify one
// person. Of reckons how many people fit the description: the people of the
// place, times the share of that age and sex, times the prevalence of the
// condition, and so on. The shares are multiplied as if they did not depend on
// each other, and prevalences are good to a factor of two, so the number tells
// a crowd of ten from one of ten thousand and no more.
//
// The package refuses to determine that a text is de-identified; it names
// reasons for a person to look. It finds no names and numbers; package deid
// does. All offsets are UTF-8 bytes of the text as it was given.
package risk

import (
	"fmt"

	"chaperone/reference"
)

// SmallCrowd is the number of expected people under which a description is
// taken to single somebody out: 11, the smallest cell that US health statistics
// are released with, and the class size of risk 0.09.
const SmallCrowd = 11

// Span is a stretch of the text, in bytes, the end not included.
type Span struct{ Start, End int }

// Residual is the risk that is left in a text.
type Residual struct {
	// Expected is how many people probably fit the description; +Inf where
	// nobody is described.
	Expected float64
	// K is Expected as a class size, at least 1; 0 where nobody is described.
	K int
	// Score is from 0, nobody can be singled out, to 1, one person: 0.8 at
	// SmallCrowd people, 0.5 at the 20,000 of Safe Harbor's smallest area.
	Score float64
	// Likely says that the text is likely protected health information: a person
	// with a condition is described together with a place smaller than a state or
	// an element of a date finer than a year (45 CFR 164.514(b)(2)(i)(B) and (C)).
	Likely bool
	// High says that fewer than SmallCrowd people fit; it implies Likely.
	High bool
	// Reasons say why, the most important first. Their words are the lists' own,
	// but they repeat what the text says of the person: show them only to those
	// who may see the text.
	Reasons []Reason
}

// Reason is one cause of a risk. Kind is of a closed list: "crowd", "rule",
// "age", "sex", "place", "date", "body", "institution" and the kinds of
// reference.Trait. Kinds hold nothing of the text and may be recorded.
type Reason struct{ Kind, Text string }

// Judge knows the numbers and the cues. It never changes after NewJudge and is
// safe for concurrent use.
type Judge struct {
	people *reference.People
	traits phrases[reference.Trait]
	cues   phrases[Category]
	gate   *gate
}

// NewJudge loads the numbers. The error is that of reference.LoadPeople; with
// the files of a release it is always nil.
func NewJudge() (*Judge, error) {
	people, err := reference.LoadPeople()
	if err != nil {
		return nil, fmt.Errorf("risk: %w", err)
	}
	j := &Judge{people: people, cues: categoryCues()}
	for _, t := range people.Traits() {
		for _, form := range t.Forms {
			j.traits.add(form, t)
		}
	}
	j.gate = newGate(people, &j.traits, &j.cues)
	return j, nil
}

// Of judges a text. What stands in a hidden span, because it will be concealed
// before the text leaves, does not count; with none, the text is judged as it
// stands. Spans may overlap and come in any order.
func (j *Judge) Of(text string, hidden ...Span) Residual { return j.Read(text).Left(hidden...) }
