package simulator

import (
	"regexp"
	"strings"
)

// job is what the user asks for.
type job uint8

const (
	jobChat job = iota // nothing clinical to work on
	jobSummary
	jobSOAP
	jobList
	jobPriorAuth
	jobInteractions
	jobPatientLetter
	jobCodes
	jobJSON
	jobQuestion
)

// jobWords are tried in order: the more particular wording comes first.
var jobWords = []struct {
	job  job
	form *regexp.Regexp
}{
	{jobJSON, regexp.MustCompile(`(?i)\bjson\b`)},
	{jobPriorAuth, regexp.MustCompile(`(?i)\b(?:prior[- ]?auth|pre-?authori[sz]ation|medical necessity|letter to (?:the )?(?:insurer|payer|plan))`)},
	{jobSOAP, regexp.MustCompile(`(?i)\bsoap\b`)},
	{jobInteractions, regexp.MustCompile(`(?i)\binteract`)},
	{jobCodes, regexp.MustCompile(`(?i)\b(?:icd(?:-?10)?|cpt|snomed|billing codes?|codes?|coding)\b`)},
	{jobPatientLetter, regexp.MustCompile(`(?i)\b(?:letter|message|portal|instructions|explain\w*|summary)\b.{0,30}\b(?:to|for) (?:the |my |a |this |her |his |their )?(?:patient|family|parents?)\b|` +
		`\bpatient[- ](?:letter|friendly|message)|\bplain (?:language|words)|\bafter[- ]visit`)},
	{jobSummary, regexp.MustCompile(`(?i)\b(?:summar\w+|hand-?(?:over|off)|overview|brief|recap|(?:progress|visit|discharge) note)\b`)},
	{jobList, regexp.MustCompile(`(?i)\b(?:list|which|what|identify|find|give me|pull out|extract|show)\b.*\b(?:problems?|diagnos[ei]s|conditions?|` +
		`medic(?:ines?|ations?)|drugs?|meds|prescriptions?|follow[- ]?ups?|next steps|to-?dos?|tasks|action items|allerg(?:y|ies)|vitals|results|labs)\b`)},
}

// jobOf recognises the job by the words of the instruction. Without such words
// a clinical text is summarised, and any other only acknowledged.
func jobOf(n *note) job {
	for _, w := range jobWords {
		if len(n.sentences) > 0 && w.form.MatchString(n.ask) {
			return w.job
		}
	}
	if !n.clinical() {
		return jobChat
	}
	if strings.HasSuffix(strings.TrimSpace(n.ask), "?") {
		return jobQuestion
	}
	return jobSummary
}

var (
	asksProblems  = regexp.MustCompile(`(?i)\b(?:problems?|diagnos[ei]s|conditions?)\b`)
	asksMedicines = regexp.MustCompile(`(?i)\b(?:medic(?:ines?|ations?)|drugs?|meds|prescriptions?)\b`)
	asksFollowUps = regexp.MustCompile(`(?i)\b(?:follow[- ]?ups?|next steps|to-?dos?|tasks|action items)\b`)
	asksAllergies = regexp.MustCompile(`(?i)\ballerg`)
	asksMeasures  = regexp.MustCompile(`(?i)\b(?:vitals?|results?|labs?|measurements?)\b`)
)
