package deid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/phi"
)

// knownIndex finds surfaces that the session has already met, wherever they
// stand: a record number that had a label once has none in the next question.
// It is keyed by the first run of letters and digits of each surface. Names are
// not in it: Engine.FindKnown looks for them and their parts.
type knownIndex struct {
	by    map[string][]knownSurface
	first [256]bool // the bytes that surfaces begin with
}

func newKnownIndex() *knownIndex { return &knownIndex{by: map[string][]knownSurface{}} }

type knownSurface struct {
	kind phi.Kind
	text string
}

// knownRule is the rule of findings that rest on memory.
const knownRule = "known"

// distinctive reports whether a surface is particular enough to be taken for
// itself without its context: "987654" is, "12" and "May 5" are not.
func distinctive(kind phi.Kind, surface string) bool {
	switch kind {
	case phi.Name, phi.Literal, phi.Age, phi.Image:
		return false
	case phi.Date, phi.Place, phi.Org, phi.Street:
		return utf8.RuneCountInString(surface) >= 8
	}
	alnum := 0
	for _, r := range surface {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			alnum++
		}
	}
	return alnum >= 5
}

// add reports whether the surface is there from now on and was not before.
func (x *knownIndex) add(kind phi.Kind, surface string) bool {
	if !distinctive(kind, surface) {
		return false
	}
	start, end := firstRun(surface, 0)
	if start != 0 {
		return false
	}
	run := surface[start:end]
	for _, k := range x.by[run] {
		if k.text == surface {
			return false
		}
	}
	x.by[run] = append(x.by[run], knownSurface{kind, surface})
	x.first[surface[0]] = true
	return true
}

// find returns where known surfaces stand in text as whole words.
func (x *knownIndex) find(text string) []Finding {
	if len(x.by) == 0 {
		return nil
	}
	var found []Finding
	for i := 0; i < len(text); {
		start, end := firstRun(text, i)
		if start == end {
			break
		}
		i = end
		if !x.first[text[start]] {
			continue
		}
		for _, k := range x.by[text[start:end]] {
			if stop := start + len(k.text); strings.HasPrefix(text[start:], k.text) && !continues(text, stop) {
				found = append(found, Finding{Kind: k.kind, Start: start, End: stop, Score: 1, Rule: knownRule})
				i = max(i, stop)
				break
			}
		}
	}
	return found
}

// continues reports whether a letter or digit follows at text[at:], so that
// what ends there is only part of a longer word.
func continues(text string, at int) bool {
	if at >= len(text) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text[:at])
	next, _ := utf8.DecodeRuneInString(text[at:])
	return isRun(last) && isRun(next)
}

// firstRun returns the first run of letters and digits at or after from, as
// bytes of text; start == end when there is none.
func firstRun(text string, from int) (start, end int) {
	start = from
	for start < len(text) && runAt(text, start) == 0 {
		start++
		for start < len(text) && !utf8.RuneStart(text[start]) {
			start++
		}
	}
	end = start
	for end < len(text) {
		n := runAt(text, end)
		if n == 0 {
			break
		}
		end += n
	}
	return start, end
}

// runAt is the length of the letter or digit at text[i:], 0 if there is none.
func runAt(text string, i int) int {
	switch b := text[i]; {
	case b < utf8.RuneSelf:
		if class := classOf[b]; class == isLetterByte || class == isUpperByte || class == isDigitByte {
			return 1
		}
		return 0
	default:
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isRun(r) {
			return 0
		}
		return n
	}
}

func isRun(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
