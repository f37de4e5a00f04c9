package main

import (
	"slices"

	"chaperone/deid/synth"
	"chaperone/deid/tagger"
	"chaperone/phi"
)

// heldOutStyles are ways of writing that nothing is learned from. The features
// and the effort were chosen with an eye on them, and the scores are set by
// them.
var heldOutStyles = []string{
	"question", "urgences", "bare", "header", "en_paeds", "en_signoutlist", "en_nurseline", "en_usletter",
	"talk_prompts", "talk_family", "talk_desk", "clean_chat", "clean_more", "fr_ehpad", "es_mensaje",
}

// unseenStyles are learned from neither, and chose nothing: what the model card
// says about transfer is measured on them.
var unseenStyles = []string{
	"maternity", "claim", "handover", "soins", "en_dental", "en_shiftnotes", "en_hospice",
	"talk_mail", "talk_notices", "talk_voicemail", "clean_office", "clean_research", "fr_confrere", "fr_naissance", "fr_propre_oral", "es_carta", "es_urgencias",
}

// heldOutOrigins are origins of names that nothing is learned from.
var heldOutOrigins = []string{"greek", "turkish", "eastafrican", "korean", "indigenous", "portuguese"}

// learned lists the styles to learn from.
func learned() []string { return without(synth.Styles(), slices.Concat(heldOutStyles, unseenStyles)) }

func knownOrigins() []string { return without(synth.Origins(), heldOutOrigins) }

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// weight says of how many times as many notes a style is to be learned from:
// texts without identifiers are many in the world.
var weight = map[string]int{"prompt": 2, "general": 2}

// corpus writes notes of the styles about people of the origins, and varies
// how they use capitals.
func (v *vocabulary) corpus(seed uint64, styles, origins []string, notes int) ([]tagger.Example, error) {
	w, err := synth.NewWorld(seed)
	if err != nil {
		return nil, err
	}
	if err := w.Only(origins...); err != nil {
		return nil, err
	}
	c := &caser{state: seed * 7919}
	if len(origins) > 10 {
		v.enrich(w)
	}
	var out []tagger.Example
	for _, s := range styles {
		for range notes * max(1, weight[s]) {
			n, err := w.Note(s)
			if err != nil {
				return nil, err
			}
			out = append(out, example(c.vary(n)))
		}
	}
	out = append(out, v.wordless(c, notes)...)
	return out, nil
}

// example keeps what the tagger learns.
func example(n synth.Note) tagger.Example {
	x := tagger.Example{Text: n.Text}
	for _, s := range n.Spans {
		switch s.Kind {
		case phi.Name, phi.Place, phi.Org:
			x.Spans = append(x.Spans, tagger.Span{Start: s.Start, End: s.End, Kind: s.Kind})
		}
	}
	return x
}
