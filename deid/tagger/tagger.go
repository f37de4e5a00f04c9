// Package tagger finds names of people, places and organisations by the company
// they keep: a linear chain of weights over words, their shapes, what the lists
// know about them, and their neighbours. The weights were learned from texts
// about people who never lived (package deid/synth) and ship with the program;
// docs/model-card.md says what they were measured to do and to miss.
//
// It owns the statistical part of detection and nothing else: it knows no
// rules, no numbers and no dates, and refuses to be the only reader of a text.
// It is pure and takes time linear in the text.
//
// # How an engine combines it with rules
//
// Rules see what has a form or a cue; the tagger sees what has neither. Take
// the union: keep every finding of the rules, and add those of the tagger whose
// Margin reaches what the text asks for, that no date or number overlaps, and
// that no guard holds (eponyms before disease or sign, drugs, devices, codes,
// states and provinces); where a rule found part of one, take the whole. A
// single word that the lists know as an ordinary or clinical word should not be
// added on the tagger's word alone unless its Margin is large.
package tagger

import (
	"chaperone/phi"
	"chaperone/reference"
)

// Span is what the tagger takes for an identifier: phi.Name, phi.Place or
// phi.Org, in UTF-8 byte offsets of the text, End exclusive.
type Span struct {
	Start, End int
	Kind       phi.Kind
	Score      float64 // 0 to 1: the share of such words that were identifiers in texts of styles it had not learned from
}

// Model is the weights with the lists they were learned with. It never changes
// after New and is safe for concurrent use.
type Model struct {
	lex *reference.Lexicon
	weights
}

// New reads the embedded weights; lex must be the lists of the same release.
// The error says that the weights are malformed; with those of a release it is
// always nil.
func New(lex *reference.Lexicon) (*Model, error) {
	m := &Model{lex: lex}
	if err := m.read(embedded); err != nil {
		return nil, err
	}
	return m, nil
}

// Find reads a text and yields what identifies, sorted, without overlaps.
func (m *Model) Find(text string) []Span { return m.Read(text).Spans(m.bias) }

// Read reads a text once, for all questions that may be asked about it.
func (m *Model) Read(text string) *Reading { return m.ReadTokens(text, m.Tokens(text)) }

// ReadTokens is Read over tokens that the caller has cut already: in order,
// inside the text, with the keys and entries of the model's lists.
func (m *Model) ReadTokens(text string, tokens []Token) *Reading {
	r := &Reading{model: m, page: m.open(text, tokens)}
	n := len(r.page.chain)
	r.labels, r.margins = make([]label, 0, n), make([]int32, 0, n)
	x := lattice{echoes: echoesOf(r.page)}
	for i := 0; i < n; {
		j := r.page.run(i)
		r.decode(&x, i, j)
		i = j
	}
	return r
}

// Bias is how sure the tagger must be, class by class: the margin, in the units
// of the weights, from which a word counts. Lower finds more and touches more;
// the zero Bias is the learned boundary.
type Bias struct{ Name, Place, Org int32 }

// of yields the bias for a label.
func (b Bias) of(l label) int32 {
	switch l.kind() {
	case phi.Place:
		return b.Place
	case phi.Org:
		return b.Org
	}
	return b.Name
}
