package simulator

import (
	"regexp"
	"slices"
	"strings"

	"chaperone/phi"
)

// persona is who the text is about, in the words of the text: placeholders,
// when Chaperone has concealed it.
type persona struct {
	patient  string
	born     string
	record   string
	member   string
	seen     string
	provider string
	all      []string // every placeholder, in the order of appearance, once
}

var (
	placeholderForm = regexp.MustCompile(`\b(?:` + strings.Join(placeholderWords(), "|") + `)-[0-9A-HJKMNP-TV-Z]{6}\b`)
	labelled        = regexp.MustCompile(`(?im)(?:^|[\s(,;|*#])(patient(?: name)?|pt|name|dob|d\.o\.b\.|date of birth|born(?: on)?|mrn|medical record(?: number)?|` +
		`record(?: number)?|member(?: id| number)?|health card(?: number)?|insurance id|seen(?: on)?|date of service|dos|date of visit|visit date|` +
		`encounter date|admitted(?: on)?|date|provider|physician|clinician|attending|pcp|signed(?: by)?)` +
		`(?:\s*(?:no\.?|number|id))?(?:[ \t]*[:#]\**[ \t]*|[ \t]+)`)
	// A value ends at punctuation, at two spaces, or after four words.
	labelValue = regexp.MustCompile(`^(?:Dr\.? )?[^\s,;|()]+(?: [^\s,;|():]+){0,3}`)
	introduced = regexp.MustCompile(`\b((?:(?:Mr|Mrs|Ms)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+)?),? (?:is |was )?an? \d{1,3}[- ](?:year|month)`)
	doctor     = regexp.MustCompile(`\bDr\.?\s+(` + placeholderForm.String() + `|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)`)
)

func placeholderWords() []string {
	var words []string
	for _, k := range phi.Kinds() {
		words = append(words, k.Word())
	}
	return words
}

func findPersona(passages []passage) persona {
	var p persona
	for _, ps := range passages {
		for _, hit := range placeholderForm.FindAllString(ps.text, -1) {
			if !slices.Contains(p.all, hit) {
				p.all = append(p.all, hit)
			}
		}
		p.labels(ps.text)
		if m := doctor.FindStringSubmatch(ps.text); m != nil && p.provider == "" {
			p.provider = m[1]
		}
		if m := introduced.FindStringSubmatch(ps.text); m != nil && p.patient == "" {
			p.patient = m[1]
		}
	}
	if p.patient == "" {
		for _, hit := range p.ofKind(phi.Name) {
			if hit != p.provider {
				p.patient = hit
				break
			}
		}
	}
	if p.record == "" {
		p.record = first(p.ofKind(phi.Record))
	}
	if p.member == "" {
		p.member = first(p.ofKind(phi.Member))
	}
	return p
}

// labels reads "Patient: …", "DOB …" and the like. Without a colon, only a
// placeholder counts as the value: "Patient denies pain" names nobody.
func (p *persona) labels(text string) {
	for _, m := range labelled.FindAllStringSubmatchIndex(text, -1) {
		slot := p.slot(strings.ToLower(text[m[2]:m[3]]))
		value := labelValue.FindString(text[m[1]:])
		colon := strings.ContainsAny(text[m[3]:m[1]], ":#")
		if at := placeholderForm.FindStringIndex(value); at != nil && at[0] <= len("Dr. ") {
			value = value[at[0]:at[1]]
		} else if !colon {
			continue
		}
		if *slot == "" {
			*slot = strings.TrimRight(value, ". ")
		}
	}
}

func (p *persona) slot(label string) *string {
	switch {
	case strings.HasPrefix(label, "patient"), label == "pt", label == "name":
		return &p.patient
	case label == "dob", label == "d.o.b.", label == "date of birth", strings.HasPrefix(label, "born"):
		return &p.born
	case label == "mrn", strings.Contains(label, "record"):
		return &p.record
	case strings.HasPrefix(label, "member"), strings.HasPrefix(label, "health card"), label == "insurance id":
		return &p.member
	case label == "provider", label == "physician", label == "clinician", label == "attending", label == "pcp",
		strings.HasPrefix(label, "signed"):
		return &p.provider
	}
	return &p.seen
}

// ofKind yields the placeholders of a kind.
func (p *persona) ofKind(k phi.Kind) []string {
	var out []string
	for _, hit := range p.all {
		if strings.HasPrefix(hit, k.Word()+"-") {
			out = append(out, hit)
		}
	}
	return out
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
