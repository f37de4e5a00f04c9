package policy

import (
	"strings"
	"unicode"
)

// ReasonState says whether the reason that came with a request means anything.
// The reason itself is sealed into the record and never seen by a rule.
type ReasonState uint8

// The states of a reason. ReasonMissing is the zero value.
const (
	ReasonMissing     ReasonState = iota // none was stated
	ReasonMeaningless                    // blank words, keyboard rows, "test", "n/a"
	ReasonGiven
)

// hollow are the words people type to get past a field. A reason that consists
// of nothing else is none (requirement AUD-11).
const hollow = " test testing tests tbd todo na none nil null reason reasons because foo bar baz qux " +
	"xxx xyz abc abcd abc123 asd asdf asdfg asdfgh asdfghjkl qwe qwer qwert qwerty zxc zxcv zxcvbn hjkl jkl jkjk " +
	"blah bla stuff thing things something anything whatever work job ok okay yes no please thanks thank you " +
	"hello hi hey the a an i my it is this that for of to just need needed want see check idk dunno lorem ipsum "

// JudgeReason decides whether a stated reason means anything: at least two
// different words of which at least one is not hollow, or one telling word of
// six letters ("medication", "billing"). It is a guard against empty ritual,
// not a judge of truth; reviews are.
func JudgeReason(text string) ReasonState {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if len(words) == 0 {
		if strings.TrimSpace(text) == "" {
			return ReasonMissing
		}
		return ReasonMeaningless
	}
	different := map[string]bool{}
	telling, long := 0, false
	for _, w := range words {
		if different[w] {
			continue
		}
		different[w] = true
		if !tells(w) {
			continue
		}
		telling++
		long = long || len([]rune(w)) >= 6
	}
	if telling > 0 && (long || len(different) > 1) {
		return ReasonGiven
	}
	return ReasonMeaningless
}

// tells reports whether a word can carry meaning: it has a vowel (or is written
// in a script without them), is no keyboard row and repeats no single letter.
func tells(w string) bool {
	if unit := repeated(w); unit != w {
		return tells(unit) // "asdfasdf" says no more than "asdf"
	}
	if strings.Contains(hollow, " "+w+" ") || onKeyboardRow(w) {
		return false
	}
	letters, vowels, latin := 0, 0, true
	first, same := rune(0), true
	for _, r := range w {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if first == 0 {
			first = r
		}
		same = same && r == first
		latin = latin && unicode.Is(unicode.Latin, r)
		if strings.ContainsRune("aeiouyàâäéèêëîïíìôöóòûüùúœæáãõå", r) {
			vowels++
		}
	}
	switch {
	case !latin:
		return letters > 0
	case letters < 2 || same:
		return false
	case vowels == 0:
		return letters <= 4 // "CBC", "TSH", "Rx": the short forms of the trade
	default:
		return true
	}
}

// onKeyboardRow reports whether w is four or more neighbouring keys of one row,
// in either direction.
func onKeyboardRow(w string) bool {
	if len(w) < 4 {
		return false
	}
	for _, row := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "azertyuiop", "qsdfghjklm"} {
		if strings.Contains(row, w) || strings.Contains(row, reversed(w)) {
			return true
		}
	}
	return false
}

// repeated is the shortest piece of which w consists, w itself if it repeats
// nothing.
func repeated(w string) string {
	if i := strings.Index(w[1:]+w, w); i >= 0 && i+1 < len(w) {
		return w[:i+1]
	}
	return w
}

func reversed(s string) string {
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}
