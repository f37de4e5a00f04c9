package conformance

import (
	"slices"
	"strings"
)

// The person of the leak suite never lived. The numbers have the form and the
// check digits of real ones, since samples that no detector should take for
// real measure nothing: a social security number of an area that was given out,
// a card and a provider number that pass Luhn's check, a telephone number of the
// block that is kept for fiction, an address at a domain that is kept for
// examples.
const (
	personName  = "Marisol Quintanar-Webb"
	personSSN   = "536-41-7729"
	personMRN   = "90817263"
	personPhone = "(541) 555-0146"
	personMail  = "marisol.quintanar@example.org"
	personCard  = "4539 1488 0343 6467"
	personBirth = "03/04/1957"

	// passage holds all of them, each with the label that a chart gives it. It
	// is not a test of detection: whoever looks, finds.
	passage = "Patient: " + personName + ", DOB: " + personBirth + ", MRN: " + personMRN + ", SSN: " + personSSN +
		", phone: " + personPhone + ", email: " + personMail + ", credit card: " + personCard + ". She has a cough."

	// remark is short, for what is played hundreds of times. It has letters of
	// two and three bytes, so that a stream can be cut inside one.
	remark = "Patient: " + personName + ", SSN: " + personSSN + ". «Ça va ≥ 3», dit-elle."
)

// trace is what must not be found past the gateway: a part of an identifier that
// stands nowhere by chance, folded as fold does.
type trace struct{ kind, text string }

func allTraces() []trace {
	return []trace{
		{"name", "marisol"},
		{"name", "quintanar"},
		{"ssn", "536417729"},
		{"record", "90817263"},
		{"phone", "5415550146"},
		{"card", "4539148803436467"},
		{"date", "03/04/1957"},
	}
}

// Kinds are the kinds of identifier that are planted; see Target.Forgive.
func Kinds() []string { return []string{"name", "ssn", "record", "phone", "card", "date"} }

// traces are those that are looked for in what this target lets past.
func (t Target) traces() []trace {
	return slices.DeleteFunc(allTraces(), func(tr trace) bool { return slices.Contains(t.Forgive, tr.kind) })
}

// identifiers are the values of the passage, the longest first.
func identifiers() []string {
	return []string{personMail, personName, personCard, personPhone, personSSN, personBirth, personMRN}
}

// disguise writes the identifiers of a text in another way, and leaves the words
// around them.
func disguise(text string, as func(string) string) string {
	var pairs []string
	for _, id := range identifiers() {
		pairs = append(pairs, id, as(id))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
