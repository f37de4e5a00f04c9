package table

import "time"

// Statement stands in every report.
const Statement = "These are measurements, not a determination: whether the risk is very small " +
	"is decided by a person with the knowledge and experience that 45 CFR 164.514(b)(1) asks for."

// Format names the form of the report; it changes when a field changes its
// meaning.
const Format = "chaperone-risk-report/1"

// Question is what to examine.
type Question struct {
	// Quasi are the columns that an outsider may know of a person.
	Quasi []string
	// Sensitive are the columns that nobody should learn.
	Sensitive []string
	// Limit is the threshold; the zero Threshold is met by no table.
	Limit Threshold
	// Others judges each sensitive column as if the others were quasi-identifying.
	Others bool
	// Population is a table of everyone the records were drawn from; may be nil.
	Population *Table
	// People is how many people the records were drawn from; 0 if not known.
	People int
}

// Report is what was measured. It holds no value of any cell.
type Report struct {
	Format    string    `json:"format"`
	Statement string    `json:"statement"`
	Made      time.Time `json:"made"`
	Rows      int       `json:"rows"`
	Quasi     []string  `json:"quasi"`
	Sensitive []string  `json:"sensitive"`
	// K is the smallest class that the threshold allows, and Tau the risk that is.
	K        int      `json:"threshold_k"`
	Tau      float64  `json:"threshold_risk"`
	Measures Measures `json:"measures"`
	Attack   Attack   `json:"attack"`
	// Estimate is there if the number of people was given.
	Estimate *Estimate `json:"estimate,omitempty"`
	// Met says that no record's risk is above the threshold: the journalist's
	// where the population is known, else the prosecutor's.
	Met bool `json:"met"`
	// Suggestion is there if the threshold is not met.
	Suggestion *Suggestion `json:"suggestion,omitempty"`
}

// Examine measures all that a report holds. now is when. The errors are those
// of Measure and Estimate.
func (t *Table) Examine(q Question, now time.Time) (Report, error) {
	r := Report{
		Format: Format, Statement: Statement, Made: now.UTC().Truncate(time.Second), Rows: t.rows,
		Quasi: q.Quasi, Sensitive: q.Sensitive, K: q.Limit.K, Tau: q.Limit.Risk(),
	}
	var err error
	if r.Measures, err = t.Measure(q.Quasi, q.Sensitive, q.Others); err != nil {
		return Report{}, err
	}
	if r.Attack, err = t.Attack(q.Quasi, q.Population, q.Limit); err != nil {
		return Report{}, err
	}
	if q.People > 0 {
		e, err := t.Estimate(q.Quasi, q.People)
		if err != nil {
			return Report{}, err
		}
		r.Estimate = &e
	}
	over := r.Attack.Prosecutor.Over
	if r.Attack.PopulationKnown {
		over = r.Attack.Journalist.Over
	}
	if r.Met = over == 0; r.Met {
		return r, nil
	}
	s, err := t.Suggest(q.Quasi, q.Limit)
	if err != nil {
		return Report{}, err
	}
	r.Suggestion = &s
	return r, nil
}
