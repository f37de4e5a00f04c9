package pack

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"chaperone/phi"

	"go.yaml.in/yaml/v4"
)

// What a pack may hold.
const (
	maxRules   = 500
	maxSamples = 200   // hits or misses of one rule
	maxLabels  = 100   // labels or near words of one rule
	maxEntries = 1000  // of allow and deny
	maxWords   = 50000 // of one entry
	maxCases   = 5000
	maxSample  = 4 << 10  // bytes
	maxText    = 64 << 10 // bytes of a case
	maxWord    = 120      // bytes
)

var (
	idForm       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	versionForm  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$`)
	languageForm = regexp.MustCompile(`^(en|fr|es)$`)
	fromForm     = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z ._#/-]{0,63}$`)
)

const idHint = "write small letters and digits joined by hyphens, like mrn-cc"

func (r *reader) pack(n *yaml.Node) *Pack {
	p := &Pack{}
	if n == nil {
		return p
	}
	var rules *yaml.Node
	seen := r.mapping(n, []field{
		{"name", func(n *yaml.Node) { p.Name = r.id(n) }},
		{"version", func(n *yaml.Node) { p.Version = r.word(n, versionForm, "write something like 3 or 2026-11-21") }},
		{"language", func(n *yaml.Node) { p.Language = r.word(n, languageForm, "write en, fr or es") }},
		{"rules", func(n *yaml.Node) {
			rules = n
			r.list(n, maxRules, func(n *yaml.Node) { p.Rules = append(p.Rules, r.rule(n)) })
		}},
		{"allow", func(n *yaml.Node) {
			r.list(n, maxEntries, func(n *yaml.Node) { p.Allow = append(p.Allow, r.allow(n)) })
		}},
		{"deny", func(n *yaml.Node) {
			r.list(n, maxEntries, func(n *yaml.Node) { p.Deny = append(p.Deny, r.deny(n)) })
		}},
		{"cases", func(n *yaml.Node) {
			r.list(n, maxCases, func(n *yaml.Node) { p.Cases = append(p.Cases, r.oneCase(n)) })
		}},
	})
	for _, key := range []string{"name", "version"} {
		if !seen[key] && n.Kind == yaml.MappingNode {
			r.fault(n, "the pack has no "+key, "write "+key+": at the top")
		}
	}
	if len(r.faults) > 0 {
		return p
	}
	if len(p.Rules)+len(p.Allow)+len(p.Deny)+len(p.Cases) == 0 {
		r.fault(n, "the pack says nothing", "write rules, allow, deny or cases")
	}
	ids := map[string]bool{"deny": true}
	for i, rule := range p.Rules {
		if at := rules.Content[i]; ids[rule.ID] {
			r.fault(at, "rule "+rule.ID+" has an id that is taken", "each rule has an id of its own; deny is that of the deny list")
		}
		ids[rule.ID] = true
	}
	r.contradictions(n, p)
	return p
}

func (r *reader) id(n *yaml.Node) string {
	id := r.word(n, idForm, idHint)
	if len(id) > 40 {
		r.fault(n, "this value has the wrong form", "write at most 40 characters")
	}
	return id
}

func (r *reader) rule(n *yaml.Node) Rule {
	var (
		rule        Rule
		hits        []*yaml.Node
		misses      []*yaml.Node
		before      = len(r.faults)
		form, where *yaml.Node
	)
	one := func(parse func(string) (pattern, error)) func(n *yaml.Node) {
		return func(n *yaml.Node) {
			if form != nil {
				r.fault(n, "a rule has either a shape or a regexp", "remove one, or make two rules")
			}
			form = n
			rule.pattern = r.pattern(n, parse)
		}
	}
	seen := r.mapping(n, []field{
		{"id", func(n *yaml.Node) { rule.ID = r.id(n) }},
		{"kind", func(n *yaml.Node) { rule.Kind = r.kind(n) }},
		{"shape", one(asShape)},
		{"regexp", one(asExpression)},
		{"labels", func(n *yaml.Node) { where = n; rule.labels = r.phrases(n) }},
		{"near", func(n *yaml.Node) { rule.near = r.phrases(n) }},
		{"score", func(n *yaml.Node) { rule.Score = r.score(n) }},
		{"hits", func(n *yaml.Node) { rule.Hits, hits = r.samples(n) }},
		{"misses", func(n *yaml.Node) { rule.Misses, misses = r.samples(n) }},
	})
	switch {
	case n.Kind != yaml.MappingNode || len(r.faults) > before:
	case !seen["id"] || !seen["kind"]:
		r.fault(n, "a rule has an id and a kind", "write both; the kinds are "+kinds())
	case form == nil:
		r.fault(n, "rule "+rule.ID+" has neither a shape nor a regexp", "write how its numbers look, like shape: CC-######")
	case len(hits) == 0:
		r.fault(n, "rule "+rule.ID+" has no hits", "write at least one text in which it must find something")
	}
	if len(r.faults) > before {
		return rule
	}
	if rule.Score == 0 {
		rule.Score = 0.85
		if where != nil {
			rule.Score = 0.95
		}
	}
	r.prove(rule, hits, misses)
	return rule
}

