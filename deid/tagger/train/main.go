// Command train makes the weights of the tagger from texts about people who
// never lived, byte for byte the same from the same lists, frames and carriers.
// It owns which styles and carriers are learned from and which are held out,
// and refuses any other text: everybody in a carrier is exchanged first.
//
//	go run ./deid/tagger/train          writes deid/tagger/data/weights.bin
//	go run ./deid/tagger/train -check   compares instead of writing
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"chaperone/deid/tagger"
	"chaperone/reference"
)

// bias is how sure the tagger must be by default: the learned boundary, for
// every class. A profile that fears misses more than touched words goes lower.
var bias = tagger.Bias{}

func main() {
	check := flag.Bool("check", false, "compare with the weights that are there instead of writing them")
	out := flag.String("o", "deid/tagger/data/weights.bin", "where the weights are")
	notes := flag.Int("notes", 800, "notes of each style to learn from")
	lists := flag.String("lists", "reference/data", "where the lists are")
	var from carrierSource
	flag.StringVar(&from.dir, "carriers", "deid/testdata/tuning", "where the marked texts by other hands are")
	flag.IntVar(&from.times, "times", 15, "how often each of them is written about others")
	var e tagger.Effort
	flag.IntVar(&e.Rounds, "rounds", 8, "passes over the texts")
	margin := flag.Int("margin", 40, "margin")
	miss := flag.Int("miss", 50, "how much worse a miss is, in percent")
	flag.IntVar(&e.Blind, "blind", 35, "features hidden at each step, in percent")
	flag.Parse()
	e.Margin, e.Miss, e.Seldom = int32(*margin), int32(*miss), 3
	if err := train(*out, *lists, *notes, from, e, *check); err != nil {
		fmt.Fprintln(os.Stderr, "train: error:", err)
		os.Exit(1)
	}
}

func train(out, lists string, notes int, from carrierSource, e tagger.Effort, check bool) error {
	lex, err := reference.Load()
	if err != nil {
		return err
	}
	v, err := readVocabulary(lists)
	if err != nil {
		return err
	}
	learn, err := v.corpus(1, learned(), knownOrigins(), notes)
	if err != nil {
		return err
	}
	others, keptBack, err := readCarriers(from.dir)
	if err != nil {
		return err
	}
	more, err := v.carriers(lex, others, knownOrigins(), from.times)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d generated texts and %d of %d by other hands to learn from\n", len(learn), len(more), len(others))
	learn = append(learn, more...)
	m := tagger.Learn(lex, learn, e)
	held, err := v.corpus(2, heldOutStyles, heldOutOrigins, 300)
	if err != nil {
		return err
	}
	m.Calibrate(held, bias)
	b := m.Bytes()
	fmt.Fprintf(os.Stderr, "%d bytes of weights\n", len(b))
	if err := v.measure(os.Stdout, m); err != nil {
		return err
	}
	measureCarriers(os.Stdout, m, keptBack)
	if !check {
		return os.WriteFile(out, b, 0o644) //nolint:gosec // weights are public data of the program
	}
	old, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, b) {
		return fmt.Errorf("the weights in %s are not those that the lists and frames of today give", out)
	}
	fmt.Fprintln(os.Stderr, "the weights are the same, byte for byte")
	return nil
}

// carrierSource is where the texts by other hands are, and how often each is
// written.
type carrierSource struct {
	dir   string
	times int
}
