package deid

import (
	"strings"
	"testing"
	"time"
)

func TestPercentEscapesAreReadWhereTheyAreText(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"every letter escaped":           {"Patient: %4D%61%72%69%73%6F%6C", "Patient: Marisol"},
		"letters of two bytes":           {"n=%4E%C3%BA%C3%B1%65%7A.", "n=Nunez."},
		"a number, after a colon":        {"MRN:%39%30%38%31", "MRN:9081"},
		"percentages in a row":           {"10%20%30%40%50%", "10%20%30%40%50%"},
		"two escapes are too few":        {"a %4D%61", "a %4D%61"},
		"what is no text ends the run":   {"%4D%61%72%01%69", "Mar%01%69"},
		"what is no text before a run":   {"%01%4D%61%72", "%01Mar"},
		"bytes that are not UTF-8":       {"%4D%61%72%FF%69", "Mar%FF%69"},
		"longer than is read at once":    {strings.Repeat("%4D", longestPercent+10), strings.Repeat("M", longestPercent+10)},
		"cut inside a letter at its end": {strings.Repeat("%4D", longestPercent-1) + "%C3%BA%4D%4D", strings.Repeat("M", longestPercent-1) + "uMM"},
	} {
		got, back := fold(c.text)
		if got != c.want {
			t.Errorf("%s: %q folds to %q, want %q", name, c.text, got, c.want)
		}
		if back != nil && len(back) != len(got)+1 {
			t.Errorf("%s: %d places for %d bytes", name, len(back), len(got))
		}
	}
}

// A text of nothing but percentages must be read in the time of one pass.
func TestPercentEscapesAreReadInLinearTime(t *testing.T) {
	long := "1" + strings.Repeat("%31", 1<<20)
	done := make(chan struct{})
	go func() {
		fold(long)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("folding 3 MiB took more than a minute")
	}
}
