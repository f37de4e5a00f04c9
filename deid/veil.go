package deid

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"chaperone/phi"
)

// Veil conceals the texts of one exchange. Use it in two passes: Read every
// text, so that a name found in one is found in all; then Conceal each. It
// belongs to one goroutine; the Session behind it may be shared.
type Veil struct {
	engine  *Engine
	session *Session
	profile Profile
	read    map[leaf][]Finding // after settle: final findings
	fresh   map[leaf]fresh     // what settle has not seen yet
	room    int                // for pages in fresh, in bytes of text
	order   []leaf
	settled bool
	told    []hint // what Know was told
	err     error

	words  map[string]bool // what the texts say: see vocabulary
	worded int             // how many of order are in words

	concealed int
}

type leaf struct{ text, label string }

// fresh is a text between its being read and settle.
type fresh struct {
	*remembered
	page *page // nil: it was read before, or there is no room
}

// pageRoom bounds the texts whose pages are kept until settle, in bytes: a page
// takes some ten times its text.
const pageRoom = 256 << 10

// NewVeil returns a veil over one exchange of session, under Safe Harbor.
func NewVeil(e *Engine, s *Session) *Veil {
	return &Veil{engine: e, session: s, read: map[leaf][]Finding{}, fresh: map[leaf]fresh{}, room: pageRoom}
}

// Under sets the profile for what is concealed from now on. What was found does
// not depend on it.
func (v *Veil) Under(p Profile) { v.profile = p }

// Read is the first pass: it finds what identifies in text and remembers the
// people named in it for all other texts.
func (v *Veil) Read(text string, w Where) {
	l := leaf{text, w.Label}
	if _, seen := v.read[l]; seen || text == "" {
		return
	}
	r, p := v.session.find(v.engine, text, w)
	if p != nil {
		if v.room -= len(text); v.room < 0 {
			p = nil
		}
	}
	v.read[l], v.fresh[l] = r.found, fresh{r, p}
	v.order = append(v.order, l)
	v.settled = false
}

// settle applies the memory of the exchange and of the session to every text
// that was read.
func (v *Veil) settle() {
	if v.settled {
		return
	}
	v.settled = true
	k := knowledge{things: v.things(), ours: !v.session.hasStandIns()}
	strangers := v.strangers()
	k.people, k.names = v.session.rosterOf(v.engine, strangers)
	k.ours = k.ours && len(strangers) == 0
	for _, l := range v.order {
		f := v.fresh[l]
		if f.remembered != nil && k.ours {
			if whole, ok := v.session.recallWhole(f.remembered, l.text, k.names, k.things); ok {
				v.read[l] = whole
				continue
			}
		}
		v.read[l] = v.complete(l, v.read[l], f, k)
	}
	clear(v.fresh)
	v.room = pageRoom
}

// knowledge is what the texts of an exchange are searched for besides what the
// engine finds.
type knowledge struct {
	people *roster
	names  int // how many of them the session knows
	things *knownIndex
	ours   bool // people are the session's alone, so that what they lead to may be remembered
}

// things indexes what this exchange found besides people, so that a number that
// has its label in one place is found without it in another.
func (v *Veil) things() *knownIndex {
	x := newKnownIndex()
	for _, h := range v.told {
		x.add(h.kind, h.text)
	}
	for _, l := range v.order {
		for _, f := range v.read[l] {
			if surface := l.text[f.Start:f.End]; !v.session.knows(surface) {
				x.add(f.Kind, surface)
			}
		}
	}
	return x
}

// strangers lists the surfaces of people whom this exchange names and the
// session has not met.
func (v *Veil) strangers() []string {
	var list []string
	seen := map[string]bool{}
	for _, h := range v.told {
		if h.kind == phi.Name && !seen[h.text] && !v.session.knows(h.text) {
			seen[h.text] = true
			list = append(list, h.text)
		}
	}
	for _, l := range v.order {
		for _, f := range v.read[l] {
			if surface := l.text[f.Start:f.End]; f.Kind == phi.Name && !seen[surface] && !v.session.knows(surface) {
				seen[surface] = true
				list = append(list, surface)
			}
		}
	}
	return list
}

// complete adds to what the engine found in a text what the session knows, and
// the places where the user's own text has the form of a placeholder.
func (v *Veil) complete(l leaf, found []Finding, f fresh, k knowledge) []Finding {
	if isField(l.text, found) {
		return v.completeField(l.text, found)
	}
	all := append([]Finding(nil), found...)
	if f.page != nil {
		all = append(all, f.page.findKnown(k.people)...)
	} else {
		all = append(all, v.engine.findRoster(l.text, k.people)...)
	}
	things := k.things.find(l.text)
	all = append(all, things...)
	v.session.mu.RLock()
	surfaces := len(v.session.surfaces)
	all = append(all, v.session.known.find(l.text)...)
	v.session.mu.RUnlock()
	all = merge(placeholderShaped(l.text, all))
	if v.session.hasStandIns() {
		return v.withStandIns(l.text, all)
	}
	if f.remembered != nil && k.ours && len(things) == 0 {
		v.session.keepWhole(f.remembered, all, k.names, surfaces)
	}
	return all
}

