package deid

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chaperone/deid/synth"
	"chaperone/phi"
)

// restorable are the profiles whose texts come back as they were.
func restorable(t testing.TB) []Profile {
	shift := mustCustom(t, "treatments:\n  date: shift\n")
	return []Profile{SafeHarbor(), SafeHarbor().Reading(MonthFirst), Minimum(), shift, SafeHarbor().Realistic(), shift.Realistic()}
}

// comesBack conceals a text and wants it back, whole and in pieces.
func comesBack(t *testing.T, what, text string, p Profile) (concealed string) {
	t.Helper()
	s := NewSession(nil, steady(4))
	concealed = under(t, s, p, text)[0]
	if got := NewRevealer(s).Reveal(concealed); got != text {
		t.Errorf("%s under %s: %s", what, p, firstDifference(got, text))
	}
	for _, size := range []int{1, 7} {
		if got := inPieces(s, concealed, size); got != text {
			t.Errorf("%s under %s, in pieces of %d: %s", what, p, size, firstDifference(got, text))
		}
	}
	return concealed
}

// firstDifference shows where two texts part.
func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i, len(s))-20):min(len(s), i+40)] }
	return "got …" + cut(got) + "…, want …" + cut(want) + "…"
}

func TestNotesOfEveryStyleComeBackUnderEveryProfileThatRestores(t *testing.T) {
	w, err := synth.NewWorld(11)
	if err != nil {
		t.Fatal(err)
	}
	for _, style := range synth.Styles() {
		for range 2 {
			note, err := w.Note(style)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range restorable(t) {
				comesBack(t, style, note.Text, p)
			}
		}
	}
}

var dated = regexp.MustCompile(`DATE-[0-9A-Z]{6}( \((?:Day -?\d+|\d{4}|90 or older)\))?`)

// TestRealTextsComeBack goes through development data that is not part of the
// repository, and says how many dates have a day or a year.
func TestRealTextsComeBack(t *testing.T) {
	dir := os.Getenv("CHAPERONE_DATA")
	if dir == "" {
		t.Skip("SKIPPED: no development data; set CHAPERONE_DATA to measure")
	}
	for _, name := range []string{"mtsamples-dev.jsonl", "eds-pseudo-fr-dev.txt"} {
		file, err := os.Open(filepath.Join(dir, "deid", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		n, all, noted := 0, 0, 0
		for lines.Scan() && n < 3000 {
			if n++; n%10 != 0 {
				continue
			}
			for i, p := range restorable(t) {
				concealed := comesBack(t, name, lines.Text(), p)
				if i > 0 {
					continue
				}
				for _, m := range dated.FindAllStringSubmatch(concealed, -1) {
					if all++; m[1] != "" {
						noted++
					}
				}
			}
		}
		t.Logf("%s: %d of %d dates have a day or a year beside them", name, noted, all)
	}
}

// No treatment leaves a finding that the profile does not keep as it was.
func TestNothingFoundIsLeftByAnyProfile(t *testing.T) {
	w, err := synth.NewWorld(12)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(restorable(t), SafeHarborDataset()) {
		for _, style := range synth.Styles() {
			note, err := w.Note(style)
			if err != nil {
				t.Fatal(err)
			}
			v := NewVeil(testEngine(t), NewSession(nil, steady(5)))
			v.Under(p)
			list := v.Replacements(note.Text, Where{})
			next := 0
			for _, f := range v.Findings(note.Text, Where{}) {
				if !p.Conceals(f.Kind) {
					continue
				}
				surface := note.Text[f.Start:f.End]
				if next >= len(list) || list[next].Start != f.Start || list[next].End != f.End {
					t.Fatalf("%s: a %s is not replaced", p, f.Kind)
				}
				if now := list[next].Text; now == surface || f.Kind == phi.Name && len(surface) > 4 && strings.Contains(now, surface) {
					t.Errorf("%s: a %s of %d bytes is left", p, f.Kind, len(surface))
				}
				next++
			}
		}
	}
}
