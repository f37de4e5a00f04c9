package register

import (
	"slices"
	"time"
)

// State is what the register comes to on the whole. The zero State is that of an
// empty register.
type State struct {
	Agreements  []Agreement    `json:"agreements"`
	Evidence    []KeptEvidence `json:"evidence"`
	Commitments []KeptPromise  `json:"commitments"`
	Incidents   []OpenIncident `json:"incidents"`
	Decisions   []KeptDecision `json:"decisions"`
	Drills      []KeptDrill    `json:"drills"`
}

// Agreement is one agreement with everything that was put down about it.
type Agreement struct {
	ID          string        `json:"id"`
	Versions    []KeptVersion `json:"versions"` // in order; the last one counts
	Reviews     []KeptReview  `json:"reviews,omitempty"`
	UseCases    []KeptUseCase `json:"use_cases,omitempty"`
	Termination *Termination  `json:"termination,omitempty"`
	EndedBy     string        `json:"ended_by,omitempty"`
	Certificate *Certificate  `json:"certificate,omitempty"`
}

// EndedBefore reports whether the agreement was ended with effect from a moment on,
// or before it.
func (a Agreement) EndedBefore(t time.Time) bool {
	return a.Termination != nil && !t.Before(a.Termination.On)
}

// Mark says when something was put down, and by whom.
type Mark struct {
	Entry int       `json:"entry"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
}

// KeptVersion is a version as it was put down.
type KeptVersion struct {
	Mark
	Number int `json:"version"` // from 1
	Version
}

// KeptReview is a review as it was put down.
type KeptReview struct {
	Mark
	Review
}

// KeptUseCase is a use case as it was put down.
type KeptUseCase struct {
	Mark
	UseCase
}

// KeptEvidence is evidence as it was put down.
type KeptEvidence struct {
	Mark
	Evidence
}

// KeptPromise is a commitment as it was put down.
type KeptPromise struct {
	Mark
	Commitment
}

// OpenIncident is an incident, and the notice that came of it.
type OpenIncident struct {
	Mark
	Incident
	Notice *Notice `json:"notice,omitempty"`
}

// KeptDecision is a decision as it was signed.
type KeptDecision struct {
	Mark
	Decision
}

// KeptDrill is a drill as it was held.
type KeptDrill struct {
	Mark
	Drill
}

// Fold is what entries come to, in their order.
func Fold(entries []Entry) State {
	var s State
	for _, e := range entries {
		s.apply(e)
	}
	return s
}

// Agreement returns the agreement of that id, and false if there is none.
func (s State) Agreement(id string) (Agreement, bool) {
	if i := s.agreement(id); i >= 0 {
		return s.Agreements[i], true
	}
	return Agreement{}, false
}

func (s State) agreement(id string) int {
	return slices.IndexFunc(s.Agreements, func(a Agreement) bool { return a.ID == id })
}

func (s State) incident(id string) int {
	return slices.IndexFunc(s.Incidents, func(i OpenIncident) bool { return i.ID == id })
}

// Newest is the version that counts, and false where there is none.
func (a Agreement) Newest() (KeptVersion, bool) {
	if len(a.Versions) == 0 {
		return KeptVersion{}, false
	}
	return a.Versions[len(a.Versions)-1], true
}

// Reviewed returns the latest review of a version by that kind of reviewer.
func (a Agreement) Reviewed(version int, as Reviewer) (KeptReview, bool) {
	for _, r := range slices.Backward(a.Reviews) {
		if r.Version == version && r.As == as {
			return r, true
		}
	}
	return KeptReview{}, false
}

// apply adds an entry that was checked.
func (s *State) apply(e Entry) {
	mark := Mark{e.Number, e.At, e.By}
	switch {
	case e.Evidence != nil:
		s.Evidence = append(s.Evidence, KeptEvidence{mark, *e.Evidence})
	case e.Commitment != nil:
		s.Commitments = append(s.Commitments, KeptPromise{mark, *e.Commitment})
	case e.Incident != nil:
		s.Incidents = append(s.Incidents, OpenIncident{Mark: mark, Incident: *e.Incident})
	case e.Notice != nil:
		s.Incidents[s.incident(e.Notice.Incident)].Notice = e.Notice
	case e.Decision != nil:
		s.Decisions = append(s.Decisions, KeptDecision{mark, *e.Decision})
	case e.Drill != nil:
		s.Drills = append(s.Drills, KeptDrill{mark, *e.Drill})
	default:
		s.applyAgreement(e, mark)
	}
}

func (s *State) applyAgreement(e Entry, mark Mark) {
	_, id := e.about()
	i := s.agreement(id)
	if i < 0 {
		s.Agreements = append(s.Agreements, Agreement{ID: id})
		i = len(s.Agreements) - 1
	}
	a := &s.Agreements[i]
	switch {
	case e.Version != nil:
		a.Versions = append(a.Versions, KeptVersion{mark, len(a.Versions) + 1, *e.Version})
	case e.Review != nil:
		a.Reviews = append(a.Reviews, KeptReview{mark, *e.Review})
	case e.UseCase != nil:
		a.UseCases = append(a.UseCases, KeptUseCase{mark, *e.UseCase})
	case e.Termination != nil:
		a.Termination, a.EndedBy = e.Termination, e.By
	case e.Certificate != nil:
		a.Certificate = e.Certificate
	}
}
