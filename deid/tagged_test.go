package deid

import "testing"

// TestTaggerCompletesWhatARuleFoundPartOf: a leak of half a name is a leak, and
// what a rule is sure of keeps its bounds (DLP-02).
func TestTaggerCompletesWhatARuleFoundPartOf(t *testing.T) {
	check(t, []string{
		"Discussed with Dr. {name|Ifeanyi} at {org|Red Plains Trauma Center}, who accepts.",
		"I am a school nurse at {org|Las Palmas Middle} in town.",
		"She stays with her aunt {name|Verna Peregrine-Ashby} until {date|March 5}.",
	})
}

// TestTaggerLeavesWhatNobodyIsCalled: titles, states and labels beside a name
// stay, and words of medicine do where nobody was found (DLP-03).
func TestTaggerLeavesWhatNobodyIsCalled(t *testing.T) {
	check(t, []string{
		"M. {name|Lefebvre} est venu hier.",
		"{street|88 ch. du Lac}, {place|Shediac} NB",
		"Which Salter-Harris type has a Holland fragment?",
		"The U.S. sites opened at 2 p.m.",
	})
}
