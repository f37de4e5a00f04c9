package main

import (
	"slices"
	"strings"
	"testing"

	"chaperone/deid/synth"
	"chaperone/phi"
	"chaperone/reference"
)

func TestCarriersAreReadWithTheirMarksAndTheirTongue(t *testing.T) {
	for text, want := range map[string]carrier{
		"Call {name|Jane Roe} at {org|Roe & Co}.": {tongue: "en", pieces: []piece{{text: "Call "}, {"Jane Roe", phi.Name}, {text: " at "}, {"Roe & Co", phi.Org}, {text: "."}}},
		"a brace {is} a {nokind|brace}":           {tongue: "en", pieces: []piece{{text: "a brace {is} a {nokind|brace}"}}},
		"Mme {name|Roy} est vue pour le genou":    {tongue: "fr", pieces: []piece{{text: "Mme "}, {"Roy", phi.Name}, {text: " est vue pour le genou"}}},
		"{name|Ana} llama por su hijo":            {tongue: "es", pieces: []piece{{}, {"Ana", phi.Name}, {text: " llama por su hijo"}}},
	} {
		got, err := parseCarrier(text)
		if err != nil || got.tongue != want.tongue || !slices.Equal(got.pieces, want.pieces) {
			t.Errorf("%q: read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"{name|Jane", "{name|}", "{name|Jane\nRoe}"} {
		if _, err := parseCarrier(text); err == nil {
			t.Errorf("%q: a mark that is empty or not closed was read", text)
		}
	}
}

func TestTheNewestTextsByAnotherHandAreKeptOut(t *testing.T) {
	learn, measure, err := readCarriers("../../testdata/tuning")
	if err != nil {
		t.Fatal(err)
	}
	if len(learn) < 500 || len(measure) < 100 {
		t.Fatalf("%d carriers to learn from and %d to measure with", len(learn), len(measure))
	}
	kept := map[string]bool{}
	for _, k := range measure {
		kept[k.note().Text] = true
	}
	for _, k := range learn {
		if kept[k.note().Text] {
			t.Error("a text that is kept out is also learned from")
		}
	}
}

func TestEverybodyInACarrierIsExchangedAndNothingElse(t *testing.T) {
	learn, _, err := readCarriers("../../testdata/tuning")
	if err != nil {
		t.Fatal(err)
	}
	e := testExchanger(t)
	names, same := 0, 0
	for _, k := range learn {
		before, after := k.note(), e.write(k)
		if len(before.Spans) != len(after.Spans) || rest(before) != rest(after) {
			t.Fatalf("what identifies nobody changed: %q became %q", before.Text, after.Text)
		}
		for i, s := range before.Spans {
			o := after.Spans[i]
			if s.Kind != o.Kind {
				t.Fatalf("a %s became a %s", s.Kind, o.Kind)
			}
			if s.Kind == phi.Name && s.End-s.Start > 3 {
				names++
				if before.Text[s.Start:s.End] == after.Text[o.Start:o.End] {
					same++
				}
			}
		}
	}
	if same*100 > names {
		t.Errorf("%d of %d names stayed as they were", same, names)
	}
}

func TestWhoIsNamedTwiceIsExchangedForTheSame(t *testing.T) {
	e := testExchanger(t)
	k, err := parseCarrier("{name|OKAFOR, Linnea} came. Ms. {name|Okafor} is well, so is {name|linnea}.")
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		n := e.write(k)
		at := func(i int) string { return n.Text[n.Spans[i].Start:n.Spans[i].End] }
		if family := strings.ToUpper(at(1)); !strings.HasPrefix(at(0), family) {
			t.Errorf("%q is not called %q", at(0), family)
		}
		if !strings.HasSuffix(strings.ToLower(at(0)), at(2)) {
			t.Errorf("%q is not called %q", at(0), at(2))
		}
	}
}

func TestAPartOfANoteKeepsItsSpans(t *testing.T) {
	e := testExchanger(t)
	k, err := parseCarrier("one\n{name|Linnea}\nthree\n{name|Linnea}\nfive")
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		n := e.write(k)
		who := n.Text[n.Spans[0].Start:n.Spans[0].End]
		p := e.caser.part(n)
		if strings.Count(p.Text, who) < len(p.Spans) || !strings.Contains(n.Text, p.Text) {
			t.Fatalf("%q is no part of %q", p.Text, n.Text)
		}
		for _, s := range p.Spans {
			if p.Text[s.Start:s.End] != who {
				t.Fatalf("in %q a span holds %q", p.Text, p.Text[s.Start:s.End])
			}
		}
	}
}

func testExchanger(t *testing.T) *exchanger {
	t.Helper()
	lex, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	w, err := synth.NewWorld(3)
	if err != nil {
		t.Fatal(err)
	}
	return &exchanger{world: w, caser: &caser{state: 3}, lex: lex}
}

// rest is a text without its spans.
func rest(n synth.Note) string {
	var b strings.Builder
	from := 0
	for _, s := range n.Spans {
		b.WriteString(n.Text[from:s.Start])
		b.WriteByte('_')
		from = s.End
	}
	return b.String() + n.Text[from:]
}
