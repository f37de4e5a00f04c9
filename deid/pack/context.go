package pack

import (
	"strings"
	"unicode"
)

// How far the words of a rule's context may stand.
const (
	labelReach = 80  // bytes before the match in which its label begins
	labelWords = 3   // words between a label and what it labels: "MRN number is"
	nearReach  = 120 // bytes before and after the match
)

// stands reports whether the context that the rule asks for is there around a
// match in text, which stood under a field called label.
func (r *Rule) stands(text string, start, end int, label string) bool {
	if r.labels != nil && !r.labelled(text, start) && !holds(r.labels, spaced(label)) {
		return false
	}
	if r.near == nil {
		return true
	}
	return holds(r.near, cutWords(text, start-nearReach, start)) || holds(r.near, cutWords(text, end, end+nearReach)) || holds(r.near, spaced(label))
}

// labelled reports whether a label stands shortly before text[start].
func (r *Rule) labelled(text string, start int) bool {
	before := cutWords(text, start-labelReach, start)
	if at := strings.LastIndex(before, "\n\n"); at >= 0 {
		before = before[at:] // another paragraph is another matter
	}
	found := false
	r.labels.find(before, func(_, _, end int) {
		found = found || len(wordsOf(before[end:])) <= labelWords
	})
	return found
}

func holds(t *wordTree, text string) bool {
	found := false
	t.find(text, func(int, int, int) { found = true })
	return found
}

// cutWords yields text[from:to] without words that the cut would split.
func cutWords(text string, from, to int) string {
	from, to = max(from, 0), min(to, len(text))
	for from > 0 && from < to && splits(text, from) {
		from++
	}
	for to < len(text) && to > from && splits(text, to) {
		to--
	}
	if from >= to {
		return ""
	}
	return text[from:to]
}

// spaced writes the name of a field as words: patientMRN_no as patient MRN no.
func spaced(label string) string {
	if label == "" || len(label) > 200 {
		return ""
	}
	var b strings.Builder
	small := false
	for _, r := range label {
		if unicode.IsUpper(r) && small {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		if r == '_' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
