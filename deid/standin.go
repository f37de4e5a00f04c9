package deid

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// standIns finds the texts that stand for others without the form of a
// placeholder: shifted dates and invented names. What finds them in an answer
// must not take part of a longer word for one, so they begin and end where runs
// of letters and digits do.
type standIns struct {
	values   map[string]string   // text -> what it stands for
	of       map[string]string   // and back
	words    map[string]string   // folded word of a name -> invented word
	lengths  map[string][]int    // of the texts that begin with a run, the longest first
	parts    map[string]string   // word of an invented name, folded small -> word of the name
	prefixes map[string]struct{} // of texts of more than one run
	longest  int
}

func newStandIns() *standIns {
	return &standIns{values: map[string]string{}, of: map[string]string{}, words: map[string]string{}, lengths: map[string][]int{}, parts: map[string]string{}, prefixes: map[string]struct{}{}}
}

// add takes a pair in; the text must begin with a letter or digit.
func (x *standIns) add(text, value string) {
	start, end := firstRun(text, 0)
	if start != 0 || start == end {
		return
	}
	x.values[text] = value
	x.longest = max(x.longest, len(text))
	lengths := x.lengths[text[:end]]
	if !slices.Contains(lengths, len(text)) {
		lengths = append(lengths, len(text))
		slices.SortFunc(lengths, func(a, b int) int { return b - a })
		x.lengths[text[:end]] = lengths
	}
	for i := end + 1; i <= len(text); i++ {
		x.prefixes[text[:i]] = struct{}{}
	}
}

// beginsWithRun reports whether a text begins with a letter or digit; one that
// does not could never be found again.
func beginsWithRun(text string) bool {
	start, end := firstRun(text, 0)
	return start == 0 && end > 0
}

// takes reports whether a text is there already.
func (x *standIns) takes(text string) bool {
	_, ok := x.values[text]
	return ok
}

// standInHit is a place where a stand-in was found.
type standInHit struct {
	start, end int
	value      string
}

// find returns the stand-ins in text, from left to right, the longest that
// begins at a place. Of names, single words count too, in any case. While more
// text may come (open), hold is how many of the last bytes are not decided: what
// may yet become a stand-in, and always the last word, so that what is left
// begins where a word does. altered counts words that go on where one of an
// invented name ends.
func (x *standIns) find(text string, open bool) (hits []standInHit, hold, altered int) {
	whole := len(text)
	if open {
		whole = wholeRunes(text)
	}
	for i := 0; i < whole; {
		start, end := firstRun(text[:whole], i)
		if start == end {
			break
		}
		i = end
		if open && x.undecided(text[start:whole], end-start) {
			return hits, len(text) - start, altered
		}
		if stop, value, ok := x.at(text, start, end); ok {
			hits = append(hits, standInHit{start, stop, value})
			i = stop
		} else if value, ok := x.part(text[start:end]); ok {
			hits = append(hits, standInHit{start, end, value})
		} else {
			altered += x.alteredPart(text[start:end])
		}
	}
	return hits, len(text) - whole, altered
}

// undecided reports whether the rest of a text, which begins with a run of the
// given length, may still become a stand-in.
func (x *standIns) undecided(rest string, run int) bool {
	if run == len(rest) && run <= longestRun {
		return true
	}
	if len(rest) > x.longest {
		return false
	}
	_, ok := x.prefixes[rest]
	return ok
}

// wholeRunes is the length of text without a character that was cut at its end.
func wholeRunes(text string) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if cutRune(text[len(text)-n:]) {
			return len(text) - n
		}
	}
	return len(text)
}

// at yields the end of the stand-in that begins with the run text[start:end].
func (x *standIns) at(text string, start, end int) (stop int, value string, ok bool) {
	for _, n := range x.lengths[text[start:end]] {
		if stop = start + n; stop > len(text) || continues(text, stop) {
			continue
		}
		if value, ok = x.values[text[start:stop]]; ok {
			return stop, value, true
		}
	}
	return 0, "", false
}

// part restores one word of an invented name, in the case in which it stands.
func (x *standIns) part(run string) (string, bool) {
	if len(x.parts) == 0 {
		return "", false
	}
	value, ok := x.parts[strings.ToLower(run)]
	if !ok {
		return "", false
	}
	if run == strings.ToLower(run) {
		return strings.ToLower(value), true
	}
	if len(run) > 1 && run == strings.ToUpper(run) {
		return strings.ToUpper(value), true
	}
	return value, true
}

// alteredPart counts a word that goes on where an invented one ends: whoever
// reads the answer should know that a name in it may be nobody's.
func (x *standIns) alteredPart(run string) int {
	if len(x.parts) == 0 || len(run) > 40 {
		return 0
	}
	small := strings.ToLower(run)
	for n := len(small) - 1; n >= 4; n-- {
		if _, ok := x.parts[small[:n]]; ok {
			return 1
		}
	}
	return 0
}

// longestRun bounds the word that is held back at the end of a piece of a
// stream; no stand-in has a longer one.
const longestRun = 64

// nameParts makes the words of an invented name known by themselves.
func (x *standIns) nameParts(text, value string) {
	invented, real := nameWords(text), nameWords(value)
	if len(invented) != len(real) {
		return
	}
	for i, w := range invented {
		if utf8.RuneCountInString(w) < 3 {
			continue // an initial is nobody's
		}
		w = strings.ToLower(w)
		if _, known := x.parts[w]; !known {
			x.parts[w] = titled(real[i])
		}
	}
}

// titled writes a word with a capital if it has none of its own.
func titled(word string) string {
	if word != strings.ToLower(word) && (word != strings.ToUpper(word) || utf8.RuneCountInString(word) < 2) {
		return word
	}
	_, n := utf8.DecodeRuneInString(word)
	return strings.ToUpper(word[:n]) + strings.ToLower(word[n:])
}
