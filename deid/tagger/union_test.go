package tagger_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"chaperone/deid"
	"chaperone/deid/score"
	"chaperone/deid/synth"
	"chaperone/deid/tagger"
	"chaperone/phi"
	"chaperone/reference"
)

// What the trainer holds out: nothing was learned from these.
var (
	unseenStyles = []string{
		"maternity", "claim", "handover", "soins", "en_dental", "en_shiftnotes", "en_hospice", "talk_mail", "talk_notices", "talk_voicemail",
		"clean_office", "clean_research", "fr_confrere", "fr_naissance", "fr_propre_oral", "es_carta", "es_urgencias",
	}
	heldOutStyles = []string{
		"question", "urgences", "bare", "header", "en_paeds", "en_signoutlist", "en_nurseline", "en_usletter", "talk_prompts", "talk_family",
		"talk_desk", "clean_chat", "clean_more", "fr_ehpad", "es_mensaje",
	}
	heldOutOrigins = []string{"greek", "turkish", "eastafrican", "korean", "indigenous", "portuguese"}
)

// TestEngineAndTaggerSideBySide prints what the engine finds (rules, and the
// tagger as sure as the engine wants it), what the tagger finds alone, and what
// the plain union finds and touches. It asserts that the union never finds less
// than the engine. With CHAPERONE_ADDED set to a set's name it prints what the
// union touched that the engine had not.
func TestEngineAndTaggerSideBySide(t *testing.T) {
	dir := dataDir(t)
	e, m := engines(t)
	for _, set := range []struct {
		name  string
		texts []text
	}{
		{"french", french(t, dir)},
		{"generic", generic(t, dir)},
		{"visits", visits(t, dir)},
		{"talk", talk(t, dir)},
		{"clean", clean(t, dir)},
		{"held-out", generated(t, heldOutStyles, heldOutOrigins)},
		{"unseen", generated(t, unseenStyles, synth.Origins())},
	} {
		var rules, tags, both score.Report
		for _, x := range set.texts {
			found := e.Find(x.words, deid.Where{})
			read := m.Read(x.words)
			r := again(e, x.words, spansOf(found))
			s := spansOfTagger(read.Spans(tagger.Bias{}))
			rules.Add(x.words, x.gold, r)
			tags.Add(x.words, x.gold, s)
			both.Add(x.words, x.gold, again(e, x.words, slices.Concat(spansOf(found), s)))
			if os.Getenv("CHAPERONE_ADDED") == set.name {
				added(t, x, r, s)
			}
		}
		line(t, set.name, "engine", &rules)
		line(t, set.name, "tagger", &tags)
		line(t, set.name, "union", &both)
		if r, u := rules.All(), both.All(); u.Covered < r.Covered {
			t.Errorf("%s: the union covers %d identifiers, the engine %d", set.name, u.Covered, r.Covered)
		}
	}
}

// TestBiasTradesRecallForTouchedWords prints the curve that a customer can
// choose a point on, and asserts that it is one: a lower bias never finds less.
func TestBiasTradesRecallForTouchedWords(t *testing.T) {
	_, m := engines(t)
	texts := generated(t, heldOutStyles, heldOutOrigins)
	last := -1
	for _, b := range []int32{120, 80, 40, 0, -40, -80} {
		var r score.Report
		for _, x := range texts {
			r.Add(x.words, x.gold, spansOfTagger(m.Read(x.words).Spans(tagger.Bias{Name: b, Place: b, Org: b})))
		}
		line(t, "bias", fmt.Sprint(b), &r)
		touched := 0
		for _, c := range r.Kinds {
			touched += c.Touched
		}
		if touched < last {
			t.Errorf("with bias %d the tagger finds %d identifiers, with a higher one %d", b, touched, last)
		}
		last = touched
	}
}

func engines(t testing.TB) (*deid.Engine, *tagger.Model) {
	t.Helper()
	e, err := deid.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, err := tagger.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	return e, m
}

func spansOf(found []deid.Finding) []score.Span {
	var out []score.Span
	for _, f := range found {
		out = append(out, score.Span{Start: f.Start, End: f.End, Kind: f.Kind.String()})
	}
	return out
}

func spansOfTagger(found []tagger.Span) []score.Span {
	var out []score.Span
	for _, s := range found {
		out = append(out, score.Span{Start: s.Start, End: s.End, Kind: s.Kind.String()})
	}
	return out
}

// again does what an exchange does: names that were found are looked for
// everywhere else in the text.
func again(e *deid.Engine, words string, found []score.Span) []score.Span {
	var names []string
	for _, f := range found {
		if f.Kind == phi.Name.String() {
			names = append(names, words[f.Start:f.End])
		}
	}
	return append(found, spansOf(e.FindKnown(words, names))...)
}

func line(t *testing.T, set, what string, r *score.Report) {
	t.Helper()
	s := fmt.Sprintf("%-9s %-7s", set, what)
	for _, k := range []string{"name", "place", "org"} {
		if c := r.Kinds[k]; c != nil && c.Gold > 0 {
			s += fmt.Sprintf("  %s %.1f %% of %d (leaks %.1f %%)", k, 100*float64(c.Covered)/float64(c.Gold), c.Gold, 100*float64(c.Leaked)/float64(c.Chars))
		}
	}
	s += fmt.Sprintf("  other words touched %.2f %% of %d", 100*float64(r.Over)/float64(max(1, r.Tokens)), r.Tokens)
	t.Log(s)
}

func added(t *testing.T, x text, rules, tags []score.Span) {
	t.Helper()
	over := func(list []score.Span, s score.Span) bool {
		for _, r := range list {
			if r.Start < s.End && s.Start < r.End {
				return true
			}
		}
		return false
	}
	for _, s := range tags {
		if !over(rules, s) {
			t.Logf("ADDED %v %s %q in %q", over(x.gold, s), s.Kind, x.words[s.Start:s.End], x.words[max(0, s.Start-30):min(len(x.words), s.End+25)])
		}
	}
	for _, g := range x.gold {
		if !over(rules, g) && !over(tags, g) {
			t.Logf("MISSED %s %q in %q", g.Kind, x.words[g.Start:g.End], x.words[max(0, g.Start-30):min(len(x.words), g.End+25)])
		}
	}
}
