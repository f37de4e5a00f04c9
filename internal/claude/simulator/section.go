package simulator

import "strings"

// section is the part of a clinical note that a sentence stands in.
type section uint8

const (
	sectionNone section = iota
	sectionOther
	sectionSubjective
	sectionHistory
	sectionMedicines
	sectionAllergies
	sectionObjective
	sectionResults
	sectionProblems
	sectionPlan
	sectionFollowUp
)

// headings are the names that notes give their sections, in lower case.
var headings = map[string]section{
	"chief complaint": sectionSubjective, "cc": sectionSubjective, "reason for visit": sectionSubjective,
	"reason for admission": sectionSubjective, "presenting complaint": sectionSubjective,
	"subjective": sectionSubjective, "hpi": sectionSubjective, "s": sectionSubjective,
	"history of present illness": sectionSubjective, "interval history": sectionSubjective,
	"hospital course": sectionSubjective, "ros": sectionSubjective, "review of systems": sectionSubjective,

	"past medical history": sectionHistory, "pmh": sectionHistory, "medical history": sectionHistory,
	"history": sectionHistory, "past history": sectionHistory, "comorbidities": sectionHistory,

	"medications": sectionMedicines, "current medications": sectionMedicines, "medicines": sectionMedicines,
	"meds": sectionMedicines, "home medications": sectionMedicines, "home meds": sectionMedicines,
	"discharge medications": sectionMedicines, "medication list": sectionMedicines,
	"active medications": sectionMedicines, "prescriptions": sectionMedicines, "rx": sectionMedicines,

	"allergies": sectionAllergies, "allergy": sectionAllergies, "drug allergies": sectionAllergies,
	"allergies and intolerances": sectionAllergies,

	"objective": sectionObjective, "o": sectionObjective, "exam": sectionObjective, "vitals": sectionObjective,
	"vital signs": sectionObjective, "physical exam": sectionObjective, "physical examination": sectionObjective,
	"examination": sectionObjective, "on examination": sectionObjective,

	"labs": sectionResults, "results": sectionResults, "laboratory": sectionResults, "imaging": sectionResults,
	"lab results": sectionResults, "investigations": sectionResults, "studies": sectionResults,

	"assessment": sectionProblems, "a": sectionProblems, "impression": sectionProblems,
	"problems": sectionProblems, "problem list": sectionProblems, "active problems": sectionProblems,
	"diagnosis": sectionProblems, "diagnoses": sectionProblems, "discharge diagnosis": sectionProblems,
	"discharge diagnoses": sectionProblems, "assessment and plan": sectionProblems,
	"assessment & plan": sectionProblems, "assessment/plan": sectionProblems, "a/p": sectionProblems,
	"a&p": sectionProblems, "conditions": sectionProblems,

	"plan": sectionPlan, "p": sectionPlan, "recommendations": sectionPlan, "management": sectionPlan,
	"treatment plan": sectionPlan, "disposition": sectionPlan, "instructions": sectionPlan,

	"follow-up": sectionFollowUp, "follow up": sectionFollowUp, "followup": sectionFollowUp,
	"next steps": sectionFollowUp, "to do": sectionFollowUp, "follow-up plan": sectionFollowUp,

	"social history": sectionOther, "family history": sectionOther, "fh": sectionOther, "sh": sectionOther,
	"demographics": sectionOther, "signed": sectionOther,
}

// maxHeading is the length of the longest heading, in bytes.
const maxHeading = 40

// heading reports whether the line begins with the name of a section, which it
// is, and where the line goes on behind it. A name needs a colon behind it, or
// the line to itself.
func heading(line string) (section, int, bool) {
	from := len(line) - len(strings.TrimLeft(line, "#* \t"))
	name, end := line[from:], len(line)
	at := strings.IndexByte(name, ':')
	if at >= 0 && at <= maxHeading {
		name, end = name[:at], from+at+1
		end += len(line[end:]) - len(strings.TrimLeft(line[end:], "* \t"))
	}
	name = strings.ToLower(strings.Trim(name, "* \t"))
	s, ok := headings[name]
	if !ok || end == len(line) && at < 0 && len(name) < 2 {
		return 0, 0, false // a letter alone needs its colon
	}
	return s, end, true
}
