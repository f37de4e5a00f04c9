package pack_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"chaperone/deid"
	"chaperone/deid/pack"
)

const newCase = "- text: \"see {name|Jo \\\"Q\\\" Smith}\\nand <b>\"\n%  from: \"INC-12\"\n%  added: 2026-11-22\n"

// Each source is a pack around the mark where the new case belongs.
var places = map[string]string{
	"no cases yet":           "name: a\nversion: 1\ndeny: [{words: ab, kind: name}]\n\ncases:\n  @",
	"no line end":            "name: a\nversion: 1\ndeny: [{words: ab, kind: name}]",
	"cases last":             "name: a\nversion: 1\ncases:\n  - text: one\n    from: I 1\n  @",
	"cases without indent":   "name: a\nversion: 1\ncases:\n- text: one\n@",
	"a block of text":        "name: a\nversion: 1\ncases:\n  - text: |\n      one\n\n      two\n  @",
	"another key afterwards": "name: a\nversion: 1\ncases:\n    - text: one # so\n    @\n# words\n\ndeny: [{words: ab, kind: name}]\n",
}

func TestACaseIsAddedAndTheRestStaysAsItWas(t *testing.T) {
	for name, place := range places {
		before, after, marked := strings.Cut(place, "@")
		var src, want string
		if marked {
			indent := before[strings.LastIndexByte(before, '\n')+1:]
			src = strings.TrimSuffix(before, indent) + after
			if name == "no cases yet" {
				src = strings.TrimSuffix(before, "\ncases:\n  ")
			}
			want = before + strings.ReplaceAll(newCase, "%", indent) + after
		} else {
			src, want = before, before+"\n\ncases:\n  "+strings.ReplaceAll(newCase, "%", "  ")
		}
		got, p, err := pack.AddCase("a.yaml", []byte(src), "see {name|Jo \"Q\" Smith}\nand <b>", "INC-12", day)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if string(got) != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
		if p.Cases[len(p.Cases)-1].From != "INC-12" {
			t.Errorf("%s: %+v", name, p.Cases)
		}
	}
}

func TestACaseThatCannotBeAddedChangesNothing(t *testing.T) {
	const whole = "name: a\nversion: 1\ndeny: [{words: ab, kind: name}]\n"
	for name, c := range map[string]struct{ src, text, from string }{
		"a pack with faults":     {"name: A\n", "a", ""},
		"cases in brackets":      {whole + "cases: [{text: a}]\n", "a", ""},
		"no cases in brackets":   {whole + "cases: []\n", "a", ""},
		"a pack in braces":       {"{name: a, version: 1, deny: [{words: ab, kind: name}]}", "a", ""},
		"a mark that is open":    {whole, "see {name|Jo", ""},
		"no text":                {whole, " ", ""},
		"an odd incident":        {whole, "a", "INC\n12"},
		"a text that is no text": {whole, "\xff", ""},
		"a text that is long":    {whole, strings.Repeat("a", 65<<10), ""},
	} {
		out, p, err := pack.AddCase("a.yaml", []byte(c.src), c.text, c.from, day)
		if err == nil || out != nil || p != nil {
			t.Errorf("%s: it is added", name)
		}
		var faults pack.Faults
		if !errors.As(err, &faults) && name != "a text that is no text" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShapesAreProposedWithoutTheNumbers(t *testing.T) {
	in := strings.Join([]string{
		"CC-448120", "CC-448121", "cc-448122", "  CC‑448123 ", "CC-448124", "",
		"12345678901", "12345678902", "JO/12", "QA 4*4", "no number", strings.Repeat("1", 70), "日1",
	}, "\n")
	list, skipped, err := pack.Propose(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	want := []pack.Proposal{{"CC-######", 5}, {"#{11}", 2}, {"@@ #\\*#", 1}, {"@@/##", 1}}
	if len(list) != len(want) || skipped != 3 {
		t.Fatalf("%v, %d skipped", list, skipped)
	}
	for i := range want {
		if list[i] != want[i] {
			t.Errorf("%v, want %v", list[i], want[i])
		}
	}
	if _, _, err := pack.Propose(strings.NewReader(strings.Repeat("1", 1<<17))); err == nil {
		t.Error("a line without end is taken")
	}
}

// FuzzPropose: whatever is proposed is a shape that its number has.
func FuzzPropose(f *testing.F) {
	f.Add("CC-448120")
	f.Add(`A\1[]{}*#@ 2`)
	f.Fuzz(func(t *testing.T, number string) {
		if !utf8.ValidString(number) || strings.ContainsAny(number, "\n\r") || strings.Contains(deid.Plain(number), "[[") { // a mark of samples
			return
		}
		list, _, err := pack.Propose(strings.NewReader(number + "\n"))
		if err != nil || len(list) == 0 {
			return
		}
		src := head + "rules:\n  - {id: a, kind: code, shape: " + quoted(list[0].Shape) + ", hits: " + quoted("_ "+number+" _") + "}\n"
		if _, err := pack.Parse("a.yaml", []byte(src)); err != nil {
			t.Fatalf("%q proposes %q: %v", number, list[0].Shape, err)
		}
	})
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string is always JSON
	return string(b)
}
