package main

import (
	"encoding/json"
	"fmt"
	"io"

	"chaperone/deid/format"
	"chaperone/internal/api"
	"chaperone/phi"
)

// tally counts what was concealed, and can tell where as it goes.
type tally struct {
	counts map[phi.Kind]int
	places io.Writer // nil: places are not told
	name   string    // of the document, before each place
	list   []told    // every place, up to maxListed
	more   int       // places beyond
	kept   *api.Kept // where the placeholders are kept, if they are
}

// told is a place as a report tells it.
type told struct {
	Line   int    `json:"line"`
	Where  string `json:"where"`
	Row    int    `json:"row,omitempty"`
	Column int    `json:"column,omitempty"`
	Kind   string `json:"kind"`
}

// maxListed bounds how many places a report lists: memory is not to grow with
// the document.
const maxListed = 100_000

func newTally(places io.Writer, name string) *tally {
	return &tally{counts: map[phi.Kind]int{}, places: places, name: name}
}

// add takes one place. What is told of it holds no word of the document.
func (t *tally) add(p format.Place) {
	if p.Kind == phi.Literal {
		return
	}
	t.counts[p.Kind]++
	if len(t.list) < maxListed {
		t.list = append(t.list, told{Line: p.Line, Where: p.Path, Row: p.Row, Column: p.Column, Kind: p.Kind.Word()})
	} else {
		t.more++
	}
	if t.places != nil {
		fmt.Fprintf(t.places, "%s:%d: %s: %s\n", t.name, p.Line, p.Path, p.Kind.Plain())
	}
}

func (t *tally) total() int {
	n := 0
	for _, c := range t.counts {
		n += c
	}
	return n
}

// words are the counts under the words that placeholders begin with.
func (t *tally) words() map[string]int {
	m := make(map[string]int, len(t.counts))
	for k, n := range t.counts {
		m[k.Word()] = n
	}
	return m
}

// json writes the counts and the places as one JSON object.
func (t *tally) json(w io.Writer) error {
	report := struct {
		Findings map[string]int `json:"findings"`
		Places   []told         `json:"places"`
		More     int            `json:"more,omitempty"`
		Kept     *api.Kept      `json:"kept,omitempty"`
	}{t.words(), t.list, t.more, t.kept}
	if report.Places == nil {
		report.Places = []told{}
	}
	return json.NewEncoder(w).Encode(report)
}

// print prints the counts, kind by kind in Safe Harbor's order.
func (t *tally) print(w io.Writer) {
	for _, k := range phi.Kinds() {
		if n := t.counts[k]; n > 0 {
			fmt.Fprintf(w, "%6d  %-10s %s\n", n, k.Word(), k.Plain())
		}
	}
	fmt.Fprintf(w, "%6d  in all\n", t.total())
}
