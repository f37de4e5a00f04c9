package deid

import (
	"strings"
	"testing"
)

// FuzzAnyAnswer proves that it does not matter how a stream is cut: whatever the
// model writes around what it was sent, the pieces become what the whole becomes.
// {D}, {N}, {P} and {Q} in the answer are a date, a name, and an invented name
// and its second word.
func FuzzAnyAnswer(f *testing.F) {
	for _, s := range []string{"{D} (Day 0)", "**{D}** (Day 0) {N}", "{P}'s and {Q}", "{D} (90 or older", "{D}*_`\u00a0(day\u202f0)", "x{N}{D}(Day%2D0)", "{P} {Q}s {P}", "\xe2{Q}\xc3", "name{N}-{D} (", "{Q} {P}é"} {
		f.Add(s, 1)
		f.Add(s, 5)
	}
	s := NewSession(nil, steady(3))
	sent := through(f, s, "Mr. John Smith, seen 2024-03-15.")[0]
	invented := strings.TrimPrefix(under(f, s, SafeHarbor().Realistic(), "Mr. Adam Reed")[0], "Mr. ")
	var name, date string
	for _, m := range matches(sent) {
		if strings.HasPrefix(m.normal, "NAME") {
			name = m.normal
		} else {
			date = m.normal
		}
	}
	fill := strings.NewReplacer("{D}", date, "{N}", name, "{P}", invented, "{Q}", invented[strings.IndexByte(invented, ' ')+1:])
	f.Fuzz(func(t *testing.T, answer string, size int) {
		answer = fill.Replace(answer)
		want := NewRevealer(s).Reveal(answer)
		if got := inPieces(s, answer, size); got != want {
			t.Fatalf("%q becomes %q, but in pieces of %d %q", answer, want, size, got)
		}
	})
}
