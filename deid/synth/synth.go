// Package synth makes people who never lived, and the texts that are written
// about them: notes, letters, prompts, dictations, talk, messages, in English,
// French and Spanish, with the place and kind of everything that identifies.
//
// It owns the pools of names, the towns, the numbering schemes and the sentence
// frames, all written for this purpose. It refuses to hold a real person or a
// text from elsewhere. Names, towns and numbers are drawn independently: that a
// drawn combination is somebody's is chance, and no one is meant. Telephone
// numbers come from the ranges that regulators keep free for fiction where
// there are such ranges, e-mail addresses from domains kept for examples.
//
// Everything follows from the seed: the same seed yields the same people and
// the same bytes.
package synth

import (
	"fmt"

	"chaperone/phi"
)

// Mark is what every generated person carries, so that no one takes a
// generated record for a real one.
const Mark = "synthetic: this person never lived"

// Span is one identifier in a text, in UTF-8 byte offsets, End exclusive.
type Span struct {
	Start, End int
	Kind       phi.Kind
}

// Note is a generated text with everything in it that identifies. Spans are
// sorted and do not overlap. People are those it may speak of; each carries
// Mark.
type Note struct {
	Style  string
	Text   string
	Spans  []Span
	People []Person
}

// World makes people and notes. It is not safe for concurrent use.
type World struct {
	dice    dice
	origins []*origin
	styles  map[string]*style
	words   *style
	towns   []string // lent by the caller
}

// NewWorld reads the embedded frames and pools. The error names the file and
// line that is malformed; with the files of a release it is always nil.
func NewWorld(seed uint64) (*World, error) {
	w := &World{dice: dice{seed}}
	var err error
	if w.origins, err = loadOrigins(); err != nil {
		return nil, fmt.Errorf("synth: %w", err)
	}
	if w.styles, w.words, err = loadStyles(); err != nil {
		return nil, fmt.Errorf("synth: %w", err)
	}
	return w, nil
}

// Only limits the people to come to these origins (see Origins). Unknown names
// are ignored; with none left, or none given, every origin stays.
func (w *World) Only(names ...string) error {
	all, err := loadOrigins()
	if err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	var left []*origin
	for _, o := range all {
		for _, n := range names {
			if o.name == n {
				left = append(left, o)
			}
		}
	}
	if len(left) == 0 {
		left = all
	}
	w.origins = left
	return nil
}

// AddNames adds an origin of the caller's making: given names, used for
// everybody, and family names. It is as likely as share of the others
// together, in percent.
func (w *World) AddNames(name string, given, family []string, share int) {
	if len(given) == 0 || len(family) == 0 {
		return
	}
	weight := max(1, len(w.origins)*share/100)
	o := &origin{name: name, male: given, female: given, family: family}
	for range weight {
		w.origins = append(w.origins, o)
	}
}

// AddWords adds phrases to a list of the frames' vocabulary, such as "drug" or
// "device".
func (w *World) AddWords(list string, phrases []string) {
	w.words.rules[list] = append(w.words.rules[list], phrases...)
}

// AddTowns lends towns, which every second address then takes in place of one
// of its country's.
func (w *World) AddTowns(towns []string) { w.towns = append(w.towns, towns...) }
