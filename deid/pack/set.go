package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"chaperone/deid"
	"chaperone/phi"
)

// Set is any number of packs that are in force together. It never changes and
// is safe for concurrent use.
type Set struct {
	packs  []*Pack
	digest string

	rules []named // by the number of their pattern
	scan  *scanner

	denied *wordTree
	deny   []named

	allowed *wordTree
	allow   []bool // by phrase: whether it is forced
	shapes  *scanner
	forced  []bool // by shape
}

var _ deid.Rules = (*Set)(nil)

// named is a rule as findings know it.
type named struct {
	name string
	kind phi.Kind
	rule *Rule
}

// Join puts packs in force together. Two packs of one name are an error: one
// could not tell their findings apart. No pack at all is a Set that finds
// nothing.
func Join(packs ...*Pack) (*Set, error) {
	s := &Set{packs: slices.Clone(packs), denied: newWordTree(), allowed: newWordTree()}
	names := map[string]bool{}
	sum := sha256.New()
	var patterns, shapes []pattern
	for _, p := range packs {
		if names[p.Name] {
			return nil, fmt.Errorf("two packs are called %s; give each a name of its own", p.Name)
		}
		names[p.Name] = true
		fmt.Fprintf(sum, "%s %s %s\n", p.Name, p.Version, p.digest)
		for i := range p.Rules {
			r := &p.Rules[i]
			patterns = append(patterns, r.pattern)
			s.rules = append(s.rules, named{p.Name + ":" + r.ID, r.Kind, r})
		}
		for _, d := range p.Deny {
			s.deny = append(s.deny, named{name: p.Name + ":deny", kind: d.Kind})
			for _, w := range d.Words {
				s.denied.add(w, len(s.deny)-1) //nolint:errcheck // Parse has read it without a fault
			}
		}
		for _, a := range p.Allow {
			s.allow = append(s.allow, a.Force)
			for _, w := range a.Words {
				s.allowed.add(w, len(s.allow)-1) //nolint:errcheck // Parse has read it without a fault
			}
			for _, shape := range a.shapes {
				shapes, s.forced = append(shapes, shape), append(s.forced, a.Force)
			}
		}
	}
	s.scan, s.shapes = newScanner(patterns), newScanner(shapes)
	s.digest = hex.EncodeToString(sum.Sum(nil)[:6])
	return s, nil
}

// Load opens the packs at paths and joins them. The error is Faults, with those
// of all packs, where packs are wrong or cannot be read.
func Load(paths ...string) (*Set, error) {
	var packs []*Pack
	var faults Faults
	for _, path := range paths {
		p, err := Open(path)
		var wrong Faults
		switch {
		case errors.As(err, &wrong):
			faults = append(faults, wrong...)
		case errors.Is(err, fs.ErrNotExist):
			faults = append(faults, Fault{path, 1, 1, "there is no such pack", "check the path"})
		case err != nil:
			faults = append(faults, Fault{path, 1, 1, "the pack cannot be read", "check that it is a file that you may read"})
		default:
			packs = append(packs, p)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	s, err := Join(packs...)
	if err != nil {
		return nil, Faults{{paths[len(paths)-1], 1, 1, err.Error(), ""}}
	}
	return s, nil
}

// Packs lists the packs, in the order in which they were given.
func (s *Set) Packs() []*Pack { return slices.Clone(s.packs) }

// Digest implements deid.Rules: it changes with every byte of any of the packs.
func (s *Set) Digest() string { return s.digest }

// Candidates implements deid.Rules. It goes through the text once and stops at
// the beginnings of words, and at marks that a rule begins with.
func (s *Set) Candidates(text, label string) []deid.Finding {
	var out []deid.Finding
	add := func(n, start, end int) {
		if r := s.rules[n]; r.rule.stands(text, start, end, label) {
			out = append(out, deid.Finding{Kind: r.kind, Start: start, End: end, Score: r.rule.Score, Rule: r.name})
		}
	}
	within, free := false, 0
	for i := 0; i < len(text); i++ {
		in := wordBytes[text[i]]
		if in && within {
			continue
		}
		within = in
		if s.scan.starts[text[i]] {
			s.scan.at(text, i, add)
		}
		if in && i >= free && s.denied.opens(text, i) {
			if n, end := s.denied.longestFrom(text, i); n >= 0 {
				out = append(out, deid.Finding{Kind: s.deny[n].kind, Start: i, End: end, Score: 1, Rule: s.deny[n].name})
				free = end
			}
		}
	}
	return out
}

// Allowed implements deid.Rules.
func (s *Set) Allowed(text string) []deid.Allowance {
	var out []deid.Allowance
	s.allowed.find(text, func(n, start, end int) {
		out = append(out, deid.Allowance{Start: start, End: end, Force: s.allow[n]})
	})
	words := len(out)
	s.shapes.scan(text, func(n, start, end int) {
		out = append(out, deid.Allowance{Start: start, End: end, Force: s.forced[n]})
	})
	if len(out) == words {
		return out
	}
	slices.SortStableFunc(out, func(a, b deid.Allowance) int { return a.Start - b.Start })
	kept := out[:0]
	for _, a := range out {
		if n := len(kept); n > 0 && a.Start < kept[n-1].End {
			if a.Start = kept[n-1].End; a.Start >= a.End {
				continue
			}
		}
		kept = append(kept, a)
	}
	return kept
}
