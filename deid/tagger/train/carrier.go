package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"chaperone/deid/synth"
	"chaperone/phi"
)

// A carrier is a text by another hand whose people, places and institutions
// are marked, {kind|text}. What it says about nobody is learned from as it is;
// who is in it is exchanged each time, so that the company is learned and never
// the names.
type carrier struct {
	pieces []piece
	tongue string // en, fr, es
}

// piece is a stretch of a carrier; kind is phi.None where it identifies nobody.
type piece struct {
	text string
	kind phi.Kind
}

// keptOut begins the names of the carriers that nothing is learned from: the
// newest by another hand.
const keptOut = "seventh-look-"

// readCarriers reads the marked texts of a folder: those to learn from, and
// those that are kept out to measure with.
func readCarriers(dir string) (learn, measure []carrier, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*-look*.txt"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("no marked texts in %s", dir)
	}
	slices.Sort(names)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		for text := range strings.SplitSeq(strings.Trim(string(b), "\n"), "\n---\n") {
			k, err := parseCarrier(strings.Trim(text, "\n"))
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			if strings.HasPrefix(filepath.Base(name), keptOut) {
				measure = append(measure, k)
			} else {
				learn = append(learn, k)
			}
		}
	}
	return learn, measure, nil
}

// parseCarrier cuts a text at its marks. A brace that no kind follows is a
// brace.
func parseCarrier(text string) (carrier, error) {
	var k carrier
	plain := ""
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			plain += text
			break
		}
		word, after, _ := strings.Cut(text[open+1:], "|")
		kind, ok := phi.ParseKind(word)
		if !ok {
			plain += text[:open+1]
			text = text[open+1:]
			continue
		}
		marked, rest, ok := strings.Cut(after, "}")
		if !ok || marked == "" || strings.ContainsAny(marked, "{\n") {
			return carrier{}, fmt.Errorf("a mark of kind %s is empty or not closed", kind)
		}
		k.pieces = append(k.pieces, piece{text: plain + text[:open]}, piece{text: marked, kind: kind})
		plain, text = "", rest
	}
	k.pieces = append(k.pieces, piece{text: plain})
	k.tongue = tongueOf(k.pieces)
	return k, nil
}

// small words tell the tongue of a text.
var smallWords = map[string]string{
	"le": "fr", "les": "fr", "des": "fr", "du": "fr", "et": "fr", "une": "fr", "au": "fr", "pour": "fr", "avec": "fr", "est": "fr", "née": "fr", "né": "fr", "mme": "fr",
	"el": "es", "los": "es", "las": "es", "con": "es", "por": "es", "para": "es", "una": "es", "del": "es", "su": "es", "y": "es", "mi": "es",
	"the": "en", "of": "en", "and": "en", "to": "en", "with": "en", "for": "en", "is": "en", "at": "en", "on": "en", "her": "en", "his": "en", "in": "en",
}

// tongueOf yields the tongue that most small words of the text belong to,
// English where nothing tells.
func tongueOf(pieces []piece) string {
	count := map[string]int{}
	for _, p := range pieces {
		if p.kind != phi.None {
			continue
		}
		for _, w := range strings.FieldsFunc(strings.ToLower(p.text), notLetter) {
			count[smallWords[w]]++
		}
	}
	best := "en"
	for _, t := range []string{"fr", "es"} {
		if count[t] > count[best] {
			best = t
		}
	}
	return best
}

// note yields the carrier as it is.
func (k carrier) note() synth.Note {
	var n synth.Note
	for _, p := range k.pieces {
		if p.kind != phi.None {
			n.Spans = append(n.Spans, synth.Span{Start: len(n.Text), End: len(n.Text) + len(p.text), Kind: p.kind})
		}
		n.Text += p.text
	}
	return n
}
