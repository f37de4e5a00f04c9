package simulator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// write writes the answer to a job.
func (p *page) write(j job) {
	switch j {
	case jobChat:
		p.chat()
	case jobSummary:
		p.summary()
	case jobSOAP:
		p.soap()
	case jobList:
		p.lists()
	case jobPriorAuth:
		p.priorAuth()
	case jobInteractions:
		p.interactions()
	case jobPatientLetter:
		p.patientLetter()
	case jobCodes:
		p.codes()
	case jobJSON:
		p.json()
	case jobQuestion:
		p.question()
	}
}

func (p *page) chat() {
	p.say("This is Chaperone's simulator. No model stands behind it, so it cannot talk; it can arrange a clinical text. ")
	words := 0
	for _, ps := range p.note.passages {
		words += len(strings.Fields(ps.text))
	}
	p.say(fmt.Sprintf("It was given %d words", words))
	if all := p.note.persona.all; len(all) > 0 {
		p.say(", with these stand-ins for what identifies somebody: " + strings.Join(all, ", "))
	}
	p.say(".\n\nTry it with a visit note, and ask for a summary, a SOAP note, the medicines, a letter to the patient, " +
		"a prior authorisation letter, or JSON.\n")
}

func (p *page) summary() {
	p.say("# Visit summary\n\n")
	p.who()
	if reason := p.note.in(sectionSubjective); len(reason) > 0 {
		p.head("Reason and history")
		p.sentences(reason[:min(len(reason), 3)])
	}
	p.findings("Problems", p.note.problems)
	p.medicines("Medicines")
	p.findings("Allergies", p.note.allergies)
	p.findings("Measurements and results", p.note.measures)
	p.findings("Follow-up", p.note.followUps)
	p.open()
}

func (p *page) soap() {
	p.say("# SOAP note\n\n")
	p.who()
	p.head("Subjective")
	subjective := p.note.in(sectionSubjective, sectionHistory)
	if len(subjective) == 0 {
		subjective = firstOf(p.note.in(sectionNone), 3)
	}
	p.sentences(subjective)
	p.head("Objective")
	objective := p.note.in(sectionObjective, sectionResults)
	p.sentences(objective)
	if len(objective) == 0 {
		for _, m := range p.note.measures {
			p.item(m.label, m.from)
		}
	}
	if len(objective)+len(p.note.measures) == 0 {
		p.say("- not documented\n")
	}
	p.findings("Assessment", p.note.problems)
	p.head("Plan")
	plan := p.note.in(sectionPlan, sectionFollowUp)
	p.sentences(plan)
	for _, f := range p.note.followUps {
		if !slices.Contains(plan, f.from) {
			p.item(f.label, f.from)
		}
	}
	if len(plan)+len(p.note.followUps) == 0 {
		p.say("- not documented\n")
	}
	p.open()
}

// lists writes the sections that were asked for and no others.
func (p *page) lists() {
	p.who()
	ask := p.note.ask
	if asksProblems.MatchString(ask) {
		p.findings("Problems", p.note.problems)
	}
	if asksMedicines.MatchString(ask) {
		p.medicines("Medicines")
	}
	if asksFollowUps.MatchString(ask) {
		p.findings("Follow-up", p.note.followUps)
	}
	if asksAllergies.MatchString(ask) {
		p.findings("Allergies", p.note.allergies)
	}
	if asksMeasures.MatchString(ask) {
		p.findings("Measurements and results", p.note.measures)
	}
}

// interactions lists what would have to be checked. The simulator knows no
// pharmacology and must not look as if it did.
func (p *page) interactions() {
	p.say("# Interaction check\n\nThe simulator knows nothing about drugs: below is what a pharmacist would have to check, and not a result.\n\n")
	p.who()
	p.medicines("Medicines")
	p.findings("Allergies", p.note.allergies)
	p.head("Pairs to check")
	var names []string
	for _, m := range p.note.medicines {
		if name := strings.ToLower(m.name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i, a := range names {
		for _, b := range names[i+1:] {
			p.say("- " + a + " with " + b + ": not checked\n")
		}
	}
	if len(names) < 2 {
		p.say("- fewer than two medicines are documented\n")
	}
}

var writtenCode = regexp.MustCompile(`\b[A-TV-Z]\d{2}(?:\.[0-9A-Z]{1,4})?\b`)

// codes quotes the codes that the text holds and invents none.
func (p *page) codes() {
	p.say("# For coding\n\nThe simulator has no code tables. Codes below stand in the text; everything else a coder must look up.\n\n")
	p.who()
	p.head("Codes in the text")
	found := false
	for _, s := range p.note.sentences {
		plain := placeholderForm.ReplaceAllString(s.text, "")
		for _, c := range writtenCode.FindAllString(plain, -1) {
			found = true
			p.item(c, s)
		}
	}
	if !found {
		p.say("- none\n")
	}
	p.findings("Problems to code", p.note.problems)
}

var questionNoise = " what which when where whose does have with this that from about there their patient note text is the and are was for did has her his been will should please tell many much "

// question quotes the sentences that share most words with the question.
func (p *page) question() {
	words := contentWords(p.note.ask, questionNoise)
	type hit struct {
		s     sentence
		score int
	}
	var hits []hit
	for _, s := range p.note.sentences {
		score := 0
		have := contentWords(s.text, "")
		for _, w := range words {
			if slices.Contains(have, w) {
				score++
			}
		}
		if score > 0 {
			hits = append(hits, hit{s, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	if len(hits) == 0 {
		p.say("The text does not say, as far as plain word matching can tell.\n\n")
		p.who()
		return
	}
	p.say("The text says:\n\n")
	for _, h := range hits[:min(len(hits), 3)] {
		p.item(h.s.text, h.s)
	}
}

// open names what a reader would look for and not find.
func (p *page) open() {
	var missing []string
	note := func(what string, have bool) {
		if !have {
			missing = append(missing, what)
		}
	}
	note("who the patient is", p.note.persona.patient != "")
	note("allergies", len(p.note.allergies) > 0)
	note("medicines", len(p.note.medicines) > 0)
	for _, m := range p.note.medicines {
		note("dose of "+m.name, m.dose != "")
		note("how often "+m.name+" is taken", m.dose == "" || m.frequency != "")
	}
	note("measurements", len(p.note.measures) > 0)
	note("follow-up", len(p.note.followUps) > 0)
	if len(missing) == 0 {
		return
	}
	p.head("Open questions")
	for _, m := range missing {
		p.say("- " + m + ": not documented\n")
	}
}

func firstOf(list []sentence, n int) []sentence { return list[:min(len(list), n)] }
