package simulator

import (
	"regexp"
	"strings"
)

var measured = regexp.MustCompile(`(?i)\b(?:` +
	`(?:bp|blood pressure)[:\s]*(?:is |was |of )?\d{2,3}\s?/\s?\d{2,3}(?:\s?mm\s?hg)?|` +
	`(?:hr|pulse|heart rate)[:\s]*(?:is |was |of )?\d{2,3}(?:\s?bpm)?|` +
	`(?:rr|respiratory rate)[:\s]*(?:is |was |of )?\d{1,2}|` +
	`(?:temp(?:erature)?|t)[:\s]+(?:is |was |of )?\d{2,3}(?:\.\d)?\s?°?\s?[cf]?|` +
	`(?:spo2|o2 sat(?:uration)?|sats?)[:\s]*(?:is |was |of )?\d{2,3}\s?%|` +
	`(?:weight|wt)[:\s]*(?:is |was |of )?\d{2,3}(?:\.\d)?\s?(?:kg|lbs?)|bmi[:\s]*(?:is |was |of )?\d{2}(?:\.\d)?|` +
	`(?:hb)?a1c[:\s]*(?:is |was |of )?\d{1,2}(?:\.\d)?\s?%?|` +
	`(?:creatinine|egfr|ldl|hdl|potassium|sodium|h[a]?emoglobin|hgb|inr|tsh|bnp|troponin|glucose|wbc|crp|platelets)[:\s]*` +
	`(?:is |was |of )?\d+(?:\.\d+)?(?:\s?(?:mg/dl|mmol/l|mg/l|meq/l|g/dl|g/l|ng/ml|ng/l|pg/ml|ml/min(?:/1\.73\s?m2)?|x10\^?9/l|%))?` +
	`)`)

// findMeasures lists vital signs and results with their numbers, each wording
// once.
func findMeasures(sentences []sentence) []finding {
	var out []finding
	seen := map[string]bool{}
	for _, s := range sentences {
		for _, hit := range measured.FindAllString(s.text, -1) {
			hit = strings.TrimSpace(hit)
			if !seen[strings.ToLower(hit)] {
				seen[strings.ToLower(hit)] = true
				out = append(out, finding{hit, s})
			}
		}
	}
	return out
}

var (
	allergicTo = regexp.MustCompile(`(?i)\ballergic to ([a-z][a-z -]{2,40})`)
	noAllergy  = regexp.MustCompile(`(?i)\b(?:nkda|nka|no known (?:drug )?allergies)\b`)
)

// findAllergies lists what stands under a heading for allergies, and what a
// sentence says somebody is allergic to.
func findAllergies(sentences []sentence) []finding {
	var out []finding
	for _, s := range sentences {
		switch {
		case s.section == sectionAllergies:
			out = append(out, finding{strings.TrimRight(s.text, "."), s})
		case noAllergy.MatchString(s.text):
			out = append(out, finding{noAllergy.FindString(s.text), s})
		default:
			if m := allergicTo.FindStringSubmatch(s.text); m != nil {
				out = append(out, finding{strings.TrimSpace(m[1]), s})
			}
		}
	}
	return out
}

var (
	followUp = regexp.MustCompile(`(?i)\b(?:follow(?:ed|ing)?[- ]?up|return (?:to|in|if|for|visit)|recheck|re-check|repeat|re-?test|` +
		`refer(?:ral|red)?\b|schedule|book|next (?:visit|appointment)|call\b|monitor|` +
		`(?:see|review|seen|visit|appointment|labs?|imaging) (?:[a-z-]+ ){0,6}in \d+(?:[-–]\d+)? (?:days?|weeks?|months?)|` +
		`in \d+(?:[-–]\d+)? (?:days?|weeks?|months?)|pending|await(?:ing|s)?|appointment)\b`)
	past = regexp.MustCompile(`(?i)\b(?:ago|last (?:week|month|year|visit)|previous|returned|was seen|did not|for follow[- ]?up|here for|presents for)\b`)
)

// findFollowUps lists the sentences that say what is to happen next.
func findFollowUps(sentences []sentence) []finding {
	var out []finding
	for _, s := range sentences {
		told := s.section == sectionSubjective || s.section == sectionHistory || s.section == sectionMedicines
		if s.section == sectionFollowUp || !told && followUp.MatchString(s.text) && !past.MatchString(s.text) {
			out = append(out, finding{strings.TrimSpace(s.text), s})
		}
	}
	return out
}
