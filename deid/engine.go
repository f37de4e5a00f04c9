package deid

import (
	"fmt"

	"chaperone/deid/tagger"
	"chaperone/phi"
	"chaperone/reference"
)

// Finding is one place in a text that can point at a person.
type Finding struct {
	Kind       phi.Kind
	Start, End int     // UTF-8 byte offsets in the text as it was given; End is exclusive
	Score      float64 // 0 to 1: how sure the rule is, not a probability
	Rule       string  // a short name of the rule, without any of the text
}

// Where says what a text stood under, where that is known.
type Where struct {
	Label string // the field name or key: "ssn", "patient_name"; may be empty
}

// Engine finds what identifies a person in text. It never changes after
// NewEngine and is safe for concurrent use.
type Engine struct {
	lex    *reference.Lexicon
	cues   *cueTable
	labels *labelTree
	tagger *tagger.Model
	names  func() (*namePool, error) // what invented names are made of
	rules  Rules                     // of the house; nil: none
	year   int
}

// In returns an engine that shares the lists of e and counts ages from year, so
// that it knows which years of birth make somebody older than 89. NewEngine
// counts from the year it was written in.
func (e *Engine) In(year int) *Engine {
	other := *e
	other.year = year
	return &other
}

// writtenIn is the year that ages are counted from where nobody says another.
const writtenIn = 2026

// NewEngine loads the lists, which takes some tens of milliseconds; make one
// and keep it. The error says which embedded list is malformed; with the lists
// of a release it is always nil.
func NewEngine() (*Engine, error) {
	lex, err := reference.Load()
	if err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	e := &Engine{lex: lex, cues: newCueTable(), names: newNamePool(lex), year: writtenIn}
	e.labels = newLabelTree(labelPhrases)
	if e.tagger, err = tagger.New(lex); err != nil {
		return nil, fmt.Errorf("deid: %w", err)
	}
	return e, nil
}

// Find returns what identifies in text, sorted by Start and without overlaps.
// It takes any bytes, valid UTF-8 or not, and time linear in their number.
func (e *Engine) Find(text string, w Where) []Finding { return e.find(text, w, 0) }

// find reads text that was decoded depth times.
func (e *Engine) find(text string, w Where, depth int) []Finding {
	if len(text) == 0 {
		return nil
	}
	return e.open(text).search(w, depth)
}

// search applies every rule to a page. It is for once: what the rules found stays on
// the page.
func (p *page) search(w Where, depth int) []Finding {
	p.depth = depth
	if w == Definition() {
		p.defines, w.Label = true, ""
	}
	p.findGuards()
	p.findHouse(w.Label)
	p.findEncoded()
	p.findMessages()
	p.findField(w.Label)
	p.findTables()
	p.findLabelled()
	p.findDigits()
	p.findDates()
	p.findCodes()
	p.findAges()
	p.findContacts()
	p.findAddresses()
	p.findBoard()
	p.findOrgs()
	p.findOrgsAgain()
	p.findPlaces()
	p.findSpeakers()
	p.findNames()
	p.findTagged()
	p.findBehind()
	p.findTraits()
	p.clearSoftware()
	p.clearPublic()
	p.clearAllowed()
	return p.settle()
}

// open folds and tokenises a text.
func (e *Engine) open(text string) *page {
	p := &page{Engine: e, src: text}
	p.txt, p.back = fold(text)
	p.tokenize()
	p.language()
	return p
}
