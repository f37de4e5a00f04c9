package risk

import (
	"strings"

	"chaperone/reference"
)

// signs say of a word what it may be part of. Those that rest on what the word
// is can be there without a reason, because two words may meet in the table;
// they are never missing. Whoever sees one looks at the word itself.
type signs uint16

const (
	wide     signs = 1 << iota // holds more than ASCII
	capital                    // begins with a capital letter
	digit                      // begins with a digit once it is folded
	ofTrait                    // begins a trait's form
	ofCue                      // begins a cue of a category
	ofAge                      // a word for a number or an age
	ofSex                      // a noun or pronoun that says a sex, or that somebody is a patient
	ofMonth                    // the name of a month
	ofRural                    // says that something is outside of towns
	ofCounty                   // ends the name of a county
	ofHouse                    // begins the name of an institution, in French
	ofKind                     // ends the name of an institution
	ofArea                     // begins the name of a state, a province or a country
	ofTown                     // begins the name of a town
	leadsIn                    // may stand before where somebody lives
)

// The words behind the signs that have no list of their own.
const (
	ruralWords = "rural rurale remote village hamlet ranch reservation town reserve"
	counties   = "county parish borough"
	houses     = "hopital chu chum clsc chsld"
	houseKinds = "hospital clinic hospice " + centers
	centers    = "center centre"
	leadingIns = "in of a de"
)

// gate holds the signs of all words that matter, by their hash.
type gate [1 << 16]signs

func (g *gate) look(h uint32) signs { return g[(h^h>>16)&(1<<16-1)] }

func (g *gate) add(s signs, words ...string) {
	for _, w := range words {
		h := hash(w)
		g[(h^h>>16)&(1<<16-1)] |= s
	}
}

func newGate(people *reference.People, traits *phrases[reference.Trait], cues *phrases[Category]) *gate {
	g := &gate{}
	for w := range traits.by {
		g.add(ofTrait, w)
	}
	for w := range cues.by {
		g.add(ofCue, w)
	}
	for w := range numberWords {
		g.add(ofAge, w)
	}
	for w := range ageWords {
		g.add(ofAge, w)
	}
	for _, words := range []map[string]sex{sexNouns, pronouns} {
		for w := range words {
			g.add(ofSex, w)
		}
	}
	for s, list := range map[signs]string{
		ofSex: subjects, ofMonth: months, ofRural: ruralWords, ofCounty: counties, ofHouse: houses, ofKind: houseKinds, leadsIn: leadingIns,
	} {
		g.add(s, strings.Fields(list)...)
	}
	for name := range people.AreaNames() {
		g.add(ofArea, strings.Fields(name)[0])
	}
	for name := range people.TownNames() {
		g.add(ofTown, strings.Fields(name)[0])
	}
	return g
}