func asShape(src string) (pattern, error)      { return parseShape(src) }
func asExpression(src string) (pattern, error) { return parseExpression(src) }

// pattern compiles what n says. It is nil after a fault.
func (r *reader) pattern(n *yaml.Node, parse func(string) (pattern, error)) pattern {
	src := r.text(n, maxExpression)
	if src == "" {
		return nil
	}
	p, err := parse(src)
	if err != nil {
		r.fault(n, err.Error(), "see docs/guide/tuning.md")
		return nil
	}
	return p
}

func (r *reader) kind(n *yaml.Node) phi.Kind {
	k, ok := phi.ParseKind(n.Value)
	if n.Kind != yaml.ScalarNode || !ok || !k.Identifies() {
		r.fault(n, "there is no such kind", "the kinds are "+kinds())
		return phi.None
	}
	return k
}

func kinds() string {
	var names []string
	for _, k := range phi.Kinds() {
		if k.Identifies() {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, ", ")
}

func (r *reader) phrases(n *yaml.Node) *wordTree {
	t := newWordTree()
	r.texts(n, maxLabels, maxWord, func(n *yaml.Node, s string) {
		if _, err := t.add(s, 0); err != nil {
			r.fault(n, err.Error(), "")
		}
	})
	return t
}

func (r *reader) samples(n *yaml.Node) (texts []string, places []*yaml.Node) {
	r.texts(n, maxSamples, maxSample, func(n *yaml.Node, s string) {
		texts, places = append(texts, s), append(places, n)
	})
	return texts, places
}

func (r *reader) allow(n *yaml.Node) Allow {
	var a Allow
	before := len(r.faults)
	seen := r.mapping(n, []field{
		{"words", func(n *yaml.Node) { a.Words = r.words(n) }},
		{"shape", func(n *yaml.Node) {
			if p := r.pattern(n, asShape); p != nil {
				a.shapes = append(a.shapes, p)
			}
		}},
		{"reason", func(n *yaml.Node) { a.Reason = r.text(n, 500) }},
		{"force", func(n *yaml.Node) { a.Force = r.flag(n) }},
	})
	switch {
	case len(r.faults) > before:
	case !seen["words"] && !seen["shape"]:
		r.fault(n, "this allows nothing", "write words or a shape")
	case !seen["reason"]:
		r.fault(n, "what is allowed needs a reason", "write reason: and why this identifies nobody")
	}
	return a
}

func (r *reader) deny(n *yaml.Node) Deny {
	var d Deny
	before := len(r.faults)
	seen := r.mapping(n, []field{
		{"words", func(n *yaml.Node) { d.Words = r.words(n) }},
		{"kind", func(n *yaml.Node) { d.Kind = r.kind(n) }},
	})
	if len(r.faults) == before && (!seen["words"] || !seen["kind"]) {
		r.fault(n, "what is denied has words and a kind", "write both; the kinds are "+kinds())
	}
	return d
}

func (r *reader) words(n *yaml.Node) []string {
	var words []string
	probe := newWordTree()
	r.texts(n, maxWords, maxWord, func(n *yaml.Node, s string) {
		if _, err := probe.add(s, 0); err != nil {
			r.fault(n, err.Error(), "")
		}
		words = append(words, s)
	})
	return words
}

// contradictions finds words that are both allowed and denied.
func (r *reader) contradictions(n *yaml.Node, p *Pack) {
	denied := newWordTree()
	for _, d := range p.Deny {
		for _, w := range d.Words {
			denied.add(w, 1) //nolint:errcheck // it was read without a fault
		}
	}
	for i, a := range p.Allow {
		for j, w := range a.Words {
			if already, err := denied.add(w, 2); err == nil && already == 1 {
				r.fault(n, fmt.Sprintf("word %d of allow entry %d is denied, too", j+1, i+1), "decide for one")
			}
		}
	}
}

func (r *reader) oneCase(n *yaml.Node) Case {
	c := Case{Line: n.Line, Col: n.Column}
	before := len(r.faults)
	seen := r.mapping(n, []field{
		{"text", func(n *yaml.Node) {
			text, marks, err := readMarks(r.text(n, maxText))
			if err != nil {
				r.fault(n, err.Error(), "mark what is to be found {name|so} or [[so]], and what must stay {keep|so}")
			}
			c.text, c.marks = text, marks
		}},
		{"from", func(n *yaml.Node) {
			c.From = r.word(n, fromForm, "write the number of the incident, like INC-12")
		}},
		{"added", func(n *yaml.Node) { c.Added = r.day(n) }},
	})
	if len(r.faults) == before && !seen["text"] {
		r.fault(n, "a case has a text", "write text: and what was missed")
	}
	if !seen["added"] {
		c.Added = time.Time{}
	}
	return c
}
