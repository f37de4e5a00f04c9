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
// conditions that nobody has; nor do definitions of tools. What was read for one
// profile is not read again for another, unless it is too long to be kept.
func (t *texts) weigh(judge *risk.Judge, p deid.Profile) weight {
	w := weight{}
	if t.laid != nil {
		w.add(t.laid, p)
		w.pages = t.pages
		return w
	}
	s := scale{judge: judge, profile: p, veil: t.veil, into: &w}
	s.text.Grow(min(t.weighty(), mostWeighed))
	t.all(func(leaf claude.Leaf) {
		if weighs(leaf) && !t.ofNobody(judge, p, leaf) {
			s.size, s.personal = 0, false
			t.each(leaf, s.add)
			if s.personal {
				w.pages = max(w.pages, policy.Pages(s.size))
			}
		}
	})
	last := s.settle()
	if s.settled == 1 {
		t.laid, t.pages = last, w.pages
	}
	return w
}

// weighty is about how much text weigh judges, in bytes.
func (t *texts) weighty() int {
	n := 0
	t.all(func(leaf claude.Leaf) {
		if weighs(leaf) && leaf.Class != claude.Enclosed {
			n += len(leaf.Text) + len("\n\n")
		}
	})
	return n
}

// longPrompt is from where on, in bytes, a system prompt is taken to be about
// the work, if it describes nobody by itself. A short one may hold the place or
// the age of whoever the user goes on to describe.
const longPrompt = 4 << 10

// ofNobody reports whether a leaf is a long system prompt that, read alone,
// describes nobody, as those of coding clients are: the examples in it ("5 ft",
// "since March") are no facts of whoever the user's note describes.
func (t *texts) ofNobody(judge *risk.Judge, p deid.Profile, leaf claude.Leaf) bool {
	if leaf.Role != "system" || len(leaf.Text) < longPrompt {
		return false
	}
	w := weight{}
	s := scale{judge: judge, profile: p, veil: t.veil, into: &w}
	t.each(leaf, s.add)
	s.settle()
	return w.K == 0 && len(w.categories) == 0
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
	found   []deid.Finding // in text
	settled int            // how often

	size     int  // of the leaf that is being laid on
	personal bool // it points at a person
}

// laid are texts that are judged together, and what was found in them.
type laid struct {
	reading risk.Reading
	found   []deid.Finding
}

// add lays one text on the scale, under its key where it has one.
func (s *scale) add(text string, w deid.Where) {
	if s.text.Len() > 0 && s.text.Len()+len(text) > mostWeighed {
		s.settle()
	}
	if w.Label != "" && w.Label[0] != 0 { // a label of the veil's own names no key
		s.text.WriteString(w.Label)
		s.text.WriteString(": ")
	}
	at := s.text.Len()
	s.size += len(text)
	for _, f := range s.veil.Findings(text, w) {
		s.personal = s.personal || policy.Personal(f.Kind)
		f.Start, f.End = at+f.Start, at+f.End
		s.found = append(s.found, f)
	}
	s.text.WriteString(text)
	s.text.WriteString("\n\n")
}

// settle judges what lies on the scale, takes it off and yields it.
func (s *scale) settle() *laid {
	l := &laid{s.judge.Read(s.text.String()), s.found}
	s.into.add(l, s.profile)
	s.text.Reset()
	s.found = nil
	s.settled++
	return l
}

// add judges what is left of texts under a profile, and keeps the worst.
func (w *weight) add(l *laid, p deid.Profile) {
	var hidden []risk.Span
	for _, f := range l.found {
		if p.Conceals(f.Kind) {
			hidden = append(hidden, risk.Span{Start: f.Start, End: f.End})
		}
	}
	if r := l.reading.Left(hidden...); r.K > 0 && (w.K == 0 || r.Expected < w.Expected) {
		w.Residual = r
	}
	speaks := l.reading.Categories()
	w.categories = slices.DeleteFunc(policy.Categories(), func(c policy.Category) bool {
		return !slices.Contains(w.categories, c) && !slices.Contains(speaks, risk.Category(c))
	})
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
