package gateway

import (
	"slices"
	"strings"

	"chaperone/deid"
	"chaperone/deid/risk"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// weight is how much the texts of a request still say of a person once their
// identifiers are replaced, and which sensitive matters they speak of.
type weight struct {
	risk.Residual
	categories []policy.Category
	pages      int // of the longest text that points at a person
}

// mostWeighed is how much text is judged together, in bytes: what is further
// apart is not combined, so that a long request takes no more memory than this.
const mostWeighed = 1 << 20

// weigh judges what users and the system prompt say together, as it would leave
// under a profile. What Claude itself answered does not count, because it lists
// conditions that nobody has; nor do definitions of tools.
func (t *texts) weigh(judge *risk.Judge, p deid.Profile) weight {
	w := weight{}
	s := scale{judge: judge, profile: p, veil: t.veil, into: &w}
	t.all(func(leaf claude.Leaf) {
		if weighs(leaf) {
			s.size, s.personal = 0, false
			t.each(leaf, s.add)
			if s.personal {
				w.pages = max(w.pages, policy.Pages(s.size))
			}
		}
	})
	s.settle()
	return w
}

func weighs(leaf claude.Leaf) bool {
	switch leaf.Class {
	case claude.Prose, claude.Field, claude.Enclosed:
		return leaf.Role == "user" || leaf.Role == "system"
	default:
		return false
	}
}

// scale gathers texts and judges them together.
type scale struct {
	judge   *risk.Judge
	profile deid.Profile
	veil    *deid.Veil
	into    *weight
	text    strings.Builder
	hidden  []risk.Span

	size     int  // of the leaf that is being laid on
	personal bool // it points at a person
}

// add lays one text on the scale, under its key where it has one.
func (s *scale) add(text string, w deid.Where) {
	if s.text.Len() > 0 && s.text.Len()+len(text) > mostWeighed {
		s.settle()
	}
	if w.Label != "" && w.Label[0] != 0 { // a label of the veil's own names no key
		s.text.WriteString(w.Label + ": ")
	}
	at := s.text.Len()
	s.size += len(text)
	for _, f := range s.veil.Findings(text, w) {
		s.personal = s.personal || policy.Personal(f.Kind)
		if s.profile.Conceals(f.Kind) {
			s.hidden = append(s.hidden, risk.Span{Start: at + f.Start, End: at + f.End})
		}
	}
	s.text.WriteString(text)
	s.text.WriteString("\n\n")
}

// settle judges what lies on the scale and keeps the worst.
func (s *scale) settle() {
	text := s.text.String()
	if r := s.judge.Of(text, s.hidden...); r.K > 0 && (s.into.K == 0 || r.Expected < s.into.Expected) {
		s.into.Residual = r
	}
	speaks := s.judge.Categories(text)
	s.into.categories = slices.DeleteFunc(policy.Categories(), func(c policy.Category) bool {
		return !slices.Contains(s.into.categories, c) && !slices.Contains(speaks, risk.Category(c))
	})
	s.text.Reset()
	s.hidden = s.hidden[:0]
}

// why lists the kinds of facts that narrow the crowd, each once, in the order
// of their weight.
func (w weight) why() []string {
	var kinds []string
	for _, r := range w.Reasons {
		if r.Kind != "crowd" && !slices.Contains(kinds, r.Kind) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}
