package simulator

import (
	"regexp"
	"strings"
)

var (
	tried     = regexp.MustCompile(`(?i)\b(?:tried|failed|failure|intoleran\w+|did not tolerate|inadequate|without (?:benefit|relief|improvement)|not controlled|uncontrolled|side effects?|discontinued|stopped)\b`)
	requested = regexp.MustCompile(`(?i)\b(?:prior[- ]?auth\w*|pre-?authori[sz]ation|medical necessity|coverage|approval)\b(?: request| letter)?\s+(?:for|of)\s+([^.?!\n]{3,80})`)
)

// priorAuth drafts a letter to a health plan out of what the text holds.
func (p *page) priorAuth() {
	n := p.note
	p.say("# Prior authorisation request (draft)\n\n")
	p.who()
	if n.persona.member != "" {
		p.say("**Member:** " + n.persona.member + "\n")
	}
	what := "the treatment in the attached note"
	if m := requested.FindStringSubmatch(n.ask); m != nil {
		what = strings.TrimSpace(m[1])
	}
	p.say("\nTo the reviewing clinician:\n\nI ask for authorisation of " + what + " for " + p.patientOr("my patient") + ".\n")
	p.findings("Diagnoses", n.problems)
	p.medicines("Current medicines")
	p.head("What was tried")
	found := false
	for _, s := range n.sentences {
		if tried.MatchString(s.text) {
			found = true
			p.item(s.text, s)
		}
	}
	if !found {
		p.say("- not documented: the plan will ask for it\n")
	}
	p.findings("Supporting measurements", n.measures)
	p.findings("Plan", n.followUps)
	p.say("\nSigned: [the clinician signs here")
	if n.persona.provider != "" {
		p.say(": " + n.persona.provider)
	}
	p.say("]\n")
}

// patientLetter drafts a letter to the patient. It changes no clinical words:
// making them plainer would need somebody who understands them.
func (p *page) patientLetter() {
	n := p.note
	p.say("Dear " + p.patientOr("patient") + ",\n\nthank you for coming")
	if n.persona.seen != "" {
		p.say(" on " + n.persona.seen)
	}
	p.say(". This is what we talked about.\n")
	if len(n.problems) > 0 {
		p.findings("What we looked at", n.problems)
	}
	if len(n.medicines) > 0 {
		p.medicines("Your medicines")
	}
	if len(n.measures) > 0 {
		p.findings("Your measurements", n.measures)
	}
	p.findings("What happens next", n.followUps)
	p.say("\nPlease call us if you have questions, or if you feel worse.\n\n")
	if n.persona.provider != "" {
		p.say(n.persona.provider + "\n")
	} else {
		p.say("[the clinician signs here]\n")
	}
}

func (p *page) patientOr(otherwise string) string {
	if p.note.persona.patient != "" {
		return p.note.persona.patient
	}
	return otherwise
}

// toolResults answers out of what the tools gave back.
func (p *page) toolResults(results []toolResult) {
	for _, r := range results {
		name := r.tool
		if name == "" {
			name = "The tool"
		}
		if fields := r.fields(); len(fields) > 0 {
			p.say(name + " answered:\n\n")
			for _, f := range fields {
				p.say("- " + f.key + ": " + f.plain() + "\n")
			}
			continue
		}
		text := strings.TrimSpace(r.text)
		if text == "" {
			p.say(name + " answered nothing.\n")
			continue
		}
		p.say(name + " answered:\n\n> " + strings.ReplaceAll(text, "\n", "\n> ") + "\n")
	}
	if p.note.persona.patient != "" {
		p.say("\nThat is for " + p.note.persona.patient + ".\n")
	}
	if len(p.note.followUps) > 0 {
		p.findings("Follow-up", p.note.followUps)
	}
}

type extract struct {
	Simulated bool              `json:"simulated"`
	Patient   extractPerson     `json:"patient"`
	Problems  []extractItem     `json:"problems"`
	Medicines []extractMedicine `json:"medicines"`
	Allergies []extractItem     `json:"allergies"`
	Measures  []extractItem     `json:"measurements"`
	FollowUps []extractItem     `json:"follow_ups"`
}

type extractPerson struct {
	Name   string `json:"name,omitempty"`
	Born   string `json:"born,omitempty"`
	Record string `json:"record,omitempty"`
	Seen   string `json:"seen,omitempty"`
}

type extractItem struct {
	Text  string `json:"text"`
	Quote string `json:"quote"`
}

type extractMedicine struct {
	Name      string `json:"name"`
	Dose      string `json:"dose,omitempty"`
	Frequency string `json:"frequency,omitempty"`
	Quote     string `json:"quote"`
}

// json answers with JSON and nothing else, so that it can be parsed; that it
// is simulated stands in a field.
func (p *page) json() {
	items := func(list []finding) []extractItem {
		out := []extractItem{}
		for _, f := range list {
			out = append(out, extractItem{f.label, f.from.text})
		}
		return out
	}
	n, who := p.note, p.note.persona
	out := extract{
		Simulated: true,
		Patient:   extractPerson{who.patient, who.born, who.record, who.seen},
		Problems:  items(n.problems), Medicines: []extractMedicine{}, Allergies: items(n.allergies),
		Measures: items(n.measures), FollowUps: items(n.followUps),
	}
	for _, m := range n.medicines {
		out.Medicines = append(out.Medicines, extractMedicine{m.name, m.dose, m.frequency, m.from.text})
	}
	p.bare = true
	p.say(string(encode(out)))
}
