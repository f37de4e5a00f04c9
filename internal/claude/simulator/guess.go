package simulator

import (
	"regexp"
	"slices"
	"strings"

	"chaperone/phi"
)

// subject is what a property is about, as its name tells.
type subject uint8

const (
	subjectUnknown subject = iota
	subjectMedicine
	subjectProblem
)

func subjectOf(name string) subject {
	words := contentWords(name, "")
	switch {
	case anyOf(words, "medication", "medicine", "drug", "med", "prescription"):
		return subjectMedicine
	case anyOf(words, "problem", "diagnosis", "diagnose", "condition", "indication"):
		return subjectProblem
	}
	return subjectUnknown
}

func anyOf(words []string, list ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// text makes up a string for the property of that name: what the text holds
// for such a name, else a valid filling.
func (f *filler) text(name string, s schema) ([]byte, bool) {
	value := f.guess(name)
	found := value != ""
	if !found {
		value = f.spare(s.Format)
	}
	if s.MaxLength != nil {
		value = firstChars(value, *s.MaxLength)
	}
	return encode(value), found
}

// number makes up a number for the property of that name: the one that stands
// before the name in the instruction or a follow-up ("in 2 weeks" for weeks).
func (f *filler) number(name string, s schema) ([]byte, bool) {
	texts := []string{f.note.ask}
	for _, u := range f.note.followUps {
		texts = append(texts, u.label)
	}
	for _, word := range contentWords(name, "") {
		counted, err := regexp.Compile(`(?i)\b(\d{1,6})[ -]` + regexp.QuoteMeta(word) + `s?\b`)
		if err != nil {
			continue // a name that is no word counts nothing
		}
		for _, text := range texts {
			if m := counted.FindStringSubmatch(text); m != nil {
				return []byte(strings.TrimLeft(m[1][:len(m[1])-1], "0") + m[1][len(m[1])-1:]), true
			}
		}
	}
	if len(s.Minimum) > 0 {
		return s.Minimum, false
	}
	return []byte("1"), false
}

// guess finds what the text holds for a property of that name, "" for nothing.
func (f *filler) guess(name string) string {
	words := nameWords(name)
	n, who := f.note, f.note.persona
	is := func(list ...string) bool { return anyOf(words, list...) }
	if v, ok := f.guessClinical(words, subjectOf(name)); ok {
		return v
	}
	switch {
	case is("dob", "birth", "birthdate", "birthday", "born"):
		return either(who.born, first(who.ofKind(phi.Date)))
	case is("mrn", "record", "chart"):
		return who.record
	case is("member", "insurance", "subscriber", "beneficiary", "card"):
		return who.member
	case is("date", "when", "day", "time", "seen"):
		return either(who.seen, first(who.ofKind(phi.Date)))
	case is("provider", "doctor", "clinician", "physician", "author"):
		return who.provider
	case is("hospital", "facility", "clinic", "organization", "organisation"):
		return first(who.ofKind(phi.Org))
	case is("id", "identifier"):
		return either(who.record, who.member, who.patient)
	case is("patient", "name", "person", "subject", "recipient"):
		return who.patient
	case is("query", "question", "search", "term", "keyword", "q", "request", "instruction"):
		return firstChars(n.ask, 300)
	case is("note", "text", "summary", "content", "body", "message", "description", "details", "comment"):
		return n.opening()
	}
	for _, k := range phi.Kinds() {
		if is(k.String()) || k == phi.Phone && is("telephone", "tel") || k == phi.Street && is("address") ||
			k == phi.Postal && is("zip", "postcode") || k == phi.Link && is("url") || k == phi.Place && is("city", "town") {
			return first(who.ofKind(k))
		}
	}
	return ""
}

func (f *filler) guessClinical(words []string, about subject) (string, bool) {
	drug := f.drug
	if drug == nil && len(f.note.medicines) > 0 {
		drug = &f.note.medicines[0]
	}
	prob := f.prob
	if prob == nil && len(f.note.problems) > 0 {
		prob = &f.note.problems[0]
	}
	switch {
	case drug != nil && anyOf(words, "dose", "dosage", "strength"):
		return drug.dose, true
	case drug != nil && anyOf(words, "frequency", "sig", "schedule"):
		return drug.frequency, true
	case drug != nil && (about == subjectMedicine || f.drug != nil && anyOf(words, "name")):
		return drug.name, true
	case prob != nil && (about == subjectProblem || anyOf(words, "reason") || f.prob != nil && anyOf(words, "name", "label")):
		return prob.label, true
	case len(f.note.followUps) > 0 && anyOf(words, "followup", "plan", "follow", "task"):
		return f.note.followUps[0].label, true
	case len(f.note.allergies) > 0 && anyOf(words, "allergy", "allergies", "allergen"):
		return f.note.allergies[0].label, true
	}
	return "", false
}

// spare is a valid string for which the text held nothing.
func (f *filler) spare(format string) string {
	switch format {
	case "date":
		return "2000-01-01"
	case "date-time":
		return "2000-01-01T00:00:00Z"
	case "time":
		return "00:00:00Z"
	case "email":
		return "nobody@example.invalid"
	case "uri", "url":
		return "https://example.invalid/"
	case "uuid":
		return "00000000-0000-4000-8000-000000000000"
	}
	return "not documented"
}

// opening is the beginning of what was told, up to 500 characters.
func (n *note) opening() string {
	var parts []string
	for _, s := range n.sentences {
		parts = append(parts, s.text)
	}
	return firstChars(strings.Join(parts, " "), 500)
}

func either(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
