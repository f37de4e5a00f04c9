// Command train makes the weights of the tagger from texts about people who
// never lived, byte for byte the same from the same lists and frames. It owns
// which styles are learned from and which are held out, and refuses any text
// that was not generated here.
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
	var e tagger.Effort
	flag.IntVar(&e.Rounds, "rounds", 8, "passes over the texts")
	margin := flag.Int("margin", 40, "margin")
	miss := flag.Int("miss", 50, "how much worse a miss is, in percent")
	flag.IntVar(&e.Blind, "blind", 35, "features hidden at each step, in percent")
	flag.Parse()
	e.Margin, e.Miss, e.Seldom = int32(*margin), int32(*miss), 3
	if err := train(*out, *lists, *notes, e, *check); err != nil {
		fmt.Fprintln(os.Stderr, "train: error:", err)
		os.Exit(1)
	}
}

func train(out, lists string, notes int, e tagger.Effort, check bool) error {
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
	fmt.Fprintf(os.Stderr, "%d texts to learn from\n", len(learn))
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