// placeholderShaped adds the places where a text has the form of a placeholder.
func placeholderShaped(text string, found []Finding) []Finding {
	for _, m := range matches(text) {
		if wellFormed(m.normal) {
			found = append(found, Finding{Kind: phi.Literal, Start: m.start, End: m.end, Score: 2, Rule: "placeholder-shaped"})
		}
	}
	return found
}

// withStandIns adds the places where the user's own text is that of a stand-in
// and nothing was found: left alone, the answer would restore it.
func (v *Veil) withStandIns(text string, found []Finding) []Finding {
	hits, _, _ := v.session.findStandIns(text, false)
	n := len(found)
	for _, h := range hits {
		at := sort.Search(n, func(i int) bool { return found[i].End > h.start })
		if at == n || found[at].Start >= h.end {
			found = append(found, Finding{Kind: phi.Literal, Start: h.start, End: h.end, Score: 2, Rule: "stand-in-shaped"})
		}
	}
	if len(found) == n {
		return found
	}
	return merge(found)
}

// merge sorts findings and joins those that overlap: the union is concealed
// under the kind of the surest of them, so that no part of any stays behind.
func merge(all []Finding) []Finding {
	if len(all) < 2 {
		return all
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	out := all[:1]
	for _, f := range all[1:] {
		last := &out[len(out)-1]
		if f.Start >= last.End {
			out = append(out, f)
			continue
		}
		if f.Score > last.Score {
			if f.Rule != knownRule || f.Kind != last.Kind {
				last.Rule = f.Rule // that it is known, too, says less than the rule
			}
			last.Kind, last.Score = f.Kind, f.Score
		}
		last.End = max(last.End, f.End)
	}
	return out
}

// Summary says what was found, without a word of it.
type Summary struct {
	Counts map[phi.Kind]int     // findings by kind; Literal is not counted
	Scores map[phi.Kind]float64 // the surest finding of each kind, 0 to 1
}

// Total is the number of findings.
func (s Summary) Total() int {
	n := 0
	for _, c := range s.Counts {
		n += c
	}
	return n
}

// Summary counts what the texts read so far hold.
func (v *Veil) Summary() Summary {
	v.settle()
	s := Summary{Counts: map[phi.Kind]int{}, Scores: map[phi.Kind]float64{}}
	for _, l := range v.order {
		s.count(v.read[l])
	}
	return s
}

func (s Summary) count(found []Finding) {
	for _, f := range found {
		if f.Kind.Identifies() {
			s.Counts[f.Kind]++
			s.Scores[f.Kind] = max(s.Scores[f.Kind], f.Score)
		}
	}
}

// Findings returns what was found in one text, in order: what a preview marks.
func (v *Veil) Findings(text string, w Where) []Finding {
	l := leaf{text, w.Label}
	if _, seen := v.read[l]; !seen {
		v.Read(text, w)
	}
	v.settle()
	return v.read[l]
}

// Conceal is the second pass: text with everything replaced that the profile
// does not keep, and the same string where that is nothing. After an error of the
// random source (see Err) it returns the empty string: nothing may be sent.
//
// A date that can be read with certainty is sent as its placeholder and its day
// on the session's own timeline, "DATE-7K2QAX (Day 14)": counted from the first
// such date that the session met, which is Day 0 for as long as the session
// lives. A date of birth is sent with its year, or with "90 or older". The
// Revealer takes back both with the placeholder. See timeline.go for why this
// tells no element of a date.
func (v *Veil) Conceal(text string, w Where) string {
	list := v.Replacements(text, w)
	if v.err != nil {
		return ""
	}
	if len(list) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	from := 0
	for _, r := range list {
		b.WriteString(text[from:r.Start])
		b.WriteString(r.Text)
		from = r.End
	}
	b.WriteString(text[from:])
	return b.String()
}

// Err is the error of the random source, if it failed. Whoever conceals must
// ask before sending anything.
func (v *Veil) Err() error { return v.err }

// Concealed is the number of places where something was replaced.
func (v *Veil) Concealed() int { return v.concealed }

// Revealer restores the placeholders of this veil's session.
func (v *Veil) Revealer() *Revealer { return NewRevealer(v.session) }
