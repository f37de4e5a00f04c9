package pack

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"chaperone/deid"
)

// wordTree finds phrases word by word, in any case and however their accents
// were written. Between two words of a phrase blanks and the marks of names may
// stand: "St. Mary" is found in "ST-MARY". A word whose first letters begin no
// phrase costs no more than looking at them.
type wordTree struct {
	next    map[step]int32  // node and hash of a word to the next node
	phrase  []int32         // by node: the number of the phrase that ends there, -1: none
	filter  [1 << 10]uint64 // by opening: whether a phrase may begin so
	longest int             // words of the longest phrase
}

type step struct {
	node int32
	word uint64
}

const (
	maxPhrase = 12 // words
	maxBridge = 4  // bytes between two words of a phrase
)

func newWordTree() *wordTree {
	return &wordTree{next: map[step]int32{}, phrase: []int32{-1}}
}

// add adds a phrase under a number and returns the number it was there under
// already, or -1. The error says why a phrase cannot be looked for.
func (t *wordTree) add(phrase string, number int) (already int, err error) {
	already = -1
	for _, form := range forms(phrase) {
		words := wordsOf(deid.Plain(form))
		letters := 0
		for _, w := range words {
			letters += len(w)
		}
		switch {
		case letters < 2:
			return -1, errors.New("a word has at least two letters or digits")
		case len(words) > maxPhrase:
			return -1, fmt.Errorf("a phrase has at most %d words", maxPhrase)
		}
		if n := t.insert(words, number); already < 0 && n != number {
			already = n
		}
	}
	return already, nil
}

// forms are the ways to write letters beyond ASCII in capitals, which folding
// leaves as they are.
func forms(phrase string) []string {
	plain := deid.Plain(phrase)
	if strings.IndexFunc(plain, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return []string{plain}
	}
	title := []rune(strings.ToLower(phrase))
	for i := range title {
		if i == 0 || !unicode.IsLetter(title[i-1]) {
			title[i] = unicode.ToTitle(title[i])
		}
	}
	return []string{phrase, strings.ToLower(phrase), strings.ToUpper(phrase), string(title)}
}

func (t *wordTree) insert(words []string, number int) int {
	node := int32(0)
	for i, w := range words {
		h := hash(w)
		if i == 0 {
			o := opening(w, 0)
			t.filter[o>>6] |= 1 << (o & 63)
		}
		to, ok := t.next[step{node, h}]
		if !ok {
			to = int32(len(t.phrase))
			t.phrase = append(t.phrase, -1)
			t.next[step{node, h}] = to
		}
		node = to
	}
	t.longest = max(t.longest, len(words))
	if t.phrase[node] < 0 {
		t.phrase[node] = int32(number)
	}
	return int(t.phrase[node])
}

// hash is FNV-1a of a word in lower case.
func hash(w string) uint64 {
	h := hashStart
	for i := 0; i < len(w); i++ {
		h = hashAdd(h, w[i])
	}
	return h
}

const hashStart = uint64(14695981039346656037)

func hashAdd(h uint64, b byte) uint64 { return (h ^ uint64(lowerByte[b])) * 1099511628211 }

var lowerByte = func() (to [256]byte) {
	for b := range to {
		to[b] = lower(byte(b))
	}
	return to
}()

// find tells found of every phrase, the longest at each place, from left to
// right and without overlaps.
func (t *wordTree) find(text string, found func(phrase, start, end int)) {
	if t.longest == 0 {
		return
	}
	within := false
	for i := 0; i < len(text); i++ {
		begins := wordBytes[text[i]] && !within
		within = wordBytes[text[i]]
		if !begins || !t.opens(text, i) {
			continue
		}
		if phrase, end := t.longestFrom(text, i); phrase >= 0 {
			found(phrase, i, end)
			i = end - 1
			within = true
		}
	}
}

// opens reports whether a phrase may begin at text[i], by its first bytes.
func (t *wordTree) opens(text string, i int) bool {
	h := opening(text, i)
	return t.filter[h>>6]&(1<<(h&63)) != 0
}

// opening reduces the first four bytes of a word to sixteen bits. Bytes after
// the end of a shorter word count as none.
func opening(text string, i int) uint32 {
	h := uint32(0)
	for n := 0; n < 4 && i+n < len(text) && wordBytes[text[i+n]]; n++ {
		h = h<<8 | uint32(lowerByte[text[i+n]])
	}
	return h * 2654435761 >> 16
}

// wordAt hashes the word at text[i] and returns where it ends.
func wordAt(text string, i int) (h uint64, end int) {
	h = hashStart
	for ; i < len(text) && wordBytes[text[i]]; i++ {
		h = hashAdd(h, text[i])
	}
	return h, i
}

// longestFrom follows the tree from the word at text[i] and yields the longest
// phrase and where it ends, -1 if there is none.
func (t *wordTree) longestFrom(text string, i int) (phrase, stop int) {
	phrase = -1
	h, end := wordAt(text, i)
	for node := int32(0); ; {
		to, ok := t.next[step{node, h}]
		if !ok {
			return phrase, stop
		}
		node = to
		if n := t.phrase[node]; n >= 0 {
			phrase, stop = int(n), end
		}
		next := bridge(text, end)
		if next < 0 {
			return phrase, stop
		}
		h, end = wordAt(text, next)
	}
}

// bridge steps over what may stand between two words of a phrase, -1 if
// something else does.
func bridge(text string, from int) int {
	for i := from; i < len(text) && i <= from+maxBridge; i++ {
		switch {
		case wordBytes[text[i]]:
			return i
		case !strings.Contains(" \t\n-'./,&()", text[i:i+1]):
			return -1
		}
	}
	return -1
}

// wordsOf cuts folded text into its words, in lower case.
func wordsOf(plain string) []string {
	var words []string
	for i := 0; i < len(plain); i++ {
		if wordBytes[plain[i]] {
			_, end := wordAt(plain, i)
			words = append(words, strings.Map(func(r rune) rune {
				if r < utf8.RuneSelf {
					return rune(lower(byte(r)))
				}
				return r
			}, plain[i:end]))
			i = end
		}
	}
	return words
}
