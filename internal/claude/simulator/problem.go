package simulator

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// conditions are names of common conditions; the list is only as long as
// trying things out needs. What stands under a heading for problems is taken
// as it is, known or not.
var conditions = regexp.MustCompile(`(?i)\b(?:type [12] diabetes(?: mellitus)?|diabetes(?: mellitus)?|(?:essential )?hypertension|` +
	`hyperlipid[a]?emia|dyslipid[a]?emia|hypercholesterol[a]?emia|asthma|copd|chronic obstructive pulmonary disease|` +
	`(?:community[- ]acquired )?pneumonia|(?:congestive )?heart failure|chf|coronary artery disease|myocardial infarction|` +
	`nstemi|stemi|atrial fibrillation|afib|stroke|transient isch[a]?emic attack|tia|deep vein thrombosis|dvt|` +
	`pulmonary embolism|chronic kidney disease(?: stage \d[ab]?)?|ckd(?: stage \d[ab]?)?|acute kidney injury|` +
	`hypothyroidism|hyperthyroidism|obesity|depression|major depressive disorder|(?:generali[sz]ed )?anxiety(?: disorder)?|` +
	`bipolar disorder|schizophrenia|adhd|dementia|alzheimer'?s disease|parkinson'?s disease|epilepsy|seizure disorder|` +
	`migraine|osteoarthritis|rheumatoid arthritis|osteoporosis|gout|psoriasis|eczema|gerd|gastro-?[o]?esophageal reflux|` +
	`peptic ulcer|crohn'?s disease|ulcerative colitis|celiac disease|cirrhosis|hepatitis [abc]|an[a]?emia|` +
	`urinary tract infection|uti|cellulitis|sepsis|sleep apn[o]?ea|(?:breast|lung|prostate|colon) cancer|lymphoma|leuk[a]?emia|` +
	`covid-?19|influenza|sinusitis|otitis media|pharyngitis|bronchitis|pre-?eclampsia|gestational diabetes|neuropathy|hip fracture)\b`)

var negation = regexp.MustCompile(`(?i)\b(?:no|not|denies|denied|without|negative for|ruled out|rule out|never had|family history of)\b[^.;,]{0,40}$`)

// findProblems lists list items under problem headings, then known conditions
// anywhere that are not denied, each once.
func findProblems(sentences []sentence) []finding {
	var out []finding
	add := func(label string, s sentence) {
		for _, have := range out {
			if strings.Contains(strings.ToLower(have.label), strings.ToLower(label)) {
				return
			}
		}
		out = append(out, finding{label, s})
	}
	for _, named := range []section{sectionProblems, sectionHistory} {
		for _, s := range sentences {
			if s.section != named || !s.first || named == sectionProblems && !s.item {
				continue
			}
			for _, label := range problemLabels(s) {
				add(label, s)
			}
		}
	}
	for _, s := range sentences {
		if s.section == sectionOther || s.section == sectionAllergies {
			continue
		}
		for _, m := range conditions.FindAllStringIndex(s.text, -1) {
			if !negation.MatchString(s.text[:m[0]]) {
				add(s.text[m[0]:m[1]], s)
			}
		}
	}
	return out
}

// problemLabels shortens an item to its name: what stands before the colon,
// the dash or the first full stop. A history in one line is divided at commas.
func problemLabels(s sentence) []string {
	text := strings.TrimRight(s.text, ".;")
	for _, sep := range []string{": ", " - ", " – ", " — "} {
		if head, _, ok := strings.Cut(text, sep); ok && len(head) > 2 {
			text = head
		}
	}
	parts := []string{text}
	if s.section == sectionHistory && !s.item {
		parts = strings.Split(text, ",")
	}
	var out []string
	for _, part := range parts {
		part = strings.TrimSpace(part)
		part = strings.TrimPrefix(part, "and ")
		if n := utf8.RuneCountInString(part); n > 2 && n <= 80 && !negation.MatchString(part[:min(len(part), 3)]) {
			out = append(out, part)
		}
	}
	return out
}
