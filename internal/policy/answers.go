package policy

import "github.com/cedar-policy/cedar-go"

// Answers says what becomes of identifiers that an answer brings and the request
// never held (DLP-15): of another patient, out of a tool's memory, or invented.
type Answers string

// What a permit may say with @answer. Flag is what a rule gets that says nothing.
const (
	// FlagAnswers counts them in the record and lets them pass.
	FlagAnswers Answers = "flag"
	// WithholdAnswers takes them out before the client sees them, and counts them.
	WithholdAnswers Answers = "withhold"
)

// answersOf is the strictest of the permits that applied.
func (p *Policy) answersOf(d cedar.Diagnostic) Answers {
	for _, r := range d.Reasons {
		if p.rules[r.PolicyID].answer == WithholdAnswers {
			return WithholdAnswers
		}
	}
	return FlagAnswers
}
