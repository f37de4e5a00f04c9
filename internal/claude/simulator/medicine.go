package simulator

import (
	"regexp"
	"slices"
	"strings"
)

// medicine is a drug that the text names with a dose, or under a heading for
// medicines.
type medicine struct {
	name      string
	dose      string // "" when the text gives none
	frequency string
	from      sentence
}

// plain is the medicine in one line.
func (m medicine) plain() string {
	return strings.Join(strings.Fields(m.name+" "+m.dose+" "+m.frequency), " ")
}

var (
	dosed = regexp.MustCompile(`(?i)\b(insulin [a-z]{4,}|[a-z][a-z-]{3,}(?:/[a-z][a-z-]{3,})?)` +
		`(?:\s+(?:xr|er|sr|cr|hcl|sodium|inhaler|insulin|glargine|succinate|tartrate|hfa|was|is|been|increased|reduced|decreased|raised|lowered|changed|continued|started|at|from|to|dose|of))*` +
		`(?:\s+\d[\d.,/]*\s?(?:mg|mcg|µg|g|units?)\s+(?:to|->|→))?` +
		`\s+(\d[\d.,]*(?:\s?[-/]\s?\d[\d.,]*)?\s?(?:mg|mcg|µg|ug|g|ml|units?|iu|puffs?|tablets?|capsules?|meq|drops?)(?:/(?:ml|hr|h|kg|day|actuation))?)\b`)
	perVolume = regexp.MustCompile(`(?i)^\s?/\s?(?:d?l|mmol|min|m2)\b`)
	frequency = regexp.MustCompile(`(?i)\b(?:once (?:a |per )?(?:daily|day|week(?:ly)?|month(?:ly)?)|twice (?:a |per )?(?:daily|day|week)|` +
		`(?:two|three|four) times (?:a |per )?(?:daily|day|week)|every (?:other day|day|morning|evening|night|\d+(?:[-–]\d+)? (?:hours|days|weeks))|` +
		`at bedtime|nightly|daily|weekly|monthly|bid|tid|qid|qhs|qd|qam|qpm|q\d{1,2}h|as needed|prn|with meals|in the morning|in the evening)\b`)
	itemName = regexp.MustCompile(`^[A-Za-z][A-Za-z-]{3,}(?:[ /][A-Za-z][A-Za-z0-9-]*)?`)
)

// notDrugs stand before a number with a unit and are no drugs.
const notDrugs = " take takes taking took give given gives increase increased decrease decreased reduce reduced raise start " +
	"started starting continue continued change changed dose doses dosage daily about with from only total each weight " +
	"then than over under between plus glucose creatinine potassium sodium cholesterol hemoglobin haemoglobin calcium " +
	"ketones protein albumin level levels value result approximately stop stopped twice once titrate another additional " +
	"bilirubin triglycerides ferritin sugar magnesium insulin-dependent volume urine output fluid water "

func isDrug(word string) bool {
	return !strings.Contains(notDrugs, " "+strings.ToLower(word)+" ")
}

// findMedicines lists the drugs in the order in which the text names them. A
// drug that comes again with a dose gives the entry that had none its dose; with
// another dose it stands below the first, as a change that a reader must see.
func findMedicines(sentences []sentence) []medicine {
	var out []medicine
	add := func(m medicine) {
		last := len(out)
		for i, have := range out {
			if !strings.EqualFold(have.name, m.name) {
				continue
			}
			if have.dose == "" {
				out[i] = m
			}
			if have.dose == "" || m.dose == "" || have.dose == m.dose {
				return
			}
			last = i + 1
		}
		out = slices.Insert(out, last, m)
	}
	for _, s := range sentences {
		if s.section == sectionAllergies {
			continue
		}
		found := dosedIn(s, s.text)
		if s.section == sectionMedicines && s.first {
			found = listed(s)
		}
		for _, m := range found {
			add(m)
		}
	}
	return out
}

// dosedIn finds the drugs that a part of the sentence names with a dose.
func dosedIn(s sentence, text string) []medicine {
	var out []medicine
	for at := 0; at < len(text); {
		m := dosed.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		name, dose := text[at+m[2]:at+m[3]], text[at+m[4]:at+m[5]]
		if !isDrug(strings.Fields(name)[0]) {
			at += m[3] // the drug may stand between this word and the dose
			continue
		}
		at += m[1]
		if !perVolume.MatchString(text[at:]) {
			out = append(out, medicine{name: name, dose: dose, frequency: nextFrequency(text[at:]), from: s})
		}
	}
	return out
}

// nextFrequency is the first frequency before the next dose.
func nextFrequency(rest string) string {
	if next := dosed.FindStringIndex(rest); next != nil {
		rest = rest[:next[0]]
	}
	return frequency.FindString(rest)
}

// listed reads the parts of an item under a heading for medicines: each is a
// drug with a dose, or one by its first words.
func listed(s sentence) []medicine {
	var out []medicine
	for _, part := range strings.Split(s.text, ", ") {
		if dosed := dosedIn(s, part); len(dosed) > 0 {
			out = append(out, dosed...)
			continue
		}
		name := itemName.FindString(strings.TrimSpace(part))
		if often := frequency.FindStringIndex(part); often != nil {
			name = strings.TrimSpace(name[:min(len(name), often[0])])
		}
		if name != "" && isDrug(strings.Fields(name)[0]) && !strings.EqualFold(name, "none") {
			out = append(out, medicine{name: name, frequency: frequency.FindString(part), from: s})
		}
	}
	return out
}
