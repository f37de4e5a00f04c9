package main

import (
	"fmt"
	"io"

	"chaperone/deid/format"
	"chaperone/phi"
)

// tally counts what was concealed, and can tell where as it goes.
type tally struct {
	counts map[phi.Kind]int
	places io.Writer // nil: places are not told
	name   string    // of the document, before each place
}

func newTally(places io.Writer, name string) *tally {
	return &tally{counts: map[phi.Kind]int{}, places: places, name: name}
}

// add takes one place. What is told of it holds no word of the document.
func (t *tally) add(p format.Place) {
	if p.Kind == phi.Literal {
		return
	}
	t.counts[p.Kind]++
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

// print prints the counts, kind by kind in Safe Harbor's order.
func (t *tally) print(w io.Writer) {
	for _, k := range phi.Kinds() {
		if n := t.counts[k]; n > 0 {
			fmt.Fprintf(w, "%6d  %-10s %s\n", n, k.Word(), k.Plain())
		}
	}
	fmt.Fprintf(w, "%6d  in all\n", t.total())
}
