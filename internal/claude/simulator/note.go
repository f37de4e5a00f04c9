package simulator

import (
	"regexp"
	"strings"
)

// note is everything that the simulator found in what it was given.
type note struct {
	passages  []passage
	sentences []sentence // without the instruction
	ask       string     // the instruction, as it was worded
	persona   persona
	problems  []finding
	medicines []medicine
	allergies []finding
	measures  []finding
	followUps []finding
}

// finding is a thing with the sentence that says it.
type finding struct {
	label string
	from  sentence
}

// clinical reports whether there is anything to arrange.
func (n *note) clinical() bool {
	return len(n.problems)+len(n.medicines)+len(n.allergies)+len(n.measures) > 0 ||
		len(n.followUps) > 0 && len(n.sentences) > 2
}

// in yields the sentences of those sections, in their order.
func (n *note) in(sections ...section) []sentence {
	var out []sentence
	for _, s := range n.sentences {
		for _, want := range sections {
			if s.section == want {
				out = append(out, s)
			}
		}
	}
	return out
}

// readNote finds what there is to find.
func readNote(passages []passage) *note {
	n := &note{passages: passages}
	for i, p := range passages {
		list := split(i, p.text)
		if p.said {
			var asked string
			list, asked = takeInstruction(list)
			if p.ask {
				n.ask = strings.TrimSpace(n.ask + " " + asked)
			}
		}
		n.sentences = append(n.sentences, list...)
	}
	n.persona = findPersona(passages)
	n.medicines = findMedicines(n.sentences)
	n.problems = findProblems(n.sentences)
	n.allergies = findAllergies(n.sentences)
	n.measures = findMeasures(n.sentences)
	n.followUps = findFollowUps(n.sentences)
	return n
}

var (
	imperative = regexp.MustCompile(`(?i)^(?:please[, ]+)?(?:summari[sz]e|list|write|draft|extract|check|suggest|give|create|prepare|` +
		`turn|convert|identify|explain|translate|produce|generate|make|answer|code|find|tell|look|read|compare|` +
		`can you|could you|would you|i need|help|show|get|fetch|record|save|send|book|schedule|use|call|add)\b`)
	lateRequest = regexp.MustCompile(`(?i)\b(?:summari[sz]e|soap|prior auth|as json|into json|in json|draft|extract|interactions?)\b`)
)

// takeInstruction separates what is told from what is asked: up to two
// sentences that begin the text with a request, every question, and a request
// in the last two sentences.
func takeInstruction(list []sentence) (told []sentence, asked string) {
	var words []string
	for i, s := range list {
		begins := i < 2 && s.section == sectionNone && imperative.MatchString(s.text)
		ends := i >= len(list)-2 && imperative.MatchString(s.text) && lateRequest.MatchString(s.text)
		if begins || ends || strings.HasSuffix(s.text, "?") {
			words = append(words, s.text)
			continue
		}
		told = append(told, s)
	}
	return told, strings.Join(words, " ")
}
