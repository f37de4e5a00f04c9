package audit

import (
	"encoding/json"
	"time"

	"chaperone"
)

// Question is what somebody wants to know of the record. Zero fields do not
// restrict; the zero Question is refused, because it names no tenant.
type Question struct {
	Tenant     string    // whose record; needed
	About      Alias     // one patient, by whatever they are linked under (AUD-09)
	Person     string    // what this principal did
	From       time.Time // at or after
	To         time.Time // before
	Outcome    Result    // only exchanges that ended so; Pending for those that have not
	Decision   Decision  // only exchanges that were ruled so
	Exchange   string    // one exchange, by its id or place, with its words (AUD-10)
	Unrelated  bool      // only exchanges about a patient for which nobody but the caller vouches for a relation
	Accounting bool      // an accounting of disclosures of one patient, of at most six years (45 CFR 164.528)
}

// Pending asks for exchanges that have not ended.
const Pending Result = "pending"

// accountingYears is how far back a patient may ask (45 CFR 164.528(a)(1)).
const accountingYears = 6

// settle fills in what a question leaves open and refuses one that has no
// answer. The error is a *chaperone.Error, question_malformed.
func (q *Question) settle(now time.Time) error {
	if q.Tenant == "" {
		return errQuestion("A question is about one tenant's record")
	}
	if !q.About.IsZero() {
		if err := q.About.check(); err != nil {
			return err
		}
	}
	switch {
	case q.Outcome != "" && q.Outcome != Pending && !q.Outcome.known():
		return errQuestion("There is no such outcome")
	case q.Decision != "" && q.Decision != Identified && q.Decision != Concealed && q.Decision != Clean && q.Decision != Refused:
		return errQuestion("There is no such decision")
	case q.Exchange != "" && (!q.About.IsZero() || q.Person != "" || q.Accounting || q.Unrelated || q.Outcome != "" || q.Decision != ""):
		return errQuestion("One exchange is asked for by itself")
	case q.Accounting && q.About.IsZero():
		return errQuestion("An accounting of disclosures is about one patient")
	case q.Accounting && (q.Person != "" || q.Outcome != "" || q.Decision != "" || q.Unrelated):
		return errQuestion("An accounting of disclosures leaves nothing out")
	}
	if q.Accounting {
		if q.To.IsZero() {
			q.To = now
		}
		earliest := q.To.AddDate(-accountingYears, 0, 0)
		if q.From.IsZero() {
			q.From = earliest
		}
		if q.From.Before(earliest) {
			return errQuestion("An accounting of disclosures covers at most six years")
		}
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		return errQuestion("The time ends before it begins")
	}
	return nil
}

// kind names what was asked, in one word.
func (q Question) kind() string {
	switch {
	case q.Exchange != "":
		return "exchange"
	case q.Accounting:
		return "accounting"
	case q.Unrelated:
		return "unrelated"
	case !q.About.IsZero():
		return "patient"
	case q.Person != "":
		return "person"
	case q.Outcome != "", q.Decision != "":
		return "outcome"
	}
	return "time"
}

// MarshalJSON writes the question for its sealed record and for its answer. It
// holds the patient's alias, so it goes nowhere else.
func (q Question) MarshalJSON() ([]byte, error) {
	var about *Alias
	if !q.About.IsZero() {
		about = &q.About
	}
	return json.Marshal(struct {
		Kind       string    `json:"kind"`
		About      *Alias    `json:"about,omitempty"`
		Person     string    `json:"person,omitempty"`
		From       time.Time `json:"from,omitzero"`
		To         time.Time `json:"to,omitzero"`
		Outcome    Result    `json:"outcome,omitempty"`
		Decision   Decision  `json:"decision,omitempty"`
		Exchange   string    `json:"exchange,omitempty"`
		Unrelated  bool      `json:"unrelated,omitempty"`
		Accounting bool      `json:"accounting,omitempty"`
	}{q.kind(), about, q.Person, q.From, q.To, q.Outcome, q.Decision, q.Exchange, q.Unrelated, q.Accounting})
}

func errQuestion(what string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "question_malformed", what, "See the guide for audit day for what can be asked", nil)
}

func errReason() *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "question_reason", "Looking at the record needs a reason in words",
		"Say what the answer is for, such as a request of the patient and its number", nil)
}

func errLarge(what string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "answer_large", what+", so no answer was made; none is ever cut short",
		"Ask about a shorter time, one person or one outcome", nil)
}
