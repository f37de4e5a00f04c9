package pack

import (
	"fmt"
	"strings"

	"chaperone/deid"

	"go.yaml.in/yaml/v4"
)

// span is a place of a text, in bytes; end is exclusive.
type span struct{ start, end int }

// prove tries a rule on its own samples. A sample of hits may mark what is to be
// found: "chart [[CC-448120]] of today"; then that and nothing else is.
func (r *reader) prove(rule Rule, hits, misses []*yaml.Node) {
	alone := newScanner([]pattern{rule.pattern})
	find := func(text string) (found []span) {
		alone.scan(text, func(_, start, end int) {
			if rule.stands(text, start, end, "") {
				found = append(found, span{start, end})
			}
		})
		return found
	}
	for i, sample := range rule.Hits {
		text, want, err := brackets(deid.Plain(sample))
		if err != nil {
			r.fault(hits[i], fmt.Sprintf("rule %s: hit %d: %v", rule.ID, i+1, err), "mark what is to be found with [[ and ]]")
			continue
		}
		switch found := find(text); {
		case len(found) == 0:
			r.fault(hits[i], fmt.Sprintf("rule %s misses its hit %d: it finds nothing there", rule.ID, i+1), rule.needs())
		case len(want) > 0:
			if why := differ(text, want, found); why != "" {
				r.fault(hits[i], fmt.Sprintf("rule %s fails its hit %d: %s", rule.ID, i+1, why), "mend the rule, or the marks")
			}
		}
	}
	for i, sample := range rule.Misses {
		if found := find(deid.Plain(sample)); len(found) > 0 {
			r.fault(misses[i], fmt.Sprintf("rule %s hits its miss %d: it finds %s there", rule.ID, i+1, places(found)), "make the rule narrower, with labels or near")
		}
	}
}

// needs reminds of what a rule asks for besides its form.
func (r *Rule) needs() string {
	switch {
	case r.labels != nil && r.near != nil:
		return "the form, a label shortly before it and a word near it must all be there"
	case r.labels != nil:
		return "the form and, shortly before it, a label must be there"
	case r.near != nil:
		return "the form and a word near it must be there"
	}
	return "what it looks for must stand as a word of its own"
}

// differ says how found is not what was marked; "" if it is.
func differ(text string, want, found []span) string {
	marked := make([]bool, len(text))
	for _, w := range want {
		for i := w.start; i < w.end; i++ {
			marked[i] = true
		}
	}
	hit := make([]bool, len(text))
	for _, f := range found {
		for i := f.start; i < f.end; i++ {
			hit[i] = true
		}
	}
	for n, w := range want {
		for i := w.start; i < w.end; i++ {
			if wordBytes[text[i]] && !hit[i] {
				return fmt.Sprintf("it misses mark %d, or part of it", n+1)
			}
		}
	}
	for _, f := range found {
		for i := f.start; i < f.end; i++ {
			if wordBytes[text[i]] && !marked[i] {
				return "it finds more than the marks: " + places([]span{f})
			}
		}
	}
	return ""
}

// places says where, without a word of the text.
func places(list []span) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = fmt.Sprintf("bytes %d to %d", s.start, s.end)
	}
	return strings.Join(words, ", ")
}

// brackets takes [[ and ]] out of a text and returns what stood between them.
func brackets(text string) (plain string, marked []span, err error) {
	var b strings.Builder
	for rest := text; ; {
		before, after, open := strings.Cut(rest, "[[")
		b.WriteString(before)
		if !open {
			return b.String(), marked, nil
		}
		inside, tail, closed := strings.Cut(after, "]]")
		if !closed || strings.TrimSpace(inside) == "" {
			return "", nil, fmt.Errorf("mark %d is empty or not closed", len(marked)+1)
		}
		marked = append(marked, span{b.Len(), b.Len() + len(inside)})
		b.WriteString(inside)
		rest = tail
	}
}
